//! The figures that belong to a job: one file per experiment.

mod closest_pair;
mod crossover;
mod retrieval;

use std::path::PathBuf;

use dam::plots::{Figure, PlotError};
use dam::sims::{Job, Quantity, Results, Store, TaskResult};

use crate::error::CommandError;

/// Draws the figure of the job's experiment; returns the paths written.
pub fn write(job: &Job, store: &Store, results: &Results) -> Result<Vec<PathBuf>, CommandError> {
    let name = job.experiment.name();
    let figure = match name {
        "closest-pair" => closest_pair::figure(job, results)?,
        "crossover" => crossover::figure(job, results)?,
        "retrieval" => retrieval::figure(job, results)?,
        other => unreachable!("experiment {other} has a figure"),
    };
    match figure {
        Some(figure) => Ok(figure.write(store.directory(), &store.figure_stem(name))?),
        None => Ok(Vec::new()),
    }
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
