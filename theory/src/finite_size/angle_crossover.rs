//! The crossover from an angle: the smallest λ at which a start at angle θ from the target is
//! retrieved by the averaged map.
//!
//! At λ_×(θ) the start lies on the edge of the basin, θ_c(λ_×) = θ. Where the start lies above the
//! saddle-node of the map on the target's axis, it is retrieved as soon as the target itself is,
//! λ_×(θ) = λ_×(0): θ_c jumps to a positive angle there. The fate at λ_×(0) itself decides between
//! the two without a run through the bottleneck: the part of the state off the axis dies out
//! geometrically, and then the amplitude is above or below that of the saddle-node for good.

use super::axis_noise::AxisNoise;
use super::basin::{State, retrieves, unstable_below};
use super::domain;
use super::domain::within;
use super::flipped_map::{FlippedMap, FlippedState};
use super::map::{CollinearMap, PlaneMap, PlaneState};
use super::noise::{CollinearNoise, RotationInvariantNoise};
use super::pattern_count::PatternCount;
use super::saddle_node::CrossoverKind;
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::numbers::root::find_root;
use std::f64::consts::PI;

/// The largest field: those beyond belong to angles that rounding does not tell from 0.
const LARGEST_FIELD: f64 = 1e6;
/// Relative width of the last bracket of λ.
const ACCURACY: f64 = 1e-12;
/// Part of the state off the axis that no longer moves the amplitude: it enters squared.
const ON_AXIS: f64 = 1e-9;
/// Updates within which a state comes back to the axis.
const MOST_STEPS: usize = 1_000_000;
/// Where the start is lost at the λ of its best first update, all others up to e⁴ λ_×(0) are tried
/// at this ratio.
const RATIO: f64 = 1.02;
const MOST_RATIOS: i32 = 200;

/// λ_×(θ), θ = `angle` in radians: the smallest λ at which the averaged map retrieves
/// x₀ = cos θ ξ¹ + sin θ |ξ¹| e, e ⟂ ξ¹ (patterns on the sphere; normal components with |ξ¹|² = N),
/// or ξ¹ with a share p of its signs flipped, cos θ = 1 − 2p (fair signs).
///
/// Good to 1e-11 relative to the map. It is the inverse of θ_c(λ)
/// ([`spherical_basin_angle`](super::spherical_basin_angle) and its kin) where that rises; λ_×(θ) =
/// λ_×(0) up to the angle to which θ_c jumps at λ_×(0). `None` where no λ retrieves: beyond the
/// largest θ_c (to 1e-4 in angle), or without a crossover at all. The average stands for the noise
/// where [`log_noise_variance`](super::log_noise_variance) is small. Beyond, at N of some tens, the
/// map comes back even from angles at which stored patterns would compete, and this is an answer
/// about the map alone.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, SphericalNoise, crossover_from_angle, spherical_basin_angle};
/// let patterns = PatternCount::from_load(0.2, 40.0)?;
/// let spherical = dam_theory::ensemble("spherical")?;
/// let basin = spherical_basin_angle(SphericalNoise::new(40.0)?, patterns, 0.4)?.expect("a basin");
/// let found = crossover_from_angle(spherical.as_ref(), patterns, 40.0, basin.angle)?.expect("it is retrieved");
/// assert!((found - 0.4).abs() < 1e-10);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// As [`AxisNoise::of`]; N out of its domain, θ outside [0, π], or a start so close to the edge at
/// the crossover of the target that it does not settle.
pub fn crossover_from_angle(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
    angle: f64,
) -> Result<Option<f64>, TheoryError> {
    let allowed = (0.0..=PI).contains(&angle);
    within("the angle θ", angle, allowed, "within [0, π]")?;
    match AxisNoise::of(ensemble, size)? {
        AxisNoise::Sphere(noise) => plane(noise, patterns, angle),
        AxisNoise::Normal(noise) => plane(noise, patterns, angle),
        AxisNoise::Signs(noise) => {
            let share = 0.5 * (1.0 - angle.cos());
            let step = |inverse_temperature, state| {
                let map = FlippedMap::new(noise, patterns, inverse_temperature, share)?;
                Ok(map.step(state))
            };
            search(noise, patterns, angle, FlippedState::START, step)
        }
    }
}

fn plane<N: RotationInvariantNoise>(
    noise: N,
    patterns: PatternCount,
    angle: f64,
) -> Result<Option<f64>, TheoryError> {
    let step = |inverse_temperature, state| {
        Ok(PlaneMap::new(noise, patterns, inverse_temperature)?.step(state))
    };
    search(noise, patterns, angle, PlaneState::at_angle(angle), step)
}

/// The least λ at which `start` is retrieved by `step`, whose map on the axis is that of `noise`.
fn search<N: CollinearNoise + Copy, S: State>(
    noise: N,
    patterns: PatternCount,
    angle: f64,
    start: S,
    step: impl Fn(f64, S) -> Result<(S, f64), TheoryError>,
) -> Result<Option<f64>, TheoryError> {
    let axis = CollinearMap::new(noise, patterns);
    let Some(crossover) = axis.crossover()? else {
        return Ok(None);
    };
    let lowest = crossover.inverse_temperature;
    let is_retrieved = |inverse_temperature: f64, lost_below: f64| {
        retrieves(|state| step(inverse_temperature, state), start, lost_below)
    };
    let with_the_target = match crossover.kind {
        CrossoverKind::SaddleNode => {
            ends_above(|state| step(lowest, state), start, crossover.amplitude)?
        }
        // no bottleneck: the fixed point goes on below
        CrossoverKind::WeightCrossing => is_retrieved(lowest * (1.0 + 1e-9) + 1e-12, 0.0)?,
    };
    if with_the_target {
        return Ok(Some(lowest));
    }
    let ceiling = noise.largest_field();
    let others = (1..=MOST_RATIOS).map(|power| lowest.max(1e-6) * RATIO.powi(power));
    let mut low = lowest;
    let mut bracket = None;
    for (index, candidate) in std::iter::once(best_first_update(&noise, angle)?)
        .chain(others)
        .enumerate()
        .filter(|&(_, candidate)| candidate > lowest && candidate < ceiling)
    {
        let lost_below = unstable_below(&axis, crossover, candidate);
        if is_retrieved(candidate, lost_below)? {
            bracket = Some((candidate, lost_below));
            break;
        }
        if index > 0 {
            low = candidate;
        }
    }
    // the unstable fixed point falls with λ, so that what is lost below it stays lost at smaller λ
    let Some((mut high, lost_below)) = bracket else {
        return Ok(None);
    };
    while high - low > ACCURACY * high {
        let middle = 0.5 * (low + high);
        if is_retrieved(middle, lost_below)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(Some(0.5 * (low + high)))
}

/// The λ at which the first update gives the target the largest weight, A(λ) = cos θ: its log-odds
/// are concave in λ.
fn best_first_update(noise: &impl CollinearNoise, angle: f64) -> Result<f64, TheoryError> {
    let cosine = angle.cos();
    if cosine <= 0.0 {
        return Ok(0.0);
    }
    let excess = |field: f64| noise.average(field).mean - cosine;
    let mut high = 1.0_f64.min(noise.largest_field());
    while excess(high) < 0.0 {
        high *= 2.0;
        if high > LARGEST_FIELD {
            return Ok(high);
        }
    }
    find_root(excess, 0.0, high)
}

/// At the crossover of the target, where f(a) ≤ a: whether the state comes to the axis above the
/// amplitude a of the saddle-node.
fn ends_above<S: State>(
    step: impl Fn(S) -> Result<(S, f64), TheoryError>,
    start: S,
    amplitude: f64,
) -> Result<bool, TheoryError> {
    let mut state = start;
    for _ in 0..MOST_STEPS {
        if state.leading() <= amplitude || state.off_axis() <= ON_AXIS {
            return Ok(state.leading() > amplitude);
        }
        state = step(state)?.0;
    }
    Err(domain::not_settled(
        "the fate of a start at the crossover of its target",
    ))
}

/// The inverse temperature at N = ∞ from which on a start at θ = `angle` (radians) is retrieved:
/// the inverse of [`pattern_basin_angle`](Ensemble::pattern_basin_angle) on [λ₁, λ_*] (signs are
/// flipped); λ₁(α) at θ = 0, `None` beyond the angle of the nearest pattern.
///
/// # Errors
/// [`TheoryError`] when α ≤ 0, at α beyond the ensemble's largest load, or θ is outside [0, π].
pub fn basin_inverse_temperature(
    ensemble: &dyn Ensemble,
    load: f64,
    angle: f64,
) -> Result<Option<f64>, TheoryError> {
    let allowed = (0.0..=PI).contains(&angle);
    within("the angle θ", angle, allowed, "within [0, π]")?;
    let low = ensemble.typical_inverse_temperature(load)?;
    if angle == 0.0 {
        return Ok(Some(low));
    }
    let high = ensemble.condensation_inverse_temperature(load, 1.0)?;
    let excess = |inverse_temperature: f64| {
        let found = ensemble.pattern_basin_angle(load, inverse_temperature);
        found.map_or(f64::NAN, |basin| basin.unwrap_or(0.0) - angle)
    };
    if excess(high) < 0.0 {
        return Ok(None);
    }
    find_root(excess, low, high).map(Some)
}
