//! Random patterns as a rule that makes any of them when they are asked for.

use std::sync::Arc;

use crate::ensembles::Drawn;
use crate::ensembles::{PatternLaw, draw_tiles};
use crate::kernel::{Parallelism, PatternSource, SOURCE_TILE};
use crate::patterns::Patterns;
use crate::sampling::Tile;

/// The patterns of one disorder sample: pattern μ depends on the law, the seed and μ alone.
///
/// As a [`PatternSource`] it takes no memory: each pass draws the patterns again, tile by tile.
#[derive(Clone, Debug)]
pub struct RandomPatterns {
    law: Arc<dyn PatternLaw>,
    size: usize,
    count: usize,
    seed: [u8; 32],
}

impl RandomPatterns {
    /// `count` patterns of `size` components from the
    /// [`pattern_law`](crate::ensembles::pattern_law) of the same seed.
    ///
    /// # Panics
    /// If there is no pattern or no component.
    pub fn new(law: Arc<dyn PatternLaw>, size: usize, count: usize, seed: [u8; 32]) -> Self {
        assert!(
            size > 0 && count > 0,
            "{count} patterns of {size} components"
        );
        Self {
            law,
            size,
            count,
            seed,
        }
    }

    /// All of them in memory.
    pub fn store<T: Drawn>(&self, parallelism: Parallelism) -> Patterns<T> {
        draw_tiles(
            self.law.as_ref(),
            self.size,
            self.count,
            &self.seed,
            parallelism,
        )
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        &self.seed
    }
}

impl<T: Drawn> PatternSource<T> for RandomPatterns {
    fn shape(&self) -> (usize, usize) {
        (self.count, self.size)
    }

    fn is_made(&self) -> bool {
        true
    }

    fn rows<'a>(&'a self, first: usize, count: usize, buffer: &'a mut Vec<T>) -> &'a [T] {
        // A tile is drawn from its first pattern on.
        let (tile, skipped) = (first / SOURCE_TILE, first % SOURCE_TILE * self.size);
        let length = skipped + count * self.size;
        buffer.resize(length, T::default());
        T::draw(
            self.law.as_ref(),
            self.size,
            Tile::new(&self.seed, tile as u64),
            buffer,
        );
        &buffer[skipped..length]
    }
}
