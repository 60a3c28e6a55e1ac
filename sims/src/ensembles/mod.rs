//! The laws from which patterns are drawn: one file per ensemble, listed in [`pattern_ensemble`].

mod gaussian;
mod rademacher;
mod spherical;
mod uniform;

use std::fmt::Debug;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

use crate::patterns::Patterns;
use crate::real::Real;

pub use gaussian::Gaussian;
pub use rademacher::Rademacher;
pub use spherical::Spherical;
pub use uniform::Uniform;

/// Patterns that share one random stream.
///
/// Tiles can be drawn in any order, by any thread; the values depend on the tile alone.
const TILE: usize = 256;

/// A law of random patterns with |ξ|² ≈ N.
pub trait PatternEnsemble: Debug + Send + Sync {
    /// The name in job files and result columns.
    fn name(&self) -> &'static str;

    /// Whether |ξ|² = N exactly; otherwise |ξ|²/N fluctuates from pattern to pattern.
    fn has_fixed_norm(&self) -> bool;

    /// Draws whole patterns of `size` components into `rows` (row-major).
    fn fill(&self, size: usize, rng: &mut Xoshiro256PlusPlus, rows: &mut [f64]);
}

/// The ensembles that can be simulated.
const ENSEMBLES: [&dyn PatternEnsemble; 4] = [&Spherical, &Gaussian, &Rademacher, &Uniform];

/// The names of the ensembles that can be simulated.
pub fn pattern_ensemble_names() -> Vec<&'static str> {
    ENSEMBLES.iter().map(|ensemble| ensemble.name()).collect()
}

/// The ensemble of a name, if there is one.
pub fn pattern_ensemble(name: &str) -> Option<&'static dyn PatternEnsemble> {
    ENSEMBLES
        .into_iter()
        .find(|ensemble| ensemble.name() == name)
}

/// Draws `count` patterns of `size` components.
///
/// `f32` patterns are the rounded `f64` patterns of the same seed.
///
/// ```
/// use dam_sims::{Patterns, StreamKey, pattern_ensemble, sample_patterns};
/// let ensemble = pattern_ensemble("spherical").expect("the ensemble is known");
/// let patterns: Patterns<f64> =
///     sample_patterns(ensemble, 40, 100, &StreamKey::new(1).seed("patterns"));
/// assert!((patterns.squared_norm(7) - 1.0).abs() < 1e-14);
/// ```
pub fn sample_patterns<T: Real>(
    ensemble: &dyn PatternEnsemble,
    size: usize,
    count: usize,
    seed: &[u8; 32],
) -> Patterns<T> {
    let mut rows = Vec::with_capacity(count * size);
    let mut buffer = vec![0.0; TILE * size];
    for tile in 0..count.div_ceil(TILE) {
        let patterns = TILE.min(count - tile * TILE);
        let drawn = &mut buffer[..patterns * size];
        ensemble.fill(size, &mut tile_rng(seed, tile), drawn);
        rows.extend(drawn.iter().map(|&value| T::from_f64(value)));
    }
    Patterns::from_rows(size, rows)
}

fn tile_rng(seed: &[u8; 32], tile: usize) -> Xoshiro256PlusPlus {
    let digest = Sha256::new()
        .chain_update(seed)
        .chain_update((tile as u64).to_le_bytes());
    Xoshiro256PlusPlus::from_seed(digest.finalize().into())
}
