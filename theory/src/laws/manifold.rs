//! Patterns on a random linear manifold, ξ = Fz/√D.

use std::f64::consts::PI;

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
/// The same for the sums of finite-N theory, analytic around c = 0: they agree with those of 4000
/// points to rounding.
const FINITE_SIZE_POINTS: u32 = 200;

impl HiddenManifold {
    /// The manifold of α_D = D/N > 0.
    ///
    /// ```
    /// use dam_theory::laws::HiddenManifold;
    /// let law = HiddenManifold::new(2.0)?.limit();
    /// let second_moment: f64 = law.iter().map(|(c, weight)| weight * c * c).sum();
    /// assert!((second_moment - 1.5).abs() < 1e-13);
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

    /// The spectrum of C for N components, averaged over F: nodes c and the number of eigenvalues
    /// that each stands for, to O(1/N) in Σ f(c).
    ///
    /// Sums over the eigenvalues of functions with f(0) = 0 hardly fluctuate with F (by O(1) where
    /// they are O(N)). Their mean is N times that over the law of Marchenko and Pastur with y =
    /// N/D, D = round(α_D N), and (Bai and Silverstein, Ann. Probab. 32, 553 (2004), eq. 5.13)
    ///
    /// ```text
    /// ¼[f(c₋) + f(c₊)] − (1/2π) ∫ f(c) dc/√((c₊ − c)(c − c₋)),   c± = (1 ± √y)²
    /// ```
    ///
    /// so that some nodes count negatively. At an N that is no whole number, between those that
    /// patterns can have, D = α_D N.
    ///
    /// # Errors
    /// N below 1; α_D too small for this N.
    pub fn mean_spectrum(self, size: f64) -> Result<Vec<(f64, f64)>, TheoryError> {
        let dimension = if size.fract() == 0.0 {
            self.dimension(size)?
        } else {
            self.manifold_ratio * size
        };
        let nodes = Nodes::new(size / dimension, FINITE_SIZE_POINTS);
        let law = nodes
            .marchenko_pastur()
            .map(|(c, weight)| (c, size * weight));
        let arcsine = nodes.arcsine().map(|(c, weight)| (c, -0.5 * weight));
        let edges = nodes.edges().map(|c| (c, 0.25));
        Ok(law.chain(arcsine).chain(edges).collect())
    }

    /// Nodes and weights of the law of the eigenvalues as N → ∞.
    pub fn limit(self) -> Vec<(f64, f64)> {
        let spectrum = Nodes::new(self.manifold_ratio.recip(), POINTS);
        spectrum.marchenko_pastur().collect()
    }
}

/// The midpoint rule in φ of c = 1 + y + 2√y cos φ, 0 < φ < π.
struct Nodes {
    /// √y.
    root: f64,
    count: u32,
}

impl Nodes {
    fn new(ratio: f64, count: u32) -> Self {
        Self {
            root: ratio.sqrt(),
            count,
        }
    }

    fn angles(&self) -> impl Iterator<Item = f64> {
        let count = f64::from(self.count);
        (0..self.count).map(move |index| PI * (f64::from(index) + 0.5) / count)
    }

    /// (1 − √y)² + 4√y cos²(φ/2), which keeps its digits near c = 0.
    fn eigenvalue(&self, angle: f64) -> f64 {
        (1.0 - self.root).powi(2) + 4.0 * self.root * (0.5 * angle).cos().powi(2)
    }

    /// The law of density 2 sin²φ/(πc) in φ, for functions with f(0) = 0.
    fn marchenko_pastur(&self) -> impl Iterator<Item = (f64, f64)> {
        self.angles().map(|angle| {
            let c = self.eigenvalue(angle);
            (c, 2.0 * angle.sin().powi(2) / (c * f64::from(self.count)))
        })
    }

    /// The law that is uniform in φ.
    fn arcsine(&self) -> impl Iterator<Item = (f64, f64)> {
        let weight = f64::from(self.count).recip();
        self.angles()
            .map(move |angle| (self.eigenvalue(angle), weight))
    }

    /// c₋ and c₊.
    fn edges(&self) -> [f64; 2] {
        [(1.0 - self.root).powi(2), (1.0 + self.root).powi(2)]
    }
}
