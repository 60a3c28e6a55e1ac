//! `dam collapse`: the retrieval curves of several N on one curve.

use std::path::PathBuf;

use dam::experiments::retrieval;
use dam::plots::drawing::refuse_foreign_figure;
use dam::plots::special::{CollapsePanel, CollapsedCurve, collapse_figure};
use dam::runs::view::ensemble_title;
use dam::sims::{Collapse, collapse};

use super::job::Finished;
pub use super::job::TableArguments as Arguments;
use crate::terminal::error::CommandError;
use crate::terminal::note::note;
use crate::terminal::table::{self, Format};

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let only = |kind: &str| format!("the curves of {kind} are collapsed");
    let found = arguments.finished_of(retrieval::KIND.name, only)?;
    let outcomes = collapse(&found.results);
    if outcomes.is_empty() {
        return Err(CommandError::BadInput(format!(
            "no load of {:?} has three sizes whose retrieval probability passes ½; add values to sweep.size or widen \
             sweep.lambda",
            found.job.name
        )));
    }
    let mut collapses = Vec::new();
    for (load, outcome) in outcomes {
        match outcome {
            Ok(collapse) => collapses.push(collapse),
            Err(error) => note(format_args!(
                "warning: the curves at α = {load} have no collapse: {error}"
            )),
        }
    }
    if collapses.is_empty() {
        return Err(CommandError::Failed("no load has a collapse".to_owned()));
    }
    let row = |of: &Collapse| {
        let fit = &of.fit;
        Ok(vec![
            ("ensemble", of.ensemble.as_str().into()),
            ("alpha", of.alpha.into()),
            ("sizes", of.sizes.len().into()),
            ("lambda_c", fit.rho_c.into()),
            ("lambda_c_error", fit.rho_c_error.into()),
            ("nu", fit.nu.into()),
            ("nu_error", fit.nu_error.into()),
            ("zeta", fit.zeta.into()),
            ("zeta_error", fit.zeta_error.into()),
            ("quality", fit.quality.into()),
            ("lambda_1", of.infinite_size.into()),
        ])
    };
    table::print(arguments.format(), collapses.iter().map(row))?;
    let written = write_figure(&found, &collapses)?;
    // the table alone stands on standard output where programs read it
    if arguments.format() == Format::Table {
        table::wrote(&written)?;
    }
    Ok(())
}

/// Draws a panel per load; returns the paths written.
fn write_figure(found: &Finished, collapses: &[Collapse]) -> Result<Vec<PathBuf>, CommandError> {
    let (job, store) = (&found.job, &found.store);
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
