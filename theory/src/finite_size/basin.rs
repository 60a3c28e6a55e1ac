//! The finite-size basin of attraction: the largest angle from which the averaged map retrieves.

use super::axis_noise::AxisNoise;
use super::domain;
use super::domain::within;
use super::flipped_map::{FlippedMap, FlippedState};
use super::map::{CollinearMap, PlaneMap, PlaneState};
use super::noise::{
    CollinearNoise, GaussianNoise, RademacherNoise, RotationInvariantNoise, SphericalNoise,
};
use super::noise_variance::fluctuating_count;
use super::pattern_count::PatternCount;
use super::saddle_node::Crossover;
use crate::ensemble::Ensemble;
use crate::ensembles::spherical::Spherical;
use crate::error::TheoryError;
use std::f64::consts::PI;

/// Updates after which a start on the edge of the basin is given up.
const MOST_STEPS: usize = 1_000_000;
/// Change of the state at which the map rests.
const TOLERANCE: f64 = 1e-14;
/// Width in radians of the last bracket of the edge.
const ANGLE_ACCURACY: f64 = 1e-13;

/// The edge of the basin on |x₀|² = N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasinAngle {
    /// Largest angle θ between x₀ and the target that is retrieved, radians; π when every start is.
    pub angle: f64,
    /// Whether λ > λ_*(α), α = ln(P − 1)/N. There the averaged noise is carried by overlaps that no
    /// stored pattern has, the angle is too small, and the cone scheme
    /// ([`truncated_average`](super::SphericalOverlapLaw::truncated_average) with sampled extremes)
    /// is to be used.
    pub is_condensed: bool,
}

/// Where the starts x₀(θ) = cos θ ξ¹ + sin θ y go: y by its part along ξ¹ and its length across, in
/// units of |ξ¹|.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StartDirection {
    /// y·ξ¹/|ξ¹|².
    pub along: f64,
    /// |y − (y·ξ̂¹) ξ̂¹|/|ξ¹| ≥ 0.
    pub across: f64,
}

impl StartDirection {
    /// y ⟂ ξ¹ with |y| = |ξ¹|: starts on the great circle |x₀| = |ξ¹|.
    pub const GREAT_CIRCLE: Self = Self {
        along: 0.0,
        across: 1.0,
    };

    fn at(self, angle: f64) -> PlaneState {
        let (sine, cosine) = angle.sin_cos();
        PlaneState {
            along: cosine + sine * self.along,
            across: sine * self.across,
        }
    }
}

/// The basin of [`PlaneMap`] at inverse temperature λ, by bisection of the map's fate over θ to
/// 1e-13.
///
/// `None` below the crossover λ_×, where not even θ = 0 is retrieved. As N → ∞ with λ ≤ λ_*: θ =
/// arccos[(α + ζ(λ))/λ]. With few patterns the map may carry back even a start at right angles: the
/// average is isotropic, so that a state shrunk to the origin still feels the 1/P of its target,
/// where stored patterns would compete. The retrieved starts are taken to be those up to one angle
/// (checked on grids by the tests, not proved).
///
/// # Errors
/// [`TheoryError`] when λ is negative or not finite, or when a start does not settle (λ closer to
/// λ_× than about 1e-12).
pub fn spherical_basin_angle(
    noise: SphericalNoise,
    patterns: PatternCount,
    inverse_temperature: f64,
) -> Result<Option<BasinAngle>, TheoryError> {
    let direction = StartDirection::GREAT_CIRCLE;
    let Some(angle) = basin_angle_towards(noise, patterns, inverse_temperature, direction)? else {
        return Ok(None);
    };
    let load = patterns.log_noise_patterns() / noise.size();
    let is_condensed = load > 0.0
        && inverse_temperature > Spherical.condensation_inverse_temperature(load, 1.0)?;
    Ok(Some(BasinAngle {
        angle,
        is_condensed,
    }))
}

/// The basin of Gaussian patterns around a target of norm r on |x₀| = |ξ¹|, as
/// [`spherical_basin_angle`].
///
/// As N → ∞ with λ ≤ λ_* = √(2α/r): cos θ = (α + λ²r/2)/(λr).
///
/// # Errors
/// [`TheoryError`] when λ is outside [0, 1), where the averaged noise stays bounded, or when a
/// start does not settle.
pub fn gaussian_basin_angle(
    noise: GaussianNoise,
    patterns: PatternCount,
    inverse_temperature: f64,
) -> Result<Option<f64>, TheoryError> {
    let direction = StartDirection::GREAT_CIRCLE;
    basin_angle_towards(noise, patterns, inverse_temperature, direction)
}

/// The largest θ of the starts x₀(θ) = cos θ ξ¹ + sin θ y that [`PlaneMap`] retrieves, in radians;
/// π when every start is, `None` where the target itself is not.
///
/// # Errors
/// [`TheoryError`] when λ is negative, not finite or at or above the field
/// [`CollinearNoise::largest_field`] (1 for Gaussian patterns) where the averaged noise runs away,
/// or when a start does not settle.
pub fn basin_angle_towards<N: RotationInvariantNoise>(
    noise: N,
    patterns: PatternCount,
    inverse_temperature: f64,
    direction: StartDirection,
) -> Result<Option<f64>, TheoryError> {
    let map = PlaneMap::new(noise, patterns, inverse_temperature)?;
    within(
        "the inverse temperature λ",
        inverse_temperature,
        inverse_temperature < noise.largest_field(),
        "below the field at which the averaged noise overtakes the target (1 for Gaussian patterns)",
    )?;
    let axis = CollinearMap::new(noise, patterns);
    let Some(lost_below) = lost_below(&axis, inverse_temperature)? else {
        return Ok(None);
    };
    let retrieves = |angle: f64| {
        let step = |state: PlaneState| Ok(map.step(state));
        retrieves(step, direction.at(angle), lost_below)
    };
    edge(retrieves).map(Some)
}

/// The basin of Rademacher patterns for starts with a share p of the target's signs flipped, cos θ
/// = 1 − 2p: the largest θ that [`FlippedMap`] retrieves, in radians, with p a real number; `None`
/// below the crossover.
///
/// As N → ∞ with λ ≤ λ_*: cos θ = (α + ln cosh λ)/λ. The retrieved starts are those up to one
/// angle: w rises with a and b and falls with p, and a and b rise with w, so that by induction
/// every state falls with p.
///
/// # Errors
/// [`TheoryError`] when λ is negative or not finite, or when a start does not settle.
pub fn rademacher_basin_angle(
    noise: RademacherNoise,
    patterns: PatternCount,
    inverse_temperature: f64,
) -> Result<Option<f64>, TheoryError> {
    domain::inverse_temperature(inverse_temperature)?;
    let axis = CollinearMap::new(noise, patterns);
    let Some(lost_below) = lost_below(&axis, inverse_temperature)? else {
        return Ok(None);
    };
    let retrieves = |angle: f64| {
        let flipped = 0.5 * (1.0 - angle.cos());
        let map = FlippedMap::new(noise, patterns, inverse_temperature, flipped)?;
        retrieves(|state| Ok(map.step(state)), FlippedState::START, lost_below)
    };
    edge(retrieves).map(Some)
}

impl AxisNoise {
    /// The basin at λ: of great circles on the sphere and for normal components, of flipped signs.
    ///
    /// # Errors
    /// As [`spherical_basin_angle`], [`gaussian_basin_angle`] and [`rademacher_basin_angle`].
    pub fn basin_angle(
        self,
        patterns: PatternCount,
        inverse_temperature: f64,
    ) -> Result<Option<f64>, TheoryError> {
        match self {
            Self::Sphere(noise) => Ok(spherical_basin_angle(noise, patterns, inverse_temperature)?
                .map(|basin| basin.angle)),
            Self::Normal(noise) => gaussian_basin_angle(noise, patterns, inverse_temperature),
            Self::Signs(noise) => rademacher_basin_angle(noise, patterns, inverse_temperature),
        }
    }
}

/// The largest error of θ_c, in degrees, at which the averaged map is taken where samples can stand in
/// for it: about that of 400 samples at P of some hundreds.
pub const LARGEST_AVERAGED_ERROR_DEGREES: f64 = 0.1;

/// What the averaged map knows of a basin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AveragedBasin {
    /// Nearly every disorder sample has one.
    Found {
        /// θ_c of the averaged map, radians.
        angle: f64,
        /// |θ_c(ln(P − 1) + V) − θ_c|, V = Var Z/(E Z)²: fluctuations of the noise sum move ln Z,
        /// and with it the edge, by a share of V (the pull of the patterns towards themselves raises
        /// it, the convexity of the logarithm lowers it).
        error: f64,
    },
    /// Nearly no disorder sample has one.
    Absent,
    /// The noise fluctuates too much for its average to tell.
    Open,
}

impl AxisNoise {
    /// What the averaged map says of the basin at λ, with an estimate of its error, tested against
    /// simulations of P = 159 to 14 765; as [`basin_angle`](Self::basin_angle).
    ///
    /// ```
    /// use dam_theory::finite_size::{AveragedBasin, AxisNoise, PatternCount};
    /// let spherical = dam_theory::ensemble("spherical")?;
    /// let noise = AxisNoise::of(spherical.as_ref(), 37.0)?;
    /// let patterns = PatternCount::from_load(0.137, 37.0)?;
    /// // simulated: 57.147(51)
    /// if let AveragedBasin::Found { angle, error } = noise.averaged_basin(patterns, 0.3)? {
    ///     let off = angle.to_degrees() - 57.147;
    ///     assert!(off.abs() > 0.3 && off.abs() < error.to_degrees());
    /// }
    /// # Ok::<(), dam_theory::TheoryError>(())
    /// ```
    ///
    /// # Errors
    /// As [`basin_angle`](Self::basin_angle).
    pub fn averaged_basin(
        self,
        patterns: PatternCount,
        inverse_temperature: f64,
    ) -> Result<AveragedBasin, TheoryError> {
        let Some(count) = fluctuating_count(&self, patterns, inverse_temperature)? else {
            return Ok(AveragedBasin::Open);
        };
        let angle = |patterns| self.basin_angle(patterns, inverse_temperature);
        if angle(count.highest)?.is_some() {
            if let (Some(angle), Some(moved)) = (angle(patterns)?, angle(count.raised)?) {
                let error = (moved - angle).abs();
                return Ok(AveragedBasin::Found { angle, error });
            }
        } else if angle(count.lowest)?.is_none() {
            return Ok(AveragedBasin::Absent);
        }
        Ok(AveragedBasin::Open)
    }
}

/// What the search for the edge of a basin needs of the state of a 2-D map.
pub(super) trait State: Copy {
    /// An amplitude below which nothing comes back once it falls under the unstable fixed point on
    /// the target's axis.
    fn leading(self) -> f64;

    /// The largest change of a coordinate.
    fn distance(self, other: Self) -> f64;

    /// How far the state is from the target's axis.
    fn off_axis(self) -> f64;
}

impl State for PlaneState {
    fn leading(self) -> f64 {
        self.along
    }

    fn distance(self, other: Self) -> f64 {
        let along = (self.along - other.along).abs();
        along.max((self.across - other.across).abs())
    }

    fn off_axis(self) -> f64 {
        self.across
    }
}

impl State for FlippedState {
    fn leading(self) -> f64 {
        self.kept
    }

    fn distance(self, other: Self) -> f64 {
        let kept = (self.kept - other.kept).abs();
        kept.max((self.flipped - other.flipped).abs())
    }

    fn off_axis(self) -> f64 {
        self.kept - self.flipped
    }
}

/// The largest retrieved angle, π when all are, given that 0 is.
fn edge(retrieves: impl Fn(f64) -> Result<bool, TheoryError>) -> Result<f64, TheoryError> {
    if retrieves(PI)? {
        return Ok(PI);
    }
    let (mut inside, mut outside) = (0.0, PI);
    while outside - inside > ANGLE_ACCURACY {
        let middle = 0.5 * (inside + outside);
        if retrieves(middle)? {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    Ok(inside)
}

/// Whether `start` ends with w > ½, given that the target itself does.
pub(super) fn retrieves<S: State>(
    step: impl Fn(S) -> Result<(S, f64), TheoryError>,
    start: S,
    lost_below: f64,
) -> Result<bool, TheoryError> {
    let mut state = start;
    for _ in 0..MOST_STEPS {
        let (next, weight) = step(state)?;
        // the next state is the target to rounding, and the target is retrieved
        if weight > 1.0 - f64::EPSILON {
            return Ok(true);
        }
        if next.leading() < lost_below {
            return Ok(false);
        }
        if next.distance(state) <= TOLERANCE {
            return Ok(weight > 0.5);
        }
        state = next;
    }
    Err(domain::not_settled(
        "the edge of the basin; take λ further from the crossover",
    ))
}

/// The amplitude of the unstable fixed point on the axis below the retrieval one, 0 when none is
/// found; `None` when λ ≤ λ_×.
///
/// Off the axis of a rotation-invariant law c₁' ≤ f(c₁), the collinear map, because A(k)/k falls
/// and ln E e^{k t} rises with k; flipped signs lie below the unflipped ones, and the map is
/// monotone. As f rises, a state whose leading amplitude is below the unstable fixed point never
/// comes back.
pub(super) fn lost_below<N: CollinearNoise>(
    axis: &CollinearMap<N>,
    inverse_temperature: f64,
) -> Result<Option<f64>, TheoryError> {
    let crossover = axis.crossover()?;
    let Some(crossover) = crossover.filter(|found| found.inverse_temperature < inverse_temperature)
    else {
        return Ok(None);
    };
    Ok(Some(unstable_below(axis, crossover, inverse_temperature)))
}

/// As [`lost_below`], for a λ above the crossover.
pub(super) fn unstable_below<N: CollinearNoise>(
    axis: &CollinearMap<N>,
    crossover: Crossover,
    inverse_temperature: f64,
) -> f64 {
    // u − λF(u), negative at the saddle-node's field for λ > λ_×
    let excess = |field: f64| {
        let (amplitude, _) = axis.step(1.0, field);
        field - inverse_temperature * amplitude
    };
    let mut high = crossover.inverse_temperature * crossover.amplitude;
    let mut step = 1e-3 * high;
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
