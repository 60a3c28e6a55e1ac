//! The height of a collapse over its fitted parameters, its minimum, and the regions around it.

use super::data::CollapseData;
use super::form::{Parameter, Settings, Values, scaled};
use super::measure::Measure;
use super::region::Region;
use crate::StatisticsError;
use crate::nelder_mead::minimise;

/// How far ν and ω, and the ratio of the factors that ζ and b give the sizes, are followed.
const WIDEST: f64 = 50.0;

/// The fitted parameters of a collapse as coordinates.
pub(super) struct Surface<'a> {
    pub data: &'a CollapseData,
    pub settings: &'a Settings,
    pub measure: &'a dyn Measure,
    pub free: Vec<Parameter>,
}

impl<'a> Surface<'a> {
    pub(super) fn new(
        data: &'a CollapseData,
        settings: &'a Settings,
        measure: &'a dyn Measure,
    ) -> Self {
        let free = settings.free();
        Self {
            data,
            settings,
            measure,
            free,
        }
    }

    /// All parameters at a point.
    pub(super) fn values(&self, point: &[f64]) -> Values {
        let mut values = self.settings.starts();
        for (parameter, value) in self.free.iter().zip(point) {
            values[*parameter as usize] = *value;
        }
        values
    }

    /// The height at a point; +∞ outside the bounds and where curves do not overlap.
    pub(super) fn height(&self, point: &[f64]) -> f64 {
        let values = self.values(point);
        if !self.settings.allow(&values) {
            return f64::INFINITY;
        }
        let height = self.measure.height(&scaled(self.data, &values));
        height.unwrap_or(f64::INFINITY)
    }

    /// The coordinates of values.
    pub(super) fn point(&self, values: &Values) -> Vec<f64> {
        self.free
            .iter()
            .map(|parameter| values[*parameter as usize])
            .collect()
    }

    /// Steps at which a height is probed first.
    pub(super) fn steps(&self, values: &Values) -> Vec<f64> {
        let [low, high] = self.data.scan();
        let least = self.data.least_size();
        let step = |parameter: &Parameter| match parameter {
            Parameter::RhoC => 0.05 * (high - low),
            Parameter::Nu | Parameter::Omega => 0.1 * values[*parameter as usize],
            Parameter::Zeta => 0.1 * values[Parameter::Zeta as usize].abs().max(0.5),
            Parameter::Amplitude => 0.1 * least.powf(values[Parameter::Omega as usize]),
            Parameter::Shift => 0.05 * self.data.widest_shift(),
        };
        self.free.iter().map(step).collect()
    }

    /// How far each parameter is followed from a minimum: the scan, or a change of scale that no
    /// data would leave open.
    fn limits(&self, values: &Values) -> Vec<[f64; 2]> {
        let [low, high] = self.data.scan();
        let [_, nu, zeta, amplitude, omega, shift] = *values;
        let farthest = nu * WIDEST.ln() / self.data.size_ratio().ln();
        let least = self.data.least_size();
        let widest = self.data.widest_shift();
        let of = |parameter: &Parameter| {
            let natural = match parameter {
                Parameter::RhoC => [low, high],
                Parameter::Nu => [nu / WIDEST, nu * WIDEST],
                Parameter::Omega => [omega / WIDEST, omega * WIDEST],
                Parameter::Zeta => [zeta - farthest, zeta + farthest],
                Parameter::Amplitude => {
                    let reach = WIDEST * least.powf(omega);
                    [amplitude - reach, amplitude + reach]
                }
                Parameter::Shift => [shift - widest, shift + widest],
            };
            let bounds = self.settings.0[*parameter as usize].bounds;
            [natural[0].max(bounds[0]), natural[1].min(bounds[1])]
        };
        self.free.iter().map(of).collect()
    }

    /// The minimum that is found from a point.
    pub(super) fn minimum(
        &self,
        start: &[f64],
        steps: &[f64],
        tolerance: f64,
    ) -> Result<(f64, Vec<f64>), StatisticsError> {
        if self.height(start).is_infinite() {
            return Err(StatisticsError::NoOverlap);
        }
        if start.is_empty() {
            return Ok((self.height(start), Vec::new()));
        }
        let found = minimise(
            |point| self.height(point),
            start,
            steps,
            tolerance,
            f64::NEG_INFINITY,
        )?;
        Ok((found.value, found.point))
    }

    /// The region of heights up to `level` around a minimum.
    pub(super) fn region(
        &self,
        minimum: &[f64],
        level: f64,
        is_profile: bool,
    ) -> Result<Vec<[f64; 2]>, StatisticsError> {
        let values = self.values(minimum);
        Region {
            height: &|point| self.height(point),
            minimum,
            level,
            is_profile,
            steps: &self.steps(&values),
            limits: &self.limits(&values),
            names: self.free.iter().map(|parameter| parameter.name()).collect(),
        }
        .ends()
    }
}
