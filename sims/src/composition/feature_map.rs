//! The linear or affine map into the space where a kernel compares.

use nalgebra::{DMatrix, DMatrixView, DVector};

use super::CompositionError;

/// Φ(x) = W x + b with W ∈ R^{D_Φ×d}; without b, Φ is linear (U-Hop, arXiv:2404.03827, eq. 2.4).
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMap {
    weights: DMatrix<f64>,
    offset: Option<DVector<f64>>,
}

impl FeatureMap {
    /// Φ(x) = W x.
    ///
    /// # Errors
    /// [`CompositionError::NotFinite`] where W holds a number that is not finite.
    pub fn linear(weights: DMatrix<f64>) -> Result<Self, CompositionError> {
        if !weights.iter().all(|value| value.is_finite()) {
            return Err(CompositionError::NotFinite { what: "W" });
        }
        Ok(Self {
            weights,
            offset: None,
        })
    }

    /// Φ(x) = W x + b.
    ///
    /// # Errors
    /// [`CompositionError::Shape`] where b does not have D_Φ components;
    /// [`CompositionError::NotFinite`] where W or b holds a number that is not finite.
    pub fn affine(weights: DMatrix<f64>, offset: DVector<f64>) -> Result<Self, CompositionError> {
        if offset.len() != weights.nrows() {
            return Err(CompositionError::Shape {
                what: "the offset b: its components",
                found: offset.len(),
                expected: weights.nrows(),
            });
        }
        if !offset.iter().all(|value| value.is_finite()) {
            return Err(CompositionError::NotFinite { what: "b" });
        }
        let linear = Self::linear(weights)?;
        Ok(Self {
            offset: Some(offset),
            ..linear
        })
    }

    /// Φ(x) = x.
    pub fn identity(size: usize) -> Self {
        Self {
            weights: DMatrix::identity(size, size),
            offset: None,
        }
    }

    /// d.
    pub fn size(&self) -> usize {
        self.weights.ncols()
    }

    /// D_Φ.
    pub fn feature_count(&self) -> usize {
        self.weights.nrows()
    }

    /// W, D_Φ×d.
    pub fn weights(&self) -> &DMatrix<f64> {
        &self.weights
    }

    /// b, where Φ is affine.
    pub fn offset(&self) -> Option<&DVector<f64>> {
        self.offset.as_ref()
    }

    /// Φ of each of the B columns of `states` (d×B), as columns (D_Φ×B).
    ///
    /// # Panics
    /// If the columns do not have d components.
    pub fn apply(&self, states: DMatrixView<'_, f64>) -> DMatrix<f64> {
        let mut features = &self.weights * states;
        if let Some(offset) = &self.offset {
            for mut column in features.column_iter_mut() {
                column += offset;
            }
        }
        features
    }
}
