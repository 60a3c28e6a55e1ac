//! Patterns with independent standard normal components.

use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::PatternEnsemble;

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

    fn fill(&self, _size: usize, rng: &mut Xoshiro256PlusPlus, rows: &mut [f64]) {
        for value in rows {
            *value = StandardNormal.sample(rng);
        }
    }
}
