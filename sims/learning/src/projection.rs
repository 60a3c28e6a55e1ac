//! Constraints on the rows of W.

use nalgebra::DMatrix;

use crate::error::KernelLearningError;
use crate::evaluation::{normalise, sum_of_products};
use dam_memory::kernel::Parallelism;
use dam_memory::products::{Factor, multiply, multiply_by_own_transpose};
use dam_memory::similarities::feature_map::FeatureMap;

/// A constraint on the rows of W; b is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowConstraint {
    /// Each row is divided by its norm.
    UnitNorm,
    /// The rows become those of the nearest matrix with W Wᵀ = 1, (W Wᵀ)^{−1/2} W; needs D ≤ d.
    Orthonormal,
}

/// When the rows are constrained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Projection {
    /// Never.
    #[default]
    None,
    /// Once, after the last epoch.
    AtEnd(RowConstraint),
    /// After each step.
    EveryEpoch(RowConstraint),
}

/// Distance |W Wᵀ − 1| from which Newton–Schulz steps go to 0 quadratically.
const NEAR: f64 = 0.5;
/// Steps that take it from 0.5 to rounding, and a few more.
const MOST_STEPS: usize = 12;

impl RowConstraint {
    /// Constrains the rows of W.
    ///
    /// ```
    /// use dam_learning::{FeatureMap, RowConstraint};
    /// let mut map = FeatureMap::from_weights(2, vec![0.0, -4.0, 2.0, 0.0]);
    /// RowConstraint::UnitNorm.constrain(&mut map)?;
    /// assert_eq!(map.weights(), [0.0, -1.0, 1.0, 0.0]);
    /// # Ok::<(), dam_learning::KernelLearningError>(())
    /// ```
    ///
    /// # Errors
    /// More rows than columns cannot be orthonormal.
    pub fn constrain(self, map: &mut FeatureMap) -> Result<(), KernelLearningError> {
        let columns = map.input_size();
        self.validate(map.feature_size(), columns)?;
        match self {
            Self::UnitNorm => {
                for row in map.weights.chunks_exact_mut(columns) {
                    normalise(row);
                }
            }
            Self::Orthonormal => orthonormalise(columns, &mut map.weights),
        }
        Ok(())
    }

    pub(super) fn validate(self, rows: usize, columns: usize) -> Result<(), KernelLearningError> {
        if self == Self::Orthonormal && rows > columns {
            return Err(KernelLearningError::TooManyRows { rows, columns });
        }
        Ok(())
    }
}

/// The polar factor: from the singular value decomposition, or W ← ½(3 − W Wᵀ)W (Newton–Schulz)
/// where W is near it, as after one step of training.
fn orthonormalise(columns: usize, weights: &mut Vec<f64>) {
    let rows = weights.len() / columns;
    let mut gram = vec![0.0; rows * rows];
    let mut last = f64::INFINITY;
    for step in 0..MOST_STEPS {
        multiply_by_own_transpose(columns, weights, &mut gram, Parallelism::Chunks);
        gram.iter_mut().step_by(rows + 1).for_each(|g| *g -= 1.0);
        let distance = sum_of_products(&gram, &gram).sqrt();
        if step == 0 && distance > NEAR {
            break;
        }
        if distance >= last {
            // rounding
            return;
        }
        last = distance;
        // ½(3 − (1 + G)) = 1 − ½G
        for gram in &mut gram {
            *gram *= -0.5;
        }
        gram.iter_mut().step_by(rows + 1).for_each(|g| *g += 1.0);
        let mut next = vec![0.0; weights.len()];
        let factors = (Factor::new(rows, &gram), Factor::new(columns, weights));
        multiply(factors.0, factors.1, &mut next, Parallelism::Chunks);
        *weights = next;
    }
    if last.is_finite() {
        return;
    }
    // column-major Wᵀ is row-major W
    let transposed = DMatrix::from_column_slice(columns, rows, weights);
    let decomposition = transposed.svd(true, true);
    let (left, right) = (decomposition.u, decomposition.v_t);
    let nearest = left.expect("was asked for") * right.expect("was asked for");
    weights.copy_from_slice(nearest.as_slice());
}
