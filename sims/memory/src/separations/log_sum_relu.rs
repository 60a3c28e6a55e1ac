//! p ∝ 1 where z > −1: the log-sum-ReLU (Epanechnikov) energy of squared distances.
//!
//! ```text
//! E(x) = −(1/β) ln Σ_μ max(0, 1 − (β/2)|x − ξ^μ|²),   β = b/N
//! ```
//!
//! A pattern acts within |x − ξ^μ|² < 2N/b, on |x|² = |ξ|² = N beyond the overlap φ_c = 1 − 1/b.
//! The gradient vanishes where x is the mean of the patterns that act, and x ← mean is a mean shift
//! with a flat window: it arrives in one step where only the target acts, and a state that no
//! pattern reaches stays.
//!
//! From ξ¹ the target is lost if and only if another pattern reaches it. Each one lowers E(ξ¹)
//! below 0, the update never raises E, and E ≥ 0 where at most one pattern acts, so that the target
//! never again has more than half of the weight.
//!
//! Source: Hoover et al., arXiv:2506.10801, for the energy; theory is our own.

use dam_theory::finite_size::SphericalOverlapLaw;
use dam_theory::numbers::quadrature::integrate;
use dam_theory::{Ensemble, NormLaw, Structure};

use crate::separations::{FiniteMemory, Kind, Separation, named};
use crate::similarities::Measure;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    names: "log-sum-relu",
    about: "p ∝ 1 where z > −1, 0 elsewhere, with λ = βN (for euclidean)",
    read: |name| named(LogSumRelu, name),
};

/// Expected numbers of patterns below the first are none, beyond the second surely some, to
/// rounding.
const LOG_RANGE: (f64, f64) = (-40.0, 3.7);
/// ln Q below which ln(1 − Q) is −Q.
const LOG_SMALL: f64 = -40.0;
/// Accuracy of the integrals.
const TOLERANCE: f64 = 1e-12;
/// N below which the integrand of ⟨b_×⟩ is singular at overlap 1.
const SMALLEST_SIZE: f64 = 6.0;

/// p_μ = 1/Σ_ν max(0, 1 + z_ν) where z_μ > −1, else 0; Ψ = ln Σ_μ max(0, 1 + z_μ). The sharpness of
/// jobs is b = βN.
#[derive(Clone, Copy, Debug)]
pub struct LogSumRelu;

impl Separation for LogSumRelu {
    fn name(&self) -> String {
        KIND.names.to_owned()
    }

    fn weights(&self, z: &mut [f64]) -> Option<f64> {
        let sum: f64 = z.iter().map(|value| (1.0 + value).max(0.0)).sum();
        for value in z.iter_mut() {
            *value = if 1.0 + *value > 0.0 { sum.recip() } else { 0.0 };
        }
        Some(sum.ln())
    }

    /// −∞ lies outside the window as any other number below −1 does.
    fn scale(&self, similarities: &mut [f64], beta: f64) -> f64 {
        for value in similarities {
            *value *= beta;
        }
        0.0
    }

    fn sums_to_one(&self) -> bool {
        false
    }

    fn beta(&self, lambda: f64, size: usize) -> f64 {
        lambda / size as f64
    }

    fn fits(&self, measure: Measure) -> Result<(), &'static str> {
        match measure {
            Measure::SquaredDistance => Ok(()),
            Measure::Distance | Measure::Product => {
                Err("its window is one of squared distances; use euclidean")
            }
        }
    }

    fn support_threshold(&self) -> f64 {
        0.0
    }

    /// s(φ_c) of patterns with |ξ|² = N, ½ ln[b²/(2b − 1)] on the sphere: no other pattern has an
    /// overlap beyond φ_c with ξ¹. It is 0 up to b = 1, where half of the patterns act.
    fn typical_threshold(&self, ensemble: &dyn Ensemble, b: f64) -> Option<f64> {
        if ensemble.structure().norm_law() != NormLaw::Fixed {
            return None;
        }
        if b <= 1.0 {
            return Some(0.0);
        }
        ensemble.rate_function(critical_overlap(b), 1.0).ok()
    }

    /// 1/(1 − ε_*(α)) of patterns with |ξ|² = N, e^{2α}(1 + √(1 − e^{−2α})) on the sphere.
    fn typical_inverse_temperature(&self, ensemble: &dyn Ensemble, alpha: f64) -> Option<f64> {
        if ensemble.structure().norm_law() != NormLaw::Fixed {
            return None;
        }
        let gap = ensemble.extreme_overlap_gap(alpha).ok()?;
        (gap > 0.0).then(|| gap.recip())
    }

    /// [1 − Pr(u > φ_c)]^{P−1} on the sphere, exact at every N.
    fn retrieval_probability(&self, at: FiniteMemory<'_>, b: f64) -> Option<f64> {
        let law = overlap_law(at)?;
        none_beyond(law, at.patterns.log_noise_patterns(), critical_overlap(b))
    }

    /// E 1/(1 − u) of the largest overlap u on the sphere, exact at every N.
    fn mean_crossover(&self, at: FiniteMemory<'_>) -> Option<f64> {
        let law = overlap_law(at).filter(|_| at.size >= SMALLEST_SIZE)?;
        let log_count = at.patterns.log_noise_patterns();
        let overlap_at = |log_expected: f64| {
            let log_tail = (log_expected - log_count).min(0.0);
            law.quantile_of_log_tail(log_tail).ok()
        };
        let high = overlap_at(LOG_RANGE.0)?;
        let low = if log_count > LOG_RANGE.1 {
            overlap_at(LOG_RANGE.1)?
        } else {
            -1.0
        };
        // b(low) + ∫ Pr(b_× > b) db, with db = du/(1 − u)²
        let exceeds = |overlap: f64| {
            let none = none_beyond(law, log_count, overlap).unwrap_or(f64::NAN);
            [(1.0 - none) / (1.0 - overlap).powi(2)]
        };
        let [excess] = integrate(exceeds, low, high, TOLERANCE);
        Some(1.0 / (1.0 - low) + excess)
    }
}

/// φ_c = 1 − 1/b, the overlap of |x|² = N beyond which a pattern acts; at least −1.
fn critical_overlap(b: f64) -> f64 {
    (1.0 - b.recip()).max(-1.0)
}

/// The law of the overlap u of two patterns on the sphere.
fn overlap_law(at: FiniteMemory<'_>) -> Option<SphericalOverlapLaw> {
    match at.ensemble.structure() {
        Structure::Sphere => SphericalOverlapLaw::new(at.size).ok(),
        Structure::Normal
        | Structure::Signs
        | Structure::Components(_)
        | Structure::Covariance(_) => None,
    }
}

/// The probability that none of e^{log count} patterns has an overlap beyond this one.
fn none_beyond(law: SphericalOverlapLaw, log_count: f64, overlap: f64) -> Option<f64> {
    let log_tail = law.log_tail(overlap).ok()?;
    let log_rate = if log_tail < LOG_SMALL {
        log_tail
    } else {
        (-(-log_tail.exp()).ln_1p()).ln()
    };
    Some((-(log_count + log_rate).exp()).exp())
}

/// ⟨n₂⟩, the expected number of pairs of P patterns on the sphere whose centroid is a fixed point
/// at which no third one acts, exact in N:
///
/// ```text
/// ⟨n₂⟩ = ½P(P−1) ∫_{1−4/b}^1 dq h_N(q) [1 − Pr(u > s)]^{P−2}
/// s = (1 + ρ − 2/b)/(2√ρ)   ρ = (1 + q)/2
/// ```
///
/// with the density `h_N` of the overlap of a pair and the norm ρN of its centroid. `None` for
/// N < 3 or b ≤ 0.
pub fn expected_pairs(size: usize, pattern_count: usize, b: f64) -> Option<f64> {
    let law = SphericalOverlapLaw::new(size as f64).ok()?;
    if b.is_nan() || b <= 0.0 {
        return None;
    }
    let count = pattern_count as f64;
    if count < 2.0 {
        return Some(0.0);
    }
    let isolated = |overlap: f64| {
        let squared_norm = 0.5 * (1.0 + overlap);
        let smallest = (1.0 + squared_norm - 2.0 / b) / (2.0 * squared_norm.sqrt());
        if count == 2.0 || smallest >= 1.0 {
            return 1.0;
        }
        none_beyond(law, (count - 2.0).ln(), smallest.max(-1.0)).unwrap_or(f64::NAN)
    };
    let density = |overlap: f64| law.log_density(overlap).map_or(f64::NAN, f64::exp);
    let low = (1.0 - 4.0 / b).max(-1.0);
    let [share] = integrate(
        |overlap| [density(overlap) * isolated(overlap)],
        low,
        1.0,
        TOLERANCE,
    );
    Some(0.5 * count * (count - 1.0) * share)
}
