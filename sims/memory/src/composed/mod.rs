//! A memory as a composition: similarity → separation → projection (Millidge et al.,
//! arXiv:2202.04557; U-Hop, arXiv:2404.03827),
//!
//! ```text
//! T(x) = V · Sep(β K(Ξ, x)),     V = Ξ (auto-associative) or the values (hetero-associative).
//! ```

mod composition;
mod descent;
mod energy;
mod margin;

use std::sync::OnceLock;

use nalgebra::{DMatrix, DMatrixView};

use crate::attention::Memory;
use crate::kernel::{Batch, Parallelism, StateSummary};
use crate::separations::Separation;
use crate::similarities::Similarity;
use crate::similarities::feature_map::FeatureMap;

use crate::error::CompositionError;
pub use composition::Composition;
pub use descent::FixedPoint;

/// States whose weights are held at the same time.
const STATES_AT_ONCE: usize = 256;

/// M stored patterns of d components with a similarity, a separation and a projection.
///
/// Dot and softmax without values are the attention update: it goes through the one-pass kernel
/// of [`Memory`]. Everything else is the plain two-pass product of matrices. States are
/// row-major, one after the other.
///
/// ```
/// use dam_memory::attention::Memory;
/// use dam_memory::composed::AssociativeMemory;
/// use dam_memory::patterns::Patterns;
/// use dam_memory::separations::Separation;
/// use dam_memory::similarities::Similarity;
/// let memory = Memory::from(Patterns::from_rows(2, vec![1.0, 0.0, 0.0, 1.0]));
/// let memory = AssociativeMemory::new(memory, Similarity::Cosine, Separation::SPARSEMAX)?;
/// // cosine .995 − .0995 ≥ 1/β: the nearest pattern is retrieved exactly
/// assert_eq!(memory.retrieve(&[20.0, 2.0], 2.0), [1.0, 0.0]);
/// # Ok::<(), dam_memory::CompositionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AssociativeMemory {
    memory: Memory,
    similarity: Similarity,
    separation: Separation,
    map: Option<FeatureMap>,
    values: Option<DMatrix<f64>>,
    matrices: OnceLock<Matrices>,
}

/// What the two-pass products read; made when they are first asked for.
#[derive(Clone, Debug)]
struct Matrices {
    /// Ξ with a pattern per column, d×M.
    patterns: DMatrix<f64>,
    /// Φ(Ξ) with a pattern per row, M×D, for similarities that are products of features.
    features: Option<DMatrix<f64>>,
}

impl AssociativeMemory {
    /// An auto-associative memory; the kernel begins with Φ(x) = x.
    ///
    /// # Errors
    /// [`CompositionError`] for a parameter outside its domain, and for a polynomial of a distance.
    pub fn new(
        memory: Memory,
        similarity: Similarity,
        separation: Separation,
    ) -> Result<Self, CompositionError> {
        Ok(Composition::new(similarity, separation)?.memory(memory))
    }

    fn with_parts(memory: Memory, composition: Composition) -> Self {
        let similarity = composition.similarity();
        let map = (similarity == Similarity::Kernel).then(|| FeatureMap::identity(memory.size()));
        Self {
            memory,
            similarity,
            separation: composition.separation(),
            map,
            values: None,
            matrices: OnceLock::new(),
        }
    }

    /// The same memory with the kernel ⟨Φ(ξ), Φ(x)⟩ as similarity.
    ///
    /// # Errors
    /// [`CompositionError::Shape`] where Φ does not take d components;
    /// [`CompositionError::NotFinite`] where W or b holds a number that is not finite.
    pub fn with_feature_map(mut self, map: FeatureMap) -> Result<Self, CompositionError> {
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
        self.similarity = Similarity::Kernel;
        self.map = Some(map);
        self.matrices = OnceLock::new();
        Ok(self)
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
        self.memory.size()
    }

    /// M.
    pub fn pattern_count(&self) -> usize {
        self.memory.pattern_count()
    }

    /// Components of a retrieved vector: d, or D_V with values.
    pub fn output_size(&self) -> usize {
        self.values.as_ref().map_or(self.size(), DMatrix::nrows)
    }

    /// K.
    pub fn similarity(&self) -> Similarity {
        self.similarity
    }

    /// Sep.
    pub fn separation(&self) -> Separation {
        self.separation
    }

    /// Φ, where the similarity is a kernel.
    pub fn feature_map(&self) -> Option<&FeatureMap> {
        self.map.as_ref()
    }

    /// Whether a pattern is answered with itself.
    pub fn is_auto_associative(&self) -> bool {
        self.values.is_none()
    }

    /// The stored patterns.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Whether [`retrieve`](Self::retrieve) is the attention update.
    pub fn is_attention(&self) -> bool {
        self.similarity == Similarity::Dot
            && matches!(
                self.separation,
                Separation::Softmax | Separation::Entmax(1.0)
            )
            && self.is_auto_associative()
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
        self.separated(states, beta).data.into()
    }

    /// T(x) of each of B states, B×[`output_size`](Self::output_size).
    ///
    /// # Panics
    /// If `states` does not hold whole states of d components.
    pub fn retrieve(&self, states: &[f64], beta: f64) -> Vec<f64> {
        if self.is_attention() {
            return self.attend(states, beta);
        }
        let mut retrieved = Vec::new();
        for states in states.chunks(STATES_AT_ONCE * self.size()) {
            let weights = self.separated(states, beta);
            retrieved.extend_from_slice(self.project(&weights).as_slice());
        }
        retrieved
    }

    /// softmax(β x Ξᵀ) Ξ through the one-pass kernel.
    fn attend(&self, states: &[f64], beta: f64) -> Vec<f64> {
        let count = self.columns(states).ncols();
        let mut means = vec![0.0; states.len()];
        let batch = Batch {
            states,
            inverse_temperatures: &vec![beta; count],
            targets: &vec![0; count],
        };
        self.memory
            .update(batch, &mut means, &mut vec![StateSummary::default(); count]);
        means
    }

    /// V p of each column of weights.
    fn project(&self, weights: &DMatrix<f64>) -> DMatrix<f64> {
        self.values.as_ref().unwrap_or(&self.matrices().patterns) * weights
    }

    /// Sep(β K) in place of K, column by column.
    fn separated(&self, states: &[f64], beta: f64) -> DMatrix<f64> {
        let mut weights = self.products(states);
        weights *= beta;
        let count = self.pattern_count();
        for column in weights.as_mut_slice().chunks_exact_mut(count) {
            self.separation.apply(column);
        }
        weights
    }

    /// K(Ξ, x) of each state, M×B.
    fn products(&self, states: &[f64]) -> DMatrix<f64> {
        let matrices = self.matrices();
        let distance = match self.similarity {
            Similarity::Euclidean => crate::similarities::euclidean,
            Similarity::Manhattan => crate::similarities::manhattan,
            Similarity::Dot | Similarity::Cosine | Similarity::Kernel => {
                let features = matrices
                    .features
                    .as_ref()
                    .expect("similarities that are products have features");
                return features * self.features(states);
            }
        };
        let (size, count) = (self.size(), self.columns(states).ncols());
        let patterns = matrices.patterns.as_slice();
        let values = states.chunks_exact(size).flat_map(|state| {
            patterns
                .chunks_exact(size)
                .map(move |pattern| distance(pattern, state))
        });
        DMatrix::from_iterator(self.pattern_count(), count, values)
    }

    /// What the similarity compares, a column for each state: x, x/|x| or Φ(x).
    fn features(&self, states: &[f64]) -> DMatrix<f64> {
        let columns = self.columns(states);
        match (&self.map, self.similarity) {
            (Some(map), _) => {
                let features = map.features(states, Parallelism::Sequential);
                DMatrix::from_vec(map.feature_size(), columns.ncols(), features)
            }
            (None, Similarity::Cosine) => {
                let mut directions = columns.clone_owned();
                for mut column in directions.column_iter_mut() {
                    let norm = column.norm();
                    if norm > 0.0 {
                        column /= norm;
                    }
                }
                directions
            }
            (None, _) => columns.clone_owned(),
        }
    }

    fn matrices(&self) -> &Matrices {
        self.matrices.get_or_init(|| {
            let rows: Vec<f64> = (0..self.pattern_count())
                .flat_map(|pattern| self.memory.pattern(pattern))
                .collect();
            let features =
                (!self.similarity.is_distance()).then(|| self.features(&rows).transpose());
            Matrices {
                patterns: DMatrix::from_vec(self.size(), self.pattern_count(), rows),
                features,
            }
        })
    }

    /// B states as columns.
    fn columns<'a>(&self, states: &'a [f64]) -> DMatrixView<'a, f64> {
        let size = self.size();
        assert!(
            states.len().is_multiple_of(size),
            "{} numbers do not make whole states of {size} components",
            states.len()
        );
        DMatrixView::from_slice(states, size, states.len() / size)
    }
}
