//! Patterns on a random linear manifold, ξ = Fz/√D.

use std::f64::consts::PI;

use crate::covariance::GaussianCovariance;
use crate::error::{TheoryError, positive};

/// ξ = Fz/√D with F an N×D matrix of independent N(0, 1), one per sample, z ~ N(0, I_D) and
/// D = round(α_D N).
///
/// Given F the patterns are Gaussian of covariance C = FFᵀ/D, whose spectrum tends to the law of
/// Marchenko and Pastur (Math. USSR Sb. 1, 457 (1967)) with ratio y = N/D = 1/α_D; v = 1 + 1/α_D.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HiddenManifold {
    manifold_ratio: f64,
}

/// Points of the rule; it converges geometrically, as (N/D)^{±points}, and to f(c)/c at N = D.
const POINTS: u32 = 4000;

impl HiddenManifold {
    /// The manifold of α_D = D/N > 0.
    ///
    /// ```
    /// use dam_theory::HiddenManifold;
    /// let ensemble = HiddenManifold::new(2.0)?.ensemble();
    /// assert!((ensemble.second_moment() - 1.5).abs() < 1e-13);
    /// # Ok::<(), dam_theory::TheoryError>(())
    /// ```
    ///
    /// # Errors
    /// α_D not positive or not finite.
    pub fn new(manifold_ratio: f64) -> Result<Self, TheoryError> {
        positive("manifold_ratio", manifold_ratio)?;
        Ok(Self { manifold_ratio })
    }

    /// α_D.
    pub fn manifold_ratio(self) -> f64 {
        self.manifold_ratio
    }

    /// D = round(α_D N).
    ///
    /// # Errors
    /// D below 1: α_D is too small for this N.
    pub fn dimension(self, size: f64) -> Result<f64, TheoryError> {
        let dimension = (self.manifold_ratio * size).round();
        positive(
            "the manifold dimension D = round(manifold_ratio N)",
            dimension,
        )
    }

    /// The ensemble at N = ∞.
    pub fn ensemble(self) -> GaussianCovariance {
        // c = 1 + y + 2√y cos φ has the density 2 sin²φ/(πc) in φ: the midpoint rule of c f(c)/c
        let ratio = self.manifold_ratio.recip();
        let root = ratio.sqrt();
        let spectrum = (0..POINTS)
            .map(|index| {
                let angle = PI * (f64::from(index) + 0.5) / f64::from(POINTS);
                // (1 − √y)² + 4√y cos²(φ/2) keeps its digits near c = 0
                let c = (1.0 - root).powi(2) + 4.0 * root * (0.5 * angle).cos().powi(2);
                (c, 2.0 * angle.sin().powi(2) / (c * f64::from(POINTS)))
            })
            .collect();
        GaussianCovariance::new("hidden-manifold", spectrum)
    }
}
