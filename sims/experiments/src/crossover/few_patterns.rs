//! λ_× of so few patterns of one norm that its law has no theory: sampled from the fixed points.

use std::collections::BTreeMap;

use dam_memory::dynamics::crossover_of_fixed_points;
use dam_memory::products::dot;
use dam_memory::revealed::ExtremesPlan;
use dam_runs::experiment::SampledTheory;
use dam_runs::place::Place;
use dam_runs::record::{Measurement, Record};
use dam_runs::task::Task;
use dam_theory::finite_size::{AxisNoise, CrossoverLaw, Estimate, PatternCount, median_crossover};

use super::search::Crossover;
use crate::shared::sampled_theory::{THEORY_SEED, THEORY_VERSION, theory_plan};

/// Disorder samples, a thousandth of a second each: beside 200 measured ones their error adds a tenth.
const SAMPLES: usize = 1000;
/// Larger crossovers count as none; the median is far below.
const LARGEST_FACTOR: f64 = 1e3;

/// A task whose patterns are few.
pub(super) struct FewPatterns {
    plan: ExtremesPlan,
    guess: f64,
}

impl FewPatterns {
    /// `None` off the ensembles of one norm, below three patterns, and where theory knows the law of λ_×.
    pub(super) fn of(task: &Task) -> Option<Self> {
        // one other pattern alone never holds the state of the target
        if !task.has_fixed_norm() || task.pattern_count < 3 {
            return None;
        }
        let size = task.size as f64;
        let patterns = PatternCount::from_count(task.pattern_count as f64).ok()?;
        let ensemble = task.theory()?;
        let noise = AxisNoise::of(ensemble.as_ref(), size).ok()?;
        if CrossoverLaw::new(noise, patterns).ok()?.is_some() {
            return None;
        }
        Some(Self {
            plan: theory_plan(task).filter(ExtremesPlan::stores_all)?,
            guess: median_crossover(ensemble.as_ref(), patterns, size).ok()??,
        })
    }

    /// The median of the sampled theory, with its standard error; means hang on rare samples.
    pub(super) fn median(at: &Place<'_>) -> Option<Estimate> {
        let task = at.simulated()?;
        Self::of(task)?;
        let mut sampled = task.sampled_theory()?.iter();
        let found = sampled.find(|found| found.name == "lambda_crossover_median")?;
        Some(Estimate {
            value: found.value()?,
            error: found.standard_error?,
        })
    }

    pub(super) fn sampled(self, experiment: &Crossover) -> SampledTheory<'_> {
        SampledTheory {
            experiment,
            seed: THEORY_SEED,
            version: THEORY_VERSION,
            samples: SAMPLES,
            patterns: self.plan.patterns().log_noise_patterns().exp() + 1.0,
            measure: Box::new(move |sample| self.record(sample)),
        }
    }

    fn record(&self, sample: usize) -> Record {
        let key = self.plan.stream_key(THEORY_SEED, sample);
        let target = self.plan.draw_target(None, &mut key.rng("target"));
        let patterns = self.plan.stored_patterns(&target, &mut key.rng("noise"));
        let found = crossover_of_fixed_points(&patterns, self.guess, LARGEST_FACTOR * self.guess);
        let number = |value: f64| Measurement::Number(Some(value));
        let squared_norm = dot(&target, &target) / target.len() as f64;
        BTreeMap::from([
            ("lambda_crossover".to_owned(), Measurement::Number(found)),
            ("squared_norm".to_owned(), number(squared_norm)),
            ("non_monotone".to_owned(), number(0.0)),
            ("unconverged".to_owned(), number(0.0)),
        ])
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Against the median of 20 000 samples of a program of its own, 0.78093(46) at N = 12, P = 122.
    #[test]
    fn the_median_of_few_patterns_is_that_of_simulation() {
        let spherical = dam_theory::ensemble("spherical").unwrap();
        let patterns = PatternCount::from_count(122.0).unwrap();
        let few = FewPatterns {
            plan: ExtremesPlan::new(&spherical, 12, patterns, 0.05).unwrap(),
            guess: 0.7,
        };
        let mut crossovers: Vec<f64> = (0..800)
            .map(|sample| match few.record(sample)["lambda_crossover"] {
                Measurement::Number(Some(crossover)) => crossover,
                _ => f64::INFINITY,
            })
            .collect();
        crossovers.sort_by(f64::total_cmp);
        let median = f64::midpoint(crossovers[399], crossovers[400]);
        // √(π/2) of half of the width that holds 68.3 %, 0.0519
        let error = 1.2533 * 0.0519 / 800_f64.sqrt();
        assert!((median - 0.78093).abs() < 4.0 * error, "{median}");
    }
}
