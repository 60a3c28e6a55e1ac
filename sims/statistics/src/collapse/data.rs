//! Curves of several sizes, each on a grid of its own.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::StatisticsError;
use crate::scaling::{POSITIVE, check_rows, check_values, is_positive};

/// The curves of several sizes, a row each; grids may differ.
#[derive(Clone, Debug, PartialEq)]
pub struct CollapseData {
    /// The sizes L.
    pub sizes: Vec<f64>,
    /// The control parameter ρ, increasing along each row.
    pub rho: Vec<Vec<f64>>,
    /// The quantity a.
    pub a: Vec<Vec<f64>>,
    /// Its standard errors.
    pub da: Vec<Vec<f64>>,
}

impl CollapseData {
    /// Checks shapes, domains and order.
    ///
    /// # Errors
    /// Shapes that do not match, a size that is not positive, `rho` that does not increase, values
    /// that are not finite, errors that are not positive; fewer than two sizes.
    pub fn new(
        sizes: Vec<f64>,
        rho: Vec<Vec<f64>>,
        a: Vec<Vec<f64>>,
        da: Vec<Vec<f64>>,
    ) -> Result<Self, StatisticsError> {
        check_values("l", std::slice::from_ref(&sizes), POSITIVE, is_positive)?;
        if sizes.len() != rho.len() {
            return Err(StatisticsError::Shape {
                quantity: "rho",
                found: vec![rho.len()],
                expected: vec![sizes.len()],
            });
        }
        check_rows(["rho", "a", "da"], &rho, &a, &da)?;
        if sizes.len() < 2 {
            return Err(StatisticsError::NoOverlap);
        }
        Ok(Self { sizes, rho, a, da })
    }

    /// The least and the largest control parameter.
    pub(super) fn scan(&self) -> [f64; 2] {
        let all = || self.rho.iter().flatten().copied();
        [
            all().fold(f64::INFINITY, f64::min),
            all().fold(f64::NEG_INFINITY, f64::max),
        ]
    }

    /// The smallest size.
    pub(super) fn least_size(&self) -> f64 {
        self.sizes.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The largest size over the smallest.
    pub(super) fn size_ratio(&self) -> f64 {
        self.sizes.iter().copied().fold(0.0, f64::max) / self.least_size()
    }

    /// The shift amplitude s at which s ln L/L is the whole scan at the smallest size.
    pub(super) fn widest_shift(&self) -> f64 {
        let ([low, high], least) = (self.scan(), self.least_size());
        (high - low) * least / least.ln().abs().max(0.1)
    }

    /// The same curves with other values, row by row.
    #[must_use]
    pub fn with_values(&self, a: Vec<Vec<f64>>) -> Self {
        Self { a, ..self.clone() }
    }

    /// The curves with each value moved by a normal number of its standard error: a set that could
    /// have been measured instead.
    pub(super) fn resampled(&self, random: &mut impl Rng) -> Self {
        let mut moved = |(a, da): (&f64, &f64)| {
            let normal: f64 = StandardNormal.sample(random);
            a + da * normal
        };
        let rows = self.a.iter().zip(&self.da);
        let moved = rows.map(|(a, da)| a.iter().zip(da).map(&mut moved).collect());
        self.with_values(moved.collect())
    }
}
