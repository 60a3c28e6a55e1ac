//! The retrieval crossover in the scaling of attention, λ = λ̂/√N and ln P = α̂√N.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Needs, Sample, SampledTheory, at_size};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Record, censored_as_infinite, column};
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_runs::view::{
    self, AxisView, CurveView, Data, Grid, LineView, Look, PanelView, Part, Pass, Stroke, Sweep,
    View, exact,
};
use std::collections::BTreeMap;

use dam_theory::finite_size::scaled_dot_product::{
    scaled_all_patterns_inverse_temperature, scaled_typical_inverse_temperature,
};
use dam_theory::{Structure, TheoryError};

use crate::crossover::{self, Crossover};
use dam_runs::swept::{SIZE, Swept};
use dam_runs::view::axes;

/// α̂.
const SCALED_ALPHA: Swept = Swept {
    name: "scaled_alpha",
    about: "load α̂ of M = e^{α̂√N} patterns",
    example: "[0.5, 1]",
};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "scaled-dot-product",
    about: "the crossover in the scaling of attention, λ = λ̂/√N, ln P = α̂√N",
    sections: crossover::SECTIONS,
    sweep: &[SCALED_ALPHA, SIZE],
    read: ScaledDotProduct::configure,
};

/// λ̂_× = √N λ_× of Gaussian patterns from x₀ = ξ¹, for P = round(e^{α̂√N}) (LM24, scaled dot
/// product): the crossover of [`Crossover`] in the units of attention.
#[derive(Clone, Debug)]
pub struct ScaledDotProduct {
    /// The search for λ_×; its tolerance is one of λ, so that of λ̂ is √N larger.
    pub crossover: Crossover,
}

impl ScaledDotProduct {
    /// Sections `[memory]`, `[dynamics]` and `[crossover]`; sweeps `scaled_alpha` (α̂) and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
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

    fn needs(&self, size: usize) -> Needs {
        self.crossover.needs(size)
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        self.crossover.measure(sample)
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let root = (task.size as f64).sqrt();
        let crossovers = column(records, "lambda_crossover");
        let unconverged = crossover::unconverged(|name| column(records, name));
        let caveats = self.crossover.caveats(&crossovers, unconverged);
        let under = |quantity: Quantity| caveats.iter().fold(quantity, Quantity::under);
        let scaled: Vec<f64> = censored_as_infinite(&crossovers)
            .into_iter()
            .map(|lambda| root * lambda)
            .collect();
        let mut quantities = vec![
            under(reduce::mean("scaled_crossover", &scaled)),
            under(reduce::median(task, MEDIAN, &scaled)),
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

    fn resolution(&self, quantity: &Quantity) -> Option<f64> {
        self.crossover.resolution(quantity)
    }

    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        self.crossover.sampled_theory(task)
    }

    /// The inverse of α̂₁ at this N, whose own limit is α̂, and the median at finite N.
    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        let unscaled = match quantity {
            "scaled_crossover" => "lambda_crossover",
            MEDIAN => "lambda_crossover_median",
            _ => return self.crossover.predict(at, quantity),
        };
        if !self.crossover.retriever.is_attention_descent() {
            return Prediction::default();
        }
        let unscaled = self.crossover.predict(at, unscaled);
        let scaled = |lambda: f64| at.size.sqrt() * lambda;
        Prediction {
            infinite_size: scaled_load(at)
                .and_then(|load| scaled_typical_inverse_temperature(load, at.size).ok()),
            finite_size: unscaled.finite_size.map(scaled),
            finite_size_error: unscaled.finite_size_error.map(scaled),
        }
    }

    /// The median of λ̂_× against N, a colour per α̂, with both thresholds and their common limit λ̂ = α̂.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let key = || view::parameter("scaled_alpha", "√N α");
        let curve = |name, stroke, theory| {
            let grid = Grid::Sizes(Some(LARGEST_CURVE_SIZE));
            CurveView::new(name, Look::new(stroke, 2.0), grid, theory).part()
        };
        let of_load = |threshold: fn(f64, f64) -> Result<f64, TheoryError>| {
            exact(move |at| threshold(scaled_load(at)?, at.size).ok())
        };
        let dotted = Look::new(Stroke::Dotted, 2.0);
        let parts = vec![
            Part::Level(LineView::new("N = ∞", dotted, exact(scaled_load), "N = ∞")),
            curve(
                "all patterns, α_{c}^{lb}",
                Stroke::DashDot,
                of_load(scaled_all_patterns_inverse_temperature),
            ),
            curve(
                "typical pattern, α_{1}",
                Stroke::Dashed,
                of_load(scaled_typical_inverse_temperature),
            ),
            curve(
                "crossover, finite-N theory",
                Stroke::Solid,
                at_size(self, MEDIAN),
            ),
            view::points(),
        ];
        let panel = PanelView::new(
            axes::size(),
            AxisView::new("scaled inverse temperature √N λ"),
            vec![Data::new(MEDIAN)],
            vec![Pass::new(vec![key()], parts)],
        );
        let title = format!("{} at fixed √N α", sweep.title());
        vec![View::of(KIND.name, panel.titled(title))]
    }
}

const MEDIAN: &str = "scaled_crossover_median";
/// The curves end at this N, where the thresholds have nearly merged.
const LARGEST_CURVE_SIZE: f64 = 1e6;

/// α̂.
fn scaled_load(at: &Place<'_>) -> Option<f64> {
    at.task.parameter("scaled_alpha")
}
