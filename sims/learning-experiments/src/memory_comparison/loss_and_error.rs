//! Retrieval error against separation loss, over random learning rates and numbers of training steps.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::memory_comparison::Corruption;
use crate::memory_comparison::figures::{SMALLEST_ERROR, error_axis};
use crate::memory_comparison::scene::Scene;
use crate::memory_comparison::score::{Score, Trial};
use crate::shared::learners::{LEARNER, learners};
use crate::shared::ranks::{correlation, ranks};
use crate::shared::training_curve::{start, stored, task_title};
use dam_learning::{Learner, Training};
use dam_memory::separations::Separation;
use dam_memory::separations::softmax::Softmax;
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Conclusions, Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record, column};
use dam_runs::reduce;
use dam_runs::results::TaskResult;
use dam_runs::section::Section;
use dam_runs::swept::{PATTERN_COUNT, SIZE};
use dam_runs::task::Task;
use dam_runs::view::{AxisView, NamedPoints, Picture, Sweep, View, literal};
use dam_statistics::BootstrapMethod;
use std::sync::Arc;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "loss-and-error",
    about: "squared error against separation loss over random learning rates and training steps",
    sections: &[LEARNER, Section::of::<RandomTrainingSection>(SECTION)],
    sweep: &[PATTERN_COUNT, SIZE],
    read: LossAndError::configure,
};

/// How rates and steps are drawn, and what is asked of the memory.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RandomTrainingSection {
    /// Laws of the factor that multiplies the rate of a learner.
    rates: Vec<RateLaw>,
    /// Least factor of the log-uniform law.
    lowest_factor: f64,
    /// Greatest factor of it.
    highest_factor: f64,
    /// Greatest number of training steps, each as likely as another.
    most_steps: usize,
    /// β of the memory.
    beta: f64,
    /// What is done to queries.
    corruption: String,
    /// How much of it.
    level: f64,
}

impl Default for RandomTrainingSection {
    /// Steps, β and half mask as in U-Hop (arXiv:2404.03827, Figs. 2 and 7).
    fn default() -> Self {
        Self {
            rates: vec![RateLaw::Normal, RateLaw::LogUniform],
            lowest_factor: 1e-2,
            highest_factor: 1e3,
            most_steps: 200,
            beta: 1.0,
            corruption: "dropout".to_owned(),
            level: 0.5,
        }
    }
}

/// The law of the factor that multiplies a learner's rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum RateLaw {
    /// Standard normal, as U-Hop states: every second rate is negative, and climbs the loss.
    Normal,
    /// Uniform in its logarithm between the two given ends.
    LogUniform,
}

impl RateLaw {
    fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::LogUniform => "log-uniform",
        }
    }

    fn factor(self, draw: &Draw, (lowest, highest): (f64, f64)) -> f64 {
        match self {
            Self::Normal => draw.normal,
            Self::LogUniform => lowest * (highest / lowest).powf(draw.uniform),
        }
    }
}

/// The random numbers of a sample: the same for all learners and laws.
struct Draw {
    normal: f64,
    uniform: f64,
    steps: usize,
}

impl Draw {
    fn new(rng: &mut impl Rng, most_steps: usize) -> Self {
        Self {
            normal: StandardNormal.sample(rng),
            uniform: rng.random(),
            steps: rng.random_range(1..=most_steps),
        }
    }
}

/// Every sample stores M patterns, trains each learner from a random map at a random rate for a random number of steps
/// n ∈ {1, …, `most_steps`}, and asks for each pattern with a corrupted copy: one softmax update with the kernel
/// ⟨Φ(ξ), Φ(x)⟩ gives the squared error Σ_i (ξ_i − x̂_i)², averaged over the patterns; the separation loss is that of the
/// map that retrieves, after its projection (U-Hop, arXiv:2404.03827, Figs. 2 and 7).
///
/// Over the samples, Spearman's rank correlation of loss and error with its bootstrap error: of all samples; of the half with
/// the lower losses, where more training should still pay; and where some rates are negative of the `descents` alone, since a
/// climbed loss says nothing of a learned kernel.
#[derive(Clone, Debug)]
pub struct LossAndError {
    learners: Vec<Learner>,
    rates: Vec<RateLaw>,
    factors: (f64, f64),
    most_steps: usize,
    beta: f64,
    corruption: Corruption,
    level: f64,
}

/// One learner with one law of its rate.
#[derive(Clone, Copy, Debug)]
struct Series<'a> {
    learner: &'a Learner,
    rates: RateLaw,
}

impl Series<'_> {
    fn column(&self, name: &str) -> String {
        format!("{name} {}, {} rates", self.learner.name, self.rates.name())
    }

    fn values(&self, records: &[Record], name: &str) -> Vec<Option<f64>> {
        column(records, &self.column(name))
    }

    fn labelled(&self, quantity: Quantity) -> Quantity {
        quantity
            .labelled("learner", &self.learner.name)
            .labelled("rates", &self.rates.name())
    }
}

impl LossAndError {
    /// Tables `[[learner]]`, section `[random-training]`; sweeps `pattern_count` and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let section: RandomTrainingSection = draft.section(SECTION)?.unwrap_or_default();
        let error = |key: &str, message: String| draft.error(SECTION, key, message);
        let twice = |index: usize, law| section.rates[..index].contains(law);
        if section.rates.is_empty() {
            let message = "the list is empty; give \"normal\", \"log-uniform\" or both".to_owned();
            return Err(error("rates", message));
        }
        if (section.rates.iter().enumerate()).any(|(index, law)| twice(index, law)) {
            return Err(error("rates", "a law stands there twice".to_owned()));
        }
        for (key, value) in [
            ("lowest_factor", section.lowest_factor),
            ("highest_factor", section.highest_factor),
            ("beta", section.beta),
        ] {
            draft.positive(SECTION, key, value)?;
        }
        if section.lowest_factor > section.highest_factor {
            let message = format!("below lowest_factor = {}", section.lowest_factor);
            return Err(error("highest_factor", message));
        }
        if section.most_steps == 0 {
            let message = "0 steps train nothing; give at least 1".to_owned();
            return Err(error("most_steps", message));
        }
        let parsed = section.corruption.parse();
        let corruption: Corruption = parsed.map_err(|message| error("corruption", message))?;
        if let Some(domain) = corruption.unfit_level(section.level) {
            let message = format!("{} lies outside {domain} of {corruption}", section.level);
            return Err(error("level", message));
        }
        let points = draft.counted_loads()?;
        let sizes: Vec<usize> = points.iter().map(|point| point.size).collect();
        let experiment = Self {
            learners: learners(draft, &sizes, section.most_steps)?,
            rates: section.rates,
            factors: (section.lowest_factor, section.highest_factor),
            most_steps: section.most_steps,
            beta: section.beta,
            corruption,
            level: section.level,
        };
        Ok((Box::new(experiment), points))
    }

    fn series(&self) -> impl Iterator<Item = Series<'_>> {
        self.learners.iter().flat_map(|learner| {
            let rates = self.rates.iter();
            rates.map(move |&rates| Series { learner, rates })
        })
    }

    /// Separation loss, and score of the retrieval; none where the training diverges.
    fn outcome(
        &self,
        sample: &Sample<'_>,
        scene: &Scene,
        (learner, steps): (&Learner, usize),
    ) -> Option<(f64, Score)> {
        let trainer = start(learner, sample, &scene.patterns)?;
        let map = trainer.advanced_to(steps).ok()?.map().ok()?;
        let loss = learner.training.loss.differentiate(&map, &scene.patterns);
        let separation: Arc<dyn Separation> = Arc::new(Softmax);
        let trial = Trial {
            patterns: &scene.columns,
            similarities: scene.kernel_similarities(&map, 0),
            separation,
        };
        Some((loss.ok()?.loss, trial.score(self.beta)))
    }

    /// (loss, squared error) of every series.
    fn points(&self, record: &Record) -> Vec<NamedPoints> {
        let records = std::slice::from_ref(record);
        let points = |series: Series<'_>| {
            let number = |name| series.values(records, name).into_iter().flatten().next();
            let point = number(LOSS).zip(number(ERROR));
            let point = point.map(|(loss, error)| (loss, error.max(SMALLEST_ERROR)));
            let name = format!("{}, {} rates", series.learner.name, series.rates.name());
            (literal(&name), point.into_iter().collect())
        };
        self.series().map(points).collect()
    }
}

const SECTION: &str = "random-training";
const LOSS: &str = "separation_loss";
const ERROR: &str = "squared_error";
const RATE: &str = "learning_rate";
const STEPS: &str = "training_steps";
const ALL_RUNS: &str = "rank_correlation";
const LOWER_HALF: &str = "rank_correlation_of_lower_half";
const DESCENTS: &str = "rank_correlation_of_descents";

impl Experiment for LossAndError {
    fn settings(&self) -> Settings {
        let learners: Vec<Value> = self.learners.iter().map(Learner::settings).collect();
        let rates: Vec<&str> = self.rates.iter().map(|law| law.name()).collect();
        let mut settings = vec![
            ("rates", json!(rates)),
            ("most_steps", json!(self.most_steps)),
            ("beta", json!(self.beta)),
            ("corruption", json!(self.corruption.name())),
            ("level", json!(self.level)),
        ];
        if self.rates.contains(&RateLaw::LogUniform) {
            settings.push(("lowest_factor", json!(self.factors.0)));
            settings.push(("highest_factor", json!(self.factors.1)));
        }
        let own = settings.into_iter();
        own.map(|(key, value)| (format!("{SECTION}.{key}"), value))
            .chain([("learner".to_owned(), json!(learners))])
            .collect()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let count = sample.task.pattern_count;
        let queries = (self.corruption, &[self.level][..]);
        let scene = Scene::new(stored(sample), count, sample.stream.clone(), queries);
        let draw = Draw::new(&mut sample.stream.rng("random training"), self.most_steps);
        let mut record = Record::new();
        let mut put = |name, value| record.insert(name, Measurement::Number(value));
        put(STEPS.to_owned(), Some(draw.steps as f64));
        for series in self.series() {
            let optimiser = series.learner.training.optimiser;
            let rate = optimiser.learning_rate() * series.rates.factor(&draw, self.factors);
            let learner = Learner {
                training: Training {
                    optimiser: optimiser.at_rate(rate),
                    ..series.learner.training
                },
                ..series.learner.clone()
            };
            let outcome = self.outcome(sample, &scene, (&learner, draw.steps));
            put(series.column(RATE), Some(rate));
            put(series.column(LOSS), outcome.map(|(loss, _)| loss));
            let score = outcome.map(|(_, score)| score);
            put(series.column(ERROR), score.map(|score| score.squared_error));
            put(series.column("accuracy"), score.map(|score| score.accuracy));
        }
        record
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for series in self.series() {
            let losses = series.values(records, LOSS);
            let caveat = Caveat::diverged(&losses);
            let errors = series.values(records, ERROR);
            let rates = series.values(records, RATE);
            let pairs = |are_climbs_in: bool| -> Vec<(f64, f64)> {
                let runs = losses.iter().zip(&errors).zip(&rates);
                runs.filter(|(_, rate)| are_climbs_in || rate.is_some_and(|rate| rate > 0.0))
                    .filter_map(|((loss, error), _)| (*loss).zip(*error))
                    .collect()
            };
            let (all, descents) = (pairs(true), pairs(false));
            let mut own = vec![
                rank_correlation(task, ALL_RUNS, &all),
                rank_correlation(task, LOWER_HALF, &lower_half(&all)),
            ];
            if series.rates == RateLaw::Normal {
                own.push(rank_correlation(task, DESCENTS, &descents));
            }
            for name in [LOSS, ERROR, "accuracy"] {
                let values = reduce::present(&series.values(records, name));
                own.push(reduce::mean(name, &values));
            }
            let own = own.into_iter().map(|quantity| quantity.under(&caveat));
            quantities.extend(own.map(|quantity| series.labelled(quantity)));
        }
        quantities
    }

    /// The squared error of each run against its separation loss.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let picture = Picture::Scatter {
            x: AxisView::new("separation loss"),
            y: error_axis(),
            series: Box::new(|record| self.points(record)),
        };
        let note = "A point for every run of random learning rate and number of training steps.";
        vec![View::new(KIND.name, sweep.title(), picture).noted(note)]
    }

    /// What the rank correlations are, and whether they outlive the runs that climb the loss.
    fn conclude(&self, tasks: &[TaskResult]) -> Conclusions {
        let sentence = |result: &TaskResult, series: Series<'_>| {
            let of = |name: &str| {
                let own = |quantity: &&Quantity| {
                    let is_label = |key: &str, value: &str| {
                        quantity.labels.get(key).is_some_and(|label| label == value)
                    };
                    quantity.name == name
                        && is_label("learner", &series.learner.name)
                        && is_label("rates", series.rates.name())
                };
                result.quantities.iter().find(own).and_then(described)
            };
            let among = |name, whom| of(name).map(|words| format!("; {whom}, {words}"));
            let runs = of(ALL_RUNS)?;
            let descents = among(DESCENTS, "of those that descend");
            let lower = among(LOWER_HALF, "of the half with the lower losses");
            Some(format!(
                "{}, {}, {} rates: rank correlation of separation loss and squared error {runs}{}{}.",
                task_title(&result.task),
                series.learner.name,
                series.rates.name(),
                descents.unwrap_or_default(),
                lower.unwrap_or_default(),
            ))
        };
        let findings = tasks
            .iter()
            .flat_map(|result| self.series().filter_map(move |s| sentence(result, s)));
        Conclusions {
            findings: findings.collect(),
            ..Conclusions::default()
        }
    }
}

/// The half of the pairs with the lower losses, the one in the middle left out.
fn lower_half(pairs: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut pairs = pairs.to_vec();
    pairs.sort_by(|first, second| first.0.total_cmp(&second.0));
    pairs.truncate(pairs.len() / 2);
    pairs
}

/// Spearman's rank correlation with bootstrap error and interval over the pairs.
fn rank_correlation(task: &Task, name: &str, pairs: &[(f64, f64)]) -> Quantity {
    let numbers: Vec<f64> = (0..pairs.len()).map(|index| index as f64).collect();
    let method = BootstrapMethod::BiasCorrectedAccelerated;
    reduce::statistic(task, name, &numbers, method, |drawn| {
        let drawn = drawn.iter().map(|&number| pairs[reduce::whole(number)]);
        let (losses, errors): (Vec<f64>, Vec<f64>) = drawn.unzip();
        correlation(&ranks(&losses), &ranks(&errors))
    })
}

/// "+0.912 [0.880, 0.934] over 200 runs".
fn described(quantity: &Quantity) -> Option<String> {
    let number = |value: f64| format!("{value:+.3}").replace('-', "−");
    Some(format!(
        "{} [{}, {}] over {} runs",
        number(quantity.mean?),
        number(quantity.lower?),
        number(quantity.upper?),
        quantity.count
    ))
}
