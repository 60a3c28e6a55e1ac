//! `dam plot`: the figures of a job, from its finished tasks.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use dam::plots::drawing::refuse_foreign_figure;
use dam::plots::{self, OwnPoints};
use dam::runs::view::{Format, Width};
use dam::sims::{Job, Store};
use rayon::prelude::*;

use super::job_file::{Finished, JobArguments};
use crate::terminal::error::CommandError;
use crate::terminal::table;

// no doc comment: clap would take it for the text of the command
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
    /// Lay your own points on its figures: a csv with columns x, y, x_error, y_error, series, figure, panel
    #[arg(long, value_name = "FILE.csv")]
    points: Option<PathBuf>,
    /// Formats besides the csv, such as `pgf,pdf`, in place of those of the job; pgf is source of pgfplots for LaTeX
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = formats())]
    format: Vec<Format>,
    /// For which column of text, in place of what the job says
    #[arg(long, value_parser = widths())]
    width: Option<Width>,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let own = arguments.points.as_deref().map(OwnPoints::read);
    let own = own.transpose()?;
    let mut found = arguments.job.finished()?;
    let settings = &mut found.job.figure;
    if !arguments.format.is_empty() {
        settings.formats = Some(arguments.format.clone());
    }
    settings.width = arguments.width.or(settings.width);
    table::wrote(&write_with(&found, own.as_ref())?)
}

fn formats() -> impl TypedValueParser<Value = Format> {
    named(&Format::ALL, Format::extension)
}

fn widths() -> impl TypedValueParser<Value = Width> {
    named(&Width::ALL, Width::name)
}

/// Takes the names of these values.
fn named<T: Copy + Send + Sync + 'static>(
    values: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(values.iter().map(|&value| name(value))).map(move |given| {
        let found = values.iter().find(|&&value| name(value) == given);
        *found.expect("the parser takes names of the list only")
    })
}

/// Writes every figure of the job that has something to show; returns the paths written.
pub fn write_figures(found: &Finished) -> Result<Vec<PathBuf>, CommandError> {
    write_with(found, None)
}

fn write_with(found: &Finished, own: Option<&OwnPoints>) -> Result<Vec<PathBuf>, CommandError> {
    let store = &found.store;
    let mut figures = plots::draw(&found.job, &found.results)?;
    if let Some(own) = own {
        let stems: Vec<&str> = figures.iter().map(|(stem, _)| stem.as_str()).collect();
        own.check_figures(&stems)?;
        for (number, (stem, figure)) in figures.iter_mut().enumerate() {
            own.add_to(figure, stem, number == 0)?;
        }
    }
    let written: Vec<_> = figures
        .par_iter()
        .map(|(stem, figure)| figure.write(store.directory(), &store.figure_stem(stem)))
        .collect();
    let mut paths = Vec::new();
    for files in written {
        paths.extend(files?);
    }
    Ok(paths)
}

/// Refuses to begin where files in the place of the job's figures are not ours to replace.
pub fn check_places(job: &Job, store: &Store) -> Result<(), CommandError> {
    for stem in plots::stems(job) {
        refuse_foreign_figure(store.directory(), &store.figure_stem(&stem))?;
    }
    Ok(())
}
