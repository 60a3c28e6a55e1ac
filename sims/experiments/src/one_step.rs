//! The crossover of the first update alone, next to that of the dynamics at several step sizes.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample, SampledTheory};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, censored_as_infinite, column, grid_column};
use dam_runs::reduce;
use dam_runs::task::Task;
use std::collections::BTreeMap;

use dam_theory::Structure;
use dam_theory::finite_size::{
    AxisNoise, CollinearMap, GaussianNoise, GaussianNormLaw, PatternCount,
};

use crate::crossover::Crossover;
use crate::crossover::typical_inverse_temperature;
use dam_memory::attention::Memory;
use dam_memory::dynamics::GradientDescent;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "one-step",
    about: "the crossover of the first update alone, beside that of the dynamics at several step sizes",
    sections: &["crossover"],
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
    /// η, each in (0, 1]; differences are taken to the first.
    pub step_sizes: Vec<f64>,
}

impl OneStep {
    /// Sections `[dynamics]` (without a step size) and `[crossover]`; sweeps `alpha` and `size`,
    /// with the grid `step_size` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["alpha", "size", "step_size"])?;
        let step_sizes = draft.grid("step_size")?;
        for &step_size in &step_sizes {
            draft.step_size("sweep", step_size)?;
        }
        let mut crossover = Crossover::from_sections(draft)?;
        if crossover.descent.step_size != 1.0 {
            return Err(draft.error(
                "dynamics",
                "step_size",
                "this experiment takes its step sizes from sweep.step_size; delete this key"
                    .to_owned(),
            ));
        }
        crossover.descent.step_size = step_sizes[0];
        let mut points = draft.exponential_loads()?;
        for point in &mut points {
            point
                .parameters
                .insert("step_size".to_owned(), step_sizes.clone());
        }
        let experiment = Self {
            crossover,
            step_sizes,
        };
        Ok((Box::new(experiment), points))
    }
}

/// The λ at which the weight of ξ¹ at x₀ = ξ¹ rises through ½; `None` where it never does.
///
/// The log-odds h(λ) = λ|ξ¹|² − ln Σ_{μ≥2} e^{λ ξ¹·ξ^μ} are concave, so each tangent meets zero
/// below the root: Newton's steps from λ = 0 rise to it.
fn one_step_crossover(memory: &Memory) -> Option<f64> {
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

    fn batch(&self) -> usize {
        self.crossover.batch()
    }

    fn bytes_per_pattern(&self, _size: usize) -> usize {
        2 * size_of::<f64>()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let at_step_size: Vec<Record> = self
            .step_sizes
            .iter()
            .map(|&step_size| {
                let descent = GradientDescent {
                    step_size,
                    ..self.crossover.descent
                };
                Crossover {
                    descent,
                    ..self.crossover
                }
                .measure(sample)
            })
            .collect();
        let mut record: Record = ["lambda_crossover", "non_monotone", "unconverged", "updates"]
            .into_iter()
            .map(|name| {
                let values = column(&at_step_size, name);
                (name.to_owned(), Measurement::List(values))
            })
            .collect();
        let numbers = [
            ("one_step_crossover", one_step_crossover(sample.memory)),
            ("squared_norm", Some(sample.memory.squared_norm(0))),
        ];
        record.extend(numbers.map(|(name, value)| (name.to_owned(), Measurement::Number(value))));
        record
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let one_step = column(records, "one_step_crossover");
        let values = censored_as_infinite(&one_step);
        let mut quantities = vec![
            reduce::mean(task, "one_step_crossover", &values),
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
            let shift = difference(&at_step_size, &one_step);
            let mut found = vec![
                reduce::mean(task, "lambda_crossover", &values),
                reduce::median(task, "lambda_crossover_median", &values),
                reduce::mean(task, "feedback_shift", &shift),
                reduce::probability("non_monotone", &flags("non_monotone")),
                reduce::probability("unconverged", &flags("unconverged")),
            ];
            if position > 0 {
                let difference = difference(&at_step_size, &first);
                found.push(reduce::mean(task, "step_size_difference", &difference));
            }
            quantities.extend(found.into_iter().map(|quantity| Quantity {
                coordinates: BTreeMap::from([("step_size".to_owned(), step_size)]),
                ..quantity
            }));
        }
        quantities
    }

    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        self.crossover.sampled_theory(task)
    }

    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        match quantity.name.as_str() {
            "one_step_crossover" | "one_step_crossover_median" => Prediction {
                infinite_size: typical_inverse_temperature(task),
                finite_size: finite_size_one_step(task, quantity.name == "one_step_crossover"),
                ..Prediction::default()
            },
            "feedback_shift" => {
                let crossover = Quantity {
                    name: "lambda_crossover".to_owned(),
                    ..quantity.clone()
                };
                let crossover = self.crossover.predict(task, &crossover);
                Prediction {
                    infinite_size: crossover.infinite_size.map(|_| 0.0),
                    finite_size: crossover
                        .finite_size
                        .zip(finite_size_one_step(task, true))
                        .map(|(crossover, one_step)| crossover - one_step),
                    ..Prediction::default()
                }
            }
            "step_size_difference" => Prediction {
                infinite_size: Some(0.0),
                finite_size: Some(0.0),
                ..Prediction::default()
            },
            _ => self.crossover.predict(task, quantity),
        }
    }
}

/// The one-step crossover with the average noise: one value where |ξ¹|² = N, the median over
/// |ξ¹|² of Gaussian targets, with which it falls.
fn finite_size_one_step(task: &Task, is_mean: bool) -> Option<f64> {
    let size = task.size as f64;
    let patterns = PatternCount::from_count(task.pattern_count as f64).ok()?;
    let ensemble = task.theory()?;
    let found = match ensemble.structure() {
        Structure::Normal if is_mean => return None,
        Structure::Normal => GaussianNormLaw::new(size)
            .and_then(|law| law.quantile(0.5))
            .and_then(|norm| GaussianNoise::new(size, norm))
            .and_then(|noise| CollinearMap::new(noise, patterns).one_step_crossover()),
        Structure::Sphere | Structure::Signs => AxisNoise::of(ensemble.as_ref(), size)
            .and_then(|noise| CollinearMap::new(noise, patterns).one_step_crossover()),
        Structure::Components(_) | Structure::Covariance(_) => return None,
    };
    found.ok()?
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use dam_memory::patterns::Patterns;

    fn memory(size: usize, rows: Vec<f64>) -> Memory {
        Memory::from(Patterns::from_rows(size, rows))
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
