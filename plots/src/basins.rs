//! The figures of the sizes of the basins of attraction: theory alone, and beside measurements.

use dam_theory::Ensemble;

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, HorizontalLine, LegendEntry, Marker, Panel,
    Points, Region, Stroke, Ticks, series_style,
};
use crate::labels::{
    distinct, ensemble_title, load_and_size_name, load_name, position, require_size,
};

/// Greatest inverse temperature shown, relative to the greatest condensation temperature `λ_*(α)` among the loads.
const BEYOND_CONDENSATION: f64 = 1.4;
/// Width of the lines at the angles of the nearest patterns.
const THIN: f64 = 0.9;
/// Intervals between the inverse temperatures computed for each load.
const INTERVALS: u32 = 300;

/// The basin angle `θ_c(λ)` in degrees, one curve per load α, rising from 0 at λ₁(α): a start at an angle below it from a
/// pattern is retrieved. At `λ_*(α)` it saturates at the angle `arccos ε_*(α)` of the nearest other pattern, drawn as a thin line
/// (Lucibello & Mézard, PRL 132, 077301, Fig. 2).
///
/// # Errors
/// [`PlotError::NothingToDraw`] without loads; [`PlotError::OutsideDomain`] for a load that is not positive;
/// [`PlotError::Theory`] if a load is never retrieved or the theory cannot give an angle.
pub fn basins(ensemble: &dyn Ensemble, loads: &[f64]) -> Result<Figure, PlotError> {
    if loads.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let mut greatest = 0.0_f64;
    for &load in loads {
        let onset = ensemble.typical_inverse_temperature(load)?;
        let saturation = ensemble.condensation_inverse_temperature(load, 1.0)?;
        greatest = greatest.max(BEYOND_CONDENSATION * onset.max(saturation));
    }
    let mut panel = Panel::new(
        Axis::new("inverse temperature λ").with_range(0.0, greatest),
        Axis::new("basin angle θ_{c} (degrees)")
            .with_range(0.0, 90.0)
            .with_ticks(angle_ticks(90)),
    )
    .with_title(ensemble_title(ensemble.name()));
    for (index, &load) in loads.iter().enumerate() {
        let (color, dash, _) = series_style(index);
        let name = load_name(load)?;
        let nearest = ensemble.extreme_overlap(load, 1.0)?.acos().to_degrees();
        let thin = Stroke::solid(color).with_width(THIN);
        panel.add(HorizontalLine::new(
            format!("{name}, nearest pattern"),
            nearest,
            thin,
        ));
        let points = basin_curve(ensemble, load, greatest)?;
        panel.add(Curve::new(name, points, Stroke::new(color, dash)));
    }
    panel.add(nearest_pattern_entry());
    Ok(Figure::new(panel))
}

/// A basin angle measured at one inverse temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasinPoint {
    /// Inverse temperature λ.
    pub inverse_temperature: f64,
    /// Basin angle `θ_c` in degrees, within [0, 180].
    pub degrees: f64,
    /// Lower end of its confidence interval.
    pub low: f64,
    /// Upper end of its confidence interval.
    pub high: f64,
}

/// The basin angles at one load and size and what theory says about them.
#[derive(Debug, Clone, PartialEq)]
pub struct BasinSeries {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// Number of neurons N ≥ 1.
    pub size: f64,
    /// Measurements, in any order; may be empty.
    pub points: Vec<BasinPoint>,
    /// The limit N = ∞ as pairs (λ, `θ_c` in degrees) in order of λ; drawn once per load; may be empty.
    pub infinite_size: Vec<(f64, f64)>,
    /// The angle of the nearest other pattern at N = ∞ in degrees, where `θ_c` saturates; drawn once per load.
    pub nearest_pattern: Option<f64>,
    /// The finite-N theory as pairs (λ, `θ_c` in degrees) in order of λ; may be empty.
    pub finite_size: Vec<(f64, f64)>,
    /// Its confidence band as (λ, low, high) in order of λ, where it is sampled; may be empty.
    pub finite_size_band: Vec<(f64, f64, f64)>,
}

/// Measured basin angles against λ: a colour for each load, a marker and a dash for each size, error bars, the limit N = ∞ as a
/// wide line with its saturation at the angle of the nearest pattern as a thin one, and the finite-N theory.
///
/// ```
/// use dam_plots::{BasinPoint, BasinSeries, measured_basins};
/// let point = BasinPoint { inverse_temperature: 0.5, degrees: 50.0, low: 49.0, high: 51.0 };
/// let series = BasinSeries {
///     load: 0.2,
///     size: 40.0,
///     points: vec![point],
///     infinite_size: vec![(0.4, 46.6), (0.5, 51.2), (0.6, 53.5)],
///     nearest_pattern: Some(55.0),
///     finite_size: Vec::new(),
///     finite_size_band: Vec::new(),
/// };
/// assert_eq!(measured_basins("spherical", &[series])?.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no series has a point; [`PlotError::OutsideDomain`] for a load that is not positive, a
/// size below 1, or an angle outside [0, 180].
pub fn measured_basins(ensemble: &str, series: &[BasinSeries]) -> Result<Figure, PlotError> {
    check(series)?;
    let loads = distinct(series.iter().map(|series| series.load));
    let sizes = distinct(series.iter().map(|series| series.size));
    let mut points = series.iter().flat_map(|series| &series.points);
    let top = if points.any(|point| point.high > 90.0) {
        180
    } else {
        90
    };
    let mut panel = Panel::new(
        Axis::new("inverse temperature λ"),
        Axis::new("basin angle θ_{c} (degrees)")
            .with_range(0.0, f64::from(top))
            .with_ticks(angle_ticks(top)),
    )
    .with_title(ensemble_title(ensemble));
    add_limits(&mut panel, series, &loads)?;
    // lines first, so that the points lie above them
    let name = |series: &BasinSeries| load_and_size_name(series.load, series.size);
    let color = |series: &BasinSeries| Color::number(position(&loads, series.load));
    for series in series
        .iter()
        .filter(|series| !series.finite_size.is_empty())
    {
        let dash = Dash::ALL[1 + position(&sizes, series.size) % (Dash::ALL.len() - 1)];
        add_finite_size(&mut panel, series, name(series)?, color(series), dash);
    }
    for series in series.iter().filter(|series| !series.points.is_empty()) {
        let marker = Marker::number(position(&sizes, series.size));
        let points = series
            .points
            .iter()
            .map(|point| {
                DataPoint::with_y_interval(
                    point.inverse_temperature,
                    point.degrees,
                    point.low,
                    point.high,
                )
            })
            .collect();
        panel.add(Points::new(name(series)?, points, marker, color(series)));
    }
    if series.iter().any(|series| !series.finite_size.is_empty()) {
        panel.add(LegendEntry::new(
            "finite-N theory",
            Stroke::new(Color::GREY, Dash::Dashed).with_width(1.2),
        ));
    }
    if series.iter().any(|series| series.nearest_pattern.is_some()) {
        panel.add(nearest_pattern_entry());
    }
    Ok(Figure::new(panel))
}

fn check(series: &[BasinSeries]) -> Result<(), PlotError> {
    let points = || series.iter().flat_map(|series| &series.points);
    if points().next().is_none() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    for series in series {
        require_size(series.size)?;
    }
    if let Some(unfit) = points().find(|point| !(0.0..=180.0).contains(&point.degrees)) {
        return Err(PlotError::OutsideDomain {
            quantity: "the basin angle in degrees",
            value: unfit.degrees,
            domain: "[0, 180]",
        });
    }
    Ok(())
}

/// The limit N = ∞ and its saturation, once for each load.
fn add_limits(panel: &mut Panel, series: &[BasinSeries], loads: &[f64]) -> Result<(), PlotError> {
    for (index, &load) in loads.iter().enumerate() {
        let color = Color::number(index);
        let name = load_name(load)?;
        let mut at_load = series.iter().filter(|series| series.load == load);
        let Some(first) = at_load.next() else {
            continue;
        };
        if let Some(nearest) = first.nearest_pattern {
            let thin = Stroke::solid(color).with_width(THIN);
            panel.add(HorizontalLine::new(
                format!("{name}, nearest pattern"),
                nearest,
                thin,
            ));
        }
        if !first.infinite_size.is_empty() {
            let curve = first.infinite_size.clone();
            let name = format!("{name}, N = ∞");
            panel.add(Curve::new(name, curve, Stroke::solid(color)));
        }
    }
    Ok(())
}

/// The curve of the finite-N theory and its band.
fn add_finite_size(
    panel: &mut Panel,
    series: &BasinSeries,
    name: String,
    color: Color,
    dash: Dash,
) {
    let name = name + ", finite-N theory";
    let band = &series.finite_size_band;
    if band.len() > 1 {
        let low: Vec<(f64, f64)> = band.iter().map(|&(x, low, _)| (x, low)).collect();
        let high: Vec<(f64, f64)> = band.iter().map(|&(x, _, high)| (x, high)).collect();
        panel.add(Region::between(
            format!("{name}, 95 % band"),
            &low,
            &high,
            color,
        ));
    }
    // a solid line is the limit's
    let stroke = Stroke::new(color, dash).with_width(1.2);
    let curve = Curve::new(name, series.finite_size.clone(), stroke);
    panel.add(curve.without_legend());
}

fn nearest_pattern_entry() -> LegendEntry {
    LegendEntry::new(
        "angle of the nearest pattern",
        Stroke::solid(Color::GREY).with_width(THIN),
    )
}

/// The multiples of 15 degrees up to `top`.
fn angle_ticks(top: u32) -> Ticks {
    let angles = (0..=top / 15).map(|index| 15 * index);
    Ticks::At(
        angles
            .map(|angle| (f64::from(angle), angle.to_string()))
            .collect(),
    )
}

/// The points (λ, `θ_c`) from the onset at λ₁(α), where `θ_c` = 0.
fn basin_curve(
    ensemble: &dyn Ensemble,
    load: f64,
    greatest: f64,
) -> Result<Vec<(f64, f64)>, PlotError> {
    let onset = ensemble.typical_inverse_temperature(load)?;
    let mut points = vec![(onset, 0.0)];
    for index in 1..=INTERVALS {
        // closer steps towards the onset, where the angle rises like a square root
        let fraction = f64::from(index) / f64::from(INTERVALS);
        let lambda = onset + (greatest - onset) * fraction * fraction;
        if let Some(angle) = ensemble.basin_angle(load, lambda)? {
            points.push((lambda, angle.to_degrees()));
        }
    }
    Ok(points)
}
