//! A user's own points, from a csv file, laid over any figure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::PlotError;
use crate::figure::{Color, DataPoint, Figure, LegendPlacement, Marker, Points, literal};

/// The columns that a file may have; some have a second name in the plane of λ and α.
const COLUMNS: [(&str, &str); 7] = [
    ("x", "lambda"),
    ("y", "alpha"),
    ("x_error", "lambda_error"),
    ("y_error", "alpha_error"),
    ("series", "name"),
    ("figure", "figure"),
    ("panel", "panel"),
];
/// The name of points that have none.
const UNNAMED: &str = "own points";

/// Points with error bars by series, and where they belong.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnPoints {
    path: PathBuf,
    series: BTreeMap<Key, Vec<DataPoint>>,
}

/// Figure (the stem of a job's figure; none for its first), panel from 1, name.
type Key = (Option<String>, usize, String);

impl OwnPoints {
    /// Reads a csv file with a header: columns `x` and `y` (or `lambda` and `alpha`), and, where wanted, `x_error`, `y_error`
    /// (one standard error, or empty), `series` (the name in the legend), `figure` and `panel` (from 1).
    ///
    /// # Errors
    /// [`PlotError::OwnPoints`] naming the file, the line, the column or the value, and the mend.
    pub fn read(path: &Path) -> Result<Self, PlotError> {
        let fault = |message: String| PlotError::OwnPoints {
            path: path.to_owned(),
            message,
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(path)
            .map_err(|error| fault(error.to_string()))?;
        let header = reader
            .headers()
            .map_err(|error| fault(error.to_string()))?
            .clone();
        let places = places(&header).map_err(&fault)?;
        let mut series: BTreeMap<Key, Vec<DataPoint>> = BTreeMap::new();
        for (index, row) in reader.records().enumerate() {
            let row = row.map_err(|error| fault(error.to_string()))?;
            let line = row.position().map_or(index as u64 + 2, csv::Position::line);
            let (key, point) =
                point(&row, &places).map_err(|message| fault(format!("line {line}: {message}")))?;
            series.entry(key).or_default().push(point);
        }
        if series.is_empty() {
            return Err(fault(
                "there is no point below the header; add some".to_owned(),
            ));
        }
        Ok(Self {
            path: path.to_owned(),
            series,
        })
    }

    /// Adds those of the figure `stem` to it, and those of no figure where it is the first.
    ///
    /// # Errors
    /// [`PlotError::OwnPoints`] for a panel that the figure does not have.
    pub fn add_to(&self, figure: &mut Figure, stem: &str, is_first: bool) -> Result<(), PlotError> {
        let panels = figure.panels.len();
        for (number, ((of, panel, name), points)) in self.series.iter().enumerate() {
            let is_meant = of.as_ref().map_or(is_first, |of| of == stem);
            if !is_meant {
                continue;
            }
            let Some(panel) = figure.panels.get_mut(*panel - 1) else {
                let message = format!(
                    "panel {panel} is asked for, but the figure {stem:?} has {panels}; correct the column panel"
                );
                let path = self.path.clone();
                return Err(PlotError::OwnPoints { path, message });
            };
            let marker = Marker::ALL[(number + 3) % Marker::ALL.len()];
            panel.add(Points::new(
                literal(name),
                points.clone(),
                marker,
                Color::BLACK,
            ));
            if panel.legend == LegendPlacement::Hidden {
                panel.legend = LegendPlacement::Automatic;
            }
        }
        Ok(())
    }

    /// The first figure that points ask for and that is none of these.
    ///
    /// # Errors
    /// [`PlotError::OwnPoints`] naming it and those that there are.
    pub fn check_figures(&self, stems: &[&str]) -> Result<(), PlotError> {
        let mut asked = self
            .series
            .keys()
            .filter_map(|(figure, _, _)| figure.as_deref());
        match asked.find(|figure| !stems.contains(figure)) {
            None => Ok(()),
            Some(figure) => Err(PlotError::OwnPoints {
                path: self.path.clone(),
                message: format!(
                    "no figure is named {figure:?}; there are {}; correct the column figure",
                    stems.join(", ")
                ),
            }),
        }
    }
}

/// Where each of the columns stands in the header.
fn places(header: &csv::StringRecord) -> Result<[Option<usize>; 7], String> {
    let mut places = [None; 7];
    for (place, name) in header.iter().enumerate() {
        let column = COLUMNS
            .iter()
            .position(|&(one, other)| name == one || name == other);
        let Some(column) = column else {
            let known: Vec<&str> = COLUMNS.iter().map(|&(name, _)| name).collect();
            return Err(format!(
                "unknown column {name:?}; the header names some of {}; x and y may be called lambda and alpha",
                known.join(", ")
            ));
        };
        if places[column].replace(place).is_some() {
            return Err(format!(
                "the column {name:?} stands there twice; delete one"
            ));
        }
    }
    for (column, &(name, other)) in COLUMNS.iter().enumerate().take(2) {
        if places[column].is_none() {
            return Err(format!(
                "the column {name} is missing; the first line names the columns, x and y (or lambda and alpha) among \
                 them; add {name} or {other}"
            ));
        }
    }
    Ok(places)
}

fn point(row: &csv::StringRecord, places: &[Option<usize>; 7]) -> Result<(Key, DataPoint), String> {
    let text = |column: usize| {
        let place = places[column]?;
        row.get(place).filter(|text| !text.is_empty())
    };
    let number = |column: usize| -> Result<Option<f64>, String> {
        let name = COLUMNS[column].0;
        text(column)
            .map(|text| match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(value),
                _ => Err(format!(
                    "{name} = {text:?} is not a finite number; correct it"
                )),
            })
            .transpose()
    };
    let needed = |column: usize| {
        number(column)?.ok_or_else(|| format!("{} is empty; give a number", COLUMNS[column].0))
    };
    let (x, y) = (needed(0)?, needed(1)?);
    let interval = |column: usize, value: f64| -> Result<Option<(f64, f64)>, String> {
        match number(column)? {
            Some(error) if error < 0.0 => Err(format!(
                "{} = {error} is negative; give one standard error",
                COLUMNS[column].0
            )),
            error => Ok(error.map(|error| (value - error, value + error))),
        }
    };
    let panel = match text(6) {
        None => 1,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|&panel| panel > 0)
            .ok_or_else(|| format!("panel = {text:?} is not a whole number from 1; correct it"))?,
    };
    let key = (
        text(5).map(str::to_owned),
        panel,
        text(4).unwrap_or(UNNAMED).to_owned(),
    );
    let point = DataPoint {
        x_interval: interval(2, x)?,
        y_interval: interval(3, y)?,
        ..DataPoint::new(x, y)
    };
    Ok((key, point))
}
