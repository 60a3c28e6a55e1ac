//! The memory of the attention update, by the one-pass kernel: energy, gradient, softmax weights
//! and update.

use std::fmt::Debug;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ensembles::Drawn;
use crate::ensembles::{PatternEnsemble, pattern_law};
use crate::kernel::{
    Batch, Parallelism, Pass, PatternSource, SOURCE_TILE, StateSummary, Workspace,
};
use crate::memory::{Memory, Outcome, Told};
use crate::patterns::Patterns;
use crate::patterns::drawn::RandomPatterns;
use crate::patterns::real::Real;
use crate::patterns::signs::SignPatterns;
use crate::products::dot;

/// The floating-point types in which patterns are stored and updates are computed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Single precision: half the memory and twice the speed, overlaps to about 1e-6.
    F32,
    /// Patterns in single precision, rounded to 6e-8, and everything else in double: half the memory, and the gradients of
    /// double precision.
    Mixed,
    /// Double precision.
    #[default]
    F64,
}

impl Precision {
    /// Bytes of one stored number.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 | Self::Mixed => 4,
            Self::F64 => 8,
        }
    }
}

/// How the patterns of a sample are held. The numbers that come out are the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// All numbers in memory.
    Stored,
    /// One bit per component, for patterns of ±1.
    Bits,
    /// No memory: each pass draws the patterns again.
    Regenerated,
}

impl Storage {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Bits => "bits",
            Self::Regenerated => "regenerated",
        }
    }
}

/// Patterns that lie elsewhere, such as in memory of another language, and are not copied.
pub trait LentPatterns<T>: PatternSource<T> + Debug + Send {}

impl<T, S: PatternSource<T> + Debug + Send> LentPatterns<T> for S {}

#[derive(Clone, Debug)]
enum Source<T> {
    Lent(Arc<dyn LentPatterns<T>>),
    Stored(Patterns<T>),
    Bits(SignPatterns),
    Regenerated(RandomPatterns),
}

impl<T: Drawn> Source<T> {
    fn new(patterns: &RandomPatterns, storage: Storage, parallelism: Parallelism) -> Self {
        let source: &dyn PatternSource<T> = patterns;
        let (size, count) = (source.size(), source.count());
        match storage {
            Storage::Stored => Self::Stored(patterns.store(parallelism)),
            Storage::Bits => Self::Bits(SignPatterns::draw(
                size,
                count,
                patterns.seed(),
                parallelism,
            )),
            Storage::Regenerated => Self::Regenerated(patterns.clone()),
        }
    }

    fn source(&self) -> &dyn PatternSource<T> {
        match self {
            Self::Lent(patterns) => patterns.as_ref(),
            Self::Stored(patterns) => patterns,
            Self::Bits(patterns) => patterns,
            Self::Regenerated(patterns) => patterns,
        }
    }
}

#[derive(Clone, Debug)]
enum Held {
    F32(Source<f32>),
    /// Computed with in double precision.
    Mixed(Source<f32>),
    F64(Source<f64>),
}

/// P stored patterns of N components with the energy (LM24 eq. 1; Ramsauer et al. 2021)
///
/// ```text
/// E(x) = −(1/λ) ln Σ_μ exp(λ x·ξ^μ) + ½ |x|²
/// ```
///
/// States are always double precision, whatever the patterns are stored in.
///
/// ```
/// use dam_memory::attention::AttentionMemory;
/// use dam_memory::patterns::Patterns;
/// // Two orthogonal patterns: at small λ one update mixes them, at large λ it keeps the nearer.
/// let memory = AttentionMemory::from(Patterns::from_rows(2, vec![1.0, 1.0, 1.0, -1.0]));
/// let start = [1.0, 1.0];
/// assert!(memory.weights(&start, 5.0)[0] > 0.9999);
/// let next = memory.update_one(&start, 5.0);
/// assert!(memory.energy(&next, 5.0) <= memory.energy(&start, 5.0));
/// ```
#[derive(Clone, Debug)]
pub struct AttentionMemory {
    held: Held,
    parallelism: Parallelism,
}

macro_rules! from_patterns {
    ($held:ident: $($given:ty => $source:ident),*) => {$(
        impl From<$given> for AttentionMemory {
            fn from(patterns: $given) -> Self {
                Self {
                    held: Held::$held(Source::$source(patterns)),
                    parallelism: Parallelism::Sequential,
                }
            }
        }
    )*};
}
from_patterns!(F64: Patterns<f64> => Stored, Arc<dyn LentPatterns<f64>> => Lent);
from_patterns!(F32: Patterns<f32> => Stored, Arc<dyn LentPatterns<f32>> => Lent);

macro_rules! with_source {
    ($memory:expr, $source:ident => $body:expr) => {
        match &$memory.held {
            Held::F32(held) | Held::Mixed(held) => {
                let $source = held.source();
                $body
            }
            Held::F64(held) => {
                let $source = held.source();
                $body
            }
        }
    };
}

impl AttentionMemory {
    /// Draws `count` random patterns of `size` components and stores them in double precision.
    ///
    /// ```
    /// use dam_memory::attention::AttentionMemory;
    /// use dam_memory::ensembles::Sampler;
    /// let spherical = Sampler(dam_theory::ensemble("spherical")?);
    /// let memory = AttentionMemory::sample(&spherical, 40, 2981, &[1; 32]);
    /// assert!((memory.squared_norm(0) - 1.0).abs() < 1e-12);
    /// # Ok::<(), dam_theory::TheoryError>(())
    /// ```
    pub fn sample(
        ensemble: &dyn PatternEnsemble,
        size: usize,
        count: usize,
        seed: &[u8; 32],
    ) -> Self {
        Self::sample_in(Precision::F64, ensemble, size, count, seed)
    }

    /// As [`sample`](Self::sample), stored in the given precision.
    pub fn sample_in(
        precision: Precision,
        ensemble: &dyn PatternEnsemble,
        size: usize,
        count: usize,
        seed: &[u8; 32],
    ) -> Self {
        let law = pattern_law(ensemble, size, seed);
        match precision {
            Precision::F32 => law.draw::<f32>(size, count, seed).into(),
            Precision::Mixed => Self {
                held: Held::Mixed(Source::Stored(law.draw::<f32>(size, count, seed))),
                parallelism: Parallelism::Sequential,
            },
            Precision::F64 => law.draw::<f64>(size, count, seed).into(),
        }
    }

    /// Holds random patterns in the way that `storage` says.
    ///
    /// [`Storage::Bits`] holds the signs of [`Rademacher`](dam_theory::ensembles::Rademacher)
    /// patterns.
    ///
    /// # Panics
    /// If [`Storage::Bits`] is asked for and the first patterns are not those signs.
    pub fn hold(
        patterns: &RandomPatterns,
        precision: Precision,
        storage: Storage,
        parallelism: Parallelism,
    ) -> Self {
        let held = match precision {
            Precision::F32 => Held::F32(Source::new(patterns, storage, parallelism)),
            Precision::Mixed => Held::Mixed(Source::new(patterns, storage, parallelism)),
            Precision::F64 => Held::F64(Source::new(patterns, storage, parallelism)),
        };
        let memory = Self { held, parallelism };
        if storage == Storage::Bits {
            let drawn: &dyn PatternSource<f64> = patterns;
            let first = drawn.rows(0, 1, &mut Vec::new()).to_vec();
            assert_eq!(memory.pattern(0), first, "only signs can be held as bits");
        }
        memory
    }

    /// Sets whether an update spreads chunks of patterns over the current rayon pool.
    #[must_use]
    pub fn with_parallelism(mut self, parallelism: Parallelism) -> Self {
        self.parallelism = parallelism;
        self
    }

    /// Whether an update spreads chunks of patterns over the current rayon pool.
    pub fn parallelism(&self) -> Parallelism {
        self.parallelism
    }

    /// N.
    pub fn size(&self) -> usize {
        with_source!(self, source => source.size())
    }

    /// P.
    pub fn pattern_count(&self) -> usize {
        with_source!(self, source => source.count())
    }

    /// Pattern μ, counted from 0.
    pub fn pattern(&self, pattern: usize) -> Vec<f64> {
        with_source!(self, source => widened(source.rows(pattern, 1, &mut Vec::new())))
    }

    /// r = |ξ^μ|²/N.
    pub fn squared_norm(&self, pattern: usize) -> f64 {
        let pattern = self.pattern(pattern);
        dot(&pattern, &pattern) / pattern.len() as f64
    }

    /// A number for each pattern ξ^μ, in order. Every pattern is drawn once, if it has to be.
    pub fn map_patterns<R: Clone + Default + Send>(
        &self,
        number: impl Fn(&[f64]) -> R + Sync,
    ) -> Vec<R> {
        let mut numbers = vec![R::default(); self.pattern_count()];
        let size = self.size();
        let fill = |(buffers, rows): &mut (_, Vec<f64>), (tile, numbers): (usize, &mut [R])| {
            self.widen_rows(tile * SOURCE_TILE, numbers.len(), buffers, rows);
            for (slot, row) in numbers.iter_mut().zip(rows.chunks_exact(size)) {
                *slot = number(row);
            }
        };
        match self.parallelism {
            Parallelism::Sequential => {
                let mut buffers = Default::default();
                for tile in numbers.chunks_mut(SOURCE_TILE).enumerate() {
                    fill(&mut buffers, tile);
                }
            }
            Parallelism::Chunks => numbers
                .par_chunks_mut(SOURCE_TILE)
                .enumerate()
                .for_each_init(Default::default, fill),
        }
        numbers
    }

    /// Rows within one tile, in double precision.
    fn widen_rows(
        &self,
        first: usize,
        count: usize,
        (single, double): &mut (Vec<f32>, Vec<f64>),
        rows: &mut Vec<f64>,
    ) {
        rows.clear();
        match &self.held {
            Held::F32(held) | Held::Mixed(held) => {
                let values = held.source().rows(first, count, single);
                rows.extend(values.iter().map(|&value| f64::from(value)));
            }
            Held::F64(held) => rows.extend_from_slice(held.source().rows(first, count, double)),
        }
    }

    /// One pass over the patterns for a batch of states: the updates (B×N, row-major) and what is
    /// known of each state.
    ///
    /// # Panics
    /// As [`Pass::run`].
    pub fn update(&self, batch: Batch<'_>) -> (Vec<f64>, Vec<StateSummary>) {
        let mut means = vec![0.0; batch.states.len()];
        let mut summaries = vec![StateSummary::default(); batch.targets.len()];
        let workspace = &mut Workspace::default();
        self.update_with(workspace, batch, &mut means, &mut summaries);
        (means, summaries)
    }

    /// As [`update`](Self::update), with storage kept from the last one.
    ///
    /// # Panics
    /// As [`Pass::run`].
    pub fn update_with(
        &self,
        workspace: &mut Workspace,
        batch: Batch<'_>,
        means: &mut [f64],
        summaries: &mut [StateSummary],
    ) {
        let parallelism = self.parallelism;
        if let Held::Mixed(held) = &self.held {
            let source = held.source();
            let pass = Pass {
                source,
                batch,
                parallelism,
            };
            return pass.run_in::<f64>(workspace, means, summaries);
        }
        with_source!(self, source => Pass { source, batch, parallelism }.run(workspace, means, summaries));
    }

    /// The attention update x' = softmax(λ x Ξᵀ) Ξ of one state.
    ///
    /// # Panics
    /// If the state does not have N components.
    pub fn update_one(&self, state: &[f64], inverse_temperature: f64) -> Vec<f64> {
        self.pass_one(state, inverse_temperature).0
    }

    /// ln Σ_μ exp(λ x·ξ^μ).
    ///
    /// # Panics
    /// If the state does not have N components.
    pub fn log_sum_exp(&self, state: &[f64], inverse_temperature: f64) -> f64 {
        self.pass_one(state, inverse_temperature).1.log_sum_exp
    }

    /// E(x) = −(1/λ) ln Σ_μ exp(λ x·ξ^μ) + ½ |x|².
    ///
    /// # Panics
    /// If the state does not have N components.
    pub fn energy(&self, state: &[f64], inverse_temperature: f64) -> f64 {
        self.pass_one(state, inverse_temperature)
            .1
            .energy(state, inverse_temperature)
    }

    /// ∇E = x − Σ_μ w_μ ξ^μ.
    ///
    /// # Panics
    /// If the state does not have N components.
    pub fn gradient(&self, state: &[f64], inverse_temperature: f64) -> Vec<f64> {
        let mean = self.update_one(state, inverse_temperature);
        state
            .iter()
            .zip(mean)
            .map(|(value, mean)| value - mean)
            .collect()
    }

    /// The P softmax weights w_μ = exp(λ x·ξ^μ)/Σ_ν exp(λ x·ξ^ν).
    ///
    /// # Panics
    /// If the state does not have N components.
    pub fn weights(&self, state: &[f64], inverse_temperature: f64) -> Vec<f64> {
        assert_eq!(state.len(), self.size(), "the state must have N components");
        let mut weights = self.map_patterns(|pattern| dot(state, pattern));
        let largest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for weight in &mut weights {
            *weight = (inverse_temperature * (*weight - largest)).exp();
        }
        let sum: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= sum;
        }
        weights
    }

    /// The P overlaps x·ξ^μ/N.
    ///
    /// # Panics
    /// If the state does not have N components.
    pub fn overlaps(&self, state: &[f64]) -> Vec<f64> {
        assert_eq!(state.len(), self.size(), "the state must have N components");
        let size = self.size() as f64;
        self.map_patterns(|pattern| dot(state, pattern) / size)
    }

    fn pass_one(&self, state: &[f64], inverse_temperature: f64) -> (Vec<f64>, StateSummary) {
        let (mean, summaries) = self.update(Batch {
            states: state,
            inverse_temperatures: &[inverse_temperature],
            targets: &[0],
            seeds: None,
        });
        (mean, summaries[0])
    }
}

fn widened<T: Real>(values: &[T]) -> Vec<f64> {
    values.iter().map(|value| value.to_f64()).collect()
}

impl Memory for AttentionMemory {
    fn size(&self) -> usize {
        self.size()
    }

    fn pattern(&self, pattern: usize) -> Vec<f64> {
        self.pattern(pattern)
    }

    fn pass(&self, workspace: &mut Workspace, batch: Batch<'_>, told: Told<'_>) {
        let mut summaries = vec![StateSummary::default(); told.outcomes.len()];
        self.update_with(workspace, batch, told.updates, &mut summaries);
        let states = batch.states.chunks_exact(self.size());
        for (((outcome, summary), state), &lambda) in told
            .outcomes
            .iter_mut()
            .zip(&summaries)
            .zip(states)
            .zip(batch.inverse_temperatures)
        {
            *outcome = summary.outcome(state, lambda);
        }
    }

    fn pattern_weights(&self, state: &[f64], inverse_temperature: f64) -> Option<Vec<f64>> {
        Some(self.weights(state, inverse_temperature))
    }

    fn allows_foresight(&self) -> bool {
        true
    }
}

impl StateSummary {
    /// E(x) of the state that it is of.
    pub fn energy(&self, state: &[f64], inverse_temperature: f64) -> f64 {
        let mean = if self.log_sum_exp.is_infinite() {
            // the logarithm of the sum is that of its largest term, to rounding
            self.best_product
        } else {
            self.log_sum_exp / inverse_temperature
        };
        0.5 * dot(state, state) - mean
    }

    /// What it says of a state in terms of any memory.
    pub(crate) fn outcome(&self, state: &[f64], inverse_temperature: f64) -> Outcome {
        Outcome {
            energy: Some(self.energy(state, inverse_temperature)),
            target_weight: self.target_weight,
            best_pattern: self.best_pattern,
            participation: self.participation,
        }
    }
}
