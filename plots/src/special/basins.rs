//! The figure of the sizes of the basins of attraction at N = ∞.

use dam_theory::Ensemble;

use crate::error::PlotError;
use crate::figure::{
    Across, Axis, Color, CrossLine, Curve, Figure, LegendEntry, Panel, Stroke, Ticks, series_style,
};
use crate::labels::load_name;
use dam_runs::view::{axes, ensemble_title};

/// Greatest inverse temperature shown, relative to the greatest condensation temperature `λ_*(α)` among the loads.
const BEYOND_CONDENSATION: f64 = 1.4;
/// Width of the lines at the angles of the nearest patterns.
const THIN: f64 = 0.9;
/// Intervals between the inverse temperatures computed for each load.
const INTERVALS: u32 = 300;
/// Degrees below the angle of the nearest pattern at which a basin counts as saturated.
const SATURATED: f64 = 1e-9;

/// The basin angle `θ_c(λ)` in degrees, one curve per load α, rising from 0 at λ₁(α): a start at an angle below it from a
/// pattern is retrieved. At `λ_*(α)` it saturates at the angle of the nearest other pattern (`arccos ε_*(α)`
/// where rotations do not change the patterns), drawn as a thin line
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
        Axis::new(axes::INVERSE_TEMPERATURE).with_range(0.0, greatest),
        Axis::new("basin angle θ_{c} (degrees)")
            .with_range(0.0, 90.0)
            .with_ticks(angle_ticks(90)),
    )
    .with_title(ensemble_title(ensemble.name(), &ensemble.parameters()));
    for (index, &load) in loads.iter().enumerate() {
        let (color, dash, _) = series_style(index);
        let name = load_name(load)?;
        let nearest = saturation_angle(ensemble, load)?;
        let thin = Stroke::solid(color).with_width(THIN);
        let name_of_nearest = format!("{name}, nearest pattern");
        panel.add(CrossLine::new(
            name_of_nearest,
            Across::Horizontal(nearest),
            thin,
        ));
        let points = basin_curve(ensemble, load, greatest, nearest)?;
        panel.add(Curve::new(name, points, Stroke::new(color, dash)));
    }
    panel.add(nearest_pattern_entry());
    Ok(Figure::new(panel))
}

fn nearest_pattern_entry() -> LegendEntry {
    LegendEntry {
        name: "angle of the nearest pattern".to_owned(),
        stroke: Stroke::solid(Color::GREY).with_width(THIN),
    }
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

/// θ_c far beyond condensation in degrees: the angle of the nearest pattern from the starts of the basin.
fn saturation_angle(ensemble: &dyn Ensemble, load: f64) -> Result<f64, PlotError> {
    let far = 100.0 * ensemble.condensation_inverse_temperature(load, 1.0)?;
    let angle = ensemble.basin_angle(load, far)?;
    // below its largest load every pattern has a basin there
    Ok(angle.unwrap_or_default().to_degrees())
}

/// The points (λ, `θ_c`) from the onset at λ₁(α), where `θ_c` = 0, to where it saturates at `nearest` degrees, and on to
/// `greatest`.
fn basin_curve(
    ensemble: &dyn Ensemble,
    load: f64,
    greatest: f64,
    nearest: f64,
) -> Result<Vec<(f64, f64)>, PlotError> {
    let onset = ensemble.typical_inverse_temperature(load)?;
    let mut points = vec![(onset, 0.0)];
    for index in 1..=INTERVALS {
        // closer steps towards the onset, where the angle rises like a square root
        let fraction = f64::from(index) / f64::from(INTERVALS);
        let lambda = onset + (greatest - onset) * fraction * fraction;
        if let Some(angle) = ensemble.basin_angle(load, lambda)? {
            points.push((lambda, angle.to_degrees()));
            if (angle.to_degrees() - nearest).abs() < SATURATED {
                points.push((greatest, nearest));
                break;
            }
        }
    }
    Ok(points)
}
