//! Where bags come from, one line a kind in [`BAG_KINDS`].

use std::sync::Arc;

use dam_runs::job::{Draft, JobError};
use dam_runs::suggestion::did_you_mean;
use serde::{Deserialize, Serialize};

use super::bag_files::FILES;
use super::bag_kind::{BagKind, SECTION};
use super::bit_patterns::BIT_PATTERNS;
use super::digits::DIGITS;
use super::sets::NamedSet;

/// The kinds of bags that jobs may name; the first one where they name none.
pub const BAG_KINDS: &[BagKind] = &[FILES, BIT_PATTERNS, DIGITS];

/// Whether features are standardised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Standardisation {
    /// On the instances of the training bags.
    #[default]
    TrainingInstances,
    /// Not at all.
    None,
}

impl Standardisation {
    pub(super) fn is_on(self) -> bool {
        self == Self::TrainingInstances
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Common {
    data: Option<String>,
    standardise: Standardisation,
}

/// The bags of a job.
pub(super) fn bag_sets(
    draft: &Draft<'_>,
) -> Result<(Standardisation, Vec<Arc<NamedSet>>), JobError> {
    let Some(common) = draft.section::<Common>(SECTION)? else {
        let message = "missing; add it, with path = \"…\" of a file of rows label,bag,features";
        return Err(draft.error(SECTION, "", message.to_owned()));
    };
    let kind = match &common.data {
        None => BAG_KINDS.first(),
        Some(name) => BAG_KINDS.iter().find(|kind| kind.name == name),
    };
    let Some(kind) = kind else {
        let name = common.data.unwrap_or_default();
        let known: Vec<&str> = BAG_KINDS.iter().map(|kind| kind.name).collect();
        let near = did_you_mean(&name, known.iter().copied());
        let message = format!("unknown bags {name:?}; known: {}{near}", known.join(", "));
        return Err(draft.error(SECTION, "data", message));
    };
    let own = [&["data", "standardise"], kind.keys].concat();
    if let Some(key) = draft.keys(SECTION).find(|key| !own.contains(key)) {
        let near = did_you_mean(key, own.iter().copied());
        let message = format!(
            "unknown key{near}; data = \"{}\" reads {}",
            kind.name,
            own.join(", ")
        );
        return Err(draft.error(SECTION, key, message));
    }
    let sets: Vec<Arc<NamedSet>> = (kind.read)(draft)?.into_iter().map(Arc::new).collect();
    Ok((common.standardise, sets))
}
