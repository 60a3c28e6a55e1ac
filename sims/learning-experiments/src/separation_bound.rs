//! How far M points on a sphere can stand apart, and how far random ones do.

use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, column};
use dam_runs::reduce;
use dam_runs::swept::{PATTERN_COUNT, SIZE};
use dam_runs::task::Task;
use dam_runs::view::{
    Arrangement, AxisView, CurveView, Data, Grid, Look, PanelView, Part, Pass, Picture, PointsView,
    Stroke, Sweep, Tint, View, axes, exact,
};
use dam_theory::bounds::{code_angle_bounds, code_separation_bounds};
use std::collections::BTreeMap;

use dam_learning::codes::{CodeSearch, known_optimum, optimise_code};
use dam_memory::pairs::largest_cosine;
use dam_theory::finite_size::SphericalOverlapLaw;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "separation-bound",
    about: "bounds on the separation of M points on a sphere, optimised codes, random points",
    sections: &[],
    sweep: &[PATTERN_COUNT, SIZE],
    read: SeparationBound::configure,
};

/// The minimal separation min_{μ<ν} (1 − cos θ_μν) of M random patterns, and of an optimised code
/// (arXiv:2410.23126, Fig. 3).
///
/// Every sample also searches for the best code from one random start, so that `code_separation`
/// tells how reliable a single start is, and `best_separation` is the best of all samples.
#[derive(Clone, Copy, Debug)]
pub struct SeparationBound;

impl SeparationBound {
    /// No section; sweeps `pattern_count` and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let points = draft.counted_loads()?;
        if points.iter().any(|point| point.size < 2) {
            let message = "1 is no sphere; N must be at least 2".to_owned();
            return Err(draft.error("sweep", "size", message));
        }
        Ok((Box::new(Self), points))
    }
}

impl Experiment for SeparationBound {
    fn measure(&self, sample: &Sample<'_>) -> Record {
        let seed = sample.stream.seed("code");
        let code = optimise_code(&CodeSearch {
            dimension: sample.task.size,
            count: sample.task.pattern_count,
            restarts: 1,
            seed: seed[..8]
                .iter()
                .fold(0, |seed, &byte| (seed << 8) | u64::from(byte)),
        });
        let number = |value: f64| Measurement::Number(Some(value));
        BTreeMap::from([
            (
                "random_separation".to_owned(),
                number(1.0 - largest_cosine(sample.memory)),
            ),
            (
                "code_separation".to_owned(),
                number(1.0 - code.least_angle().cos()),
            ),
        ])
    }

    fn quantities(&self, _: &Task, records: &[Record]) -> Vec<Quantity> {
        let values = |name| reduce::present(&column(records, name));
        let codes = values("code_separation");
        let best = codes.iter().copied().fold(0.0, f64::max);
        vec![
            reduce::mean("random_separation", &values("random_separation")),
            reduce::mean("code_separation", &codes),
            Quantity {
                mean: Some(best),
                ..reduce::empty("best_separation", codes.len())
            },
        ]
    }

    /// The exact mean for random directions, and the proven or best known code.
    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        let task = at.task;
        let finite_size = match quantity {
            "random_separation" if task.is_isotropic() && task.size > 2 => {
                let law = SphericalOverlapLaw::new(at.size).ok();
                law.and_then(|law| Some(1.0 - law.mean_maximum(at.log_pairs()).ok()?))
            }
            "best_separation" => {
                known_optimum(task.size, task.pattern_count).map(|known| 1.0 - known.angle.cos())
            }
            _ => None,
        };
        Prediction {
            finite_size,
            ..Prediction::default()
        }
    }

    /// The minimal separation against M between its bounds, a panel for each N.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let mut sizes: Vec<usize> = Vec::new();
        for task in sweep.tasks {
            if !sizes.contains(&task.size) {
                sizes.push(task.size);
            }
        }
        let panels = sizes.into_iter().map(panel).collect();
        let panels = Picture::Panels(panels, Arrangement::Rows(2), Some((720.0, 480.0)));
        vec![View::new(KIND.name, sweep.title(), panels)]
    }
}

fn panel<'a>(size: usize) -> PanelView<'a> {
    let curve = |name, tint, stroke, grid, theory| {
        let look = Look {
            tint,
            ..Look::new(stroke, 2.0)
        };
        CurveView::new(name, look, grid, theory).listed().part()
    };
    let (grey, blue) = (Tint::Grey, Tint::Palette(0));
    let closed = |at: &Place<'_>| code_separation_bounds(at.size, at.count.ln()).ok();
    let tight = |at: &Place<'_>| code_angle_bounds(at.task.size, at.task.pattern_count).ok();
    let points = |data, name, color, marker| {
        Part::Points(PointsView {
            data,
            name,
            tint: Tint::Palette(color),
            marker: Some(marker),
            ..PointsView::default()
        })
    };
    let parts = vec![
        curve(
            "lower bound, closed form",
            grey,
            Stroke::DashDot,
            Grid::Counts,
            exact(move |at| Some(closed(at)?.lower)),
        ),
        curve(
            "upper bound, closed form",
            grey,
            Stroke::Dashed,
            Grid::Counts,
            // beyond 2 it says nothing
            exact(move |at| Some(closed(at)?.upper).filter(|&upper| upper <= 2.0)),
        ),
        curve(
            "lower bound, tightest here",
            blue,
            Stroke::DashDot,
            Grid::Measured,
            exact(move |at| Some(1.0 - tight(at)?.0.cos())),
        ),
        curve(
            "upper bound, tightest here",
            blue,
            Stroke::Dashed,
            Grid::Measured,
            exact(move |at| Some(1.0 - tight(at)?.1.cos())),
        ),
        points(0, "optimised codes", 1, 0),
        points(1, "random points", 2, 1),
    ];
    let data = vec![Data::new("best_separation"), Data::new("random_separation")];
    PanelView::new(
        axes::pattern_count(),
        AxisView::new("least 1 − cos θ of two points").logarithmic(),
        data,
        vec![Pass::new(Vec::new(), parts)],
    )
    .titled(format!("N = {size}"))
    .only(move |row| row.task.size == size)
}
