//! The figure of the loads at which half of the samples retrieve all their patterns, against N.

use crate::axis::{Axis, Range};
use crate::crossover::{MeasuredPoint, ensemble_title, short_number};
use crate::error::PlotError;
use crate::figure::{Figure, Panel};
use crate::layer::{Curve, DataPoint, HorizontalLine, LegendEntry, Points, Stroke};
use crate::palette::{Color, Dash, series_style};
use crate::retrieval::require_size;

/// Where the figure ends.
const LARGEST_SIZE: f64 = 1e4;
/// Factor left free at the left.
const MARGIN: f64 = 1.1;

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
    let smallest = sizes()
        .reduce(f64::min)
        .ok_or(PlotError::NothingToDraw { panel: 1 })?;
    let mut x_axis = Axis::new("number of components N").logarithmic();
    x_axis.range = Range::Explicit(smallest / MARGIN, LARGEST_SIZE);
    let mut panel = Panel::new(x_axis, Axis::new("load α_{1/2} where P(all retrieved) = ½"))
        .with_title(ensemble_title(ensemble));
    let name =
        |series: &HalfLoadSeries| format!("λ = {}", short_number(series.inverse_temperature));
    // lines first, so that the points lie above them
    for (index, series) in series.iter().enumerate() {
        let (color, _, _) = series_style(index);
        if let Some(limit) = series.infinite_size {
            let stroke = Stroke::new(color, Dash::Dashed).with_width(1.6);
            panel.add(HorizontalLine::new(
                format!("{}, N = ∞", name(series)),
                limit,
                stroke,
            ));
        }
        if !series.finite_size.is_empty() {
            let name = format!("{}, finite-N theory", name(series));
            let curve = series.finite_size.clone();
            panel.add(Curve::new(name, curve, Stroke::solid(color)).without_legend());
        }
    }
    for (index, series) in series.iter().enumerate() {
        if series.points.is_empty() {
            continue;
        }
        let (color, _, marker) = series_style(index);
        let points = series.points.iter().map(|point| {
            DataPoint::with_y_interval(point.size, point.value, point.low, point.high)
        });
        panel.add(Points::new(name(series), points.collect(), marker, color));
    }
    if series.iter().any(|series| !series.finite_size.is_empty()) {
        panel.add(LegendEntry {
            name: "finite-N theory".to_owned(),
            stroke: Stroke::solid(Color::GREY),
        });
    }
    if series.iter().any(|series| series.infinite_size.is_some()) {
        let limits = series
            .iter()
            .map(|series| (series.infinite_size, series.typical));
        panel.add(LegendEntry {
            name: limit_name(limits).to_owned(),
            stroke: Stroke::new(Color::GREY, Dash::Dashed).with_width(1.6),
        });
    }
    Ok(Figure::new(panel))
}

/// What the loads tend to, given the lower bound `α_c`^lb(λ) and α₁(λ) at every λ: where they agree, both are `α_c`.
pub(crate) fn limit_name(
    mut limits: impl Iterator<Item = (Option<f64>, Option<f64>)>,
) -> &'static str {
    if limits.all(|(bound, typical)| bound == typical) {
        "α_{c}(λ) = α_{1}(λ), N = ∞"
    } else {
        "α_{c}^{lb}(λ), N = ∞"
    }
}
