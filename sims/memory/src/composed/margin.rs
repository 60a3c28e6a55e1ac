//! How far patterns stand apart, and what that says of retrieval.

use crate::composed::ComposedMemory;

impl ComposedMemory {
    /// Δ_μ = K(ξ^μ, ξ^μ) − max_{ν≠μ} K(ξ^ν, ξ^μ); +∞ for a single pattern.
    ///
    /// # Panics
    /// If there is no pattern μ.
    pub fn separation_gap(&self, pattern: usize) -> f64 {
        let products = self.similarities(&self.patterns.pattern(pattern));
        let largest_other = products
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != pattern)
            .map(|(_, product)| *product)
            .fold(f64::NEG_INFINITY, f64::max);
        products[pattern] - largest_other
    }

    /// Whether all weight is on μ at x = ξ^μ, so that ξ^μ is retrieved without error: β
    /// Δ_μ ≥ [`exact_gap`](crate::separations::Separation::exact_gap), both necessary and
    /// sufficient (for arg max sufficient where Δ_μ > 0). `None` where a separation leaves weight
    /// everywhere.
    ///
    /// # Panics
    /// If there is no pattern μ.
    pub fn stores_exactly(&self, pattern: usize, beta: f64) -> Option<bool> {
        let gap = self.separation().exact_gap()?;
        let scaled = self.separation().beta(beta, self.size()) * self.separation_gap(pattern);
        Some(if gap > 0.0 {
            scaled >= gap
        } else {
            scaled > 0.0
        })
    }

    /// R: how far a state lies from ξ^μ in the metric of the similarity, |x − ξ| for dot and
    /// euclidean, |x/|x| − ξ/|ξ|| for cosine, |Φ(x) − Φ(ξ)| for kernel, Σ_i |x_i − ξ_i| for
    /// manhattan.
    ///
    /// # Panics
    /// If there is no pattern μ or the state does not have d components.
    pub fn radius(&self, state: &[f64], pattern: usize) -> f64 {
        self.similarity()
            .radius(state, &self.patterns.pattern(pattern))
    }

    /// The most that one update from within R of ξ^μ (see [`radius`](Self::radius)) can miss it by:
    ///
    /// ```text
    /// |T(x) − ξ^μ| ≤ 2m (M − 1) e_α(−β(Δ_μ − 2 m_K R)),   m = max |ξ|,
    /// ```
    ///
    /// e_α(−z) = [1 − (α−1)z]₊^{1/(α−1)} ≤ exp(−z), the value at α = 1 (softmax, top-k). m_K bounds
    /// the change of K with the state: m for dot and euclidean, max |Φ(ξ)| for kernel, 1 for cosine
    /// and manhattan. `None` for the polynomial and for hetero-associative memories.
    ///
    /// Source: Ramsauer et al. 2021 (Theorem 5); that α-entmax keeps to the sharper e_α is proved
    /// in [`largest_weight_at_gap`](crate::separations::Separation::largest_weight_at_gap).
    ///
    /// # Panics
    /// If there is no pattern μ.
    pub fn retrieval_error_bound(&self, pattern: usize, radius: f64, beta: f64) -> Option<f64> {
        if !self.is_auto_associative() {
            return None;
        }
        let patterns = &self.matrices().patterns;
        let features = self.similarity().features(patterns.as_slice(), self.size());
        let largest = |columns: &nalgebra::DMatrix<f64>| {
            let norms = columns.column_iter().map(|column| column.norm());
            norms.fold(0.0, f64::max)
        };
        let largest_norm = largest(patterns);
        let steepness = self
            .similarity()
            .steepness(largest_norm, largest(&features));
        let beta = self.separation().beta(beta, self.size());
        let gap = beta * (self.separation_gap(pattern) - 2.0 * steepness * radius);
        let others = self.pattern_count() as f64 - 1.0;
        Some(2.0 * largest_norm * others * self.separation().largest_weight_at_gap(gap)?)
    }
}
