//! `dam plot`: the figures of a job, from its finished tasks.

use std::path::PathBuf;

use dam::plots;
use dam::plots::drawing::refuse_foreign_figure;
use dam::sims::{Job, Results, Store};

use super::job::JobArguments;
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Draw the figures of a job from its finished tasks
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
    let results = opened.results()?;
    for path in write_figures(&opened.job, &opened.store, &results)? {
        table::wrote(&path)?;
    }
    Ok(())
}

/// Writes every figure of the job that has something to show; returns the paths written.
pub fn write_figures(
    job: &Job,
    store: &Store,
    results: &Results,
) -> Result<Vec<PathBuf>, CommandError> {
    let mut written = Vec::new();
    for (stem, figure) in plots::draw(job, results)? {
        written.extend(figure.write(store.directory(), &store.figure_stem(&stem))?);
    }
    Ok(written)
}

/// Refuses to begin where files in the place of the job's figures are not ours to replace.
pub fn check_places(job: &Job, store: &Store) -> Result<(), CommandError> {
    for stem in plots::stems(job) {
        refuse_foreign_figure(store.directory(), &store.figure_stem(&stem))?;
    }
    Ok(())
}
