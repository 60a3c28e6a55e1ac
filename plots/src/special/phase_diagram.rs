//! The figure of the thresholds of an ensemble in the plane of inverse temperature and load, with its phases named.

use dam_theory::bounds::ramsauer_load;
use dam_theory::{Ensemble, Structure};

use crate::error::PlotError;
use crate::figure::{
    Annotation, Axis, Color, Curve, Dash, Figure, Panel, Placement, Region, Stroke,
};
use dam_runs::view::{axes, ensemble_title};

/// Intervals between the inverse temperatures computed.
const INTERVALS: u32 = 240;
/// Greatest load shown, relative to the greatest typical threshold shown.
const HEADROOM: f64 = 1.4;
/// Thresholds that differ by less are one line.
const INDISTINGUISHABLE: f64 = 1e-9;

/// A threshold as points (λ, α).
type Line = Vec<(f64, f64)>;

/// The part of the plane of λ and α that is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// From the least to the greatest λ.
    pub lambda: (f64, f64),
    /// From the least to the greatest α; none for 0 to 1.4 times the greatest α₁.
    pub load: Option<(f64, f64)>,
}

impl Default for Plane {
    fn default() -> Self {
        Self {
            lambda: (0.0, 3.0),
            load: None,
        }
    }
}

/// The phase diagram of an ensemble: the typical threshold α₁(λ), the bound `α_c^lb(λ)` below which all
/// patterns are retrieved, the condensation line `α_*(λ)` of the noise at |x|² = N, and the phases between them; for
/// spherical patterns also the bound of Ramsauer et al., `α_R(λ) = ¼ W₀(2λ/5)`. Where `α_c^lb` = α₁ one line stands for both
/// (Lucibello & Mézard, PRL 132, 077301, Figs. 1 and 3).
///
/// All lines start at the origin: for λ → 0 each threshold is at most λ.
///
/// # Errors
/// [`PlotError::Theory`] if the theory cannot give a threshold; [`PlotError::InvalidRange`] for a part of the plane with
/// λ < 0 or α < 0, or of no extent.
pub fn phase_diagram(ensemble: &dyn Ensemble, plane: Plane) -> Result<Figure, PlotError> {
    let check = |axis: &str, (low, high): (f64, f64)| {
        let is_fit = low >= 0.0 && low < high && high.is_finite();
        is_fit.then_some(()).ok_or(PlotError::InvalidRange {
            axis: axis.to_owned(),
            low,
            high,
        })
    };
    check(axes::INVERSE_TEMPERATURE, plane.lambda)?;
    if let Some(load) = plane.load {
        check(axes::LOAD, load)?;
    }
    let thresholds = Thresholds::new(ensemble, plane.lambda)?;
    let load = plane.load.unwrap_or((0.0, thresholds.headroom()));
    let mut panel = Panel::new(
        Axis::new(axes::INVERSE_TEMPERATURE).with_range(plane.lambda.0, plane.lambda.1),
        Axis::new(axes::LOAD).with_range(load.0, load.1),
    )
    .with_title(ensemble_title(ensemble.name(), &ensemble.parameters()));
    for phase in thresholds.phases(load) {
        let region = Region::between(
            phase.name.replace('\n', " "),
            &phase.lower,
            &phase.upper,
            phase.shade.unwrap_or(Color::WHITE),
        );
        let place = Placement::Within(region.corners.clone());
        if phase.shade.is_some() {
            panel.add(region);
        }
        panel.add(Annotation::new(phase.name, place));
    }
    for line in thresholds.lines() {
        panel.add(line);
    }
    if matches!(ensemble.structure(), Structure::Sphere) {
        let stroke = Stroke::new(Color::BLACK, Dash::Dotted);
        let bound = threshold_line(plane.lambda, ramsauer_load)?;
        panel.add(Curve::new("bound of Ramsauer et al.", bound, stroke));
    }
    Ok(Figure::new(panel))
}

/// The thresholds of an ensemble over a range of λ.
pub(crate) struct Thresholds {
    typical: Line,
    all_patterns: Line,
    condensation: Line,
    /// Whether `α_c^lb` = α₁.
    coincide: bool,
}

/// A named region between two lines over the same λ.
pub(crate) struct Phase {
    pub(crate) name: &'static str,
    lower: Line,
    upper: Line,
    shade: Option<Color>,
}

impl Phase {
    /// The corners of the region, in order around.
    pub(crate) fn corners(&self) -> Vec<(f64, f64)> {
        Region::between("", &self.lower, &self.upper, Color::WHITE).corners
    }

    /// The region between the lines, cut to these loads; none where that has no width.
    fn between(
        (name, shade): (&'static str, Option<Color>),
        lower: &Line,
        upper: &Line,
        (least, greatest): (f64, f64),
    ) -> Option<Self> {
        let cut = |line: &Line| -> Line {
            let points = line.iter();
            points
                .map(|&(lambda, load)| (lambda, load.clamp(least, greatest)))
                .collect()
        };
        let (lower, upper) = (cut(lower), cut(upper));
        let wide = |index: &usize| upper[*index].1 - lower[*index].1 > INDISTINGUISHABLE;
        let (first, last) = ((0..lower.len()).find(wide)?, (0..lower.len()).rfind(wide)?);
        // the points beside the first and the last of some width are the tips of the region
        let stretch = first.saturating_sub(1)..(last + 2).min(lower.len());
        Some(Self {
            name,
            lower: lower[stretch.clone()].to_vec(),
            upper: upper[stretch].to_vec(),
            shade,
        })
    }
}

impl Thresholds {
    /// The thresholds at equally spaced λ.
    pub(crate) fn new(ensemble: &dyn Ensemble, lambda: (f64, f64)) -> Result<Self, PlotError> {
        let typical = threshold_line(lambda, |at| ensemble.typical_threshold(at))?;
        let all_patterns = threshold_line(lambda, |at| ensemble.all_patterns_lower_bound(at))?;
        let coincide = (typical.iter().zip(&all_patterns))
            .all(|(typical, all)| (typical.1 - all.1).abs() < INDISTINGUISHABLE);
        Ok(Self {
            typical,
            all_patterns,
            condensation: threshold_line(lambda, |at| ensemble.condensation_load(at, 1.0))?,
            coincide,
        })
    }

    /// A load above all of α₁.
    fn headroom(&self) -> f64 {
        let loads = self.typical.iter().map(|&(_, load)| load);
        HEADROOM * loads.fold(0.0, f64::max)
    }

    /// α₁, `α_c^lb` where it is another line, and `α_*`.
    pub(crate) fn lines(&self) -> Vec<Curve> {
        let typical_name = if self.coincide {
            "α_{1} = α_{c}"
        } else {
            "α_{1}"
        };
        let stroke = Stroke::solid(Color::BLUE);
        let mut lines = vec![Curve::new(typical_name, self.typical.clone(), stroke)];
        if !self.coincide {
            let stroke = Stroke::new(Color::GREEN, Dash::DashDot);
            lines.push(Curve::new("α_{c}^{lb}", self.all_patterns.clone(), stroke));
        }
        let stroke = Stroke::new(Color::VERMILION, Dash::Dashed);
        lines.push(Curve::new("α_{*}", self.condensation.clone(), stroke));
        lines
    }

    /// The phases of some width between two loads. Below α₁: where every pattern is retrieved there, retrieval with condensed
    /// and with uncondensed noise; else retrieval of all and of typical patterns. Above α₁: non-retrieval with condensed noise
    /// below `α_*`, if that is the higher line anywhere, else uncondensed.
    pub(crate) fn phases(&self, load: (f64, f64)) -> Vec<Phase> {
        let floor = level(&self.typical, load.0);
        let top = level(&self.typical, load.1);
        let higher = combined(&self.typical, &self.condensation, f64::max);
        let (below, split) = if self.coincide {
            let split = combined(&self.typical, &self.condensation, f64::min);
            let names = [
                "retrieval,\ncondensed noise",
                "retrieval,\nuncondensed noise",
            ];
            (names, split)
        } else {
            let names = [
                "retrieval of all patterns",
                "retrieval of\na typical pattern",
            ];
            (names, self.all_patterns.clone())
        };
        let [inner, outer] = below;
        let phases = [
            Phase::between((inner, Some(Color::BLUE)), &floor, &split, load),
            Phase::between((outer, Some(Color::SKY_BLUE)), &split, &self.typical, load),
            Phase::between(
                ("condensed\nnon-retrieval", Some(Color::VERMILION)),
                &self.typical,
                &higher,
                load,
            ),
            Phase::between(("uncondensed\nnon-retrieval", None), &higher, &top, load),
        ];
        phases.into_iter().flatten().collect()
    }
}

/// The threshold at equally spaced λ, which is 0 at λ = 0.
fn threshold_line<E: Into<PlotError>>(
    (first, last): (f64, f64),
    threshold: impl Fn(f64) -> Result<f64, E>,
) -> Result<Line, PlotError> {
    (0..=INTERVALS)
        .map(|index| {
            let lambda = first + (last - first) * (f64::from(index) / f64::from(INTERVALS));
            let load = if lambda > 0.0 {
                threshold(lambda).map_err(Into::into)?
            } else {
                0.0
            };
            Ok((lambda, load))
        })
        .collect()
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
