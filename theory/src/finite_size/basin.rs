//! The finite-size basin of attraction on the sphere: the largest angle from which the plane map retrieves.

use super::domain;
use super::map::{CollinearMap, PlaneMap, PlaneState};
use super::noise::SphericalNoise;
use super::pattern_count::PatternCount;
use crate::{Ensemble, Spherical, TheoryError};
use std::f64::consts::PI;

/// Updates after which a start on the edge of the basin is given up.
const MOST_STEPS: usize = 1_000_000;
/// Change of the state at which the map rests.
const TOLERANCE: f64 = 1e-14;

/// The edge of the basin on |x₀|² = N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasinAngle {
    /// Largest angle θ between x₀ and the target that is retrieved, radians; π when every start is.
    pub angle: f64,
    /// Whether λ > λ_*(α), α = ln(P − 1)/N. There the averaged noise is carried by overlaps that no stored pattern has, the
    /// angle is too small, and the cone scheme ([`truncated_average`](super::SphericalOverlapLaw::truncated_average) with
    /// sampled extremes) is to be used.
    pub is_condensed: bool,
}

/// The basin of [`PlaneMap`] at inverse temperature λ, by bisection of the map's fate over θ to 1e-13.
///
/// `None` below the crossover λ_×, where not even θ = 0 is retrieved. As N → ∞ with λ ≤ λ_*: θ = arccos[(α + ζ(λ))/λ].
/// With few patterns the map may carry back even a start at right angles: the average is isotropic, so that a state shrunk
/// to the origin still feels the 1/P of its target, where stored patterns would compete.
/// The retrieved starts are taken to be those up to one angle (checked on grids by the tests, not proved).
///
/// # Errors
/// [`TheoryError`] when λ is negative or not finite, or when a start does not settle (λ closer to λ_× than about 1e-12).
pub fn spherical_basin_angle(
    noise: SphericalNoise,
    patterns: PatternCount,
    inverse_temperature: f64,
) -> Result<Option<BasinAngle>, TheoryError> {
    let map = PlaneMap::new(noise, patterns, inverse_temperature)?;
    let axis = CollinearMap::new(noise, patterns);
    let crossover = axis.crossover()?;
    let Some(crossover) = crossover.filter(|found| found.inverse_temperature < inverse_temperature)
    else {
        return Ok(None);
    };
    let lost_below = unstable_amplitude(
        &axis,
        crossover.inverse_temperature * crossover.amplitude,
        inverse_temperature,
    );
    let retrieves = |angle: f64| retrieves(&map, angle, lost_below);
    let load = patterns.log_noise_patterns() / noise.size();
    let is_condensed = load > 0.0
        && inverse_temperature > Spherical.condensation_inverse_temperature(load, 1.0)?;
    if retrieves(PI)? {
        return Ok(Some(BasinAngle {
            angle: PI,
            is_condensed,
        }));
    }
    let (mut inside, mut outside) = (0.0, PI);
    while outside - inside > 1e-13 {
        let middle = 0.5 * (inside + outside);
        if retrieves(middle)? {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    Ok(Some(BasinAngle {
        angle: inside,
        is_condensed,
    }))
}

/// Whether the start at `angle` ends with w > ½, given that the target itself does.
fn retrieves(map: &PlaneMap, angle: f64, lost_below: f64) -> Result<bool, TheoryError> {
    let mut state = PlaneState::at_angle(angle);
    for _ in 0..MOST_STEPS {
        let (next, weight) = map.step(state);
        // the next state is the target to rounding, and the target is retrieved
        if weight > 1.0 - f64::EPSILON {
            return Ok(true);
        }
        if next.along < lost_below {
            return Ok(false);
        }
        let change = (next.along - state.along)
            .abs()
            .max((next.across - state.across).abs());
        if change <= TOLERANCE {
            return Ok(weight > 0.5);
        }
        state = next;
    }
    Err(domain::not_settled(
        "the edge of the basin; take λ further from the crossover",
    ))
}

/// The amplitude of the unstable fixed point on the axis below the retrieval one; 0 when none is found.
///
/// Off the axis c₁' ≤ f(c₁), the collinear map, because A(k)/k falls and ln E e^{k t} rises with k. As f rises, a state
/// with c₁ below its unstable fixed point never comes back.
fn unstable_amplitude(
    axis: &CollinearMap<SphericalNoise>,
    crossover_field: f64,
    inverse_temperature: f64,
) -> f64 {
    // u − λF(u), negative at the saddle-node's field for λ > λ_×
    let excess = |field: f64| {
        let (amplitude, _) = axis.step(1.0, field);
        field - inverse_temperature * amplitude
    };
    let mut high = crossover_field;
    let mut step = 1e-3 * crossover_field;
    loop {
        let low = high - step;
        if low <= 0.0 {
            return 0.0;
        }
        if excess(low) > 0.0 {
            // any lower bound of the fixed point serves: it only ends lost runs early
            return low / inverse_temperature;
        }
        high = low;
        step *= 1.05;
    }
}
