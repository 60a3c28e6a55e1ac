//! The scaling form: what its parameters are and how it brings curves to scaling variables.

use serde::{Deserialize, Serialize};

use super::data::CollapseData;
use crate::StatisticsError;
use crate::scaling::ScaledData;

/// A parameter of the scaling form
///
/// ```text
/// a(ρ, L) = L^{ζ/ν} (1 + b L^{−ω}) f(L^{1/ν} (ρ − ρ_c − s ln L/L))
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Parameter {
    /// ρ_c, the critical value of the control parameter.
    RhoC,
    /// ν, the exponent of the correlation length.
    Nu,
    /// ζ, the exponent of the quantity.
    Zeta,
    /// b, the amplitude of the correction to scaling; 0 without.
    Amplitude,
    /// ω, its exponent.
    Omega,
    /// s, the amplitude of a shift by ln L/L; 0 without.
    Shift,
}

impl Parameter {
    /// All, in the order of [`Values`].
    pub const ALL: [Self; 6] = [
        Self::RhoC,
        Self::Nu,
        Self::Zeta,
        Self::Amplitude,
        Self::Omega,
        Self::Shift,
    ];

    /// The name, as pyfssa has the first three.
    pub fn name(self) -> &'static str {
        ["rho_c", "nu", "zeta", "b", "omega", "shift"][self as usize]
    }

    /// Whether it must be positive.
    pub(super) fn is_positive(self) -> bool {
        matches!(self, Self::Nu | Self::Omega)
    }
}

/// A value for each parameter.
pub type Values = [f64; Parameter::ALL.len()];

/// What a search knows of a parameter before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Where it starts, or what it is; looked for where it is not given.
    pub start: Option<f64>,
    /// Whether it is fitted.
    pub is_free: bool,
    /// Where it may lie.
    pub bounds: [f64; 2],
}

/// What a search knows of all parameters before.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings(pub [Setting; Parameter::ALL.len()]);

impl Settings {
    /// A fit of ρ_c, ν and ζ, whose starts are looked for, without corrections (b = 0, ω = 1,
    /// s = 0).
    pub fn plain() -> Self {
        let starts = [None, None, None, Some(0.0), Some(1.0), Some(0.0)];
        Self(Parameter::ALL.map(|parameter| Setting {
            start: starts[parameter as usize],
            is_free: starts[parameter as usize].is_none(),
            bounds: [f64::NEG_INFINITY, f64::INFINITY],
        }))
    }

    /// The setting of a parameter.
    pub fn of(&mut self, parameter: Parameter) -> &mut Setting {
        &mut self.0[parameter as usize]
    }

    /// The parameters that are fitted.
    pub fn free(&self) -> Vec<Parameter> {
        let is_free = |parameter: &Parameter| self.0[*parameter as usize].is_free;
        Parameter::ALL.into_iter().filter(is_free).collect()
    }

    pub(super) fn starts(&self) -> Values {
        self.0.map(|setting| setting.start.unwrap_or(f64::NAN))
    }

    /// Whether values lie where they may.
    pub(super) fn allow(&self, values: &Values) -> bool {
        Parameter::ALL.into_iter().all(|parameter| {
            let (value, setting) = (values[parameter as usize], self.0[parameter as usize]);
            let [low, high] = setting.bounds;
            !setting.is_free
                || (low <= value && value <= high && (value > 0.0 || !parameter.is_positive()))
        })
    }

    /// Refuses starts that are no numbers, outside their bounds or out of the domain.
    ///
    /// # Errors
    /// [`StatisticsError::ScalingParameter`] naming the parameter.
    pub fn check(&self) -> Result<(), StatisticsError> {
        for parameter in Parameter::ALL {
            let setting = self.0[parameter as usize];
            let Some(value) = setting.start else {
                continue;
            };
            let domain = if !value.is_finite() {
                "finite"
            } else if parameter.is_positive() && value <= 0.0 {
                "positive and finite"
            } else if setting.is_free && !(setting.bounds[0] <= value && value <= setting.bounds[1])
            {
                "within its bounds"
            } else {
                continue;
            };
            return Err(StatisticsError::ScalingParameter {
                quantity: parameter.name(),
                value,
                domain,
            });
        }
        Ok(())
    }
}

/// Curves in scaling variables.
pub(super) fn scaled(data: &CollapseData, values: &Values) -> ScaledData {
    let [rho_c, nu, zeta, amplitude, omega, shift] = *values;
    let rows = || data.sizes.iter().copied().zip(0..);
    let x = rows().map(|(size, row): (f64, usize)| {
        let (factor, center) = (size.powf(nu.recip()), rho_c + shift * size.ln() / size);
        data.rho[row]
            .iter()
            .map(|rho| factor * (rho - center))
            .collect()
    });
    let factor = |size: f64| size.powf(-zeta / nu) / (1.0 + amplitude * size.powf(-omega));
    let rescaled = |of: &[Vec<f64>]| {
        let rows =
            rows().map(|(size, row)| of[row].iter().map(|value| factor(size) * value).collect());
        rows.collect()
    };
    let mut scaled = ScaledData {
        x: x.collect(),
        y: rescaled(&data.a),
        dy: rescaled(&data.da),
    };
    // a factor below 0 turns the curve, not its errors
    for error in scaled.dy.iter_mut().flatten() {
        *error = error.abs();
    }
    scaled
}
