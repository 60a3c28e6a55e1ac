//! How well queries are answered, and the β that answers best.

use std::sync::Arc;

use nalgebra::DMatrix;

use dam_memory::separations::Separation;

/// The answers to one query for each pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    /// Σ_i (ξ_i − x̂_i)², averaged over the queries.
    pub(super) squared_error: f64,
    /// The share of queries whose own pattern has the largest weight.
    pub(super) accuracy: f64,
}

/// Similarities of patterns with queries, and what a query should bring back.
#[derive(Clone, Debug)]
pub(super) struct Trial<'a> {
    /// Ξ with a pattern per column, d×M.
    pub(super) patterns: &'a DMatrix<f64>,
    /// K(ξ^μ, x) with a query per column, M×B with B ≤ M; query b is made of pattern b.
    pub(super) similarities: DMatrix<f64>,
    pub(super) separation: Arc<dyn Separation>,
}

impl Trial<'_> {
    /// One update x̂ = Ξ Sep(β K) of each query.
    ///
    /// Patterns with components in [0, 1] need no clipping to the range of pixels, as the
    /// published code of U-Hop clips: x̂ is a mean of patterns.
    pub(super) fn score(&self, beta: f64) -> Score {
        let mut weights = self.similarities.clone();
        let count = weights.ncols() as f64;
        for mut column in weights.column_iter_mut() {
            self.separation.weigh(column.as_mut_slice(), beta);
        }
        let retrieved = self.patterns * weights;
        let squared_error: f64 = retrieved
            .column_iter()
            .zip(self.patterns.column_iter())
            .map(|(found, pattern)| (found - pattern).norm_squared())
            .sum();
        Score {
            squared_error: squared_error / count,
            accuracy: self.hits() as f64 / count,
        }
    }

    /// Queries whose own pattern is the most similar one; weights that underflow or agree to
    /// rounding leave that as it is.
    fn hits(&self) -> usize {
        let key = |similarity: f64| self.separation.rank(similarity);
        let is_hit = |&query: &usize| {
            let column = self.similarities.column(query);
            let own = key(column[query]);
            let others = column.iter().enumerate();
            others
                .filter(|&(pattern, _)| pattern != query)
                .all(|(pattern, &other)| own > key(other) || (own == key(other) && query < pattern))
        };
        (0..self.similarities.ncols()).filter(is_hit).count()
    }

    /// The β of the grid with the least squared error; of several that are equally good the
    /// middle one.
    pub(super) fn best_beta(&self, grid: &[f64]) -> f64 {
        let errors: Vec<f64> = grid
            .iter()
            .map(|&beta| self.score(beta).squared_error)
            .collect();
        let least = errors.iter().copied().fold(f64::INFINITY, f64::min);
        let best: Vec<f64> = grid
            .iter()
            .zip(&errors)
            .filter(|&(_, &error)| error <= least)
            .map(|(&beta, _)| beta)
            .collect();
        best[best.len() / 2]
    }
}

/// What one memory does at one point of the grid.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub(super) squared_error: Option<f64>,
    pub(super) accuracy: Option<f64>,
    pub(super) beta: Option<f64>,
    pub(super) separation_loss: Option<f64>,
}

impl Cell {
    pub(super) const NAMES: [&'static str; 4] =
        ["squared_error", "accuracy", "beta", "separation_loss"];

    pub(super) fn values(self) -> [Option<f64>; 4] {
        [
            self.squared_error,
            self.accuracy,
            self.beta,
            self.separation_loss,
        ]
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use dam_memory::separations::separation;

    /// Three patterns in the plane, each asked for with these similarities.
    fn trial<'a>(patterns: &'a DMatrix<f64>, parts: &str) -> Trial<'a> {
        let similarities =
            DMatrix::from_column_slice(3, 3, &[2.0, 1.0, 0.0, 0.0, 3.0, 1.0, -4.0, 3.0, 2.0]);
        Trial {
            patterns,
            similarities,
            separation: separation(parts).unwrap(),
        }
    }

    fn patterns() -> DMatrix<f64> {
        DMatrix::from_column_slice(2, 3, &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    }

    #[test]
    fn the_error_is_that_of_the_mean_pattern_summed_by_hand() {
        let patterns = patterns();
        let score = trial(&patterns, "softmax").score(0.7);
        let mut expected = 0.0;
        for (query, column) in [[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [-4.0, 3.0, 2.0]]
            .iter()
            .enumerate()
        {
            let weights = column.map(|z: f64| (0.7 * z).exp());
            let sum: f64 = weights.iter().sum();
            for row in 0..2 {
                let mean: f64 = (0..3).map(|k| weights[k] * patterns[(row, k)]).sum();
                expected += (mean / sum - patterns[(row, query)]).powi(2) / 3.0;
            }
        }
        assert!((score.squared_error - expected).abs() < 1e-14);
        assert!((score.accuracy - 2.0 / 3.0).abs() < 1e-15);
        let exact = trial(&patterns, "argmax").score(1.0);
        // the third query brings back (0, 1) instead of (1, 1)
        assert!((exact.squared_error - 1.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn of_equals_the_first_is_retrieved_and_polynomials_see_no_sign() {
        let patterns = patterns();
        let mut tied = trial(&patterns, "softmax");
        tied.similarities.fill(1.0);
        assert!((tied.score(1.0).accuracy - 1.0 / 3.0).abs() < 1e-15);
        let polynomial = trial(&patterns, "polynomial-2");
        // |−4| is the largest of the third query
        assert!((polynomial.score(1.0).accuracy - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn the_best_beta_has_the_least_error_and_ties_take_the_middle() {
        let patterns = patterns();
        let mut trial = trial(&patterns, "softmax");
        // the third query goes wrong, so a finite β is best
        let grid = [0.01, 0.1, 0.5, 1.0, 2.0, 100.0];
        let best = trial.best_beta(&grid);
        assert!(best > 0.01 && best < 100.0);
        for beta in grid {
            assert!(trial.score(best).squared_error <= trial.score(beta).squared_error);
        }
        trial.separation = separation("argmax").unwrap();
        assert_eq!(trial.best_beta(&[1.0, 2.0, 3.0]), 2.0);
    }
}
