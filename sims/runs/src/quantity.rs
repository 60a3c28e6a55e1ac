//! What the samples of a task say together, and what theory says of it.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use dam_theory::finite_size::Estimate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::caveat::Caveat;

/// A quantity measured over the samples of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// Its name in tables.
    pub name: String,
    /// The point of the task's grid at which it was measured, such as λ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub coordinates: BTreeMap<String, f64>,
    /// What it was measured on, in words, such as separation = sparsemax.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Mean over the samples, where it exists.
    pub mean: Option<f64>,
    /// Median over the samples, where it exists.
    pub median: Option<f64>,
    /// Standard error of the value that the quantity reports (mean, or median where there is no mean).
    pub standard_error: Option<f64>,
    /// Lower end of the 95 % interval.
    pub lower: Option<f64>,
    /// Upper end of the 95 % interval.
    pub upper: Option<f64>,
    /// Samples that the numbers stand on.
    pub count: usize,
    /// Which of them did not meet a criterion of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<Caveat>,
}

impl Quantity {
    /// The measured value: the mean, or the median where no mean is reported.
    pub fn value(&self) -> Option<f64> {
        self.mean.or(self.median)
    }

    /// The same quantity with what is left of the intervals of this width in which a search left its samples.
    ///
    /// Where the samples lie in one or two neighbouring intervals, which is a deviation s of w/2 at most, the mean may be off
    /// by rounding alone: w/√12 stands for that, and the interval reaches w/2 further. Beyond, the rounded mean of a normal
    /// law is off by its first harmonic, which falls as exp(−2π² s²/w²); from s ≈ w on it is nothing.
    #[must_use]
    pub fn resolved(mut self, width: Option<f64>) -> Self {
        if let (Some(width), Some(error)) = (width, self.standard_error) {
            let scatter = error * (self.count as f64).sqrt() / width;
            let beyond = (scatter * scatter - 0.25).max(0.0);
            let left = width * (-2.0 * PI * PI * beyond).exp();
            self.standard_error = Some(error.hypot(left / 12.0_f64.sqrt()));
            self.lower = self.lower.map(|end| end - 0.5 * left);
            self.upper = self.upper.map(|end| end + 0.5 * left);
        }
        self
    }

    /// The same quantity, measured at `value` of the coordinate `name`.
    #[must_use]
    pub fn at(mut self, name: &str, value: f64) -> Self {
        self.coordinates.insert(name.to_owned(), value);
        self
    }

    /// The same quantity with a caveat, if it affects anything; without numbers where it affects everything.
    #[must_use]
    pub fn under(mut self, caveat: &Caveat) -> Self {
        if caveat.affected == 0 {
            return self;
        }
        if caveat.is_total {
            for number in [
                &mut self.mean,
                &mut self.median,
                &mut self.standard_error,
                &mut self.lower,
                &mut self.upper,
            ] {
                *number = None;
            }
        }
        self.caveats.push(caveat.clone());
        self
    }

    /// The caveats in words; empty where there is none.
    pub fn reservations(&self) -> String {
        let words: Vec<String> = self.caveats.iter().map(Caveat::to_string).collect();
        words.join("; ")
    }

    /// The same quantity, measured on what `value` of the label `name` names.
    #[must_use]
    pub fn labelled(mut self, name: &str, value: &impl ToString) -> Self {
        self.labels.insert(name.to_owned(), value.to_string());
        self
    }
}

/// What theory says of a quantity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Prediction {
    /// At N = ∞.
    pub infinite_size: Option<f64>,
    /// At the task's N.
    pub finite_size: Option<f64>,
    /// What the value at N may be off by, where it is not exact: the standard error of a sampled theory,
    /// or what simulations kept to.
    pub finite_size_error: Option<f64>,
}

impl From<Option<Estimate>> for Prediction {
    fn from(estimate: Option<Estimate>) -> Self {
        Self {
            infinite_size: None,
            finite_size: estimate.map(|estimate| estimate.value),
            finite_size_error: estimate
                .map(|estimate| estimate.error)
                .filter(|&error| error > 0.0),
        }
    }
}

/// A quantity that the tasks of one N measure together, over several loads, beside what theory says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JointResult {
    /// The experiment's name.
    pub experiment: String,
    /// The pattern ensemble's name.
    pub ensemble: String,
    /// N.
    pub size: usize,
    /// What was measured.
    pub quantity: Quantity,
    /// What theory says of it.
    pub theory: Prediction,
}

/// Quantities measured at one λ of the task's grid.
pub fn at_lambda<const K: usize>(
    lambda: f64,
    quantities: [Quantity; K],
) -> impl Iterator<Item = Quantity> {
    quantities.into_iter().map(move |quantity| Quantity {
        coordinates: BTreeMap::from([("lambda".to_owned(), lambda)]),
        ..quantity
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;
    use crate::reduce;
    use dam_statistics::normal_quantile;

    /// Values on a lattice of width w around .3 that scatter by σ w: rounded draws of a normal law by its quantiles.
    fn rounded(scatter: f64, width: f64) -> Quantity {
        let values: Vec<f64> = (0..200)
            .map(|index| {
                let draw = normal_quantile((f64::from(index) + 0.5) / 200.0).unwrap();
                (0.3 / width + scatter * draw).round() * width
            })
            .collect();
        reduce::mean("searched", &values)
    }

    /// The true mean lies in the interval for any place on the lattice, whatever the scatter.
    #[test]
    fn intervals_hold_the_mean_of_rounded_values() {
        for scatter in [0.0, 0.04, 0.11, 0.17, 0.29, 0.37, 0.53, 0.71, 1.3] {
            for place in 0..40 {
                let place = f64::from(place) / 40.0;
                let draws = (0..200).map(|index| (f64::from(index) + 0.5) / 200.0);
                let values: Vec<f64> = draws
                    .map(|share| (place + scatter * normal_quantile(share).unwrap()).round())
                    .collect();
                let found = reduce::mean("searched", &values).resolved(Some(1.0));
                let holds = found.lower <= Some(place) && found.upper >= Some(place);
                assert!(holds, "σ = {scatter} at {place}: {found:?}");
            }
        }
    }

    #[test]
    fn errors_pass_from_the_width_of_a_search_to_the_scatter_of_samples_without_a_step() {
        let width = 1e-4;
        let alone = rounded(0.0, width).resolved(Some(width));
        assert_eq!(alone.standard_error, Some(width / 12.0_f64.sqrt()));
        assert!(alone.lower < Some(0.3 - 0.49 * width) && alone.upper > Some(0.3 + 0.49 * width));
        let mut last = None;
        for step in 0..=400 {
            let mut quantity = rounded(2.0, width);
            // the same samples with every spread between none and twice the width
            let scatter = f64::from(step) * 0.005 * width;
            let error = scatter / 200.0_f64.sqrt();
            quantity.standard_error = Some(error);
            let resolved = quantity.resolved(Some(width)).standard_error.unwrap_or(0.0);
            assert!(resolved >= error && resolved <= error.hypot(width / 12.0_f64.sqrt()));
            if let Some(last) = last {
                let change: f64 = resolved - last;
                assert!(change.abs() < 0.03 * width, "a step at {scatter}");
            }
            last = Some(resolved);
        }
        // wide scatter keeps every bit, and so do quantities that no search left
        let wide = rounded(3.0, width);
        assert_eq!(wide.clone().resolved(Some(width)), wide);
        assert_eq!(wide.clone().resolved(None), wide);
    }
}
