//! What stands on a map: its colours, contours and lines of theory.

use dam_runs::experiment::Experiment;
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::column;
use dam_runs::results::TaskResult;
use dam_runs::task::Task;
use dam_runs::view::{
    Course, Look, MapLine, MapView, Picture, Stroke, Sweep, Theory, Tint, View, axes, exact,
};

use super::{KIND, Mapped, PhaseMap, QUARTER, THREE_QUARTERS};
use crate::all_patterns::{ALL_RETRIEVED, AllPatterns, HALF_LOAD};
use crate::basin::{Basin, MEDIAN};
use crate::crossover::{CROSSOVER, Crossover, typical_inverse_temperature};
use crate::retrieval::HALF;

/// Columns of a map whose rows are known at every λ.
const COLUMNS: usize = 200;
/// Loads at which a boundary of theory is computed.
const LOADS: usize = 41;
/// λ at which the half-load is computed: up to 0.4 seconds each.
const HALF_LOADS: usize = 9;
/// Heights of the contours of basins in degrees.
const ANGLES: [f64; 5] = [15.0, 30.0, 45.0, 60.0, 75.0];
/// Colours of contours and of finite-N theory, by their number in the palette.
const CONTOUR: Tint = Tint::Palette(6);
const THEORY: Tint = Tint::Palette(3);
/// How close λ_½ of all patterns is computed, relative to its value.
const TOLERANCE: f64 = 1e-4;

impl PhaseMap {
    /// The one view.
    pub(super) fn map_views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let map = match &self.mapped {
            Mapped::Typical(crossover, _) => {
                let label = "retrieval probability";
                self.probabilities(sweep, crossover, label, self.boundary_of_typical())
            }
            Mapped::All(crossover, all) => {
                let half = exact(|at| all.half_load(at));
                let course = Course::AtLambdas(half, HALF_LOADS);
                let label = "P(all patterns retrieved)";
                self.probabilities(sweep, crossover, label, finite_size(course))
            }
            Mapped::Basins(basin, crossover) => self.angles(sweep, basin, crossover),
        };
        let title = sweep.title();
        vec![View::new(KIND.name, title, Picture::Map(map))]
    }

    fn boundary_of_typical(&self) -> MapLine<'_> {
        let half = exact(|at| self.predict(at, HALF).finite_size);
        finite_size(Course::AtLoads(half, LOADS))
    }

    /// Shares of samples, with their contours.
    fn probabilities<'a>(
        &self,
        sweep: Sweep<'a>,
        crossover: &'a Crossover,
        label: &'static str,
        theory: MapLine<'a>,
    ) -> MapView<'a> {
        let (first, last) = self.ends();
        let width = (last - first) / COLUMNS as f64;
        let contour = |name: &str, quantity, stroke, width, has_bars| MapLine {
            name: name.to_owned(),
            look: Look {
                tint: CONTOUR,
                stroke,
                width,
            },
            course: Course::Measured(quantity, has_bars),
        };
        let mut lines = limit(crossover, sweep);
        lines.extend([
            theory,
            contour("measured ¼, ¾", QUARTER, Stroke::Dotted, 1.6, false),
            contour("measured ¼, ¾", THREE_QUARTERS, Stroke::Dotted, 1.6, false),
            contour("measured ½", HALF, Stroke::Solid, 1.0, true),
        ]);
        MapView {
            label,
            range: (0.0, 1.0),
            columns: (0..COLUMNS)
                .map(|column| first + width * (column as f64 + 0.5))
                .collect(),
            value: Box::new(|result, lambda| Some(share_at(result, lambda))),
            phases: phases(crossover, sweep),
            lines,
        }
    }

    /// Median basin angles, with contours of measurement and theory.
    fn angles<'a>(
        &'a self,
        sweep: Sweep<'a>,
        basin: &'a Basin,
        crossover: &'a Crossover,
    ) -> MapView<'a> {
        let mut lines = limit(crossover, sweep);
        let boundary = exact(|at| crossover.predict(at, "lambda_crossover_median").finite_size);
        let mean = exact(|at| crossover.predict(at, CROSSOVER).finite_size);
        let is_fixed = sweep.ensemble.has_fixed_norm();
        let boundary = if is_fixed { mean } else { boundary };
        let course = Course::AtLoads(boundary, LOADS);
        lines.push(MapLine {
            name: "crossover λ_{×}, finite-N theory".to_owned(),
            ..finite_size(course)
        });
        for angle in ANGLES {
            let theory: Theory<'a> = exact(|at| basin.predict(at, MEDIAN).finite_size);
            lines.push(finite_size(Course::TheoryHeight(angle, theory)));
        }
        for angle in ANGLES {
            lines.push(MapLine {
                name: format!("measured {angle}°"),
                look: Look {
                    tint: CONTOUR,
                    stroke: Stroke::Solid,
                    width: 1.4,
                },
                course: Course::Height(angle),
            });
        }
        MapView {
            label: axes::MEDIAN_BASIN_ANGLE,
            range: (0.0, 90.0),
            columns: self.inverse_temperatures.clone(),
            value: Box::new(angle_at),
            phases: phases(crossover, sweep),
            lines,
        }
    }

    fn ends(&self) -> (f64, f64) {
        let grid = &self.inverse_temperatures;
        (grid[0], grid[grid.len() - 1])
    }
}

/// The ensemble whose phases are those of the memory: of attention.
fn phases(
    crossover: &Crossover,
    sweep: Sweep<'_>,
) -> Option<std::sync::Arc<dyn dam_theory::Ensemble>> {
    let theory = sweep.tasks.first().and_then(Task::theory);
    theory.filter(|_| crossover.retriever.is_attention_descent())
}

/// λ₁(α) of memories whose phases are not drawn.
fn limit<'a>(crossover: &'a Crossover, sweep: Sweep<'a>) -> Vec<MapLine<'a>> {
    if phases(crossover, sweep).is_some() {
        return Vec::new();
    }
    let typical = exact(|at| typical_inverse_temperature(&crossover.retriever, at));
    vec![MapLine {
        name: "λ_{1}(α), N = ∞".to_owned(),
        look: Look::new(Stroke::Dashed, 2.0),
        course: Course::AtLoads(typical, LOADS),
    }]
}

fn finite_size(course: Course<'_>) -> MapLine<'_> {
    MapLine {
        name: "finite-N theory".to_owned(),
        look: Look {
            tint: THEORY,
            stroke: Stroke::Solid,
            width: 4.0,
        },
        course,
    }
}

/// The share of the samples of a row that retrieve at λ.
fn share_at(result: &TaskResult, lambda: f64) -> f64 {
    let crossovers = column(&result.samples, CROSSOVER);
    let retrieved = crossovers.iter().flatten().filter(|&&at| at <= lambda);
    retrieved.count() as f64 / crossovers.len() as f64
}

fn angle_at(result: &TaskResult, lambda: f64) -> Option<f64> {
    let is_meant = |quantity: &&Quantity| {
        quantity.name == MEDIAN && quantity.coordinates.get("lambda") == Some(&lambda)
    };
    result.quantities.iter().find(is_meant)?.value()
}

/// λ_½ of all patterns: where the finite-N theory of P(all retrieved) rises through ½.
pub(super) fn half_of_all(all: &AllPatterns, at: &Place<'_>) -> Prediction {
    let share = |lambda: f64| {
        let at = at.clone().at("lambda", lambda);
        all.predict(&at, ALL_RETRIEVED).finite_size
    };
    let infinite_size = typical_inverse_temperature(&all.retriever, at);
    let finite_size = infinite_size.and_then(|from| rise_through_half(share, from));
    Prediction {
        finite_size,
        finite_size_error: finite_size.and_then(|half| half_error(all, at, half)),
        ..Prediction::default()
    }
}

/// What λ_½ of all patterns may be off by: the error of the half-load there over its slope in λ.
fn half_error(all: &AllPatterns, at: &Place<'_>, half: f64) -> Option<f64> {
    let load = |lambda: f64| all.predict(&at.clone().at("lambda", lambda), HALF_LOAD);
    let step = 0.02 * half;
    let (low, high) = (load(half - step), load(half + step));
    let slope = (high.finite_size? - low.finite_size?) / (2.0 * step);
    let error = 0.5 * (low.finite_size_error? + high.finite_size_error?) / slope;
    (error > 0.0).then_some(error)
}

/// The λ at which `share` rises through ½, sought from `start` on; none where it does not up to 64 times that.
fn rise_through_half(share: impl Fn(f64) -> Option<f64>, start: f64) -> Option<f64> {
    let (mut low, mut high) = (start, start);
    while share(low)? >= 0.5 {
        high = low;
        low *= 0.5;
    }
    while share(high)? < 0.5 {
        (low, high) = (high, 2.0 * high);
        if high > 64.0 * start {
            return None;
        }
    }
    while high - low > TOLERANCE * high {
        let middle = f64::midpoint(low, high);
        if share(middle)? < 0.5 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}
