//! Patterns with independent standard normal components.

use dam_theory::finite_size::{CollinearMap, GaussianNoise, PatternCount};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ensembles::{FillTile, PatternEnsemble, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// ξ_i ~ N(0, 1), independent: |ξ|² follows χ²_N (LM24).
#[derive(Clone, Copy, Debug)]
pub struct Gaussian;

impl PatternEnsemble for Gaussian {
    fn name(&self) -> &'static str {
        "gaussian"
    }

    fn has_fixed_norm(&self) -> bool {
        false
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(*self)
    }
}

impl FillTile for Gaussian {
    fn fill<T: Sampled>(&self, _size: usize, tile: Tile<'_>, rows: &mut [T]) {
        tile.normals(rows);
    }
}

impl PatternLaw for Gaussian {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let size = target.len() as f64;
        let norm = target.iter().map(|value| value * value).sum::<f64>() / size;
        let map = CollinearMap::new(GaussianNoise::new(size, norm).ok()?, patterns);
        Some(map.crossover().ok()??.inverse_temperature)
    }
}
