//! How the samples of a task scatter: counts of every measurement, which the page shows one at a time.

use dam_runs::record::{Measurement, Record, column, grid_column};
use dam_runs::results::TaskResult;
use dam_runs::task::Task;
use dam_runs::view::short_number;
use serde_json::{Value, json};

/// Whole numbers over no longer a range have a bin each.
const LONGEST_WHOLE_RANGE: f64 = 60.0;
const MOST_BINS: f64 = 60.0;

/// The histograms of all tasks: the task's name, and of each measurement its name, bins, and samples without a number.
pub fn histograms(tasks: &[TaskResult]) -> Value {
    let of_task = |result: &TaskResult| {
        json!({
            "task": result.task.title(),
            "of": of_samples(&result.task, &result.samples),
        })
    };
    tasks.iter().map(of_task).collect()
}

/// A histogram of each number; of a list one for each value of the grid that it runs over, or one of all its numbers.
fn of_samples(task: &Task, samples: &[Record]) -> Vec<Value> {
    let mut found = Vec::new();
    for (name, first) in samples.first().into_iter().flatten() {
        let Measurement::List(numbers) = first else {
            found.extend(histogram(name, &column(samples, name)));
            continue;
        };
        let Some((coordinate, values)) = grid(task, numbers.len()) else {
            let lists = samples.iter().filter_map(|record| match record.get(name) {
                Some(Measurement::List(numbers)) => Some(numbers),
                _ => None,
            });
            let all: Vec<Option<f64>> = lists.flatten().copied().collect();
            found.extend(histogram(&format!("{name}, all numbers of its list"), &all));
            continue;
        };
        for (place, &value) in values.iter().enumerate() {
            let title = format!("{name} at {coordinate} = {}", short_number(value));
            found.extend(histogram(&title, &grid_column(samples, name, place)));
        }
    }
    found
}

/// The one grid of the task that is as long as a list, which then runs over it.
fn grid(task: &Task, length: usize) -> Option<(&str, &[f64])> {
    let mut grids = task.parameters.iter();
    let mut as_long = grids.by_ref().filter(|(_, grid)| grid.len() == length);
    match (as_long.next(), as_long.next()) {
        (Some((name, grid)), None) => Some((name, grid)),
        _ => None,
    }
}

/// Counts in bins of one width; none where no sample has a number.
fn histogram(name: &str, samples: &[Option<f64>]) -> Option<Value> {
    let present = samples.iter().copied().flatten();
    let mut values: Vec<f64> = present.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let (&least, &greatest) = values.first().zip(values.last())?;
    let (low, width, count) = bins(&values, least, greatest);
    let mut counts = vec![0_usize; count];
    for value in &values {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "no value lies below the lowest edge, and the last bin takes what rounding puts above"
        )]
        let bin = ((value - low) / width) as usize;
        counts[bin.min(count - 1)] += 1;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    Some(json!({
        "name": name,
        "low": low,
        "width": width,
        "counts": counts,
        "mean": mean,
        "samples": samples.len(),
        "missing": samples.len() - values.len(),
    }))
}

/// The lowest edge, the width and the number of bins: a bin for each whole number, else those of Freedman and Diaconis
/// (2 (q₃ − q₁)/n^{1/3}), else as many as Sturges has (log₂ n + 1).
fn bins(sorted: &[f64], least: f64, greatest: f64) -> (f64, f64, usize) {
    let range = greatest - least;
    let is_whole = sorted.iter().all(|value| value.fract() == 0.0);
    if is_whole && range <= LONGEST_WHOLE_RANGE {
        return (least - 0.5, 1.0, whole(range + 1.0));
    }
    if range <= 0.0 {
        let width = least.abs().max(f64::MIN_POSITIVE) * 1e-3;
        return (least - 0.5 * width, width, 1);
    }
    let number = sorted.len() as f64;
    let quantile = |share: f64| sorted[whole(share * (number - 1.0))];
    let spread = quantile(0.75) - quantile(0.25);
    let wanted = if spread > 0.0 {
        range / (2.0 * spread / number.cbrt())
    } else {
        number.log2() + 1.0
    };
    let count = wanted.ceil().clamp(1.0, MOST_BINS);
    (least, range / count, whole(count))
}

fn whole(value: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of bins and places among the samples"
    )]
    let whole = value as usize;
    whole
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_counted_once() {
        let samples: Vec<Option<f64>> = (0..100)
            .map(|index| (index % 10 != 0).then_some(f64::from(index) * 0.01))
            .collect();
        let found = histogram("x", &samples).unwrap();
        let counts = found["counts"].as_array().unwrap();
        let sum: u64 = counts.iter().filter_map(Value::as_u64).sum();
        assert_eq!((sum, &found["missing"]), (90, &json!(10)));
        // q₃ − q₁ = .49, n = 90: width .219 over .98
        assert_eq!(counts.len(), 5);
    }

    #[test]
    fn flags_have_a_bin_each_and_equal_samples_one() {
        let flags = [Some(0.0), Some(1.0), Some(1.0)];
        let found = histogram("flag", &flags).unwrap();
        assert_eq!(
            (&found["low"], &found["counts"]),
            (&json!(-0.5), &json!([1, 2]))
        );
        let equal = histogram("equal", &[Some(0.25); 4]).unwrap();
        assert_eq!(equal["counts"], json!([4]));
        assert!(equal["width"].as_f64().unwrap() > 0.0);
        assert!(histogram("none", &[None, None]).is_none());
    }
}
