//! Spherical codes: how many points on a sphere can keep a given angle, and which angle a given
//! number can keep.

use std::f64::consts::{FRAC_PI_2, LN_2, PI};

use crate::error::TheoryError;
use crate::error::within;
use crate::numbers::log_tails::{
    log_gamma_half_ratio, log_half_beta, log_half_beta_lower, log_one_minus_exp,
};
use crate::numbers::root::find_root;

/// A bound on A(D, θ), the largest number of points on the unit sphere of R^D at mutual angles of
/// at least θ.
///
/// For θ ≥ 90° every one of them is exact: A = 2D at 90°, and ⌊1 − 1/cos θ⌋, at most D + 1, above
/// (R. A. Rankin, Proc. Glasgow Math. Assoc. 2, 139 (1955)). For θ < 90°:
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeBound {
    /// Upper: disjoint caps of angle θ/2 and least measure, A ≤ [2√π Γ((D+1)/2)/Γ(D/2)]
    /// sin(θ/2)^{−(D−1)}.
    CapsClosedForm,
    /// Upper and tighter: disjoint caps measured exactly, A ≤ 1/σ(θ/2).
    Caps,
    /// Lower: caps of angle θ around a largest code cover the sphere, A ≥ 1/σ(θ); and A ≥ 2D.
    Covering,
}

/// Bounds on 1 − cos θ, θ the least angle among M points at its largest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeparationBounds {
    /// Reached by some code.
    pub lower: f64,
    /// Exceeded by none.
    pub upper: f64,
}

/// ln σ(t), the share of the unit sphere of R^D within the angle t of a point: σ(t) = ½
/// I_{sin²t}((D−1)/2, ½) for t ≤ 90°.
///
/// # Errors
/// D outside 2 … 2^53; t outside [0, π].
pub fn cap_log_measure(dimension: f64, angle: f64) -> Result<f64, TheoryError> {
    dimension_in_range(dimension)?;
    within(
        "the angle t",
        angle,
        (0.0..=PI).contains(&angle),
        "within [0, π]",
    )?;
    let half = (0.5 * angle).sin();
    Ok(log_cap(dimension, 2.0 * half * half))
}

/// ln A(D, θ) by one of its bounds; A = 1 for no angle at most π is never returned.
///
/// Angles within rounding of 90° count as 90°.
///
/// # Errors
/// D outside 2 … 2^53; θ outside (0, π].
pub fn code_log_size(dimension: f64, angle: f64, bound: CodeBound) -> Result<f64, TheoryError> {
    dimension_in_range(dimension)?;
    let holds = angle > 0.0 && angle <= PI;
    within("the angle θ", angle, holds, "above 0, at most π")?;
    let half = (0.5 * angle).sin();
    let gap = if (angle - FRAC_PI_2).abs() <= 2.0 * f64::EPSILON {
        1.0
    } else {
        2.0 * half * half
    };
    Ok(log_size(dimension, gap, bound))
}

/// Bounds on the largest possible 1 − cos θ of M points on the unit sphere of R^d, closed forms of
/// Hu, Wu and Liu (arXiv:2410.23126, Fig. 3; its exponents are those of the chord, here they are
/// those of 1 − cos θ):
///
/// ```text
/// ½[(√π/M) Γ((d+1)/2)/Γ(d/2+1)]^{2/(d−1)} ≤ 1 − cos θ ≤ 2[(2√π/M) Γ((d+1)/2)/Γ(d/2)]^{2/(d−1)}
/// ```
///
/// The upper one exceeds 2, the greatest possible, where M is small: it is then vacuous.
/// [`code_angle_bounds`] is tighter.
///
/// ```
/// let bounds = dam_theory::bounds::code_separation_bounds(3.0, 12_f64.ln())?;
/// assert!((bounds.lower - 1.0 / 18.0).abs() < 1e-15 && (bounds.upper - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// d outside 2 … 2^53; ln M < ln 2.
pub fn code_separation_bounds(
    dimension: f64,
    log_count: f64,
) -> Result<SeparationBounds, TheoryError> {
    dimension_in_range(dimension)?;
    at_least_two(log_count)?;
    let log_ratio = log_gamma_half_ratio(0.5 * dimension);
    let power = 2.0 / (dimension - 1.0);
    let root_pi = 0.5 * PI.ln();
    // Γ(d/2 + 1) = (d/2) Γ(d/2)
    let lower = power * (root_pi - log_count + log_ratio - (0.5 * dimension).ln()) - LN_2;
    let upper = power * (root_pi + LN_2 - log_count + log_ratio) + LN_2;
    Ok(SeparationBounds {
        lower: lower.exp(),
        upper: upper.exp(),
    })
}

/// The tightest bounds here on the largest least angle of M points on the unit sphere of R^D, as
/// (lower, upper) in radians: exact up to M = 2D (simplex and cross-polytope) and for D = 2;
/// beyond, covering and exact caps, below 90°; for D = 3 also L. Fejes Tóth's bound cos θ ≥ ½(cot²ω
/// − 1), ω = πM/(6(M − 2)), sharp for M = 3, 4, 6 and 12.
///
/// # Errors
/// D outside 2 … 2^53; M < 2.
pub fn code_angle_bounds(dimension: usize, count: usize) -> Result<(f64, f64), TheoryError> {
    let (d, m) = (dimension as f64, count as f64);
    dimension_in_range(d)?;
    at_least_two(m.ln())?;
    if dimension == 2 {
        return Ok((2.0 * PI / m, 2.0 * PI / m));
    }
    if count <= dimension + 1 {
        let angle = (-1.0 / (m - 1.0)).acos();
        return Ok((angle, angle));
    }
    if count <= 2 * dimension {
        return Ok((FRAC_PI_2, FRAC_PI_2));
    }
    let lower = cap_angle(d, -m.ln())?;
    let mut upper = (2.0 * cap_angle(d, -m.ln())?).min(FRAC_PI_2);
    if dimension == 3 {
        let cotangent = (PI * m / (6.0 * (m - 2.0))).tan().recip();
        upper = upper.min((0.5 * (cotangent * cotangent - 1.0)).acos());
    }
    Ok((lower, upper))
}

/// The angle t ≤ 90° with ln σ(t) = `log_measure` ≤ −ln 2.
fn cap_angle(dimension: f64, log_measure: f64) -> Result<f64, TheoryError> {
    let gap_of = |log_gap: f64| log_gap.exp().min(1.0);
    let lowest = f64::MIN_POSITIVE.ln();
    let difference = |log_gap: f64| log_cap(dimension, gap_of(log_gap)) - log_measure;
    let log_gap = find_root(difference, lowest, 0.0)?;
    Ok(2.0 * (0.5 * gap_of(log_gap)).sqrt().asin())
}

/// ln σ of the cap whose edge has 1 − cos t = `gap`, in [0, 2].
pub(super) fn log_cap(dimension: f64, gap: f64) -> f64 {
    let half_freedom = 0.5 * (dimension - 1.0);
    let cosine = 1.0 - gap;
    let squared_sine = gap * (2.0 - gap);
    let smaller = if squared_sine < 0.5 {
        log_half_beta_lower(half_freedom, squared_sine)
    } else {
        log_half_beta(half_freedom, cosine * cosine)
    } - LN_2;
    if gap > 1.0 {
        log_one_minus_exp(smaller)
    } else {
        smaller
    }
}

/// ln A(D, θ) with 1 − cos θ = `gap` > 0; A = 1 beyond θ = π.
pub(super) fn log_size(dimension: f64, gap: f64, bound: CodeBound) -> f64 {
    if gap > 2.0 {
        return 0.0;
    }
    if gap > 1.0 {
        return rankin_count(gap).min(dimension.floor() + 1.0).ln();
    }
    let log_cross_polytope = (2.0 * dimension.floor()).ln();
    if gap == 1.0 {
        return log_cross_polytope;
    }
    // 1 − cos(θ/2) = (1 − cos θ)/2/(1 + cos(θ/2)), without cancellation
    let half_gap = 0.5 * gap / (1.0 + (1.0 - 0.5 * gap).sqrt());
    match bound {
        CodeBound::CapsClosedForm => {
            let log_constant = LN_2 + 0.5 * PI.ln() + log_gamma_half_ratio(0.5 * dimension);
            log_constant - 0.5 * (dimension - 1.0) * (0.5 * gap).ln()
        }
        CodeBound::Caps => -log_cap(dimension, half_gap),
        CodeBound::Covering => log_cross_polytope.max(-log_cap(dimension, gap)),
    }
}

/// ⌊1 − 1/cos θ⌋ = ⌊g/(g − 1)⌋ for g = 1 − cos θ > 1; a number within rounding of an integer is
/// that integer.
fn rankin_count(gap: f64) -> f64 {
    let count = gap / (gap - 1.0);
    let nearest = count.round();
    // an error ε of the gap moves the count by (count − 1)² ε
    if (count - nearest).abs() <= 4.0 * f64::EPSILON * count * count {
        nearest
    } else {
        count.floor()
    }
}

/// The largest dimension: beyond 2^53 neighbouring dimensions are the same f64, and the measures of
/// caps lose all digits.
pub(super) const LARGEST_DIMENSION: f64 = 9_007_199_254_740_992.0;

pub(super) fn dimension_in_range(dimension: f64) -> Result<(), TheoryError> {
    let holds = (2.0..=LARGEST_DIMENSION).contains(&dimension);
    within("the dimension D", dimension, holds, "from 2 to 2^53 (9e15)").map(|_| ())
}

fn at_least_two(log_count: f64) -> Result<(), TheoryError> {
    within("ln M", log_count, log_count >= LN_2, "at least ln 2").map(|_| ())
}
