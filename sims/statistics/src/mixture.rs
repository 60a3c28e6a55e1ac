//! The confidence interval of a mean over samples of two kinds, of which one may be rare.

use crate::student::StudentInterval;
use crate::summary::check_finite;
use crate::{Interval, StatisticsError, wilson_interval};

/// Samples of each kind without which there is no interval.
const LEAST: usize = 2;

/// The interval of the mean of samples of two kinds, such as retrieved and lost ones; `None` where
/// fewer than two of either were seen.
///
/// The mean is `m₁ + p (m₂ − m₁)` with the share p and the mean m₂ of the second kind. The ends of
/// the interval of p (Wilson's) and of both means (Student's, of five values or more with Hall's
/// correction for skewness) are combined as independent errors on each side (the recovery of
/// variance estimates: G. Y. Zou and A. Donner, Stat. Med. 27, 1693 (2008)):
///
/// ```text
/// ends = mean ∓ √{[(p − p_end)(m₂ − m₁)]² + [(1 − p) δm₁]² + [p δm₂]²}
/// ```
///
/// No sample tells what an unseen kind would have added to the mean: of samples that all agree a
/// resampling knows nothing but their spread, and holds the true mean in 50 to 70 % of cases where
/// one sample in a hundred is lost.
///
/// # Errors
/// As many outcomes as values missing; a value that is not finite; a confidence outside (0, 1).
///
/// ```
/// use dam_statistics::mixture_interval;
/// let lost = [true, false, true, false, false, false, false, false];
/// let distance = lost.map(|lost| if lost { 1.0 } else { 0.0 });
/// let interval = mixture_interval(&distance, &lost, 0.95)?.expect("two of each");
/// // Wilson's interval of 2 out of 8
/// assert!((interval.low - 0.0715).abs() < 1e-4 && (interval.high - 0.5907).abs() < 1e-4);
/// assert_eq!(mixture_interval(&[0.0; 8], &[false; 8], 0.95)?, None);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn mixture_interval(
    values: &[f64],
    outcomes: &[bool],
    confidence: f64,
) -> Result<Option<Interval>, StatisticsError> {
    check_finite(values, outcomes.len())?;
    let of = |kind: bool| -> Vec<f64> {
        let pairs = values.iter().zip(outcomes);
        pairs
            .filter(|pair| *pair.1 == kind)
            .map(|pair| *pair.0)
            .collect()
    };
    let [first, second] = [of(false), of(true)];
    if first.len().min(second.len()) < LEAST {
        return Ok(None);
    }
    let (count, total) = (second.len() as u64, (first.len() + second.len()) as u64);
    let share = count as f64 / total as f64;
    let shares = wilson_interval(count, total, confidence)?;
    let [one, two] = [
        StudentInterval::new(&first, confidence)?,
        StudentInterval::new(&second, confidence)?,
    ];
    let difference = two.mean - one.mean;
    let half_width = |end: f64, side: usize| {
        let of_share = (share - end) * difference;
        let of_means = ((1.0 - share) * one.errors[side]).hypot(share * two.errors[side]);
        of_share.hypot(of_means)
    };
    // a larger share of the smaller kind lowers the mean
    let (down, up) = if difference >= 0.0 {
        (shares.low, shares.high)
    } else {
        (shares.high, shares.low)
    };
    let mean = one.mean + share * difference;
    Ok(Some(Interval {
        low: mean - half_width(down, 0),
        high: mean + half_width(up, 1),
    }))
}
