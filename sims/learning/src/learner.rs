//! A recipe with a name and changes of its own, as a job compares several.

use rand::Rng;
use serde_json::{Value, json};

use crate::loss::{FeatureScale, LossForm};
use crate::optimisers::{Optimiser, RateDecay};
use crate::projection::{Projection, RowConstraint};
use crate::recipe::Recipe;
use crate::training::Training;
use dam_memory::similarities::feature_map::FeatureMap;

/// One way to learn a map among several that are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Learner {
    /// Its name in tables and figures.
    pub name: String,
    /// Where the map starts.
    pub recipe: Recipe,
    /// D; d where there is none.
    pub feature_size: Option<usize>,
    /// What is done.
    pub training: Training,
}

impl Learner {
    /// D for memories of d components.
    pub fn feature_size(&self, input_size: usize) -> usize {
        self.feature_size.unwrap_or(input_size)
    }

    /// A random start.
    pub fn start(&self, input_size: usize, rng: &mut impl Rng) -> FeatureMap {
        self.recipe
            .start(input_size, self.feature_size(input_size), rng)
    }

    /// All that its numbers depend on, besides the epochs at which they are recorded.
    pub fn settings(&self) -> Value {
        let Training {
            loss,
            optimiser,
            projection,
            ..
        } = self.training;
        let parameter = match loss.form {
            LossForm::Average { sharpness } | LossForm::Maximum { sharpness } => sharpness,
            LossForm::UHopPlus { temperature } | LossForm::UHopPlusAsPublished { temperature } => {
                temperature
            }
        };
        let optimiser = match optimiser {
            Optimiser::GradientDescent {
                learning_rate,
                decay,
            } => json!(["gradient-descent", learning_rate, decay_name(decay)]),
            Optimiser::Adam {
                learning_rate,
                moment_decays,
                epsilon,
            } => json!(["adam", learning_rate, moment_decays, epsilon]),
        };
        let constraint = |constraint| match constraint {
            RowConstraint::UnitNorm => "unit-rows",
            RowConstraint::Orthonormal => "orthonormal-rows",
        };
        let projection = match projection {
            Projection::None => json!("none"),
            Projection::AtEnd(rows) => json!([constraint(rows), "at-end"]),
            Projection::EveryEpoch(rows) => json!([constraint(rows), "every-epoch"]),
        };
        json!({
            "name": self.name,
            "recipe": self.recipe.name(),
            "feature_size": self.feature_size,
            "loss": [json!(loss.form.name()), json!(parameter)],
            "features": match loss.scale {
                FeatureScale::Normalised => "normalised",
                FeatureScale::Raw => "raw",
            },
            "optimiser": optimiser,
            "projection": projection,
        })
    }
}

fn decay_name(decay: RateDecay) -> &'static str {
    match decay {
        RateDecay::Constant => "constant",
        RateDecay::InverseSquareRoot => "inverse-square-root",
        RateDecay::CumulativeInverseSquareRoot => "cumulative-inverse-square-root",
    }
}
