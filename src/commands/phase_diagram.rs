//! `dam phase-diagram`: the theory figures of an ensemble, with measured boundaries and a user's own points on them.

use std::path::{Path, PathBuf};

use clap::Args;
use dam::plots::OwnPoints;
use dam::plots::drawing::refuse_foreign_figure;
use dam::plots::figure::{Origin, Points};
use dam::plots::origin;
use dam::plots::special::{Plane, measured_boundary, phase_diagram, rate_functions};
use dam::runs::view::ensemble_stem;
use dam::theory::Ensemble;

use super::ensemble::EnsembleArguments;
use super::job_file::JobArguments;
use super::options::{Span, create_folder};
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Draw the phase diagram and the rate functions of an ensemble (theory only, seconds), with measurements on request
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    ensemble: EnsembleArguments,
    /// Folder for the figures
    #[arg(long, value_name = "DIR", default_value = "results")]
    output: PathBuf,
    /// Lay the measured boundary of this job on it: λ_½, λ_× or half-loads with their errors
    #[arg(long, value_name = "JOB.toml")]
    measured: Option<PathBuf>,
    /// Folder of that job's results; default: that of --output
    #[arg(long, value_name = "DIR", requires = "measured")]
    results: Option<PathBuf>,
    /// Lay your own points on it: a csv with columns x and y (or lambda and alpha), x_error, y_error, series
    #[arg(long, value_name = "FILE.csv")]
    points: Option<PathBuf>,
    /// λ shown, `low:high`; default: 0:3
    #[arg(long, value_name = "LOW:HIGH", allow_hyphen_values = true)]
    lambda: Option<Span>,
    /// α shown, `low:high`; default: 0 to 1.4 times the largest α₁ shown
    #[arg(long, value_name = "LOW:HIGH", allow_hyphen_values = true)]
    alpha: Option<Span>,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let own = arguments.points.as_deref().map(OwnPoints::read);
    let own = own.transpose()?;
    let measured = arguments.measured.as_deref();
    let results = arguments.results.as_ref().unwrap_or(&arguments.output);
    let boundary = measured.map(|job| boundary(ensemble.as_ref(), job, results));
    let boundary = boundary.transpose()?;
    let mut plane = Plane::default();
    if let Some(Span(low, high)) = arguments.lambda {
        plane.lambda = (low, high);
    }
    plane.load = arguments.alpha.map(|Span(low, high)| (low, high));
    let mut diagram = phase_diagram(ensemble.as_ref(), plane)?;
    let theory = || Origin::theory("dam phase-diagram");
    diagram.origin = Some(theory());
    if let Some((boundary, origin)) = boundary.filter(|(points, _)| !points.is_empty()) {
        diagram.note = Some("Bars: one standard error.".to_owned());
        diagram.origin = Some(origin);
        for points in boundary {
            diagram.panels[0].add(points);
        }
    }
    let stem = "phase-diagram";
    if let Some(own) = own {
        own.check_figures(&[stem])?;
        own.add_to(&mut diagram, stem, true)?;
    }
    create_folder(&arguments.output)?;
    let ensemble_stem = ensemble_stem(ensemble.name(), &ensemble.parameters());
    let figures = [
        (stem, diagram),
        (
            "rate-function",
            rate_functions(&[ensemble.as_ref()])?.made_from(theory()),
        ),
    ];
    for (name, figure) in figures {
        let stem = format!("{ensemble_stem}.{name}");
        refuse_foreign_figure(&arguments.output, &stem)?;
        table::wrote(&figure.write(&arguments.output, &stem)?)?;
    }
    Ok(())
}

/// What a job of the same patterns measured of the boundary between loss and retrieval.
fn boundary(
    ensemble: &dyn Ensemble,
    path: &Path,
    results: &Path,
) -> Result<(Vec<Points>, Origin), CommandError> {
    let job = JobArguments {
        job: path.to_owned(),
        output: results.to_owned(),
    };
    let opened = job.open()?;
    let (own, shown) = (&opened.job.ensemble_parameters, ensemble.parameters());
    if opened.job.ensemble.name() != ensemble.name() || *own != shown {
        let name = |name: &str, parameters: &dam::theory::Parameters| {
            format!("{:?}", ensemble_stem(name, parameters))
        };
        return Err(CommandError::BadInput(format!(
            "{}: its patterns are {}, not {}; give --ensemble the patterns of the job",
            path.display(),
            name(opened.job.ensemble.name(), own),
            name(ensemble.name(), &shown)
        )));
    }
    let kind = opened.job.kind;
    if opened
        .job
        .experiment
        .boundary(opened.job.ensemble.as_ref())
        .is_none()
    {
        return Err(CommandError::BadInput(format!(
            "{}: experiment = {kind:?} measures no boundary between loss and retrieval here; give a job of \"crossover\", \
             \"retrieval\", \"all-patterns\", or \"phase-map\" of typical or all patterns",
            path.display()
        )));
    }
    let found = opened.finished()?;
    let points = measured_boundary(&found.job, &found.results).unwrap_or_default();
    Ok((points, origin(&found.job, &found.results)))
}
