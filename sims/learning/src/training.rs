//! Learning a feature map: epochs, history, tolerance.

use std::time::Instant;

use crate::error::KernelLearningError;
use crate::evaluation::Evaluator;
use crate::loss::{LossForm, SeparationLoss};
use crate::optimisers::{Optimiser, require};
use crate::parameters::Parameters;
use crate::projection::Projection;
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::Patterns;
use dam_memory::similarities::feature_map::FeatureMap;

/// How a feature map is learned from memories.
///
/// ```
/// use dam_memory::patterns::Patterns;
/// use dam_memory::streams::StreamKey;
/// use dam_learning::{FeatureMap, Recipe};
/// // three memories in the plane; the best three directions are 120° apart
/// let memories = Patterns::from_rows(2, vec![1.0, 0.1, 1.0, -0.1, 0.9, 0.0]);
/// let mut rng = StreamKey::new(1).rng("start");
/// let start = FeatureMap::kaiming_uniform(2, 2, &mut rng);
/// let mut training = Recipe::UHopPlus.training(2000);
/// training.tolerance = 1e-6;
/// let learned = training.run(&memories, start)?;
/// let last = learned.history.last().expect("the start at least");
/// assert!((last.largest_cosine + 0.5).abs() < 1e-3);
/// # Ok::<(), dam_learning::KernelLearningError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// What is minimised.
    pub loss: SeparationLoss,
    /// How.
    pub optimiser: Optimiser,
    /// Constraint on W.
    pub projection: Projection,
    /// Most steps.
    pub epochs: usize,
    /// Ends once |∇L| (over W and b) is at most this; 0 never ends early.
    pub tolerance: f64,
    /// Whether the work of one step is spread over the current rayon pool; the numbers are the
    /// same.
    pub parallelism: Parallelism,
}

/// The state of training after some steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Steps made.
    pub epoch: usize,
    /// The loss.
    pub loss: f64,
    /// max_{μ<ν} û_μ·û_ν of the normalised features; the minimal separation is 1 minus it.
    pub largest_cosine: f64,
    /// |∇L| over W and b.
    pub gradient_norm: f64,
    /// Wall time since the last epoch.
    pub seconds: f64,
}

impl Epoch {
    /// min_{μ<ν} (1 − û_μ·û_ν).
    pub fn minimal_separation(&self) -> f64 {
        1.0 - self.largest_cosine
    }
}

/// A learned map.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// The map after the last epoch, constrained where the projection says so.
    pub map: FeatureMap,
    /// Epochs 0 (the start), 1, …; each before a projection at the end.
    pub history: Vec<Epoch>,
    /// Whether the tolerance was reached.
    pub is_converged: bool,
}

impl Training {
    /// Learns from `start`.
    ///
    /// # Errors
    /// A setting outside its domain; fewer than two memories or a memory without direction; a start
    /// of another size; divergence.
    pub fn run(
        &self,
        memories: &Patterns<f64>,
        start: FeatureMap,
    ) -> Result<Learned, KernelLearningError> {
        let mut trainer = Trainer::new(self, memories, start)?;
        let mut history = vec![trainer.state()];
        while !trainer.is_converged() && trainer.state().epoch < self.epochs {
            history.push(trainer.step()?);
        }
        Ok(Learned {
            map: trainer.map()?,
            history,
            is_converged: trainer.is_converged(),
        })
    }

    /// Checks the settings for memories of `input_size` components and `feature_size` features.
    ///
    /// # Errors
    /// A sharpness, temperature, learning rate, decay or tolerance outside its domain; a constraint
    /// that no map of this shape meets.
    pub fn validate(
        &self,
        input_size: usize,
        feature_size: usize,
    ) -> Result<(), KernelLearningError> {
        let positive = "positive and finite";
        match self.loss.form {
            LossForm::Average { sharpness } | LossForm::Maximum { sharpness } => {
                require("sharpness t", sharpness, positive, |t| t > 0.0)?;
            }
            LossForm::UHopPlus { temperature } | LossForm::UHopPlusAsPublished { temperature } => {
                require("temperature τ", temperature, positive, |tau| tau > 0.0)?;
            }
        }
        self.optimiser.validate()?;
        require("tolerance", self.tolerance, "at least 0 and finite", |t| {
            t >= 0.0
        })?;
        match self.projection {
            Projection::None => Ok(()),
            Projection::AtEnd(constraint) | Projection::EveryEpoch(constraint) => {
                constraint.validate(feature_size, input_size)
            }
        }
    }
}

/// A loss of the features of memories and its derivatives by the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapGradient {
    /// The loss.
    pub loss: f64,
    /// max_{μ<ν} û_μ·û_ν of the normalised features.
    pub largest_cosine: f64,
    /// ∂L/∂W, D×d, row-major.
    pub weights: Vec<f64>,
    /// ∂L/∂b, where the map is affine.
    pub bias: Option<Vec<f64>>,
}

impl SeparationLoss {
    /// The loss of Φ(ξ_1), …, Φ(ξ_M) and its gradient.
    ///
    /// # Errors
    /// As [`Training::run`].
    pub fn differentiate(
        &self,
        map: &FeatureMap,
        memories: &Patterns<f64>,
    ) -> Result<MapGradient, KernelLearningError> {
        let training = Training {
            loss: *self,
            optimiser: Optimiser::gradient_descent(1.0),
            projection: Projection::None,
            epochs: 0,
            tolerance: 0.0,
            parallelism: Parallelism::Chunks,
        };
        let trainer = Trainer::with_form(&training, memories, map.clone(), false)?;
        let (weights, bias) = trainer.parameters.gradient();
        Ok(MapGradient {
            loss: trainer.state.loss,
            largest_cosine: trainer.state.largest_cosine,
            weights: weights.to_vec(),
            bias: map.bias().map(|_| bias.to_vec()),
        })
    }
}

/// Training step by step, for maps at several epochs of one run.
#[derive(Debug)]
pub struct Trainer<'a> {
    training: Training,
    parameters: Parameters<'a>,
    state: Epoch,
}

impl<'a> Trainer<'a> {
    /// At the start, epoch 0.
    ///
    /// # Errors
    /// As [`Training::run`].
    pub fn new(
        training: &Training,
        memories: &'a Patterns<f64>,
        start: FeatureMap,
    ) -> Result<Self, KernelLearningError> {
        let in_features =
            Parameters::prefer_features(training.optimiser, training.projection, memories, &start);
        Self::with_form(training, memories, start, in_features)
    }

    /// In the form that a test wants: the numbers of both forms agree up to rounding.
    #[doc(hidden)]
    pub fn with_form(
        training: &Training,
        memories: &'a Patterns<f64>,
        start: FeatureMap,
        in_features: bool,
    ) -> Result<Self, KernelLearningError> {
        if start.input_size() != memories.size() {
            return Err(KernelLearningError::InputSize {
                map: start.input_size(),
                memories: memories.size(),
            });
        }
        training.validate(start.input_size(), start.feature_size())?;
        let evaluator = Evaluator::new(
            training.loss,
            memories.count(),
            start.feature_size(),
            training.parallelism,
        )?;
        let mut trainer = Self {
            training: *training,
            parameters: Parameters::new(
                evaluator,
                training.optimiser,
                training.projection,
                memories,
                start,
                in_features,
            ),
            state: Epoch {
                epoch: 0,
                loss: f64::NAN,
                largest_cosine: f64::NAN,
                gradient_norm: f64::NAN,
                seconds: 0.0,
            },
        };
        trainer.evaluate(0, Instant::now())?;
        Ok(trainer)
    }

    /// The present epoch.
    pub fn state(&self) -> Epoch {
        self.state
    }

    /// D.
    pub fn feature_size(&self) -> usize {
        self.features().len() / self.parameters.count()
    }

    /// The features of the memories, M×D, row-major.
    pub fn features(&self) -> &[f64] {
        self.parameters.features()
    }

    /// Whether the gradient is within the tolerance.
    pub fn is_converged(&self) -> bool {
        self.state.gradient_norm <= self.training.tolerance
    }

    /// Makes one step.
    ///
    /// # Errors
    /// [`KernelLearningError::Diverged`]; [`KernelLearningError::ZeroFeature`].
    pub fn step(&mut self) -> Result<Epoch, KernelLearningError> {
        let started = Instant::now();
        self.parameters.step()?;
        self.evaluate(self.state.epoch + 1, started)?;
        Ok(self.state)
    }

    /// After as many steps as lead to the epoch.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn advanced_to(mut self, epoch: usize) -> Result<Self, KernelLearningError> {
        while self.state.epoch < epoch {
            self.step()?;
        }
        Ok(self)
    }

    /// The present map, constrained where the projection says so.
    ///
    /// # Errors
    /// None that [`Trainer::new`] has not found.
    pub fn map(&self) -> Result<FeatureMap, KernelLearningError> {
        let mut map = self.parameters.map();
        if let Projection::AtEnd(constraint) = self.training.projection {
            constraint.constrain(&mut map)?;
        }
        Ok(map)
    }

    fn evaluate(&mut self, epoch: usize, started: Instant) -> Result<(), KernelLearningError> {
        let (value, gradient_norm) = self.parameters.evaluate()?;
        if !(value.loss.is_finite() && gradient_norm.is_finite()) {
            return Err(KernelLearningError::Diverged { epoch });
        }
        self.state = Epoch {
            epoch,
            loss: value.loss,
            largest_cosine: value.largest_cosine,
            gradient_norm,
            seconds: started.elapsed().as_secs_f64(),
        };
        Ok(())
    }
}
