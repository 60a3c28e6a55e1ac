//! The tables `[[learner]]`: recipes with their changes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use dam_learning::{
    FeatureScale, Learner, LossForm, Optimiser, Projection, RateDecay, Recipe, RowConstraint,
};
use dam_runs::job::Draft;
use dam_runs::job::JobError;
use dam_runs::section::Section;

/// A way to learn; what keys do not say is as in the recipe.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LearnerSection {
    /// A published way to learn, whose settings the other keys replace.
    #[schemars(example = &"u-hop-plus")]
    recipe: String,
    /// What tables call it; the recipe without it.
    #[schemars(example = &"mine")]
    name: Option<String>,
    /// Features D; N without it.
    #[schemars(example = 20)]
    feature_size: Option<usize>,
    /// The separation loss.
    #[schemars(example = &"average")]
    loss: Option<LossName>,
    /// t of the average and the maximum loss.
    #[schemars(example = 2.0)]
    sharpness: Option<f64>,
    /// τ of the losses of U-Hop+.
    #[schemars(example = 0.1)]
    temperature: Option<f64>,
    /// Whether features have length 1.
    #[schemars(example = &"normalised")]
    features: Option<ScaleName>,
    /// The optimiser; with a rate of its own.
    #[schemars(example = &"adam")]
    optimiser: Option<OptimiserName>,
    /// Its rate.
    #[schemars(example = 0.1)]
    learning_rate: Option<f64>,
    /// How the rate falls.
    #[schemars(example = &"constant")]
    decay: Option<DecayName>,
    /// Onto what the map is projected.
    #[schemars(example = &"unit-rows")]
    projection: Option<ProjectionName>,
    /// When it is.
    #[schemars(example = &"at-end")]
    projected: Option<ProjectionTime>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum LossName {
    Average,
    Maximum,
    UHopPlus,
    UHopPlusAsPublished,
}

impl LossName {
    /// Whether its parameter is a sharpness t, or else a temperature τ.
    fn has_sharpness(self) -> bool {
        matches!(self, Self::Average | Self::Maximum)
    }

    fn form(self, parameter: f64) -> LossForm {
        let (sharpness, temperature) = (parameter, parameter);
        match self {
            Self::Average => LossForm::Average { sharpness },
            Self::Maximum => LossForm::Maximum { sharpness },
            Self::UHopPlus => LossForm::UHopPlus { temperature },
            Self::UHopPlusAsPublished => LossForm::UHopPlusAsPublished { temperature },
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ScaleName {
    Normalised,
    Raw,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum OptimiserName {
    GradientDescent,
    Adam,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum DecayName {
    Constant,
    InverseSquareRoot,
    CumulativeInverseSquareRoot,
}

impl DecayName {
    fn decay(self) -> RateDecay {
        match self {
            Self::Constant => RateDecay::Constant,
            Self::InverseSquareRoot => RateDecay::InverseSquareRoot,
            Self::CumulativeInverseSquareRoot => RateDecay::CumulativeInverseSquareRoot,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ProjectionName {
    None,
    UnitRows,
    OrthonormalRows,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ProjectionTime {
    AtEnd,
    EveryEpoch,
}

/// What learning of feature maps reads: one table for each learner.
pub(crate) const LEARNER: Section = Section::of::<Vec<LearnerSection>>("learner");

/// The learners of the job, for memories of `sizes` components and `epochs` epochs: at least one, names distinct.
pub(crate) fn learners(
    draft: &Draft<'_>,
    sizes: &[usize],
    epochs: usize,
) -> Result<Vec<Learner>, JobError> {
    let sections: Vec<LearnerSection> = draft.section("learner")?.unwrap_or_default();
    if sections.is_empty() {
        let message = "missing; give a table [[learner]] with recipe = \"u-hop-plus\"";
        return Err(draft.error("learner", "", message.to_owned()));
    }
    let mut learners: Vec<Learner> = Vec::new();
    for (index, section) in sections.iter().enumerate() {
        let refuse = |key: &str, message: String| {
            let number = index + 1;
            draft.error("learner", key, format!("learner {number}: {message}"))
        };
        let learner = section
            .learner(epochs)
            .map_err(|(key, message)| refuse(key, message))?;
        if learners.iter().any(|other| other.name == learner.name) {
            let message = format!("{:?} stands there twice; give it a name", learner.name);
            return Err(refuse("name", message));
        }
        for &size in sizes {
            learner
                .training
                .validate(size, learner.feature_size(size))
                .map_err(|error| refuse("", error.to_string()))?;
        }
        learners.push(learner);
    }
    Ok(learners)
}

type Refusal = (&'static str, String);

impl LearnerSection {
    fn learner(&self, epochs: usize) -> Result<Learner, Refusal> {
        let recipe = Recipe::from_name(&self.recipe).ok_or_else(|| {
            let names = Recipe::ALL.map(Recipe::name).join(", ");
            let message = format!("unknown recipe {:?}; known: {names}", self.recipe);
            ("recipe", message)
        })?;
        let mut training = recipe.training(epochs);
        training.loss.form = self.form(training.loss.form)?;
        if let Some(scale) = self.features {
            training.loss.scale = match scale {
                ScaleName::Normalised => FeatureScale::Normalised,
                ScaleName::Raw => FeatureScale::Raw,
            };
        }
        training.optimiser = self.optimiser(training.optimiser)?;
        training.projection = self.projection(training.projection)?;
        if self.feature_size == Some(0) {
            return Err(("feature_size", "0 leaves no feature".to_owned()));
        }
        let name = self.name.clone().unwrap_or(recipe.name().to_owned());
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(("name", format!("{name:?} cannot stand in a table")));
        }
        Ok(Learner {
            name,
            recipe,
            feature_size: self.feature_size,
            training,
        })
    }

    fn form(&self, of_recipe: LossForm) -> Result<LossForm, Refusal> {
        let (recipe, usual) = match of_recipe {
            LossForm::Average { sharpness } => (LossName::Average, sharpness),
            LossForm::Maximum { sharpness } => (LossName::Maximum, sharpness),
            LossForm::UHopPlus { temperature } => (LossName::UHopPlus, temperature),
            LossForm::UHopPlusAsPublished { temperature } => {
                (LossName::UHopPlusAsPublished, temperature)
            }
        };
        let name = self.loss.unwrap_or(recipe);
        let sharpness = ("sharpness", self.sharpness, 2.0);
        let temperature = ("temperature", self.temperature, 0.1);
        let (own, foreign) = if name.has_sharpness() {
            (sharpness, temperature)
        } else {
            (temperature, sharpness)
        };
        if foreign.1.is_some() {
            return Err((foreign.0, "this loss has none; delete it".to_owned()));
        }
        let is_usual = recipe.has_sharpness() == name.has_sharpness();
        let parameter = own.1.unwrap_or(if is_usual { usual } else { own.2 });
        Ok(name.form(parameter))
    }

    fn optimiser(&self, of_recipe: Optimiser) -> Result<Optimiser, Refusal> {
        let mut optimiser = match self.optimiser {
            None => of_recipe,
            Some(_) if self.learning_rate.is_none() => {
                let message = "missing; another optimiser needs a rate of its own".to_owned();
                return Err(("learning_rate", message));
            }
            Some(OptimiserName::GradientDescent) => Optimiser::gradient_descent(1.0),
            Some(OptimiserName::Adam) => Optimiser::adam(1.0),
        };
        if let Some(rate) = self.learning_rate {
            if !(rate > 0.0 && rate.is_finite()) {
                let message = format!("learning rate = {rate} is not a positive number");
                return Err(("learning_rate", message));
            }
            optimiser = optimiser.at_rate(rate);
        }
        if let Some(name) = self.decay {
            let Optimiser::GradientDescent { decay, .. } = &mut optimiser else {
                let message = "belongs to optimiser = \"gradient-descent\"; delete it".to_owned();
                return Err(("decay", message));
            };
            *decay = name.decay();
        }
        Ok(optimiser)
    }

    fn projection(&self, of_recipe: Projection) -> Result<Projection, Refusal> {
        let constraint = match (self.projection, of_recipe) {
            (Some(ProjectionName::UnitRows), _) => RowConstraint::UnitNorm,
            (Some(ProjectionName::OrthonormalRows), _) => RowConstraint::Orthonormal,
            (None, Projection::AtEnd(rows) | Projection::EveryEpoch(rows)) => rows,
            (Some(ProjectionName::None), _) | (None, Projection::None) => {
                return match self.projected {
                    None => Ok(Projection::None),
                    Some(_) => Err(("projected", "there is no projection; delete it".to_owned())),
                };
            }
        };
        let is_every_epoch = matches!(of_recipe, Projection::EveryEpoch(_));
        let time = self.projected.unwrap_or(if is_every_epoch {
            ProjectionTime::EveryEpoch
        } else {
            ProjectionTime::AtEnd
        });
        Ok(match time {
            ProjectionTime::AtEnd => Projection::AtEnd(constraint),
            ProjectionTime::EveryEpoch => Projection::EveryEpoch(constraint),
        })
    }
}
