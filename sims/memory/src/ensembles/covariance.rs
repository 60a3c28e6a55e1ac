//! Gaussian patterns of a given covariance: correlated pairs of components, and given eigenvalues.

use std::f64::consts::FRAC_1_SQRT_2;

use dam_theory::finite_size::{PatternCount, covariance_crossover};
use dam_theory::laws::{CorrelatedPairs, GaussianSpectrum};

use crate::ensembles::law::{FillTile, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// Components 2j and 2j + 1 have unit variance and the correlation κ = (b − 1)/(b + 1); for odd N
/// the last one is alone. The covariance has the eigenvalues 1 ± κ, whose ratio is b.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pairs {
    pub(super) law: CorrelatedPairs,
}

impl FillTile for Pairs {
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

impl PatternLaw for Pairs {
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

/// Component i is N(0, c_{i mod K}), independent: K eigenvalues c, each N/K times.
///
/// A rotation into another basis would change the patterns but no scalar product of them, and so
/// nothing of a memory that is made of those.
#[derive(Clone, Debug)]
pub(super) struct Spectrum {
    law: GaussianSpectrum,
    /// √c.
    deviations: Vec<f64>,
}

impl Spectrum {
    /// The patterns of this law.
    pub(super) fn new(law: GaussianSpectrum) -> Self {
        let deviations = law.eigenvalues().iter().map(|c| c.sqrt()).collect();
        Self { law, deviations }
    }
}

impl FillTile for Spectrum {
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

impl PatternLaw for Spectrum {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let eigenvalues = self.law.eigenvalues().iter().copied().cycle();
        let eigenvalues: Vec<f64> = eigenvalues.take(target.len()).collect();
        let found = covariance_crossover(target, &eigenvalues, patterns).ok()??;
        Some(found.inverse_temperature)
    }
}
