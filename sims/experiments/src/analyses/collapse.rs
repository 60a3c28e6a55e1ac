//! Data collapse of retrieval curves.

use dam_runs::quantity::Quantity;
use dam_runs::record::grid_flags;
use dam_runs::results::{Results, TaskResult};
use dam_runs::task::Task;
use dam_statistics::collapse::{
    Collapse as Found, CollapseData, Parameter, Settings, collapse as best_collapse,
    parametric_resamples,
};
use dam_statistics::{StatisticsError, normal_quantile};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use crate::analyses::typical_inverse_temperature;

/// Fewer sizes leave ν and ζ open.
pub const LEAST_SIZES: usize = 3;
/// Root of the random numbers that resample.
const SEED: u64 = 1;

/// What is asked of a collapse.
#[derive(Clone, Debug, PartialEq)]
pub struct CollapseRequest {
    /// What is known of the parameters before.
    pub settings: Settings,
    /// Sets that are drawn anew for the errors.
    pub resamples: usize,
    /// Whether the corrections that are not fitted are fitted too, each on its own, to see what S
    /// gains.
    pub with_corrections: bool,
}

/// The curves of one load, or of a file, on one master curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Collapse {
    /// The pattern ensemble's name, or that of the file.
    pub name: String,
    /// α, where the curves have a load.
    pub alpha: Option<f64>,
    /// The sizes N, in rising order.
    pub sizes: Vec<f64>,
    /// The corrections that are fitted besides ρ_c, ν and ζ.
    pub corrections: Vec<Parameter>,
    /// The fits by both qualities.
    pub found: Found,
    /// The curves in the scaling variables of the spline's fit, one row per size.
    pub scaled: dam_statistics::ScaledData,
    /// λ₁(α), where the curves become a step as N → ∞.
    pub infinite_size: Option<f64>,
}

/// Curves that may collapse, and sets that could have been measured instead.
struct Curves {
    name: String,
    alpha: Option<f64>,
    data: CollapseData,
    resampled: Vec<CollapseData>,
    infinite_size: Option<f64>,
}

/// The collapses of one set of curves, by its load, and of each form of scaling.
pub type Collapses = (Option<f64>, Vec<Result<Collapse, StatisticsError>>);

/// Collapses the retrieval probabilities of every load with at least three sizes onto
/// p = N^{ζ/ν} f(N^{1/ν}(λ − λ_c)) ([`collapse`](dam_statistics::collapse::collapse)). Errors of the
/// points are half the Wilson intervals over their quantile, which are positive where all samples
/// agree; errors of the fit are those of a bootstrap over samples, whose whole curves are drawn:
/// verdicts of one sample at several λ are not independent. Sizes whose curve never passes ½ are
/// left out.
///
/// Of λ_× at exponential loads no scaling form is known: the finite-N theory moves λ_½ as (ln N)/N
/// and narrows the curve as 1/√P = e^{−αN/2}, so that λ_c and ν describe the sizes at hand. S tells
/// how well.
///
/// # Errors
/// Of each load and form: those of the collapse, such as a λ_c outside the scan.
pub fn collapse(results: &Results, request: &CollapseRequest) -> Vec<Collapses> {
    let loads = loads(results);
    let enough = loads.into_iter().filter(|tasks| tasks.len() >= LEAST_SIZES);
    enough
        .map(|tasks| {
            let alpha = Some(tasks[0].task.alpha);
            let outcomes = match Curves::of_tasks(results, &tasks, request.resamples) {
                Ok(curves) => curves.collapses(request),
                Err(error) => vec![Err(error)],
            };
            (alpha, outcomes)
        })
        .collect()
}

/// Collapses curves from elsewhere; the errors of the fit are those of sets drawn with the errors of
/// the points.
pub fn collapse_data(name: &str, data: CollapseData, request: &CollapseRequest) -> Collapses {
    let curves = Curves {
        name: name.to_owned(),
        alpha: None,
        resampled: parametric_resamples(&data, request.resamples, SEED),
        data,
        infinite_size: None,
    };
    (None, curves.collapses(request))
}

/// The tasks of each load whose curve passes ½, by size.
fn loads(results: &Results) -> Vec<Vec<&TaskResult>> {
    let mut loads: Vec<Vec<&TaskResult>> = Vec::new();
    for result in &results.tasks {
        let curve = curve(result);
        if half_way(&curve.lambdas, &curve.probabilities).is_none() {
            continue;
        }
        let is_same = |load: &&mut Vec<&TaskResult>| load[0].task.alpha == result.task.alpha;
        match loads.iter_mut().find(is_same) {
            Some(load) => load.push(result),
            None => loads.push(vec![result]),
        }
    }
    for load in &mut loads {
        load.sort_by_key(|result| result.task.size);
    }
    loads
}

/// The retrieval curve of a task, in rising order of λ.
#[derive(Default)]
struct Curve {
    /// Of each point its place in the grid of the task.
    places: Vec<usize>,
    lambdas: Vec<f64>,
    probabilities: Vec<f64>,
    errors: Vec<f64>,
}

fn curve(result: &TaskResult) -> Curve {
    let Ok(quantile) = normal_quantile(0.975) else {
        return Curve::default();
    };
    let named = |quantity: &&Quantity| quantity.name == "retrieval_probability";
    let mut points: Vec<(usize, [f64; 3])> = result
        .quantities
        .iter()
        .filter(named)
        .enumerate()
        .filter_map(|(place, quantity)| {
            let error = 0.5 * (quantity.upper? - quantity.lower?) / quantile;
            let lambda = *quantity.coordinates.get("lambda")?;
            Some((place, [lambda, quantity.value()?, error]))
        })
        .collect();
    points.sort_by(|(_, left), (_, right)| left[0].total_cmp(&right[0]));
    let column = |index: usize| points.iter().map(|(_, point)| point[index]).collect();
    Curve {
        places: points.iter().map(|(place, _)| *place).collect(),
        lambdas: column(0),
        probabilities: column(1),
        errors: column(2),
    }
}

impl Curves {
    fn of_tasks(
        results: &Results,
        tasks: &[&TaskResult],
        resamples: usize,
    ) -> Result<Self, StatisticsError> {
        let curves: Vec<Curve> = tasks.iter().map(|result| curve(result)).collect();
        let rows =
            |of: fn(&Curve) -> &Vec<f64>| curves.iter().map(|curve| of(curve).clone()).collect();
        let data = CollapseData::new(
            tasks.iter().map(|result| result.task.size as f64).collect(),
            rows(|curve| &curve.lambdas),
            rows(|curve| &curve.probabilities),
            rows(|curve| &curve.errors),
        )?;
        let verdicts: Option<Vec<Verdicts>> = tasks
            .iter()
            .zip(&curves)
            .map(|(result, curve)| Verdicts::of(result, curve))
            .collect();
        let resampled = match verdicts {
            Some(verdicts) => resampled(&data, &verdicts, resamples),
            None => parametric_resamples(&data, resamples, SEED),
        };
        let task: &Task = &tasks[0].task;
        Ok(Self {
            name: task.ensemble.clone(),
            alpha: Some(task.alpha),
            data,
            resampled,
            infinite_size: typical_inverse_temperature(results, task),
        })
    }

    /// The form that is asked for, and those with a correction more.
    fn collapses(&self, request: &CollapseRequest) -> Vec<Result<Collapse, StatisticsError>> {
        let mut forms = vec![request.settings.clone()];
        if request.with_corrections {
            let free = request.settings.free();
            for correction in [Parameter::Amplitude, Parameter::Shift] {
                if !free.contains(&correction) {
                    let mut settings = request.settings.clone();
                    settings.of(correction).is_free = true;
                    forms.push(settings);
                }
            }
        }
        forms
            .iter()
            .map(|settings| self.collapse(settings))
            .collect()
    }

    fn collapse(&self, settings: &Settings) -> Result<Collapse, StatisticsError> {
        let found = best_collapse(&self.data, settings, &self.resampled)?;
        let plain = Settings::plain().free();
        let free = settings.free().into_iter();
        Ok(Collapse {
            name: self.name.clone(),
            alpha: self.alpha,
            sizes: self.data.sizes.clone(),
            corrections: free
                .filter(|parameter| !plain.contains(parameter))
                .collect(),
            scaled: found.spline.scaled(&self.data),
            found,
            infinite_size: self.infinite_size,
        })
    }
}

/// Of each sample of a task whether it was retrieved, at each λ of its curve.
struct Verdicts(Vec<Vec<bool>>);

impl Verdicts {
    /// `None` where some sample has no verdict at some λ.
    fn of(result: &TaskResult, curve: &Curve) -> Option<Self> {
        let columns: Vec<Vec<bool>> = curve
            .places
            .iter()
            .map(|&place| grid_flags(&result.samples, "retrieved", place))
            .collect();
        let count = result.samples.len();
        let is_whole = count > 0 && columns.iter().all(|column| column.len() == count);
        is_whole.then_some(Self(columns))
    }

    /// The shares of a set of samples drawn anew.
    fn drawn(&self, random: &mut Xoshiro256PlusPlus) -> Vec<f64> {
        let Self(columns) = self;
        let count = columns.first().map_or(0, Vec::len);
        let mut times = vec![0_usize; count];
        let mut always = 0_usize;
        for _ in 0..count {
            match times.get_mut(random.random_range(0..=count)) {
                Some(times) => *times += 1,
                None => always += usize::from(random.random_bool(0.5)),
            }
        }
        let share = |column: &Vec<bool>| {
            let hits = column.iter().zip(&times).filter(|(is_hit, _)| **is_hit);
            (always + hits.map(|(_, times)| times).sum::<usize>()) as f64 / count as f64
        };
        columns.iter().map(share).collect()
    }
}

/// Sets in which as many samples are drawn with replacement, each with its whole curve, from those
/// measured and one more, of either verdict at all λ with equal chance: points at which all samples
/// agree are not certain (the prior of H. Jeffreys for a share).
fn resampled(data: &CollapseData, verdicts: &[Verdicts], count: usize) -> Vec<CollapseData> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    (0..count)
        .map(|_| {
            let rows = verdicts.iter().map(|verdicts| verdicts.drawn(&mut random));
            data.with_values(rows.collect())
        })
        .collect()
}

/// Where the curve first passes ½ upwards, by linear interpolation.
fn half_way(lambdas: &[f64], probabilities: &[f64]) -> Option<f64> {
    let left = probabilities
        .windows(2)
        .position(|pair| pair[0] < 0.5 && pair[1] >= 0.5)?;
    let fraction = (0.5 - probabilities[left]) / (probabilities[left + 1] - probabilities[left]);
    Some(lambdas[left] + fraction * (lambdas[left + 1] - lambdas[left]))
}
