//! The tidy tables: one row per task and quantity, one row per recorded moment.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::quantity::{JointResult, Quantity};
use crate::record::Measurement;
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

/// Refuses to overwrite a csv file that is not one of ours.
pub(super) fn check_ours(path: &Path) -> Result<(), StoreError> {
    let opening = COLUMNS[..TASK_COLUMNS].join(",");
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

/// The columns of theory, where quantities of several tasks together have rows.
const THEORY_COLUMNS: [&str; 3] = ["theory_finite_size", "theory_error", "theory_infinite_size"];

/// The tidy csv: a row per task and quantity, then the coordinates and labels of the quantity. Last come the quantities
/// that several tasks measure together, with neither load nor P but with theory in columns of its own.
pub(super) fn tidy(results: &Results) -> String {
    let of_tasks = || results.tasks.iter().flat_map(|result| &result.quantities);
    let together = || results.across_tasks.iter().map(|joint| &joint.quantity);
    let quantities = || of_tasks().chain(together());
    let coordinates: BTreeSet<&String> = quantities()
        .flat_map(|quantity| quantity.coordinates.keys())
        .collect();
    let labels: BTreeSet<&String> = quantities()
        .flat_map(|quantity| quantity.labels.keys())
        .collect();
    let theory: &[&str] = if results.across_tasks.is_empty() {
        &[]
    } else {
        &THEORY_COLUMNS
    };
    let has_caveats = quantities().any(|quantity| !quantity.caveats.is_empty());
    let header = COLUMNS
        .iter()
        .copied()
        .chain(coordinates.iter().map(|name| name.as_str()))
        .chain(labels.iter().map(|name| name.as_str()))
        .chain(theory.iter().copied())
        .chain(has_caveats.then_some("caveat"));
    let row = |mut row: Vec<String>, quantity: &Quantity, theory: &[Option<f64>]| {
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
        row.extend(theory.iter().copied().map(cell));
        row.extend(has_caveats.then(|| quantity.reservations()));
        row
    };
    let silent = vec![None; theory.len()];
    let mut rows = Vec::new();
    for result in &results.tasks {
        for quantity in &result.quantities {
            rows.push(row(task_cells(&result.task), quantity, &silent));
        }
    }
    for joint in &results.across_tasks {
        let theory = &joint.theory;
        rows.push(row(
            joint_cells(joint),
            &joint.quantity,
            &[
                theory.finite_size,
                theory.finite_size_error,
                theory.infinite_size,
            ],
        ));
    }
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
        .chain(["sample"])
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
        task.alpha.to_string(),
        task.size.to_string(),
        task.pattern_count.to_string(),
    ]
}

/// A quantity over several loads has none.
fn joint_cells(joint: &JointResult) -> Vec<String> {
    vec![
        joint.experiment.clone(),
        joint.ensemble.clone(),
        String::new(),
        joint.size.to_string(),
        String::new(),
    ]
}

/// Full precision; empty where there is no number.
fn cell(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
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
