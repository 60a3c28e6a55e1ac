//! From the numbers of the samples to a quantity with its error.

use std::collections::BTreeMap;

use crate::quantity::Quantity;
use crate::task::Task;
use dam_statistics::{
    Bootstrap, BootstrapMethod, Interval, StatisticsError, Summary, mean_interval,
    mixture_interval, standard_deviation as sample_deviation, wilson_interval,
};

/// Confidence of every interval in the results.
pub const CONFIDENCE: f64 = 0.95;
/// Enough for a 95 % interval: its ends move by about 2 % of its width.
const RESAMPLES: usize = 2000;

/// The values of the samples that have one.
pub fn present(values: &[Option<f64>]) -> Vec<f64> {
    values.iter().copied().flatten().collect()
}

/// Mean, median and standard error of the mean, with the [`mean_interval`].
///
/// +∞ stands for a censored sample: then there is no number. The median of such samples is a quantity of its own.
pub fn mean(name: &str, values: &[f64]) -> Quantity {
    summarised(name, values, mean_interval(values, CONFIDENCE).ok())
}

/// [`mean`] over samples of two kinds, retrieved and lost ones, of which one may be rare: the
/// [`mixture_interval`], which is empty where fewer than two of either were seen.
pub fn mixed_mean(name: &str, values: &[f64], outcomes: &[bool]) -> Quantity {
    let interval = if values.len() == outcomes.len() {
        mixture_interval(values, outcomes, CONFIDENCE)
            .ok()
            .flatten()
    } else {
        None
    };
    summarised(name, values, interval)
}

/// [`mixed_mean`], and where all samples are of one kind [`mean`], if `is_whole`.
///
/// A law with a tail that few samples show, such as that of θ_c near the crossover, whose edge lies
/// beyond a right angle or nowhere in some: where the tail shows the mixture's interval, which is
/// empty for a single sample in it, and none where samples without a value say that it is there.
pub fn tailed_mean(name: &str, values: &[f64], in_tail: &[bool], is_whole: bool) -> Quantity {
    let is_mixed = in_tail.contains(&true) && in_tail.contains(&false);
    if is_mixed {
        return mixed_mean(name, values, in_tail);
    }
    if is_whole {
        mean(name, values)
    } else {
        summarised(name, values, None)
    }
}

fn summarised(name: &str, values: &[f64], interval: Option<Interval>) -> Quantity {
    let Ok(summary) = Summary::new(values) else {
        return empty(name, values.len());
    };
    Quantity {
        mean: summary.mean,
        median: summary.mean.and(summary.median),
        standard_error: summary.standard_error,
        lower: interval.map(|interval| interval.low),
        upper: interval.map(|interval| interval.high),
        ..empty(name, values.len())
    }
}

/// The median with its bootstrap standard error and percentile interval.
///
/// +∞ stands for a censored sample; an end that the samples do not bound stays empty.
pub fn median(task: &Task, name: &str, values: &[f64]) -> Quantity {
    let estimate = bootstrap(task, name).and_then(|bootstrap| bootstrap.median(values, CONFIDENCE));
    let Ok(estimate) = estimate else {
        return empty(name, values.len());
    };
    let finite = |value: f64| value.is_finite().then_some(value);
    Quantity {
        median: finite(estimate.value),
        standard_error: estimate.standard_error,
        lower: finite(estimate.interval.low),
        upper: finite(estimate.interval.high),
        ..empty(name, values.len())
    }
}

/// The standard deviation over the samples with its bootstrap standard error and interval.
pub fn standard_deviation(task: &Task, name: &str, values: &[f64]) -> Quantity {
    let deviation = |sample: &[f64]| sample_deviation(sample).ok().flatten();
    let estimate = bootstrap(task, name).and_then(|bootstrap| {
        bootstrap.estimate(
            values,
            |resample| deviation(resample).unwrap_or(f64::NAN),
            CONFIDENCE,
            BootstrapMethod::BiasCorrectedAccelerated,
        )
    });
    let estimate = estimate.ok();
    Quantity {
        mean: deviation(values),
        standard_error: estimate
            .as_ref()
            .and_then(|estimate| estimate.standard_error),
        lower: estimate.as_ref().map(|estimate| estimate.interval.low),
        upper: estimate.as_ref().map(|estimate| estimate.interval.high),
        ..empty(name, values.len())
    }
}

/// Any statistic of the samples with its bootstrap standard error and interval.
pub fn statistic(
    task: &Task,
    name: &str,
    values: &[f64],
    method: BootstrapMethod,
    statistic: impl Fn(&[f64]) -> f64,
) -> Quantity {
    let by = |method| {
        let bootstrap = bootstrap(task, name);
        bootstrap.and_then(|bootstrap| bootstrap.estimate(values, &statistic, CONFIDENCE, method))
    };
    // without an acceleration (a jackknife without spread) the plain percentiles
    let asked = by(method);
    let Ok(estimate) = asked.or_else(|_| by(BootstrapMethod::Percentile)) else {
        return empty(name, values.len());
    };
    Quantity {
        mean: Some(estimate.value),
        standard_error: estimate.standard_error,
        lower: Some(estimate.interval.low),
        upper: Some(estimate.interval.high),
        ..empty(name, values.len())
    }
}

/// The share of samples for which something happened, with its Wilson interval.
pub fn probability(name: &str, outcomes: &[bool]) -> Quantity {
    let trials = outcomes.len() as u64;
    let successes = outcomes.iter().filter(|&&outcome| outcome).count() as u64;
    let Ok(interval) = wilson_interval(successes, trials, CONFIDENCE) else {
        return empty(name, outcomes.len());
    };
    let share = successes as f64 / trials as f64;
    Quantity {
        mean: Some(share),
        standard_error: Some(share_error(share, outcomes.len())),
        lower: Some(interval.low),
        upper: Some(interval.high),
        ..empty(name, outcomes.len())
    }
}

/// √(p (1 − p)/n), the error of a share p of n samples.
pub(crate) fn share_error(share: f64, count: usize) -> f64 {
    (share * (1.0 - share) / count as f64).sqrt()
}

/// The whole number of successes behind a [`probability`].
pub fn successes(quantity: &Quantity) -> Option<u64> {
    Some(whole(quantity.mean? * quantity.count as f64) as u64)
}

/// The count that a sum of counts, or a share of them times their number, stands for.
pub fn whole(count: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts are whole numbers below 2^52"
    )]
    let count = count.round() as usize;
    count
}

/// A quantity without numbers.
pub fn empty(name: &str, count: usize) -> Quantity {
    Quantity {
        name: name.to_owned(),
        coordinates: BTreeMap::new(),
        labels: BTreeMap::new(),
        mean: None,
        median: None,
        standard_error: None,
        lower: None,
        upper: None,
        count,
        caveats: Vec::new(),
    }
}

/// A bootstrap whose resamples depend on the task and the quantity alone.
fn bootstrap(task: &Task, name: &str) -> Result<Bootstrap, StatisticsError> {
    Bootstrap::new(RESAMPLES, task.resampling_seed(name))
}
