//! How the numbers of a data set become patterns, and which of them are stored.

use std::sync::Arc;

use dam_memory::ensembles::{DataPatterns, DataSet, PatternEnsemble};
use dam_memory::images::{Centering, Normalization, Preparation, PreparationError};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::job::draft::Draft;
use crate::job::error::JobError;
use crate::section::Section;

/// The keys of `[patterns]` that all data sets have.
pub(super) const DATA_KEYS: Section = Section::of::<DataKeys>("patterns");

/// Their values.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct DataKeys {
    /// Side of the blocks of pixels that are averaged.
    #[schemars(example = 1)]
    pooling: Option<usize>,
    /// What is subtracted.
    centering: Centering,
    /// To what length patterns are brought.
    normalization: Normalization,
    /// The share kept apart for tuning β, never stored.
    #[schemars(example = 0.2)]
    validation_share: Option<f64>,
}

/// The patterns of a set, prepared and split as the job says.
pub(super) fn data_patterns<S: DataSet + 'static>(
    draft: &Draft<'_>,
    set: S,
) -> Result<Arc<dyn PatternEnsemble>, JobError> {
    let section: DataKeys = draft.section("patterns")?.unwrap_or_default();
    let preparation = Preparation {
        pooling: section.pooling.unwrap_or(Preparation::default().pooling),
        centering: section.centering,
        normalization: section.normalization,
    };
    let share = section
        .validation_share
        .unwrap_or(DataPatterns::<S>::VALIDATION_SHARE);
    if !(0.0..1.0).contains(&share) {
        let message = format!("{share} lies outside [0, 1), the share of images kept apart");
        return Err(draft.error("patterns", "validation_share", message));
    }
    let patterns = DataPatterns::new(set, preparation, share, draft.seed()).map_err(|error| {
        let key = match error {
            PreparationError::Pooling { .. } => "pooling",
            PreparationError::Blank { .. } => "normalization",
        };
        draft.error("patterns", key, error.to_string())
    })?;
    Ok(Arc::new(patterns))
}
