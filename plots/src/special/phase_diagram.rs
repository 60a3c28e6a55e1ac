//! The figure of the thresholds of an ensemble in the plane of inverse temperature and load, with its phases named.

use dam_theory::bounds::ramsauer_load;
use dam_theory::{Ensemble, Structure};

use crate::error::PlotError;
use crate::figure::{
    Annotation, Axis, Color, Curve, Dash, Figure, Panel, Placement, Region, Stroke,
};
use dam_runs::view::{axes, ensemble_title};

/// Greatest inverse temperature shown.
const GREATEST_INVERSE_TEMPERATURE: f64 = 3.0;
/// Intervals between the inverse temperatures computed.
const INTERVALS: u32 = 240;
/// Greatest load shown, relative to the greatest typical threshold shown.
const HEADROOM: f64 = 1.4;
/// Thresholds that differ by less are one line.
const INDISTINGUISHABLE: f64 = 1e-9;

/// A threshold as points (λ, α).
type Line = Vec<(f64, f64)>;

/// The phase diagram of an ensemble for 0 ≤ λ ≤ 3: the typical threshold α₁(λ), the bound `α_c^lb(λ)` below which all
/// patterns are retrieved, the condensation line `α_*(λ)` of the noise at |x|² = N, and the phases between them; for
/// spherical patterns also the bound of Ramsauer et al., `α_R(λ) = ¼ W₀(2λ/5)`. Where `α_c^lb` = α₁ one line stands for both
/// (Lucibello & Mézard, PRL 132, 077301, Figs. 1 and 3).
///
/// All lines start at the origin: for λ → 0 each threshold is at most λ.
///
/// # Errors
/// [`PlotError::Theory`] if the theory cannot give a threshold.
pub fn phase_diagram(ensemble: &dyn Ensemble) -> Result<Figure, PlotError> {
    let typical = threshold_line(|lambda| ensemble.typical_threshold(lambda))?;
    let all_patterns = threshold_line(|lambda| ensemble.all_patterns_lower_bound(lambda))?;
    let condensation = threshold_line(|lambda| ensemble.condensation_load(lambda, 1.0))?;
    let greatest_load = HEADROOM * typical.iter().map(|&(_, load)| load).fold(0.0, f64::max);
    let mut panel = Panel::new(
        Axis::new(axes::INVERSE_TEMPERATURE).with_range(0.0, GREATEST_INVERSE_TEMPERATURE),
        Axis::new(axes::LOAD).with_range(0.0, greatest_load),
    )
    .with_title(ensemble_title(ensemble.name(), &ensemble.parameters()));
    let coincide = (typical.iter().zip(&all_patterns))
        .all(|(typical, all)| (typical.1 - all.1).abs() < INDISTINGUISHABLE);
    if coincide {
        add_retrieval_by_noise(&mut panel, &typical, &condensation);
    } else {
        add_retrieval_by_reach(&mut panel, &typical, &all_patterns);
    }
    add_failure(&mut panel, &typical, &condensation, greatest_load);

    let typical_name = if coincide {
        "α_{1} = α_{c}"
    } else {
        "α_{1}"
    };
    panel.add(Curve::new(
        typical_name,
        typical,
        Stroke::solid(Color::BLUE),
    ));
    if !coincide {
        let stroke = Stroke::new(Color::GREEN, Dash::DashDot);
        panel.add(Curve::new("α_{c}^{lb}", all_patterns, stroke));
    }
    let stroke = Stroke::new(Color::VERMILION, Dash::Dashed);
    panel.add(Curve::new("α_{*}", condensation, stroke));
    if matches!(ensemble.structure(), Structure::Sphere) {
        let stroke = Stroke::new(Color::BLACK, Dash::Dotted);
        let bound = threshold_line(ramsauer_load)?;
        panel.add(Curve::new("bound of Ramsauer et al.", bound, stroke));
    }
    Ok(Figure::new(panel))
}

/// The threshold at equally spaced λ > 0, and its limit 0 at λ = 0.
fn threshold_line<E: Into<PlotError>>(
    threshold: impl Fn(f64) -> Result<f64, E>,
) -> Result<Line, PlotError> {
    let mut line = vec![(0.0, 0.0)];
    for index in 1..=INTERVALS {
        let fraction = f64::from(index) / f64::from(INTERVALS);
        let lambda = GREATEST_INVERSE_TEMPERATURE * fraction;
        line.push((lambda, threshold(lambda).map_err(Into::into)?));
    }
    Ok(line)
}

/// The line combined point by point from two others over the same λ.
fn combined(first: &Line, second: &Line, choose: fn(f64, f64) -> f64) -> Line {
    let pairs = first.iter().zip(second);
    pairs
        .map(|(&(lambda, a), &(_, b))| (lambda, choose(a, b)))
        .collect()
}

fn level(line: &Line, load: f64) -> Line {
    line.iter().map(|&(lambda, _)| (lambda, load)).collect()
}

/// Adds the shaded region between two lines, with its name inside, if it has any width.
fn add_phase(
    panel: &mut Panel,
    name: &str,
    lower: &[(f64, f64)],
    upper: &[(f64, f64)],
    shade: Option<Color>,
) {
    let wide = |index: &usize| upper[*index].1 - lower[*index].1 > INDISTINGUISHABLE;
    let indices = || 0..lower.len();
    let (Some(first), Some(last)) = (indices().find(wide), indices().rfind(wide)) else {
        return;
    };
    // the points beside the first and the last of some width are the tips of the region
    let stretch = first.saturating_sub(1)..(last + 2).min(lower.len());
    let (lower, upper) = (&lower[stretch.clone()], &upper[stretch]);
    let region = Region::between(name.replace('\n', " "), lower, upper, Color::WHITE);
    let corners = region.corners.clone();
    if let Some(color) = shade {
        panel.add(Region { color, ..region });
    }
    panel.add(Annotation::new(name, Placement::Within(corners)));
}

/// Where every pattern below α₁ is retrieved: retrieval with condensed and with uncondensed noise.
fn add_retrieval_by_noise(panel: &mut Panel, typical: &Line, condensation: &Line) {
    let split = combined(typical, condensation, f64::min);
    let floor = level(typical, 0.0);
    let (name, shade) = ("retrieval,\ncondensed noise", Some(Color::BLUE));
    add_phase(panel, name, &floor, &split, shade);
    let (name, shade) = ("retrieval,\nuncondensed noise", Some(Color::SKY_BLUE));
    add_phase(panel, name, &split, typical, shade);
}

/// Where fewer patterns are retrieved between `α_c^lb` and α₁: retrieval of all and of typical patterns.
fn add_retrieval_by_reach(panel: &mut Panel, typical: &Line, all_patterns: &Line) {
    let floor = level(typical, 0.0);
    let (name, shade) = ("retrieval of all patterns", Some(Color::BLUE));
    add_phase(panel, name, &floor, all_patterns, shade);
    let (name, shade) = ("retrieval of\na typical pattern", Some(Color::SKY_BLUE));
    add_phase(panel, name, all_patterns, typical, shade);
}

/// Above α₁: non-retrieval with condensed noise below `α_*`, if that is the higher line anywhere, else uncondensed.
fn add_failure(panel: &mut Panel, typical: &Line, condensation: &Line, greatest_load: f64) {
    let top = level(typical, greatest_load);
    let higher = combined(typical, condensation, f64::max);
    let shown = combined(&higher, &top, f64::min);
    let (name, shade) = ("condensed\nnon-retrieval", Some(Color::VERMILION));
    add_phase(panel, name, typical, &shown, shade);
    add_phase(panel, "uncondensed\nnon-retrieval", &shown, &top, None);
}
