//! `dam collapse`: the retrieval curves of several N on one curve.

use std::path::PathBuf;

use dam::experiments::retrieval;
use dam::plots::drawing::refuse_foreign_figure;
use dam::plots::special::{CollapsePanel, CollapsedCurve, collapse_figure};
use dam::runs::view::ensemble_title;
use dam::sims::{Collapse, collapse};

use super::job::{JobArguments, Opened};
use super::options::FormatArguments;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Format, Table};

/// Collapse the retrieval curves of several N onto one, with fitted λ_c, ν and ζ, and draw it
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
    if opened.job.kind != retrieval::KIND.name {
        return Err(CommandError::BadInput(format!(
            "{:?} measures {:?}; only the curves of experiment = {:?} are collapsed",
            opened.job.name,
            opened.job.kind,
            retrieval::KIND.name
        )));
    }
    let found = collapse(&opened.results()?);
    if found.is_empty() {
        return Err(CommandError::BadInput(format!(
            "no load of {:?} has three sizes whose retrieval probability passes ½; add values to sweep.size or widen \
             sweep.lambda",
            opened.job.name
        )));
    }
    let mut collapses = Vec::new();
    for (load, outcome) in found {
        match outcome {
            Ok(collapse) => collapses.push(collapse),
            Err(error) => eprintln!("warning: the curves at α = {load} have no collapse: {error}"),
        }
    }
    if collapses.is_empty() {
        return Err(CommandError::Failed("no load has a collapse".to_owned()));
    }
    let mut table = Table::new([
        "ensemble",
        "alpha",
        "sizes",
        "lambda_c",
        "lambda_c_error",
        "nu",
        "nu_error",
        "zeta",
        "zeta_error",
        "quality",
        "lambda_1",
    ]);
    for row in &collapses {
        table.push(vec![
            row.ensemble.as_str().into(),
            row.alpha.into(),
            row.sizes.len().into(),
            row.fit.rho_c.into(),
            row.fit.rho_c_error.into(),
            row.fit.nu.into(),
            row.fit.nu_error.into(),
            row.fit.zeta.into(),
            row.fit.zeta_error.into(),
            row.fit.quality.into(),
            row.infinite_size.into(),
        ]);
    }
    table.print(arguments.format.format)?;
    for path in write_figure(&opened, &collapses)? {
        // the table alone stands on standard output where programs read it
        if arguments.format.format == Format::Table {
            table::wrote(&path)?;
        }
    }
    Ok(())
}

/// Draws a panel per load; returns the paths written.
fn write_figure(opened: &Opened, collapses: &[Collapse]) -> Result<Vec<PathBuf>, CommandError> {
    let (job, store) = (&opened.job, &opened.store);
    let title = ensemble_title(job.ensemble.name(), &job.ensemble_parameters);
    let panels: Vec<CollapsePanel> = collapses.iter().map(panel).collect();
    let stem = store.figure_stem("collapse");
    refuse_foreign_figure(store.directory(), &stem)?;
    Ok(collapse_figure(&title, &panels)?.write(store.directory(), &stem)?)
}

fn panel(collapse: &Collapse) -> CollapsePanel {
    let (fit, scaled) = (&collapse.fit, &collapse.scaled);
    let curve = |(row, &size): (usize, &f64)| CollapsedCurve {
        size,
        points: scaled.x[row]
            .iter()
            .zip(&scaled.y[row])
            .zip(&scaled.dy[row])
            .map(|((&x, &y), &dy)| (x, y, dy))
            .collect(),
    };
    CollapsePanel {
        load: collapse.alpha,
        lambda_c: (fit.rho_c, fit.rho_c_error),
        nu: (fit.nu, fit.nu_error),
        zeta: (fit.zeta, fit.zeta_error),
        quality: fit.quality,
        curves: collapse.sizes.iter().enumerate().map(curve).collect(),
    }
}
