//! The map that sends memories to prescribed features.

use nalgebra::DMatrix;

use crate::error::KernelLearningError;
use dam_memory::patterns::Patterns;
use dam_memory::similarities::feature_map::FeatureMap;

/// The linear map with Φ(ξ_μ) = f_μ for all memories, W = F Ξ⁺ with the smallest Σ W²: any
/// features, an optimal spherical code for one, can be had from linearly independent memories
/// (M ≤ d).
///
/// ```
/// use dam_memory::patterns::Patterns;
/// use dam_learning::interpolating_map;
/// let memories = Patterns::from_rows(3, vec![1.0, 1.0, 0.0, 1.0, 0.9, 0.0]);
/// let opposite = Patterns::from_rows(1, vec![1.0, -1.0]);
/// let map = interpolating_map(&memories, &opposite)?;
/// assert!((map.feature(&[1.0, 0.9, 0.0])[0] + 1.0).abs() < 1e-13);
/// # Ok::<(), dam_learning::KernelLearningError>(())
/// ```
///
/// # Errors
/// [`KernelLearningError::DependentMemories`].
///
/// # Panics
/// If there are not as many features as memories.
pub fn interpolating_map(
    memories: &Patterns<f64>,
    features: &Patterns<f64>,
) -> Result<FeatureMap, KernelLearningError> {
    let weights = solve(
        memories.size(),
        memories.as_slice(),
        features,
        "independent",
    )?;
    Ok(FeatureMap::from_weights(memories.size(), weights))
}

/// As [`interpolating_map`] with the affine map of smallest Σ W² + |b|², for affinely independent
/// memories (M ≤ d + 1).
///
/// # Errors
/// [`KernelLearningError::DependentMemories`].
///
/// # Panics
/// If there are not as many features as memories.
pub fn affinely_interpolating_map(
    memories: &Patterns<f64>,
    features: &Patterns<f64>,
) -> Result<FeatureMap, KernelLearningError> {
    let size = memories.size();
    let mut extended = Vec::with_capacity(memories.count() * (size + 1));
    for memory in 0..memories.count() {
        extended.extend_from_slice(memories.row(memory));
        extended.push(1.0);
    }
    let solution = solve(size + 1, &extended, features, "affinely independent")?;
    let rows = solution.chunks_exact(size + 1);
    let weights = rows.clone().flat_map(|row| &row[..size]).copied().collect();
    let bias = rows.map(|row| row[size]).collect();
    Ok(FeatureMap::from_weights(size, weights).with_bias(bias))
}

/// The row-major W of smallest norm with W Ξᵀ = Fᵀ.
fn solve(
    size: usize,
    memories: &[f64],
    features: &Patterns<f64>,
    kind: &'static str,
) -> Result<Vec<f64>, KernelLearningError> {
    let count = memories.len() / size;
    assert_eq!(features.count(), count, "a feature per memory");
    // column-major Ξᵀ, d×M, is row-major Ξ
    let decomposition = DMatrix::from_column_slice(size, count, memories).svd(true, true);
    let largest = decomposition.singular_values.max();
    let threshold = f64::EPSILON * size.max(count) as f64 * largest;
    let rank = decomposition.rank(threshold);
    if rank < count {
        return Err(KernelLearningError::DependentMemories { count, rank, kind });
    }
    let inverse = decomposition
        .pseudo_inverse(threshold)
        .expect("both factors were asked for");
    let features = DMatrix::from_column_slice(features.size(), count, features.as_slice());
    // F (D×M) · Ξᵀ⁺ (M×d); the transpose of column-major is row-major
    Ok((features * inverse).transpose().as_slice().to_vec())
}
