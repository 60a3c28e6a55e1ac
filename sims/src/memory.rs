//! The dense associative memory: energy, gradient, softmax weights and update.

use serde::{Deserialize, Serialize};

use crate::ensembles::{PatternEnsemble, PatternLaw, draw_patterns, pattern_law};
use crate::kernel::{self, Batch, Parallelism, StateSummary, Workspace};
use crate::patterns::Patterns;

/// The floating-point type in which patterns are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Single precision: half the memory and twice the speed, overlaps to about 1e-6.
    F32,
    /// Double precision.
    #[default]
    F64,
}

impl Precision {
    /// Bytes of one stored number.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

#[derive(Clone, Debug)]
enum Stored {
    F32(Patterns<f32>),
    F64(Patterns<f64>),
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
/// use dam_sims::{Memory, Patterns};
/// // Two orthogonal patterns: at small λ one update mixes them, at large λ it keeps the nearer.
/// let memory = Memory::from(Patterns::from_rows(2, vec![1.0, 1.0, 1.0, -1.0]));
/// let start = [1.0, 1.0];
/// assert!(memory.weights(&start, 5.0)[0] > 0.9999);
/// let next = memory.update_one(&start, 5.0);
/// assert!(memory.energy(&next, 5.0) <= memory.energy(&start, 5.0));
/// ```
#[derive(Clone, Debug)]
pub struct Memory {
    stored: Stored,
    parallelism: Parallelism,
}

impl From<Patterns<f64>> for Memory {
    fn from(patterns: Patterns<f64>) -> Self {
        Self {
            stored: Stored::F64(patterns),
            parallelism: Parallelism::Sequential,
        }
    }
}

impl From<Patterns<f32>> for Memory {
    fn from(patterns: Patterns<f32>) -> Self {
        Self {
            stored: Stored::F32(patterns),
            parallelism: Parallelism::Sequential,
        }
    }
}

macro_rules! with_patterns {
    ($memory:expr, $patterns:ident => $body:expr) => {
        match &$memory.stored {
            Stored::F32($patterns) => $body,
            Stored::F64($patterns) => $body,
        }
    };
}

impl Memory {
    /// Draws `count` random patterns of `size` components and stores them.
    pub fn sample(
        ensemble: &dyn PatternEnsemble,
        size: usize,
        count: usize,
        precision: Precision,
        seed: &[u8; 32],
    ) -> Self {
        let law = pattern_law(ensemble, size, seed);
        Self::draw(law.as_ref(), size, count, precision, seed)
    }

    /// As [`sample`](Self::sample), from the [`pattern_law`] of the same seed.
    pub fn draw(
        law: &dyn PatternLaw,
        size: usize,
        count: usize,
        precision: Precision,
        seed: &[u8; 32],
    ) -> Self {
        match precision {
            Precision::F32 => draw_patterns::<f32>(law, size, count, seed).into(),
            Precision::F64 => draw_patterns::<f64>(law, size, count, seed).into(),
        }
    }

    /// Sets whether an update spreads chunks of patterns over the current rayon pool.
    #[must_use]
    pub fn with_parallelism(mut self, parallelism: Parallelism) -> Self {
        self.parallelism = parallelism;
        self
    }

    /// N.
    pub fn size(&self) -> usize {
        with_patterns!(self, patterns => patterns.size())
    }

    /// P.
    pub fn pattern_count(&self) -> usize {
        with_patterns!(self, patterns => patterns.count())
    }

    /// Pattern μ, counted from 0.
    pub fn pattern(&self, pattern: usize) -> Vec<f64> {
        with_patterns!(self, patterns => patterns.row_f64(pattern))
    }

    /// r = |ξ^μ|²/N.
    pub fn squared_norm(&self, pattern: usize) -> f64 {
        with_patterns!(self, patterns => patterns.squared_norm(pattern))
    }

    /// One pass over the patterns for a batch of states: see [`kernel::update`].
    ///
    /// # Panics
    /// If the lengths do not fit together.
    pub fn update(&self, batch: Batch<'_>, means: &mut [f64], summaries: &mut [StateSummary]) {
        with_patterns!(self, patterns =>
            kernel::update(patterns, batch, self.parallelism, means, summaries));
    }

    /// One pass with storage kept from the last one, and for each state a pattern expected near
    /// it: see [`kernel::update_with`].
    ///
    /// # Panics
    /// If the lengths do not fit together.
    pub fn update_with(
        &self,
        workspace: &mut Workspace,
        batch: Batch<'_>,
        seeds: Option<&[usize]>,
        means: &mut [f64],
        summaries: &mut [StateSummary],
    ) {
        with_patterns!(self, patterns => kernel::update_with(
            workspace, patterns, batch, seeds, self.parallelism, means, summaries));
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
        energy(
            self.log_sum_exp(state, inverse_temperature),
            state,
            inverse_temperature,
        )
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
        let log_sum = self.log_sum_exp(state, inverse_temperature);
        self.overlaps(state)
            .into_iter()
            .map(|overlap| (inverse_temperature * overlap * self.size() as f64 - log_sum).exp())
            .collect()
    }

    /// The P overlaps x·ξ^μ/N.
    ///
    /// # Panics
    /// If the state does not have N components.
    pub fn overlaps(&self, state: &[f64]) -> Vec<f64> {
        assert_eq!(state.len(), self.size(), "the state must have N components");
        let size = self.size() as f64;
        (0..self.pattern_count())
            .map(|pattern| dot(state, &self.pattern(pattern)) / size)
            .collect()
    }

    fn pass_one(&self, state: &[f64], inverse_temperature: f64) -> (Vec<f64>, StateSummary) {
        let mut mean = vec![0.0; state.len()];
        let mut summary = [StateSummary::default()];
        let batch = Batch {
            states: state,
            inverse_temperatures: &[inverse_temperature],
            targets: &[0],
        };
        self.update(batch, &mut mean, &mut summary);
        (mean, summary[0])
    }
}

/// What a descent needs of a memory.
pub trait SoftmaxMemory {
    /// N.
    fn size(&self) -> usize;

    /// Pattern μ, counted from 0.
    fn pattern(&self, pattern: usize) -> Vec<f64>;

    /// The softmax update of a batch of states, as [`Memory::update_with`].
    fn update_with(
        &self,
        workspace: &mut Workspace,
        batch: Batch<'_>,
        seeds: Option<&[usize]>,
        means: &mut [f64],
        summaries: &mut [StateSummary],
    );
}

impl SoftmaxMemory for Memory {
    fn size(&self) -> usize {
        self.size()
    }

    fn pattern(&self, pattern: usize) -> Vec<f64> {
        self.pattern(pattern)
    }

    fn update_with(
        &self,
        workspace: &mut Workspace,
        batch: Batch<'_>,
        seeds: Option<&[usize]>,
        means: &mut [f64],
        summaries: &mut [StateSummary],
    ) {
        self.update_with(workspace, batch, seeds, means, summaries);
    }
}

/// x·y.
pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// The energy of a state whose log-sum-exp is known.
pub(crate) fn energy(log_sum_exp: f64, state: &[f64], inverse_temperature: f64) -> f64 {
    0.5 * dot(state, state) - log_sum_exp / inverse_temperature
}
