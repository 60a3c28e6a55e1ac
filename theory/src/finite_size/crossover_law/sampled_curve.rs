//! A distribution function of λ_× by points of its normal deviate.

use crate::numbers::log_tails::log_normal_tail;

/// Steps of the integral for the mean.
const STEPS: usize = 2000;
/// It reaches this many normal deviates.
const REACH: f64 = 6.5;

/// z(λ) with F(λ) = Φ(z), cubic between points and straight beyond.
#[derive(Debug, Clone)]
pub(super) struct SampledCurve {
    points: Vec<Point>,
}

#[derive(Debug, Clone, Copy)]
struct Point {
    lambda: f64,
    deviate: f64,
    /// dz/dλ.
    slope: f64,
}

impl SampledCurve {
    /// Through points (λ, z), at least two, in ascending order of both.
    pub(super) fn new(points: &[(f64, f64)]) -> Self {
        let last = points.len() - 1;
        let point = |i: usize| {
            let (low, high) = (points[i.saturating_sub(1)], points[(i + 1).min(last)]);
            Point {
                lambda: points[i].0,
                deviate: points[i].1,
                slope: (high.1 - low.1) / (high.0 - low.0),
            }
        };
        Self {
            points: (0..=last).map(point).collect(),
        }
    }

    /// z.
    pub(super) fn deviate(&self, lambda: f64) -> f64 {
        let next = self.points.partition_point(|point| point.lambda < lambda);
        let last = self.points.len() - 1;
        if next == 0 || next > last {
            let end = self.points[next.min(last)];
            return end.deviate + end.slope * (lambda - end.lambda);
        }
        let (low, high) = (self.points[next - 1], self.points[next]);
        let width = high.lambda - low.lambda;
        let s = (lambda - low.lambda) / width;
        let rise = high.deviate - low.deviate;
        low.deviate
            + rise * s * s * (3.0 - 2.0 * s)
            + width * s * (1.0 - s) * (low.slope * (1.0 - s) - high.slope * s)
    }

    /// λ at z, between the straight ends.
    pub(super) fn place(&self, deviate: f64) -> f64 {
        let last = self.points.len() - 1;
        let next = self.points.partition_point(|point| point.deviate < deviate);
        if next == 0 || next > last {
            let end = self.points[next.min(last)];
            return end.lambda + (deviate - end.deviate) / end.slope;
        }
        let (mut low, mut high) = (self.points[next - 1].lambda, self.points[next].lambda);
        while high - low > 1e-14 * high {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.deviate(middle) < deviate {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    /// E λ = λ₀ + ∫ (1 − F) dλ from λ₀ below all of them.
    pub(super) fn mean(&self) -> f64 {
        let (low, high) = (self.place(-REACH), self.place(REACH));
        let step = (high - low) / STEPS as f64;
        let middles = (0..STEPS).map(|i| low + step * (i as f64 + 0.5));
        let above = middles.map(|lambda| log_normal_tail(self.deviate(lambda)).exp());
        low + step * above.sum::<f64>()
    }
}
