//! The figure of the retrieval of all stored patterns against the load.

use crate::axis::Axis;
use crate::crossover::{ensemble_title, short_number};
use crate::error::PlotError;
use crate::figure::{Figure, Panel};
use crate::layer::{Curve, DataPoint, LegendEntry, Points, Stroke, VerticalLine};
use crate::palette::{Color, Dash, Marker, OKABE_ITO};
use crate::retrieval::{distinct, position, require_probability, require_size};

/// Starts at every stored pattern, measured at one load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AllPatternsPoint {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// Share of samples of which all patterns are retrieved, with the ends of its interval.
    pub all: (f64, f64, f64),
    /// Mean fraction of patterns retrieved, with the ends of its interval.
    pub fraction: (f64, f64, f64),
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
    /// The finite-N theory at loads in rising order: load, probability that all are retrieved, mean fraction; may be empty.
    pub finite_size: Vec<(f64, f64, f64)>,
    /// The load at which half of the samples keep all their patterns, and its standard error.
    pub half: Option<(f64, f64)>,
    /// α₁(λ) of the typical pattern, N = ∞; drawn once per λ.
    pub typical: Option<f64>,
    /// `α_c^lb`(λ), the lower bound for all patterns, N = ∞; drawn once per λ.
    pub lower_bound: Option<f64>,
}

/// Two stacked panels against the load α: the probability that all patterns are retrieved, and the mean fraction of them that are. A
/// colour for each λ, a marker and a dash for each size, error bars, the finite-N theory as lines (where there is none, lines that guide the eye), and vertical lines at α₁(λ)
/// (dotted) and `α_c^lb`(λ) (dashed). The legend gives the load of probability ½ with its error.
///
/// ```
/// use dam_plots::{AllPatternsPoint, AllPatternsSeries, all_patterns_figure};
/// let point = AllPatternsPoint { load: 0.1, all: (0.5, 0.4, 0.6), fraction: (0.95, 0.94, 0.96) };
/// let series = AllPatternsSeries {
///     inverse_temperature: 0.5,
///     size: 30.0,
///     points: vec![point],
///     finite_size: vec![(0.1, 0.48, 0.96)],
///     half: Some((0.1, 0.005)),
///     typical: Some(0.375),
///     lower_bound: Some(0.153),
/// };
/// assert_eq!(all_patterns_figure("gaussian", &[series])?.panels.len(), 2);
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
    let names = series.iter().map(series_name);
    let plain: Vec<String> = names.clone().collect();
    let with_half: Vec<String> = names
        .zip(series)
        .map(|(name, series)| match series.half {
            Some((half, error)) => format!("{name}: α_{{1/2}} = {half:.3} ± {error:.3}"),
            None => name,
        })
        .collect();
    let panels = vec![
        panel(
            "probability that all patterns are retrieved",
            series,
            &with_half,
            |point| point.all,
            |&(load, all, _)| (load, all),
        ),
        panel(
            "mean fraction of patterns retrieved",
            series,
            &plain,
            |point| point.fraction,
            |&(load, _, fraction)| (load, fraction),
        ),
    ];
    Ok(Figure::stacked(panels).with_title(ensemble_title(ensemble)))
}

/// One panel of shares (value, low, high) against the load.
fn panel(
    label: &str,
    series: &[AllPatternsSeries],
    names: &[String],
    share: fn(&AllPatternsPoint) -> (f64, f64, f64),
    theory: fn(&(f64, f64, f64)) -> (f64, f64),
) -> Panel {
    let temperatures = distinct(series.iter().map(|series| series.inverse_temperature));
    let sizes = distinct(series.iter().map(|series| series.size));
    let color = |series: &AllPatternsSeries| {
        OKABE_ITO[position(&temperatures, series.inverse_temperature) % OKABE_ITO.len()]
    };
    let mut panel = Panel::new(
        Axis::new("load α"),
        Axis::new(label).with_range(-0.03, 1.03),
    );
    let mut drawn = Vec::new();
    for series in series {
        if drawn.contains(&series.inverse_temperature) {
            continue;
        }
        drawn.push(series.inverse_temperature);
        let lines = [
            ("α_{1}", series.typical, Dash::Dotted),
            ("α_{c}^{lb}", series.lower_bound, Dash::Dashed),
        ];
        for (threshold, load, dash) in lines {
            if let Some(load) = load {
                let name = format!("{}, {threshold}", temperature_name(series));
                let stroke = Stroke::new(color(series), dash).with_width(1.2);
                panel.add(VerticalLine::new(name, load, stroke));
            }
        }
    }
    for (series, name) in series.iter().zip(names) {
        if series.points.is_empty() {
            continue;
        }
        let size_index = position(&sizes, series.size);
        let marker = Marker::ALL[size_index % Marker::ALL.len()];
        let dash = Dash::ALL[size_index % Dash::ALL.len()];
        let points: Vec<DataPoint> = series
            .points
            .iter()
            .map(|point| {
                let (value, low, high) = share(point);
                DataPoint::with_y_interval(point.load, value, low, high)
            })
            .collect();
        let (line_name, line) = if series.finite_size.is_empty() {
            (
                name.clone(),
                points.iter().map(|point| (point.x, point.y)).collect(),
            )
        } else {
            (
                format!("{}, finite-N theory", series_name(series)),
                series.finite_size.iter().map(theory).collect(),
            )
        };
        let stroke = Stroke::new(color(series), dash).with_width(1.0);
        panel.add(Curve::new(line_name, line, stroke).without_legend());
        panel.add(Points::new(name, points, marker, color(series)));
    }
    for (name, there, dash) in [
        (
            "finite-N theory",
            series.iter().any(|series| !series.finite_size.is_empty()),
            Dash::Solid,
        ),
        (
            "α_{1}(λ), N = ∞",
            series.iter().any(|series| series.typical.is_some()),
            Dash::Dotted,
        ),
        (
            "α_{c}^{lb}(λ), N = ∞",
            series.iter().any(|series| series.lower_bound.is_some()),
            Dash::Dashed,
        ),
    ] {
        if there {
            panel.add(LegendEntry {
                name: name.to_owned(),
                stroke: Stroke::new(Color::GREY, dash).with_width(1.2),
            });
        }
    }
    panel
}

fn temperature_name(series: &AllPatternsSeries) -> String {
    format!("λ = {}", short_number(series.inverse_temperature))
}

fn series_name(series: &AllPatternsSeries) -> String {
    format!(
        "{}, N = {}",
        temperature_name(series),
        short_number(series.size)
    )
}
