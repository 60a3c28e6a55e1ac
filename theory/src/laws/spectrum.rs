//! Gaussian patterns whose covariance has given eigenvalues.

use crate::error::TheoryError;

/// The mean of the eigenvalues may differ from 1 by rounding.
const MEAN_ACCURACY: f64 = 1e-9;

/// ξ ~ N(0, C) where the eigenvalues of C are K given numbers, each N/K times.
///
/// ```text
/// c₁ … c_K ≥ 0,   mean 1 (so that |ξ|² ≈ N),   v = tr C²/N = Σ c_k²/K
/// ```
///
/// The same numbers stand for every N that is a multiple of K, and for N = ∞; eigenvalues that the
/// spectrum holds several times weigh more, and a 0 is a direction without patterns. Energy and
/// dynamics depend on scalar products only, so that every C with this spectrum gives the same
/// memory.
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianSpectrum {
    eigenvalues: Vec<f64>,
}

impl GaussianSpectrum {
    /// The law of these eigenvalues, in any order.
    ///
    /// ```
    /// use dam_theory::laws::GaussianSpectrum;
    /// let law = GaussianSpectrum::new(&[0.5, 0.5, 1.0, 2.0])?;
    /// assert_eq!(law.limit(), [(0.5, 0.5), (1.0, 0.25), (2.0, 0.25)]);
    /// # Ok::<(), dam_theory::TheoryError>(())
    /// ```
    ///
    /// # Errors
    /// [`TheoryError::Spectrum`]: no eigenvalues; one that is negative or not finite; a mean other
    /// than 1 by more than rounding.
    pub fn new(eigenvalues: &[f64]) -> Result<Self, TheoryError> {
        let refused = |problem: String| Err(TheoryError::Spectrum { problem });
        if eigenvalues.is_empty() {
            return refused(
                "is empty; give the eigenvalues of the covariance, of mean 1".to_owned(),
            );
        }
        let unfit = |value: &f64| !(value.is_finite() && *value >= 0.0);
        if let Some(position) = eigenvalues.iter().position(unfit) {
            return refused(format!(
                "has {} as its eigenvalue {}; give numbers that are finite and not negative",
                eigenvalues[position],
                position + 1
            ));
        }
        let count = eigenvalues.len() as f64;
        let mean: f64 = eigenvalues.iter().map(|value| value / count).sum();
        if mean == 0.0 {
            return refused("has no eigenvalue above 0: all patterns would be 0".to_owned());
        }
        if (mean - 1.0).abs() > MEAN_ACCURACY {
            return refused(format!(
                "has the mean {mean}, but |ξ|² ≈ N needs the mean 1: divide every eigenvalue by {mean}"
            ));
        }
        Ok(Self {
            eigenvalues: eigenvalues.to_vec(),
        })
    }

    /// c₁ … c_K, as they were given.
    pub fn eigenvalues(&self) -> &[f64] {
        &self.eigenvalues
    }

    /// Whether patterns of `size` components exist: N must be a multiple of K.
    ///
    /// # Errors
    /// [`TheoryError::Spectrum`] naming the next sizes.
    pub fn check_size(&self, size: f64) -> Result<(), TheoryError> {
        let count = self.eigenvalues.len() as f64;
        if size > 0.0 && size % count == 0.0 {
            return Ok(());
        }
        let below = (size / count).floor() * count;
        let sizes = if below > 0.0 {
            format!("{below} or {}", below + count)
        } else {
            format!("{count}")
        };
        Err(TheoryError::Spectrum {
            problem: format!(
                "has {count} eigenvalues, of which N is no multiple: take N = {sizes}"
            ),
        })
    }

    /// The eigenvalues of C for N components, each with its multiplicity N/K.
    pub fn spectrum(&self, size: f64) -> Vec<(f64, f64)> {
        let share = size / self.eigenvalues.len() as f64;
        let mut sorted = self.eigenvalues.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
            .chunk_by(|left, right| left == right)
            .map(|equal| (equal[0], share * equal.len() as f64))
            .collect()
    }

    /// The eigenvalues above 0 and their weights as N → ∞.
    pub fn limit(&self) -> Vec<(f64, f64)> {
        let mut spectrum = self.spectrum(1.0);
        spectrum.retain(|&(c, _)| c > 0.0);
        spectrum
    }
}
