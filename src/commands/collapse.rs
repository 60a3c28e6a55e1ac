//! `dam collapse`: the curves of several sizes on one curve.

use std::path::{Path, PathBuf};

use clap::Args;
use dam::experiments::analyses::{
    Collapse, CollapseRequest, Collapses, LEAST_SIZES, collapse, collapse_data,
};
use dam::experiments::retrieval;
use dam::plots::drawing::refuse_foreign_figure;
use dam::plots::figure::Origin;
use dam::plots::special::{CollapsePanel, CollapsedCurve, collapse_figure};
use dam::runs::suggestion::did_you_mean;
use dam::runs::view::ensemble_title;
use dam::statistics::StatisticsError;
use dam::statistics::collapse::{CollapseData, Fit, Parameter, Settings};

use super::job_file::{Finished, JobArguments};
use super::options::{FormatArguments, create_folder};
use crate::terminal::error::CommandError;
use crate::terminal::note::warn;
use crate::terminal::table::{self, Format, Row};

/// Collapse the curves of several sizes onto one, with fitted λ_c, ν and ζ, and draw it
///
/// a(λ, L) = L^(ζ/ν) (1 + b L^−ω) f(L^(1/ν) (λ − λ_c − shift ln L/L)), by two qualities S: the customary one of straight
/// lines, and a spline through all points. Errors are those of resampled sets: samples drawn anew with their whole
/// curves, or points with the errors of a file. Contours: of the spline the 68 % confidence region, of the lines
/// S ≤ S_min + 1. A fit that the data do not determine is refused.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A job of experiment = "retrieval"
    #[arg(value_name = "JOB.toml", required_unless_present = "data")]
    job: Option<PathBuf>,
    /// Curves from elsewhere: a csv with columns size, x, y, error; grids may differ
    #[arg(long, value_name = "FILE.csv")]
    data: Option<PathBuf>,
    /// Folder of the results and the figure
    #[arg(long, value_name = "DIR", default_value = "results")]
    output: PathBuf,
    /// Hold a parameter: lambda_c, nu, zeta, b, omega or shift
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    fix: Vec<(Parameter, f64)>,
    /// Where the search of a parameter starts
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    start: Vec<(Parameter, f64)>,
    /// Where a parameter may lie
    #[arg(long, value_name = "NAME=LOW:HIGH", value_parser = bounds)]
    bounds: Vec<(Parameter, [f64; 2])>,
    /// Fit a correction too: b (1 + b L^−ω, at ω = 1 unless --fix or --free omega), omega, shift (of λ_c by ln L/L)
    #[arg(long, value_name = "NAME", value_parser = parameter)]
    free: Vec<Parameter>,
    /// Add a row for each correction, to see what S gains
    #[arg(long)]
    corrections: bool,
    /// Sets drawn anew for the errors
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u32).range(20..=10_000))]
    resamples: u32,
    #[command(flatten)]
    format: FormatArguments,
}

/// The name that tables and the command line have for a parameter.
fn name(parameter: Parameter) -> &'static str {
    if parameter == Parameter::RhoC {
        "lambda_c"
    } else {
        parameter.name()
    }
}

fn parameter(text: &str) -> Result<Parameter, String> {
    let found = Parameter::ALL
        .into_iter()
        .find(|&found| name(found) == text);
    found.ok_or_else(|| {
        let known = Parameter::ALL.map(name);
        let near = did_you_mean(text, known);
        format!(
            "{text:?} is no parameter; known: {}{near}",
            known.join(", ")
        )
    })
}

fn number(text: &str) -> Result<f64, String> {
    let value = text
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite());
    value.ok_or_else(|| format!("{text:?} is not a number"))
}

fn assignment(text: &str) -> Result<(Parameter, f64), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("write NAME=VALUE, such as nu=1.5")?;
    Ok((parameter(name.trim())?, number(value)?))
}

fn bounds(text: &str) -> Result<(Parameter, [f64; 2]), String> {
    let usage = "write NAME=LOW:HIGH, such as nu=0.5:2";
    let (name, range) = text.split_once('=').ok_or(usage)?;
    let (low, high) = range.split_once(':').ok_or(usage)?;
    let (low, high) = (number(low)?, number(high)?);
    if low >= high {
        return Err(format!("{low} is not below {high}"));
    }
    Ok((parameter(name.trim())?, [low, high]))
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let request = arguments.request()?;
    let data = arguments.data.as_deref();
    let data = match data {
        Some(path) => Some((path, read(path)?)),
        None => None,
    };
    let finished = arguments.finished()?;
    let mut outcomes = Vec::new();
    if let Some(found) = &finished {
        outcomes = collapse(&found.results, &request);
        if outcomes.is_empty() && data.is_none() {
            return Err(CommandError::BadInput(format!(
                "no load of {:?} has three sizes whose retrieval probability passes ½; add values to sweep.size or widen \
                 sweep.lambda",
                found.job.name
            )));
        }
    }
    let stem = data
        .as_ref()
        .map_or_else(|| "data".into(), |(path, _)| stem(path));
    if let Some((_, data)) = data {
        outcomes.push(collapse_data(&stem, data, &request));
    }
    let collapses = told(outcomes, &stem);
    if collapses.is_empty() {
        let what = if finished.is_some() {
            "no load has a collapse"
        } else {
            "the data have no collapse"
        };
        return Err(CommandError::Failed(what.to_owned()));
    }
    let fitted = fitted(&collapses);
    let rows = collapses.iter().flat_map(|of| {
        let fits = [("lines", &of.found.lines), ("spline", &of.found.spline)];
        fits.map(|(quality, fit)| Ok(row(of, quality, fit, &fitted)))
    });
    let format = arguments.format.format;
    table::print(format, rows)?;
    let written = arguments.write_figure(finished.as_ref(), &stem, &collapses)?;
    // the table alone stands on standard output where programs read it
    if format == Format::Table {
        table::wrote(&written)?;
    }
    Ok(())
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The collapses that are there; what is wrong with the others is said.
fn told(outcomes: Vec<Collapses>, stem: &str) -> Vec<Collapse> {
    let mut collapses = Vec::new();
    for (load, outcomes) in outcomes {
        let place = load.map_or_else(|| format!("of {stem}"), |load| format!("at α = {load}"));
        for outcome in outcomes {
            match outcome {
                Ok(collapse) => {
                    if let Some(parameter) = collapse.found.disagreement() {
                        warn(format_args!(
                            "the two qualities of the curves {place} give values of {} that differ by more than \
                             twice their errors: the sizes do not follow the form to this accuracy; add larger ones",
                            name(parameter)
                        ));
                    }
                    collapses.push(collapse);
                }
                Err(error) => warn(format_args!(
                    "the curves {place} have no collapse: {}",
                    renamed(&error)
                )),
            }
        }
    }
    collapses
}

/// The error with the parameters as they are called here.
fn renamed(error: &StatisticsError) -> String {
    error
        .to_string()
        .replace(Parameter::RhoC.name(), name(Parameter::RhoC))
}

/// The parameters that some collapse fits, λ_c, ν and ζ always.
fn fitted(collapses: &[Collapse]) -> Vec<Parameter> {
    let is_shown = |parameter: &Parameter| {
        let mut fits = collapses.iter().map(|of| &of.found.spline.free);
        Settings::plain().free().contains(parameter) || fits.any(|free| free.contains(parameter))
    };
    Parameter::ALL.into_iter().filter(is_shown).collect()
}

/// The columns of a parameter: value, error, half width of the contour.
fn columns(parameter: Parameter) -> [&'static str; 3] {
    match parameter {
        Parameter::RhoC => ["lambda_c", "lambda_c_error", "lambda_c_contour"],
        Parameter::Nu => ["nu", "nu_error", "nu_contour"],
        Parameter::Zeta => ["zeta", "zeta_error", "zeta_contour"],
        Parameter::Amplitude => ["b", "b_error", "b_contour"],
        Parameter::Omega => ["omega", "omega_error", "omega_contour"],
        Parameter::Shift => ["shift", "shift_error", "shift_contour"],
    }
}

fn row(of: &Collapse, quality: &str, fit: &Fit, fitted: &[Parameter]) -> Row {
    let mut row: Row = vec![
        ("ensemble", of.name.as_str().into()),
        ("alpha", of.alpha.into()),
        ("sizes", of.sizes.len().into()),
        ("points", fit.points.into()),
        ("method", quality.into()),
    ];
    for &parameter in fitted {
        let [value, error, contour] = fit.of(parameter);
        let is_free = fit.free.contains(&parameter);
        let cells = [
            Some(value),
            is_free.then_some(error),
            is_free.then_some(contour),
        ];
        row.extend(
            columns(parameter)
                .into_iter()
                .zip(cells.map(table::Cell::from)),
        );
    }
    row.push(("quality", fit.quality.into()));
    row.push(("lambda_1", of.infinite_size.into()));
    row
}

impl Arguments {
    /// What is asked of the fit.
    fn request(&self) -> Result<CollapseRequest, CommandError> {
        let mut settings = Settings::plain();
        for &parameter in &self.free {
            settings.of(parameter).is_free = true;
        }
        for &(parameter, value) in &self.start {
            settings.of(parameter).start = Some(value);
        }
        for &(parameter, range) in &self.bounds {
            settings.of(parameter).bounds = range;
        }
        for &(parameter, value) in &self.fix {
            let setting = settings.of(parameter);
            (setting.start, setting.is_free) = (Some(value), false);
        }
        let mut is_fixed = self.fix.iter().map(|(parameter, _)| parameter);
        if let Some(parameter) = is_fixed.find(|parameter| self.free.contains(parameter)) {
            let name = name(*parameter);
            return Err(CommandError::BadInput(format!(
                "{name} cannot be fixed and free: leave one out"
            )));
        }
        settings
            .check()
            .map_err(|error| CommandError::BadInput(renamed(&error)))?;
        Ok(CollapseRequest {
            settings,
            resamples: self.resamples as usize,
            with_corrections: self.corrections,
        })
    }

    /// The finished tasks of the job, where one is given.
    fn finished(&self) -> Result<Option<Finished>, CommandError> {
        let Some(job) = &self.job else {
            return Ok(None);
        };
        let job = JobArguments {
            job: job.clone(),
            output: self.output.clone(),
        };
        let only = |kind: &str| format!("the curves of {kind} are collapsed");
        job.finished_of(retrieval::KIND.name, only).map(Some)
    }

    /// Draws a panel per collapse; returns the paths written.
    fn write_figure(
        &self,
        found: Option<&Finished>,
        stem: &str,
        collapses: &[Collapse],
    ) -> Result<Vec<PathBuf>, CommandError> {
        let panels: Vec<CollapsePanel> = collapses.iter().map(panel).collect();
        let (folder, stem, title, origin) = match found {
            Some(found) => (
                found.store.directory(),
                found.store.figure_stem("collapse"),
                ensemble_title(found.job.ensemble.name(), &found.job.ensemble_parameters),
                dam::plots::origin(&found.job, &found.results),
            ),
            None => (
                self.output.as_path(),
                format!("{stem}.collapse"),
                stem.to_owned(),
                Origin {
                    source: format!("dam collapse --data {stem}.csv"),
                    samples: "those of that file".to_owned(),
                },
            ),
        };
        create_folder(folder)?;
        refuse_foreign_figure(folder, &stem)?;
        let figure = collapse_figure(&title, &panels)?.made_from(origin);
        Ok(figure.write(folder, &stem)?)
    }
}

/// Curves of a csv, by size.
fn read(path: &Path) -> Result<CollapseData, CommandError> {
    let bad = |message: String| CommandError::BadInput(format!("{}: {message}", path.display()));
    let metadata = std::fs::metadata(path);
    if !metadata
        .map_err(|error| bad(format!("cannot be read: {error}")))?
        .is_file()
    {
        return Err(bad("is no regular file".to_owned()));
    }
    let reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_path(path);
    let mut reader = reader.map_err(|error| bad(format!("cannot be read: {error}")))?;
    let header = reader
        .headers()
        .map_err(|error| bad(format!("is no csv: {error}")))?
        .clone();
    let place = |name: &str| {
        let place = header.iter().position(|column| column == name);
        let columns = header.iter().collect::<Vec<_>>().join(", ");
        place.ok_or_else(|| {
            bad(format!(
                "has no column {name:?} among {columns}; it needs size, x, y, error"
            ))
        })
    };
    let places = [place("size")?, place("x")?, place("y")?, place("error")?];
    let mut points: Vec<[f64; 4]> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| bad(format!("is no csv: {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let mut point = [0.0; 4];
        for (value, &place) in point.iter_mut().zip(&places) {
            let text = record.get(place).unwrap_or_default();
            *value = number(text).map_err(|error| bad(format!("line {line}: {error}")))?;
        }
        if point[0] <= 0.0 || point[3] <= 0.0 {
            let (name, value) = if point[0] <= 0.0 {
                ("size", point[0])
            } else {
                ("error", point[3])
            };
            return Err(bad(format!("line {line}: {name} {value} is not positive")));
        }
        points.push(point);
    }
    points.sort_by(|left, right| {
        left[0]
            .total_cmp(&right[0])
            .then(left[1].total_cmp(&right[1]))
    });
    if let Some(pair) = points.windows(2).find(|pair| pair[0][..2] == pair[1][..2]) {
        let [size, x, ..] = pair[0];
        return Err(bad(format!(
            "has x = {x} twice at size {size}; give each point once"
        )));
    }
    let sizes: Vec<&[[f64; 4]]> = points.chunk_by(|left, right| left[0] == right[0]).collect();
    if sizes.len() < LEAST_SIZES {
        return Err(bad(format!(
            "has {} sizes; {LEAST_SIZES} are needed to tell the exponents",
            sizes.len()
        )));
    }
    let rows = |column: usize| {
        sizes
            .iter()
            .map(|size| size.iter().map(|point| point[column]).collect())
            .collect()
    };
    let data = CollapseData::new(
        sizes.iter().map(|size| size[0][0]).collect(),
        rows(1),
        rows(2),
        rows(3),
    );
    data.map_err(|error| bad(error.to_string()))
}

fn panel(of: &Collapse) -> CollapsePanel {
    let (fit, scaled) = (&of.found.spline, &of.scaled);
    let curve = |(row, &size): (usize, &f64)| CollapsedCurve {
        size,
        points: scaled.x[row]
            .iter()
            .zip(&scaled.y[row])
            .zip(&scaled.dy[row])
            .map(|((&x, &y), &dy)| (x, y, dy))
            .collect(),
    };
    let with_error = |parameter| {
        let [value, error, _] = fit.of(parameter);
        (value, error)
    };
    let others = of
        .corrections
        .iter()
        .map(|&parameter| (name(parameter), with_error(parameter)));
    CollapsePanel {
        load: of.alpha,
        lambda_c: with_error(Parameter::RhoC),
        nu: with_error(Parameter::Nu),
        zeta: with_error(Parameter::Zeta),
        corrections: others.collect(),
        quality: fit.quality,
        curves: of.sizes.iter().enumerate().map(curve).collect(),
    }
}
