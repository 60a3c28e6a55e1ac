//! The inverse temperature at which a stored pattern becomes retrievable, sample by sample.

mod all;
mod few_patterns;
mod search;

use crate::shared::curves::{towards_limit, zero};
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Experiment, Needs, Sample, SampledTheory, at_size};
use dam_runs::job::{Draft, JobError};
use dam_runs::journal::Journal;
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, censored_as_infinite, column, flag};
use dam_runs::reduce;
use dam_runs::swept::{ALPHA, SIZE};
use dam_runs::task::Task;
use dam_runs::view::{
    self, Along, Arrangement, AxisView, CurveView, Data, Grid, Legend, PanelView, Part, Pass,
    Picture, Sweep, View, axes, exact,
};
use std::collections::BTreeMap;

use dam_theory::Structure;
use dam_theory::finite_size::{
    AxisNoise, CollinearMap, CrossoverLaw, Estimate, GaussianNoise, GaussianNormLaw,
    LARGEST_NOISE_VARIANCE, PatternCount, SphericalNoise, crossover_deviation, crossover_shift,
    expected_median_crossover, log_noise_variance, median_crossover,
};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use few_patterns::FewPatterns;
pub use search::Crossover;
use search::{Disorder, Guess, PROBES, Tally};

use crate::shared::sampled_theory::{THEORY_SAMPLES, THEORY_SEED, THEORY_VERSION, theory_plan};
use dam_memory::dynamics::Retriever;
use dam_memory::ensembles::PatternEnsemble;
use dam_memory::products::dot;
use dam_memory::revealed::{ExtremesPlan, sampled_memory};
use dam_runs::job::MEMORY;
use dam_runs::section::Section;

/// The standard deviation over the guess where theory has none.
const RELATIVE_DEVIATION: f64 = 0.03;
/// Recorded where no descent of a search converged.
pub(crate) const UNDECIDED: &str = "undecided";
/// λ_×, as it is recorded.
pub(crate) const CROSSOVER: &str = "lambda_crossover";
/// λ_× of a sample's target by the finite-N theory, as it is recorded.
const PREDICTED: &str = "lambda_crossover_predicted";
/// The median of measured less predicted λ_×, sample by sample: free of the fluctuations of the
/// target. A mean would hang on the weak targets near condensation, for which the averaged noise is a
/// poor stand-in; the fluctuations of the noise shift the median up.
const DIFFERENCE: &str = "lambda_crossover_difference";

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct CrossoverSection {
    /// Width of the final bracket of λ.
    tolerance: f64,
    /// A sample that is not retrieved up to this λ is censored.
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

/// What searches of λ read.
pub(crate) const SECTION: Section = Section::of::<CrossoverSection>("crossover");
/// With the memory that they search in.
pub(crate) const SECTIONS: &[Section] = &[MEMORY, SECTION];

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "crossover",
    about: "for each disorder sample, the λ_× between loss and retrieval from x₀ = ξ¹",
    sections: SECTIONS,
    sweep: &[ALPHA, SIZE],
    read: Crossover::configure,
};

impl Crossover {
    /// Sections `[memory]`, `[dynamics]` and `[crossover]`; sweeps `alpha` and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let experiment = Self::from_sections(draft)?;
        draft.reveals_with(&experiment.retriever);
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

    /// The search around `guess`, and what theory says of the sample's target.
    fn record(&self, disorder: Disorder<'_>, guess: Guess, predicted: Option<f64>) -> Record {
        let memory = disorder.memory;
        let mut tally = Tally::default();
        let crossover = self.search(disorder, guess, &mut tally);
        let target = memory.pattern(0);
        let squared_norm = dot(&target, &target) / memory.size() as f64;
        let mut record = found(crossover, &tally);
        record.insert("squared_norm".to_owned(), number(squared_norm));
        if let Some(predicted) = predicted {
            record.insert(PREDICTED.to_owned(), number(predicted));
        }
        record
    }

    /// Searches with descents that did not converge, and those that found nothing up to `maximum`.
    pub(crate) fn caveats(
        &self,
        crossovers: &[Option<f64>],
        unconverged: [Vec<bool>; 2],
    ) -> [Caveat; 2] {
        let [any, all] = unconverged;
        let censored = crossovers.iter().filter(|value| value.is_none()).count();
        let mend = format!(
            "raise [crossover] maximum ({}), unless another pattern overlaps more with the target than itself",
            self.maximum
        );
        [
            Caveat::of_searches(&any, &all),
            Caveat::censored(censored, crossovers.len(), &mend),
        ]
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
            target: 0,
            streams: &key,
            // a thousandth of a second
            journal: &Journal::default(),
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
        let patterns = task.patterns()?;
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

    fn needs(&self, size: usize) -> Needs {
        let bytes_per_pattern = self.retriever.composition.bytes_per_pattern(size);
        Needs::new(PROBES, bytes_per_pattern)
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let is_known = self.retriever.is_attention_descent();
        let predicted = is_known.then(|| predicted_crossover(sample)).flatten();
        let place = Place::of_task(sample.task);
        let averaged = || averaged_crossover(&place).filter(|_| is_known);
        // Beyond the largest load that theory allows, a search from 1 upwards is as good as any.
        let value = predicted
            .or_else(averaged)
            .or_else(|| typical_inverse_temperature(&self.retriever, &place))
            .unwrap_or(1.0);
        let patterns = sample.task.patterns();
        let guess = Guess::new(value, relative_deviation(sample.task.size, patterns));
        let memory = sample.memory_of(&self.retriever);
        let disorder = Disorder {
            memory: memory.as_ref(),
            target: 0,
            streams: &sample.stream,
            journal: sample.journal,
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
        let caveats = self.caveats(&crossovers, unconverged(|name| column(records, name)));
        let under = |quantity: Quantity| caveats.iter().fold(quantity, Quantity::under);
        let mut quantities = vec![
            under(reduce::mean("lambda_crossover", &values)),
            under(reduce::median(task, "lambda_crossover_median", &values)),
            reduce::mean(
                "squared_norm",
                &reduce::present(&column(records, "squared_norm")),
            ),
            reduce::probability("censored", &censored),
            reduce::probability("non_monotone", &flags("non_monotone")),
            reduce::probability("unconverged", &flags("unconverged")),
        ];
        if !differences.is_empty() {
            quantities.push(under(reduce::median(task, DIFFERENCE, &differences)));
        }
        quantities
    }

    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        if !self.retriever.is_attention_descent() {
            return None;
        }
        if let Some(few) = FewPatterns::of(task) {
            return Some(few.sampled(self));
        }
        let plan = Self::sampled_plan(task)?;
        let relative_deviation = relative_deviation(plan.size(), Some(plan.patterns()));
        Some(SampledTheory {
            experiment: self,
            seed: THEORY_SEED,
            version: THEORY_VERSION,
            samples: THEORY_SAMPLES,
            patterns: task.held_patterns(),
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
            "lambda_crossover" if fixed_norm => {
                let mean = mean_crossover(at);
                Prediction {
                    infinite_size: limit(),
                    finite_size: mean.as_ref().map(|law| law.mean),
                    finite_size_error: mean.map(|law| law.mean_error),
                }
            }
            "lambda_crossover" => Prediction {
                infinite_size: limit(),
                ..Prediction::default()
            },
            "lambda_crossover_median" => {
                let sampled = FewPatterns::median(at);
                Prediction {
                    infinite_size: limit(),
                    ..sampled.or_else(|| median(at)).into()
                }
            }
            // of patterns without a law nothing is known
            _ if at.theory().is_none() => Prediction::default(),
            "squared_norm" if !fixed_norm => Prediction {
                infinite_size: Some(1.0),
                finite_size: Some(1.0),
                ..Prediction::default()
            },
            DIFFERENCE => Prediction {
                infinite_size: Some(0.0),
                ..shift(at).into()
            },
            _ => Prediction::default(),
        }
    }

    fn resolution(&self, quantity: &Quantity) -> Option<f64> {
        let is_searched = quantity.name.starts_with("lambda_crossover");
        is_searched.then_some(self.tolerance)
    }

    fn boundary(&self, ensemble: &dyn PatternEnsemble) -> Option<&'static str> {
        Some(headline_quantity(ensemble))
    }

    /// λ_× against 1/N: the mean where |ξ|² = N, else the median, with what it is off the finite-N theory; and the same against N to
    /// 10⁴.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let name = headline_quantity(sweep.ensemble);
        let against = |along: (AxisView, Along)| {
            let passes = towards_limit(
                view::load,
                CurveView::finite_size(Grid::TowardsInfinity, at_size(self, name)),
                exact(|at| typical_inverse_temperature(&self.retriever, at)),
                "λ_{1}(α), N = ∞",
            );
            let y = AxisView::new(axes::CROSSOVER);
            PanelView::new(along, y, vec![Data::new(name)], passes)
        };
        let residuals = PanelView::new(
            axes::inverse_size(),
            AxisView::new("λ_{×} over finite-N theory − 1"),
            vec![Data::new(name).relative_to(at_size(self, name))],
            vec![
                Pass::new(Vec::new(), vec![Part::Level(zero())]),
                Pass::new(vec![view::load()], vec![view::points()]),
            ],
        );
        let panels = vec![
            against(axes::inverse_size()),
            residuals.with_legend(Legend::Hidden),
        ];
        let panels = Picture::Panels(panels, Arrangement::Stacked, None);
        let sizes = against(axes::size_to_limit()).titled(sweep.title());
        vec![
            View::new(KIND.name, sweep.title(), panels),
            View::of("crossover-sizes", sizes),
        ]
    }
}

fn number(value: f64) -> Measurement {
    Measurement::Number(Some(value))
}

/// The record of a search.
fn found(crossover: Option<f64>, tally: &Tally) -> Record {
    let mut record = BTreeMap::from([
        (CROSSOVER.to_owned(), Measurement::Number(crossover)),
        ("non_monotone".to_owned(), number(flag(tally.non_monotone))),
        ("unconverged".to_owned(), number(tally.unconverged as f64)),
        ("updates".to_owned(), number(tally.updates as f64)),
    ]);
    if tally.unconverged == tally.descents {
        record.insert(UNDECIDED.to_owned(), number(1.0));
    }
    record
}

/// Of each sample whether some descent did not converge, and whether none did, from columns of the records.
pub(crate) fn unconverged(column: impl Fn(&str) -> Vec<Option<f64>>) -> [Vec<bool>; 2] {
    ["unconverged", UNDECIDED].map(|name| {
        let counts = column(name).into_iter();
        counts
            .map(|count| count.is_some_and(|count| count > 0.0))
            .collect()
    })
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

/// λ_× of the median target by the averaged noise. A mean over fluctuating norms hangs on rare targets
/// of low norm near condensation, where the average over the noise fails, and stays without prediction.
fn averaged_crossover(at: &Place<'_>) -> Option<f64> {
    median_crossover(at.theory()?.as_ref(), at.patterns()?, at.size).ok()?
}

/// The median of λ_× by the finite-N theory.
pub(crate) fn median(at: &Place<'_>) -> Option<Estimate> {
    expected_median_crossover(at.theory()?.as_ref(), at.patterns()?, at.size).ok()?
}

/// By how much it lies above what the averaged noise says of the targets.
fn shift(at: &Place<'_>) -> Option<Estimate> {
    crossover_shift(at.theory()?.as_ref(), at.patterns()?, at.size).ok()?
}

/// The law of λ_× over samples where |ξ¹|² = N; `None` with too few patterns for it.
pub(crate) fn mean_crossover(at: &Place<'_>) -> Option<CrossoverLaw> {
    let noise = AxisNoise::of(at.theory()?.as_ref(), at.size).ok()?;
    CrossoverLaw::new(noise, at.patterns()?).ok()?
}

/// λ_× of this sample's target by the finite-N theory, where it depends on the target.
fn predicted_crossover(sample: &Sample<'_>) -> Option<f64> {
    let patterns = sample.task.patterns()?;
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
