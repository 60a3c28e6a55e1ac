//! How a state is compared with a stored pattern: one file a kind, all of them in [`SIMILARITIES`].

pub mod cosine;
pub mod dot;
pub mod euclidean;
pub mod feature_map;
pub mod kernel;
pub mod manhattan;

use std::fmt::{self, Debug};
use std::sync::Arc;

use nalgebra::{DMatrix, DMatrixView};

use crate::attention::AttentionMemory;
use crate::error::CompositionError;
use crate::similarities::feature_map::FeatureMap;

/// A kind of similarity: what a job file may name.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The name in job files and results.
    pub name: &'static str,
    /// K, in one line.
    pub about: &'static str,
    /// The similarity.
    pub build: fn() -> Arc<dyn Similarity>,
}

/// The kinds that there are.
pub const SIMILARITIES: &[Kind] = &[
    dot::KIND,
    cosine::KIND,
    kernel::KIND,
    euclidean::KIND,
    manhattan::KIND,
];

/// What the numbers K are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Products of features, of either sign.
    Product,
    /// −½|ξ − x|²: 0 at the pattern, negative elsewhere.
    SquaredDistance,
    /// Minus another distance: 0 at the pattern, negative elsewhere. (With +|ξ − x| a separation
    /// would retrieve the farthest pattern.)
    Distance,
}

/// Minus a distance of two vectors of as many components.
pub type MinusDistance = fn(&[f64], &[f64]) -> f64;

/// The similarity K(ξ, x) of a pattern and a state; larger is nearer.
pub trait Similarity: Debug + Send + Sync {
    /// The name in job files and results: what two similarities are compared by.
    fn name(&self) -> &'static str;

    /// Whether K is ξ·x, for which there is a kernel of one pass.
    fn is_dot(&self) -> bool {
        false
    }

    /// K(ξ, x) where it is minus a distance; otherwise it is the product of
    /// [`features`](Self::features).
    fn minus_distance(&self) -> Option<MinusDistance> {
        None
    }

    /// Whether K is a product, and which distance it is minus otherwise.
    fn measure(&self) -> Measure {
        self.minus_distance()
            .map_or(Measure::Product, |_| Measure::Distance)
    }

    /// What is compared, a column for each of the states of `size` components: x itself, x/|x| or
    /// Φ(x).
    fn features(&self, states: &[f64], size: usize) -> DMatrix<f64> {
        DMatrixView::from_slice(states, size, states.len() / size).clone_owned()
    }

    /// Whether K grows without bound with the state: then the energy holds ½|Φ(x)|² against it, and
    /// the update is Σ p ξ. Otherwise the update is the mean Σ p ξ/Σ p, where the tangent of Ψ is
    /// largest.
    fn is_unbounded(&self) -> bool {
        false
    }

    /// Whether the update goes downhill in the energy of weights that have a potential.
    fn goes_downhill(&self, patterns: &AttentionMemory) -> bool {
        let _ = patterns;
        true
    }

    /// A bound on the change of K(ξ, x) with the state in the metric of [`radius`](Self::radius),
    /// from the largest |ξ| and the largest |Φ(ξ)|.
    fn steepness(&self, largest_norm: f64, largest_feature: f64) -> f64;

    /// How far a state lies from a pattern: |Φ(x) − Φ(ξ)|, unless the similarity has a metric of
    /// its own.
    fn radius(&self, state: &[f64], pattern: &[f64]) -> f64 {
        let size = pattern.len();
        (self.features(state, size) - self.features(pattern, size)).norm()
    }

    /// Whether it compares by a feature map, which can be learned.
    fn takes_feature_map(&self) -> bool {
        false
    }

    /// The feature map, where it has been given one.
    fn feature_map(&self) -> Option<&FeatureMap> {
        None
    }
}

impl fmt::Display for dyn Similarity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl PartialEq for dyn Similarity {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// The similarity of a name.
///
/// # Errors
/// [`CompositionError::Unknown`].
pub fn similarity(name: &str) -> Result<Arc<dyn Similarity>, CompositionError> {
    let found = SIMILARITIES.iter().find(|kind| kind.name == name);
    found
        .map(|kind| (kind.build)())
        .ok_or_else(|| CompositionError::Unknown {
            part: "similarity",
            name: name.to_owned(),
            known: SIMILARITIES.iter().map(|kind| kind.name).collect(),
            remark: "",
        })
}

/// Σ_i f(a_i − b_i) in eight independent sums, which vectorise.
fn sum_of_differences(a: &[f64], b: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..LANES {
            sums[lane] += f(a[lane] - b[lane]);
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| f(a - b)).sum();
    sums.iter().sum::<f64>() + rest
}
