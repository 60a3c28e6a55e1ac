//! The figure of the one-step crossover next to that of the dynamics, and of the effect of the step size.

use crate::crossover::MeasuredPoint;
use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, HorizontalLine, LegendEntry, Marker, Panel,
    Points, Range, Stroke,
};
use crate::labels::{ensemble_title, load_name, require_size, short_number};

/// Part of the longest 1/N left free at the right.
const RIGHT_MARGIN: f64 = 0.06;

/// The crossovers at one load α and what theory says about them; theory curves are pairs (N, λ).
#[derive(Debug, Clone, PartialEq)]
pub struct OneStepSeries {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// The crossover of the first update; may be empty.
    pub one_step: Vec<MeasuredPoint>,
    /// The crossover of the dynamics; may be empty.
    pub dynamics: Vec<MeasuredPoint>,
    /// The finite-N theory of the one-step crossover; may be empty.
    pub one_step_theory: Vec<(f64, f64)>,
    /// The finite-N theory of the crossover of the dynamics; may be empty.
    pub dynamics_theory: Vec<(f64, f64)>,
    /// The one-step crossover to order 1/N; may be empty.
    pub one_step_expansion: Vec<(f64, f64)>,
    /// λ₁(α), the common limit for N = ∞.
    pub infinite_size: Option<f64>,
    /// Differences between step sizes on the same patterns; may be empty.
    pub differences: Vec<StepSizeDifference>,
}

/// `λ_×(η) − λ_×(η₀)` at one step size η and several sizes.
#[derive(Debug, Clone, PartialEq)]
pub struct StepSizeDifference {
    /// Step size η.
    pub step_size: f64,
    /// Step size η₀ of reference.
    pub reference: f64,
    /// Means of the paired differences.
    pub points: Vec<MeasuredPoint>,
}

/// Crossovers against 1/N: a colour for each load, circles for the first update and squares for the dynamics; finite-N
/// theories solid, the expansion of the one-step crossover to order 1/N dotted, λ₁(α) dashed. With step-size differences, a
/// second panel shows them.
///
/// ```
/// use dam_plots::{MeasuredPoint, OneStepSeries, one_step_figure};
/// let point = |value| vec![MeasuredPoint { size: 40.0, value, low: value - 1e-3, high: value + 1e-3 }];
/// let series = OneStepSeries {
///     load: 0.2,
///     one_step: point(0.225),
///     dynamics: point(0.3166),
///     one_step_theory: Vec::new(),
///     dynamics_theory: Vec::new(),
///     one_step_expansion: Vec::new(),
///     infinite_size: Some(0.2246),
///     differences: Vec::new(),
/// };
/// assert_eq!(one_step_figure("spherical", &[series])?.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no series has a point; [`PlotError::OutsideDomain`] for a load that is not positive or a
/// size below 1.
pub fn one_step_figure(ensemble: &str, series: &[OneStepSeries]) -> Result<Figure, PlotError> {
    let sizes = || {
        let points = series
            .iter()
            .flat_map(|series| series.one_step.iter().chain(&series.dynamics));
        points.map(|point| point.size)
    };
    sizes().try_for_each(require_size)?;
    let longest = sizes()
        .map(f64::recip)
        .reduce(f64::max)
        .ok_or(PlotError::NothingToDraw { panel: 1 })?;
    let mut x_axis = Axis::new("1/N");
    x_axis.range = Range::Explicit(0.0, (1.0 + RIGHT_MARGIN) * longest);
    let mut panel = Panel::new(x_axis.clone(), Axis::new("crossover inverse temperature"))
        .with_title(ensemble_title(ensemble));
    for (index, series) in series.iter().enumerate() {
        add_theory(&mut panel, series, color(index))?;
    }
    for (index, series) in series.iter().enumerate() {
        let name = load_name(series.load)?;
        let kinds = [
            ("dynamics", &series.dynamics, Marker::Square),
            ("first update", &series.one_step, Marker::Circle),
        ];
        for (kind, points, marker) in kinds {
            if !points.is_empty() {
                let name = format!("{name}, {kind}");
                panel.add(Points::new(name, data(points), marker, color(index)));
            }
        }
    }
    let mut entries = vec![("finite-N theory", Dash::Solid)];
    if series
        .iter()
        .any(|series| !series.one_step_expansion.is_empty())
    {
        entries.push(("first update to order 1/N", Dash::Dotted));
    }
    if series.iter().any(|series| series.infinite_size.is_some()) {
        entries.push(("λ_{1}(α), N = ∞", Dash::Dashed));
    }
    for (name, dash) in entries {
        panel.add(LegendEntry::new(name, Stroke::new(Color::GREY, dash)));
    }
    let has_differences = series.iter().any(|series| {
        let mut differences = series.differences.iter();
        differences.any(|difference| !difference.points.is_empty())
    });
    if !has_differences {
        return Ok(Figure::new(panel));
    }
    let differences = difference_panel(x_axis, series)?;
    Ok(Figure::stacked(vec![panel, differences]))
}

fn add_theory(panel: &mut Panel, series: &OneStepSeries, color: Color) -> Result<(), PlotError> {
    let name = load_name(series.load)?;
    if let Some(limit) = series.infinite_size {
        let stroke = Stroke::new(color, Dash::Dashed);
        panel.add(HorizontalLine::new(format!("{name}, N = ∞"), limit, stroke));
    }
    let curves = [
        (
            "dynamics, finite-N theory",
            &series.dynamics_theory,
            Dash::Solid,
        ),
        (
            "first update, finite-N theory",
            &series.one_step_theory,
            Dash::Solid,
        ),
        (
            "first update to order 1/N",
            &series.one_step_expansion,
            Dash::Dotted,
        ),
    ];
    for (kind, points, dash) in curves {
        if !points.is_empty() {
            let mut points: Vec<(f64, f64)> = points
                .iter()
                .map(|&(size, value)| (size.recip(), value))
                .collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            let stroke = Stroke::new(color, dash);
            panel.add(Curve::new(format!("{name}, {kind}"), points, stroke).without_legend());
        }
    }
    Ok(())
}

fn difference_panel(x_axis: Axis, series: &[OneStepSeries]) -> Result<Panel, PlotError> {
    let mut panel = Panel::new(x_axis, Axis::new("λ_{×}(η) − λ_{×}(η_{0})"));
    panel.add(HorizontalLine::new(
        "0",
        0.0,
        Stroke::solid(Color::GREY).with_width(0.9),
    ));
    for (index, series) in series.iter().enumerate() {
        for (position, difference) in series.differences.iter().enumerate() {
            if difference.points.is_empty() {
                continue;
            }
            let name = format!(
                "{}, η = {}, η_{{0}} = {}",
                load_name(series.load)?,
                short_number(difference.step_size),
                short_number(difference.reference)
            );
            let marker = Marker::number(position);
            panel.add(Points::new(
                name,
                data(&difference.points),
                marker,
                color(index),
            ));
        }
    }
    Ok(panel)
}

fn color(index: usize) -> Color {
    Color::number(index)
}

fn data(points: &[MeasuredPoint]) -> Vec<DataPoint> {
    points
        .iter()
        .map(|point| point.at(point.size.recip()))
        .collect()
}
