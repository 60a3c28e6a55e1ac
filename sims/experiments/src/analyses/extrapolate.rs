//! Measured crossovers extrapolated to N = ∞ by weighted fits in two bases.

use dam_runs::job::Job;
use dam_runs::task::Task;
use serde::Serialize;

use crate::analyses::typical_inverse_temperature;
use crate::crossover;
use dam_runs::results::Results;
use dam_statistics::{Basis, FitPoint, LinearFit};

/// What one basis makes of the crossovers at one load.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extrapolation {
    /// The pattern ensemble's name.
    pub ensemble: String,
    /// α.
    pub alpha: f64,
    /// The functions of N that were fitted.
    pub basis: String,
    /// The fitted quantity.
    pub quantity: String,
    /// Sizes in the fit.
    pub points: usize,
    /// The constant term, λ_× at N = ∞ as the basis has it.
    pub limit: f64,
    /// Its standard error, from the errors of the points.
    pub standard_error: f64,
    /// χ² of the fit.
    pub chi_squared: f64,
    /// Points less coefficients.
    pub degrees_of_freedom: usize,
    /// Probability of a larger χ² if the basis were right; none without degrees of freedom.
    pub p_value: Option<f64>,
    /// λ₁(α), where the limit should lie.
    pub infinite_size: Option<f64>,
}

/// Fits λ_×(N) of every load with at least four sizes in {1, 1/N, 1/N²} and {1, ln N/N, 1/N}.
///
/// The finite-N theory shifts λ_× by (ln N)/N, so the first basis extrapolates too high; the table
/// shows by how much. `quantity` is `lambda_crossover` or `lambda_crossover_median`.
pub fn extrapolate(results: &Results, quantity: &str) -> Vec<Extrapolation> {
    let mut loads: Vec<(&Task, Vec<FitPoint>)> = Vec::new();
    for result in &results.tasks {
        let found = result
            .quantities
            .iter()
            .find(|found| found.name == quantity);
        let Some((value, error)) = found.and_then(|found| found.value().zip(found.standard_error))
        else {
            continue;
        };
        let point = FitPoint {
            x: result.task.size as f64,
            value,
            error,
        };
        match loads
            .iter_mut()
            .find(|(task, _)| task.alpha == result.task.alpha)
        {
            Some((_, points)) => points.push(point),
            None => loads.push((&result.task, vec![point])),
        }
    }
    let mut rows = Vec::new();
    for (task, points) in loads.iter().filter(|(_, points)| points.len() > 3) {
        for basis in [Basis::inverse_powers(), Basis::logarithmic()] {
            let names: Vec<&str> = basis.names().collect();
            let name = format!("{{{}}}", names.join(", "));
            let Ok(fit) = LinearFit::new(basis, points) else {
                continue;
            };
            rows.push(Extrapolation {
                ensemble: task.ensemble.clone(),
                alpha: task.alpha,
                basis: name,
                quantity: quantity.to_owned(),
                points: points.len(),
                limit: fit.coefficients()[0],
                standard_error: fit.standard_errors()[0],
                chi_squared: fit.chi_squared(),
                degrees_of_freedom: fit.degrees_of_freedom(),
                p_value: fit.p_value().ok().flatten(),
                infinite_size: typical_inverse_temperature(results, task),
            });
        }
    }
    rows
}

/// The quantity that stands for a measured crossover.
pub fn headline_quantity(job: &Job) -> &'static str {
    crossover::headline_quantity(job.ensemble.as_ref())
}
