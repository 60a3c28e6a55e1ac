//! The figure of retrieval curves collapsed in scaling variables.

use crate::error::PlotError;
use crate::figure::{Axis, Curve, DataPoint, Figure, Panel, Points, Stroke, series_style};
use crate::labels::{load_name, require_size};
use dam_runs::view::short_number;

/// The curve of one size in scaling variables.
#[derive(Debug, Clone, PartialEq)]
pub struct CollapsedCurve {
    /// Number of neurons N ≥ 1.
    pub size: f64,
    /// x = N^{1/ν}(λ − λ_c), y = N^{−ζ/ν} p and the standard error of y, in order of x.
    pub points: Vec<(f64, f64, f64)>,
}

/// The collapse at one load; parameters as (value, error).
#[derive(Debug, Clone, PartialEq)]
pub struct CollapsePanel {
    /// Load α = ln P / N > 0; none of curves from elsewhere.
    pub load: Option<f64>,
    /// λ_c.
    pub lambda_c: (f64, f64),
    /// ν.
    pub nu: (f64, f64),
    /// ζ.
    pub zeta: (f64, f64),
    /// Amplitudes and exponents of corrections, by name.
    pub corrections: Vec<(&'static str, (f64, f64))>,
    /// The quality S, about 1 for curves that agree within their errors.
    pub quality: f64,
    /// The curves.
    pub curves: Vec<CollapsedCurve>,
}

/// N^{−ζ/ν} p against N^{1/ν}(λ − λ_c): a panel per load with its fit as title, a colour and a marker for each size, error bars of
/// one standard error, lines from point to point that guide the eye.
///
/// ```
/// use dam_plots::special::{CollapsePanel, CollapsedCurve, collapse_figure};
/// let panel = CollapsePanel {
///     load: Some(0.2),
///     lambda_c: (0.3, 0.01),
///     nu: (0.5, 0.1),
///     zeta: (0.0, 0.01),
///     corrections: Vec::new(),
///     quality: 1.1,
///     curves: vec![CollapsedCurve { size: 40.0, points: vec![(-1.0, 0.2, 0.02), (1.0, 0.8, 0.02)] }],
/// };
/// assert_eq!(collapse_figure("Spherical patterns", &[panel])?.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if a panel has no points; [`PlotError::OutsideDomain`] for a load or a size out of its domain.
pub fn collapse_figure(title: &str, panels: &[CollapsePanel]) -> Result<Figure, PlotError> {
    let mut drawn = Vec::with_capacity(panels.len());
    for (index, collapse) in panels.iter().enumerate() {
        let mut panel = empty_panel(collapse)?;
        for (place, curve) in collapse.curves.iter().enumerate() {
            require_size(curve.size)?;
            if curve.points.is_empty() {
                continue;
            }
            let (color, dash, marker) = series_style(place);
            let size = if collapse.load.is_some() { "N" } else { "L" };
            let name = format!("{size} = {}", short_number(curve.size));
            let line = curve.points.iter().map(|&(x, y, _)| (x, y)).collect();
            let stroke = Stroke::new(color, dash).with_width(1.0);
            panel.add(Curve::new(name.clone(), line, stroke).without_legend());
            let points = curve
                .points
                .iter()
                .map(|&(x, y, error)| DataPoint::with_y_interval(x, y, y - error, y + error));
            panel.add(Points::new(name, points.collect(), marker, color));
        }
        if panel.layers.is_empty() {
            return Err(PlotError::NothingToDraw { panel: index + 1 });
        }
        drawn.push(panel);
    }
    if drawn.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let mut figure = Figure::stacked(drawn).with_title(title);
    figure.note = Some("Bars: one standard error.".to_owned());
    Ok(figure)
}

/// The panel with its axes and the fit as title.
fn empty_panel(collapse: &CollapsePanel) -> Result<Panel, PlotError> {
    let load = collapse.load.map(load_name).transpose()?;
    let critical = if load.is_some() { "λ_{c}" } else { "x_{c}" };
    let parameters = [
        (critical, collapse.lambda_c),
        ("ν", collapse.nu),
        ("ζ", collapse.zeta),
    ];
    let fitted = parameters.iter().chain(&collapse.corrections);
    let fitted: Vec<String> = fitted
        .map(|(name, value)| format!("{name} = {}", with_error(*value)))
        .collect();
    let quality = format!("S = {:.3}", collapse.quality);
    let title = format!("{}, {quality}", fitted.join(", "));
    let title = load.map_or(title.clone(), |load| format!("{load}: {title}"));
    let correction = if collapse.corrections.is_empty() {
        ""
    } else {
        ", corrected"
    };
    let (x, quantity) = if collapse.load.is_some() {
        ("N^{1/ν}(λ − λ_{c})", "N^{−ζ/ν} × retrieval probability")
    } else {
        ("L^{1/ν}(x − x_{c})", "L^{−ζ/ν} y")
    };
    let axes = [x, quantity].map(|name| Axis::new(format!("{name}{correction}")));
    let [x, y] = axes;
    Ok(Panel::new(x, y).with_title(title))
}

fn with_error((value, error): (f64, f64)) -> String {
    format!("{value:.3} ± {error:.3}")
}
