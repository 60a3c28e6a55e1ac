//! The cosine between a stored pattern and the nearest of the others, at polynomial loads.

use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Needs, Sample, at_size};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::{Measurement, Record, column};
use dam_runs::reduce;
use dam_runs::task::{Load, Task};
use dam_runs::view::{
    self, AxisView, CurveView, Data, Grid, Look, PanelView, Pass, Row, Stroke, Sweep, View, exact,
    short_number,
};
use std::collections::BTreeMap;

use dam_theory::bounds::{nearest_pattern_cosine, polynomial_load_cosine};
use dam_theory::finite_size::SphericalOverlapLaw;

use dam_memory::products::dot;
use dam_runs::swept::{SIZE, Swept};
use dam_runs::view::axes;

/// k.
const EXPONENT: Swept = Swept {
    name: "exponent",
    about: "k of M = α̃ N^k patterns",
    example: "[1]",
};
/// α̃.
const PREFACTOR: Swept = Swept {
    name: "prefactor",
    about: "α̃ of M = α̃ N^k patterns",
    example: "[0.5, 1]",
};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "nearest-pattern",
    about: "the largest cosine with the target among random patterns at polynomial loads",
    sections: &[],
    sweep: &[EXPONENT, PREFACTOR, SIZE],
    read: NearestPattern::configure,
};

/// For each disorder sample, max_{μ≥2} of ξ¹·ξ^μ/(|ξ¹||ξ^μ|) among P = round(α̃ N^k) patterns
/// (LM24 Fig. 5).
#[derive(Clone, Copy, Debug)]
pub struct NearestPattern;

impl NearestPattern {
    /// No section; sweeps `exponent` (k), `prefactor` (α̃) and `size`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        Ok((Box::new(Self), draft.polynomial_loads()?))
    }
}

impl Experiment for NearestPattern {
    fn needs(&self, _size: usize) -> Needs {
        Needs::new(1, size_of::<f64>())
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let memory = sample.memory;
        let target = memory.pattern(0);
        let squared_length = dot(&target, &target);
        let cosines = memory.map_patterns(|pattern| {
            dot(&target, pattern) / (squared_length * dot(pattern, pattern)).sqrt()
        });
        let nearest = cosines[1..]
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        BTreeMap::from([(COSINE.to_owned(), Measurement::Number(Some(nearest)))])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let cosines = reduce::present(&column(records, COSINE));
        let coordinates = ["exponent", "prefactor"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), task.parameter(name)?)))
            .collect();
        vec![Quantity {
            coordinates,
            ..reduce::mean(COSINE, &cosines)
        }]
    }

    /// The directions of spherical and Gaussian patterns are uniform: √(1 − P^{−2/N}) of the Random
    /// Energy Model, and the exact mean of the largest of P − 1 cosines at N. Other laws share
    /// only the leading term √(2 ln P/N).
    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        if quantity != COSINE {
            return Prediction::default();
        }
        if !at.task.is_isotropic() {
            return Prediction {
                infinite_size: leading_term(at),
                ..Prediction::default()
            };
        }
        let exact_mean = |law: SphericalOverlapLaw| law.mean_maximum((at.count - 1.0).ln());
        Prediction {
            infinite_size: random_energy_model(at),
            finite_size: SphericalOverlapLaw::new(at.size).and_then(exact_mean).ok(),
            ..Prediction::default()
        }
    }

    /// The cosine against N, a colour per (k, α̃): the exact mean at N solid, √(1 − P^{−2/N}) dashed, its leading term dotted.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let curve = |name, stroke, width, theory| {
            CurveView::new(name, Look::new(stroke, width), Grid::Sizes(None), theory).part()
        };
        let curves = vec![
            curve("finite-N theory", Stroke::Solid, 1.8, at_size(self, COSINE)),
            curve(
                "√(1 − P^{−2/N})",
                Stroke::Dashed,
                1.4,
                exact(random_energy_model),
            ),
            curve("√(2 ln P/N)", Stroke::Dotted, 1.4, exact(leading_term)),
        ];
        let panel = PanelView::new(
            axes::size(),
            AxisView::new("cosine with the nearest pattern"),
            vec![Data::new(COSINE)],
            vec![
                Pass::new(vec![Box::new(polynomial_load)], curves),
                Pass::new(vec![Box::new(polynomial_load)], vec![view::points()]),
            ],
        );
        let title = sweep.title();
        vec![View::of(KIND.name, panel.titled(title))]
    }
}

const COSINE: &str = "nearest_cosine";

/// √(1 − P^{−2/N}), where directions are uniform.
fn random_energy_model(at: &Place<'_>) -> Option<f64> {
    let is_isotropic = at.task.is_isotropic();
    is_isotropic.then(|| nearest_pattern_cosine(at.count, at.size).ok())?
}

/// √(2 ln P/N).
fn leading_term(at: &Place<'_>) -> Option<f64> {
    match at.task.load() {
        Load::Polynomial {
            exponent,
            prefactor,
        } => polynomial_load_cosine(prefactor, exponent, at.size).ok(),
        Load::Exponential(_) | Load::Scaled(_) | Load::Counted => None,
    }
}

/// "P = 2 N^{3}".
fn polynomial_load(row: &Row<'_>) -> Option<String> {
    let Load::Polynomial {
        exponent,
        prefactor,
    } = row.task.load()
    else {
        return None;
    };
    let factor = match prefactor {
        1.0 => String::new(),
        _ => format!("{} ", short_number(prefactor)),
    };
    let power = match exponent {
        1.0 => String::new(),
        _ => format!("^{{{}}}", short_number(exponent)),
    };
    Some(format!("P = {factor}N{power}"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use dam_memory::ensembles::pattern_ensemble;
    use dam_runs::job::Point;

    use super::*;

    #[test]
    fn loads_are_named_by_their_law() {
        let name = |exponent: f64, prefactor: f64| {
            let patterns = pattern_ensemble("spherical", &BTreeMap::new()).unwrap();
            let point = Point {
                alpha: 0.1,
                size: 10,
                pattern_count: 20,
                load: Load::Polynomial {
                    exponent,
                    prefactor,
                },
                parameters: BTreeMap::new(),
                patterns: None,
            };
            let task = Task::new(KIND.name, (&patterns, &BTreeMap::new()), point);
            let quantity = reduce::empty(COSINE, 1);
            polynomial_load(&Row {
                task: &task,
                quantity: &quantity,
            })
        };
        assert_eq!(name(1.0, 2.0).as_deref(), Some("P = 2 N"));
        assert_eq!(name(2.0, 1.0).as_deref(), Some("P = N^{2}"));
        assert_eq!(name(1.5, 0.5).as_deref(), Some("P = 0.5 N^{1.5}"));
    }
}
