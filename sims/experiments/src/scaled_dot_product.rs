//! The retrieval crossover in the scaling of attention, λ = λ̂/√N and ln P = α̂√N.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample, SampledTheory};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Record, censored_as_infinite, column};
use dam_runs::reduce;
use dam_runs::task::Task;
use std::collections::BTreeMap;

use dam_theory::Structure;
use dam_theory::finite_size::scaled_dot_product::scaled_typical_inverse_temperature;

use crate::crossover::Crossover;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "scaled-dot-product",
    about: "the crossover in the scaling of attention, λ = λ̂/√N, ln P = α̂√N",
    sections: &["crossover"],
    read: ScaledDotProduct::configure,
};

/// λ̂_× = √N λ_× of Gaussian patterns from x₀ = ξ¹, for P = round(e^{α̂√N}) (LM24, scaled dot
/// product): the crossover of [`Crossover`] in the units of attention.
#[derive(Clone, Copy, Debug)]
pub struct ScaledDotProduct {
    /// The search for λ_×; its tolerance is one of λ, so that of λ̂ is √N larger.
    pub crossover: Crossover,
}

impl ScaledDotProduct {
    /// Sections `[dynamics]` and `[crossover]`; sweeps `scaled_alpha` (α̂) and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["scaled_alpha", "size"])?;
        let patterns = &draft.ensemble()?.0;
        let (ensemble, theory) = (patterns.name(), patterns.theory());
        if !theory.is_some_and(|theory| matches!(theory.structure(), Structure::Normal)) {
            return Err(draft.error(
                "patterns",
                "ensemble",
                format!(
                    "experiment = \"scaled-dot-product\" has Gaussian patterns, not {ensemble:?}; \
                     set \"gaussian\""
                ),
            ));
        }
        let crossover = Crossover::from_sections(draft)?;
        Ok((Box::new(Self { crossover }), draft.scaled_loads()?))
    }
}

impl Experiment for ScaledDotProduct {
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
    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        self.crossover.sampled_theory(task)
    }

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
