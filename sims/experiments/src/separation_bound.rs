//! How far M points on a sphere can stand apart, and how far random ones do.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, column};
use dam_runs::reduce;
use dam_runs::task::Task;
use std::collections::BTreeMap;

use crate::closest_pair::{largest_cosine, mean_cosine};
use dam_learning::codes::{CodeSearch, known_optimum, optimise_code};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "separation-bound",
    about: "bounds on the separation of M points on a sphere, optimised codes, random points",
    sections: &[],
    read: SeparationBound::configure,
};

/// The minimal separation min_{μ<ν} (1 − cos θ_μν) of M random patterns, and of an optimised code
/// (arXiv:2410.23126, Fig. 3).
///
/// Every sample also searches for the best code from one random start, so that `code_separation`
/// tells how reliable a single start is, and `best_separation` is the best of all samples.
#[derive(Clone, Copy, Debug)]
pub struct SeparationBound;

impl SeparationBound {
    /// No section; sweeps `pattern_count` and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["pattern_count", "size"])?;
        let points = draft.counted_loads()?;
        if points.iter().any(|point| point.size < 2) {
            let message = "1 is no sphere; N must be at least 2".to_owned();
            return Err(draft.error("sweep", "size", message));
        }
        Ok((Box::new(Self), points))
    }
}

impl Experiment for SeparationBound {
    fn settings(&self) -> Settings {
        Settings::new()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let seed = sample.stream.seed("code");
        let code = optimise_code(&CodeSearch {
            dimension: sample.task.size,
            count: sample.task.pattern_count,
            restarts: 1,
            seed: seed[..8]
                .iter()
                .fold(0, |seed, &byte| (seed << 8) | u64::from(byte)),
        });
        let number = |value: f64| Measurement::Number(Some(value));
        BTreeMap::from([
            (
                "random_separation".to_owned(),
                number(1.0 - largest_cosine(sample.memory)),
            ),
            (
                "code_separation".to_owned(),
                number(1.0 - code.least_angle().cos()),
            ),
        ])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let values = |name| reduce::present(&column(records, name));
        let codes = values("code_separation");
        let best = codes.iter().copied().fold(0.0, f64::max);
        vec![
            reduce::mean(task, "random_separation", &values("random_separation")),
            reduce::mean(task, "code_separation", &codes),
            Quantity {
                mean: Some(best),
                ..reduce::empty("best_separation", codes.len())
            },
        ]
    }

    /// The exact mean for random directions, and the proven or best known code.
    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        let isotropic = task.is_isotropic();
        let finite_size = match quantity.name.as_str() {
            "random_separation" if isotropic && task.size > 2 => {
                mean_cosine(task).map(|cosine| 1.0 - cosine)
            }
            "best_separation" => {
                known_optimum(task.size, task.pattern_count).map(|known| 1.0 - known.angle.cos())
            }
            _ => None,
        };
        Prediction {
            finite_size,
            ..Prediction::default()
        }
    }
}
