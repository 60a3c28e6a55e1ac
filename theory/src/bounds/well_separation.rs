//! When patterns are separated well enough to be retrieved, and how near to them retrieval ends.

use std::f64::consts::LN_2;

use crate::error::{TheoryError, positive, within};

/// The separation Δ that suffices for M patterns of norm at most m to be retrieved from within the
/// radius R:
///
/// ```text
/// Δ_μ = ⟨ξ_μ,ξ_μ⟩ − max_{ν≠μ}⟨ξ_ν,ξ_μ⟩ ≥ (1/β) ln(2(M−1)m/R) + 2mR
/// ```
///
/// (Hu, Wu and Liu, arXiv:2410.23126; after Ramsauer et al., arXiv:2008.02217, A4). `log_others` is
/// ln(M − 1).
///
/// # Errors
/// β, m or R not positive; ln(M − 1) < 0.
pub fn required_separation(
    inverse_temperature: f64,
    log_others: f64,
    norm: f64,
    retrieval_radius: f64,
) -> Result<f64, TheoryError> {
    let beta = positive("the inverse temperature β", inverse_temperature)?;
    let others = log_of_others(log_others)?;
    let norm = positive("the norm m", norm)?;
    let radius = positive("the retrieval radius R", retrieval_radius)?;
    Ok((others + LN_2 + norm.ln() - radius.ln()) / beta + 2.0 * norm * radius)
}

/// ln of the bound 2m(M−1) exp(−β(Δ − 2mR)) on the distance |T(x) − ξ_μ| after one update from
/// within R of ξ_μ (Ramsauer et al., Theorem 4), and whether it is vacuous: no update ends farther
/// than 2m from a pattern.
///
/// # Errors
/// β, m or R not positive; ln(M − 1) < 0; Δ not finite.
pub fn log_retrieval_error(
    inverse_temperature: f64,
    log_others: f64,
    norm: f64,
    retrieval_radius: f64,
    separation: f64,
) -> Result<(f64, bool), TheoryError> {
    let beta = positive("the inverse temperature β", inverse_temperature)?;
    let others = log_of_others(log_others)?;
    let norm = positive("the norm m", norm)?;
    let radius = positive("the retrieval radius R", retrieval_radius)?;
    within("the separation Δ", separation, true, "finite")?;
    let log_share = others - beta * (separation - 2.0 * norm * radius);
    Ok((LN_2 + norm.ln() + log_share, log_share >= 0.0))
}

fn log_of_others(value: f64) -> Result<f64, TheoryError> {
    let domain = "at least 0 (two patterns or more)";
    within("ln(M − 1)", value, value >= 0.0, domain)
}
