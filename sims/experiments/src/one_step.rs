//! The crossover of the first update alone, next to that of the dynamics at several step sizes.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Needs, Sample, SampledTheory};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, censored_as_infinite, column, grid_column};
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_runs::view::{
    self, Arrangement, AxisView, CurveView, Data, Grid, LineView, Look, PanelView, Part, Pass,
    Picture, PointsView, Row, Stroke, Sweep, View, exact, short_number,
};
use std::collections::BTreeMap;
use std::sync::Arc;

use dam_theory::Structure;
use dam_theory::finite_size::{
    AxisNoise, CollinearMap, Estimate, GaussianNoise, GaussianNormLaw,
    gaussian_asymptotic_crossover, rademacher_asymptotic_crossover, spherical_asymptotic_crossover,
};

use crate::crossover::{
    self, Crossover, UNDECIDED, headline_quantity, typical_inverse_temperature,
};
use crate::shared::curves::zero;
use dam_memory::attention::AttentionMemory;
use dam_memory::dynamics::{GradientDescent, Retriever};
use dam_memory::kernel::Workspace;
use dam_memory::memory::Memory;
use dam_runs::swept::{ALPHA, SIZE, Swept};
use dam_runs::view::axes;

/// η.
const STEP_SIZE: Swept = Swept {
    name: "step_size",
    about: "step sizes η, 0 < η ≤ 1, all in every task",
    example: "[0.5, 1]",
};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "one-step",
    about: "the crossover of the first update alone, beside that of the dynamics at several step sizes",
    sections: crossover::SECTIONS,
    sweep: &[ALPHA, SIZE, STEP_SIZE],
    read: OneStep::configure,
};

/// For each disorder sample, the λ at which the weight of ξ¹ at x₀ = ξ¹ is ½,
///
/// ```text
/// λ|ξ¹|² = ln Σ_{μ≥2} e^{λ ξ¹·ξ^μ},
/// ```
///
/// and λ_× of gradient descent from there at each step size η of the sweep. The same patterns
/// serve all of them, so their differences are free of disorder: the feedback of the state
/// moves the crossover by (ln N)/N, the step size does not move it.
#[derive(Clone, Debug)]
pub struct OneStep {
    /// The search for λ_×, at the first of the step sizes.
    pub crossover: Crossover,
    /// The descent, whatever its step size.
    pub descent: GradientDescent,
    /// η, each in (0, 1]; differences are taken to the first.
    pub step_sizes: Vec<f64>,
}

impl OneStep {
    /// Sections `[memory]`, `[dynamics]` (without a step size) and `[crossover]`; sweeps `alpha` and `size`,
    /// with the grid `step_size` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let step_sizes = draft.grid("step_size")?;
        for &step_size in &step_sizes {
            draft.step_size("sweep", step_size)?;
        }
        let descent = draft.descent()?;
        if descent.step_size != 1.0 {
            return Err(draft.error(
                "dynamics",
                "step_size",
                "this experiment takes its step sizes from sweep.step_size; delete this key"
                    .to_owned(),
            ));
        }
        let crossover = at_step_size(&Crossover::from_sections(draft)?, descent, step_sizes[0]);
        draft.reveals_with(&crossover.retriever);
        let mut points = draft.exponential_loads()?;
        for point in &mut points {
            point
                .parameters
                .insert("step_size".to_owned(), step_sizes.clone());
        }
        let experiment = Self {
            crossover,
            descent,
            step_sizes,
        };
        Ok((Box::new(experiment), points))
    }
}

/// The same search with steps of another size.
fn at_step_size(crossover: &Crossover, descent: GradientDescent, step_size: f64) -> Crossover {
    let descent = GradientDescent {
        step_size,
        ..descent
    };
    let retriever = Retriever {
        dynamics: Arc::new(descent),
        ..crossover.retriever.clone()
    };
    Crossover {
        retriever,
        ..crossover.clone()
    }
}

impl OneStep {
    /// The λ at which the weight of ξ¹ at x₀ = ξ¹ rises through ½; `None` where it does not up to the largest λ of the
    /// search.
    fn first_update(&self, sample: &Sample<'_>) -> Option<f64> {
        let crossover = &self.crossover;
        if crossover.retriever.composition.is_attention() && sample.revealed.is_none() {
            return one_step_crossover(sample.memory);
        }
        let memory = sample.memory_of(&crossover.retriever);
        bisected_crossover(memory.as_ref(), crossover.tolerance, crossover.maximum)
    }
}

/// [`one_step_crossover`] of any memory: the middle of a bracket no wider than the tolerance.
fn bisected_crossover(memory: &dyn Memory, tolerance: f64, maximum: f64) -> Option<f64> {
    let target = memory.pattern(0);
    let mut workspace = Workspace::default();
    let mut is_retrieved = |lambda: f64| {
        let (_, outcome) = memory.pass_state(&mut workspace, &target, lambda);
        outcome.target_weight > 0.5
    };
    let (mut low, mut high) = (0.0, tolerance.min(maximum));
    while !is_retrieved(high) {
        if high >= maximum {
            return None;
        }
        (low, high) = (high, (2.0 * high).min(maximum));
    }
    while high - low > tolerance {
        let middle = f64::midpoint(low, high);
        if is_retrieved(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

/// The λ at which the weight of ξ¹ at x₀ = ξ¹ rises through ½; `None` where it never does.
///
/// The log-odds h(λ) = λ|ξ¹|² − ln Σ_{μ≥2} e^{λ ξ¹·ξ^μ} are concave, so each tangent meets zero
/// below the root: Newton's steps from λ = 0 rise to it.
fn one_step_crossover(memory: &AttentionMemory) -> Option<f64> {
    let size = memory.size() as f64;
    let target = memory.pattern(0);
    let mut products: Vec<f64> = memory
        .overlaps(&target)
        .into_iter()
        .map(|overlap| size * overlap)
        .collect();
    let squared_norm = products.remove(0);
    let nearest = products.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if nearest == squared_norm {
        // the weights of equals stay equal
        return None;
    }
    let mut lambda = 0.0;
    loop {
        let (mut sum, mut moment) = (0.0, 0.0);
        for product in &products {
            let weight = (lambda * (product - nearest)).exp();
            sum += weight;
            moment += weight * product;
        }
        let log_odds = lambda * (squared_norm - nearest) - sum.ln();
        let slope = squared_norm - moment / sum;
        if log_odds >= 0.0 {
            return Some(lambda);
        }
        // the log-odds fall from here on
        if slope <= 0.0 {
            return None;
        }
        let next = lambda - log_odds / slope;
        if next - lambda <= f64::EPSILON * next {
            return Some(next);
        }
        if !next.is_finite() {
            return None;
        }
        lambda = next;
    }
}

impl Experiment for OneStep {
    fn settings(&self) -> Settings {
        let mut settings = self.crossover.settings();
        // the tasks hold the step sizes
        settings.remove("dynamics.step_size");
        settings
    }

    fn needs(&self, size: usize) -> Needs {
        let mut needs = self.crossover.needs(size);
        needs.bytes_per_pattern += 2 * size_of::<f64>();
        needs
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let at_step_size: Vec<Record> = self
            .step_sizes
            .iter()
            .map(|&step_size| {
                at_step_size(&self.crossover, self.descent, step_size).measure(sample)
            })
            .collect();
        let mut record: Record = ["lambda_crossover", "non_monotone", "unconverged", "updates"]
            .into_iter()
            .map(|name| {
                let values = column(&at_step_size, name);
                (name.to_owned(), Measurement::List(values))
            })
            .collect();
        let undecided = column(&at_step_size, UNDECIDED);
        if undecided.iter().any(Option::is_some) {
            record.insert(UNDECIDED.to_owned(), Measurement::List(undecided));
        }
        let numbers = [
            ("one_step_crossover", self.first_update(sample)),
            ("squared_norm", Some(sample.memory.squared_norm(0))),
        ];
        record.extend(numbers.map(|(name, value)| (name.to_owned(), Measurement::Number(value))));
        record
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let one_step = column(records, "one_step_crossover");
        let values = censored_as_infinite(&one_step);
        let mut quantities = vec![
            reduce::mean("one_step_crossover", &values),
            reduce::median(task, "one_step_crossover_median", &values),
        ];
        let crossovers = |position| grid_column(records, "lambda_crossover", position);
        let first = crossovers(0);
        // over the samples that have both
        let difference = |left: &[Option<f64>], right: &[Option<f64>]| -> Vec<f64> {
            let pairs = left.iter().zip(right);
            pairs
                .filter_map(|(left, right)| Some((*left)? - (*right)?))
                .collect()
        };
        for (position, &step_size) in self.step_sizes.iter().enumerate() {
            let at_step_size = crossovers(position);
            let values = censored_as_infinite(&at_step_size);
            let flags = |name| {
                let values = reduce::present(&grid_column(records, name, position));
                values
                    .into_iter()
                    .map(|value| value != 0.0)
                    .collect::<Vec<_>>()
            };
            let unconverged = crossover::unconverged(|name| grid_column(records, name, position));
            let caveats = self.crossover.caveats(&at_step_size, unconverged);
            let under = |quantity: Quantity| caveats.iter().fold(quantity, Quantity::under);
            let shift = difference(&at_step_size, &one_step);
            let mut found = vec![
                under(reduce::mean("lambda_crossover", &values)),
                under(reduce::median(task, "lambda_crossover_median", &values)),
                under(reduce::mean("feedback_shift", &shift)),
                reduce::probability("non_monotone", &flags("non_monotone")),
                reduce::probability("unconverged", &flags("unconverged")),
            ];
            if position > 0 {
                let difference = difference(&at_step_size, &first);
                found.push(under(reduce::mean(DIFFERENCE, &difference)));
            }
            quantities.extend(found.into_iter().map(|quantity| Quantity {
                coordinates: BTreeMap::from([("step_size".to_owned(), step_size)]),
                ..quantity
            }));
        }
        quantities
    }

    fn resolution(&self, quantity: &Quantity) -> Option<f64> {
        let names = ["lambda_crossover", "one_step_crossover"];
        let is_searched = names.iter().any(|name| quantity.name.starts_with(name));
        is_searched.then_some(self.crossover.tolerance)
    }

    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        self.crossover.sampled_theory(task)
    }

    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        let is_known = self.crossover.retriever.is_attention_descent();
        match quantity {
            "one_step_crossover" | "one_step_crossover_median" | "feedback_shift" if !is_known => {
                Prediction::default()
            }
            "one_step_crossover" | "one_step_crossover_median" => Prediction {
                infinite_size: typical_inverse_temperature(&self.crossover.retriever, at),
                ..finite_size_one_step(at, quantity == "one_step_crossover").into()
            },
            "feedback_shift" => {
                let crossover = self.crossover.predict(at, "lambda_crossover");
                let value = crossover.finite_size.zip(finite_size_one_step(at, true));
                let shift = value.map(|(crossover_value, one_step)| Estimate {
                    value: crossover_value - one_step.value,
                    error: crossover.finite_size_error.unwrap_or(0.0) + one_step.error,
                });
                Prediction {
                    infinite_size: crossover.infinite_size.map(|_| 0.0),
                    ..shift.into()
                }
            }
            DIFFERENCE => Prediction {
                infinite_size: Some(0.0),
                finite_size: Some(0.0),
                ..Prediction::default()
            },
            _ => self.crossover.predict(at, quantity),
        }
    }

    /// The crossovers against 1/N, means where |ξ|² = N and medians elsewhere; the dynamics at the first step size, and the differences
    /// that the others make.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let reference = self.step_sizes[0];
        let is_mean = sweep.ensemble.has_fixed_norm();
        let one_step = if is_mean {
            "one_step_crossover"
        } else {
            "one_step_crossover_median"
        };
        let at_reference = move |row: &Row<'_>| row.coordinate("step_size") == Some(reference);
        let data = vec![
            Data::new(headline_quantity(sweep.ensemble)).only(at_reference),
            Data::new(one_step),
        ];
        let points = |data, name, marker| {
            Part::Points(PointsView {
                data,
                name,
                marker: Some(marker),
                ..PointsView::default()
            })
        };
        let measured = vec![points(0, "dynamics", 1), points(1, "first update", 0)];
        let panel = PanelView::new(
            axes::inverse_size(),
            AxisView::new(axes::CROSSOVER),
            data,
            vec![
                Pass::new(
                    vec![view::load()],
                    theory(&self.crossover.retriever, is_mean),
                ),
                Pass::new(vec![view::load()], measured),
            ],
        );
        let step_size = move |row: &Row<'_>| {
            let step_size = row
                .coordinate("step_size")
                .filter(|&size| size != reference)?;
            let [step_size, reference] = [step_size, reference].map(short_number);
            Some(format!("η = {step_size}, η_{{0}} = {reference}"))
        };
        let differences = PanelView::new(
            axes::inverse_size(),
            AxisView::new("λ_{×}(η) − λ_{×}(η_{0})"),
            vec![Data::new(DIFFERENCE)],
            vec![
                Pass::new(Vec::new(), vec![Part::Level(zero())]),
                Pass::new(
                    vec![view::load(), Box::new(step_size)],
                    vec![view::points()],
                ),
            ],
        );
        let panels = vec![panel, differences];
        let panels = Picture::Panels(panels, Arrangement::Stacked, None);
        vec![View::new(KIND.name, sweep.title(), panels)]
    }
}

/// The difference that a step size makes, sample by sample.
const DIFFERENCE: &str = "step_size_difference";

/// The common limit, both finite-N theories, and the one-step crossover to order 1/N.
fn theory(retriever: &Retriever, is_mean: bool) -> Vec<Part<'_>> {
    let curve = |name, stroke, theory| {
        CurveView::new(name, Look::new(stroke, 2.0), Grid::TowardsInfinity, theory)
    };
    let dashed = Look::new(Stroke::Dashed, 2.0);
    // Theory at N knows attention only.
    let attention = move |theory: fn(&Place<'_>) -> Option<f64>| {
        exact(move |at| theory(at).filter(|_| retriever.is_attention_descent()))
    };
    let limit = exact(|at| typical_inverse_temperature(retriever, at));
    let dynamics = attention(|at| Some(averaged_map(at)?.crossover().ok()??.inverse_temperature));
    let one_step = attention(if is_mean {
        |at| Some(finite_size_one_step(at, true)?.value)
    } else {
        |at| Some(finite_size_one_step(at, false)?.value)
    });
    vec![
        Part::Level(LineView::new("N = ∞", dashed, limit, "λ_{1}(α), N = ∞")),
        curve("dynamics, finite-N theory", Stroke::Solid, dynamics)
            .explained("finite-N theory")
            .part(),
        curve("first update, finite-N theory", Stroke::Solid, one_step)
            .explained("finite-N theory")
            .part(),
        curve(
            "first update to order 1/N",
            Stroke::Dotted,
            attention(expansion),
        )
        .part(),
    ]
}

/// The one-step crossover with the average noise: one value where |ξ¹|² = N, the median over
/// |ξ¹|² of Gaussian targets, with which it falls.
fn finite_size_one_step(at: &Place<'_>, is_mean: bool) -> Option<Estimate> {
    if is_mean && !at.task.has_fixed_norm() {
        return None;
    }
    let map = averaged_map(at)?;
    let value = map.one_step_crossover().ok()??;
    Some(Estimate {
        value,
        error: map.one_step_error(value).ok()?,
    })
}

/// The map of the typical target; at the median norm where the norm fluctuates.
fn averaged_map(at: &Place<'_>) -> Option<CollinearMap<AxisNoise>> {
    let ensemble = at.theory()?;
    let noise = match ensemble.structure() {
        Structure::Normal => {
            let norm = GaussianNormLaw::new(at.size).ok()?.quantile(0.5).ok()?;
            AxisNoise::Normal(GaussianNoise::new(at.size, norm).ok()?)
        }
        Structure::Sphere | Structure::Signs => AxisNoise::of(ensemble.as_ref(), at.size).ok()?,
        Structure::Components(_) | Structure::Covariance(_) => return None,
    };
    Some(CollinearMap::new(noise, at.patterns()?))
}

/// The one-step crossover to order 1/N.
fn expansion(at: &Place<'_>) -> Option<f64> {
    let (load, size) = (at.load, at.size);
    let found = match at.theory()?.structure() {
        Structure::Sphere => spherical_asymptotic_crossover(load, size),
        Structure::Normal => {
            let norm = GaussianNormLaw::new(size).ok()?.quantile(0.5).ok()?;
            gaussian_asymptotic_crossover(load, size, norm)
        }
        Structure::Signs => rademacher_asymptotic_crossover(load, size),
        Structure::Components(_) | Structure::Covariance(_) => return None,
    };
    Some(found.ok()?.one_step)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use dam_memory::patterns::Patterns;

    fn memory(size: usize, rows: Vec<f64>) -> AttentionMemory {
        AttentionMemory::from(Patterns::from_rows(size, rows))
    }

    #[test]
    fn the_weight_is_one_half_at_the_root() {
        let rows = vec![1.0, 0.0, 0.0, 1.0, 0.6, 0.8, -1.0, 0.0, 0.8, -0.6];
        let memory = memory(2, rows);
        let lambda = one_step_crossover(&memory).unwrap();
        let weight = memory.weights(&[1.0, 0.0], lambda)[0];
        assert!((weight - 0.5).abs() < 1e-14, "{weight}");
    }

    #[test]
    fn a_single_rival_has_no_weight_to_lose_and_a_longer_one_wins() {
        let alone = memory(2, vec![1.0, 0.0, 0.0, 1.0]);
        assert_eq!(one_step_crossover(&alone), Some(0.0));
        let longer = memory(2, vec![1.0, 0.0, 2.0, 0.0, 0.0, 1.0]);
        assert_eq!(one_step_crossover(&longer), None);
        let twin = memory(2, vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
        assert_eq!(one_step_crossover(&twin), None);
    }
}
