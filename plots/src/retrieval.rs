//! The figure of retrieval probabilities against the inverse temperature.

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, LegendEntry, Marker, Panel, Points, Stroke,
    VerticalLine,
};
use crate::labels::{
    distinct, ensemble_title, load_and_size_name, load_name, position, require_probability,
    require_size,
};

/// The share of samples retrieved at one inverse temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetrievalPoint {
    /// Inverse temperature λ.
    pub inverse_temperature: f64,
    /// Share of retrieved samples, in [0, 1].
    pub probability: f64,
    /// Lower end of its (Wilson) interval.
    pub low: f64,
    /// Upper end of its (Wilson) interval.
    pub high: f64,
}

/// The retrieval probabilities at one load and size.
#[derive(Debug, Clone, PartialEq)]
pub struct RetrievalSeries {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// Number of neurons N ≥ 1.
    pub size: f64,
    /// Measurements, in any order; may be empty.
    pub points: Vec<RetrievalPoint>,
    /// The finite-N theory as pairs (λ, probability) in order of λ; may be empty.
    pub finite_size: Vec<(f64, f64)>,
    /// The threshold λ₁(α) for N = ∞; drawn once per load.
    pub threshold: Option<f64>,
}

/// The retrieval probability against λ: a colour for each load, a marker and a dash for each size, error bars, the finite-N
/// theory as lines (where there is none, lines that guide the eye from point to point), and a vertical dotted line at λ₁(α).
///
/// ```
/// use dam_plots::{RetrievalPoint, RetrievalSeries, retrieval_figure};
/// let point = RetrievalPoint { inverse_temperature: 0.3, probability: 0.5, low: 0.4, high: 0.6 };
/// let series = RetrievalSeries { load: 0.2, size: 40.0, points: vec![point], finite_size: Vec::new(), threshold: Some(0.2246) };
/// let figure = retrieval_figure("spherical", &[series])?;
/// assert_eq!(figure.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no series has a point; [`PlotError::OutsideDomain`] for a load that is not positive, a
/// size below 1, or a probability outside [0, 1].
pub fn retrieval_figure(ensemble: &str, series: &[RetrievalSeries]) -> Result<Figure, PlotError> {
    if series.iter().all(|series| series.points.is_empty()) {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    for series in series {
        validate(series)?;
    }
    let loads = distinct(series.iter().map(|series| series.load));
    let sizes = distinct(series.iter().map(|series| series.size));
    let mut panel = Panel::new(
        Axis::new("inverse temperature λ"),
        Axis::new("retrieval probability").with_range(-0.03, 1.03),
    )
    .with_title(ensemble_title(ensemble));
    for (index, &load) in loads.iter().enumerate() {
        let threshold = series
            .iter()
            .find_map(|series| series.threshold.filter(|_| series.load == load));
        if let Some(threshold) = threshold {
            let stroke = Stroke::new(Color::number(index), Dash::Dotted);
            let name = format!("{}, λ_{{1}}", load_name(load)?);
            panel.add(VerticalLine::new(name, threshold, stroke));
        }
    }
    for series in series.iter().filter(|series| !series.points.is_empty()) {
        let load_index = position(&loads, series.load);
        let size_index = position(&sizes, series.size);
        let color = Color::number(load_index);
        let marker = Marker::number(size_index);
        let dash = Dash::number(size_index);
        let mut points: Vec<DataPoint> = series
            .points
            .iter()
            .map(|point| {
                DataPoint::with_y_interval(
                    point.inverse_temperature,
                    point.probability,
                    point.low,
                    point.high,
                )
            })
            .collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        let name = load_and_size_name(series.load, series.size)?;
        let (line_name, line) = if series.finite_size.is_empty() {
            (
                name.clone(),
                points.iter().map(|point| (point.x, point.y)).collect(),
            )
        } else {
            (
                format!("{name}, finite-N theory"),
                series.finite_size.clone(),
            )
        };
        let stroke = Stroke::new(color, dash).with_width(1.2);
        panel.add(Curve::new(line_name, line, stroke).without_legend());
        panel.add(Points::new(name, points, marker, color));
    }
    if series.iter().any(|series| !series.finite_size.is_empty()) {
        panel.add(LegendEntry::new(
            "finite-N theory",
            Stroke::solid(Color::GREY).with_width(1.2),
        ));
    }
    if series.iter().any(|series| series.threshold.is_some()) {
        panel.add(LegendEntry::new(
            "λ_{1}(α), N = ∞",
            Stroke::new(Color::GREY, Dash::Dotted),
        ));
    }
    Ok(Figure::new(panel))
}

fn validate(series: &RetrievalSeries) -> Result<(), PlotError> {
    require_size(series.size)?;
    load_name(series.load)?;
    for point in &series.points {
        require_probability("the retrieval probability", point.probability)?;
    }
    Ok(())
}
