//! The figure of the rate functions of overlaps with stored patterns.

use dam_theory::Ensemble;

use crate::error::PlotError;
use crate::figure::{Axis, Curve, Figure, Panel, Stroke, series_style};
use dam_runs::view::{capitalised, literal, with_parameters};

/// Greatest value shown.
const GREATEST_RATE: f64 = 1.0;
/// Intervals between the overlaps computed.
const INTERVALS: u32 = 400;

/// The rate functions s(ε) of the overlap ε = x·ξ/N with an independent pattern at |x|² = N, one curve per ensemble, from
/// ε = 0 to where s = 1 or, if s stays below, to the greatest overlap that occurs (Lucibello & Mézard, PRL 132, 077301,
/// Fig. 4).
///
/// # Errors
/// [`PlotError::NothingToDraw`] without ensembles; [`PlotError::Theory`] if the theory cannot give a rate.
pub fn rate_functions(ensembles: &[&dyn Ensemble]) -> Result<Figure, PlotError> {
    if ensembles.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let mut curves = Vec::new();
    let mut greatest_overlap = 0.0_f64;
    for (index, ensemble) in ensembles.iter().enumerate() {
        let end = ensemble.extreme_overlap(GREATEST_RATE, 1.0)?;
        greatest_overlap = greatest_overlap.max(end);
        let points = (0..=INTERVALS)
            .map(|step| {
                // closer steps towards the end, where the rate may rise steeply
                let left = 1.0 - f64::from(step) / f64::from(INTERVALS);
                let overlap = end * (1.0 - left * left);
                Ok((overlap, ensemble.rate_function(overlap, 1.0)?))
            })
            .collect::<Result<_, PlotError>>()?;
        let (color, dash, _) = series_style(index);
        let name = literal(&capitalised(ensemble.name()));
        let name = with_parameters(name, &ensemble.parameters());
        curves.push(Curve::new(name, points, Stroke::new(color, dash)));
    }
    let mut panel = Panel::new(
        Axis::new("overlap ε").with_range(0.0, 1.04 * greatest_overlap),
        Axis::new("rate function s(ε)").with_range(0.0, GREATEST_RATE),
    );
    for curve in curves {
        panel.add(curve);
    }
    Ok(Figure::new(panel))
}
