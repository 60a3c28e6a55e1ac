//! `dam report`: the results of jobs as one page for the browser.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use dam::report::{Cell, Entry, OPENING, Report, Table};
use dam::runs::whole_file;
use dam::sims::{Comparison, Results, compare};

use super::compare::columns_and_cells;
use super::job_file::{Finished, JobArguments};
use super::options::create_folder;
use crate::VERSION;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, exact, for_people};

/// Write one page for the browser: figures to zoom into, measured values beside theory, samples, where they come from
///
/// The page needs no network and nothing beside it. Several jobs share a page, with an index at its top. Theory of the job's
/// patterns follows sliders, where it has closed forms: λ_×(α, N), λ₁(α), α₁(λ) and others, as `dam theory` prints them.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The job files
    #[arg(value_name = "JOB.toml", required = true)]
    jobs: Vec<PathBuf>,
    /// Folder of the results
    #[arg(long, value_name = "DIR", default_value = "results")]
    output: PathBuf,
    /// Where the page is written; default: `NAME.report.html` beside the results of one job, `report.html` of several
    #[arg(long, value_name = "FILE.html")]
    page: Option<PathBuf>,
    /// Without the theory that follows sliders
    #[arg(long)]
    without_theory: bool,
}

/// A job with all that its part of the page shows.
struct Part {
    found: Finished,
    path: PathBuf,
    text: String,
    comparisons: Vec<Comparison>,
    merged: Option<Results>,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    if let Some(place) = &arguments.page {
        check_place(place)?;
    }
    let is_alone = arguments.jobs.len() == 1;
    let parts = arguments.jobs.iter().map(|path| {
        let job = JobArguments {
            job: path.clone(),
            output: arguments.output.clone(),
        };
        let found = job.open()?.merged();
        part(if is_alone { found.some()? } else { found }, path)
    });
    let mut parts: Vec<Part> = parts.collect::<Result<_, _>>()?;
    let mut names = BTreeSet::new();
    if let Some(twin) = parts
        .iter()
        .find(|part| !names.insert(&part.found.job.name))
    {
        return Err(CommandError::BadInput(format!(
            "{}: another of these jobs is called {:?} too; name each job once",
            twin.path.display(),
            twin.found.job.name
        )));
    }
    if parts.iter().all(|part| part.found.results.tasks.is_empty()) {
        return parts.swap_remove(0).found.some().map(drop);
    }
    let place = arguments.page.clone().unwrap_or_else(|| {
        let name = match parts.as_slice() {
            [part] => format!("{}.report.html", part.found.job.name),
            _ => "report.html".to_owned(),
        };
        arguments.output.join(name)
    });
    check_place(&place)?;
    let report = Report {
        entries: parts.iter().map(Part::entry).collect(),
        program: &format!("dam {VERSION}"),
        with_theory: !arguments.without_theory,
    };
    let page = report.html()?;
    create_folder(place.parent().unwrap_or(Path::new("")))?;
    whole_file::write(&place, page.as_bytes())
        .map_err(|error| CommandError::not_writable(&place, &error))?;
    table::wrote(&[place])
}

fn part(found: Finished, path: &Path) -> Result<Part, CommandError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        CommandError::BadInput(format!("cannot read {}: {error}", path.display()))
    })?;
    Ok(Part {
        comparisons: compare(found.job.experiment.as_ref(), &found.results),
        merged: found.store.merged()?,
        path: path.to_owned(),
        text,
        found,
    })
}

impl Part {
    fn entry(&self) -> Entry<'_> {
        let (columns, rows) = columns_and_cells(&self.comparisons);
        let cell = |cell: &table::Cell| Cell {
            shown: for_people(cell),
            exact: exact(cell),
            is_number: !matches!(cell, table::Cell::Text(_)),
        };
        Entry {
            job: &self.found.job,
            job_text: &self.text,
            command: format!("dam run {}", self.path.display()),
            results: &self.found.results,
            merged: self.merged.as_ref(),
            comparisons: &self.comparisons,
            table: Table {
                columns: columns.into_iter().map(str::to_owned).collect(),
                rows: rows.map(|row| row.iter().map(cell).collect()).collect(),
            },
        }
    }
}

/// Refuses to write where something else than an earlier page stands.
fn check_place(place: &Path) -> Result<(), CommandError> {
    let foreign = || {
        Err(CommandError::BadInput(format!(
            "{} is no page of dam report; move it away, or give another place with --page",
            place.display()
        )))
    };
    if place.is_dir() {
        return foreign();
    }
    let mut beginning = Vec::new();
    let Ok(file) = File::open(place) else {
        return Ok(());
    };
    let read = file.take(OPENING.len() as u64).read_to_end(&mut beginning);
    match read {
        Ok(0) => Ok(()),
        Ok(_) if beginning == OPENING.as_bytes() => Ok(()),
        _ => foreign(),
    }
}
