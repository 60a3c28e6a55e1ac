//! Patterns of one's own, from a file.

use crate::ensembles::data_set::{DataPatterns, DataSet};
use crate::files::FilePatterns;

/// Distinct patterns of a file.
pub type Filed = DataPatterns<FilePatterns>;

impl DataSet for FilePatterns {
    const NAME: &'static str = "file";
}
