//! Points on the unit sphere and the angles between them.

use dam_memory::products::dot;

/// M points on the unit sphere of R^d.
#[derive(Clone, Debug, PartialEq)]
pub struct SphericalCode {
    dimension: usize,
    coordinates: Vec<f64>,
}

impl SphericalCode {
    /// Takes M·d row-major coordinates of points other than the origin and puts them on the unit
    /// sphere.
    ///
    /// # Panics
    /// If `dimension` is 0 or does not divide the number of coordinates.
    pub fn from_coordinates(dimension: usize, mut coordinates: Vec<f64>) -> Self {
        assert!(
            dimension > 0 && coordinates.len().is_multiple_of(dimension),
            "{} coordinates do not make whole points of {dimension}",
            coordinates.len()
        );
        for point in coordinates.chunks_exact_mut(dimension) {
            let norm = dot(point, point).sqrt();
            for coordinate in point {
                *coordinate /= norm;
            }
        }
        Self {
            dimension,
            coordinates,
        }
    }

    /// d.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// M.
    pub fn count(&self) -> usize {
        self.coordinates.len() / self.dimension
    }

    /// All M·d coordinates, row-major.
    pub fn as_slice(&self) -> &[f64] {
        &self.coordinates
    }

    pub(super) fn into_coordinates(self) -> Vec<f64> {
        self.coordinates
    }

    /// The code with this added to the coordinates, on the sphere again.
    pub(super) fn moved(&self, change: &[f64]) -> Self {
        let moved = self.coordinates.iter().zip(change).map(|(x, by)| x + by);
        Self::from_coordinates(self.dimension, moved.collect())
    }

    /// Point i, counted from 0.
    pub fn point(&self, index: usize) -> &[f64] {
        &self.coordinates[index * self.dimension..(index + 1) * self.dimension]
    }

    /// The angle between points i and j in radians, with full accuracy near 0 and π: 2
    /// arctan(|x − y|/|x + y|).
    pub fn angle(&self, first: usize, second: usize) -> f64 {
        let pairs = || self.point(first).iter().zip(self.point(second));
        let difference: f64 = pairs().map(|(x, y)| (x - y) * (x - y)).sum();
        let sum: f64 = pairs().map(|(x, y)| (x + y) * (x + y)).sum();
        2.0 * difference.sqrt().atan2(sum.sqrt())
    }

    /// The least angle between two points in radians; π for a single point.
    pub fn least_angle(&self) -> f64 {
        self.pairs()
            .map(|(first, second)| self.angle(first, second))
            .fold(std::f64::consts::PI, f64::min)
    }

    /// The pairs whose angle exceeds the least by at most `tolerance` radians.
    pub fn contacts(&self, tolerance: f64) -> Vec<(usize, usize)> {
        let most = self.least_angle() + tolerance;
        self.pairs()
            .filter(|&(first, second)| self.angle(first, second) <= most)
            .collect()
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let count = self.count();
        (0..count).flat_map(move |first| (first + 1..count).map(move |second| (first, second)))
    }
}
