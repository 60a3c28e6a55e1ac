//! α-entmax: argmax_p p·z + H_α(p) over the probability simplex, with Tsallis entropy H_α
//! (Peters, Niculae, Martins, arXiv:1905.05702). α = 1 is softmax, α = 2 sparsemax.

use std::sync::Arc;

use nalgebra::DMatrix;

use crate::error::CompositionError;
use crate::separations::softmax::softmax;
use crate::separations::{Kind, SMALLEST_SUPPORT, Separation, maximum, normalise, parameter};

/// The name of α = 2.
const SPARSEMAX: &str = "sparsemax";

/// The kind that job files name.
pub const KIND: Kind = Kind {
    names: "sparsemax, entmax-1.5",
    about: "p = argmax p·z + H_α(p): weights below a threshold vanish; sparsemax is α = 2",
    read,
};

/// α-entmax, see [`entmax`](entmax()); Ψ is [`entmax_conjugate`].
#[derive(Clone, Copy, Debug)]
pub struct Entmax {
    alpha: f64,
}

impl Entmax {
    /// α-entmax; α = 2 is sparsemax, α = 1 softmax.
    ///
    /// # Errors
    /// [`CompositionError::Domain`] unless α is a finite number ≥ 1.
    pub fn new(alpha: f64) -> Result<Self, CompositionError> {
        if alpha >= 1.0 && alpha.is_finite() {
            return Ok(Self { alpha });
        }
        Err(CompositionError::Domain {
            name: "alpha of entmax",
            value: alpha,
            domain: "a finite number ≥ 1",
        })
    }
}

fn read(name: &str) -> Result<Option<Arc<dyn Separation>>, CompositionError> {
    let alpha = if name == SPARSEMAX {
        Some(2.0)
    } else {
        parameter(name, "entmax")
    };
    let found = alpha.map(Entmax::new).transpose()?;
    Ok(found.map(|found| Arc::new(found) as _))
}

impl Separation for Entmax {
    fn name(&self) -> String {
        if self.alpha == 2.0 {
            SPARSEMAX.to_owned()
        } else {
            format!("entmax-{}", self.alpha)
        }
    }

    fn separate(&self, z: &mut [f64]) -> Option<f64> {
        Some(separate(z, self.alpha))
    }

    fn is_softmax(&self) -> bool {
        self.alpha == 1.0
    }

    /// 1/(α−1), then and only then. U-Hop (arXiv:2404.03827) eq. 2.10 states it with the wrong
    /// sign.
    fn exact_gap(&self) -> Option<f64> {
        (self.alpha > 1.0).then(|| 1.0 / (self.alpha - 1.0))
    }

    /// p_ν = p_μ [1 − (α−1) gap/p_μ^{α−1}]₊^{1/(α−1)} ≤ e_α(−gap) ≤ exp(−gap), as p_μ ≤ 1.
    fn largest_weight_at_gap(&self, gap: f64) -> Option<f64> {
        Some(deformed_exponential(-gap, self.alpha).min(1.0))
    }

    fn support_threshold(&self) -> f64 {
        if self.alpha > 1.0 {
            0.0
        } else {
            SMALLEST_SUPPORT
        }
    }
}

/// Replaces z by p = α-entmax(z), p_i = [(α−1)z_i − τ]₊^{1/(α−1)} with τ such that Σp = 1.
///
/// α = 1.5 and 2 by exact sort, α = 1 is softmax, others by bisection of τ.
///
/// ```
/// let mut z = [-2.0, 0.0, 0.5];
/// dam_memory::separations::entmax::entmax(&mut z, 2.0);
/// assert_eq!(z, [0.0, 0.25, 0.75]);
/// ```
///
/// # Panics
/// If z is empty, or α is not a finite number of at least 1.
pub fn entmax(z: &mut [f64], alpha: f64) {
    assert!(
        !z.is_empty() && alpha >= 1.0 && alpha.is_finite(),
        "α-entmax of at least one number with finite α ≥ 1"
    );
    if alpha == 1.0 {
        softmax(z);
        return;
    }
    power_above(z, alpha, |z, count| {
        if alpha == 2.0 {
            sparsemax_threshold(z)
        } else if alpha == 1.5 {
            entmax15_threshold(z)
        } else {
            bisected_threshold(z, count, alpha)
        }
    });
}

/// α-entmax by bisection for every α > 1: the plain twin of the exact sorts.
///
/// # Panics
/// As [`entmax`], and at α = 1.
pub fn entmax_bisected(z: &mut [f64], alpha: f64) {
    assert!(
        !z.is_empty() && alpha > 1.0 && alpha.is_finite(),
        "α-entmax of at least one number by bisection needs finite α > 1"
    );
    power_above(z, alpha, |z, count| bisected_threshold(z, count, alpha));
}

/// Replaces z by [(α−1)z − τ]₊^{1/(α−1)} with the τ that `threshold` finds for the sorted
/// candidates of so many numbers.
fn power_above(z: &mut [f64], alpha: f64, threshold: impl Fn(&[f64], usize) -> f64) {
    // [(α−1)(z_i − max z)] ∈ (−∞, 0]: the result does not change, and sums do not cancel
    let largest = maximum(z);
    for value in z.iter_mut() {
        *value = (alpha - 1.0) * (*value - largest);
    }
    let threshold = threshold(&candidates(z), z.len());
    for value in z.iter_mut() {
        *value = power((*value - threshold).max(0.0), alpha);
    }
    // to the last bit, since τ is rounded
    normalise(z);
}

/// Only z within 1 of the largest can be in the support; sorted, largest first.
fn candidates(shifted: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = shifted
        .iter()
        .copied()
        .filter(|&value| value > -1.0)
        .collect();
    values.sort_unstable_by(|a, b| b.total_cmp(a));
    values
}

/// k = max{k : 1 + k z_(k) > Σ_{j≤k} z_(j)}, τ = (Σ − 1)/k.
fn sparsemax_threshold(sorted: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut threshold = -1.0;
    for (index, &value) in sorted.iter().enumerate() {
        let count = (index + 1) as f64;
        sum += value;
        if 1.0 + count * value <= sum {
            break;
        }
        threshold = (sum - 1.0) / count;
    }
    threshold
}

/// τ_k = mean_k − √((1 − ss_k)/k) with ss_k = Σ_{j≤k} (z_(j) − mean_k)², the last k with
/// τ_k ≤ z_(k).
fn entmax15_threshold(sorted: &[f64]) -> f64 {
    let (mut mean, mut squares) = (0.0, 0.0);
    let mut threshold = -1.0;
    for (index, &value) in sorted.iter().enumerate() {
        let count = (index + 1) as f64;
        // Welford's update of mean and Σ(z − mean)²
        let difference: f64 = value - mean;
        mean += difference / count;
        squares += difference * (value - mean);
        let inside = (1.0 - squares) / count;
        if inside < 0.0 || mean - inside.sqrt() > value {
            break;
        }
        threshold = mean - inside.sqrt();
    }
    threshold
}

/// Halves τ ∈ [−1, −n^{1−α}] (in units where the largest of (α−1)z is 0) down to neighbouring
/// numbers.
fn bisected_threshold(sorted: &[f64], count: usize, alpha: f64) -> f64 {
    let mut low = -1.0;
    let mut high = -(count as f64).powf(1.0 - alpha);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return low;
        }
        let sum: f64 = sorted
            .iter()
            .take_while(|&&value| value > middle)
            .map(|&value| power(value - middle, alpha))
            .sum();
        if sum >= 1.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// x^{1/(α−1)} for x ≥ 0.
fn power(x: f64, alpha: f64) -> f64 {
    if alpha == 2.0 {
        x
    } else if alpha == 1.5 {
        x * x
    } else {
        x.powf(1.0 / (alpha - 1.0))
    }
}

/// ∂p/∂z = diag(s) − s sᵀ/Σs at p = α-entmax(z), s_i = p_i^{2−α} on the support (M×M, symmetric).
///
/// # Panics
/// If p is empty.
pub fn entmax_jacobian(p: &[f64], alpha: f64) -> DMatrix<f64> {
    assert!(!p.is_empty(), "a Jacobian of at least one number");
    let weight = |value: f64| {
        if value > 0.0 {
            value.powf(2.0 - alpha)
        } else {
            0.0
        }
    };
    let weights: Vec<f64> = p.iter().map(|&value| weight(value)).collect();
    let sum: f64 = weights.iter().sum();
    DMatrix::from_fn(p.len(), p.len(), |row, column| {
        let diagonal = if row == column { weights[row] } else { 0.0 };
        diagonal - weights[row] * weights[column] / sum
    })
}

/// Ψ_α(z) = max_p p·z + H_α(p), whose gradient is α-entmax(z); ln Σ exp z at α = 1.
///
/// H_α(p) = Σ_i (p_i − p_i^α)/(α(α−1)).
///
/// # Panics
/// As [`entmax`].
pub fn entmax_conjugate(z: &[f64], alpha: f64) -> f64 {
    separate(&mut z.to_vec(), alpha)
}

/// Replaces z by α-entmax(z), and returns Ψ_α(z).
fn separate(z: &mut [f64], alpha: f64) -> f64 {
    if alpha == 1.0 {
        return softmax(z);
    }
    let before = z.to_vec();
    entmax(z, alpha);
    let largest = maximum(&before);
    // zeros add nothing
    let support = || z.iter().zip(&before).filter(|(weight, _)| **weight > 0.0);
    let entropy: f64 = support()
        .map(|(&weight, _)| weight - weight.powf(alpha))
        .sum();
    let mean: f64 = support()
        .map(|(weight, value)| weight * (value - largest))
        .sum();
    largest + mean + entropy / (alpha * (alpha - 1.0))
}

/// e_α(z) = [1 + (α−1)z]₊^{1/(α−1)}, exp at α = 1: how much of the largest weight the others
/// keep at a gap −z.
fn deformed_exponential(z: f64, alpha: f64) -> f64 {
    if alpha == 1.0 {
        z.exp()
    } else {
        power((1.0 + (alpha - 1.0) * z).max(0.0), alpha)
    }
}
