//! Data collapse of measured retrieval curves p(λ, N).

use dam_runs::task::Task;
use serde::Serialize;

use crate::analyses::typical_inverse_temperature;
use dam_runs::results::Results;
use dam_statistics::{
    AutoScale, ScaledData, StatisticsError, autoscale, normal_quantile, quality, scaledata,
};

/// Candidates for λ_c in the search for a start.
const STARTS: usize = 40;

/// The retrieval curves of one load at several N, and the best collapse onto p = N^{ζ/ν} f(N^{1/ν}(λ − λ_c)).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Collapse {
    /// The pattern ensemble's name.
    pub ensemble: String,
    /// α.
    pub alpha: f64,
    /// The sizes N, in rising order.
    pub sizes: Vec<f64>,
    /// λ_c (`rho_c`), ν, ζ with their errors, and the quality S.
    pub fit: AutoScale,
    /// The curves in scaling variables, one row per size.
    pub scaled: ScaledData,
    /// λ₁(α), where the curves become a step as N → ∞.
    pub infinite_size: Option<f64>,
}

/// The curves of one load as [`scaledata`] takes them.
struct Curves<'a> {
    task: &'a Task,
    sizes: Vec<f64>,
    lambdas: Vec<f64>,
    probabilities: Vec<Vec<f64>>,
    errors: Vec<Vec<f64>>,
}

/// Collapses the retrieval probabilities of every load with at least three sizes; errors are half the Wilson intervals over
/// their quantile, which are positive where all samples agree.
///
/// The search ([`autoscale`]) starts from the λ_c and ν that map the curves' half-way points λ_½(N) best onto one value of
/// N^{1/ν}(λ − λ_c), at ζ = 0. Curves that never pass ½ have no such point, and their size is left out.
///
/// Of λ_× at exponential loads no scaling form is known: the finite-N theory moves λ_½ as (ln N)/N and narrows the curve as
/// 1/√P = e^{−αN/2}, so that λ_c and ν describe the sizes at hand. S tells how well.
///
/// # Errors
/// Of each load: those of [`autoscale`], such as curves that do not overlap or leave an exponent open.
pub fn collapse(results: &Results) -> Vec<(f64, Result<Collapse, StatisticsError>)> {
    curves(results)
        .into_iter()
        .filter(|curves| curves.sizes.len() > 2)
        .map(|curves| {
            let infinite_size = typical_inverse_temperature(results, curves.task);
            let collapse = curves.collapse().map(|found| Collapse {
                infinite_size,
                ..found
            });
            (curves.task.alpha, collapse)
        })
        .collect()
}

fn curves(results: &Results) -> Vec<Curves<'_>> {
    let mut found: Vec<Curves<'_>> = Vec::new();
    let Ok(quantile) = normal_quantile(0.975) else {
        return found;
    };
    for result in &results.tasks {
        let mut points: Vec<[f64; 3]> = result
            .quantities
            .iter()
            .filter(|quantity| quantity.name == "retrieval_probability")
            .filter_map(|quantity| {
                let error = 0.5 * (quantity.upper? - quantity.lower?) / quantile;
                Some([
                    *quantity.coordinates.get("lambda")?,
                    quantity.value()?,
                    error,
                ])
            })
            .collect();
        points.sort_by(|left, right| left[0].total_cmp(&right[0]));
        let column = |index: usize| {
            points
                .iter()
                .map(|point| point[index])
                .collect::<Vec<f64>>()
        };
        let (lambdas, probabilities, errors) = (column(0), column(1), column(2));
        if half_way(&lambdas, &probabilities).is_none() {
            continue;
        }
        let index = found
            .iter()
            .position(|curves| curves.task.alpha == result.task.alpha && curves.lambdas == lambdas)
            .unwrap_or_else(|| {
                found.push(Curves {
                    task: &result.task,
                    sizes: Vec::new(),
                    lambdas,
                    probabilities: Vec::new(),
                    errors: Vec::new(),
                });
                found.len() - 1
            });
        let curves = &mut found[index];
        let size = result.task.size as f64;
        let place = curves.sizes.partition_point(|&other| other < size);
        curves.sizes.insert(place, size);
        curves.probabilities.insert(place, probabilities);
        curves.errors.insert(place, errors);
    }
    found
}

impl Curves<'_> {
    fn collapse(&self) -> Result<Collapse, StatisticsError> {
        let (lambda_c, nu) = self.start()?;
        let Self {
            sizes,
            lambdas,
            probabilities,
            errors,
            ..
        } = self;
        let fit = autoscale(sizes, lambdas, probabilities, errors, lambda_c, nu, 0.0)?;
        let scaled = scaledata(
            sizes,
            lambdas,
            probabilities,
            errors,
            fit.rho_c,
            fit.nu,
            fit.zeta,
        )?;
        Ok(Collapse {
            ensemble: self.task.ensemble.clone(),
            alpha: self.task.alpha,
            sizes: sizes.clone(),
            fit,
            scaled,
            infinite_size: None,
        })
    }

    /// The λ_c and ν of best quality among those that keep N^{1/ν}(λ_½ − λ_c) constant: ν from the slope of ln(λ_½ − λ_c)
    /// against ln N, with λ_c below all λ_½.
    fn start(&self) -> Result<(f64, f64), StatisticsError> {
        let halves: Vec<f64> = self
            .probabilities
            .iter()
            .filter_map(|curve| half_way(&self.lambdas, curve))
            .collect();
        let least = halves.iter().copied().fold(f64::INFINITY, f64::min);
        let most = halves.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut best: Option<(f64, f64, f64)> = None;
        for index in 0..STARTS {
            // distances from 1/10 to 30 times the range of λ_½
            let fraction = index as f64 / (STARTS - 1) as f64;
            let lambda_c = least - (most - least) * 0.1 * 300_f64.powf(fraction);
            let slope = log_slope(&self.sizes, &halves, lambda_c);
            let nu = -slope.recip();
            if !(nu > 0.0 && nu.is_finite()) {
                continue;
            }
            let scaled = scaledata(
                &self.sizes,
                &self.lambdas,
                &self.probabilities,
                &self.errors,
                lambda_c,
                nu,
                0.0,
            )?;
            let Ok(found) = quality(&scaled.x, &scaled.y, &scaled.dy) else {
                continue;
            };
            if best.is_none_or(|(quality, ..)| found < quality) {
                best = Some((found, lambda_c, nu));
            }
        }
        best.map(|(_, lambda_c, nu)| (lambda_c, nu))
            .ok_or(StatisticsError::NoOverlap)
    }
}

/// Where the curve first passes ½ upwards, by linear interpolation.
fn half_way(lambdas: &[f64], probabilities: &[f64]) -> Option<f64> {
    let left = probabilities
        .windows(2)
        .position(|pair| pair[0] < 0.5 && pair[1] >= 0.5)?;
    let fraction = (0.5 - probabilities[left]) / (probabilities[left + 1] - probabilities[left]);
    Some(lambdas[left] + fraction * (lambdas[left + 1] - lambdas[left]))
}

/// The slope of least squares of ln(λ_½ − λ_c) against ln N.
fn log_slope(sizes: &[f64], halves: &[f64], lambda_c: f64) -> f64 {
    let count = sizes.len() as f64;
    let x: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
    let y: Vec<f64> = halves.iter().map(|half| (half - lambda_c).ln()).collect();
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / count, y.iter().sum::<f64>() / count);
    let products = x.iter().zip(&y).map(|(x, y)| (x - mean_x) * (y - mean_y));
    let squares = x.iter().map(|x| (x - mean_x).powi(2));
    products.sum::<f64>() / squares.sum::<f64>()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use rand::{RngExt, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;
    use dam_statistics::wilson_interval;

    const LAMBDA_C: f64 = 0.3;
    const NU: f64 = 0.8;
    const SAMPLES: u64 = 400;

    /// Counts drawn from p = 1/(1 + e^{−(x − 2)}), x = N^{1/ν}(λ − λ_c).
    fn drawn(task: &Task, random: &mut Xoshiro256PlusPlus) -> Curve {
        let scale = (task.size as f64).powf(NU.recip());
        let mut curve = Curve::default();
        for index in 0..41 {
            let lambda = 0.25 + 0.0075 * f64::from(index);
            let probability = 1.0 / (1.0 + (2.0 - scale * (lambda - LAMBDA_C)).exp());
            let hits = (0..SAMPLES).filter(|_| random.random::<f64>() < probability);
            let hits = hits.count() as u64;
            let interval = wilson_interval(hits, SAMPLES, 0.95).unwrap();
            curve.lambdas.push(lambda);
            curve.probabilities.push(hits as f64 / SAMPLES as f64);
            curve
                .errors
                .push(0.5 * (interval.high - interval.low) / normal_quantile(0.975).unwrap());
        }
        curve
    }

    #[derive(Default)]
    struct Curve {
        lambdas: Vec<f64>,
        probabilities: Vec<f64>,
        errors: Vec<f64>,
    }

    #[test]
    fn known_exponents_come_back_from_drawn_counts() {
        let job = dam_runs::job::Job::parse(
            "job.toml".as_ref(),
            "[job]\nname = \"c\"\nexperiment = \"retrieval\"\n[patterns]\nensemble = \
             \"spherical\"\n[sweep]\nalpha = [0.1]\nsize = [24, 36, 54, 80]\nlambda = [0.3]\n",
            &crate::catalogue(),
        )
        .unwrap();
        let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
        let curves: Vec<Curve> = job
            .tasks
            .iter()
            .map(|task| drawn(task, &mut random))
            .collect();
        let found = Curves {
            task: &job.tasks[0],
            sizes: job.tasks.iter().map(|task| task.size as f64).collect(),
            lambdas: curves[0].lambdas.clone(),
            probabilities: curves.iter().map(|c| c.probabilities.clone()).collect(),
            errors: curves.iter().map(|c| c.errors.clone()).collect(),
        }
        .collapse()
        .unwrap();
        let fit = &found.fit;
        assert!((0.3..1.7).contains(&fit.quality), "{fit:?}");
        for (value, exact, error, limit) in [
            (fit.rho_c, LAMBDA_C, fit.rho_c_error, 0.03),
            (fit.nu, NU, fit.nu_error, 0.3),
            (fit.zeta, 0.0, fit.zeta_error, 0.1),
        ] {
            assert!((value - exact).abs() < error && error < limit, "{fit:?}");
        }
    }

    #[test]
    fn the_half_way_point_is_interpolated_where_the_curve_rises() {
        let half = half_way(&[0.1, 0.2, 0.3], &[0.0, 0.25, 0.75]).unwrap();
        assert!((half - 0.25).abs() < 1e-15);
        assert_eq!(half_way(&[0.1, 0.2], &[0.0, 0.4]), None);
        assert_eq!(half_way(&[], &[]), None);
    }
}
