//! The figure of the thresholds in the scaling of attention, merging as N grows.

use crate::crossover::MeasuredPoint;
use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, Figure, HorizontalLine, LegendEntry, Panel, Points, Stroke,
    series_style,
};
use crate::labels::short_number;

/// The scaled crossovers √N λ at one scaled load √N α and what theory says of them.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaledLoadSeries {
    /// Scaled load √N α = ln P/√N > 0, the common limit of all curves.
    pub scaled_load: f64,
    /// Measured crossovers at several sizes; may be empty.
    pub points: Vec<MeasuredPoint>,
    /// The finite-N theory of the crossover as pairs (N, √N λ); may be empty.
    pub finite_size: Vec<(f64, f64)>,
    /// The threshold of one typical pattern as pairs (N, √N λ); may be empty.
    pub typical: Vec<(f64, f64)>,
    /// The threshold of all patterns as pairs (N, √N λ); may be empty.
    pub all_patterns: Vec<(f64, f64)>,
}

/// √N λ against N, on a logarithmic axis, at fixed √N α: a colour for each scaled load, points with error bars, the finite-N
/// theory of the crossover solid, the thresholds of one typical pattern dashed and of all patterns dash-dotted, and their
/// common limit √N λ = √N α dotted (Lucibello & Mézard, PRL 132, 077301).
///
/// ```
/// use dam_plots::{ScaledLoadSeries, scaled_dot_product_figure};
/// let series = ScaledLoadSeries {
///     scaled_load: 0.5,
///     points: Vec::new(),
///     finite_size: Vec::new(),
///     typical: vec![(1e2, 0.5132), (1e6, 0.5001)],
///     all_patterns: Vec::new(),
/// };
/// assert_eq!(scaled_dot_product_figure(&[series])?.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] without series; [`PlotError::OutsideDomain`] for a load that is not positive.
pub fn scaled_dot_product_figure(series: &[ScaledLoadSeries]) -> Result<Figure, PlotError> {
    if series.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let kinds = [
        ("all patterns, α_{c}^{lb}", Dash::DashDot),
        ("typical pattern, α_{1}", Dash::Dashed),
        ("crossover, finite-N theory", Dash::Solid),
    ];
    let mut panel = Panel::new(
        Axis::new("number of neurons N").logarithmic(),
        Axis::new("scaled inverse temperature √N λ"),
    )
    .with_title("Gaussian patterns at fixed √N α");
    for (index, series) in series.iter().enumerate() {
        let (color, _, marker) = series_style(index);
        let name = scaled_load_name(series.scaled_load)?;
        let limit = Stroke::new(color, Dash::Dotted);
        panel.add(HorizontalLine::new(
            format!("{name}, N = ∞"),
            series.scaled_load,
            limit,
        ));
        let curves = [&series.all_patterns, &series.typical, &series.finite_size];
        for ((kind, dash), points) in kinds.into_iter().zip(curves) {
            if !points.is_empty() {
                let stroke = Stroke::new(color, dash);
                let curve = Curve::new(format!("{name}, {kind}"), points.clone(), stroke);
                panel.add(curve.without_legend());
            }
        }
        if !series.points.is_empty() {
            let points = series
                .points
                .iter()
                .map(|point| point.at(point.size))
                .collect();
            panel.add(Points::new(name, points, marker, color));
        }
    }
    for (kind, dash) in kinds.into_iter().chain([("N = ∞", Dash::Dotted)]) {
        panel.add(LegendEntry::new(kind, Stroke::new(Color::GREY, dash)));
    }
    Ok(Figure::new(panel))
}

/// "√N α = 0.5".
fn scaled_load_name(scaled_load: f64) -> Result<String, PlotError> {
    if scaled_load.is_finite() && scaled_load > 0.0 {
        return Ok(format!("√N α = {}", short_number(scaled_load)));
    }
    Err(PlotError::OutsideDomain {
        quantity: "the scaled load √N α",
        value: scaled_load,
        domain: "the positive numbers",
    })
}
