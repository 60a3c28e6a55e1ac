//! How far a region of low heights around a minimum reaches.

use crate::StatisticsError;
use crate::nelder_mead::minimise;

/// Share of a width to which its end is found.
const PRECISION: f64 = 0.02;

/// The region of heights up to a level around a minimum.
pub(super) struct Region<'a> {
    pub height: &'a dyn Fn(&[f64]) -> f64,
    pub minimum: &'a [f64],
    pub level: f64,
    /// Whether the other parameters are fitted on the way along one; fixed otherwise.
    pub is_profile: bool,
    /// Steps at which heights are probed first.
    pub steps: &'a [f64],
    /// How far each parameter is followed.
    pub limits: &'a [[f64; 2]],
    /// Names of the parameters.
    pub names: Vec<&'static str>,
}

impl Region<'_> {
    /// The ends along each parameter. A region that holds an end of where its parameter is followed
    /// leaves it undetermined.
    pub(super) fn ends(&self) -> Result<Vec<[f64; 2]>, StatisticsError> {
        let limits = self.limits.iter().enumerate();
        limits
            .map(|(axis, &[low, high])| Ok([self.end(axis, low)?, self.end(axis, high)?]))
            .collect()
    }

    /// The end on the way of a parameter to its limit.
    fn end(&self, axis: usize, limit: f64) -> Result<f64, StatisticsError> {
        let center = self.minimum[axis];
        let span = limit - center;
        let mut step = (0.02 * self.steps[axis]).min(span.abs()) * span.signum();
        let (mut before, mut last) = (self.minimum.to_vec(), self.minimum.to_vec());
        let mut outside = None;
        loop {
            let at = last[axis];
            let left = outside.map_or(f64::INFINITY, |end: f64| (end - at).abs());
            if left <= PRECISION * (at - center).abs().max(1e-6 * span.abs()) {
                return Ok(at);
            }
            let next = match outside {
                Some(end) => at.midpoint(end),
                None if (limit - at).abs() <= step.abs() => limit,
                None => at + step,
            };
            let Some(found) = self.inside(axis, next, &last, &before) else {
                outside = Some(next);
                continue;
            };
            (before, last) = (last, found);
            step *= 2.0;
            if next == limit {
                return Err(StatisticsError::Undetermined {
                    quantity: self.names[axis],
                    value: center,
                    limit,
                });
            }
        }
    }

    /// A point of the region at which the parameter has this value, looked for on the straight line
    /// through two others that lead there and next to the first.
    fn inside(&self, axis: usize, value: f64, near: &[f64], before: &[f64]) -> Option<Vec<f64>> {
        let with = |free: &[f64]| {
            let mut point = free.to_vec();
            point.insert(axis, value);
            point
        };
        let others = |point: &[f64]| {
            let mut others = point.to_vec();
            others.remove(axis);
            others
        };
        if !self.is_profile || near.len() == 1 {
            let point = with(&others(self.minimum));
            return ((self.height)(&point) <= self.level).then_some(point);
        }
        let way = near[axis] - before[axis];
        let share = if way == 0.0 {
            0.0
        } else {
            ((value - near[axis]) / way).min(2.0)
        };
        let steps: Vec<f64> = others(self.steps).iter().map(|step| 0.05 * step).collect();
        let starts = [share, 0.0].map(|share| {
            let ahead = near
                .iter()
                .zip(before)
                .map(|(near, before)| near + share * (near - before));
            others(&ahead.collect::<Vec<f64>>())
        });
        starts.iter().find_map(|start| {
            let height = |free: &[f64]| (self.height)(&with(free));
            let lowest = minimise(height, start, &steps, 1e-3, self.level).ok()?;
            (lowest.value <= self.level).then(|| with(&lowest.point))
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn ends(
        height: &dyn Fn(&[f64]) -> f64,
        is_profile: bool,
    ) -> Result<Vec<[f64; 2]>, StatisticsError> {
        Region {
            height,
            minimum: &[1.0, 2.0, 3.0],
            level: 2.0,
            is_profile,
            steps: &[0.1; 3],
            limits: &[[-10.0, 10.0]; 3],
            names: vec!["first", "second", "third"],
        }
        .ends()
    }

    fn half(ends: &[f64; 2]) -> f64 {
        0.5 * (ends[1] - ends[0])
    }

    /// Of a quadratic surface the region is an ellipsoid, whose half widths are √(H⁻¹)ᵢᵢ, and its
    /// sections those of the parameter alone, 1/√Hᵢᵢ.
    #[test]
    fn regions_end_one_above_the_minimum() {
        let height = |p: &[f64]| {
            let [u, v, w] = [p[0] - 1.0, p[1] - 2.0, p[2] - 3.0];
            1.0 + 4.0 * u * u + 9.0 * v * v + w * w + 3.0 * u * v
        };
        let determinant: f64 = 4.0 * 9.0 - 1.5 * 1.5;
        let profile = [9.0 / determinant, 4.0 / determinant, 1.0];
        for (is_profile, squares) in [(true, profile), (false, [1.0 / 4.0, 1.0 / 9.0, 1.0])] {
            let found = ends(&height, is_profile).unwrap();
            for (found, right) in found.iter().zip(squares) {
                let ratio = half(found) / right.sqrt();
                assert!((ratio - 1.0).abs() < 2.0 * PRECISION, "{found:?} {right}");
            }
        }
    }

    /// Steps of the surface leave no curvature to measure, but a width.
    #[test]
    fn jumps_of_the_surface_do_not_shrink_regions() {
        let height = |p: &[f64]| {
            let [u, v, w] = [p[0] - 1.0, p[1] - 2.0, p[2] - 3.0];
            let jump = if u.abs() > 1e-6 { 0.3 } else { 0.0 };
            1.0 + u * u + v * v + w * w + jump
        };
        let found = ends(&height, true).unwrap();
        assert!((half(&found[0]) / 0.7_f64.sqrt() - 1.0).abs() < 2.0 * PRECISION);
    }

    #[test]
    fn an_open_direction_is_undetermined() {
        let height = |p: &[f64]| 1.0 + (p[0] - 1.0).powi(2) + (p[2] - 3.0).powi(2);
        let found = ends(&height, true);
        assert!(
            matches!(
                found,
                Err(StatisticsError::Undetermined {
                    quantity: "second",
                    ..
                })
            ),
            "{found:?}"
        );
    }
}
