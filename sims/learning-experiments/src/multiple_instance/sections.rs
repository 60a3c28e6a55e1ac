//! The sections of a job: `[bags]`, `[learning]`, `[grid]`, `[validation]`.

use std::ops::Not;
use std::sync::Arc;

use dam_memory::streams::Settings;
use dam_runs::job::{Draft, JobError};
use dam_runs::section::Section;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::bag_kinds::{BAGS, bag_sets};
use super::model::Model;
use super::networks::{Recipe, Setting};
use super::protocol::{Protocol, models};
use super::sets::NamedSet;
use dam_runs::suggestion::did_you_mean;

/// Repeats of a cross-validation beyond which a job has a slip: `sampling.samples` counts patterns elsewhere.
const MOST_REPEATS: usize = 100;

/// What the job is read from.
pub(super) const SECTIONS: &[Section] = &[
    BAGS,
    Section::of::<Learning>("learning"),
    Section::of::<Grid>("grid"),
    Section::of::<Validation>("validation"),
];

/// What all networks share.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Learning {
    /// The models, in this order; all of them without it.
    #[schemars(extend("examples" = [["mean-pooling", "hopfield"]]))]
    models: Option<Vec<String>>,
    /// Width of the embedding.
    width: usize,
    /// Heads of the pooling.
    heads: usize,
    /// Dimensions of a head.
    hidden_size: usize,
    /// A LayerNorm of the pattern projections too, as `hflayers` has by default.
    // left out where it is off: results from before it was there go on
    #[serde(skip_serializing_if = "Not::not")]
    normalise_projections: bool,
    /// Epochs of learning at most.
    epochs: usize,
    /// Bags of a step.
    batch: usize,
    /// Factor of the rate from epoch to epoch.
    decay: f64,
    /// Decay of weights (AdamW).
    weight_decay: f64,
    /// Epochs of Stage I.
    stage_one_epochs: usize,
    /// τ of the separation loss.
    temperature: f64,
}

impl Default for Learning {
    fn default() -> Self {
        let recipe = Recipe::default();
        Self {
            models: None,
            width: recipe.width,
            heads: recipe.heads,
            hidden_size: recipe.hidden_size,
            normalise_projections: recipe.normalise_projections,
            epochs: recipe.epochs,
            batch: recipe.batch,
            decay: recipe.decay,
            weight_decay: recipe.weight_decay,
            stage_one_epochs: recipe.stage_one_epochs,
            temperature: recipe.temperature,
        }
    }
}

/// What is chosen inside the training bags: every combination is a setting.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Grid {
    /// β of the associations.
    beta: Vec<f64>,
    /// Share of associations that are dropped.
    dropout: Vec<f64>,
    /// Rates.
    learning_rate: Vec<f64>,
}

impl Default for Grid {
    fn default() -> Self {
        Self {
            beta: vec![0.3, 3.0],
            dropout: vec![0.0, 0.5],
            learning_rate: vec![1e-3, 3e-4],
        }
    }
}

/// How bags are parted.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Validation {
    /// Folds of bags, each of which is the test set once.
    folds: usize,
    /// Folds of the training bags, among which settings are chosen.
    inner_folds: usize,
}

impl Default for Validation {
    fn default() -> Self {
        let protocol = Protocol::default();
        Self {
            folds: protocol.folds,
            inner_folds: protocol.inner_folds,
        }
    }
}

/// What a job asks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) sets: Vec<Arc<NamedSet>>,
    pub(super) models: Vec<Box<dyn Model>>,
    pub(super) recipe: Recipe,
    pub(super) protocol: Protocol,
    pub(super) settings: Settings,
}

impl Asked {
    /// Reads and checks all sections.
    pub(super) fn read(draft: &Draft<'_>) -> Result<Self, JobError> {
        draft.without(&["patterns", "sweep", "dynamics"])?;
        let learning: Learning = draft.section("learning")?.unwrap_or_default();
        let grid: Grid = draft.section("grid")?.unwrap_or_default();
        let validation: Validation = draft.section("validation")?.unwrap_or_default();
        let recipe = recipe(draft, &learning, &grid)?;
        let models = chosen_models(draft, &recipe, learning.models.as_deref())?;
        for (key, value) in [
            ("folds", validation.folds),
            ("inner_folds", validation.inner_folds),
        ] {
            if value < 2 {
                let message = format!("{value} folds leave no bags to learn from; give at least 2");
                return Err(draft.error("validation", key, message));
            }
        }
        if draft.samples()? > MOST_REPEATS {
            let message = format!(
                "{} repeats of the whole cross-validation are too many; samples = 5 is usual, at most {MOST_REPEATS}",
                draft.samples()?
            );
            return Err(draft.error("sampling", "samples", message));
        }
        let (standardise, sets) = bag_sets(draft)?;
        let protocol = Protocol {
            folds: validation.folds,
            inner_folds: validation.inner_folds,
            standardise: standardise.is_on(),
        };
        for set in &sets {
            enough_bags(draft, set, &protocol)?;
        }
        let names: Vec<&str> = models.iter().map(|model| model.name()).collect();
        let mut settings = Settings::from([
            ("bags.standardise".to_owned(), json!(standardise)),
            ("learning.models".to_owned(), json!(names)),
        ]);
        for (section, keys) in [
            ("learning", json!(learning)),
            ("grid", json!(grid)),
            ("validation", json!(validation)),
        ] {
            let keys = keys.as_object().into_iter().flatten();
            let known = keys.filter(|(key, _)| *key != "models");
            settings.extend(known.map(|(key, value)| (format!("{section}.{key}"), value.clone())));
        }
        Ok(Self {
            sets,
            models,
            recipe,
            protocol,
            settings,
        })
    }
}

/// What networks share, with every combination of the grid.
fn recipe(draft: &Draft<'_>, learning: &Learning, grid: &Grid) -> Result<Recipe, JobError> {
    let counts = [
        ("width", learning.width),
        ("heads", learning.heads),
        ("hidden_size", learning.hidden_size),
        ("epochs", learning.epochs),
        ("batch", learning.batch),
        ("stage_one_epochs", learning.stage_one_epochs),
    ];
    if let Some((key, _)) = counts.into_iter().find(|(_, value)| *value == 0) {
        return Err(draft.error("learning", key, "0 is too few; give at least 1".to_owned()));
    }
    draft.positive("learning", "temperature", learning.temperature)?;
    let within = |section: &str, key: &str, value: f64, is_fit: bool, domain: &str| {
        if is_fit {
            return Ok(());
        }
        Err(draft.error(section, key, format!("{value} is not {domain}")))
    };
    let decay = learning.decay;
    let is_factor = decay > 0.0 && decay <= 1.0;
    within("learning", "decay", decay, is_factor, "a factor in (0, 1]")?;
    let decay = learning.weight_decay;
    let is_decay = (0.0..1.0).contains(&decay);
    within("learning", "weight_decay", decay, is_decay, "in [0, 1)")?;
    for (key, values) in [
        ("beta", &grid.beta),
        ("dropout", &grid.dropout),
        ("learning_rate", &grid.learning_rate),
    ] {
        if values.is_empty() {
            return Err(draft.error("grid", key, "the list is empty; give one value".to_owned()));
        }
        for (place, value) in values.iter().enumerate() {
            if values[..place].contains(value) {
                let message = format!("{value} stands there twice; name each value once");
                return Err(draft.error("grid", key, message));
            }
        }
    }
    let mut settings = Vec::new();
    for &beta in &grid.beta {
        draft.positive("grid", "beta", beta)?;
        for &dropout in &grid.dropout {
            let is_share = (0.0..1.0).contains(&dropout);
            within("grid", "dropout", dropout, is_share, "a share in [0, 1)")?;
            for &learning_rate in &grid.learning_rate {
                draft.positive("grid", "learning_rate", learning_rate)?;
                settings.push(Setting {
                    beta,
                    dropout,
                    learning_rate,
                });
            }
        }
    }
    Ok(Recipe {
        width: learning.width,
        heads: learning.heads,
        hidden_size: learning.hidden_size,
        normalise_projections: learning.normalise_projections,
        epochs: learning.epochs,
        batch: learning.batch,
        decay: learning.decay,
        weight_decay: learning.weight_decay,
        stage_one_epochs: learning.stage_one_epochs,
        temperature: learning.temperature,
        settings,
    })
}

/// The models that the job names, in its order; all where it names none.
fn chosen_models(
    draft: &Draft<'_>,
    recipe: &Recipe,
    names: Option<&[String]>,
) -> Result<Vec<Box<dyn Model>>, JobError> {
    let mut known = models(recipe);
    let Some(names) = names else {
        return Ok(known);
    };
    let error = |message: String| Err(draft.error("learning", "models", message));
    if names.is_empty() {
        return error("the list is empty; name at least one model".to_owned());
    }
    let mut chosen: Vec<Box<dyn Model>> = Vec::new();
    for name in names {
        if chosen.iter().any(|model| model.name() == name) {
            return error(format!("{name:?} stands there twice; name each model once"));
        }
        let Some(place) = known.iter().position(|model| model.name() == name) else {
            let all = models(recipe);
            let all: Vec<&str> = all.iter().map(|model| model.name()).collect();
            let near = did_you_mean(name, all.iter().copied());
            return error(format!(
                "unknown model {name:?}; known: {}{near}",
                all.join(", ")
            ));
        };
        chosen.push(known.remove(place));
    }
    Ok(chosen)
}

/// Refuses folds without bags of each class.
fn enough_bags(draft: &Draft<'_>, set: &NamedSet, protocol: &Protocol) -> Result<(), JobError> {
    let least = protocol.least_bags();
    let [positive, negative] = set.class_sizes();
    if positive.min(negative) >= least {
        return Ok(());
    }
    let message = format!(
        "{} has {positive} positive and {negative} negative bags; {} folds with {} inner ones need {least} of each: give \
         fewer folds or more bags",
        set.name, protocol.folds, protocol.inner_folds
    );
    Err(draft.error("validation", "folds", message))
}
