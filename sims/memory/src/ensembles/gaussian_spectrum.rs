//! Gaussian patterns whose covariance has given eigenvalues, in its eigenbasis.

use dam_theory::TheoryError;
use dam_theory::finite_size::{PatternCount, covariance_crossover};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ensembles::{FillTile, PatternEnsemble, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// Component i is N(0, c_{i mod K}), independent: K eigenvalues c, each N/K times.
///
/// A rotation into another basis would change the patterns but no scalar product of them, and so
/// nothing of a memory that is made of those.
#[derive(Clone, Debug)]
pub struct GaussianSpectrum {
    law: dam_theory::GaussianSpectrum,
    /// √c.
    deviations: Vec<f64>,
}

impl GaussianSpectrum {
    /// The ensemble of this law.
    pub fn new(law: dam_theory::GaussianSpectrum) -> Self {
        let deviations = law.eigenvalues().iter().map(|c| c.sqrt()).collect();
        Self { law, deviations }
    }
}

impl PatternEnsemble for GaussianSpectrum {
    fn name(&self) -> &'static str {
        "correlated-gaussian"
    }

    fn has_fixed_norm(&self) -> bool {
        false
    }

    fn check_size(&self, size: usize) -> Result<(), TheoryError> {
        self.law.check_size(size as f64)
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(self.clone())
    }
}

impl FillTile for GaussianSpectrum {
    fn fill<T: Sampled>(&self, size: usize, tile: Tile<'_>, rows: &mut [T]) {
        tile.normals(rows);
        for row in rows.chunks_exact_mut(size) {
            for block in row.chunks_mut(self.deviations.len()) {
                for (value, deviation) in block.iter_mut().zip(&self.deviations) {
                    *value = T::from_f64(deviation * value.to_f64());
                }
            }
        }
    }
}

impl PatternLaw for GaussianSpectrum {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let eigenvalues = self.law.eigenvalues().iter().copied().cycle();
        let eigenvalues: Vec<f64> = eigenvalues.take(target.len()).collect();
        let found = covariance_crossover(target, &eigenvalues, patterns).ok()??;
        Some(found.inverse_temperature)
    }
}
