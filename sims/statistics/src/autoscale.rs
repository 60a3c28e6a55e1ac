//! The best data collapse of curves on one grid, under the names of pyfssa.

use serde::{Deserialize, Serialize};

use crate::StatisticsError;
use crate::collapse::{CollapseData, Parameter, Settings, collapse, parametric_resamples};
use crate::scaling::check_data;

/// Resampled sets behind each error, whose own error is then 7 %.
const RESAMPLES: usize = 100;
/// Root of their random numbers.
const SEED: u64 = 1;

/// The parameters of the best data collapse.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutoScale {
    /// The critical value of the control parameter.
    pub rho_c: f64,
    /// The exponent of the correlation length.
    pub nu: f64,
    /// The exponent of the quantity.
    pub zeta: f64,
    /// The error of `rho_c`, see [`autoscale`].
    pub rho_c_error: f64,
    /// The error of `nu`.
    pub nu_error: f64,
    /// The error of `zeta`.
    pub zeta_error: f64,
    /// The quality `S_min` of the collapse; errors mean little where it is far above 1.
    pub quality: f64,
}

/// Fits `rho_c`, `nu` and `zeta` by the best [`quality`](crate::quality) of the collapse, searched
/// from the values given: [`collapse`] of curves on one grid. Errors are those of 100 sets drawn
/// anew with the errors `da`, not from the curvature of S, which jumps.
///
/// # Errors
/// Those of [`scaledata`](crate::scaledata) and of [`collapse`].
pub fn autoscale(
    l: &[f64],
    rho: &[f64],
    a: &[Vec<f64>],
    da: &[Vec<f64>],
    rho_c0: f64,
    nu0: f64,
    zeta0: f64,
) -> Result<AutoScale, StatisticsError> {
    check_data(l, rho, a, da)?;
    let grids = vec![rho.to_vec(); l.len()];
    let data = CollapseData::new(l.to_vec(), grids, a.to_vec(), da.to_vec())?;
    let mut settings = Settings::plain();
    let starts = [
        (Parameter::RhoC, rho_c0),
        (Parameter::Nu, nu0),
        (Parameter::Zeta, zeta0),
    ];
    for (parameter, start) in starts {
        settings.of(parameter).start = Some(start);
    }
    let found = collapse(
        &data,
        &settings,
        &parametric_resamples(&data, RESAMPLES, SEED),
    )?
    .lines;
    let [rho_c, nu, zeta] = starts.map(|(parameter, _)| found.of(parameter));
    Ok(AutoScale {
        rho_c: rho_c[0],
        nu: nu[0],
        zeta: zeta[0],
        rho_c_error: rho_c[1],
        nu_error: nu[1],
        zeta_error: zeta[1],
        quality: found.quality,
    })
}
