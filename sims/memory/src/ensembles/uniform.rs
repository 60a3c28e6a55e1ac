//! Patterns with independent components, uniform on [−√3, √3].

use dam_theory::UniformLaw;
use dam_theory::finite_size::{PatternCount, component_crossover};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ensembles::{FillTile, PatternEnsemble, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// ξ_i uniform on [−√3, √3], independent: unit variance.
#[derive(Clone, Copy, Debug)]
pub struct Uniform;

impl PatternEnsemble for Uniform {
    fn name(&self) -> &'static str {
        "uniform"
    }

    fn has_fixed_norm(&self) -> bool {
        false
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(*self)
    }
}

impl FillTile for Uniform {
    fn fill<T: Sampled>(&self, _size: usize, tile: Tile<'_>, rows: &mut [T]) {
        let edge = 3.0_f64.sqrt();
        tile.uniform(rows);
        for value in rows {
            *value = T::from_f64(edge * (2.0 * value.to_f64() - 1.0));
        }
    }
}

impl PatternLaw for Uniform {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let found = component_crossover(&UniformLaw, target, patterns).ok()??;
        Some(found.inverse_temperature)
    }
}
