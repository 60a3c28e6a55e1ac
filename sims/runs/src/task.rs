//! One parameter point of a job.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use dam_theory::finite_size::PatternCount;
use dam_theory::{Ensemble, Parameters};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use dam_memory::attention::Precision;
use dam_memory::ensembles::PatternEnsemble;
use dam_memory::revealed::LARGEST_COMPLETE_SIZE;
use dam_memory::streams::StreamKey;

use crate::hexadecimal::hexadecimal;
pub use crate::job::point::Load;
use crate::job::point::{Point, counted_load};
use crate::quantity::Quantity;

/// One parameter point: everything that its numbers depend on besides the job's settings.
///
/// Two tasks are equal when they stand for the same point, whatever else they carry.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The experiment's name.
    pub experiment: String,
    /// The pattern ensemble's name.
    pub ensemble: String,
    /// Load α = ln P / N that the job asks for, before P is rounded.
    pub alpha: f64,
    /// N.
    pub size: usize,
    /// P, the target included: round(exp(α N)); [`BEYOND`] where that is more than 2⁵³, and revealed.
    pub pattern_count: usize,
    /// The experiment's other parameters, such as the λ grid of `retrieval`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Vec<f64>>,
    /// The ensemble's parameters, where it has some.
    #[serde(default, skip_serializing_if = "Parameters::is_empty")]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub ensemble_parameters: Parameters,
    /// Where patterns are drawn only when states come near them: what may be left to the average, ε of
    /// [`revealed`](dam_memory::revealed).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revealed: Option<f64>,
    /// The law of the patterns; a task that was read from a file has none before the store gives it that of its job.
    #[serde(skip)]
    patterns: Option<Arc<dyn PatternEnsemble>>,
    #[serde(skip)]
    load: Option<Load>,
    #[serde(skip)]
    sampled: Arc<OnceLock<Vec<Quantity>>>,
}

impl PartialEq for Task {
    fn eq(&self, other: &Self) -> bool {
        self.experiment == other.experiment
            && self.ensemble == other.ensemble
            && self.alpha == other.alpha
            && self.size == other.size
            && self.pattern_count == other.pattern_count
            && self.parameters == other.parameters
            && self.ensemble_parameters == other.ensemble_parameters
            && self.revealed == other.revealed
    }
}

/// Stands for a P of more than 2⁵³, which is e^{αN} then.
pub const BEYOND: usize = usize::MAX;

impl Task {
    /// A point of the sweep of an experiment, with patterns of this law and its parameters.
    pub fn new(
        experiment: &str,
        (patterns, parameters): (&Arc<dyn PatternEnsemble>, &Parameters),
        point: Point,
    ) -> Self {
        Self {
            experiment: experiment.to_owned(),
            ensemble: patterns.name().to_owned(),
            alpha: point.alpha,
            size: point.size,
            pattern_count: point.pattern_count,
            parameters: point.parameters,
            ensemble_parameters: parameters.clone(),
            revealed: None,
            patterns: Some(Arc::clone(patterns)),
            load: Some(point.load),
            sampled: Arc::default(),
        }
    }

    /// The law of its patterns; none of a task that was read from a file.
    pub(crate) fn drawn_from(&self) -> Option<&dyn PatternEnsemble> {
        self.patterns.as_deref()
    }

    /// What the sampled theory of the task says, once its samples are there.
    pub fn sampled_theory(&self) -> Option<&[Quantity]> {
        self.sampled.get().map(Vec::as_slice)
    }

    /// Gives the task, and all its clones, what its sampled theory says; what is there already stays.
    pub fn tell_theory(&self, quantities: Vec<Quantity>) {
        self.sampled.get_or_init(|| quantities);
    }

    #[expect(
        clippy::missing_panics_doc,
        reason = "texts and finite numbers are valid JSON"
    )]
    /// A short readable name, unique among all tasks: `alpha0.2-size40-1a2b3c4d`, or
    /// `patterns5-size2-1a2b3c4d` where the load is counted.
    pub fn identifier(&self) -> String {
        let text = serde_json::to_string(self).expect("a task is always valid JSON");
        let digest = Sha256::digest(text.as_bytes());
        let short = hexadecimal(&digest[..4]);
        let load = if self.is_counted() {
            format!("patterns{}", self.pattern_count)
        } else {
            format!("alpha{}", self.alpha)
        };
        format!("{load}-size{}-{}", self.size, short)
    }

    /// The parameter point for people: "α = 0.2, N = 40, P = 2981", without α where P is given.
    pub fn title(&self) -> String {
        let size = self.size;
        let count = match self.whole_count() {
            Some(count) => count.to_string(),
            None => format!("e^{}", (1e6 * self.log_count()).round() / 1e6),
        };
        if self.is_counted() {
            format!("N = {size}, P = {count}")
        } else {
            format!("α = {}, N = {size}, P = {count}", self.alpha)
        }
    }

    /// P, where it is known as a whole number.
    pub fn whole_count(&self) -> Option<usize> {
        (self.pattern_count != BEYOND).then_some(self.pattern_count)
    }

    /// ln P.
    pub fn log_count(&self) -> f64 {
        match self.whole_count() {
            Some(count) => (count as f64).ln(),
            None => self.alpha * self.size as f64,
        }
    }

    /// P; ∞ beyond the largest number.
    pub fn count(&self) -> f64 {
        match self.whole_count() {
            Some(count) => count as f64,
            None => self.log_count().exp(),
        }
    }

    /// P as theory takes it; none below two patterns.
    pub fn patterns(&self) -> Option<PatternCount> {
        match self.whole_count() {
            Some(count) => PatternCount::from_count(count as f64).ok(),
            None => PatternCount::from_load(self.alpha, self.size as f64).ok(),
        }
    }

    /// About how many patterns a sample holds at once: P, or N/ε² where they are revealed.
    pub fn held_patterns(&self) -> f64 {
        let of_revealed = |tolerance: f64| self.size as f64 / (tolerance * tolerance);
        self.revealed
            .map_or(f64::INFINITY, of_revealed)
            .min(self.count())
    }

    /// About how many numbers a sample holds of each of them: N, or one for each direction that states visit.
    pub fn held_components(&self) -> usize {
        match self.revealed {
            Some(_) => self.size.min(LARGEST_COMPLETE_SIZE),
            None => self.size,
        }
    }

    /// Both: the work of one pass over the patterns of a sample.
    pub fn work(&self) -> f64 {
        self.held_patterns() * self.held_components() as f64
    }

    /// The load that the job asks for.
    pub fn load(&self) -> Load {
        self.load.unwrap_or(Load::Exponential(self.alpha))
    }

    /// Whether α is ln P / N to the last bit, as where the job asks for P itself: then P names the task, and its files.
    pub fn is_counted(&self) -> bool {
        self.alpha == counted_load(self.pattern_count, self.size)
    }

    /// Whether |ξ|² = N exactly for the patterns of this task.
    pub fn has_fixed_norm(&self) -> bool {
        let patterns = self.patterns.as_ref();
        patterns.is_some_and(|patterns| patterns.has_fixed_norm())
    }

    /// Memory of one sample's patterns in bytes.
    pub fn pattern_bytes(&self, precision: Precision) -> u128 {
        self.pattern_count as u128 * self.size as u128 * precision.bytes() as u128
    }

    /// The one value of a parameter that the sweep gives to each task, such as the exponent k
    /// of a polynomial load.
    pub fn parameter(&self, name: &str) -> Option<f64> {
        match self.parameters.get(name).map(Vec::as_slice) {
            Some(&[value]) => Some(value),
            _ => None,
        }
    }

    /// The root of the random streams of one disorder sample.
    ///
    /// It holds the parameters of the patterns only: experiments, λ and dynamics that
    /// share a seed see the same patterns, so that their differences are free of disorder.
    pub fn stream_key(&self, seed: u64, sample: usize) -> StreamKey {
        let key = StreamKey::new(seed)
            .with_text("ensemble", self.stream_name())
            .with_integer("size", self.size as u64)
            .with_integer("pattern_count", self.pattern_count as u64)
            .with_integer("sample", sample as u64);
        let key = match self.whole_count() {
            Some(_) => key,
            None => key.with_real("log_count", self.log_count()),
        };
        self.ensemble_parameters
            .iter()
            .fold(key, |key, (name, value)| {
                key.with_reals(name, value.values())
            })
    }

    /// The ensemble's name in random streams.
    fn stream_name(&self) -> &str {
        let patterns = self.patterns.as_ref();
        patterns.map_or(&self.ensemble, |patterns| patterns.stream_name())
    }

    /// The seed of what is drawn for a quantity from the records of this point alone; results that
    /// are equal sample by sample have equal intervals.
    pub(crate) fn resampling_seed(&self, quantity: &str) -> u64 {
        let named = Self {
            ensemble: self.stream_name().to_owned(),
            ..self.clone()
        };
        let digest = Sha256::digest(format!("{} {quantity}", named.identifier()).as_bytes());
        let bytes = digest[..8].iter();
        bytes.fold(0, |seed, &byte| (seed << 8) | u64::from(byte))
    }

    /// Whether the law of the patterns does not change under rotations.
    pub fn is_isotropic(&self) -> bool {
        let theory = self.theory();
        theory.is_some_and(|ensemble| ensemble.structure().is_isotropic())
    }

    /// The theory of the task's ensemble, where there is one.
    pub fn theory(&self) -> Option<Arc<dyn Ensemble>> {
        self.patterns.as_ref()?.theory().cloned()
    }
}
