//! The smallest angle between two of the random patterns, sample by sample.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, column};
use dam_runs::reduce;
use dam_runs::task::Task;
use std::collections::BTreeMap;

use dam_theory::ensembles::{Rademacher, Spherical};
use dam_theory::finite_size::SphericalOverlapLaw;
use dam_theory::{Ensemble, Structure};

use dam_memory::attention::AttentionMemory;
use dam_memory::products::dot_in_lanes;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "closest-pair",
    about: "the largest cosine of two patterns at exponential loads",
    sections: &[],
    read: ClosestPair::configure,
};

/// Measures the largest cosine among the P(P−1)/2 pairs of patterns and its angle: the distance that limits what all
/// patterns can be retrieved from. The work is P²N per sample.
///
/// Patterns of isotropic laws have independent uniform directions. Their pairs are then pairwise independent, and
/// Pr(largest cosine ≤ t) = exp(−P(P−1)/2 · Pr(cosine > t)) up to O(1/P); at N = ∞, s(ε) = 2α.
#[derive(Clone, Copy, Debug)]
pub struct ClosestPair;

impl ClosestPair {
    /// Sweeps `alpha` and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["alpha", "size"])?;
        Ok((Box::new(Self), draft.exponential_loads()?))
    }
}

impl Experiment for ClosestPair {
    fn settings(&self) -> Settings {
        Settings::new()
    }

    fn bytes_per_pattern(&self, size: usize) -> usize {
        size * size_of::<f64>() + size_of::<Vec<f64>>()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let largest = largest_cosine(sample.memory);
        let number = |value: f64| Measurement::Number(Some(value));
        BTreeMap::from([
            ("largest_cosine".to_owned(), number(largest)),
            (
                "least_angle_degrees".to_owned(),
                number(largest.acos().to_degrees()),
            ),
        ])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let values = |name| reduce::present(&column(records, name));
        vec![
            reduce::mean(task, "largest_cosine", &values("largest_cosine")),
            reduce::median(task, "least_angle_degrees", &values("least_angle_degrees")),
        ]
    }

    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        // directions of Gaussian patterns are uniform: their cosines follow the law of the sphere
        let ensemble = task.theory();
        let structure = ensemble.as_ref().map(|ensemble| ensemble.structure());
        let isotropic = structure.is_some_and(Structure::is_isotropic);
        let extreme = |law: &dyn Ensemble| law.extreme_overlap(2.0 * task.alpha, 1.0).ok();
        let limit = structure.and_then(|structure| match structure {
            Structure::Sphere | Structure::Normal => extreme(&Spherical),
            // every component of a pair is ±1: the overlap is the cosine
            Structure::Signs => extreme(&Rademacher),
            Structure::Components(_) | Structure::Covariance(_) => None,
        });
        let angle = |cosine: f64| cosine.acos().to_degrees();
        match quantity.name.as_str() {
            "largest_cosine" => Prediction {
                infinite_size: limit,
                finite_size: isotropic.then(|| mean_cosine(task)).flatten(),
                ..Prediction::default()
            },
            "least_angle_degrees" => Prediction {
                infinite_size: limit.map(angle),
                finite_size: isotropic.then(|| median_cosine(task)).flatten().map(angle),
                ..Prediction::default()
            },
            _ => Prediction::default(),
        }
    }
}

/// The largest cosine between two stored patterns.
pub(super) fn largest_cosine(memory: &AttentionMemory) -> f64 {
    let patterns = memory.map_patterns(|row| {
        let norm = dot_in_lanes::<4>(row, row).sqrt();
        row.iter().map(|value| value / norm).collect::<Vec<f64>>()
    });
    (1..patterns.len())
        .flat_map(|second| (0..second).map(move |first| (first, second)))
        .map(|(first, second)| dot_in_lanes::<4>(&patterns[first], &patterns[second]))
        .fold(-1.0, f64::max)
        // rounding of equal patterns
        .min(1.0)
}

/// ln P(P−1)/2.
fn log_pairs(task: &Task) -> f64 {
    let count = task.pattern_count as f64;
    (0.5 * count * (count - 1.0)).ln()
}

/// The mean of the largest cosine of as many independent pairs.
pub(super) fn mean_cosine(task: &Task) -> Option<f64> {
    let law = SphericalOverlapLaw::new(task.size as f64).ok()?;
    law.mean_maximum(log_pairs(task)).ok()
}

/// The median: P(P−1)/2 · Pr(cosine > t) = ln 2.
fn median_cosine(task: &Task) -> Option<f64> {
    let law = SphericalOverlapLaw::new(task.size as f64).ok()?;
    let log_tail = std::f64::consts::LN_2.ln() - log_pairs(task);
    law.quantile_of_log_tail(log_tail).ok()
}
