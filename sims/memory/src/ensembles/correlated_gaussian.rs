//! Gaussian patterns whose components are correlated in pairs.

use std::f64::consts::FRAC_1_SQRT_2;

use dam_theory::finite_size::{PatternCount, covariance_crossover};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ensembles::{FillTile, PatternEnsemble, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// Components 2j and 2j + 1 have unit variance and the correlation κ = (b − 1)/(b + 1); for odd N
/// the last one is alone. The covariance has the eigenvalues 1 ± κ, whose ratio is b.
#[derive(Clone, Copy, Debug)]
pub struct CorrelatedGaussian {
    law: dam_theory::CorrelatedGaussian,
}

impl CorrelatedGaussian {
    /// The ensemble of this law.
    pub fn new(law: dam_theory::CorrelatedGaussian) -> Self {
        Self { law }
    }
}

impl PatternEnsemble for CorrelatedGaussian {
    fn name(&self) -> &'static str {
        "correlated-gaussian"
    }

    fn has_fixed_norm(&self) -> bool {
        false
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(*self)
    }
}

impl FillTile for CorrelatedGaussian {
    fn fill<T: Sampled>(&self, size: usize, tile: Tile<'_>, rows: &mut [T]) {
        tile.normals(rows);
        let correlation = self.law.correlation();
        let rest = (1.0 - correlation * correlation).sqrt();
        for row in rows.chunks_exact_mut(size) {
            for pair in row.chunks_exact_mut(2) {
                let [first, second] = [pair[0].to_f64(), pair[1].to_f64()];
                pair[1] = T::from_f64(correlation * first + rest * second);
            }
        }
    }
}

impl PatternLaw for CorrelatedGaussian {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let correlation = self.law.correlation();
        let (mut projections, mut eigenvalues) = (Vec::new(), Vec::new());
        let pairs = target.chunks_exact(2);
        for &alone in pairs.remainder() {
            projections.push(alone);
            eigenvalues.push(1.0);
        }
        for pair in pairs {
            projections.push((pair[0] + pair[1]) * FRAC_1_SQRT_2);
            eigenvalues.push(1.0 + correlation);
            projections.push((pair[0] - pair[1]) * FRAC_1_SQRT_2);
            eigenvalues.push(1.0 - correlation);
        }
        let found = covariance_crossover(&projections, &eigenvalues, patterns).ok()??;
        Some(found.inverse_temperature)
    }
}
