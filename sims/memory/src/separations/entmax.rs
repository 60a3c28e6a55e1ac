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

    fn weights(&self, z: &mut [f64]) -> Option<f64> {
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
/// α = 1.5 and 2 by exact sort, α = 1 is softmax, others as [`entmax_by_root`].
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
    } else if alpha == 2.0 {
        power_above(z, alpha, sparsemax_threshold);
    } else if alpha == 1.5 {
        power_above(z, alpha, entmax15_threshold);
    } else {
        entmax_by_root(z, alpha);
    }
}

/// α-entmax for every α > 1 by a root in one of the weights.
///
/// With a = α − 1 any two weights of the support are bound by p_i^a − p_j^a = a (z_i − z_j). One of
/// them tells the others and is found from Σp = 1: for a < 1 the largest, for a ≥ 1 the smallest.
/// In this one ∂p_j/∂p_i = (p_i/p_j)^{a−1} is at most 1, so that no digit is lost. (Of the largest
/// weight at α = 100 the other digits of a small one would lie beyond the 160th.) Σp is convex in
/// it, and Newton's method descends to the root.
///
/// # Panics
/// As [`entmax`], and at α = 1.
pub fn entmax_by_root(z: &mut [f64], alpha: f64) {
    assert!(
        !z.is_empty() && alpha > 1.0 && alpha.is_finite(),
        "α-entmax of at least one number by a root needs finite α > 1"
    );
    let power = alpha - 1.0;
    let largest = maximum(z);
    if power < 1.0 {
        from_largest(z, largest, power);
    } else {
        from_smallest(z, largest, power);
    }
    normalise(z);
}

/// p_i = p (1 − x)₊^{1/a} with x = a (z_max − z_i)/p^a, p the largest weight, for a < 1.
fn from_largest(z: &mut [f64], largest: f64, power: f64) {
    // ln(p_i/p); x a few digits below 1 makes no difference to p_i
    let log_share = |value: f64, weight: f64| {
        let x = power * (largest - value) * weight.powf(-power);
        (-x.min(1.0)).ln_1p() / power
    };
    let weight = descend(1.0, |weight| {
        let (mut sum, mut slope) = (0.0, 0.0);
        for &value in z.iter() {
            let log_share = log_share(value, weight);
            sum += weight * log_share.exp();
            slope += ((1.0 - power) * log_share).exp();
        }
        (sum, slope)
    });
    for value in z.iter_mut() {
        *value = weight * log_share(*value, weight).exp();
    }
}

/// p_i = (p^a + w_i^a)^{1/a} with w_i^a = a (z_i − z_k), p the weight of z_k, the smallest of the
/// support, for a ≥ 1.
fn from_smallest(z: &mut [f64], largest: f64, power: f64) {
    let root = |value: f64, smallest: f64| (power * (value - smallest)).powf(power.recip());
    let mut sorted = z.to_vec();
    sorted.retain(|&value| power * (largest - value) < 1.0);
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    // the support: Σp < 1 where the weight of its last is 0
    let mut end = 1;
    let mut beyond = sorted.len() + 1;
    while beyond - end > 1 {
        let middle = end.midpoint(beyond);
        let smallest = sorted[middle - 1];
        let sum: f64 = sorted[..middle].iter().map(|&z| root(z, smallest)).sum();
        if sum < 1.0 {
            end = middle;
        } else {
            beyond = middle;
        }
    }
    let smallest = sorted[end - 1];
    let roots: Vec<f64> = sorted[..end].iter().map(|&z| root(z, smallest)).collect();
    let weight = descend((end as f64).recip(), |weight| {
        let (mut sum, mut slope) = (0.0, 0.0);
        for &root in &roots {
            let value = norm(weight, root, power);
            sum += value;
            slope += (weight / value).powf(power - 1.0);
        }
        (sum, slope)
    });
    for value in z.iter_mut() {
        *value = if *value < smallest {
            0.0
        } else {
            norm(weight, root(*value, smallest), power)
        };
    }
}

/// (x^a + y^a)^{1/a} without overflow or underflow; x > 0, y ≥ 0.
fn norm(x: f64, y: f64, power: f64) -> f64 {
    let (low, high) = (x.min(y), x.max(y));
    high * ((low / high).powf(power).ln_1p() / power).exp()
}

/// The weight at which a convex rising sum is 1, downwards from one at which it is at least 1, by
/// Newton's method; `sum` gives the sum and its slope, which is at least 1.
fn descend(mut weight: f64, sum: impl Fn(f64) -> (f64, f64)) -> f64 {
    loop {
        let (sum, slope) = sum(weight);
        let next = weight - (sum - 1.0) / slope;
        // below the root, or as near as rounding lets it come
        if next >= weight || next <= 0.0 {
            return weight;
        }
        weight = next;
    }
}

/// Replaces z by [(α−1)z − τ]₊^{1/(α−1)} with the τ that `threshold` finds for the sorted
/// candidates.
fn power_above(z: &mut [f64], alpha: f64, threshold: impl Fn(&[f64]) -> f64) {
    // [(α−1)(z_i − max z)] ∈ (−∞, 0]: the result does not change, and sums do not cancel
    let largest = maximum(z);
    for value in z.iter_mut() {
        *value = (alpha - 1.0) * (*value - largest);
    }
    let threshold = threshold(&candidates(z));
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
    let power = 2.0 - alpha;
    let support = || p.iter().copied().filter(|&weight| weight > 0.0);
    // the weight of largest s, over which the others are taken: s itself may overflow
    let reference = if power < 0.0 {
        support().fold(f64::INFINITY, f64::min)
    } else {
        support().fold(0.0, f64::max)
    };
    let relative = |weight: f64| {
        if weight > 0.0 {
            (weight / reference).powf(power)
        } else {
            0.0
        }
    };
    let shares: Vec<f64> = p.iter().map(|&weight| relative(weight)).collect();
    let sum: f64 = shares.iter().sum();
    // s_i s_j/Σs from the smaller of the two, and diagonals without cancellation: rows sum to 0
    let mut jacobian = DMatrix::from_fn(p.len(), p.len(), |row, column| {
        let (low, high) = if shares[row] < shares[column] {
            (row, column)
        } else {
            (column, row)
        };
        if row == column || shares[low] == 0.0 {
            return 0.0;
        }
        -p[low].powf(power) * (shares[high] / sum)
    });
    for row in 0..p.len() {
        jacobian[(row, row)] = -jacobian.row(row).sum();
    }
    jacobian
}

/// Replaces the slopes g of p = α-entmax(z) by those of z: s∘(g − s·g/Σs), s_i = p_i^{2−α} on the
/// support, the product of g and [`entmax_jacobian`].
///
/// # Panics
/// If there is not one slope for each weight.
pub fn entmax_backward(p: &[f64], alpha: f64, slopes: &mut [f64]) {
    assert_eq!(p.len(), slopes.len(), "one slope for each weight");
    let share = |weight: f64| {
        if weight <= 0.0 {
            0.0
        } else if alpha == 1.0 {
            weight
        } else if alpha == 2.0 {
            1.0
        } else if alpha == 1.5 {
            weight.sqrt()
        } else {
            weight.powf(2.0 - alpha)
        }
    };
    let (mut sum, mut product) = (0.0, 0.0);
    for (&weight, slope) in p.iter().zip(&*slopes) {
        sum += share(weight);
        product += share(weight) * slope;
    }
    let mean = product / sum;
    for (&weight, slope) in p.iter().zip(slopes) {
        *slope = share(weight) * (*slope - mean);
    }
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
    // p − p^α, which cancel near α = 1
    let entropy: f64 = support()
        .map(|(&weight, _)| -weight * ((alpha - 1.0) * weight.ln()).exp_m1())
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
