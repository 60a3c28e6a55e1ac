//! Exact draws of patterns above a threshold along a direction.

use dam_theory::finite_size::ProjectionLaw;
use rand::{Rng, RngExt};
use rand_distr::{ChiSquared, Distribution, StandardNormal};

use crate::revealed::projections::{add_multiple, product};

/// Draws a projection s with `low` < s, and s ≤ `high` where there is one, from its exact law;
/// `low` ≥ 0.
///
/// By rejection from an exponential: ln p is concave, so that its tangent at any point lies above
/// it.
pub(super) fn projection_between(
    law: ProjectionLaw,
    low: f64,
    high: Option<f64>,
    rng: &mut impl Rng,
) -> f64 {
    // The tangent where the exponential is about as wide as what is left of the law.
    let (curvature, greatest) = match law {
        ProjectionLaw::Spherical(law) => ((law.size() - 3.0).max(1e-3), 1.0),
        ProjectionLaw::Gaussian => (1.0, f64::INFINITY),
    };
    let touching = 0.5 * (low + (low * low + 4.0 / curvature).sqrt());
    let touching = touching.min(0.5 * (low + greatest));
    let rate = match law {
        ProjectionLaw::Spherical(law) => {
            (law.size() - 3.0) * touching / ((1.0 - touching) * (1.0 + touching))
        }
        ProjectionLaw::Gaussian => touching,
    };
    let width = high.unwrap_or(greatest) - low;
    loop {
        let uniform: f64 = rng.random();
        let step = if rate * width > 1e-9 {
            -(uniform * (-rate * width).exp_m1()).ln_1p() / rate
        } else {
            uniform * width
        };
        let projection = low + step;
        let log_acceptance =
            law.log_density_ratio(touching, projection - touching) + rate * (projection - touching);
        if rng.random::<f64>().ln() < log_acceptance {
            return projection;
        }
    }
}

/// A second direction to project candidates on, and what their projection on it may not exceed.
pub(super) struct Guard {
    /// cos and sin of the angle between the two directions.
    cosine: f64,
    sine: f64,
    /// The unit vector across the first direction, in the plane of both.
    across: Vec<f64>,
    threshold: f64,
}

impl Guard {
    /// Candidates along `direction` are dropped where their projection on `other` exceeds
    /// `threshold`; `None` where the directions do not span a plane.
    pub(super) fn new(
        direction: &[f64],
        other: &[f64],
        cosine: f64,
        threshold: f64,
    ) -> Option<Self> {
        // a direction explored earlier has no coordinates along later ones
        let mut across = other.to_vec();
        across.resize(direction.len(), 0.0);
        add_multiple(&mut across, -cosine, direction);
        // once more, for the digits lost between close directions
        let rest = product(&across, direction);
        add_multiple(&mut across, -rest, direction);
        let sine = product(&across, &across).sqrt();
        if sine < 1e-7 {
            return None;
        }
        for value in &mut across {
            *value /= sine;
        }
        Some(Self {
            cosine,
            sine,
            across,
            threshold,
        })
    }
}

/// Draws the coordinates of a pattern of projection s along `direction`, divided by ℓ, into `pattern`: its complement is
/// uniform, also over the `others` dimensions that have no coordinates; the squared length of the part there. `None` where
/// the guard drops it, before most of it is drawn.
pub(super) fn complete(
    (law, others): (ProjectionLaw, usize),
    direction: &[f64],
    projection: f64,
    guard: Option<&Guard>,
    pattern: &mut [f64],
    rng: &mut impl Rng,
) -> Option<f64> {
    let size = (direction.len() + others) as f64;
    // |ξ_⊥|/ℓ on the sphere
    let complement = ((1.0 - projection) * (1.0 + projection)).max(0.0).sqrt();
    let mut left = complement;
    let mut sideways = 0.0;
    if let Some(guard) = guard {
        let normal: f64 = StandardNormal.sample(rng);
        sideways = match law {
            ProjectionLaw::Spherical(_) => {
                // one component of a uniform direction in N − 1 dimensions
                let rest = ChiSquared::new(size - 2.0)
                    .expect("N ≥ 3 on the sphere")
                    .sample(rng);
                let length = (normal * normal + rest).sqrt();
                left = complement * (rest.sqrt() / length);
                complement * normal / length
            }
            ProjectionLaw::Gaussian => normal,
        };
        if projection * guard.cosine + sideways * guard.sine > guard.threshold {
            return None;
        }
    }
    for value in pattern.iter_mut() {
        *value = StandardNormal.sample(rng);
    }
    let along = product(pattern, direction);
    add_multiple(pattern, -along, direction);
    if let Some(guard) = guard {
        let across = product(pattern, &guard.across);
        add_multiple(pattern, -across, &guard.across);
    }
    let mut beyond = 0.0;
    if matches!(law, ProjectionLaw::Spherical(_)) {
        if others > 0 {
            beyond = ChiSquared::new(others as f64)
                .expect("there are others")
                .sample(rng);
        }
        let factor = left / (product(pattern, pattern) + beyond).sqrt();
        beyond *= factor * factor;
        for value in pattern.iter_mut() {
            *value *= factor;
        }
    }
    add_multiple(pattern, projection, direction);
    if let Some(guard) = guard {
        add_multiple(pattern, sideways, &guard.across);
    }
    Some(beyond)
}
