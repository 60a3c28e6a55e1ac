//! The tidy tables: one row per task and quantity, one row per recorded moment.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::record::Measurement;
use crate::results::comparison::{Comparison, Origin};
use crate::results::document::Results;
use crate::results::error::StoreError;

const COLUMNS: [&str; 12] = [
    "experiment",
    "ensemble",
    "alpha",
    "size",
    "pattern_count",
    "quantity",
    "mean",
    "median",
    "standard_error",
    "lower",
    "upper",
    "count",
];

/// Every table of ours begins with these columns.
const TASK_COLUMNS: usize = 5;

/// The column after them, which tells a tidy table from the trajectories of another job.
pub(super) const TIDY: &str = COLUMNS[TASK_COLUMNS];
pub(super) const TRAJECTORIES: &str = "sample";

/// Refuses to overwrite a csv file that is not one of ours, with this column after those of the task.
pub(super) fn check_ours(path: &Path, column: &str) -> Result<(), StoreError> {
    let opening = format!("{},{column},", COLUMNS[..TASK_COLUMNS].join(","));
    let mut found = String::new();
    match File::open(path) {
        Ok(file) => {
            let read = file.take(opening.len() as u64).read_to_string(&mut found);
            // A file cut short within its header was ours.
            if read.is_ok() && opening.starts_with(&found) {
                return Ok(());
            }
            Err(StoreError::Foreign {
                path: path.to_owned(),
                reason: format!("it does not begin with {opening}"),
            })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(StoreError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The columns of theory, and of what rows stand on; those of the settings stand between them.
const THEORY_COLUMNS: [&str; 3] = ["theory_finite_size", "theory_error", "theory_infinite_size"];
const PROVENANCE_COLUMNS: [&str; 3] = ["program", "commit", "samples_sha256"];

impl Results {
    /// The text of `<name>.csv`, whether or not all tasks are finished, of all [`compare`](super::compare()) tells.
    pub fn table(&self, comparisons: &[Comparison]) -> String {
        tidy(self, comparisons)
    }
}

/// The tidy csv: a row per task and quantity, then the coordinates and labels of the quantity, theory, the settings, the
/// program and the digest of the samples. Last come the quantities that several tasks measure together, with neither load
/// nor P.
fn tidy(results: &Results, comparisons: &[Comparison]) -> String {
    let quantities = || comparisons.iter().map(|row| &row.quantity);
    let coordinates: BTreeSet<&String> = quantities()
        .flat_map(|quantity| quantity.coordinates.keys())
        .collect();
    let labels: BTreeSet<&String> = quantities()
        .flat_map(|quantity| quantity.labels.keys())
        .collect();
    let has_caveats = quantities().any(|quantity| !quantity.caveats.is_empty());
    let header = COLUMNS
        .iter()
        .copied()
        .chain(coordinates.iter().map(|name| name.as_str()))
        .chain(labels.iter().map(|name| name.as_str()))
        .chain(THEORY_COLUMNS)
        .chain(has_caveats.then_some("caveat"))
        .chain(results.settings.keys().map(String::as_str))
        .chain(PROVENANCE_COLUMNS);
    let setting = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let settings: Vec<String> = results.settings.values().map(setting).collect();
    let row = |compared: &Comparison, digest: &str| {
        let (quantity, theory) = (&compared.quantity, &compared.theory);
        let mut row = origin_cells(&compared.task);
        row.push(quantity.name.clone());
        let numbers = [
            quantity.mean,
            quantity.median,
            quantity.standard_error,
            quantity.lower,
            quantity.upper,
        ];
        row.extend(numbers.map(cell));
        row.push(quantity.count.to_string());
        let coordinate = |&name| cell(quantity.coordinates.get(name).copied());
        row.extend(coordinates.iter().map(coordinate));
        let label = |&name| quantity.labels.get(name).cloned().unwrap_or_default();
        row.extend(labels.iter().map(label));
        row.push(cell(theory.finite_size));
        row.push(cell(theory.finite_size_error));
        row.push(cell(theory.infinite_size));
        row.extend(has_caveats.then(|| quantity.reservations()));
        row.extend(settings.iter().cloned());
        let commit = results.provenance.as_ref().map(|of| of.commit.as_str());
        row.extend([&results.program, commit.unwrap_or_default(), digest].map(str::to_owned));
        row
    };
    let mut compared = comparisons.iter();
    let mut rows = Vec::new();
    for result in &results.tasks {
        let provenance = results.provenance.as_ref();
        let digest = provenance.and_then(|of| of.samples.get(&result.task.identifier()));
        let digest = digest.map_or("", String::as_str);
        let of_task = compared.by_ref().take(result.quantities.len());
        rows.extend(of_task.map(|compared| row(compared, digest)));
    }
    rows.extend(compared.map(|together| row(together, "")));
    csv(header.map(str::to_owned).collect(), rows.into_iter())
}

/// The recorded trajectories, whose columns have these names in the records, or `None` where no sample has one.
pub(super) fn trajectories(results: &Results, names: &[&str]) -> Option<String> {
    let mut rows = Vec::new();
    for result in &results.tasks {
        for (sample, record) in result.samples.iter().enumerate() {
            let columns: Vec<&Vec<Option<f64>>> = names
                .iter()
                .filter_map(|name| match record.get(*name) {
                    Some(Measurement::List(values)) => Some(values),
                    _ => None,
                })
                .collect();
            for moment in 0..columns.first().map_or(0, |column| column.len()) {
                let mut row = task_cells(&result.task);
                row.push(sample.to_string());
                row.extend(
                    columns
                        .iter()
                        .map(|column| cell(column.get(moment).copied().flatten())),
                );
                rows.push(row);
            }
        }
    }
    if rows.is_empty() {
        return None;
    }
    let header = COLUMNS[..TASK_COLUMNS]
        .iter()
        .copied()
        .chain([TRAJECTORIES])
        .chain(
            names
                .iter()
                .map(|name| name.trim_start_matches("trajectory_")),
        );
    Some(csv(header.map(str::to_owned).collect(), rows.into_iter()))
}

fn task_cells(task: &crate::task::Task) -> Vec<String> {
    vec![
        task.experiment.clone(),
        task.ensemble.clone(),
        exact_number(task.alpha),
        task.size.to_string(),
        task.whole_count()
            .map_or_else(String::new, |count| count.to_string()),
    ]
}

/// The same of a quantity, which has neither load nor P where it is over several loads.
fn origin_cells(origin: &Origin) -> Vec<String> {
    vec![
        origin.experiment.clone(),
        origin.ensemble.clone(),
        cell(origin.alpha),
        origin.size.to_string(),
        origin
            .pattern_count
            .map(|count| count.to_string())
            .unwrap_or_default(),
    ]
}

/// Full precision; empty where there is no number.
fn cell(value: Option<f64>) -> String {
    value.map(exact_number).unwrap_or_default()
}

/// The shortest text that reads back to the same number, with an exponent where there would be many zeros: readers of csv
/// take hundreds of digits for a text.
///
/// ```
/// use dam_runs::results::exact_number;
/// assert_eq!([0.1, 2.137e122, 1e-300].map(exact_number), ["0.1", "2.137e122", "1e-300"]);
/// ```
pub fn exact_number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() || (1e-15..1e15).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

fn csv(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(header).chain(rows) {
        writer
            .write_record(&row)
            .expect("writing to memory succeeds and rows have equal length");
    }
    let bytes = writer.into_inner().expect("writing to memory succeeds");
    String::from_utf8(bytes).expect("every cell is text")
}
