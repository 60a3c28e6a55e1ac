//! The figure of the retrieval of all stored patterns against the load.

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, LegendEntry, Marker, Panel, Points, Scale, Stroke,
    VerticalLine,
};
use crate::labels::{
    distinct, ensemble_title, limit_name, position, require_probability, require_size, short_number,
};

/// Starts at every stored pattern, measured at one load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AllPatternsPoint {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// Share of samples of which all patterns are retrieved, with the ends of its interval.
    pub all: (f64, f64, f64),
    /// Mean fraction of patterns retrieved, with the ends of its interval.
    pub fraction: (f64, f64, f64),
    /// Mean number of patterns lost that have no close pair, with the ends of its interval.
    pub lost_to_low_norm: Option<(f64, f64, f64)>,
    /// Mean number of patterns lost to a close pair, with the ends of its interval.
    pub lost_to_close_pair: Option<(f64, f64, f64)>,
}

/// What theory says at one load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AllPatternsTheory {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// Probability that all patterns are retrieved.
    pub all: f64,
    /// Mean fraction of patterns retrieved.
    pub fraction: f64,
    /// Expected number of patterns lost that have no close pair.
    pub lost_to_low_norm: f64,
    /// Expected number of patterns lost to a close pair.
    pub lost_to_close_pair: f64,
}

/// The measurements at one inverse temperature and size and what theory says about them.
#[derive(Debug, Clone, PartialEq)]
pub struct AllPatternsSeries {
    /// Inverse temperature λ > 0.
    pub inverse_temperature: f64,
    /// Number of neurons N ≥ 1.
    pub size: f64,
    /// Measurements in order of the load; may be empty.
    pub points: Vec<AllPatternsPoint>,
    /// The finite-N theory at loads in rising order; may be empty.
    pub finite_size: Vec<AllPatternsTheory>,
    /// The load at which half of the samples keep all their patterns, and its standard error.
    pub half: Option<(f64, f64)>,
    /// α₁(λ) of the typical pattern, N = ∞; drawn once per λ.
    pub typical: Option<f64>,
    /// `α_c^lb`(λ), the lower bound for all patterns, N = ∞; drawn once per λ.
    pub lower_bound: Option<f64>,
}

/// Two stacked panels against the load α: the probability that all patterns are retrieved, and the mean fraction of them that are. A
/// colour for each λ, a marker and a dash for each size, error bars, the finite-N theory as lines (where there is none, lines that guide the eye), and vertical lines at α₁(λ)
/// (dotted) and `α_c^lb`(λ) (dashed), one line where they agree. The legend gives the load of probability ½ with its error.
///
/// ```
/// use dam_plots::{AllPatternsPoint, AllPatternsSeries, AllPatternsTheory, all_patterns_figure, lost_patterns_figure};
/// let point = AllPatternsPoint {
///     load: 0.1,
///     all: (0.5, 0.4, 0.6),
///     fraction: (0.95, 0.94, 0.96),
///     lost_to_low_norm: Some((1.0, 0.8, 1.2)),
///     lost_to_close_pair: None,
/// };
/// let series = AllPatternsSeries {
///     inverse_temperature: 0.5,
///     size: 30.0,
///     points: vec![point],
///     finite_size: vec![AllPatternsTheory {
///         load: 0.1,
///         all: 0.48,
///         fraction: 0.96,
///         lost_to_low_norm: 0.9,
///         lost_to_close_pair: 0.0,
///     }],
///     half: Some((0.1, 0.005)),
///     typical: Some(0.375),
///     lower_bound: Some(0.153),
/// };
/// assert_eq!(all_patterns_figure("gaussian", &[series.clone()])?.panels.len(), 2);
/// assert_eq!(lost_patterns_figure("gaussian", false, &[series])?.map(|figure| figure.panels.len()), Some(1));
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no series has a point; [`PlotError::OutsideDomain`] for a size below 1 or a share outside
/// [0, 1].
pub fn all_patterns_figure(
    ensemble: &str,
    series: &[AllPatternsSeries],
) -> Result<Figure, PlotError> {
    check(series)?;
    // in the legends of both panels, so that they keep the same width
    let names: Vec<String> = series
        .iter()
        .map(|series| match (series_name(series), series.half) {
            (name, Some((half, error))) => format!("{name}: α_{{1/2}} = {half:.3} ± {error:.3}"),
            (name, None) => name,
        })
        .collect();
    let share = |label: &str| Axis::new(label).with_range(-0.03, 1.03);
    let panels = vec![
        panel(
            share("P(all patterns retrieved)"),
            series,
            &names,
            |point| Some(point.all),
            |theory| theory.all,
        ),
        panel(
            share("mean fraction of patterns retrieved"),
            series,
            &names,
            |point| Some(point.fraction),
            |theory| theory.fraction,
        ),
    ];
    Ok(Figure::stacked(panels).with_title(ensemble_title(ensemble)))
}

/// The mean numbers of patterns lost per sample against the load on a logarithmic axis, by what loses them: a panel for those that
/// have no close pair (the noise takes them, those of low norm first where norms differ) and one for those that have. Colours, markers and lines are
/// those of [`all_patterns_figure`]. A panel without a number above 10⁻³ is left out; `None` where both are.
///
/// # Errors
/// As [`all_patterns_figure`].
pub fn lost_patterns_figure(
    ensemble: &str,
    has_fixed_norm: bool,
    series: &[AllPatternsSeries],
) -> Result<Option<Figure>, PlotError> {
    check(series)?;
    let names: Vec<String> = series.iter().map(series_name).collect();
    let noise = if has_fixed_norm {
        "lost to the noise, per sample"
    } else {
        "lost to low norm, per sample"
    };
    let panels: [LostPanel; 2] = [
        (
            noise,
            |point| point.lost_to_low_norm,
            |theory| theory.lost_to_low_norm,
        ),
        (
            "lost to a close pair, per sample",
            |point| point.lost_to_close_pair,
            |theory| theory.lost_to_close_pair,
        ),
    ];
    let panels: Vec<Panel> = panels
        .into_iter()
        .filter_map(|(label, measured, theory)| {
            let points = || series.iter().flat_map(|series| &series.points);
            let largest = points()
                .filter_map(|point| Some(measured(point)?.2))
                .fold(0.0, f64::max);
            let axis = Axis::new(label).logarithmic();
            (largest > LEAST_LOST).then(|| {
                panel(
                    axis.with_range(LEAST_LOST, 2.0 * largest),
                    series,
                    &names,
                    measured,
                    theory,
                )
            })
        })
        .collect();
    Ok((!panels.is_empty()).then(|| Figure::stacked(panels).with_title(ensemble_title(ensemble))))
}

/// A number lost, what was measured of it and its theory.
type LostPanel = (
    &'static str,
    fn(&AllPatternsPoint) -> Option<(f64, f64, f64)>,
    fn(&AllPatternsTheory) -> f64,
);

/// Where the axis of lost patterns begins.
const LEAST_LOST: f64 = 1e-3;

fn check(series: &[AllPatternsSeries]) -> Result<(), PlotError> {
    if series.iter().all(|series| series.points.is_empty()) {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    for series in series {
        require_size(series.size)?;
        for point in &series.points {
            require_probability("the probability that all are retrieved", point.all.0)?;
            require_probability("the fraction of patterns retrieved", point.fraction.0)?;
        }
    }
    Ok(())
}

/// One panel of numbers (value, low, high) against the load; on a logarithmic axis, of those that it shows.
fn panel(
    axis: Axis,
    series: &[AllPatternsSeries],
    names: &[String],
    measured: fn(&AllPatternsPoint) -> Option<(f64, f64, f64)>,
    theory: fn(&AllPatternsTheory) -> f64,
) -> Panel {
    let least = match axis.scale {
        Scale::Log10 => LEAST_LOST,
        Scale::Linear => f64::NEG_INFINITY,
    };
    let temperatures = distinct(series.iter().map(|series| series.inverse_temperature));
    let sizes = distinct(series.iter().map(|series| series.size));
    let color = |series: &AllPatternsSeries| {
        Color::number(position(&temperatures, series.inverse_temperature))
    };
    let mut panel = Panel::new(Axis::new("load α = ln P / N"), axis);
    for line in thresholds(series, color) {
        panel.add(line);
    }
    for (series, name) in series.iter().zip(names) {
        if series.points.is_empty() {
            continue;
        }
        let size_index = position(&sizes, series.size);
        let marker = Marker::number(size_index);
        let dash = Dash::number(size_index);
        let points: Vec<DataPoint> = series
            .points
            .iter()
            .filter_map(|point| {
                let (value, low, high) = measured(point)?;
                let shown = value > least;
                shown.then(|| DataPoint::with_y_interval(point.load, value, low.max(least), high))
            })
            .collect();
        if points.is_empty() {
            continue;
        }
        let (line_name, line) = if series.finite_size.is_empty() {
            (
                name.clone(),
                points.iter().map(|point| (point.x, point.y)).collect(),
            )
        } else {
            (
                format!("{}, finite-N theory", series_name(series)),
                series
                    .finite_size
                    .iter()
                    .map(|at| (at.load, theory(at)))
                    .filter(|&(_, value)| value > least)
                    .collect(),
            )
        };
        let stroke = Stroke::new(color(series), dash).with_width(1.0);
        panel.add(Curve::new(line_name, line, stroke).without_legend());
        panel.add(Points::new(name, points, marker, color(series)));
    }
    add_entries(&mut panel, series);
    panel
}

/// What the lines are, in the legend.
fn add_entries(panel: &mut Panel, series: &[AllPatternsSeries]) {
    let limits = series
        .iter()
        .map(|series| (series.lower_bound, series.typical));
    for (name, there, dash) in [
        (
            "finite-N theory",
            series.iter().any(|series| !series.finite_size.is_empty()),
            Dash::Solid,
        ),
        (
            "α_{1}(λ), N = ∞",
            series
                .iter()
                .any(|series| series.typical.is_some() && series.typical != series.lower_bound),
            Dash::Dotted,
        ),
        (
            limit_name(limits),
            series.iter().any(|series| series.lower_bound.is_some()),
            Dash::Dashed,
        ),
    ] {
        if there {
            panel.add(LegendEntry::new(
                name,
                Stroke::new(Color::GREY, dash).with_width(1.2),
            ));
        }
    }
}

/// The lines at the thresholds of N = ∞, once for each λ.
fn thresholds(
    series: &[AllPatternsSeries],
    color: impl Fn(&AllPatternsSeries) -> Color,
) -> Vec<VerticalLine> {
    let mut found = Vec::new();
    let mut drawn = Vec::new();
    for series in series {
        if drawn.contains(&series.inverse_temperature) {
            continue;
        }
        drawn.push(series.inverse_temperature);
        let bound = series.lower_bound;
        let lines = [
            (
                "α_{1}",
                series.typical.filter(|_| series.typical != bound),
                Dash::Dotted,
            ),
            ("α_{c}^{lb}", bound, Dash::Dashed),
        ];
        for (threshold, load, dash) in lines {
            if let Some(load) = load {
                let name = format!("{}, {threshold}", temperature_name(series));
                let stroke = Stroke::new(color(series), dash).with_width(1.2);
                found.push(VerticalLine::new(name, load, stroke));
            }
        }
    }
    found
}

fn temperature_name(series: &AllPatternsSeries) -> String {
    format!("λ = {}", short_number(series.inverse_temperature))
}

fn series_name(series: &AllPatternsSeries) -> String {
    let size = short_number(series.size);
    format!("{}, N = {size}", temperature_name(series))
}
