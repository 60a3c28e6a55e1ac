//! The figure of the loads at which half of the samples retrieve all their patterns, against N.

use crate::crossover::{MeasuredPoint, SizeCurve, add_size_curves, size_axis};
use crate::error::PlotError;
use crate::figure::{Axis, Figure, Panel};
use crate::labels::{ensemble_title, limit_name, require_size, short_number};

/// The loads of probability ½ at one inverse temperature.
#[derive(Debug, Clone, PartialEq)]
pub struct HalfLoadSeries {
    /// Inverse temperature λ > 0.
    pub inverse_temperature: f64,
    /// Measured loads at several sizes; may be empty.
    pub points: Vec<MeasuredPoint>,
    /// The finite-N theory as pairs (N, load) in order of N; may be empty.
    pub finite_size: Vec<(f64, f64)>,
    /// The limit `α_c`^lb(λ) at N = ∞.
    pub infinite_size: Option<f64>,
    /// α₁(λ), the threshold of the typical pattern; the legend says so where it is the limit.
    pub typical: Option<f64>,
}

/// The load of P(all retrieved) = ½ against N on a logarithmic axis up to 10⁴: a colour and a marker for each λ, error bars, the
/// finite-N theory as a solid line, and `α_c`^lb(λ) as a dashed one.
///
/// ```
/// use dam_plots::{HalfLoadSeries, MeasuredPoint, half_load_figure};
/// let series = HalfLoadSeries {
///     inverse_temperature: 0.5,
///     points: vec![MeasuredPoint { size: 32.0, value: 0.113, low: 0.110, high: 0.116 }],
///     finite_size: vec![(32.0, 0.1116), (1000.0, 0.1501)],
///     infinite_size: Some(0.1527),
///     typical: Some(0.375),
/// };
/// assert_eq!(half_load_figure("gaussian", &[series])?.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no series has a point; [`PlotError::OutsideDomain`] for a size below 1.
pub fn half_load_figure(ensemble: &str, series: &[HalfLoadSeries]) -> Result<Figure, PlotError> {
    let sizes = || {
        series
            .iter()
            .flat_map(|series| series.points.iter().map(|point| point.size))
    };
    sizes().try_for_each(require_size)?;
    let mut panel = Panel::new(
        size_axis(sizes())?,
        Axis::new("load α_{1/2} where P(all retrieved) = ½"),
    )
    .with_title(ensemble_title(ensemble));
    let limits = series
        .iter()
        .map(|series| (series.infinite_size, series.typical));
    let curves = series.iter().map(|series| {
        let points = series.points.iter().map(|point| point.at(point.size));
        SizeCurve {
            name: format!("λ = {}", short_number(series.inverse_temperature)),
            points: points.collect(),
            finite_size: series.finite_size.clone(),
            infinite_size: series.infinite_size,
        }
    });
    add_size_curves(&mut panel, curves.collect(), limit_name(limits));
    Ok(Figure::new(panel))
}
