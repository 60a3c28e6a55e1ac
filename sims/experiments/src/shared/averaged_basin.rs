//! Basins by the finite-N map of the averaged noise.

use dam_runs::place::Place;
use dam_theory::finite_size::{
    AxisNoise, Estimate, GaussianNoise, GaussianNormLaw, GaussianStarts,
    LARGEST_AVERAGED_ERROR_DEGREES, PatternCount, RademacherNoise, RotationInvariantNoise,
    SphericalNoise, fluctuating_count, gaussian_basin_angle, gaussian_least_norm,
    rademacher_basin_angle, retrieval_probability, spherical_basin_angle,
};
use dam_theory::{Structure, TheoryError};

use crate::shared::start_path::StartKind;

/// The largest error of a probability.
const LARGEST_ERROR_PROBABILITY: f64 = 0.01;

/// What the averaged map says of `quantity` at λ, off by what [`fluctuating_count`] says; `None` where that
/// would be too much, where no sample has a basin, and for what is not known.
///
/// * spherical patterns, great circles: the one θ_c of the map;
/// * spherical patterns, Gaussian starts: the law of θ_c over the starts;
/// * Gaussian patterns: the share of targets that have a basin, from the law of r = |ξ¹|²/N; the
///   median of θ_c over those, which is θ_c at their median r (θ_c rises with r; Gaussian starts add
///   fluctuations that are even to first order). Means hang on rare targets, for which the average
///   fails;
/// * Rademacher patterns, flipped signs: the share of samples that retrieve the target itself; the
///   median, midway between the last retrieved and the first lost number of flips, as it is measured.
///   The mean depends on how the noise spreads samples over neighbouring numbers.
pub(crate) fn averaged_basin(
    at: &Place<'_>,
    start: StartKind,
    quantity: &str,
    lambda: f64,
) -> Option<Estimate> {
    let patterns = at.patterns()?;
    let noise = AxisNoise::of(at.theory()?.as_ref(), at.size).ok()?;
    let count = fluctuating_count(&noise, patterns, lambda).ok()??;
    let at_count = |patterns| at_count(at, start, quantity, lambda, patterns);
    // elsewhere the samples that have a basin are not all
    at_count(count.highest)?;
    let value = at_count(patterns)?;
    let error = (at_count(count.raised)? - value).abs();
    let largest = match quantity {
        "basin_probability" => LARGEST_ERROR_PROBABILITY,
        "cos_theta_c" | "cos_theta_c_median" => LARGEST_AVERAGED_ERROR_DEGREES.to_radians(),
        _ => LARGEST_AVERAGED_ERROR_DEGREES,
    };
    (error <= largest).then_some(Estimate { value, error })
}

/// The same for any number of patterns, however large its error.
fn at_count(
    at: &Place<'_>,
    start: StartKind,
    quantity: &str,
    lambda: f64,
    patterns: PatternCount,
) -> Option<f64> {
    let size = at.size;
    let ensemble = at.theory()?;
    match (ensemble.structure(), start) {
        (Structure::Sphere, StartKind::Sphere) => {
            let noise = SphericalNoise::new(size).ok()?;
            let basin = spherical_basin_angle(noise, patterns, lambda).ok()??;
            of_angle(basin.angle, quantity)
        }
        (Structure::Sphere, StartKind::Gaussian) => {
            let noise = SphericalNoise::new(size).ok()?;
            let starts = GaussianStarts::new(noise, size, patterns, lambda).ok()??;
            of_starts(&starts, quantity).ok()?
        }
        (Structure::Normal, StartKind::Sphere | StartKind::Gaussian) => {
            let law = GaussianNormLaw::new(size).ok()?;
            let least = gaussian_least_norm(patterns, size, lambda).ok()?;
            let lost = law.log_lower_tail(least).ok()?.exp();
            if quantity == "basin_probability" {
                return Some(1.0 - lost);
            }
            let norm = law.quantile(lost + 0.5 * (1.0 - lost)).ok()?;
            let noise = GaussianNoise::new(size, norm).ok()?;
            let angle = if start == StartKind::Gaussian {
                let starts = GaussianStarts::new(noise, size, patterns, lambda).ok()??;
                starts.median_angle().ok()?
            } else {
                gaussian_basin_angle(noise, patterns, lambda).ok()??
            };
            of_angle(angle, quantity).filter(|_| quantity.ends_with("_median"))
        }
        (Structure::Signs, StartKind::Flipped) => {
            if quantity == "basin_probability" {
                let found = retrieval_probability(ensemble.as_ref(), patterns, size, lambda);
                return Some(found.ok()??.value);
            }
            let noise = RademacherNoise::new(size).ok()?;
            let angle = rademacher_basin_angle(noise, patterns, lambda).ok()??;
            let retrieved = (0.5 * size * (1.0 - angle.cos())).floor();
            let cosine: f64 = 1.0 - 2.0 * (retrieved + 0.5).min(size) / size;
            of_angle(cosine.acos(), quantity).filter(|_| quantity.ends_with("_median"))
        }
        (Structure::Sphere | Structure::Normal, StartKind::Flipped)
        | (Structure::Signs, StartKind::Sphere | StartKind::Gaussian)
        | (Structure::Components(_) | Structure::Covariance(_), _) => None,
    }
}

/// A quantity of samples that all have this θ_c.
fn of_angle(angle: f64, quantity: &str) -> Option<f64> {
    match quantity {
        "theta_c_degrees" | "theta_c_degrees_median" => Some(angle.to_degrees()),
        "cos_theta_c" | "cos_theta_c_median" => Some(angle.cos()),
        _ => None,
    }
}

fn of_starts<N: RotationInvariantNoise>(
    starts: &GaussianStarts<N>,
    quantity: &str,
) -> Result<Option<f64>, TheoryError> {
    Ok(match quantity {
        "theta_c_degrees" => Some(starts.means()?.0.to_degrees()),
        "theta_c_degrees_median" => Some(starts.median_angle()?.to_degrees()),
        "cos_theta_c" => Some(starts.means()?.1),
        "cos_theta_c_median" => Some(starts.median_angle()?.cos()),
        _ => None,
    })
}
