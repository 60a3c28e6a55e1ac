//! The figure of measured crossovers against 1/N with their limits at N = ∞.

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, HorizontalLine, LegendEntry, Panel, Points, Range,
    Stroke, series_style,
};
use crate::labels::{ensemble_title, load_name, require_size};

/// Part of the longest 1/N left free at the right.
const RIGHT_MARGIN: f64 = 0.06;
/// Where the figure against N ends.
const LARGEST_SIZE: f64 = 1e4;

/// A crossover measured at one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredPoint {
    /// Number of neurons N ≥ 1.
    pub size: f64,
    /// Crossover inverse temperature `λ_×`.
    pub value: f64,
    /// Lower end of its confidence interval.
    pub low: f64,
    /// Upper end of its confidence interval.
    pub high: f64,
}

impl MeasuredPoint {
    /// The value and its interval at the abscissa `x`.
    pub(crate) const fn at(&self, x: f64) -> DataPoint {
        DataPoint::with_y_interval(x, self.value, self.low, self.high)
    }
}

/// The crossovers at one load α and what theory says about them.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossoverSeries {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// Measurements at several sizes; may be empty.
    pub points: Vec<MeasuredPoint>,
    /// The limit λ₁(α) for N = ∞.
    pub infinite_size: Option<f64>,
    /// The finite-N theory as pairs (N, `λ_×`), in any order; may be empty.
    pub finite_size: Vec<(f64, f64)>,
}

/// The crossover `λ_×` against 1/N: a colour and a marker for each load, error bars, the finite-N theory as a solid line,
/// and the limit λ₁(α) at N = ∞ as a dashed line reaching 1/N = 0. Parts without data are left out.
///
/// ```
/// use dam_plots::{CrossoverSeries, MeasuredPoint, crossover_figure};
/// let series = CrossoverSeries {
///     load: 0.2,
///     points: vec![MeasuredPoint { size: 40.0, value: 0.3166, low: 0.3165, high: 0.3167 }],
///     infinite_size: Some(0.2246),
///     finite_size: vec![(40.0, 0.31647), (60.0, 0.2943)],
/// };
/// let figure = crossover_figure("spherical", &[series])?;
/// assert_eq!(figure.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no series has a point or a line; [`PlotError::OutsideDomain`] for a load that is not
/// positive or a size below 1.
pub fn crossover_figure(ensemble: &str, series: &[CrossoverSeries]) -> Result<Figure, PlotError> {
    let longest = checked_sizes(series)?
        .map(f64::recip)
        .reduce(f64::max)
        .ok_or(PlotError::NothingToDraw { panel: 1 })?;
    let mut x_axis = Axis::new("1/N");
    x_axis.range = Range::Explicit(0.0, (1.0 + RIGHT_MARGIN) * longest);
    Ok(Figure::new(panel(ensemble, series, x_axis, f64::recip)?))
}

/// The crossover `λ_×` against N on a logarithmic axis from the smallest size to 10⁴, where the finite-N theory has all but
/// reached its limit; drawn like [`crossover_figure`].
///
/// # Errors
/// As [`crossover_figure`].
pub fn crossover_size_figure(
    ensemble: &str,
    series: &[CrossoverSeries],
) -> Result<Figure, PlotError> {
    let x_axis = size_axis(checked_sizes(series)?)?;
    Ok(Figure::new(panel(ensemble, series, x_axis, |size| size)?))
}

/// N on a logarithmic axis from the smallest of `sizes` to 10⁴.
pub(crate) fn size_axis(sizes: impl Iterator<Item = f64>) -> Result<Axis, PlotError> {
    let smallest = sizes
        .reduce(f64::min)
        .ok_or(PlotError::NothingToDraw { panel: 1 })?;
    let mut axis = Axis::new("number of components N").logarithmic();
    axis.range = Range::Explicit(smallest / (1.0 + RIGHT_MARGIN), LARGEST_SIZE);
    Ok(axis)
}

/// All sizes of the series, once each of them is seen to be a number of components.
fn checked_sizes(series: &[CrossoverSeries]) -> Result<impl Iterator<Item = f64>, PlotError> {
    let sizes = || {
        series.iter().flat_map(|series| {
            let measured = series.points.iter().map(|point| point.size);
            measured.chain(series.finite_size.iter().map(|&(size, _)| size))
        })
    };
    sizes().try_for_each(require_size)?;
    Ok(sizes())
}

/// The series against `position`(N).
fn panel(
    ensemble: &str,
    series: &[CrossoverSeries],
    x_axis: Axis,
    position: fn(f64) -> f64,
) -> Result<Panel, PlotError> {
    let range = x_axis.range;
    let is_shown = |x: f64| match range {
        Range::Explicit(low, high) => (low..=high).contains(&x),
        Range::Automatic => true,
    };
    let mut panel = Panel::new(x_axis, Axis::new("crossover inverse temperature λ_{×}"))
        .with_title(ensemble_title(ensemble));
    let mut curves = Vec::new();
    for series in series {
        let theory = series.finite_size.iter();
        let mut theory: Vec<(f64, f64)> = theory
            .map(|&(size, value)| (position(size), value))
            .filter(|&(x, _)| is_shown(x))
            .collect();
        theory.sort_by(|a, b| a.0.total_cmp(&b.0));
        let points = series
            .points
            .iter()
            .map(|point| point.at(position(point.size)));
        curves.push(SizeCurve {
            name: load_name(series.load)?,
            points: points.collect(),
            finite_size: theory,
            infinite_size: series.infinite_size,
        });
    }
    add_size_curves(&mut panel, curves, "λ_{1}(α), N = ∞");
    Ok(panel)
}

/// Measurements at several sizes and their theory, in the coordinates of a panel.
pub(crate) struct SizeCurve {
    pub(crate) name: String,
    /// May be empty.
    pub(crate) points: Vec<DataPoint>,
    /// In order of x; may be empty.
    pub(crate) finite_size: Vec<(f64, f64)>,
    pub(crate) infinite_size: Option<f64>,
}

/// Points with error bars over the finite-N theory (solid) and the limit (dashed, `limit` in the legend), a colour and a marker for
/// each curve.
pub(crate) fn add_size_curves(panel: &mut Panel, curves: Vec<SizeCurve>, limit: &str) {
    let has_theory = curves.iter().any(|curve| !curve.finite_size.is_empty());
    let has_limit = curves.iter().any(|curve| curve.infinite_size.is_some());
    let dashed = |color| Stroke::new(color, Dash::Dashed).with_width(1.6);
    let mut points = Vec::new();
    // lines first, so that the points lie above them
    for (index, curve) in curves.into_iter().enumerate() {
        let (color, _, marker) = series_style(index);
        if let Some(limit) = curve.infinite_size {
            let name = format!("{}, N = ∞", curve.name);
            panel.add(HorizontalLine::new(name, limit, dashed(color)));
        }
        if !curve.finite_size.is_empty() {
            let name = format!("{}, finite-N theory", curve.name);
            let stroke = Stroke::solid(color);
            panel.add(Curve::new(name, curve.finite_size, stroke).without_legend());
        }
        if !curve.points.is_empty() {
            points.push(Points::new(curve.name, curve.points, marker, color));
        }
    }
    for points in points {
        panel.add(points);
    }
    if has_theory {
        panel.add(LegendEntry::new(
            "finite-N theory",
            Stroke::solid(Color::GREY),
        ));
    }
    if has_limit {
        panel.add(LegendEntry::new(limit, dashed(Color::GREY)));
    }
}
