//! Patterns with independent components from an equal mixture of two centred normal laws.

use dam_theory::finite_size::{PatternCount, component_crossover};
use dam_theory::{GaussianMixtureLaw, MIXTURE_VARIANCES};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{PatternEnsemble, PatternLaw};

/// ξ_i ~ ½ N(0, ½) + ½ N(0, 3/2), independent: unit variance, E ξ⁴ = 3.75.
#[derive(Clone, Copy, Debug)]
pub struct GaussianMixture;

impl PatternEnsemble for GaussianMixture {
    fn name(&self) -> &'static str {
        "gaussian-mixture"
    }

    fn has_fixed_norm(&self) -> bool {
        false
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(*self)
    }
}

impl PatternLaw for GaussianMixture {
    fn fill(&self, _size: usize, rng: &mut Xoshiro256PlusPlus, rows: &mut [f64]) {
        let [narrow, wide] = MIXTURE_VARIANCES.map(f64::sqrt);
        for block in rows.chunks_mut(64) {
            let mut bits = rng.next_u64();
            for value in block {
                let normal: f64 = StandardNormal.sample(rng);
                *value = normal * if bits & 1 == 0 { narrow } else { wide };
                bits >>= 1;
            }
        }
    }

    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let found = component_crossover(&GaussianMixtureLaw, target, patterns).ok()??;
        Some(found.inverse_temperature)
    }
}
