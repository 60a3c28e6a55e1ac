//! Numbers in rows of equal shape, as a file holds them, and the patterns that they are.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{FileError, read_table};
use crate::images::{ImageShape, Pictures};

/// Below it every whole number is a double of its own.
pub(super) const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// An array of numbers, the last index running fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its dimensions, the rows first.
    pub dimensions: Vec<usize>,
    /// All numbers.
    pub values: Vec<f64>,
    /// The number that stands for 1: the brightest of an image, 1 of other files.
    pub unit: f64,
}

impl Table {
    /// The dimensions for people: `1500×28×28`.
    pub fn shape(&self) -> String {
        shape_text(&self.dimensions)
    }
}

/// Dimensions for people.
pub(super) fn shape_text<T: ToString>(dimensions: &[T]) -> String {
    let dimensions: Vec<String> = dimensions.iter().map(ToString::to_string).collect();
    match dimensions.as_slice() {
        [] => "a single number".to_owned(),
        [length] => format!("{length} numbers"),
        _ => dimensions.join("×"),
    }
}

/// Patterns of equal shape from one file, with or without labels, in its order.
#[derive(Clone, Debug, PartialEq)]
pub struct FilePatterns {
    shape: ImageShape,
    values: Vec<f64>,
    labels: Option<Vec<u8>>,
    unit: f64,
}

impl FilePatterns {
    /// Reads patterns from a `.npy`, a `.npz` (`array` names which of several), a text of numbers
    /// (separated by commas, semicolons, tabs or blanks) or a folder of PNG files.
    ///
    /// Arrays are P×N, P×height×width or P×planes×height×width; of equal patterns all but one are
    /// refused unless `are_repeats_allowed`.
    ///
    /// # Errors
    /// [`FileError`] naming the file: not there, no regular file, none of these formats, another
    /// shape, cut short, numbers that are not finite, equal patterns.
    pub fn read(
        path: &Path,
        array: Option<&str>,
        are_repeats_allowed: bool,
    ) -> Result<Self, FileError> {
        let table = read_table(path, array)?;
        let error = |message: String| FileError::new(path, message);
        let (channels, height, width) = match table.dimensions[..] {
            [_, size] => (1, 1, size),
            [_, height, width] => (1, height, width),
            [_, planes, height, width] => (planes, height, width),
            _ => {
                return Err(error(format!(
                    "holds {}; patterns are the rows of P×N numbers, of P×height×width or of \
                     P×planes×height×width",
                    table.shape()
                )));
            }
        };
        let patterns = Self {
            shape: ImageShape {
                channels,
                height,
                width,
            },
            values: table.values,
            labels: None,
            unit: table.unit,
        };
        if patterns.values.is_empty() {
            return Err(error(format!(
                "holds no number: its shape is {}",
                shape_text(&table.dimensions)
            )));
        }
        patterns.check_finite(path)?;
        if !are_repeats_allowed && let Some((first, second)) = patterns.repeat() {
            return Err(error(format!(
                "holds a pattern twice, {first} and {second} (from 0), of which neither can have \
                 more than half of the weight: drop one, or set allow_repeats = true"
            )));
        }
        Ok(patterns)
    }

    /// Reads queries for these patterns, in any of their formats: rows of N numbers, or N numbers.
    /// They have the shape and the unit of the patterns.
    ///
    /// # Errors
    /// As [`read`](Self::read); another N.
    pub fn read_queries(&self, path: &Path) -> Result<Self, FileError> {
        let table = read_table(path, None)?;
        let size = self.shape.size();
        let found = match table.dimensions.as_slice() {
            [_] => table.values.len(),
            dimensions => dimensions[1..].iter().product(),
        };
        if found != size || table.values.is_empty() {
            let message = format!("holds {}; a query has {size} numbers", table.shape());
            return Err(FileError::new(path, message));
        }
        let queries = Self {
            values: table.values,
            labels: None,
            ..*self
        };
        queries.check_finite(path)?;
        Ok(queries)
    }

    /// Some of these patterns, counted from 0.
    ///
    /// # Panics
    /// If there is no such pattern.
    #[must_use]
    pub fn selected(&self, indices: &[usize]) -> Self {
        Self {
            values: indices
                .iter()
                .flat_map(|&index| self.row(index))
                .copied()
                .collect(),
            labels: None,
            ..*self
        }
    }

    /// With the labels of another file, one for each pattern: whole numbers from 0 to 255.
    ///
    /// # Errors
    /// [`FileError`] naming that file: another count, other numbers.
    pub fn with_labels(mut self, path: &Path) -> Result<Self, FileError> {
        let table = read_table(path, None)?;
        let count = self.count();
        if table.values.len() != count {
            return Err(FileError::new(
                path,
                format!(
                    "holds {}; {count} patterns have {count} labels",
                    table.shape()
                ),
            ));
        }
        let labels: Result<Vec<u8>, FileError> = table
            .values
            .iter()
            .enumerate()
            .map(|(index, &value)| {
                let label = (0..=u8::MAX).find(|&label| f64::from(label) == value);
                label.ok_or_else(|| {
                    let message = format!(
                        "gives pattern {index} the label {value}; labels are whole numbers from 0 \
                         to 255"
                    );
                    FileError::new(path, message)
                })
            })
            .collect();
        self.labels = Some(labels?);
        Ok(self)
    }

    /// With another number that stands for 1: patterns are divided by it.
    ///
    /// # Panics
    /// If it is not a positive finite number.
    #[must_use]
    pub fn with_unit(self, unit: f64) -> Self {
        assert!(unit > 0.0 && unit.is_finite(), "a unit of {unit}");
        Self { unit, ..self }
    }

    /// The numbers of a pattern, counted from 0, as the file has them.
    ///
    /// # Panics
    /// If there is no such pattern.
    pub fn row(&self, index: usize) -> &[f64] {
        let size = self.shape.size();
        &self.values[index * size..][..size]
    }

    fn check_finite(&self, path: &Path) -> Result<(), FileError> {
        let Some(place) = self.values.iter().position(|value| !value.is_finite()) else {
            return Ok(());
        };
        let (row, column) = (place / self.shape.size(), place % self.shape.size());
        Err(FileError::new(
            path,
            format!(
                "holds {} in pattern {row}, component {column} (from 0): patterns are finite numbers",
                self.values[place]
            ),
        ))
    }

    /// The first pattern that is equal to an earlier one, behind that one.
    fn repeat(&self) -> Option<(usize, usize)> {
        let mut seen = HashMap::with_capacity(self.count());
        (0..self.count()).find_map(|index| {
            // −0 is 0
            let bits: Vec<u64> = self
                .row(index)
                .iter()
                .map(|v| (v + 0.0).to_bits())
                .collect();
            let digest = hash_of(&bits);
            seen.insert(digest, index).map(|earlier| (earlier, index))
        })
    }
}

fn hash_of(bits: &[u64]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for value in bits {
        hash.update(value.to_le_bytes());
    }
    hash.finalize().into()
}

impl Pictures for FilePatterns {
    fn shape(&self) -> ImageShape {
        self.shape
    }

    fn count(&self) -> usize {
        self.values.len() / self.shape.size()
    }

    fn labels(&self) -> Option<&[u8]> {
        self.labels.as_deref()
    }

    fn unit(&self) -> f64 {
        self.unit
    }

    fn sum(&self, image: usize, first: usize, length: usize) -> f64 {
        self.row(image)[first..][..length].iter().sum()
    }

    fn digest(&self, hash: &mut Sha256) {
        hash.update(self.unit.to_le_bytes());
        for value in &self.values {
            hash.update(value.to_le_bytes());
        }
        hash.update(self.labels.as_deref().unwrap_or_default());
    }
}
