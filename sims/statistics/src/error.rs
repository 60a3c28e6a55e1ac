//! What can be wrong with the numbers given to a statistic.

use thiserror::Error;

/// Why a statistic cannot be computed; each message names the value, its domain and the mend.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum StatisticsError {
    /// A sample is NaN, −∞, or +∞ where censored samples have no meaning.
    #[error(
        "value {index} is {value}: samples must be finite (only medians accept +inf, for a sample that never crossed); drop or repair it"
    )]
    InvalidValue {
        /// Position in the slice, from 0.
        index: usize,
        /// The value found there.
        value: f64,
    },
    /// The slice is too short for the statistic.
    #[error("{found} values are too few, {needed} are needed; draw more samples")]
    TooFewValues {
        /// Length of the slice.
        found: usize,
        /// Least length with which the statistic is defined.
        needed: usize,
    },
    /// A confidence level outside (0, 1).
    #[error(
        "the confidence level is {confidence}, it must lie strictly between 0 and 1, such as 0.95"
    )]
    Confidence {
        /// The level given.
        confidence: f64,
    },
    /// A probability for which the normal quantile is infinite or undefined.
    #[error("the probability is {probability}, it must lie in [2.3e-308, 1)")]
    Probability {
        /// The probability given.
        probability: f64,
    },
    /// A proportion without trials.
    #[error("a proportion needs at least one trial, there are none")]
    NoTrials,
    /// More successes than trials.
    #[error("{successes} successes in {trials} trials: successes cannot exceed trials")]
    TooManySuccesses {
        /// Number of successes.
        successes: u64,
        /// Number of trials.
        trials: u64,
    },
    /// A finite input whose statistic exceeds the range of f64.
    #[error("the {quantity} exceeds the range of f64; rescale the values")]
    Overflow {
        /// Name of the statistic.
        quantity: &'static str,
    },
    /// Half of the samples or more are censored, so their median is not known.
    #[error(
        "{censored} of {count} values are infinite: the median is defined while fewer than half are; widen the scanned range"
    )]
    CensoredMedian {
        /// Number of values equal to +∞.
        censored: usize,
        /// Number of values.
        count: usize,
    },
    /// Too few bootstrap resamples.
    #[error("{resamples} resamples are too few, use at least 2 (2000 for a 95% interval)")]
    Resamples {
        /// The number given.
        resamples: usize,
    },
    /// The statistic returned NaN or an infinity.
    #[error(
        "the statistic returned {value} on a resample; it must be finite on every resample of the samples"
    )]
    StatisticNotFinite {
        /// What the statistic returned.
        value: f64,
    },
    /// The estimate lies outside the bootstrap distribution, so its bias correction is infinite.
    #[error(
        "the estimate {estimate} lies outside all bootstrap replicates, so its bias correction is infinite; use the percentile interval or more resamples"
    )]
    BiasCorrection {
        /// Value of the statistic on the samples.
        estimate: f64,
    },
    /// The acceleration is so large that the corrected levels are not monotonic.
    #[error(
        "the acceleration {acceleration} makes the BCa levels non-monotonic (1 - a (z0 + z) <= 0); use the percentile interval or more samples"
    )]
    Acceleration {
        /// The acceleration a.
        acceleration: f64,
    },
    /// Fewer points than coefficients.
    #[error(
        "{points} points cannot determine {coefficients} coefficients; add points or drop basis functions"
    )]
    TooFewPoints {
        /// Number of points.
        points: usize,
        /// Number of basis functions.
        coefficients: usize,
    },
    /// A point that cannot enter a fit.
    #[error("point {index}: {quantity} is {value}, it must be {domain}")]
    InvalidPoint {
        /// Position among the points, from 0.
        index: usize,
        /// What is wrong there.
        quantity: &'static str,
        /// The value found.
        value: f64,
        /// The values allowed.
        domain: &'static str,
    },
    /// A basis function without a finite value.
    #[error("the basis function {name} is {value} at {x}; it must be finite at every point")]
    BasisNotFinite {
        /// Name of the function.
        name: String,
        /// Where it was evaluated.
        x: f64,
        /// Its value there.
        value: f64,
    },
    /// Basis functions that are linearly dependent on the points.
    #[error(
        "the basis functions {names} are linearly dependent on these points (rank {rank} of {coefficients}); drop one or add distinct points"
    )]
    RankDeficient {
        /// Names of the functions that depend on each other.
        names: String,
        /// Numerical rank.
        rank: usize,
        /// Number of basis functions.
        coefficients: usize,
    },
    /// A χ² that is negative or NaN.
    #[error("chi squared is {chi_squared}, it must not be negative or NaN")]
    ChiSquared {
        /// The value given.
        chi_squared: f64,
    },
    /// A group of samples whose statistic has no spread, so that it has no weight in a fit.
    #[error(
        "the samples at {x} have a bootstrap error of zero, so the fit has no weight for them; add samples or drop the point"
    )]
    NoSpread {
        /// Position of the group.
        x: f64,
    },
    /// A retrieval curve with successes only or failures only.
    #[error(
        "every trial {outcome}: the curve needs both outcomes; widen the range of inverse temperatures"
    )]
    SingleOutcome {
        /// "succeeded" or "failed".
        outcome: &'static str,
    },
    /// Successes and failures that one threshold separates, so that the likelihood has no maximum.
    #[error(
        "successes and failures separate between {low} and {high}, so the width tends to zero and the likelihood has no maximum; add points inside this bracket"
    )]
    CompleteSeparation {
        /// Last point below the threshold.
        low: f64,
        /// First point above the threshold; equal to `low` where that one point is mixed.
        high: f64,
    },
    /// A retrieval curve without a slope.
    #[error(
        "the fitted retrieval curve is flat, so it has no midpoint; add points where the retrieval probability differs"
    )]
    FlatCurve,
    /// An iteration that did not settle.
    #[error("the {method} did not converge in {steps} steps; rescale the data or start closer")]
    NotConverged {
        /// Name of the method.
        method: &'static str,
        /// Number of steps taken.
        steps: usize,
    },
    /// Arrays of a data collapse whose shapes differ.
    #[error("{quantity} has rows of {found:?} entries, {expected:?} are needed: one row per size")]
    Shape {
        /// Name of the array.
        quantity: &'static str,
        /// Length of each row found.
        found: Vec<usize>,
        /// Length of each row needed.
        expected: Vec<usize>,
    },
    /// An entry of an array of a data collapse that is out of its domain.
    #[error("{quantity}[{row}][{column}] is {value}, it must be {domain}")]
    InvalidEntry {
        /// Name of the array.
        quantity: &'static str,
        /// Row (size), from 0; 0 for an array of one dimension.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// The value found.
        value: f64,
        /// The values allowed.
        domain: &'static str,
    },
    /// A scaling parameter out of its domain.
    #[error("{quantity} is {value}, it must be {domain}")]
    ScalingParameter {
        /// Name of the parameter.
        quantity: &'static str,
        /// The value given.
        value: f64,
        /// The values allowed.
        domain: &'static str,
    },
    /// No point of a data collapse lies between two points of another size.
    #[error(
        "no point lies between two points of another size, so the collapse has no quality; give at least two sizes whose scaled ranges overlap"
    )]
    NoOverlap,
    /// A collapse whose best critical value lies where nothing was measured.
    #[error(
        "the best collapse has {quantity} = {}, outside the scanned range {low} to {high}: the curves do not tell it; scan a wider range, or more finely where they rise",
        short(*value)
    )]
    OutsideScan {
        /// Name of the parameter.
        quantity: &'static str,
        /// Its value.
        value: f64,
        /// Least control parameter of the data.
        low: f64,
        /// Largest control parameter of the data.
        high: f64,
    },
    /// A parameter that the data of a collapse leave open.
    #[error(
        "the data leave {quantity} undetermined: S hardly rises from {} as far as {}; add sizes, samples or points where the curves rise",
        short(*value),
        short(*limit)
    )]
    Undetermined {
        /// Name of the parameter.
        quantity: &'static str,
        /// Its best value.
        value: f64,
        /// How far it was followed.
        limit: f64,
    },
    /// A search that ends at a bound.
    #[error(
        "S has no minimum within the bounds: it falls up to {quantity} = {bound}; widen the bound, or fix the parameter"
    )]
    AtBound {
        /// Name of the parameter.
        quantity: &'static str,
        /// The bound.
        bound: f64,
    },
    /// Resampled sets whose best collapse runs away.
    #[error(
        "{lost} of {count} resampled sets have their best collapse outside the scanned range or none: the data do not determine it; add sizes, samples or points where the curves rise"
    )]
    LostFits {
        /// How many.
        lost: usize,
        /// Of how many.
        count: usize,
    },
}

/// A number to four digits.
fn short(value: f64) -> String {
    let digits = format!("{value:.3e}");
    digits
        .parse::<f64>()
        .map_or(digits, |rounded| rounded.to_string())
}
