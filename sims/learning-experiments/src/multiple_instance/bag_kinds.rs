//! Where bags come from, one line a kind in [`BAG_KINDS`].

use std::sync::Arc;

use dam_runs::job::{Draft, JobError};
use dam_runs::section::{NEW, Section, add_key, name_one_of};
use dam_runs::suggestion::did_you_mean;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::bag_files::FILES;
use super::bag_kind::{BagKind, SECTION};
use super::bit_patterns::BIT_PATTERNS;
use super::digits::DIGITS;
use super::sets::NamedSet;

/// The kinds of bags that jobs may name; the first one where they name none.
pub const BAG_KINDS: &[BagKind] = &[FILES, BIT_PATTERNS, DIGITS];

/// Whether features are standardised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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

/// The keys of all kinds.
const COMMON: Section = Section::of::<Common>(SECTION);
/// With those of each.
pub(super) const BAGS: Section = Section {
    name: SECTION,
    schema,
};

/// The bags that are told apart.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct Common {
    /// Where they come from; files where it does not say.
    #[schemars(extend("x-new" = "bit-pattern"))]
    data: Option<String>,
    /// On what features are standardised.
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
    let of_kind = kind.sections.iter().flat_map(Section::keys);
    let own: Vec<String> = COMMON.keys().into_iter().chain(of_kind).collect();
    let is_own = |key: &str| own.iter().any(|own| own == key);
    if let Some(key) = draft.keys(SECTION).find(|key| !is_own(key)) {
        let near = did_you_mean(key, own.iter().map(String::as_str));
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

/// The section with the keys of all kinds.
fn schema(generator: &mut SchemaGenerator) -> Schema {
    let mut bags = (COMMON.schema)(generator).to_value();
    let new = bags["properties"]["data"][NEW].clone();
    name_one_of(
        &mut bags,
        "data",
        BAG_KINDS.iter().map(|kind| (kind.name, kind.about)),
    );
    bags["properties"]["data"][NEW] = new;
    for kind in BAG_KINDS {
        let sections = kind.sections.iter();
        for (key, schema) in sections.flat_map(|section| section.properties(generator)) {
            add_key(&mut bags, &key, schema, kind.name);
        }
    }
    Schema::try_from(bags).unwrap_or_default()
}
