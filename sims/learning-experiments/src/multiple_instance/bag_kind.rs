//! What a kind of bags is.

use dam_runs::job::{Draft, JobError};

use super::sets::NamedSet;

/// The section.
pub(super) const SECTION: &str = "bags";

/// A kind of bags that jobs may name.
#[derive(Clone, Copy, Debug)]
pub struct BagKind {
    /// The name in job files.
    pub name: &'static str,
    /// The keys of `[bags]` that it reads.
    pub keys: &'static [&'static str],
    /// Reads or makes them.
    pub(super) read: fn(&Draft<'_>) -> Result<Vec<NamedSet>, JobError>,
}
