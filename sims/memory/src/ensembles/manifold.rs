//! Patterns on a random linear manifold, ξ = Fz/√D.

use dam_theory::TheoryError;
use dam_theory::finite_size::{PatternCount, covariance_crossover};
use dam_theory::laws::HiddenManifold;
use nalgebra::{DMatrix, DVector, SymmetricEigen};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ensembles::law::{FillTile, PatternLaw};
use crate::sampling::{Sampled, Tile, add_products};

/// Elements of F beyond this (1 GiB) are refused.
const LARGEST_MATRIX: f64 = 134_217_728.0;

/// Refuses an N at which F would not fit.
pub(super) fn check_size(law: HiddenManifold, size: f64) -> Result<(), TheoryError> {
    let elements = law.dimension(size)? * size;
    if elements <= LARGEST_MATRIX {
        return Ok(());
    }
    Err(TheoryError::Domain {
        quantity: "the number N·round(manifold_ratio N) of elements of F",
        value: elements,
        domain: "at most 2^27 (1 GiB); lower manifold_ratio, or take gaussian patterns, its limit",
    })
}

/// ξ = Fz/√D: F is an N×D matrix of independent N(0, 1), one per disorder sample, z ~ N(0, I_D),
/// D = round(α_D N).
#[derive(Debug)]
pub(super) struct Manifold {
    /// D.
    dimension: usize,
    /// Fᵀ/√D, row-major: D rows of N.
    matrix: Vec<f64>,
}

impl Manifold {
    /// Draws F.
    pub(super) fn new(law: HiddenManifold, size: usize, rng: &mut Xoshiro256PlusPlus) -> Self {
        let dimension = law
            .dimension(size as f64)
            .expect("jobs check that the manifold has a dimension");
        let scale = dimension.sqrt().recip();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number of at least 1"
        )]
        let dimension = dimension as usize;
        let matrix = (0..size * dimension)
            .map(|_| {
                let element: f64 = StandardNormal.sample(rng);
                scale * element
            })
            .collect();
        Self { dimension, matrix }
    }
}

impl FillTile for Manifold {
    fn fill<T: Sampled>(&self, size: usize, tile: Tile<'_>, rows: &mut [T]) {
        let patterns = rows.len() / size;
        let mut latent = vec![0.0; patterns * self.dimension];
        tile.normals(&mut latent);
        let mut products = vec![0.0; rows.len()];
        add_products(size, &self.matrix, &latent, &mut products);
        for (value, product) in rows.iter_mut().zip(products) {
            *value = T::from_f64(product);
        }
    }
}

impl PatternLaw for Manifold {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let matrix = DMatrix::from_column_slice(target.len(), self.dimension, &self.matrix);
        let eigen = SymmetricEigen::new(&matrix * matrix.transpose());
        let projections = eigen
            .eigenvectors
            .tr_mul(&DVector::from_column_slice(target));
        // the N − D eigenvalues 0 come out as ± rounding
        let eigenvalues = eigen.eigenvalues.map(|value| value.max(0.0));
        let found = covariance_crossover(projections.as_slice(), eigenvalues.as_slice(), patterns);
        Some(found.ok()??.inverse_temperature)
    }
}
