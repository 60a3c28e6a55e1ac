//! The probability that a stored pattern is retrieved, on a grid of λ.

use crate::shared::settings::descent_settings;
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::{Prediction, Quantity, at_lambda};
use dam_runs::record::{Measurement, Record, flag, grid_column, grid_flags, list};
use dam_runs::reduce;
use dam_runs::task::Task;
use std::collections::BTreeMap;

use dam_theory::finite_size::{
    AxisNoise, CollinearMap, PatternCount, crossover_deviation, retrieval_probability,
};
use dam_theory::{Ensemble, NormLaw};
use serde_json::json;

use crate::crossover::{finite_size_crossover, typical_inverse_temperature};
use dam_memory::attention::dot;
use dam_memory::dynamics::criterion::{Criterion, relative_squared_distance};
use dam_memory::dynamics::{GradientDescent, Moment, Start, StopReason};
use dam_statistics::{LogisticFit, RetrievalCount, StatisticsError};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "retrieval",
    about: "success probability on a λ grid; final overlap, distance and norm; trajectories on request",
    sections: &[],
    read: Retrieval::configure,
};

/// Starts at ξ¹ for every λ of a grid and asks whether the fixed point retrieves it.
///
/// All λ of one disorder sample share each pass over its patterns.
#[derive(Clone, Debug)]
pub struct Retrieval {
    /// The dynamics.
    pub descent: GradientDescent,
    /// What counts as retrieval.
    pub criterion: Criterion,
    /// The λ grid.
    pub inverse_temperatures: Vec<f64>,
    /// The trajectories of this many samples of each task are recorded.
    pub recorded_samples: usize,
}

/// The columns of a recorded trajectory.
const TRAJECTORY_COLUMNS: [&str; 7] = [
    "trajectory_lambda",
    "trajectory_step",
    "trajectory_energy",
    "trajectory_overlap",
    "trajectory_squared_norm",
    "trajectory_target_weight",
    "trajectory_gradient_norm",
];

impl Retrieval {
    /// Section `[dynamics]`; sweeps `alpha` and `size`, with the grid `lambda` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["alpha", "size", "lambda"])?;
        let (descent, criterion) = draft.dynamics()?;
        let (inverse_temperatures, points) = draft.exponential_loads_with("lambda")?;
        let recorded_samples = draft.recorded_samples();
        let experiment = Self {
            descent,
            criterion,
            inverse_temperatures,
            recorded_samples,
        };
        Ok((Box::new(experiment), points))
    }
}

impl Experiment for Retrieval {
    fn settings(&self) -> Settings {
        let mut settings = descent_settings(&self.descent, self.criterion);
        settings.insert(
            "dynamics.recorded_samples".to_owned(),
            json!(self.recorded_samples),
        );
        settings
    }

    fn batch(&self) -> usize {
        self.inverse_temperatures.len()
    }

    fn trajectory_columns(&self) -> &'static [&'static str] {
        &TRAJECTORY_COLUMNS
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let memory = sample.memory;
        let target = memory.pattern(0);
        let starts: Vec<Start> = self
            .inverse_temperatures
            .iter()
            .map(|&inverse_temperature| Start {
                state: target.clone(),
                inverse_temperature,
                target: 0,
            })
            .collect();
        let mut moments: Vec<Moment> = Vec::new();
        let arrivals = if sample.index < self.recorded_samples {
            let mut keep = |moment| moments.push(moment);
            self.descent.descend_recorded(memory, &starts, &mut keep)
        } else {
            self.descent.descend(memory, &starts)
        };
        moments.sort_by_key(|moment| (moment.start, moment.step));

        let size = memory.size() as f64;
        let per_lambda = |value: &dyn Fn(&dam_memory::dynamics::Arrival) -> f64| {
            list(arrivals.iter().map(value))
        };
        let mut record = BTreeMap::from([
            (
                "retrieved".to_owned(),
                per_lambda(&|arrival| flag(self.criterion.is_retrieved(arrival, &target))),
            ),
            (
                "overlap".to_owned(),
                per_lambda(&|arrival| dot(&arrival.state, &target) / size),
            ),
            (
                "squared_norm".to_owned(),
                per_lambda(&|arrival| dot(&arrival.state, &arrival.state) / size),
            ),
            (
                "distance".to_owned(),
                per_lambda(&|arrival| relative_squared_distance(&arrival.state, &target)),
            ),
            (
                "steps".to_owned(),
                per_lambda(&|arrival| arrival.steps as f64),
            ),
            (
                "unconverged".to_owned(),
                per_lambda(&|arrival| flag(arrival.reason == StopReason::MaxSteps)),
            ),
            (
                "target_squared_norm".to_owned(),
                Measurement::Number(Some(memory.squared_norm(0))),
            ),
        ]);
        if !moments.is_empty() {
            let values: [&dyn Fn(&Moment) -> f64; 7] = [
                &|moment| self.inverse_temperatures[moment.start],
                &|moment| moment.step as f64,
                &|moment| moment.energy,
                &|moment| moment.overlap,
                &|moment| moment.squared_norm,
                &|moment| moment.target_weight,
                &|moment| moment.gradient_norm,
            ];
            for (name, value) in TRAJECTORY_COLUMNS.iter().zip(values) {
                record.insert((*name).to_owned(), list(moments.iter().map(value)));
            }
        }
        record
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for (position, &lambda) in self.inverse_temperatures.iter().enumerate() {
            let values = |name| reduce::present(&grid_column(records, name, position));
            let flags = |name| grid_flags(records, name, position);
            let measured = [
                reduce::probability("retrieval_probability", &flags("retrieved")),
                reduce::mean(task, "overlap", &values("overlap")),
                reduce::mean(task, "squared_norm", &values("squared_norm")),
                reduce::mean(task, "distance", &values("distance")),
                reduce::mean(task, "steps", &values("steps")),
                reduce::probability("unconverged", &flags("unconverged")),
            ];
            quantities.extend(at_lambda(lambda, measured));
        }
        quantities.extend(self.logistic_curve(task, records));
        quantities
    }

    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        let patterns = PatternCount::from_count(task.pattern_count as f64).ok();
        let size = task.size as f64;
        let lambda = quantity.coordinates.get("lambda");
        match (quantity.name.as_str(), lambda) {
            (HALF, None) => Prediction {
                infinite_size: typical_inverse_temperature(task),
                finite_size: finite_size_crossover(task),
                ..Prediction::default()
            },
            (WIDTH, None) => Prediction {
                infinite_size: Some(0.0),
                finite_size: patterns
                    .and_then(|patterns| width(task.theory()?.as_ref(), patterns, size)),
                ..Prediction::default()
            },
            ("retrieval_probability", Some(&lambda)) => Prediction {
                infinite_size: task
                    .theory()
                    .and_then(|ensemble| ensemble.typical_threshold(lambda).ok())
                    .map(|threshold| flag(task.alpha < threshold)),
                finite_size: patterns.and_then(|patterns| {
                    retrieval_probability(task.theory()?.as_ref(), patterns, size, lambda).ok()?
                }),
                ..Prediction::default()
            },
            _ => Prediction::default(),
        }
    }
}

/// The λ at which half of the samples retrieve, and the width of the curve around it.
const HALF: &str = "lambda_half";
const WIDTH: &str = "lambda_width";

/// The width of the logistic curve whose variance π²w²/3 is that of λ_×: the likelihood's maximum on a fine grid, as its score
/// is the difference of the second moments. `None` where λ_× scatters with the target's norm.
fn width(ensemble: &dyn Ensemble, patterns: PatternCount, size: f64) -> Option<f64> {
    if ensemble.structure().norm_law() != NormLaw::Fixed {
        return None;
    }
    let map = CollinearMap::new(AxisNoise::of(ensemble, size).ok()?, patterns);
    let deviation = crossover_deviation(&map).ok()??;
    Some(3.0_f64.sqrt() / std::f64::consts::PI * deviation)
}

impl Retrieval {
    /// The logistic curve p(λ) = 1/(1 + e^{−(λ − λ_½)/w}) through the retrieval probabilities; nothing where the grid does not
    /// show both outcomes in overlapping ranges, or where the probability does not rise.
    ///
    /// All λ of a sample share its patterns, so that errors and intervals come from a bootstrap over the samples. Resamples that
    /// a threshold separates count with the middle of the gap and width 0, the limits of their fits.
    fn logistic_curve(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let columns: Vec<Vec<bool>> = (0..self.inverse_temperatures.len())
            .map(|position| grid_flags(records, "retrieved", position))
            .collect();
        let fit = |samples: &[f64]| {
            let counts: Vec<RetrievalCount> = self
                .inverse_temperatures
                .iter()
                .zip(&columns)
                .map(|(&lambda, retrieved)| {
                    let is_retrieved = |&&sample: &&f64| {
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "the numbers of samples are whole"
                        )]
                        let index = sample as usize;
                        retrieved.get(index).copied().unwrap_or(false)
                    };
                    RetrievalCount {
                        at: lambda,
                        successes: samples.iter().filter(is_retrieved).count() as u64,
                        trials: samples.len() as u64,
                    }
                })
                .collect();
            LogisticFit::new(&counts)
        };
        let all: Vec<f64> = (0..records.len()).map(|index| index as f64).collect();
        if !fit(&all).is_ok_and(|fit| fit.width > 0.0) {
            return Vec::new();
        }
        let parameter = |name, value: fn(&LogisticFit) -> f64, limit: fn(f64, f64) -> f64| {
            reduce::statistic(task, name, &all, |samples| match fit(samples) {
                Ok(fit) => value(&fit),
                Err(StatisticsError::CompleteSeparation { low, high }) => limit(low, high),
                Err(_) => f64::NAN,
            })
        };
        vec![
            parameter(HALF, |fit| fit.midpoint, f64::midpoint),
            parameter(WIDTH, |fit| fit.width, |_, _| 0.0),
        ]
    }
}
