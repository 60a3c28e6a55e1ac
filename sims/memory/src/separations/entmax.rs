//! α-entmax: argmax_p p·z + H_α(p) over the probability simplex, with Tsallis entropy H_α
//! (Peters, Niculae, Martins, arXiv:1905.05702). α = 1 is softmax, α = 2 sparsemax.

use nalgebra::DMatrix;

/// Replaces z by softmax(z).
pub(super) fn softmax(z: &mut [f64]) {
    let largest = maximum(z);
    for value in z.iter_mut() {
        *value = (*value - largest).exp();
    }
    normalise(z);
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
    // [(α−1)(z_i − max z)] ∈ (−∞, 0]: the result does not change, and sums do not cancel
    let largest = maximum(z);
    for value in z.iter_mut() {
        *value = (alpha - 1.0) * (*value - largest);
    }
    let threshold = if alpha == 2.0 {
        sparsemax_threshold(&candidates(z))
    } else if alpha == 1.5 {
        entmax15_threshold(&candidates(z))
    } else {
        bisected_threshold(&candidates(z), z.len(), alpha)
    };
    for value in z.iter_mut() {
        let above = (*value - threshold).max(0.0);
        *value = power(above, alpha);
    }
    // to the last bit, since τ is rounded
    normalise(z);
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
    let largest = maximum(z);
    for value in z.iter_mut() {
        *value = (alpha - 1.0) * (*value - largest);
    }
    let threshold = bisected_threshold(&candidates(z), z.len(), alpha);
    for value in z.iter_mut() {
        *value = power((*value - threshold).max(0.0), alpha);
    }
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

/// τ_k = mean_k − √((1 − ss_k)/k) with ss_k = Σ_{j≤k} (z_(j) − mean_k)², the last k with τ_k ≤ z_(k).
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

/// Halves τ ∈ [−1, −n^{1−α}] (in units where the largest of (α−1)z is 0) down to neighbouring numbers.
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

/// Ψ*_α(z) = max_p p·z + H_α(p), whose gradient is α-entmax(z); ln Σ exp z at α = 1.
///
/// H_α(p) = Σ_i (p_i − p_i^α)/(α(α−1)).
///
/// # Panics
/// As [`entmax`].
pub fn entmax_conjugate(z: &[f64], alpha: f64) -> f64 {
    let largest = maximum(z);
    if alpha == 1.0 {
        let sum: f64 = z.iter().map(|value| (value - largest).exp()).sum();
        return largest + sum.ln();
    }
    let mut p = z.to_vec();
    entmax(&mut p, alpha);
    let entropy: f64 = p.iter().map(|&value| value - value.powf(alpha)).sum();
    let mean: f64 = p
        .iter()
        .zip(z)
        .filter(|(weight, _)| **weight > 0.0)
        .map(|(weight, value)| weight * (value - largest))
        .sum();
    largest + mean + entropy / (alpha * (alpha - 1.0))
}

/// e_α(z) = [1 + (α−1)z]₊^{1/(α−1)}, exp at α = 1: how much of the largest weight the others
/// keep at a gap −z.
pub(super) fn deformed_exponential(z: f64, alpha: f64) -> f64 {
    if alpha == 1.0 {
        z.exp()
    } else {
        power((1.0 + (alpha - 1.0) * z).max(0.0), alpha)
    }
}

pub(super) fn maximum(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

pub(super) fn normalise(values: &mut [f64]) {
    let sum: f64 = values.iter().sum();
    for value in values {
        *value /= sum;
    }
}
