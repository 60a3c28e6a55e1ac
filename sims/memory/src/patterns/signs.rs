//! Patterns of ±1 in one bit per component.

use rayon::prelude::*;

use crate::kernel::{Parallelism, PatternSource, SOURCE_TILE};
use crate::sampling::{Sampled, Tile};

/// P patterns of N signs in N bits each: exact, and 1/32 (f32) or 1/64 (f64) of the memory.
///
/// A set bit is −1. The bits of each tile of [`SOURCE_TILE`] patterns follow each other without
/// gaps from the lowest bit of a word on, in the order of the patterns and their components.
#[derive(Clone, Debug, PartialEq)]
pub struct SignPatterns {
    size: usize,
    count: usize,
    words: Vec<u64>,
}

/// Words of a whole tile per component.
const WORDS: usize = SOURCE_TILE / 64;

impl SignPatterns {
    /// The patterns of the ensemble [`Rademacher`](dam_theory::ensembles::Rademacher) of a seed, in
    /// their own bits.
    ///
    /// # Panics
    /// If there is no pattern or no component.
    pub fn draw(size: usize, count: usize, seed: &[u8; 32], parallelism: Parallelism) -> Self {
        assert!(
            size > 0 && count > 0,
            "{count} patterns of {size} components"
        );
        let mut words = vec![0; count.div_ceil(SOURCE_TILE) * WORDS * size];
        let draw = |(tile, words): (usize, &mut [u64])| {
            Tile::new(seed, tile as u64).sign_bits(words);
        };
        let tiles = WORDS * size;
        match parallelism {
            Parallelism::Sequential => words.chunks_mut(tiles).enumerate().for_each(draw),
            Parallelism::Chunks => words.par_chunks_mut(tiles).enumerate().for_each(draw),
        }
        Self { size, count, words }
    }

    /// Memory of so many patterns, in bytes.
    pub fn bytes(size: usize, count: usize) -> u128 {
        (count.div_ceil(SOURCE_TILE) * WORDS) as u128 * size as u128 * 8
    }
}

impl<T: Sampled> PatternSource<T> for SignPatterns {
    fn shape(&self) -> (usize, usize) {
        (self.count, self.size)
    }

    fn rows<'a>(&'a self, first: usize, count: usize, buffer: &'a mut Vec<T>) -> &'a [T] {
        // Whole words from the one on in which the first pattern starts.
        let start = first * self.size;
        let skipped = start % 64;
        let length = count * self.size;
        let words = &self.words[start / 64..(start + length).div_ceil(64)];
        buffer.resize(64 * words.len(), T::default());
        T::expand_signs(words, buffer);
        &buffer[skipped..skipped + length]
    }
}
