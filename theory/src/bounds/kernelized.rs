//! The capacity lemma of kernelized Hopfield models: random features on a sphere, in three
//! strengths.

use std::f64::consts::{LN_2, PI};

use super::capacity::{CapacityBound, Vacuity};
use super::lambert::log_growth;
use super::ramsauer::probability;
use super::spherical_code::{dimension_in_range, log_cap};
use super::well_separation::required_separation;
use crate::error::TheoryError;
use crate::error::positive;
use crate::numbers::log_tails::log_gamma_half_ratio;
use crate::numbers::root::find_root;

/// Features uniform on the sphere of radius m in D dimensions, retrieved at inverse temperature β
/// from within R.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelizedMemory {
    /// β.
    pub inverse_temperature: f64,
    /// m, the norm of the features.
    pub norm: f64,
    /// R.
    pub retrieval_radius: f64,
    /// p, the probability that the random features violate the bound.
    pub failure_probability: f64,
}

/// How the least angle φ of M random points and the separation m²(1 − cos φ) are estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelizedChain {
    /// φ ≥ M^{−2/(D−1)} p^{1/(D−1)} and 1 − cos φ ≥ φ²/5, as in the lemma: M ≥ √p C^{(D−1)/4}.
    Lemma,
    /// 1 − cos φ as it is, and a cap of angle φ holds at most κφ^{D−1} of the sphere,
    /// κ = Γ(D/2)/(√π (D−1) Γ((D−1)/2)): ½M²κφ^{D−1} = p.
    Exact,
    /// 1 − cos φ as it is, and the cap is measured exactly, σ(φ) = ½ I_{sin²φ}((D−1)/2, ½): ½M²σ(φ)
    /// = p.
    CapMeasure,
}

impl KernelizedChain {
    /// From the weakest to the strongest.
    pub const ALL: [Self; 3] = [Self::Lemma, Self::Exact, Self::CapMeasure];
}

/// What the lemma guarantees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelizedBound {
    /// ln C with M = √p C^{(D−1)/4}; for the tighter chains this defines C.
    pub log_growth: f64,
    /// M.
    pub capacity: CapacityBound,
}

/// The number M of random features that are well separated with probability 1 − p, by the chain:
/// two of M points are nearer than φ with probability at most p; all are retrieved if m²(1 − cos φ)
/// ≥ (1/β) ln(2Mm/R) + 2mR.
///
/// [`KernelizedChain::Lemma`] is the lemma of Hu, Wu and Liu (arXiv:2410.23126) with its a
/// rederived, since the printed one contains ln(√p − 1):
///
/// ```text
/// M ≥ √p C^{(D−1)/4},   C = b/W₀(exp(a + ln b)),   a = (4/(D−1))[ln(2m√p/R) + 2βmR],   b = 4m²β/(5(D−1))
/// ```
///
/// Vacuous for C ≤ 1 and for M < 2: always so for m/10 ≤ R ≤ 4m.
///
/// ```
/// use dam_theory::bounds::{KernelizedChain, KernelizedMemory, kernelized_capacity};
/// let memory = KernelizedMemory {
///     inverse_temperature: 100.0,
///     norm: 1.0,
///     retrieval_radius: 0.01,
///     failure_probability: 0.01,
/// };
/// let lemma = kernelized_capacity(&memory, 100.0, KernelizedChain::Lemma)?;
/// assert_eq!(lemma.capacity.count().ceil(), 764.0);
/// let exact = kernelized_capacity(&memory, 100.0, KernelizedChain::Exact)?;
/// assert!((exact.capacity.count() / 1.86e7 - 1.0).abs() < 3e-3);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// β, m or R not positive, p outside (0, 1], D outside 2 … 2^53.
pub fn kernelized_capacity(
    memory: &KernelizedMemory,
    dimension: f64,
    chain: KernelizedChain,
) -> Result<KernelizedBound, TheoryError> {
    let beta = positive("the inverse temperature β", memory.inverse_temperature)?;
    let norm = positive("the norm m", memory.norm)?;
    let radius = positive("the retrieval radius R", memory.retrieval_radius)?;
    probability(memory.failure_probability)?;
    dimension_in_range(dimension)?;
    let half_log_p = 0.5 * memory.failure_probability.ln();
    let quarter = 0.25 * (dimension - 1.0);
    let log_count = match chain {
        KernelizedChain::Lemma => {
            let log_needed = LN_2 + norm.ln() - radius.ln() + half_log_p;
            let a = (log_needed + 2.0 * beta * norm * radius) / quarter;
            let b = 0.2 * norm * norm * beta / quarter;
            half_log_p + quarter * log_growth(a, b)
        }
        KernelizedChain::Exact | KernelizedChain::CapMeasure => {
            // no angle at all may be wide enough for two patterns
            widest_angle_count(memory, dimension, chain)?.unwrap_or(f64::NEG_INFINITY)
        }
    };
    let log_growth = (log_count - half_log_p) / quarter;
    let mut capacity = CapacityBound::new(log_count);
    if log_growth <= 0.0 {
        capacity.vacuity = Some(Vacuity::NoGrowth);
    }
    Ok(KernelizedBound {
        log_growth,
        capacity,
    })
}

/// ln M where the angle that p leaves to M points is just the one that their retrieval needs.
fn widest_angle_count(
    memory: &KernelizedMemory,
    dimension: f64,
    chain: KernelizedChain,
) -> Result<Option<f64>, TheoryError> {
    let log_twice_p = LN_2 + memory.failure_probability.ln();
    let half_freedom = 0.5 * (dimension - 1.0);
    // ln κ with κ = Γ(D/2)/(√π (D−1) Γ((D−1)/2))
    let log_kappa = log_gamma_half_ratio(half_freedom) - 0.5 * PI.ln() - (dimension - 1.0).ln();
    // ln M from g = 1 − cos φ; falls with g
    let count_at = |gap: f64| {
        let log_measure = match chain {
            KernelizedChain::CapMeasure => log_cap(dimension, gap),
            _ => log_kappa + (dimension - 1.0) * (2.0 * (0.5 * gap).sqrt().asin()).ln(),
        };
        0.5 * (log_twice_p - log_measure)
    };
    // Δ for M = 1 + 1; the chain has ln M for ln(M − 1)
    let base = required_separation(
        memory.inverse_temperature,
        0.0,
        memory.norm,
        memory.retrieval_radius,
    )?;
    let squared_norm = memory.norm * memory.norm;
    let excess = |gap: f64| squared_norm * gap - base - count_at(gap) / memory.inverse_temperature;
    if excess(2.0) < 0.0 {
        return Ok(None);
    }
    // in ln g no digit is lost at small angles
    let lowest = f64::MIN_POSITIVE.ln();
    let log_gap = find_root(|log_gap| excess(log_gap.exp().min(2.0)), lowest, LN_2)?;
    Ok(Some(count_at(log_gap.exp().min(2.0))))
}
