//! The law of the overlaps with the noise patterns, their free entropy and its condensation.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Needs, Sample, at_infinity, at_size};
use dam_runs::job::{Draft, JobError, Point};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, grid_column};
use dam_runs::reduce;
use dam_runs::swept::{ALPHA, LAMBDA, SIZE};
use dam_runs::task::Task;
use dam_runs::view::axes;
use dam_runs::view::{
    Along, Arrangement, AxisView, CurveView, Data, Grid, Key, LineView, Look, PanelView, Part,
    Pass, Picture, PointsView, Row, Stroke, Sweep, View, exact, short_number,
};
use std::collections::BTreeMap;

use dam_theory::finite_size::{
    Estimate, SphericalOverlapLaw, gaussian_mean_free_entropy, gaussian_overlap_log_tail,
    spherical_mean_free_entropy,
};
use dam_theory::{Ensemble, Structure, TheoryError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use dam_runs::section::Section;
use dam_statistics::{chi_squared_survival, normal_quantile, wilson_interval};

/// Overlaps expected in each of the two open bins at the ends of the histogram.
const TAIL_EXPECTATION: f64 = 10.0;
/// The fewest overlaps per bin for which χ² follows its law.
const FEWEST_PER_BIN: f64 = 20.0;

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct OverlapStatisticsSection {
    /// The state whose overlaps with the patterns are taken.
    state: State,
    /// Bins of the histogram of overlaps.
    bins: usize,
}

impl Default for OverlapStatisticsSection {
    fn default() -> Self {
        Self {
            state: State::Target,
            bins: 40,
        }
    }
}

/// Where the overlaps are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    /// The target ξ¹.
    Target,
    /// A random point of the sphere |x|² = N.
    Sphere,
}

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "overlap-statistics",
    about: "overlaps against their exact law, noise free entropy and participation through condensation",
    sections: &[Section::of::<OverlapStatisticsSection>(
        "overlap-statistics",
    )],
    sweep: &[ALPHA, SIZE, LAMBDA],
    read: OverlapStatistics::configure,
};

/// At a state x along ξ¹, the overlaps with the P − 1 other patterns: their histogram against the
/// exact law, the free entropy (1/N) ln Σ_{μ≥2} e^{λ x·ξ^μ} on a grid of λ, and Σ w² of its
/// weights w_μ ∝ e^{λ x·ξ^μ}, μ ≥ 2.
///
/// The histogram is one of t = x·ξ/(√N|x|), which is x·ξ/N at |x|² = N; its law is that of one
/// pattern and any fixed direction. Since ξ¹ is independent of the other patterns and its direction
/// uniform, √N ξ¹/|ξ¹| is a uniformly random state on the sphere.
#[derive(Clone, Debug)]
pub struct OverlapStatistics {
    /// Whether x = √N ξ¹/|ξ¹|, on the sphere |x|² = N; otherwise x = ξ¹.
    pub on_sphere: bool,
    /// Bins of equal width, besides the two open ones at the ends.
    pub bins: usize,
    /// The λ grid.
    pub inverse_temperatures: Vec<f64>,
    /// Disorder samples per task, whose overlaps are put into one histogram.
    pub samples: usize,
}

/// The exact law of t for one pattern.
enum OverlapLaw {
    Spherical(SphericalOverlapLaw),
    /// t ~ N(0, 1/N).
    Gaussian(f64),
}

impl OverlapLaw {
    fn new(ensemble: &dyn Ensemble, size: f64) -> Option<Self> {
        match ensemble.structure() {
            Structure::Sphere => Some(Self::Spherical(SphericalOverlapLaw::new(size).ok()?)),
            Structure::Normal => Some(Self::Gaussian(size)),
            Structure::Signs | Structure::Components(_) | Structure::Covariance(_) => None,
        }
    }

    /// Pr(t > c).
    fn tail(&self, overlap: f64) -> Result<f64, TheoryError> {
        match self {
            Self::Spherical(law) => law.log_tail(overlap),
            Self::Gaussian(size) => gaussian_overlap_log_tail(*size, 1.0, overlap),
        }
        .map(f64::exp)
    }

    /// Pr(low < t < high); both laws are symmetric.
    fn probability(&self, low: f64, high: f64) -> Result<f64, TheoryError> {
        if low >= 0.0 {
            Ok(self.tail(low)? - self.tail(high)?)
        } else if high <= 0.0 {
            Ok(self.tail(-high)? - self.tail(-low)?)
        } else {
            Ok(1.0 - self.tail(-low)? - self.tail(high)?)
        }
    }

    /// The probability density of t.
    fn density(&self, overlap: f64) -> Option<f64> {
        let log_density = match self {
            Self::Spherical(law) => law.log_density(overlap).ok()?,
            Self::Gaussian(size) => {
                0.5 * (size / std::f64::consts::TAU).ln() - 0.5 * size * overlap * overlap
            }
        };
        Some(log_density.exp())
    }

    /// The c with Pr(t > c) = `tail` < ½.
    fn quantile(&self, tail: f64) -> Option<f64> {
        match self {
            Self::Spherical(law) => law.quantile_of_log_tail(tail.ln()).ok(),
            Self::Gaussian(size) => Some(-normal_quantile(tail).ok()? / size.sqrt()),
        }
    }
}

/// The histogram of a task: its inner edges and the law that fills it.
struct Histogram {
    law: OverlapLaw,
    /// Increasing; below the first and above the last edge lie the open bins.
    edges: Vec<f64>,
}

impl Histogram {
    /// Probability of the bin between two inner edges.
    fn inner_probability(&self, bin: usize) -> Option<f64> {
        let (low, high) = (self.edges[bin], self.edges[bin + 1]);
        self.law.probability(low, high).ok()
    }

    /// Probability of each open bin.
    fn open_probability(&self) -> Option<f64> {
        self.law.tail(*self.edges.last()?).ok()
    }

    /// All bins, the open ones first and last.
    fn probabilities(&self) -> Option<Vec<f64>> {
        let open = self.open_probability();
        let inner = (0..self.edges.len() - 1).map(|bin| self.inner_probability(bin));
        [open].into_iter().chain(inner).chain([open]).collect()
    }
}

impl OverlapStatistics {
    /// Section `[overlap-statistics]`; sweeps `alpha` and `size`, with the grid `lambda` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let patterns = &draft.ensemble()?.0;
        let ensemble = patterns.name();
        let theory = patterns.theory();
        if !theory.is_some_and(|theory| theory.structure().is_isotropic()) {
            let message = format!(
                "the law of the overlaps of {ensemble:?} patterns depends on the direction of the \
                 state; set \"spherical\" or \"gaussian\""
            );
            return Err(draft.error("patterns", "ensemble", message));
        }
        let section = draft
            .section::<OverlapStatisticsSection>("overlap-statistics")?
            .unwrap_or_default();
        let experiment = Self {
            on_sphere: section.state == State::Sphere,
            bins: section.bins,
            inverse_temperatures: draft.grid("lambda")?,
            samples: draft.samples()?,
        };
        let mut points = draft.exponential_loads()?;
        for point in &mut points {
            experiment.check_bins(draft, point)?;
            point
                .parameters
                .insert("lambda".to_owned(), experiment.inverse_temperatures.clone());
        }
        Ok((Box::new(experiment), points))
    }

    fn check_bins(&self, draft: &Draft<'_>, point: &Point) -> Result<(), JobError> {
        let overlaps = self.samples as f64 * (point.pattern_count - 1) as f64;
        let most = (overlaps / FEWEST_PER_BIN).floor();
        if self.bins >= 2 && self.bins as f64 <= most {
            return Ok(());
        }
        let message = format!(
            "{} bins do not suit the {overlaps} overlaps at alpha = {}, size = {}: give from 2 to \
             {most}, or more samples",
            self.bins, point.alpha, point.size
        );
        Err(draft.error("overlap-statistics", "bins", message))
    }

    /// The same bins for all samples of a task, out to where the open ones expect few overlaps.
    fn histogram(&self, task: &Task) -> Option<Histogram> {
        let law = OverlapLaw::new(task.theory()?.as_ref(), task.size as f64)?;
        let overlaps = self.samples as f64 * (task.pattern_count - 1) as f64;
        let end = law.quantile((TAIL_EXPECTATION / overlaps).min(0.25))?;
        let edge = |index: usize| end * (2.0 * index as f64 / self.bins as f64 - 1.0);
        let edges = (0..=self.bins).map(edge).collect();
        Some(Histogram { law, edges })
    }

    /// Counts of all bins over the samples.
    fn counts(&self, records: &[Record]) -> Vec<f64> {
        (0..self.bins + 2)
            .map(|bin| {
                reduce::present(&grid_column(records, "overlap_count", bin))
                    .iter()
                    .sum()
            })
            .collect()
    }

    fn histogram_quantities(&self, task: &Task, records: &[Record]) -> Option<Vec<Quantity>> {
        let histogram = self.histogram(task)?;
        let counts = self.counts(records);
        let total: f64 = counts.iter().sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers of overlaps"
        )]
        let share = |name: &str, count: f64, width: f64| {
            let share = count / total;
            let interval = wilson_interval(count as u64, total as u64, reduce::CONFIDENCE).ok();
            Quantity {
                mean: Some(share / width),
                standard_error: Some((share * (1.0 - share) / total).sqrt() / width),
                lower: interval.map(|interval| interval.low / width),
                upper: interval.map(|interval| interval.high / width),
                ..reduce::empty(name, records.len())
            }
        };
        let mut quantities = vec![share("lower_tail_probability", counts[0], 1.0)];
        for bin in 0..self.bins {
            let (low, high) = (histogram.edges[bin], histogram.edges[bin + 1]);
            quantities.push(Quantity {
                coordinates: BTreeMap::from([("overlap".to_owned(), f64::midpoint(low, high))]),
                ..share("overlap_density", counts[bin + 1], high - low)
            });
        }
        quantities.push(share("upper_tail_probability", counts[self.bins + 1], 1.0));

        let chi_squared: f64 = histogram
            .probabilities()?
            .iter()
            .zip(&counts)
            .map(|(probability, count)| {
                (count - total * probability).powi(2) / (total * probability)
            })
            .sum();
        let degrees_of_freedom = self.bins + 1;
        let number = |name: &str, value: f64, error: Option<f64>| Quantity {
            mean: Some(value),
            standard_error: error,
            ..reduce::empty(name, records.len())
        };
        // the standard deviation of χ² under its law
        let spread = (2.0 * degrees_of_freedom as f64).sqrt();
        let p_value = chi_squared_survival(chi_squared, degrees_of_freedom).ok()??;
        quantities.extend([
            number("chi_squared", chi_squared, Some(spread)),
            number("degrees_of_freedom", degrees_of_freedom as f64, None),
            number("p_value", p_value, None),
        ]);
        Some(quantities)
    }

    fn predict_free_entropy(&self, at: &Place<'_>, lambda: f64) -> Option<Prediction> {
        let (ensemble, load) = noise(at)?;
        let limit = ensemble.free_entropy(load, lambda, 1.0).ok()?;
        let (size, patterns) = (at.size, at.patterns()?);
        let gaussian = || gaussian_mean_free_entropy(patterns, size, lambda, 1.0).ok();
        let finite_size = match (ensemble.structure(), self.on_sphere) {
            (Structure::Sphere, _) => {
                let exact = spherical_mean_free_entropy(patterns, size, lambda, 1.0);
                exact.ok().map(Estimate::exact)
            }
            (Structure::Normal, true) => gaussian().map(Estimate::exact),
            // |x|² fluctuates with the target: the annealed average, linear in |x|², while the
            // noise is uncondensed; at |x|² = N the quenched one lies below it by half of the error
            (Structure::Normal, false) => {
                let threshold = ensemble.condensation_inverse_temperature(load, 1.0).ok()?;
                let annealed = load + 0.5 * lambda * lambda;
                let quenched = gaussian().filter(|_| lambda <= threshold);
                quenched.map(|quenched| Estimate {
                    value: annealed,
                    error: 2.0 * (annealed - quenched).abs(),
                })
            }
            (Structure::Signs | Structure::Components(_) | Structure::Covariance(_), _) => None,
        };
        Some(Prediction {
            infinite_size: Some(limit.value),
            ..finite_size.into()
        })
    }
}

/// The Random Energy Model of the noise and its load ln(P − 1)/N; `None` for a single noise pattern.
fn noise(at: &Place<'_>) -> Option<(std::sync::Arc<dyn Ensemble>, f64)> {
    let ensemble = at.theory()?;
    let load = (at.count - 1.0).ln() / at.size;
    (load > 0.0).then_some((ensemble, load))
}

impl Experiment for OverlapStatistics {
    fn settings(&self) -> Settings {
        let state = if self.on_sphere { "sphere" } else { "target" };
        Settings::from([
            ("overlap-statistics.state".to_owned(), json!(state)),
            ("overlap-statistics.bins".to_owned(), json!(self.bins)),
        ])
    }

    /// The bins reach as far as the overlaps of all samples.
    fn needs(&self, _size: usize) -> Needs {
        Needs {
            all_samples: true,
            ..Needs::new(1, 2 * size_of::<f64>())
        }
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let memory = sample.memory;
        let size = memory.size() as f64;
        let target = memory.pattern(0);
        let length = memory.squared_norm(0).sqrt();
        let overlaps: Vec<f64> = memory.overlaps(&target)[1..]
            .iter()
            .map(|overlap| overlap / length)
            .collect();
        let histogram = self
            .histogram(sample.task)
            .expect("the law of the ensemble was found when the job was read");
        let mut counts = vec![0.0; self.bins + 2];
        for overlap in &overlaps {
            counts[histogram.edges.partition_point(|edge| edge <= overlap)] += 1.0;
        }
        let radius = if self.on_sphere { 1.0 } else { length };
        let largest = overlaps.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut free_entropies, mut participations) = (Vec::new(), Vec::new());
        for lambda in &self.inverse_temperatures {
            let field = lambda * size * radius;
            let (mut sum, mut squares) = (0.0, 0.0);
            for overlap in &overlaps {
                let weight = (field * (overlap - largest)).exp();
                sum += weight;
                squares += weight * weight;
            }
            free_entropies.push((field * largest + sum.ln()) / size);
            participations.push(squares / (sum * sum));
        }
        let list = |values: Vec<f64>| Measurement::List(values.into_iter().map(Some).collect());
        BTreeMap::from([
            ("overlap_count".to_owned(), list(counts)),
            ("free_entropy".to_owned(), list(free_entropies)),
            ("participation".to_owned(), list(participations)),
            (
                "squared_norm".to_owned(),
                Measurement::Number(Some(radius * radius)),
            ),
        ])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let mut quantities = self.histogram_quantities(task, records).unwrap_or_default();
        for (position, &lambda) in self.inverse_temperatures.iter().enumerate() {
            let values = |name| reduce::present(&grid_column(records, name, position));
            let free_entropies = values("free_entropy");
            let at_lambda = [
                reduce::mean("free_entropy", &free_entropies),
                reduce::standard_deviation(task, "free_entropy_deviation", &free_entropies),
                reduce::mean("participation", &values("participation")),
            ];
            quantities.extend(at_lambda.into_iter().map(|quantity| Quantity {
                coordinates: BTreeMap::from([("lambda".to_owned(), lambda)]),
                ..quantity
            }));
        }
        quantities
    }

    /// The exact law of each bin at N; of χ², its mean; of the free entropy Φ(α, λ), α = ln(P − 1)/N,
    /// and its exact mean at N; of Σ w², the 1 − λ_*/λ of the condensed Random Energy Model.
    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        let at_size = |finite_size: Option<f64>| Prediction {
            infinite_size: None,
            finite_size,
            ..Prediction::default()
        };
        let lambda = at.coordinate("lambda");
        let found = match (quantity, lambda) {
            ("overlap_density", _) => self.histogram(at.task).and_then(|histogram| {
                let overlap = at.coordinate("overlap")?;
                let bin = histogram
                    .edges
                    .partition_point(|&edge| edge <= overlap)
                    .checked_sub(1)?;
                let width = histogram.edges.get(bin + 1)? - histogram.edges[bin];
                Some(at_size(Some(histogram.inner_probability(bin)? / width)))
            }),
            ("lower_tail_probability" | "upper_tail_probability", _) => self
                .histogram(at.task)
                .map(|histogram| at_size(histogram.open_probability())),
            ("chi_squared", _) => Some(at_size(Some((self.bins + 1) as f64))),
            ("free_entropy", Some(lambda)) => self.predict_free_entropy(at, lambda),
            ("participation", Some(lambda)) => noise(at).and_then(|(ensemble, load)| {
                let threshold = ensemble.condensation_inverse_temperature(load, 1.0).ok()?;
                Some(Prediction {
                    infinite_size: Some((1.0 - threshold / lambda).max(0.0)),
                    finite_size: None,
                    ..Prediction::default()
                })
            }),
            _ => None,
        };
        found.unwrap_or_default()
    }

    /// The histogram of the overlaps with its law; the free entropy of the noise and its participation against λ. A colour per (α, N).
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let solid = Look::new(Stroke::Solid, 1.4);
        let limit = |quantity| {
            let grid = Grid::Spaced("lambda");
            let dashed = Look::new(Stroke::Dashed, 1.2);
            CurveView::new("N = ∞", dashed, grid, at_infinity(self, quantity)).part()
        };
        let condensation = || {
            let dotted = Look::new(Stroke::Dotted, 2.0);
            let value = exact(condensation);
            let legend = "condensation λ_{*}(α)";
            Part::Threshold(LineView::new("λ_{*}", dotted, value, legend))
        };
        let key = || -> Key<'a> { Box::new(|row| Some(task_name(row))) };
        let panel = |along, axis, data, theory, in_legend| {
            let points = Part::Points(PointsView {
                is_small: true,
                // one legend of the colours serves all panels
                in_legend,
                ..PointsView::default()
            });
            let theory = Pass::new(vec![key()], theory);
            let points = Pass::new(vec![key()], vec![points]);
            PanelView::new(along, axis, vec![data], vec![theory, points])
        };
        let law = exact(|at| {
            let law = OverlapLaw::new(at.theory()?.as_ref(), at.size)?;
            law.density(at.coordinate("overlap")?)
        });
        let law = CurveView::new("law", solid, Grid::Symmetric("overlap"), law);
        let exact_mean = CurveView::new(
            "finite-N theory",
            solid,
            Grid::Spaced("lambda"),
            at_size(self, "free_entropy"),
        );
        let panels = vec![
            panel(
                (
                    AxisView::new("overlap t"),
                    Along::Coordinate("overlap", 0.0),
                ),
                AxisView::new("probability density").logarithmic(),
                // the logarithmic axis has no place for empty bins
                Data::new("overlap_density").only(|row| row.quantity.mean > Some(0.0)),
                vec![law.explained("exact law").part()],
                true,
            ),
            panel(
                axes::inverse_temperature(),
                AxisView::new("noise free entropy Φ"),
                Data::new("free_entropy"),
                vec![exact_mean.part(), limit("free_entropy"), condensation()],
                false,
            ),
            panel(
                axes::inverse_temperature(),
                AxisView::new("participation Σ w^{2}"),
                Data::new("participation"),
                vec![limit("participation"), condensation()],
                false,
            ),
        ];
        let panels = Picture::Panels(panels, Arrangement::SideBySide, None);
        vec![View::new(KIND.name, sweep.title(), panels)]
    }
}

/// λ_* at the load of the noise.
fn condensation(at: &Place<'_>) -> Option<f64> {
    let load = (at.count - 1.0).ln() / at.size;
    at.theory()?
        .condensation_inverse_temperature(load, 1.0)
        .ok()
}

/// "α = 0.2, N = 40".
fn task_name(row: &Row<'_>) -> String {
    let load = short_number(row.task.alpha);
    format!("α = {load}, N = {}", row.task.size)
}
