//! A quantity beside what theory says of it.

use std::collections::BTreeMap;

use dam_theory::Parameters;
use serde::Serialize;

use crate::quantity::{JointResult, Prediction, Quantity};
use crate::reduce;
use crate::task::Task;

/// Where a quantity was measured: at a task, or over all loads of one N, without load and P.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Origin {
    /// The experiment's name.
    pub experiment: String,
    /// The pattern ensemble's name.
    pub ensemble: String,
    /// The load α.
    pub alpha: Option<f64>,
    /// N.
    pub size: usize,
    /// P, where it is known as a whole number.
    pub pattern_count: Option<usize>,
    /// The task's other parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Vec<f64>>,
    /// The ensemble's parameters.
    #[serde(skip_serializing_if = "Parameters::is_empty")]
    pub ensemble_parameters: Parameters,
    /// Whether the job asks for P itself.
    #[serde(skip)]
    pub is_counted: bool,
}

/// A measured quantity beside what theory says of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Where.
    pub task: Origin,
    /// What was measured.
    pub quantity: Quantity,
    /// What theory says.
    #[serde(flatten)]
    pub theory: Prediction,
    /// (measured − theory at N)/√(standard error² + error of the theory²).
    pub deviation: Option<f64>,
}

impl Comparison {
    /// Whether theory says anything of the quantity.
    pub fn has_theory(&self) -> bool {
        self.theory.infinite_size.is_some() || self.theory.finite_size.is_some()
    }

    pub(super) fn of(task: &Task, quantity: &Quantity, prediction: Prediction) -> Self {
        Self {
            task: Origin {
                experiment: task.experiment.clone(),
                ensemble: task.ensemble.clone(),
                alpha: Some(task.alpha),
                size: task.size,
                pattern_count: task.whole_count(),
                parameters: task.parameters.clone(),
                ensemble_parameters: task.ensemble_parameters.clone(),
                is_counted: task.is_counted(),
            },
            quantity: quantity.clone(),
            theory: prediction,
            deviation: deviation(quantity, &prediction),
        }
    }

    pub(super) fn of_several(joint: &JointResult) -> Self {
        Self {
            task: Origin {
                experiment: joint.experiment.clone(),
                ensemble: joint.ensemble.clone(),
                alpha: None,
                size: joint.size,
                pattern_count: None,
                parameters: BTreeMap::new(),
                ensemble_parameters: Parameters::new(),
                is_counted: false,
            },
            quantity: joint.quantity.clone(),
            theory: joint.theory,
            deviation: deviation(&joint.quantity, &joint.theory),
        }
    }
}

/// (measured − theory at N) in units of the errors of both; `None` without an error, and of what is theory by construction.
///
/// Of a share p of n samples the error is the larger √(p (1 − p)/n) of what was measured and of theory: the first alone
/// would make one success a larger deviation than none.
pub fn deviation(quantity: &Quantity, prediction: &Prediction) -> Option<f64> {
    let mut caveats = quantity.caveats.iter();
    if caveats.any(|caveat| caveat.is_by_construction) {
        return None;
    }
    let difference = quantity.value()? - prediction.finite_size?;
    let spread = quantity.standard_error?;
    let measured = if is_share(quantity) {
        let probability = prediction.finite_size?.clamp(0.0, 1.0);
        let expected = reduce::share_error(probability, quantity.count);
        spread.max(expected)
    } else {
        spread
    };
    let error = measured.hypot(prediction.finite_size_error.unwrap_or(0.0));
    (error > 0.0).then(|| difference / error)
}

/// Whether it is a share of samples with the error of one, and an interval even where that is 0.
fn is_share(quantity: &Quantity) -> bool {
    let error = quantity
        .mean
        .map(|share| reduce::share_error(share, quantity.count));
    error == quantity.standard_error && quantity.lower < quantity.upper
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn of_share(successes: usize, trials: usize, theory: f64, error: f64) -> Option<f64> {
        let outcomes: Vec<bool> = (0..trials).map(|trial| trial < successes).collect();
        let prediction = Prediction {
            finite_size: Some(theory),
            finite_size_error: Some(error),
            ..Prediction::default()
        };
        deviation(&reduce::probability("share", &outcomes), &prediction)
    }

    #[test]
    fn a_share_of_none_or_all_has_the_error_of_so_many_samples() {
        // what no sample shows is no deviation from a small probability, however small its own error
        assert!(of_share(0, 200, 3.8e-7, 1.1e-7).unwrap().abs() < 0.01);
        assert!(of_share(200, 200, 1.0 - 3e-8, 1e-9).unwrap().abs() < 0.01);
        // but from a large one: none of 200 where one in ten is expected
        let expected = -0.1 / (0.1_f64 * 0.9 / 200.0).sqrt();
        assert!((of_share(0, 200, 0.1, 0.0).unwrap() - expected).abs() < 1e-12);
        let mirrored = of_share(200, 200, 0.9, 0.0).unwrap();
        assert!((mirrored + expected).abs() < 1e-12);
        // theory that is certain of the other outcome is refuted by any number of samples
        assert_eq!(of_share(0, 200, 1.0, 0.0), None);
        assert!(of_share(3, 200, 0.0, 0.0).unwrap() > 1.7);
        // the more successes, the higher
        for theory in [1e-9, 0.003, 0.05, 0.31, 0.77, 0.999] {
            let deviations =
                (0..=57).map(|successes| of_share(successes, 57, theory, 1e-4).unwrap());
            assert!(deviations.collect::<Vec<f64>>().is_sorted(), "{theory}");
        }
    }
}
