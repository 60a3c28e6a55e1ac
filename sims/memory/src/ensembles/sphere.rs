//! Patterns of N(0, 1) components, of fair signs, and on the sphere.

use dam_theory::finite_size::{CollinearMap, GaussianNoise, PatternCount};

use crate::ensembles::law::{FillTile, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// Uniform on the sphere |ξ|² = N: a normalised Gaussian vector (LM24).
#[derive(Clone, Copy, Debug)]
pub(super) struct Sphere;

/// ξ_i ~ N(0, 1), independent: |ξ|² follows χ²_N (LM24).
#[derive(Clone, Copy, Debug)]
pub(super) struct Normal;

/// ξ_i = ±1 with probability ½ each, independent: |ξ|² = N exactly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signs;

impl FillTile for Sphere {
    fn fill<T: Sampled>(&self, size: usize, tile: Tile<'_>, rows: &mut [T]) {
        tile.normals(rows);
        T::to_sphere(size, rows);
    }
}

impl FillTile for Normal {
    fn fill<T: Sampled>(&self, _size: usize, tile: Tile<'_>, rows: &mut [T]) {
        tile.normals(rows);
    }
}

impl FillTile for Signs {
    fn fill<T: Sampled>(&self, _size: usize, tile: Tile<'_>, rows: &mut [T]) {
        tile.signs(rows);
    }
}

impl PatternLaw for Sphere {}

impl PatternLaw for Signs {}

impl PatternLaw for Normal {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let size = target.len() as f64;
        let norm = target.iter().map(|value| value * value).sum::<f64>() / size;
        let map = CollinearMap::new(GaussianNoise::new(size, norm).ok()?, patterns);
        Some(map.crossover().ok()??.inverse_temperature)
    }
}
