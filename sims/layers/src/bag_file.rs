//! Bags from files of rows label, bag, features.

use std::collections::HashMap;
use std::path::Path;

use dam_memory::files::{FileError, read_table};

use crate::bags::Bags;
use crate::trainer::BagSet;

/// Columns before the features: label and bag.
const LEADING: usize = 2;

impl BagSet {
    /// Reads rows of label (0 or 1, or −1 or 1), number of the bag and features, from a text of
    /// numbers, plain or gzip, a `.npy` or a `.npz` of one array. The bags come in the order of
    /// their first rows.
    ///
    /// # Errors
    /// [`FileError`] naming the file and the row, counted from 1: another label, two labels in one
    /// bag, a number that is not finite; no features, no rows, one class only.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let error = |message: String| FileError::new(path, message);
        let table = read_table(path, None)?;
        let columns = match table.dimensions[..] {
            [_, columns] if columns > LEADING && !table.values.is_empty() => columns,
            _ => {
                let found = if table.values.is_empty() {
                    "is empty".to_owned()
                } else {
                    format!("holds {}", table.shape())
                };
                return Err(error(format!(
                    "{found}; bags are rows of a label, the number of a bag and features"
                )));
            }
        };
        let mut bags: Vec<(bool, Vec<&[f64]>)> = Vec::new();
        let mut places: HashMap<u64, usize> = HashMap::new();
        for (index, row) in table.values.chunks_exact(columns).enumerate() {
            let number = index + 1;
            if let Some(column) = row.iter().position(|value| !value.is_finite()) {
                let (value, column) = (row[column], column + 1);
                return Err(error(format!(
                    "has {value} in row {number}, column {column}: all numbers are finite"
                )));
            }
            let label = match row[0] {
                1.0 => true,
                0.0 | -1.0 => false,
                other => {
                    return Err(error(format!(
                        "has the label {other} in row {number}: labels are 0 and 1, or -1 and 1"
                    )));
                }
            };
            let place = *places.entry((row[1] + 0.0).to_bits()).or_insert(bags.len());
            if place == bags.len() {
                bags.push((label, Vec::new()));
            }
            if bags[place].0 != label {
                let bag = row[1];
                return Err(error(format!(
                    "has another label in row {number} than in the rows of bag {bag} before it: a \
                     bag has one"
                )));
            }
            bags[place].1.push(&row[LEADING..]);
        }
        let positive = bags.iter().filter(|(label, _)| *label).count();
        if positive == 0 || positive == bags.len() {
            let count = bags.len();
            return Err(error(format!(
                "holds {count} bags of one class: there must be two"
            )));
        }
        Ok(Self {
            size: columns - LEADING,
            rows: bags.iter().flat_map(|(_, rows)| rows.concat()).collect(),
            bags: Bags::of_sizes(bags.iter().map(|(_, rows)| rows.len())),
            labels: bags.iter().map(|(label, _)| *label).collect(),
        })
    }
}
