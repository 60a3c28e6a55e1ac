//! A memory as a composition: similarity → separation → projection (Millidge et al.,
//! arXiv:2202.04557; U-Hop, arXiv:2404.03827),
//!
//! ```text
//! T(x) = V · Sep(β K(Ξ, x)),     V = Ξ (auto-associative) or the values (hetero-associative).
//! ```

mod composition;
mod energy;
mod margin;

use std::sync::{Arc, OnceLock};

use nalgebra::DMatrix;

use crate::attention::AttentionMemory;
use crate::error::CompositionError;
use crate::kernel::{Batch, Workspace};
use crate::memory::{Memory, Outcome, Told};
use crate::separations::Separation;
use crate::similarities::Similarity;
use crate::similarities::feature_map::FeatureMap;
use crate::similarities::kernel::Kernel;

pub use composition::Composition;

/// States whose weights are held at the same time.
const STATES_AT_ONCE: usize = 256;

/// M stored patterns of d components with a similarity, a separation and a projection.
///
/// Dot and softmax without values are the attention update: it goes through the one-pass kernel of
/// [`AttentionMemory`]. Everything else is the plain two-pass product of matrices. States are
/// row-major, one after the other. β is the sharpness that jobs sweep, in the units of the
/// separation ([`Separation::beta`]).
///
/// ```
/// use dam_memory::attention::AttentionMemory;
/// use dam_memory::composed::Composition;
/// use dam_memory::patterns::Patterns;
/// let patterns = AttentionMemory::from(Patterns::from_rows(2, vec![1.0, 0.0, 0.0, 1.0]));
/// let memory = "cosine sparsemax".parse::<Composition>()?.memory(patterns);
/// // cosine .995 − .0995 ≥ 1/β: the nearest pattern is retrieved exactly
/// assert_eq!(memory.retrieve(&[20.0, 2.0], 2.0), [1.0, 0.0]);
/// # Ok::<(), dam_memory::CompositionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ComposedMemory {
    patterns: AttentionMemory,
    composition: Composition,
    values: Option<DMatrix<f64>>,
    matrices: OnceLock<Matrices>,
    goes_downhill: OnceLock<bool>,
}

/// What the two-pass products read; made when they are first asked for.
#[derive(Clone, Debug)]
struct Matrices {
    /// Ξ with a pattern per column, d×M.
    patterns: DMatrix<f64>,
    /// Φ(Ξ) with a pattern per row, M×D, for similarities that are products of features.
    features: Option<DMatrix<f64>>,
}

/// Weights of a batch of states.
struct Separated {
    /// Sep(β K), M×B.
    weights: DMatrix<f64>,
    /// Ψ(β K)/β, where there is a potential.
    potentials: Vec<Option<f64>>,
}

impl ComposedMemory {
    /// An auto-associative memory; a kernel begins with Φ(x) = x.
    fn new(patterns: AttentionMemory, composition: Composition) -> Self {
        Self {
            patterns,
            composition,
            values: None,
            matrices: OnceLock::new(),
            goes_downhill: OnceLock::new(),
        }
    }

    /// The same memory with the kernel ⟨Φ(ξ), Φ(x)⟩ as similarity.
    ///
    /// # Errors
    /// [`CompositionError::Shape`] where Φ does not take d components;
    /// [`CompositionError::NotFinite`] where W or b holds a number that is not finite;
    /// [`CompositionError::Misfit`].
    pub fn with_feature_map(self, map: FeatureMap) -> Result<Self, CompositionError> {
        if map.input_size() != self.size() {
            return Err(CompositionError::Shape {
                what: "the feature map: its columns",
                found: map.input_size(),
                expected: self.size(),
            });
        }
        let numbers = || map.weights().iter().chain(map.bias().into_iter().flatten());
        if !numbers().all(|value| value.is_finite()) {
            return Err(CompositionError::NotFinite {
                what: "the feature map",
            });
        }
        let separation = Arc::clone(self.separation());
        let composition = Composition::new(Arc::new(Kernel::new(map)), separation)?;
        Ok(Self {
            values: self.values,
            ..Self::new(self.patterns, composition)
        })
    }

    /// The hetero-associative memory that answers pattern μ with row μ of `values` (M×D_V,
    /// row-major).
    ///
    /// # Errors
    /// [`CompositionError::Shape`] where `values` does not hold M rows;
    /// [`CompositionError::NotFinite`].
    pub fn with_values(mut self, values: &[f64]) -> Result<Self, CompositionError> {
        let count = self.pattern_count();
        if values.is_empty() || !values.len().is_multiple_of(count) {
            return Err(CompositionError::Shape {
                what: "the list of values: numbers that are not one row for each pattern",
                found: values.len(),
                expected: count,
            });
        }
        if !values.iter().all(|value| value.is_finite()) {
            return Err(CompositionError::NotFinite { what: "the values" });
        }
        self.values = Some(DMatrix::from_column_slice(
            values.len() / count,
            count,
            values,
        ));
        Ok(self)
    }

    /// d.
    pub fn size(&self) -> usize {
        self.patterns.size()
    }

    /// M.
    pub fn pattern_count(&self) -> usize {
        self.patterns.pattern_count()
    }

    /// Components of a retrieved vector: d, or D_V with values.
    pub fn output_size(&self) -> usize {
        self.values.as_ref().map_or(self.size(), DMatrix::nrows)
    }

    /// K.
    pub fn similarity(&self) -> &Arc<dyn Similarity> {
        self.composition.similarity()
    }

    /// Sep.
    pub fn separation(&self) -> &Arc<dyn Separation> {
        self.composition.separation()
    }

    /// Whether a pattern is answered with itself.
    pub fn is_auto_associative(&self) -> bool {
        self.values.is_none()
    }

    /// The stored patterns.
    pub fn patterns(&self) -> &AttentionMemory {
        &self.patterns
    }

    /// Whether [`retrieve`](Self::retrieve) is the attention update.
    pub fn is_attention(&self) -> bool {
        self.composition.is_attention() && self.is_auto_associative()
    }

    /// K(ξ^μ, x) of each of B states, B×M.
    ///
    /// # Panics
    /// If `states` does not hold whole states of d components.
    pub fn similarities(&self, states: &[f64]) -> Vec<f64> {
        self.products(states).data.into()
    }

    /// The weights Sep(β K(Ξ, x)) of each of B states, B×M.
    ///
    /// # Panics
    /// If `states` does not hold whole states of d components.
    pub fn weights(&self, states: &[f64], beta: f64) -> Vec<f64> {
        let betas = vec![beta; self.count(states)];
        self.separated(states, &betas).weights.data.into()
    }

    /// T(x) of each of B states, B×[`output_size`](Self::output_size).
    ///
    /// # Panics
    /// If `states` does not hold whole states of d components.
    pub fn retrieve(&self, states: &[f64], beta: f64) -> Vec<f64> {
        let betas = vec![beta; self.count(states)];
        if self.is_attention() {
            let batch = Batch {
                states,
                inverse_temperatures: &betas,
                targets: &vec![0; betas.len()],
                seeds: None,
            };
            return self.patterns.update(batch).0;
        }
        let mut retrieved = Vec::new();
        for (states, betas) in self.chunks(states, &betas) {
            let weights = self.separated(states, betas).weights;
            retrieved.extend_from_slice(self.project(&weights, states).as_slice());
        }
        retrieved
    }

    /// What each pass works on: some states and their β.
    fn chunks<'a>(
        &self,
        states: &'a [f64],
        betas: &'a [f64],
    ) -> impl Iterator<Item = (&'a [f64], &'a [f64])> {
        let states = states.chunks(STATES_AT_ONCE * self.size());
        states.zip(betas.chunks(STATES_AT_ONCE))
    }

    /// V p of each column of weights, divided by Σp where weights do not sum to 1 and the update is
    /// their mean. States at which no pattern acts stay where they are.
    fn project(&self, weights: &DMatrix<f64>, states: &[f64]) -> DMatrix<f64> {
        let mut projected = self.values.as_ref().unwrap_or(&self.matrices().patterns) * weights;
        if self.separation().sums_to_one() || self.similarity().is_unbounded() {
            return projected;
        }
        let states = states.chunks_exact(self.size());
        for ((mut column, weights), state) in projected
            .column_iter_mut()
            .zip(weights.column_iter())
            .zip(states)
        {
            let sum = weights.sum();
            if sum > 0.0 {
                column /= sum;
            } else if self.is_auto_associative() {
                column.copy_from_slice(state);
            }
        }
        projected
    }

    /// Sep(β K) in place of K, column by column.
    fn separated(&self, states: &[f64], betas: &[f64]) -> Separated {
        let mut weights = self.products(states);
        let columns = weights
            .as_mut_slice()
            .chunks_exact_mut(self.pattern_count());
        let potentials = columns
            .zip(betas)
            .map(|(column, &beta)| {
                let beta = self.separation().beta(beta, self.size());
                self.separation().weigh(column, beta)
            })
            .collect();
        Separated {
            weights,
            potentials,
        }
    }

    /// K(Ξ, x) of each state, M×B.
    fn products(&self, states: &[f64]) -> DMatrix<f64> {
        let (size, count) = (self.size(), self.count(states));
        let matrices = self.matrices();
        let Some(minus_distance) = self.similarity().minus_distance() else {
            let features = matrices
                .features
                .as_ref()
                .expect("similarities that are products have features");
            return features * self.similarity().features(states, size);
        };
        let patterns = matrices.patterns.as_slice();
        let values = states.chunks_exact(size).flat_map(|state| {
            patterns
                .chunks_exact(size)
                .map(move |pattern| minus_distance(pattern, state))
        });
        DMatrix::from_iterator(self.pattern_count(), count, values)
    }

    fn matrices(&self) -> &Matrices {
        self.matrices.get_or_init(|| {
            let rows: Vec<f64> = (0..self.pattern_count())
                .flat_map(|pattern| self.patterns.pattern(pattern))
                .collect();
            let similarity = self.similarity();
            let is_product = similarity.minus_distance().is_none();
            let features = is_product.then(|| similarity.features(&rows, self.size()).transpose());
            Matrices {
                patterns: DMatrix::from_vec(self.size(), self.pattern_count(), rows),
                features,
            }
        })
    }

    /// B.
    fn count(&self, states: &[f64]) -> usize {
        let size = self.size();
        assert!(
            states.len().is_multiple_of(size),
            "{} numbers do not make whole states of {size} components",
            states.len()
        );
        states.len() / size
    }
}

impl Memory for ComposedMemory {
    fn size(&self) -> usize {
        self.size()
    }

    fn pattern(&self, pattern: usize) -> Vec<f64> {
        self.patterns.pattern(pattern)
    }

    fn pass(&self, workspace: &mut Workspace, batch: Batch<'_>, told: Told<'_>) {
        assert!(
            self.is_auto_associative(),
            "only an auto-associative memory can be iterated"
        );
        if self.is_attention() {
            let batch = Batch {
                seeds: None,
                ..batch
            };
            return self.patterns.pass(workspace, batch, told);
        }
        let mut rest = (told.updates, told.outcomes, batch.targets);
        for (states, betas) in self.chunks(batch.states, batch.inverse_temperatures) {
            let Separated {
                weights,
                potentials,
            } = self.separated(states, betas);
            let energies = self.energies_of(states, &potentials);
            let (updates, outcomes, targets);
            (updates, rest.0) = rest.0.split_at_mut(states.len());
            (outcomes, rest.1) = rest.1.split_at_mut(betas.len());
            (targets, rest.2) = rest.2.split_at(betas.len());
            updates.copy_from_slice(self.project(&weights, states).as_slice());
            let columns = weights.as_slice().chunks_exact(self.pattern_count());
            for (slot, weights) in columns.enumerate() {
                outcomes[slot] = outcome(weights, targets[slot], energies[slot]);
            }
        }
    }

    fn pattern_weights(&self, state: &[f64], inverse_temperature: f64) -> Option<Vec<f64>> {
        Some(self.weights(state, inverse_temperature))
    }
}

/// What the weights tell.
fn outcome(weights: &[f64], target: usize, energy: Option<f64>) -> Outcome {
    let sum: f64 = weights.iter().sum();
    let share = |weight: f64| if sum > 0.0 { weight / sum } else { 0.0 };
    let mut best_pattern = 0;
    for (pattern, &weight) in weights.iter().enumerate() {
        if weight > weights[best_pattern] {
            best_pattern = pattern;
        }
    }
    Outcome {
        energy,
        target_weight: share(weights[target]),
        best_pattern,
        participation: weights.iter().map(|&weight| share(weight).powi(2)).sum(),
    }
}
