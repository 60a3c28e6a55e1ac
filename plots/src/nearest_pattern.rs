//! The figure of the cosine between a pattern and its nearest neighbour at polynomial loads.

use crate::crossover::MeasuredPoint;
use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, Figure, LegendEntry, Panel, Points, Stroke, series_style,
};
use crate::labels::{ensemble_title, short_number};

/// The nearest-pattern cosines at one polynomial load P = α̃ N^k and what theory says of them.
#[derive(Debug, Clone, PartialEq)]
pub struct NearestPatternSeries {
    /// Exponent k > 0.
    pub exponent: f64,
    /// Prefactor α̃ > 0.
    pub prefactor: f64,
    /// Measured cosines at several sizes; may be empty.
    pub points: Vec<MeasuredPoint>,
    /// √(2(k ln N + ln α̃)/N) as pairs (N, cosine); may be empty.
    pub leading_term: Vec<(f64, f64)>,
    /// √(1 − P^{−2/N}) of the Random Energy Model; may be empty.
    pub random_energy_model: Vec<(f64, f64)>,
    /// The exact mean at N; may be empty.
    pub finite_size: Vec<(f64, f64)>,
}

/// The cosine between ξ¹ and the nearest other pattern against N, on a logarithmic axis: a colour for each load, points
/// with error bars, the exact mean at N solid, √(1 − P^{−2/N}) dashed and its leading term dotted (LM24 Fig. 5).
///
/// ```
/// use dam_plots::{MeasuredPoint, NearestPatternSeries, nearest_pattern_figure};
/// let series = NearestPatternSeries {
///     exponent: 2.0,
///     prefactor: 1.0,
///     points: vec![MeasuredPoint { size: 50.0, value: 0.47, low: 0.46, high: 0.48 }],
///     leading_term: vec![(20.0, 0.774), (50.0, 0.559)],
///     random_energy_model: Vec::new(),
///     finite_size: Vec::new(),
/// };
/// assert_eq!(nearest_pattern_figure("spherical", &[series])?.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if no series has a point or a line; [`PlotError::OutsideDomain`] for an exponent or a
/// prefactor that is not positive.
pub fn nearest_pattern_figure(
    ensemble: &str,
    series: &[NearestPatternSeries],
) -> Result<Figure, PlotError> {
    let lines = |series: &NearestPatternSeries| {
        [
            (
                "finite-N theory",
                Dash::Solid,
                1.8,
                series.finite_size.clone(),
            ),
            (
                "√(1 − P^{−2/N})",
                Dash::Dashed,
                1.4,
                series.random_energy_model.clone(),
            ),
            (
                "√(2 ln P/N)",
                Dash::Dotted,
                1.4,
                series.leading_term.clone(),
            ),
        ]
    };
    let mut panel = Panel::new(
        Axis::new("number of neurons N").logarithmic(),
        Axis::new("cosine with the nearest pattern"),
    )
    .with_title(ensemble_title(ensemble));
    let mut shown: Vec<(&str, Dash, f64)> = Vec::new();
    for (index, series) in series.iter().enumerate() {
        let name = polynomial_name(series.exponent, series.prefactor)?;
        let (color, _, _) = series_style(index);
        for (kind, dash, width, points) in lines(series) {
            if points.is_empty() {
                continue;
            }
            let stroke = Stroke::new(color, dash).with_width(width);
            panel.add(Curve::new(format!("{name}, {kind}"), points, stroke).without_legend());
            if !shown.iter().any(|&(other, _, _)| other == kind) {
                shown.push((kind, dash, width));
            }
        }
    }
    for (index, series) in series.iter().enumerate() {
        if series.points.is_empty() {
            continue;
        }
        let (color, _, marker) = series_style(index);
        let points = series
            .points
            .iter()
            .map(|point| point.at(point.size))
            .collect();
        let name = polynomial_name(series.exponent, series.prefactor)?;
        panel.add(Points::new(name, points, marker, color));
    }
    if panel.layers.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    for (kind, dash, width) in shown {
        panel.add(LegendEntry::new(
            kind,
            Stroke::new(Color::GREY, dash).with_width(width),
        ));
    }
    Ok(Figure::new(panel))
}

/// "P = 2 N^{3}".
fn polynomial_name(exponent: f64, prefactor: f64) -> Result<String, PlotError> {
    for (quantity, value) in [("the exponent k", exponent), ("the prefactor α̃", prefactor)] {
        if !(value.is_finite() && value > 0.0) {
            return Err(PlotError::OutsideDomain {
                quantity,
                value,
                domain: "the positive numbers",
            });
        }
    }
    let factor = if prefactor == 1.0 {
        String::new()
    } else {
        format!("{} ", short_number(prefactor))
    };
    let power = if exponent == 1.0 {
        String::new()
    } else {
        format!("^{{{}}}", short_number(exponent))
    };
    Ok(format!("P = {factor}N{power}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn loads_are_named_by_their_law() {
        assert_eq!(polynomial_name(1.0, 2.0).unwrap(), "P = 2 N");
        assert_eq!(polynomial_name(2.0, 1.0).unwrap(), "P = N^{2}");
        assert_eq!(polynomial_name(1.5, 0.5).unwrap(), "P = 0.5 N^{1.5}");
        assert!(polynomial_name(0.0, 1.0).is_err());
    }
}
