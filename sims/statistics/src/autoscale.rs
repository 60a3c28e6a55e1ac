//! The best data collapse, and how far its parameters may lie off.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::StatisticsError;
use crate::nelder_mead::minimise;
use crate::scaling::{collapse_quality, quality, scale, scaledata};

/// Standard deviations within which the data must tell each parameter, were the terms of S
/// independent. (They share points: the scatter of fits is up to twice as large.)
const SIGMAS: f64 = 6.0;
/// Names of the parameters, in the order of all arrays of three here.
const NAMES: [&str; 3] = ["rho_c", "nu", "zeta"];
/// Share of an error to which its end is found.
const PRECISION: f64 = 0.02;
/// Factor by which `nu`, and the ratio of the factors that `zeta` gives the sizes, are followed.
const WIDEST: f64 = 50.0;
/// How often a better minimum met on the way is taken instead.
const MOVES: usize = 10;

/// The parameters of the best data collapse.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutoScale {
    /// The critical value of the control parameter.
    pub rho_c: f64,
    /// The exponent of the correlation length.
    pub nu: f64,
    /// The exponent of the quantity.
    pub zeta: f64,
    /// Half width of the region along `rho_c`, see [`autoscale`].
    pub rho_c_error: f64,
    /// Half width of the region along `nu`.
    pub nu_error: f64,
    /// Half width of the region along `zeta`.
    pub zeta_error: f64,
    /// The quality `S_min` of the collapse; errors mean little where it is far above 1.
    pub quality: f64,
    /// Number of qualities computed in the search.
    pub evaluations: usize,
}

/// Fits `rho_c`, `nu` and `zeta` by the best [`quality`] of the collapse, searched by Nelder–Mead
/// from the values given.
///
/// The error of each is half the width of `S ≤ S_min + 1` with the others fixed, as in the
/// literature, or `S ≤ 2 S_min` where the errors of the data are too small to explain `S_min`; but
/// at least that of `S ≤ S_min + 36/𝒩` with the others fitted (six standard deviations, were the
/// terms of `S` independent), times `S_min` likewise. All of these are followed to their ends: `S` jumps as points gain and lose
/// neighbours, and its curvature at the minimum says nothing. A minimum below `S_min` that is met
/// on the way takes its place. Start close: far from the solution few points overlap, and `S` can
/// have other minima.
///
/// # Errors
/// Those of [`scaledata`] and [`quality`] at the start; no convergence; a best `rho_c` outside the
/// range of `rho`; a parameter that the data leave undetermined, since one of these regions holds
/// an end of that range, or 50 times or a 50th of `nu`, or of `L^{ζ/ν}` between the sizes.
pub fn autoscale(
    l: &[f64],
    rho: &[f64],
    a: &[Vec<f64>],
    da: &[Vec<f64>],
    rho_c0: f64,
    nu0: f64,
    zeta0: f64,
) -> Result<AutoScale, StatisticsError> {
    let start = scaledata(l, rho, a, da, rho_c0, nu0, zeta0)?;
    quality(&start.x, &start.y, &start.dy)?;
    let (evaluations, terms) = (Cell::new(0), Cell::new(0));
    let surface = |parameters: &[f64; 3]| {
        evaluations.set(evaluations.get() + 1);
        if parameters[1] <= 0.0 {
            return f64::INFINITY;
        }
        let scaled = scale(l, rho, a, da, *parameters);
        let found = collapse_quality(&scaled.x, &scaled.y, &scaled.dy);
        found.map_or(f64::INFINITY, |(quality, count)| {
            terms.set(count);
            quality
        })
    };
    let (low, high) = (rho[0], rho[rho.len() - 1]);
    let steps = [0.05 * (high - low), 0.1 * nu0, 0.1 * zeta0.abs().max(0.5)];
    let sizes = l.iter().copied().fold(0.0, f64::max) / l.iter().copied().fold(f64::MAX, f64::min);
    let mut start = [rho_c0, nu0, zeta0];
    for _ in 0..MOVES {
        let minimum = minimise(surface, start, steps, 1e-7, f64::NEG_INFINITY)?;
        let [rho_c, nu, zeta] = minimum.point;
        if !(low..=high).contains(&rho_c) {
            return Err(StatisticsError::OutsideScan {
                quantity: NAMES[0],
                value: rho_c,
                low,
                high,
            });
        }
        surface(&minimum.point);
        let rise = minimum.value.max(1.0);
        let farthest = nu * WIDEST.ln() / sizes.ln();
        let region = Region {
            surface: &surface,
            point: minimum.point,
            section: minimum.value + rise,
            profile: minimum.value + SIGMAS * SIGMAS * rise / terms.get() as f64,
            steps,
            limits: [
                [low, high],
                [nu / WIDEST, nu * WIDEST],
                [zeta - farthest, zeta + farthest],
            ],
            better: Cell::new((minimum.value, minimum.point)),
        };
        let widths = region.errors();
        let (value, better) = region.better.get();
        if value < minimum.value - 1e-6 * minimum.value.abs() {
            start = better;
            continue;
        }
        let [rho_c_error, nu_error, zeta_error] = widths?;
        return Ok(AutoScale {
            rho_c,
            nu,
            zeta,
            rho_c_error,
            nu_error,
            zeta_error,
            quality: minimum.value,
            evaluations: evaluations.get(),
        });
    }
    Err(StatisticsError::NotConverged {
        method: "search for the best collapse",
        steps: evaluations.get(),
    })
}

/// The surface around its minimum.
struct Region<'a, F> {
    surface: &'a F,
    point: [f64; 3],
    /// S at the ends of the errors, the other parameters fixed.
    section: f64,
    /// S within which the data must tell a parameter, the others fitted.
    profile: f64,
    /// Steps at which the surface is probed first.
    steps: [f64; 3],
    /// How far each parameter is followed.
    limits: [[f64; 2]; 3],
    /// The lowest value met, and where.
    better: Cell<(f64, [f64; 3])>,
}

impl<F: Fn(&[f64; 3]) -> f64> Region<'_, F> {
    /// Half the widths of the sections, and at least of the profiles.
    fn errors(&self) -> Result<[f64; 3], StatisticsError> {
        let mut errors = [0.0; 3];
        for (axis, error) in errors.iter_mut().enumerate() {
            let [low, high] = self.limits[axis];
            let section = |value: f64, near: [f64; 3], _| {
                let mut point = near;
                point[axis] = value;
                (self.height(&point) <= self.section).then_some(point)
            };
            let fitted = |value, near, before| self.fitted_at(axis, value, near, before);
            let fixed = self.end(axis, high, section)? - self.end(axis, low, section)?;
            let free = self.end(axis, high, fitted)? - self.end(axis, low, fitted)?;
            *error = 0.5 * fixed.max(free);
        }
        Ok(errors)
    }

    fn height(&self, point: &[f64; 3]) -> f64 {
        let height = (self.surface)(point);
        if height < self.better.get().0 {
            self.better.set((height, *point));
        }
        height
    }

    /// Where the region ends on the way of a parameter to its limit. `inside` gives a point of it
    /// with a value of this parameter, near the first of two others that lead there.
    fn end(
        &self,
        axis: usize,
        limit: f64,
        inside: impl Fn(f64, [f64; 3], [f64; 3]) -> Option<[f64; 3]>,
    ) -> Result<f64, StatisticsError> {
        let span = limit - self.point[axis];
        let mut step = (0.2 * self.steps[axis]).min(span.abs()) * span.signum();
        let (mut before, mut last) = (self.point, self.point);
        let mut outside = None;
        loop {
            let left = outside.map_or(f64::INFINITY, |end: f64| (end - last[axis]).abs());
            let width = (last[axis] - self.point[axis]).abs();
            if left <= PRECISION * width.max(1e-6 * span.abs()) {
                return Ok(last[axis]);
            }
            let next = match outside {
                Some(end) => last[axis].midpoint(end),
                None if (limit - last[axis]).abs() <= step.abs() => limit,
                None => last[axis] + step,
            };
            if let Some(found) = inside(next, last, before) {
                (before, last) = (last, found);
                step *= 2.0;
                if next == limit {
                    return Err(StatisticsError::Undetermined {
                        quantity: NAMES[axis],
                        value: self.point[axis],
                        limit,
                    });
                }
            } else {
                outside = Some(next);
            }
        }
    }

    /// A point of the profile at which the parameter has this value, looked for on the straight
    /// line through two others and next to the first.
    fn fitted_at(
        &self,
        axis: usize,
        value: f64,
        near: [f64; 3],
        before: [f64; 3],
    ) -> Option<[f64; 3]> {
        let way = near[axis] - before[axis];
        let share = if way == 0.0 {
            0.0
        } else {
            (value - near[axis]) / way
        };
        let others = [(axis + 1) % 3, (axis + 2) % 3];
        let at = |free: &[f64; 2]| {
            let mut point = [value; 3];
            (point[others[0]], point[others[1]]) = (free[0], free[1]);
            point
        };
        let steps = others.map(|other| 0.2 * self.steps[other]);
        let starts = [share.min(2.0), 0.0]
            .map(|share| others.map(|other| near[other] + share * (near[other] - before[other])));
        starts.iter().find_map(|start| {
            let height = |free: &[f64; 2]| self.height(&at(free));
            let lowest = minimise(height, *start, steps, 1e-3, self.profile).ok()?;
            (lowest.value <= self.profile).then(|| at(&lowest.point))
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn region<F: Fn(&[f64; 3]) -> f64>(surface: &F) -> Region<'_, F> {
        Region {
            surface,
            point: [1.0, 2.0, 3.0],
            section: 2.0,
            profile: 2.0,
            steps: [0.1; 3],
            limits: [[-10.0, 10.0]; 3],
            better: Cell::new((1.0, [1.0, 2.0, 3.0])),
        }
    }

    /// Of a quadratic surface the region is an ellipsoid, whose half widths are √(H⁻¹)ᵢᵢ.
    #[test]
    fn errors_end_one_above_the_minimum() {
        let surface = |p: &[f64; 3]| {
            let [u, v, w] = [p[0] - 1.0, p[1] - 2.0, p[2] - 3.0];
            1.0 + 4.0 * u * u + 9.0 * v * v + w * w + 3.0 * u * v
        };
        let widths = region(&surface).errors().unwrap();
        let determinant: f64 = 4.0 * 9.0 - 1.5 * 1.5;
        for (width, right) in widths
            .into_iter()
            .zip([9.0 / determinant, 4.0 / determinant, 1.0])
        {
            assert!(
                (width / right.sqrt() - 1.0).abs() < PRECISION,
                "{width} {right}"
            );
        }
    }

    /// Steps of the surface leave no curvature to measure, but a width.
    #[test]
    fn jumps_of_the_surface_do_not_shrink_errors() {
        let surface = |p: &[f64; 3]| {
            let [u, v, w] = [p[0] - 1.0, p[1] - 2.0, p[2] - 3.0];
            let jump = if u.abs() > 1e-6 { 0.3 } else { 0.0 };
            1.0 + u * u + v * v + w * w + jump
        };
        let [width, ..] = region(&surface).errors().unwrap();
        assert!((width / 0.7_f64.sqrt() - 1.0).abs() < PRECISION, "{width}");
    }

    #[test]
    fn an_open_direction_is_undetermined() {
        let surface = |p: &[f64; 3]| 1.0 + (p[0] - 1.0).powi(2) + (p[2] - 3.0).powi(2);
        let found = region(&surface).errors();
        let quantity = NAMES[1];
        assert!(
            matches!(found, Err(StatisticsError::Undetermined { quantity: open, .. }) if open == quantity),
            "{found:?}"
        );
    }
}
