//! What the samples of a task say together, and what theory says of it.

use std::collections::BTreeMap;

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

    /// The same quantity with an error of at least `width`/√12 where its samples lie closer together than the intervals of
    /// that width in which a search left them: their spread then says nothing, and values are spread evenly over the interval.
    #[must_use]
    pub fn resolved(mut self, width: Option<f64>) -> Self {
        if let (Some(width), Some(error)) = (width, &mut self.standard_error)
            && *error * (self.count as f64).sqrt() < width
        {
            *error = error.max(width / 12.0_f64.sqrt());
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
