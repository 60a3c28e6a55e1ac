//! Gaussian patterns whose components are correlated in pairs: a covariance with two levels.

use crate::error::{TheoryError, within};

/// ξ ~ N(0, C) with correlated pairs of components of unit variance: C has the blocks
///
/// ```text
/// (1 κ; κ 1),   κ = (b − 1)/(b + 1),   eigenvalues c± = 1 ± κ along (1, ±1)/√2,   c₊/c₋ = b
/// ```
///
/// and for odd N one component alone. tr C = N, v = tr C²/N = 1 + κ² (even N). Energy and dynamics
/// depend on scalar products only, so that every C with this spectrum gives the same memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CorrelatedPairs {
    variance_ratio: f64,
}

impl CorrelatedPairs {
    /// The law with ratio b ≥ 1 of the larger to the smaller eigenvalue.
    ///
    /// ```
    /// use dam_theory::laws::CorrelatedPairs;
    /// assert_eq!(CorrelatedPairs::new(3.0)?.correlation(), 0.5);
    /// # Ok::<(), dam_theory::TheoryError>(())
    /// ```
    ///
    /// # Errors
    /// b below 1 or not finite.
    pub fn new(variance_ratio: f64) -> Result<Self, TheoryError> {
        let domain = "at least 1, the ratio of the larger to the smaller eigenvalue";
        within(
            "variance_ratio",
            variance_ratio,
            variance_ratio >= 1.0,
            domain,
        )?;
        Ok(Self { variance_ratio })
    }

    /// b.
    pub fn variance_ratio(self) -> f64 {
        self.variance_ratio
    }

    /// κ, the correlation of the two components of a pair.
    pub fn correlation(self) -> f64 {
        (self.variance_ratio - 1.0) / (self.variance_ratio + 1.0)
    }

    /// The eigenvalues of C for N components, each with its multiplicity.
    pub fn spectrum(self, size: f64) -> Vec<(f64, f64)> {
        let pairs = (0.5 * size).floor();
        let correlation = self.correlation();
        vec![
            (1.0 + correlation, pairs),
            (1.0 - correlation, pairs),
            (1.0, size - 2.0 * pairs),
        ]
    }

    /// The eigenvalues and their weights as N → ∞.
    pub fn limit(self) -> Vec<(f64, f64)> {
        let correlation = self.correlation();
        vec![(1.0 + correlation, 0.5), (1.0 - correlation, 0.5)]
    }
}
