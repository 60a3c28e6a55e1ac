//! The directions that states have visited, and the coordinates of the drawn patterns along them.

use rand::Rng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};

use crate::revealed::projections::{add_multiple, product};

/// What a state has across all directions counts from this part of its length on, what an update has from this part of √N on:
/// a descent multiplies what is neglected by λN.
const NEGLIGIBLE: f64 = 1e-13;

/// Orthonormal directions e_k, and c_μk = ξ^μ·e_k/ℓ of each drawn pattern.
///
/// A pattern is seen only through its products with the states visited, which lie in the span of the target, the starts and
/// the updates. So the coordinate of a pattern along a new direction is drawn when a state first points there, and nothing
/// grows with N but the directions themselves (Lu, arXiv:2101.07464).
///
/// **Fresh directions.** What is left of the patterns across the span are vectors ρ_μ g_μ in D = N − d dimensions. An
/// update Σ w_μ ξ^μ leaves the span by v = Σ a_μ g_μ with a_μ = w_μ ρ_μ. For normal g_μ that obey the relations Q so far
/// (Qᵀg = 0, orthonormal columns), with ω = |(1 − QQᵀ)a| and ŵ = (1 − QQᵀ)a/ω,
///
/// ```text
/// v = ω χ e,    e uniform across the span,    c_μ/ρ_μ = z'_μ + ŵ_μ (χ − ŵ·z'),    z' = (1 − QQᵀ)z
/// ```
///
/// where z_μ are normal and χ² is χ²-distributed with D degrees of freedom; ŵ joins Q, since ŵᵀg now lies along e alone.
/// Weights seen before thus leave the span no more, and a descent comes to rest.
///
/// This is exact for Gaussian patterns, ρ = 1. Of spherical ones the coordinates within the span are exact when they are
/// drawn, and so is the length r_μ of what is left then; that is taken for normal with ρ_μ = r_μ/√D, and χ² has the variance of the
/// length of a sum of vectors of these lengths, 2D(1 − Σ a⁴/(Σ a²)²), so that a single pattern keeps its own. What this
/// neglects is of the order 1/D.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    size: usize,
    /// Row-major unit vectors; none where the directions are the N axes.
    directions: Vec<f64>,
    /// Whether the directions are the N axes.
    is_complete: bool,
    /// c_μk, a column for each direction.
    columns: Vec<Vec<f64>>,
    /// ρ_μ.
    scales: Vec<f64>,
    /// Whether |ξ| is given.
    has_fixed_norm: bool,
    /// The columns of Q; patterns drawn later have zeros there.
    relations: Vec<Vec<f64>>,
}

impl Frame {
    /// The N axes: every pattern has all its components.
    pub(super) fn complete(size: usize, has_fixed_norm: bool) -> Self {
        Self {
            is_complete: true,
            columns: vec![Vec::new(); size],
            ..Self::empty(size, has_fixed_norm)
        }
    }

    /// No direction yet.
    pub(super) fn empty(size: usize, has_fixed_norm: bool) -> Self {
        Self {
            size,
            directions: Vec::new(),
            is_complete: false,
            columns: Vec::new(),
            scales: Vec::new(),
            has_fixed_norm,
            relations: Vec::new(),
        }
    }

    /// Patterns drawn.
    pub(super) fn pattern_count(&self) -> usize {
        self.scales.len()
    }

    /// D: the dimensions that no state has visited.
    pub(super) fn dimensions_left(&self) -> usize {
        self.size - self.columns.len()
    }

    /// The N components of a pattern, divided by ℓ, as far as they are known.
    pub(super) fn pattern(&self, pattern: usize) -> Vec<f64> {
        let coordinates: Vec<f64> = self.columns.iter().map(|column| column[pattern]).collect();
        if self.is_complete {
            return coordinates;
        }
        let mut components = vec![0.0; self.size];
        let directions = self.directions.chunks_exact(self.size);
        for (direction, coordinate) in directions.zip(coordinates) {
            add_multiple(&mut components, coordinate, direction);
        }
        components
    }

    /// The coordinates of a unit vector, which the span then holds.
    pub(super) fn coordinates(&mut self, vector: &[f64], rng: &mut impl Rng) -> Vec<f64> {
        if self.is_complete {
            return vector.to_vec();
        }
        let mut coordinates = Vec::with_capacity(self.columns.len() + 1);
        let mut rest = vector.to_vec();
        for direction in self.directions.chunks_exact(self.size) {
            let coordinate = product(direction, &rest);
            add_multiple(&mut rest, -coordinate, direction);
            coordinates.push(coordinate);
        }
        let across = product(&rest, &rest).sqrt();
        if across > NEGLIGIBLE && self.dimensions_left() > 0 {
            // no update of these patterns led there: what is left of them knows nothing of it
            let normals = self.normals(rng);
            self.add_direction(rest, &normals);
            coordinates.push(across);
        }
        coordinates
    }

    /// Adds a pattern with these coordinates, the length of what is left being √`left`.
    pub(super) fn add_pattern(&mut self, coordinates: &[f64], left: f64) {
        for (column, &coordinate) in self.columns.iter_mut().zip(coordinates) {
            column.push(coordinate);
        }
        let dimensions = self.dimensions_left().max(1) as f64;
        self.scales.push(if self.has_fixed_norm {
            (left / dimensions).sqrt()
        } else {
            1.0
        });
    }

    /// ξ^μ·x̂/ℓ of the patterns from number `first` on, x̂ given by its coordinates.
    pub(super) fn projections(&self, first: usize, coordinates: &[f64]) -> Vec<f64> {
        let mut projections = vec![0.0; self.pattern_count() - first];
        for (column, &coordinate) in self.columns.iter().zip(coordinates) {
            add_multiple(&mut projections, coordinate, &column[first..]);
        }
        projections
    }

    /// Adds Σ_μ w_μ ξ^μ/ℓ to `sum`, all weights given; what leaves the span becomes a direction.
    pub(super) fn add_mean(
        &mut self,
        weights: &[f64],
        factor: f64,
        sum: &mut [f64],
        rng: &mut impl Rng,
    ) {
        if self.is_complete {
            for (sum, column) in sum.iter_mut().zip(&self.columns) {
                *sum += factor * product(weights, column);
            }
            return;
        }
        let directions = self.directions.chunks_exact(self.size);
        for (direction, column) in directions.zip(&self.columns) {
            add_multiple(sum, factor * product(weights, column), direction);
        }
        if self.dimensions_left() == 0 {
            return;
        }
        let mut leaving: Vec<f64> = weights
            .iter()
            .zip(&self.scales)
            .map(|(weight, scale)| weight * scale)
            .collect();
        // twice: little is left of weights seen before
        self.unrelate(&mut leaving);
        self.unrelate(&mut leaving);
        let length = product(&leaving, &leaving).sqrt();
        let dimensions = self.dimensions_left() as f64;
        if factor * length * dimensions.sqrt() <= NEGLIGIBLE * (self.size as f64).sqrt() {
            return;
        }
        for value in &mut leaving {
            *value /= length;
        }
        let reach = self.reach(&leaving, dimensions, rng);
        let mut column = self.normals(rng);
        let along = product(&leaving, &column);
        add_multiple(&mut column, reach - along, &leaving);
        let direction = self.across(rng);
        add_multiple(sum, factor * length * reach, &direction);
        self.add_direction(direction, &column);
        self.relations.push(leaving);
    }

    /// χ: the length of Σ ŵ_μ g_μ.
    fn reach(&self, weights: &[f64], dimensions: f64, rng: &mut impl Rng) -> f64 {
        let square = ChiSquared::new(dimensions)
            .expect("some dimension is left")
            .sample(rng);
        if !self.has_fixed_norm {
            return square.sqrt();
        }
        let participation: f64 = weights.iter().map(|weight| weight.powi(4)).sum();
        let spread = (1.0 - participation).max(0.0).sqrt();
        (dimensions + spread * (square - dimensions)).sqrt()
    }

    /// (1 − QQᵀ)z with normal z.
    fn normals(&self, rng: &mut impl Rng) -> Vec<f64> {
        let count = self.pattern_count();
        let mut normals: Vec<f64> = (0..count).map(|_| StandardNormal.sample(rng)).collect();
        self.unrelate(&mut normals);
        normals
    }

    /// Takes off what lies in the relations.
    fn unrelate(&self, vector: &mut [f64]) {
        for relation in &self.relations {
            let vector = &mut vector[..relation.len()];
            let along = product(relation, vector);
            add_multiple(vector, -along, relation);
        }
    }

    /// A uniform unit vector across the span.
    fn across(&self, rng: &mut impl Rng) -> Vec<f64> {
        let mut vector: Vec<f64> = (0..self.size).map(|_| StandardNormal.sample(rng)).collect();
        for _ in 0..2 {
            for direction in self.directions.chunks_exact(self.size) {
                let along = product(direction, &vector);
                add_multiple(&mut vector, -along, direction);
            }
        }
        let length = product(&vector, &vector).sqrt();
        for value in &mut vector {
            *value /= length;
        }
        vector
    }

    /// Adds a direction, not yet of length 1, and the coordinates along it, not yet scaled.
    fn add_direction(&mut self, mut direction: Vec<f64>, normals: &[f64]) {
        let length = product(&direction, &direction).sqrt();
        for value in &mut direction {
            *value /= length;
        }
        self.directions.extend(direction);
        let scaled = normals.iter().zip(&self.scales);
        self.columns
            .push(scaled.map(|(normal, scale)| normal * scale).collect());
    }
}
