//! The figure of the overlaps with the noise patterns: their law, their free entropy, its condensation.

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, LegendEntry, Panel, Points, Stroke, VerticalLine,
    series_style,
};
use crate::labels::{ensemble_title, load_and_size_name};

/// Diameter of the markers, small since there are many.
const MARKER_SIZE: f64 = 5.0;

/// The overlaps at one load and size and what theory says of them.
#[derive(Debug, Clone, PartialEq)]
pub struct OverlapStatisticsSeries {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// Number of neurons N ≥ 1.
    pub size: f64,
    /// Histogram of the overlap t: density against bin centre, positive; may be empty.
    pub density: Vec<DataPoint>,
    /// The exact law as pairs (t, density), positive; may be empty.
    pub law: Vec<(f64, f64)>,
    /// Mean free entropy of the noise against λ; may be empty.
    pub free_entropy: Vec<DataPoint>,
    /// Its exact mean at N as pairs (λ, value); may be empty.
    pub free_entropy_theory: Vec<(f64, f64)>,
    /// Mean participation Σ w² against λ; may be empty.
    pub participation: Vec<DataPoint>,
    /// Φ(α, λ) at N = ∞ as pairs (λ, Φ); may be empty.
    pub free_entropy_limit: Vec<(f64, f64)>,
    /// 1 − λ_*/λ at N = ∞ as pairs (λ, value); may be empty.
    pub participation_limit: Vec<(f64, f64)>,
    /// The condensation point `λ_*(α)`.
    pub condensation: Option<f64>,
}

/// Three panels, a colour for each load and size: the histogram of the overlaps on a logarithmic axis with the exact law as
/// a line; the free entropy of the noise against λ with its exact mean at N (solid) and Φ(α, λ) at N = ∞ (dashed); its
/// participation Σ w² with 1 − λ_*/λ (dashed). A dotted line marks the condensation point `λ_*(α)`.
///
/// ```
/// use dam_plots::figure::DataPoint;
/// use dam_plots::{OverlapStatisticsSeries, overlap_statistics_figure};
/// let series = OverlapStatisticsSeries {
///     load: 0.2,
///     size: 30.0,
///     density: vec![DataPoint::new(0.0, 2.1), DataPoint::new(0.2, 1.2)],
///     law: vec![(0.0, 2.14), (0.2, 1.23)],
///     free_entropy: vec![DataPoint::new(0.5, 0.31), DataPoint::new(1.0, 0.57)],
///     free_entropy_theory: Vec::new(),
///     participation: vec![DataPoint::new(0.5, 0.02), DataPoint::new(1.0, 0.3)],
///     free_entropy_limit: Vec::new(),
///     participation_limit: Vec::new(),
///     condensation: Some(0.857),
/// };
/// assert_eq!(overlap_statistics_figure("spherical", &[series])?.panels.len(), 3);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if a panel has no points; [`PlotError::OutsideDomain`] for a load that is not positive.
pub fn overlap_statistics_figure(
    ensemble: &str,
    series: &[OverlapStatisticsSeries],
) -> Result<Figure, PlotError> {
    let temperature = || Axis::new("inverse temperature λ");
    let mut panels = [
        Panel::new(
            Axis::new("overlap t"),
            Axis::new("probability density").logarithmic(),
        ),
        Panel::new(temperature(), Axis::new("noise free entropy Φ")),
        Panel::new(temperature(), Axis::new("participation Σ w^{2}")),
    ];
    for (index, series) in series.iter().enumerate() {
        add_theory(&mut panels, series, Color::number(index))?;
    }
    for (place, panel) in panels.iter_mut().enumerate() {
        add_points(panel, place, series)?;
    }
    let [histogram, free_entropy, participation] = &mut panels;
    let entry = |name, dash| LegendEntry::new(name, Stroke::new(Color::GREY, dash));
    histogram.add(entry("exact law", Dash::Solid));
    free_entropy.add(entry("finite-N theory", Dash::Solid));
    for panel in [free_entropy, participation] {
        panel.add(entry("N = ∞", Dash::Dashed));
        panel.add(entry("condensation λ_{*}(α)", Dash::Dotted));
    }
    Ok(Figure::side_by_side(panels.into()).with_title(ensemble_title(ensemble)))
}

/// What theory says of one series, in all three panels.
fn add_theory(
    [histogram, free_entropy, participation]: &mut [Panel; 3],
    series: &OverlapStatisticsSeries,
    color: Color,
) -> Result<(), PlotError> {
    let name = load_and_size_name(series.load, series.size)?;
    let solid = Stroke::solid(color).with_width(1.4);
    let dashed = Stroke::new(color, Dash::Dashed).with_width(1.2);
    let (exact, limit) = (format!("{name}, finite-N theory"), format!("{name}, N = ∞"));
    line(histogram, &format!("{name}, law"), &series.law, solid);
    line(free_entropy, &exact, &series.free_entropy_theory, solid);
    line(free_entropy, &limit, &series.free_entropy_limit, dashed);
    line(participation, &limit, &series.participation_limit, dashed);
    if let Some(condensation) = series.condensation {
        let stroke = Stroke::new(color, Dash::Dotted);
        let name = format!("{name}, λ_{{*}}");
        free_entropy.add(VerticalLine::new(name.clone(), condensation, stroke));
        participation.add(VerticalLine::new(name, condensation, stroke));
    }
    Ok(())
}

/// The measurements of all series in the panel at this place, of which there must be one.
fn add_points(
    panel: &mut Panel,
    place: usize,
    series: &[OverlapStatisticsSeries],
) -> Result<(), PlotError> {
    let mut is_empty = true;
    for (index, series) in series.iter().enumerate() {
        let points = [&series.density, &series.free_entropy, &series.participation][place];
        if points.is_empty() {
            continue;
        }
        is_empty = false;
        let (color, _, marker) = series_style(index);
        let name = load_and_size_name(series.load, series.size)?;
        panel.add(Points {
            size: MARKER_SIZE,
            // one legend of the colours serves all panels
            in_legend: place == 0,
            ..Points::new(name, points.clone(), marker, color)
        });
    }
    if is_empty {
        return Err(PlotError::NothingToDraw { panel: place + 1 });
    }
    Ok(())
}

fn line(panel: &mut Panel, name: &str, points: &[(f64, f64)], stroke: Stroke) {
    if !points.is_empty() {
        panel.add(Curve::new(name, points.to_vec(), stroke).without_legend());
    }
}
