//! Patterns drawn from a law, by tiles.

use std::sync::Arc;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::law::{Drawn, PatternEnsemble, PatternLaw};
use crate::kernel::{Parallelism, SOURCE_TILE};
use crate::patterns::Patterns;
use crate::sampling::Tile;

/// Draws `count` patterns of `size` components.
///
/// `f32` patterns are the `f64` patterns of the same seed but for rounding.
///
/// ```
/// use dam_memory::ensembles::{pattern_ensemble, sample_patterns};
/// use dam_memory::patterns::Patterns;
/// use dam_memory::streams::StreamKey;
/// let ensemble = pattern_ensemble("spherical", &Default::default())?;
/// let patterns: Patterns<f64> =
///     sample_patterns(ensemble.as_ref(), 40, 100, &StreamKey::new(1).seed("patterns"));
/// assert!((patterns.squared_norm(7) - 1.0).abs() < 1e-14);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
pub fn sample_patterns<T: Drawn>(
    ensemble: &dyn PatternEnsemble,
    size: usize,
    count: usize,
    seed: &[u8; 32],
) -> Patterns<T> {
    pattern_law(ensemble, size, seed).draw(size, count, seed)
}

/// The law of the disorder sample of a seed.
pub fn pattern_law(
    ensemble: &dyn PatternEnsemble,
    size: usize,
    seed: &[u8; 32],
) -> Arc<dyn PatternLaw> {
    let digest = Sha256::new().chain_update(seed).chain_update("shared");
    let mut rng = Xoshiro256PlusPlus::from_seed(digest.finalize().into());
    ensemble.prepare(size, &mut rng).into()
}

impl dyn PatternLaw {
    /// Draws `count` patterns of `size` components, as [`sample_patterns`] does.
    ///
    /// Pattern μ depends on the law, the seed and μ alone: more patterns begin with the same ones.
    pub fn draw<T: Drawn>(&self, size: usize, count: usize, seed: &[u8; 32]) -> Patterns<T> {
        draw_tiles(self, size, count, seed, Parallelism::Sequential)
    }
}

/// Draws patterns, whose tiles of [`SOURCE_TILE`] any thread draws in any order.
pub(crate) fn draw_tiles<T: Drawn>(
    law: &dyn PatternLaw,
    size: usize,
    count: usize,
    seed: &[u8; 32],
    parallelism: Parallelism,
) -> Patterns<T> {
    let mut patterns = Patterns::zeros(size, count);
    let draw = |(tile, rows): (usize, &mut [T])| {
        T::draw(law, size, Tile::new(seed, tile as u64), rows);
    };
    let tile = SOURCE_TILE * size;
    match parallelism {
        Parallelism::Sequential => {
            patterns
                .as_mut_slice()
                .chunks_mut(tile)
                .enumerate()
                .for_each(draw);
        }
        Parallelism::Chunks => {
            patterns
                .as_mut_slice()
                .par_chunks_mut(tile)
                .enumerate()
                .for_each(draw);
        }
    }
    patterns
}
