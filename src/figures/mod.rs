//! The figures that belong to a job: one file per experiment.

mod all_patterns;
mod basin;
mod closest_pair;
mod collapse;
mod crossover;
mod metastable_states;
mod nearest_pattern;
mod one_step;
mod overlap_statistics;
mod plane;
mod retrieval;
mod retrieval_error;
mod scaled_dot_product;
mod semantic_neighbours;
mod separation_bound;
mod training;

pub use collapse::write as write_collapse;

use std::path::PathBuf;

use dam::plots::PlotError;
use dam::plots::drawing::refuse_foreign_figure;
use dam::plots::figure::{Figure, literal};
use dam::sims::{Job, Quantity, Results, Store, Task, TaskResult};
use dam::theory::TheoryError;
use dam::theory::finite_size::PatternCount;

use crate::terminal::error::CommandError;

/// Draws every figure of the job's experiment; returns the paths written.
pub fn write(job: &Job, store: &Store, results: &Results) -> Result<Vec<PathBuf>, CommandError> {
    let (stems, figures) = (stems(job), figures(job, results)?);
    assert_eq!(stems.len(), figures.len(), "every figure has a stem");
    let mut written = Vec::new();
    for (stem, figure) in stems.iter().zip(figures) {
        if let Some(figure) = figure {
            written.extend(figure.write(store.directory(), &store.figure_stem(stem))?);
        }
    }
    Ok(written)
}

/// Refuses to begin where files in the place of the job's figures are not ours to replace.
pub fn check_places(job: &Job, store: &Store) -> Result<(), CommandError> {
    for stem in stems(job) {
        refuse_foreign_figure(store.directory(), &store.figure_stem(&stem))?;
    }
    Ok(())
}

/// What tells the job's figures apart in their file names.
fn stems(job: &Job) -> Vec<String> {
    let name = job.kind;
    let more: &[&str] = match name {
        "all-patterns" => &["lost-patterns", "half-load"],
        "crossover" => &["crossover-sizes"],
        "semantic-neighbours" => &["semantic-neighbours-directions"],
        "noise-robustness" | "training-steps" => return retrieval_error::stems(job),
        "basins-2d" | "energy-landscape" => return plane::stems(job),
        _ => &[],
    };
    let all = std::iter::once(name).chain(more.iter().copied());
    all.map(str::to_owned).collect()
}

/// The figures of the job, in the order of their stems; `None` where no task has a value to show.
fn figures(job: &Job, results: &Results) -> Result<Vec<Option<Figure>>, PlotError> {
    Ok(vec![match job.kind {
        "all-patterns" => return all_patterns::figures(job, results),
        "crossover" => return crossover::figures(job, results),
        "semantic-neighbours" => {
            let directions = semantic_neighbours::directions(job, results)?;
            return Ok(vec![semantic_neighbours::figure(job, results)?, directions]);
        }
        "noise-robustness" | "training-steps" => return retrieval_error::figures(job, results),
        "basins-2d" | "energy-landscape" => return plane::figures(job, results),
        "basin" => basin::figure(job, results)?,
        "closest-pair" => closest_pair::figure(job, results)?,
        "kernel-training" => training::figure(job, results)?,
        "memory-capacity" => retrieval_error::figure(job, results)?,
        "metastable-states" => metastable_states::figure(job, results)?,
        "nearest-pattern" => nearest_pattern::figure(job, results)?,
        "one-step" => one_step::figure(job, results)?,
        "overlap-statistics" => overlap_statistics::figure(job, results)?,
        "scaled-dot-product" => scaled_dot_product::figure(results)?,
        "separation-bound" => separation_bound::figure(job, results)?,
        "retrieval" => retrieval::figure(job, results)?,
        other => unreachable!("experiment {other} has a figure"),
    }])
}

/// The results of a task of the job, once it is finished.
fn result_of<'a>(results: &'a Results, task: &Task) -> Option<&'a TaskResult> {
    results.tasks.iter().find(|result| result.task == *task)
}

/// A figure, or `None` where no task has a value to show.
type Drawn = Result<Option<Figure>, PlotError>;

fn quantities<'a>(result: &'a TaskResult, name: &'a str) -> impl Iterator<Item = &'a Quantity> {
    result
        .quantities
        .iter()
        .filter(move |quantity| quantity.name == name)
}

/// Value and interval, where the samples give them.
fn measured(quantity: &Quantity) -> Option<(f64, f64, f64)> {
    Some((quantity.value()?, quantity.lower?, quantity.upper?))
}

/// The values of a coordinate at which a quantity was measured, in order of their appearance.
fn coordinate_values(result: &TaskResult, name: &str, coordinate: &str) -> Vec<f64> {
    let mut values = Vec::new();
    for quantity in quantities(result, name) {
        if let Some(&value) = quantity.coordinates.get(coordinate)
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    values
}

/// "dot, softmax" from the labels of a quantity.
fn composition_name(quantity: &Quantity) -> String {
    let labels = ["similarity", "separation"]
        .into_iter()
        .filter_map(|name| quantity.labels.get(name).map(|label| literal(label)));
    labels.collect::<Vec<_>>().join(", ")
}

/// Points of the curves against N.
const CURVE_POINTS: i32 = 60;
/// Curves against 1/N end at this N, close to their limit at 1/N = 0.
const LARGEST_CURVE_SIZE: f64 = 20_000.0;

/// Sizes from `smallest` on at equal steps of √(1/N), which show how steeply a curve falls to its limit.
fn sizes_towards_infinity(smallest: f64) -> impl Iterator<Item = f64> {
    let (first, last) = (smallest.recip().sqrt(), LARGEST_CURVE_SIZE.recip().sqrt());
    (0..=CURVE_POINTS).map(move |index| {
        let fraction = f64::from(index) / f64::from(CURVE_POINTS);
        (first * (1.0 - fraction) + last * fraction).powi(-2)
    })
}

/// Sizes from `smallest` to `largest` at equal steps of ln N.
fn sizes_between(smallest: f64, largest: f64) -> impl Iterator<Item = f64> {
    (0..=CURVE_POINTS).map(move |index| {
        let fraction = f64::from(index) / f64::from(CURVE_POINTS);
        smallest * (largest / smallest).powf(fraction)
    })
}

/// P of the given logarithm, not rounded to a whole number.
fn unrounded_patterns(log_count: f64) -> Result<PatternCount, TheoryError> {
    PatternCount::from_log_noise_patterns(log_count + (-(-log_count).exp()).ln_1p())
}
