//! `dam plot`: the figures of a job, from its finished tasks.

use std::path::PathBuf;

use dam::plots;
use dam::plots::drawing::refuse_foreign_figure;
use dam::sims::{Job, Store};

use super::job::Finished;
pub use super::job::JobArguments as Arguments;
use crate::terminal::error::CommandError;
use crate::terminal::table;

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    table::wrote(&write_figures(&arguments.finished()?)?)
}

/// Writes every figure of the job that has something to show; returns the paths written.
pub fn write_figures(found: &Finished) -> Result<Vec<PathBuf>, CommandError> {
    let store = &found.store;
    let mut written = Vec::new();
    for (stem, figure) in plots::draw(&found.job, &found.results)? {
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
