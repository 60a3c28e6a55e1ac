//! Patterns with independent components, uniform on [−√3, √3].

use dam_theory::UniformLaw;
use dam_theory::finite_size::{PatternCount, component_crossover};
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{PatternEnsemble, PatternLaw};

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

impl PatternLaw for Uniform {
    fn fill(&self, _size: usize, rng: &mut Xoshiro256PlusPlus, rows: &mut [f64]) {
        let edge = 3.0_f64.sqrt();
        for value in rows {
            *value = edge * (2.0 * rng.random::<f64>() - 1.0);
        }
    }

    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let found = component_crossover(&UniformLaw, target, patterns).ok()??;
        Some(found.inverse_temperature)
    }
}
