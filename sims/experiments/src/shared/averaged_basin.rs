//! Basins by the finite-N map of the averaged noise.

use dam_runs::task::Task;
use dam_theory::finite_size::{
    CollinearNoise, GaussianNoise, GaussianNormLaw, GaussianStarts, LARGEST_NOISE_VARIANCE,
    PatternCount, RademacherNoise, RotationInvariantNoise, SphericalNoise, gaussian_basin_angle,
    gaussian_least_norm, log_noise_variance, rademacher_basin_angle, retrieval_probability,
    spherical_basin_angle,
};
use dam_theory::{Structure, TheoryError};

use crate::shared::start_path::StartKind;

/// What the averaged map says of `quantity` at λ; `None` where the noise sum fluctuates too much for its average, where no
/// sample has a basin, and for what is not known.
///
/// * spherical patterns, great circles: the one θ_c of the map;
/// * spherical patterns, Gaussian starts: the law of θ_c over the starts;
/// * Gaussian patterns: the share of targets that have a basin, from the law of r = |ξ¹|²/N; the median of θ_c over those, which
///   is θ_c at their median r (θ_c rises with r; Gaussian starts add fluctuations that are even to first order). Means hang on
///   rare targets, for which the average fails;
/// * Rademacher patterns, flipped signs: the share of samples that retrieve the target itself; the median, midway between the last retrieved and the first lost number of flips, as it
///   is measured. The mean depends on how the noise spreads samples over neighbouring numbers.
pub(crate) fn averaged_basin(
    task: &Task,
    start: StartKind,
    quantity: &str,
    lambda: f64,
) -> Option<f64> {
    let patterns = PatternCount::from_count(task.pattern_count as f64).ok()?;
    let size = task.size as f64;
    let ensemble = task.theory()?;
    match (ensemble.structure(), start) {
        (Structure::Sphere, StartKind::Sphere) => {
            let noise = SphericalNoise::new(size).ok()?;
            is_averaged(&noise, patterns, lambda).then_some(())?;
            let basin = spherical_basin_angle(noise, patterns, lambda).ok()??;
            match quantity {
                "theta_c_degrees" | "theta_c_degrees_median" => Some(basin.angle.to_degrees()),
                "cos_theta_c" | "cos_theta_c_median" => Some(basin.angle.cos()),
                _ => None,
            }
        }
        (Structure::Sphere, StartKind::Gaussian) => {
            let noise = SphericalNoise::new(size).ok()?;
            let starts = gaussian_starts(noise, size, patterns, lambda)?;
            of_starts(&starts, quantity).ok()?
        }
        (Structure::Normal, StartKind::Sphere | StartKind::Gaussian) => {
            let law = GaussianNormLaw::new(size).ok()?;
            let least = gaussian_least_norm(patterns, size, lambda).ok()?;
            let lost = law.log_lower_tail(least).ok()?.exp();
            if quantity == "basin_probability" {
                return is_averaged(&GaussianNoise::new(size, least).ok()?, patterns, lambda)
                    .then_some(1.0 - lost);
            }
            let norm = law.quantile(lost + 0.5 * (1.0 - lost)).ok()?;
            let noise = GaussianNoise::new(size, norm).ok()?;
            let angle = if start == StartKind::Gaussian {
                gaussian_starts(noise, size, patterns, lambda)?
                    .median_angle()
                    .ok()?
            } else {
                is_averaged(&noise, patterns, lambda).then_some(())?;
                gaussian_basin_angle(noise, patterns, lambda).ok()??
            };
            match quantity {
                "theta_c_degrees_median" => Some(angle.to_degrees()),
                "cos_theta_c_median" => Some(angle.cos()),
                _ => None,
            }
        }
        (Structure::Signs, StartKind::Flipped) => {
            let noise = RademacherNoise::new(size).ok()?;
            is_averaged(&noise, patterns, lambda).then_some(())?;
            if quantity == "basin_probability" {
                return retrieval_probability(ensemble.as_ref(), patterns, size, lambda).ok()?;
            }
            let angle = rademacher_basin_angle(noise, patterns, lambda).ok()??;
            let retrieved = (0.5 * size * (1.0 - angle.cos())).floor();
            let cosine = 1.0 - 2.0 * (retrieved + 0.5).min(size) / size;
            match quantity {
                "cos_theta_c_median" => Some(cosine),
                "theta_c_degrees_median" => Some(cosine.acos().to_degrees()),
                _ => None,
            }
        }
        (Structure::Sphere | Structure::Normal, StartKind::Flipped)
        | (Structure::Signs, StartKind::Sphere | StartKind::Gaussian)
        | (Structure::Components(_) | Structure::Covariance(_), _) => None,
    }
}

fn gaussian_starts<N: RotationInvariantNoise>(
    noise: N,
    size: f64,
    patterns: PatternCount,
    lambda: f64,
) -> Option<GaussianStarts<N>> {
    is_averaged(&noise, patterns, lambda).then_some(())?;
    GaussianStarts::new(noise, size, patterns, lambda).ok()?
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

fn is_averaged(noise: &impl CollinearNoise, patterns: PatternCount, lambda: f64) -> bool {
    log_noise_variance(noise, patterns, lambda)
        .is_ok_and(|log_variance| log_variance <= LARGEST_NOISE_VARIANCE.ln())
}
