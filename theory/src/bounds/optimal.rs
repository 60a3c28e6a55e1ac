//! The largest well-separated memory, through the spherical code that it must be, and the dimension
//! that it needs.

use std::f64::consts::LN_2;

use super::capacity::{CapacityBound, Vacuity};
use super::spherical_code::{CodeBound, LARGEST_DIMENSION, dimension_in_range, log_size};
use super::well_separation::required_separation;
use crate::error::TheoryError;
use crate::error::within;
use crate::numbers::log_tails::log_one_minus_exp;
use crate::numbers::root::find_root;

/// The separation asked of M unit features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Margin {
    /// 1 − cos θ* = (1/β) ln(2(M−1)/R) + 2R, the well-separation condition.
    Full,
    /// Without 2R: 1 − cos θ* = (1/β) ln(2(M−1)/R), as in Hu, Wu and Liu.
    WithoutRadius,
}

impl Margin {
    /// 1 − cos θ* for ln M ≥ ln 2.
    fn gap(
        self,
        inverse_temperature: f64,
        retrieval_radius: f64,
        log_count: f64,
    ) -> Result<f64, TheoryError> {
        let log_others = log_count + log_one_minus_exp(-log_count);
        // ln 2 less an ulp may stand for M = 2
        let separation = required_separation(
            inverse_temperature,
            log_others.max(0.0),
            1.0,
            retrieval_radius,
        )?;
        Ok(match self {
            Self::Full => separation,
            Self::WithoutRadius => separation - 2.0 * retrieval_radius,
        })
    }
}

/// The leading estimates of the dimension that M features need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DimensionEstimate {
    /// 1 + ln M/ln(1/sin(θ*/2)).
    pub lower: f64,
    /// 1 + ln M/ln(1/sin θ*).
    pub upper: f64,
}

/// The largest number M* of unit features in D dimensions that are well separated, M* = A(D,
/// θ*(M*)), with A from an upper or a lower bound on spherical codes: the same for M* (Hu, Wu and
/// Liu, arXiv:2410.23126).
///
/// It grows exponentially with D only while θ* < 90° and β grows with D. [`Vacuity::FewerThanTwo`]
/// says that not even two features are retrieved.
///
/// # Errors
/// β or R not positive; D outside 2 … 2^53; [`TheoryError::Unsettled`] for β beyond 1e307.
pub fn optimal_capacity(
    dimension: f64,
    inverse_temperature: f64,
    retrieval_radius: f64,
    margin: Margin,
    bound: CodeBound,
) -> Result<CapacityBound, TheoryError> {
    dimension_in_range(dimension)?;
    let fewest = margin.gap(inverse_temperature, retrieval_radius, LN_2)?;
    if fewest > 2.0 {
        return Ok(CapacityBound {
            log_count: 0.0,
            vacuity: Some(Vacuity::FewerThanTwo),
        });
    }
    let slack = |log_count: f64| {
        let gap = margin.gap(inverse_temperature, retrieval_radius, log_count);
        gap.map_or(f64::NAN, |gap| allowed(dimension, gap, bound) - log_count)
    };
    // at this M the separation reaches 2, beyond which A = 1
    let most = LN_2 + 1.0 + (2.0 - fewest) * inverse_temperature;
    Ok(CapacityBound::new(find_root(slack, LN_2, most)?))
}

/// ln A, infinite where no separation is asked for.
fn allowed(dimension: f64, gap: f64, bound: CodeBound) -> f64 {
    if gap > 0.0 {
        log_size(dimension, gap, bound)
    } else {
        f64::INFINITY
    }
}

/// The smallest whole dimension D in which a bound on codes allows M = e^{log_count} well-separated
/// unit features: necessary with an upper bound, sufficient with the lower one. `None` where no
/// dimension does: θ* > 90° and M above Rankin's bound, or θ* > 180°.
///
/// # Errors
/// β or R not positive; ln M < ln 2.
pub fn required_dimension(
    log_count: f64,
    inverse_temperature: f64,
    retrieval_radius: f64,
    margin: Margin,
    bound: CodeBound,
) -> Result<Option<f64>, TheoryError> {
    let gap = separation_for(log_count, inverse_temperature, retrieval_radius, margin)?;
    // M given by its logarithm may be an exact size of a code
    let enough =
        |dimension: f64| allowed(dimension, gap, bound) >= log_count * (1.0 - 4.0 * f64::EPSILON);
    if enough(2.0) {
        return Ok(Some(2.0));
    }
    let (mut low, mut high) = (2.0, 4.0);
    while !enough(high) {
        low = high;
        high *= 2.0;
        if high > LARGEST_DIMENSION {
            return Ok(None);
        }
    }
    while high - low > 1.0 {
        let middle = (0.5 * (low + high)).floor();
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(Some(high))
}

/// ln M/ln(1/sin(θ*/2)) ≲ D − 1 ≲ ln M/ln(1/sin θ*), the leading order of [`required_dimension`] at
/// large M; `None` for θ* ≥ 90°, where M cannot grow exponentially, and where no separation is
/// asked for.
///
/// # Errors
/// β or R not positive; ln M < ln 2.
pub fn asymptotic_dimension(
    log_count: f64,
    inverse_temperature: f64,
    retrieval_radius: f64,
    margin: Margin,
) -> Result<Option<DimensionEstimate>, TheoryError> {
    let gap = separation_for(log_count, inverse_temperature, retrieval_radius, margin)?;
    if gap <= 0.0 || gap >= 1.0 {
        return Ok(None);
    }
    // sin²(θ/2) = g/2, sin²θ = g(2 − g) = 1 − (1 − g)²
    let log_sine = 0.5 * (-(1.0 - gap) * (1.0 - gap)).ln_1p();
    Ok(Some(DimensionEstimate {
        lower: 1.0 - log_count / (0.5 * (0.5 * gap).ln()),
        upper: 1.0 - log_count / log_sine,
    }))
}

fn separation_for(
    log_count: f64,
    inverse_temperature: f64,
    retrieval_radius: f64,
    margin: Margin,
) -> Result<f64, TheoryError> {
    within("ln M", log_count, log_count >= LN_2, "at least ln 2")?;
    margin.gap(inverse_temperature, retrieval_radius, log_count)
}
