//! Networks over bags, one line a kind in [`NETWORKS`].

use dam_layers::{
    BagNetwork, Bags, Batch, Decay, Dropout, HopfieldOptions, HopfieldPooling, Linear, MaxPooling,
    MeanPooling, NetworkTrace, Normalization, Parameters, Pooling, ScalingOption, Schedule,
    Trainer, Training,
};
use dam_learning::{LossForm, SeparationLoss};
use dam_memory::streams::StreamKey;

use super::model::{Fold, Model};
use super::spread::spread;

/// How far the rates of networks with nothing else to choose reach beyond those of the others.
const RATES_BEYOND: f64 = 3.0;
/// The network without retrieval that the others are compared with.
pub const BASELINE: &str = "mean-pooling";

/// What all networks share.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Numbers of an embedded instance.
    pub width: usize,
    /// Heads of Hopfield poolings.
    pub heads: usize,
    /// Numbers of a head of theirs, and of the hidden layer of attention poolings.
    pub hidden_size: usize,
    /// Whether Hopfield poolings have a LayerNorm of the pattern projections too, as `hflayers` by default.
    pub normalise_projections: bool,
    /// Epochs of training.
    pub epochs: usize,
    /// Bags of a batch.
    pub batch: usize,
    /// The factor of the learning rate from epoch to epoch.
    pub decay: f64,
    /// λ of AdamW.
    pub weight_decay: f64,
    /// Epochs of Stage I before those, where there are some.
    pub stage_one_epochs: usize,
    /// τ of its loss.
    pub temperature: f64,
    /// The settings to choose among.
    pub settings: Vec<Setting>,
}

impl Recipe {
    /// As many settings for networks without β and dropout of weights: rates spread from a third of
    /// the least to three times the greatest, in the scale of the logarithm.
    pub fn plain_settings(&self) -> Vec<Setting> {
        let rates = || self.settings.iter().map(|setting| setting.learning_rate);
        let least = rates().fold(f64::INFINITY, f64::min) / RATES_BEYOND;
        let greatest = rates().fold(0.0, f64::max) * RATES_BEYOND;
        let rates = spread([least, greatest], self.settings.len());
        let setting = |(given, learning_rate): (&Setting, f64)| Setting {
            learning_rate,
            dropout: 0.0,
            ..*given
        };
        self.settings.iter().zip(rates).map(setting).collect()
    }
}

/// What is chosen inside the training bags.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// β of Hopfield poolings; the others have none.
    pub beta: f64,
    /// Dropout of their weights.
    pub dropout: f64,
    /// The learning rate of the first epoch.
    pub learning_rate: f64,
}

impl Default for Recipe {
    /// Width 32, 4 heads × 16, 40 epochs of batches of 8, rate × .97 from epoch to epoch, and 2 × 2 × 2 settings.
    fn default() -> Self {
        let mut settings = Vec::new();
        for beta in [0.3, 3.0] {
            for dropout in [0.0, 0.5] {
                for learning_rate in [1e-3, 3e-4] {
                    settings.push(Setting {
                        beta,
                        dropout,
                        learning_rate,
                    });
                }
            }
        }
        Self {
            width: 32,
            heads: 4,
            hidden_size: 16,
            normalise_projections: false,
            epochs: 40,
            batch: 8,
            decay: 0.97,
            weight_decay: 1e-4,
            stage_one_epochs: 4,
            temperature: 0.1,
            settings,
        }
    }
}

/// How a network of a fold and a setting learns.
struct Course<'a> {
    recipe: &'a Recipe,
    setting: Setting,
    fold: Fold<'a>,
    epochs: usize,
    key: &'a StreamKey,
}

/// Φ of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kernel {
    /// Φ(y) = y.
    None,
    /// Learned with everything else: the control of what follows.
    Untrained,
    /// Separated in Stage I first, with the embedding (U-Hop+, arXiv:2410.23126).
    Separated,
    /// Separated in Stage I and then left aside, as in the script published with U-Hop+: only the embedding has moved.
    SeparatedAside,
}

/// Scores the test bags of a fold after each epoch.
type Run = fn(&Course<'_>) -> Vec<Vec<f64>>;

/// A kind of network: its name and how it learns.
#[derive(Clone, Copy, Debug)]
pub struct NetworkKind {
    /// The name in tables.
    pub name: &'static str,
    /// The kind that differs from it by Stage I alone, where it has one.
    pub control: Option<&'static str>,
    settings: fn(&Recipe) -> Vec<Setting>,
    run: Run,
}

/// A network of a kind.
#[derive(Clone, Debug)]
pub struct Network {
    /// The kind.
    pub kind: NetworkKind,
    /// What it shares with the others.
    pub recipe: Recipe,
}

/// The kinds that there are.
pub const NETWORKS: &[NetworkKind] = &[
    plain(BASELINE, |course| {
        course.learn(|_| MeanPooling::plain(course.recipe.width))
    }),
    plain("max-pooling", |course| {
        course.learn(|_| MaxPooling {
            size: course.recipe.width,
        })
    }),
    plain("attention", |course| {
        course.attention(MeanPooling::attention)
    }),
    plain("gated-attention", |course| {
        course.attention(MeanPooling::gated)
    }),
    hopfield(DENSE, |course| course.hopfield(1.0, Kernel::None)),
    hopfield("entmax-1.5-hopfield", |course| {
        course.hopfield(1.5, Kernel::None)
    }),
    hopfield("sparse-hopfield", |course| {
        course.hopfield(2.0, Kernel::None)
    }),
    hopfield(DENSE_KERNEL, |course| {
        course.hopfield(1.0, Kernel::Untrained)
    }),
    hopfield(SPARSE_KERNEL, |course| {
        course.hopfield(2.0, Kernel::Untrained)
    }),
    hopfield("hopfield+u-hop-plus", |course| {
        course.hopfield(1.0, Kernel::Separated)
    })
    .against(DENSE_KERNEL),
    hopfield("sparse-hopfield+u-hop-plus", |course| {
        course.hopfield(2.0, Kernel::Separated)
    })
    .against(SPARSE_KERNEL),
    hopfield("u-hop-plus-as-published", |course| {
        course.hopfield(1.0, Kernel::SeparatedAside)
    })
    .against(DENSE),
];

/// The controls of networks with Stage I.
const DENSE: &str = "hopfield";
const DENSE_KERNEL: &str = "hopfield+kernel";
const SPARSE_KERNEL: &str = "sparse-hopfield+kernel";

/// A pooling with neither β nor dropout.
const fn plain(name: &'static str, run: Run) -> NetworkKind {
    NetworkKind {
        name,
        control: None,
        settings: Recipe::plain_settings,
        run,
    }
}

const fn hopfield(name: &'static str, run: Run) -> NetworkKind {
    NetworkKind {
        name,
        control: None,
        settings: |recipe| recipe.settings.clone(),
        run,
    }
}

impl NetworkKind {
    const fn against(mut self, control: &'static str) -> Self {
        self.control = Some(control);
        self
    }
}

impl Course<'_> {
    /// Attention pooling of rows and a hidden layer of these sizes.
    fn attention(
        &self,
        pooling: fn(&mut Parameters, &str, usize, usize) -> MeanPooling,
    ) -> Vec<Vec<f64>> {
        let (width, hidden) = (self.recipe.width, self.recipe.hidden_size);
        self.learn(|parameters| pooling(parameters, "pooling", width, hidden))
    }

    /// Pooling by α-entmax with one static query and norms of the keys, and of the values where the recipe says so.
    fn hopfield(&self, alpha: f64, kernel: Kernel) -> Vec<Vec<f64>> {
        let projections = if self.recipe.normalise_projections {
            Normalization::Affine
        } else {
            Normalization::None
        };
        let options = HopfieldOptions {
            num_heads: self.recipe.heads,
            hidden_size: Some(self.recipe.hidden_size),
            scaling: ScalingOption::Fixed(vec![self.setting.beta]),
            dropout: self.setting.dropout,
            state_pattern_as_static: true,
            normalize_state_pattern: Normalization::None,
            normalize_pattern_projection: projections,
            alpha,
            kernel_size: matches!(kernel, Kernel::Untrained | Kernel::Separated)
                .then_some(self.recipe.width),
            ..HopfieldOptions::default()
        };
        let (width, stage_one_epochs) = (self.recipe.width, self.recipe.stage_one_epochs);
        let pooling = |parameters: &mut Parameters| {
            HopfieldPooling::new(parameters, "pooling", width, &options, 1, true)
                .expect("a recipe that fits")
        };
        match kernel {
            Kernel::None | Kernel::Untrained => self.learn(pooling),
            Kernel::Separated => self.learn_after(stage_one_epochs, pooling),
            Kernel::SeparatedAside => self.learn_after(stage_one_epochs, |parameters| Aside {
                map: Linear::new(parameters, "aside", [width, width]),
                pooling: pooling(parameters),
            }),
        }
    }

    /// Learns without Stage I.
    fn learn<P: Pooling>(&self, pooling: impl FnOnce(&mut Parameters) -> P) -> Vec<Vec<f64>> {
        self.learn_after(0, pooling)
    }

    /// Trains a network on the training bags after so many epochs of Stage I, and scores the test bags after each epoch.
    fn learn_after<P: Pooling>(
        &self,
        stage_one_epochs: usize,
        pooling: impl FnOnce(&mut Parameters) -> P,
    ) -> Vec<Vec<f64>> {
        let (recipe, fold) = (self.recipe, self.fold);
        let mut parameters = Parameters::new(self.key.clone());
        let pooling = pooling(&mut parameters);
        let network = BagNetwork::new(&mut parameters, "", [fold.set.size, recipe.width], pooling);
        let training = Training {
            schedule: Schedule::new(
                self.setting.learning_rate,
                Decay::Exponential {
                    factor: recipe.decay,
                },
            ),
            weight_decay: recipe.weight_decay,
            longest_gradient: 1.0,
            batch_size: recipe.batch,
        };
        let trainer = |parameters: &Parameters| {
            Trainer::new(&network, parameters, training, self.key.clone())
        };
        // the logarithm of the sum of e^{C/τ} over the pairs of a bag, but for a constant
        let loss = SeparationLoss::normalised(LossForm::Average {
            sharpness: 0.5 / recipe.temperature,
        });
        let mut first = trainer(&parameters);
        for epoch in 0..stage_one_epochs {
            first
                .run_separation_epoch(&mut parameters, fold.set, fold.training, epoch, &loss)
                .expect("the bias of a feature map keeps features from 0");
        }
        let mut trainer = trainer(&parameters);
        let rows: Vec<f64> = fold
            .test
            .iter()
            .flat_map(|&bag| fold.set.bag(bag))
            .copied()
            .collect();
        let bags = Bags::of_sizes(
            fold.test
                .iter()
                .map(|&bag| fold.set.bags.rows().of(bag).len()),
        );
        let batch = Batch {
            rows: &rows,
            bags: &bags,
            mask: None,
        };
        let mut trace = NetworkTrace::default();
        let mut scores = |epoch: usize| {
            trainer.run_epoch(&mut parameters, fold.set, fold.training, epoch);
            network
                .scores(parameters.values(), batch, &mut trace)
                .to_vec()
        };
        (0..self.epochs).map(&mut scores).collect()
    }
}

/// A pooling beside which a map of the rows is learned in Stage I, that it has no part in.
#[derive(Debug)]
struct Aside<P> {
    pooling: P,
    map: Linear,
}

impl<P: Pooling> Pooling for Aside<P> {
    type Trace = P::Trace;

    fn output_size(&self) -> usize {
        self.pooling.output_size()
    }

    fn feature_map(&self) -> Option<Linear> {
        Some(self.map)
    }

    fn dropout(&self) -> Dropout {
        self.pooling.dropout()
    }

    fn mask_length(&self, bags: &Bags) -> usize {
        self.pooling.mask_length(bags)
    }

    fn forward(&self, parameters: &[f64], batch: Batch<'_>, trace: &mut P::Trace) {
        self.pooling.forward(parameters, batch, trace);
    }

    fn output<'a>(&self, trace: &'a P::Trace) -> &'a [f64] {
        self.pooling.output(trace)
    }

    fn backward(
        &self,
        parameters: &[f64],
        batch: Batch<'_>,
        trace: &mut P::Trace,
        gradient: &[f64],
        slopes: &mut [f64],
        of_rows: &mut [f64],
    ) {
        self.pooling
            .backward(parameters, batch, trace, gradient, slopes, of_rows);
    }
}

impl Model for Network {
    fn name(&self) -> &str {
        self.kind.name
    }

    fn control(&self) -> Option<&str> {
        self.kind.control
    }

    fn setting_count(&self) -> usize {
        self.recipe.settings.len()
    }

    fn stage_count(&self) -> usize {
        self.recipe.epochs
    }

    fn scores(
        &self,
        fold: Fold<'_>,
        setting: usize,
        stages: usize,
        key: &StreamKey,
    ) -> Vec<Vec<f64>> {
        (self.kind.run)(&Course {
            recipe: &self.recipe,
            setting: (self.kind.settings)(&self.recipe)[setting],
            fold,
            epochs: stages,
            key,
        })
    }
}
