//! What a kind of bags is.

use dam_runs::job::{Draft, JobError};

use super::sets::NamedSet;
use dam_runs::section::Section;

/// The section.
pub(super) const SECTION: &str = "bags";

/// A kind of bags that jobs may name.
#[derive(Clone, Copy, Debug)]
pub struct BagKind {
    /// The name in job files.
    pub name: &'static str,
    /// What they are, in a few words.
    pub about: &'static str,
    /// What it reads of `[bags]`.
    pub sections: &'static [Section],
    /// Reads or makes them.
    pub(super) read: fn(&Draft<'_>) -> Result<Vec<NamedSet>, JobError>,
}
