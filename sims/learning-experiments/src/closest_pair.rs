//! The smallest angle between two of the random patterns, sample by sample.

use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Needs, Sample, at_infinity, at_size};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, column};
use dam_runs::reduce;
use dam_runs::swept::{ALPHA, SIZE};
use dam_runs::task::Task;
use dam_runs::view::axes;
use dam_runs::view::{
    self, AxisView, CurveView, Data, Grid, LineView, Look, PanelView, Part, Pass, Stroke, Sweep,
    View,
};
use std::collections::BTreeMap;

use dam_theory::ensembles::{Rademacher, Spherical};
use dam_theory::finite_size::SphericalOverlapLaw;
use dam_theory::{Ensemble, Structure};

use dam_memory::pairs::largest_cosine;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "closest-pair",
    about: "the largest cosine of two patterns at exponential loads",
    sections: &[],
    sweep: &[ALPHA, SIZE],
    read: ClosestPair::configure,
};

/// Measures the largest cosine among the P(P−1)/2 pairs of patterns and its angle: the distance that limits what all
/// patterns can be retrieved from. The work is P²N per sample.
///
/// Patterns of isotropic laws have independent uniform directions. Their pairs are then pairwise independent, and
/// Pr(largest cosine ≤ t) = exp(−P(P−1)/2 · Pr(cosine > t)) up to O(1/P); at N = ∞, s(ε) = 2α.
#[derive(Clone, Copy, Debug)]
pub struct ClosestPair;

impl ClosestPair {
    /// Sweeps `alpha` and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        Ok((Box::new(Self), draft.exponential_loads()?))
    }
}

impl Experiment for ClosestPair {
    fn needs(&self, size: usize) -> Needs {
        Needs::new(1, size * size_of::<f64>() + size_of::<Vec<f64>>())
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let largest = largest_cosine(sample.memory);
        let number = |value: f64| Measurement::Number(Some(value));
        BTreeMap::from([
            ("largest_cosine".to_owned(), number(largest)),
            (ANGLE.to_owned(), number(largest.acos().to_degrees())),
        ])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let values = |name| reduce::present(&column(records, name));
        vec![
            reduce::mean("largest_cosine", &values("largest_cosine")),
            reduce::median(task, ANGLE, &values(ANGLE)),
        ]
    }

    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        // directions of Gaussian patterns are uniform: their cosines follow the law of the sphere
        let ensemble = at.theory();
        let structure = ensemble.as_ref().map(|ensemble| ensemble.structure());
        let isotropic = structure.is_some_and(Structure::is_isotropic);
        let extreme = |law: &dyn Ensemble| law.extreme_overlap(2.0 * at.load, 1.0).ok();
        let limit = structure.and_then(|structure| match structure {
            Structure::Sphere | Structure::Normal => extreme(&Spherical),
            // every component of a pair is ±1: the overlap is the cosine
            Structure::Signs => extreme(&Rademacher),
            Structure::Components(_) | Structure::Covariance(_) => None,
        });
        let angle = |cosine: f64| cosine.acos().to_degrees();
        match quantity {
            "largest_cosine" => Prediction {
                infinite_size: limit,
                finite_size: isotropic.then(|| mean_cosine(at)).flatten(),
                ..Prediction::default()
            },
            "least_angle_degrees" => Prediction {
                infinite_size: limit.map(angle),
                finite_size: isotropic.then(|| median_cosine(at)).flatten().map(angle),
                ..Prediction::default()
            },
            _ => Prediction::default(),
        }
    }

    /// The median least angle with its interval against N.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let theory = CurveView::finite_size(Grid::Measured, at_size(self, ANGLE));
        let limit = LineView::new(
            "N = ∞",
            Look::new(Stroke::Dashed, 1.6),
            at_infinity(self, ANGLE),
            "N = ∞",
        );
        let parts = vec![Part::Level(limit), theory.part(), view::points()];
        let panel = PanelView::new(
            axes::size(),
            AxisView::new("least angle between two patterns (degrees)"),
            vec![Data::new(ANGLE)],
            vec![Pass::new(vec![view::load()], parts)],
        );
        let title = sweep.title();
        vec![View::of(KIND.name, panel.titled(title))]
    }
}

const ANGLE: &str = "least_angle_degrees";

/// The mean of the largest cosine of P(P−1)/2 independent pairs.
fn mean_cosine(at: &Place<'_>) -> Option<f64> {
    let law = SphericalOverlapLaw::new(at.size).ok()?;
    law.mean_maximum(at.log_pairs()).ok()
}

/// The median: P(P−1)/2 · Pr(cosine > t) = ln 2.
fn median_cosine(at: &Place<'_>) -> Option<f64> {
    let law = SphericalOverlapLaw::new(at.size).ok()?;
    let log_tail = std::f64::consts::LN_2.ln() - at.log_pairs();
    law.quantile_of_log_tail(log_tail).ok()
}
