//! The retrieval crossover in the scaling of attention, λ = λ̂/√N and ln P = α̂√N.

use std::collections::BTreeMap;

use dam_theory::scaled_dot_product::scaled_typical_inverse_temperature;

use super::{
    Configured, Crossover, Experiment, Prediction, Quantity, Record, Sample, censored_as_infinite,
    column, reduce,
};
use crate::job::{JobError, Settings, Task, Validator};

/// λ̂_× = √N λ_× of Gaussian patterns from x₀ = ξ¹, for P = round(e^{α̂√N}) (LM24, scaled dot
/// product): the crossover of [`Crossover`] in the units of attention.
#[derive(Clone, Copy, Debug)]
pub struct ScaledDotProduct {
    /// The search for λ_×; its tolerance is one of λ, so that of λ̂ is √N larger.
    pub crossover: Crossover,
}

impl ScaledDotProduct {
    /// Sections `[dynamics]` and `[crossover]`; sweeps `scaled_alpha` (α̂) and `size`.
    pub(super) fn configure(validator: &Validator<'_>) -> Result<Configured, JobError> {
        validator.swept(&["scaled_alpha", "size"])?;
        let ensemble = &validator.file.patterns.ensemble;
        if ensemble != "gaussian" {
            return Err(validator.error(
                "patterns",
                "ensemble",
                format!(
                    "experiment = \"scaled-dot-product\" has Gaussian patterns, not {ensemble:?}; \
                     set \"gaussian\""
                ),
            ));
        }
        let crossover = Crossover::from_sections(validator)?;
        Ok((Box::new(Self { crossover }), validator.scaled_loads()?))
    }
}

impl Experiment for ScaledDotProduct {
    fn name(&self) -> &'static str {
        "scaled-dot-product"
    }

    fn settings(&self) -> Settings {
        self.crossover.settings()
    }

    fn batch(&self) -> usize {
        self.crossover.batch()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        self.crossover.measure(sample)
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let root = (task.size as f64).sqrt();
        let scaled: Vec<f64> = censored_as_infinite(&column(records, "lambda_crossover"))
            .into_iter()
            .map(|lambda| root * lambda)
            .collect();
        let mut quantities = vec![
            reduce::mean(task, "scaled_crossover", &scaled),
            reduce::median(task, "scaled_crossover_median", &scaled),
        ];
        quantities.extend(self.crossover.quantities(task, records));
        let coordinates: BTreeMap<String, f64> = task
            .parameter("scaled_alpha")
            .map(|value| ("scaled_alpha".to_owned(), value))
            .into_iter()
            .collect();
        quantities
            .into_iter()
            .map(|quantity| Quantity {
                coordinates: coordinates.clone(),
                ..quantity
            })
            .collect()
    }

    /// The inverse of α̂₁ at this N, whose own limit is α̂, and the median at finite N.
    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        let Some(name) = quantity.name.strip_prefix("scaled_") else {
            return self.crossover.predict(task, quantity);
        };
        let size = task.size as f64;
        let unscaled = Quantity {
            name: format!("lambda_{name}"),
            ..quantity.clone()
        };
        let unscaled = self.crossover.predict(task, &unscaled);
        let scaled = |lambda: f64| size.sqrt() * lambda;
        Prediction {
            infinite_size: task
                .parameter("scaled_alpha")
                .and_then(|load| scaled_typical_inverse_temperature(load, size).ok()),
            finite_size: unscaled.finite_size.map(scaled),
            finite_size_error: unscaled.finite_size_error.map(scaled),
        }
    }
}
