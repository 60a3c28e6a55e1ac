//! The cosine between a stored pattern and the nearest of the others, at polynomial loads.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, column};
use dam_runs::reduce;
use dam_runs::task::Task;
use std::collections::BTreeMap;

use dam_theory::bounds::{nearest_pattern_cosine, polynomial_load_cosine};
use dam_theory::finite_size::SphericalOverlapLaw;

use dam_memory::products::dot;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "nearest-pattern",
    about: "the largest cosine with the target among random patterns at polynomial loads",
    sections: &[],
    read: NearestPattern::configure,
};

/// For each disorder sample, max_{μ≥2} of ξ¹·ξ^μ/(|ξ¹||ξ^μ|) among P = round(α̃ N^k) patterns
/// (LM24 Fig. 5).
#[derive(Clone, Copy, Debug)]
pub struct NearestPattern;

impl NearestPattern {
    /// No section; sweeps `exponent` (k), `prefactor` (α̃) and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["exponent", "prefactor", "size"])?;
        Ok((Box::new(Self), draft.polynomial_loads()?))
    }
}

impl Experiment for NearestPattern {
    fn settings(&self) -> Settings {
        Settings::new()
    }

    fn bytes_per_pattern(&self, _size: usize) -> usize {
        size_of::<f64>()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let memory = sample.memory;
        let target = memory.pattern(0);
        let squared_length = dot(&target, &target);
        let cosines = memory.map_patterns(|pattern| {
            dot(&target, pattern) / (squared_length * dot(pattern, pattern)).sqrt()
        });
        let nearest = cosines[1..]
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        BTreeMap::from([(
            "nearest_cosine".to_owned(),
            Measurement::Number(Some(nearest)),
        )])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let cosines = reduce::present(&column(records, "nearest_cosine"));
        let coordinates = ["exponent", "prefactor"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), task.parameter(name)?)))
            .collect();
        vec![Quantity {
            coordinates,
            ..reduce::mean(task, "nearest_cosine", &cosines)
        }]
    }

    /// The directions of spherical and Gaussian patterns are uniform: √(1 − P^{−2/N}) of the Random
    /// Energy Model, and the exact mean of the largest of P − 1 cosines at N. Other laws share
    /// only the leading term √(2 ln P/N).
    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        if quantity.name != "nearest_cosine" {
            return Prediction::default();
        }
        let (count, size) = (task.pattern_count as f64, task.size as f64);
        if task.is_isotropic() {
            let exact_mean = |law: SphericalOverlapLaw| law.mean_maximum((count - 1.0).ln());
            return Prediction {
                infinite_size: nearest_pattern_cosine(count, size).ok(),
                finite_size: SphericalOverlapLaw::new(size).and_then(exact_mean).ok(),
                ..Prediction::default()
            };
        }
        let leading = task
            .parameter("exponent")
            .zip(task.parameter("prefactor"))
            .and_then(|(exponent, prefactor)| {
                polynomial_load_cosine(prefactor, exponent, size).ok()
            });
        Prediction {
            infinite_size: leading,
            finite_size: None,
            ..Prediction::default()
        }
    }
}
