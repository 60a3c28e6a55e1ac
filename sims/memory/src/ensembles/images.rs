//! Patterns that are real images.

use crate::ensembles::data_set::{DataPatterns, DataSet};
use crate::images::ImageSet;

/// Distinct images of a set.
pub type Images = DataPatterns<ImageSet>;

impl DataSet for ImageSet {
    const NAME: &'static str = "images";
}
