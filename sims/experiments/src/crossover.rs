//! The inverse temperature at which a stored pattern becomes retrievable, sample by sample.

use crate::shared::axes::{self, finite_size_theory, towards_limit};
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample, SampledTheory, at_size};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, censored_as_infinite, column, flag};
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_runs::view::{
    self, Along, AxisView, Data, Grid, PanelView, Sweep, View, ensemble_title, exact,
};
use std::collections::BTreeMap;

use dam_theory::Structure;
use dam_theory::finite_size::{
    CollinearMap, GaussianNoise, GaussianNormLaw, LARGEST_NOISE_VARIANCE, PatternCount,
    SphericalNoise, crossover_deviation, log_noise_variance, median_crossover,
};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::shared::sampled_theory::{THEORY_SAMPLES, THEORY_SEED, THEORY_VERSION, theory_plan};
use dam_memory::dynamics::{Retriever, Start, StopReason};
use dam_memory::ensembles::PatternEnsemble;
use dam_memory::memory::Memory;
use dam_memory::products::dot;
use dam_memory::revealed::{ExtremesPlan, sampled_memory};
use dam_memory::streams::StreamKey;

/// λ values that share each pass over the patterns.
const PROBES: usize = 8;
/// Distance of the first probes, in standard deviations of λ_× around the guess.
const FIRST_CELL: f64 = 0.6;
/// The standard deviation over the guess where theory has none.
const RELATIVE_DEVIATION: f64 = 0.03;
/// Distance of the last probes over the tolerance: the cells on both sides of a probe make a bracket.
const LAST_CELL: f64 = 0.499;
/// By how much the probes move apart, one after the other, where λ_× lies beyond the first ones.
const STRIDE: f64 = 3.0;
/// Every pattern is lost at λ = 0; a search that is still successful here stops as failed.
const SMALLEST_LAMBDA: f64 = 1e-9;
/// λ_× of a sample's target by the finite-N theory, as it is recorded.
const PREDICTED: &str = "lambda_crossover_predicted";
/// The median of measured less predicted λ_×, sample by sample: free of the fluctuations of the
/// target. A mean would hang on the weak targets near condensation, for which the averaged noise is a
/// poor stand-in; few patterns (P below some hundreds) shift the median up as well.
const DIFFERENCE: &str = "lambda_crossover_difference";

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CrossoverSection {
    tolerance: f64,
    maximum: f64,
}

impl Default for CrossoverSection {
    fn default() -> Self {
        Self {
            tolerance: 1e-4,
            maximum: 1e3,
        }
    }
}

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "crossover",
    about: "for each disorder sample, the λ_× between loss and retrieval from x₀ = ξ¹",
    sections: &["memory", "crossover"],
    read: Crossover::configure,
};

/// For each disorder sample, starts at ξ¹ and narrows the λ_× between failure (below) and
/// retrieval (above) by gradient descent (LM24 Fig. 1, bottom).
///
/// Equidistant λ around the finite-N theory of the sample's target find a bracket, or others beyond them do; each
/// round then cuts the bracket until it is no wider than `tolerance`. A round ends when at most one of its probes is
/// undecided between the largest failure and the retrieval above it: that one lies next to λ_× and would need the
/// most updates by far. λ_× is the middle of the last bracket. Where verdicts are not monotone in λ
/// the highest failure with a retrieval above it is followed, and the sample is counted
/// in `non_monotone`. A descent ends as soon as its verdict is certain ([`Retriever::verdicts`]).
#[derive(Clone, Debug)]
pub struct Crossover {
    /// The memory, its dynamics and what counts as retrieval.
    pub retriever: Retriever,
    /// Width of the final bracket.
    pub tolerance: f64,
    /// A sample that fails up to this λ is censored: it has no λ_×.
    pub maximum: f64,
}

#[derive(Debug, Default)]
struct Tally {
    updates: usize,
    unconverged: usize,
    non_monotone: bool,
}

impl Crossover {
    /// Sections `[memory]`, `[dynamics]` and `[crossover]`; sweeps `alpha` and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["alpha", "size"])?;
        let experiment = Self::from_sections(draft)?;
        Ok((Box::new(experiment), draft.exponential_loads()?))
    }

    /// The search that the sections `[memory]`, `[dynamics]` and `[crossover]` describe.
    pub(super) fn from_sections(draft: &Draft<'_>) -> Result<Self, JobError> {
        let retriever = draft.searching_retriever()?;
        let section = draft
            .section::<CrossoverSection>("crossover")?
            .unwrap_or_default();
        draft.positive("crossover", "maximum", section.maximum)?;
        draft.tolerance("crossover", section.tolerance, section.maximum)?;
        Ok(Self {
            retriever,
            tolerance: section.tolerance,
            maximum: section.maximum,
        })
    }

    fn search(&self, disorder: Disorder<'_>, guess: Guess, tally: &mut Tally) -> Option<f64> {
        let mut bracket = Bracket::default();
        let cell = (FIRST_CELL * guess.deviation).max(LAST_CELL * self.tolerance);
        let mut probes = self.around(guess.value, cell);
        // The first distance of the probes beyond; grows, so that few rounds reach any λ.
        let mut distance = cell;
        loop {
            self.narrow(disorder, &probes, &mut bracket, tally);
            probes = match bracket {
                Bracket {
                    failed: Some(low),
                    retrieved: Some(high),
                } if high - low <= self.tolerance => return Some(f64::midpoint(low, high)),
                Bracket {
                    failed: Some(low),
                    retrieved: Some(high),
                } => self.between(low, high),
                Bracket {
                    failed: Some(low), ..
                } if low >= self.maximum => return None,
                Bracket {
                    failed: Some(low), ..
                } => self.beyond(low, &mut distance, |factor| low * factor),
                // Every pattern is lost at λ = 0.
                Bracket {
                    retrieved: Some(high),
                    ..
                } if high <= SMALLEST_LAMBDA => return Some(f64::midpoint(0.0, high)),
                Bracket {
                    retrieved: Some(high),
                    ..
                } => self.beyond(high, &mut distance, |factor| high / factor),
                Bracket { .. } => {
                    unreachable!("every round of a search without bracket decides all")
                }
            };
        }
    }

    /// λ values `cell` apart around `centre`, in ascending order.
    fn around(&self, centre: f64, cell: f64) -> Vec<f64> {
        let middle = 0.5 * (PROBES - 1) as f64;
        let grid = (0..PROBES).map(|i| centre + cell * (i as f64 - middle));
        self.admitted(grid.collect())
    }

    /// λ values that cut a bracket evenly, as few as reach the tolerance in this round.
    fn between(&self, low: f64, high: f64) -> Vec<f64> {
        let width = |probes: usize| (high - low) / (probes + 1) as f64;
        let reaches = |&probes: &usize| width(probes) <= LAST_CELL * self.tolerance;
        let probes = (1..PROBES).find(reaches).unwrap_or(PROBES);
        (1..=probes)
            .map(|i| low + width(probes) * i as f64)
            .collect()
    }

    /// λ values ever further from the last one in the direction of `moved`, in ascending order. `distance` becomes
    /// what the next ones begin with.
    fn beyond(&self, last: f64, distance: &mut f64, moved: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut reached = 0.0;
        let grid = (0..PROBES).map(|_| {
            reached += *distance;
            *distance *= STRIDE;
            moved(1.0 + reached / last)
        });
        self.admitted(grid.collect())
    }

    fn admitted(&self, mut probes: Vec<f64>) -> Vec<f64> {
        for probe in &mut probes {
            *probe = probe.max(SMALLEST_LAMBDA).min(self.maximum);
        }
        probes.sort_by(f64::total_cmp);
        probes.dedup();
        probes
    }

    /// Descends from ξ¹ at each λ, all of which share each pass over the patterns, and narrows the bracket.
    fn narrow(
        &self,
        Disorder { memory, streams }: Disorder<'_>,
        probes: &[f64],
        bracket: &mut Bracket,
        tally: &mut Tally,
    ) {
        let target = memory.pattern(0);
        let starts: Vec<Start> = probes
            .iter()
            .map(|&inverse_temperature| Start {
                state: target.clone(),
                inverse_temperature,
                target: 0,
            })
            .collect();
        let known = *bracket;
        let is_enough =
            &mut |found: &[Option<bool>]| known.narrowed(probes, found).is_enough(probes, found);
        let outcomes = self
            .retriever
            .verdicts_until(memory, &starts, streams, is_enough);
        for outcome in &outcomes {
            tally.updates += outcome.updates;
            let reason = outcome.arrival.as_ref().map(|arrival| arrival.reason);
            tally.unconverged += usize::from(reason == Some(StopReason::MaxSteps));
        }
        let found: Vec<Option<bool>> = outcomes.iter().map(|outcome| outcome.verdict).collect();
        tally.non_monotone |= !found.iter().flatten().is_sorted();
        *bracket = known.narrowed(probes, &found);
    }
}

/// A disorder sample.
#[derive(Clone, Copy)]
struct Disorder<'a> {
    memory: &'a dyn Memory,
    streams: &'a StreamKey,
}

/// What the finite-N theory expects of λ_×.
#[derive(Clone, Copy, Debug)]
struct Guess {
    value: f64,
    deviation: f64,
}

impl Guess {
    fn new(value: f64, relative_deviation: f64) -> Self {
        Self {
            value,
            deviation: value * relative_deviation,
        }
    }
}

/// The highest failure, and the retrieval next above it.
#[derive(Clone, Copy, Debug, Default)]
struct Bracket {
    failed: Option<f64>,
    retrieved: Option<f64>,
}

impl Bracket {
    /// With what is found at `probes` between its ends.
    fn narrowed(self, probes: &[f64], found: &[Option<bool>]) -> Self {
        let last = found.iter().rposition(|&found| found == Some(false));
        let above = last.map_or(0, |last| last + 1);
        let next = found[above..].iter().position(|&found| found == Some(true));
        Self {
            failed: last.map(|last| probes[last]).or(self.failed),
            retrieved: next.map(|next| probes[above + next]).or(self.retrieved),
        }
    }

    /// Whether it has both ends with at most one undecided probe between.
    fn is_enough(self, probes: &[f64], found: &[Option<bool>]) -> bool {
        let (Some(low), Some(high)) = (self.failed, self.retrieved) else {
            return false;
        };
        let undecided = probes
            .iter()
            .zip(found)
            .filter(|&(&probe, found)| found.is_none() && low < probe && probe < high);
        undecided.count() <= 1
    }
}

impl Crossover {
    /// The search around `guess`, and what theory says of the sample's target.
    fn record(&self, disorder: Disorder<'_>, guess: Guess, predicted: Option<f64>) -> Record {
        let memory = disorder.memory;
        let mut tally = Tally::default();
        let crossover = self.search(disorder, guess, &mut tally);
        let target = memory.pattern(0);
        let squared_norm = dot(&target, &target) / memory.size() as f64;
        let number = |value: f64| Measurement::Number(Some(value));
        let mut record = BTreeMap::from([
            (
                "lambda_crossover".to_owned(),
                Measurement::Number(crossover),
            ),
            ("squared_norm".to_owned(), number(squared_norm)),
            ("non_monotone".to_owned(), number(flag(tally.non_monotone))),
            ("unconverged".to_owned(), number(tally.unconverged as f64)),
            ("updates".to_owned(), number(tally.updates as f64)),
        ]);
        if let Some(predicted) = predicted {
            record.insert(PREDICTED.to_owned(), number(predicted));
        }
        record
    }

    /// The records of `samples` disorder samples by the scheme of sampled extremes ([`extremes`](dam_memory::revealed)), in the
    /// order of the samples: the finite-N theory near condensation, where the averaged noise is no stand-in. `norm` fixes
    /// r = |ξ¹|²/N, which is random otherwise. [`quantities`](Experiment::quantities) reduces the records as those of a
    /// measurement.
    pub fn sampled(
        &self,
        plan: &ExtremesPlan,
        seed: u64,
        samples: usize,
        norm: Option<f64>,
    ) -> Vec<Record> {
        let relative_deviation = relative_deviation(plan.size(), Some(plan.patterns()));
        (0..samples)
            .into_par_iter()
            .map(|sample| self.sampled_record(plan, seed, sample, norm, relative_deviation))
            .collect()
    }

    fn sampled_record(
        &self,
        plan: &ExtremesPlan,
        seed: u64,
        sample: usize,
        norm: Option<f64>,
        relative_deviation: f64,
    ) -> Record {
        let key = plan.stream_key(seed, sample);
        let target = plan.draw_target(norm, &mut key.rng("target"));
        let predicted = plan.averaged_crossover(&target);
        let memory = sampled_memory(plan, &target, key.rng("noise"));
        let guess = Guess::new(predicted.unwrap_or(1.0), relative_deviation);
        let disorder = Disorder {
            memory: memory.as_ref(),
            streams: &key,
        };
        self.record(disorder, guess, predicted)
    }

    /// The memories that [`sampled`](Self::sampled) is asked for at the task, where the average is known to fail: Gaussian
    /// patterns whose noise fluctuates, Var Z/(E Z)² > 0.1, at the crossover of the median target (or that have none).
    fn sampled_plan(task: &Task) -> Option<ExtremesPlan> {
        if !matches!(task.theory()?.structure(), Structure::Normal) {
            return None;
        }
        let size = task.size as f64;
        let patterns = PatternCount::from_count(task.pattern_count as f64).ok()?;
        let norm = GaussianNormLaw::new(size).ok()?.quantile(0.5).ok()?;
        let noise = GaussianNoise::new(size, norm).ok()?;
        let found = CollinearMap::new(noise, patterns).crossover().ok()?;
        let is_averaged = found.is_some_and(|found| {
            let field = found.inverse_temperature * found.amplitude;
            log_noise_variance(&noise, patterns, field)
                .is_ok_and(|log_variance| log_variance <= LARGEST_NOISE_VARIANCE.ln())
        });
        if is_averaged {
            return None;
        }
        // Revealing Gaussian patterns near λ = 1 takes minutes, which a table must not: where all are stored.
        theory_plan(task).filter(ExtremesPlan::stores_all)
    }
}

impl Experiment for Crossover {
    fn settings(&self) -> Settings {
        let mut settings = self.retriever.settings();
        settings.insert("crossover.tolerance".to_owned(), json!(self.tolerance));
        settings.insert("crossover.maximum".to_owned(), json!(self.maximum));
        settings
    }

    fn batch(&self) -> usize {
        PROBES
    }

    fn bytes_per_pattern(&self, size: usize) -> usize {
        self.retriever.composition.bytes_per_pattern(size)
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let is_known = self.retriever.is_attention_descent();
        let predicted = is_known.then(|| predicted_crossover(sample)).flatten();
        let place = Place::of_task(sample.task);
        let finite_size = || finite_size_crossover(&place).filter(|_| is_known);
        // Beyond the largest load that theory allows, a search from 1 upwards is as good as any.
        let value = predicted
            .or_else(finite_size)
            .or_else(|| typical_inverse_temperature(&self.retriever, &place))
            .unwrap_or(1.0);
        let patterns = PatternCount::from_count(sample.task.pattern_count as f64).ok();
        let guess = Guess::new(value, relative_deviation(sample.task.size, patterns));
        let memory = self.retriever.over(sample.memory);
        let disorder = Disorder {
            memory: memory.as_ref(),
            streams: &sample.stream,
        };
        self.record(disorder, guess, predicted)
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let crossovers = column(records, "lambda_crossover");
        let censored: Vec<bool> = crossovers.iter().map(Option::is_none).collect();
        let values = censored_as_infinite(&crossovers);
        let flags = |name| {
            column(records, name)
                .into_iter()
                .map(|value| value != Some(0.0))
                .collect::<Vec<_>>()
        };
        let differences: Vec<f64> = crossovers
            .iter()
            .zip(column(records, PREDICTED))
            .filter_map(|(&measured, predicted)| Some(measured? - predicted?))
            .collect();
        let mut quantities = vec![
            reduce::mean(task, "lambda_crossover", &values),
            reduce::median(task, "lambda_crossover_median", &values),
            reduce::mean(
                task,
                "squared_norm",
                &reduce::present(&column(records, "squared_norm")),
            ),
            reduce::probability("censored", &censored),
            reduce::probability("non_monotone", &flags("non_monotone")),
            reduce::probability("unconverged", &flags("unconverged")),
        ];
        if !differences.is_empty() {
            quantities.push(reduce::median(task, DIFFERENCE, &differences));
        }
        quantities
    }

    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        let plan = Self::sampled_plan(task).filter(|_| self.retriever.is_attention_descent())?;
        let relative_deviation = relative_deviation(plan.size(), Some(plan.patterns()));
        Some(SampledTheory {
            experiment: self,
            seed: THEORY_SEED,
            version: THEORY_VERSION,
            samples: THEORY_SAMPLES,
            patterns: task.pattern_count as f64,
            measure: Box::new(move |sample| {
                self.sampled_record(&plan, THEORY_SEED, sample, None, relative_deviation)
            }),
        })
    }

    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        let is_crossover = ["lambda_crossover", "lambda_crossover_median"].contains(&quantity);
        let limit = || typical_inverse_temperature(&self.retriever, at);
        if !self.retriever.is_attention_descent() {
            let mean = || {
                let (theory, patterns) = (at.theory()?, at.patterns()?);
                self.retriever
                    .mean_crossover(theory.as_ref(), patterns, at.size)
            };
            return Prediction {
                infinite_size: is_crossover.then(limit).flatten(),
                finite_size: (quantity == "lambda_crossover").then(mean).flatten(),
                ..Prediction::default()
            };
        }
        let fixed_norm = at.task.has_fixed_norm();
        let task = at
            .simulated()
            .filter(|_| is_crossover || quantity == DIFFERENCE);
        if let Some(task) = task.filter(|task| Self::sampled_plan(task).is_some()) {
            let mut sampled = task.sampled_theory().unwrap_or_default().iter();
            let found = sampled.find(|found| found.name == quantity);
            let infinite_size = if quantity == DIFFERENCE {
                Some(0.0)
            } else {
                limit()
            };
            return Prediction {
                infinite_size,
                finite_size: found.and_then(Quantity::value),
                finite_size_error: found.and_then(|found| found.standard_error),
            };
        }
        match quantity {
            "lambda_crossover" => Prediction {
                infinite_size: limit(),
                finite_size: finite_size_crossover(at).filter(|_| fixed_norm),
                ..Prediction::default()
            },
            // Where |ξ|² = N the median says what the mean says, with a larger error.
            "lambda_crossover_median" if !fixed_norm => Prediction {
                infinite_size: limit(),
                finite_size: finite_size_crossover(at),
                ..Prediction::default()
            },
            "squared_norm" if !fixed_norm => Prediction {
                infinite_size: Some(1.0),
                finite_size: Some(1.0),
                ..Prediction::default()
            },
            DIFFERENCE => Prediction {
                infinite_size: Some(0.0),
                finite_size: Some(0.0),
                ..Prediction::default()
            },
            _ => Prediction::default(),
        }
    }

    /// λ_× against 1/N: the mean where |ξ|² = N, else the median; and the same against N to 10⁴.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let name = headline_quantity(sweep.ensemble);
        let figure = |stem: &str, along: (AxisView, Along)| {
            let passes = towards_limit(
                view::load,
                finite_size_theory(Grid::TowardsInfinity, at_size(self, name)),
                exact(|at| typical_inverse_temperature(&self.retriever, at)),
                "λ_{1}(α), N = ∞",
            );
            let y = AxisView::new("crossover inverse temperature λ_{×}");
            let panel = PanelView::new(along, y, vec![Data::new(name)], passes);
            View::of(stem, panel.titled(ensemble_title(sweep.ensemble.name())))
        };
        vec![
            figure(KIND.name, axes::inverse_size()),
            figure("crossover-sizes", axes::size_to_limit()),
        ]
    }
}

/// The quantity that stands for a measured crossover: the mean where |ξ|² = N, else the median,
/// since λ_× depends on |ξ¹|².
pub(crate) fn headline_quantity(ensemble: &dyn PatternEnsemble) -> &'static str {
    if ensemble.has_fixed_norm() {
        "lambda_crossover"
    } else {
        "lambda_crossover_median"
    }
}

/// λ_× by the finite-N theory: one value where |ξ¹|² = N, else the median over targets. A mean over
/// fluctuating norms hangs on rare targets of low norm near condensation, where the average over
/// the noise fails, and stays without prediction.
pub(super) fn finite_size_crossover(at: &Place<'_>) -> Option<f64> {
    median_crossover(at.theory()?.as_ref(), at.patterns()?, at.size).ok()?
}

/// λ_× of this sample's target by the finite-N theory, where it depends on the target.
fn predicted_crossover(sample: &Sample<'_>) -> Option<f64> {
    let patterns = PatternCount::from_count(sample.task.pattern_count as f64).ok()?;
    sample.law.crossover(&sample.memory.pattern(0), patterns)
}

/// The standard deviation of λ_× over disorder samples, over its value: that of spherical patterns, which has the order
/// of magnitude of the others'.
fn relative_deviation(size: usize, patterns: Option<PatternCount>) -> f64 {
    let relative = |patterns| {
        let map = CollinearMap::new(SphericalNoise::new(size as f64).ok()?, patterns);
        let found = map.crossover().ok()??;
        let deviation = crossover_deviation(&map).ok()??;
        Some(deviation / found.inverse_temperature)
    };
    patterns.and_then(relative).unwrap_or(RELATIVE_DEVIATION)
}

/// λ₁(α) of the ensemble, where it exists and theory knows the memory.
pub(crate) fn typical_inverse_temperature(retriever: &Retriever, at: &Place<'_>) -> Option<f64> {
    retriever.typical_inverse_temperature(at.theory()?.as_ref(), at.load)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use dam_theory::Parameters;

    use super::*;
    use dam_memory::attention::AttentionMemory;
    use dam_memory::dynamics::GradientDescent;
    use dam_memory::dynamics::criterion::Criterion;
    use dam_memory::ensembles::pattern_ensemble;
    use dam_memory::patterns::Patterns;

    fn crossover(maximum: f64) -> Crossover {
        Crossover {
            retriever: Retriever::attention(
                GradientDescent {
                    step_size: 1.0,
                    tolerance: 1e-9,
                    max_steps: 100_000,
                },
                Criterion::Weight,
            ),
            tolerance: 1e-4,
            maximum,
        }
    }

    fn memory(ensemble: &str, sample: u64) -> AttentionMemory {
        let law = pattern_ensemble(ensemble, &Parameters::new()).unwrap();
        let seed = StreamKey::new(sample).seed("patterns");
        AttentionMemory::sample(law.as_ref(), 24, 300, &seed)
    }

    fn search(
        crossover: &Crossover,
        memory: &AttentionMemory,
        guess: Guess,
        tally: &mut Tally,
    ) -> Option<f64> {
        let streams = &StreamKey::new(1);
        crossover.search(Disorder { memory, streams }, guess, tally)
    }

    /// λ_× by bisection alone, from a failure at λ = 0 and a retrieval at λ = 64.
    fn bisected(memory: &AttentionMemory) -> f64 {
        let (mut low, mut high) = (0.0, 64.0);
        while high - low > 1e-5 {
            let middle = f64::midpoint(low, high);
            let start = Start {
                state: memory.pattern(0),
                inverse_temperature: middle,
                target: 0,
            };
            let verdict = crossover(1e3)
                .retriever
                .verdicts(memory, &[start], &StreamKey::new(1));
            *(if verdict[0].0 { &mut high } else { &mut low }) = middle;
        }
        f64::midpoint(low, high)
    }

    #[test]
    fn a_target_that_no_inverse_temperature_retrieves_costs_few_rounds() {
        let memory =
            AttentionMemory::from(Patterns::from_rows(2, vec![1.0, 0.0, 2.0, 0.0, 0.0, 1.0]));
        for value in [1e-9, 0.3, 900.0] {
            let mut tally = Tally::default();
            let guess = Guess {
                value,
                deviation: 1e-9,
            };
            assert_eq!(search(&crossover(1e3), &memory, guess, &mut tally), None);
            assert!(tally.updates < 400, "{value}: {tally:?}");
        }
    }

    #[test]
    fn a_wrong_guess_finds_the_same_crossover() {
        for ensemble in ["spherical", "gaussian"] {
            for sample in 0..3 {
                let memory = memory(ensemble, sample);
                let right = bisected(&memory);
                // Right; just beside the first grid; far too low; far too high; nonsense.
                for factor in [1.0, 0.6, 1.6, 1e-2, 1e2, 1e-12, 1e12, 0.0] {
                    let mut tally = Tally::default();
                    let found = search(
                        &crossover(1e3),
                        &memory,
                        Guess::new(factor * right, 0.02),
                        &mut tally,
                    );
                    assert!(!tally.non_monotone, "choose another sample");
                    assert!(
                        (found.unwrap() - right).abs() < 1e-4,
                        "{ensemble}, sample {sample}, guess off by {factor}: {found:?}, not {right}"
                    );
                }
                for factor in [1e-3, 1.0, 1e3] {
                    let mut tally = Tally::default();
                    let below = crossover(0.9 * right);
                    let found = search(
                        &below,
                        &memory,
                        Guess::new(factor * right, 0.02),
                        &mut tally,
                    );
                    assert_eq!(found, None);
                }
            }
        }
    }
}
