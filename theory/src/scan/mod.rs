//! The theory walked along fine grids: no gap, no jump, no order violated, nothing that is not a
//! number. What spot checks miss lies between their points.
//!
//! ```
//! use dam_theory::scan::{Order, Walk, linear};
//! let walk = Walk::new("a step", linear(0.0, 1.0, 101), |x| Ok(Some(x + x.round())));
//! assert!(walk.ordered(Order::Rising).run().fault.is_some());
//! ```

mod bounds;
mod finite_size;
mod infinite_size;
mod walk;

use std::sync::Arc;

use crate::ensemble::Ensemble;
use crate::ensembles::{ENSEMBLES, ensemble_with};
use crate::parameters::{Parameter, Parameters};

pub use walk::{Finding, Order, Walk, geometric, linear};

/// Every walk: all functions of the theory along each of their arguments.
pub fn walks() -> Vec<Walk> {
    let mut walks = bounds::walks();
    for ensemble in &scanned_ensembles() {
        walks.extend(infinite_size::walks(ensemble));
        walks.extend(finite_size::walks(ensemble));
    }
    walks
}

/// All ensembles; those with parameters at values of them that are narrow and broad.
fn scanned_ensembles() -> Vec<Arc<dyn Ensemble>> {
    let numbers = [0.31, 0.71, 1.0, 1.7, 4.0, 9.0];
    let lists = [
        &[0.2, 0.2, 0.2, 0.2, 4.2][..],
        &[0.5, 0.5, 1.0, 2.0],
        &[0.0, 0.25, 1.0, 1.5, 2.25],
    ];
    let values = numbers.into_iter().map(Parameter::from);
    let values = values.chain(lists.map(|list| list.to_vec().into()));
    let mut ensembles = Vec::new();
    for kind in ENSEMBLES {
        if kind.keys.is_empty() {
            ensembles.extend(ensemble_with(kind.name, &Parameters::new()));
        }
        // a value that a key does not take makes no ensemble
        for key in kind.keys {
            for value in values.clone() {
                let parameters = Parameters::from([(key.name.to_owned(), value)]);
                ensembles.extend(ensemble_with(kind.name, &parameters));
            }
        }
    }
    ensembles
}

/// What a walk is called: the function, the ensemble with its parameters, and what is held fixed.
fn called(function: &str, ensemble: &dyn Ensemble, fixed: &str) -> String {
    let parameters = ensemble.parameters();
    let parameters = parameters
        .iter()
        .map(|(key, value)| format!(" {key} = {:?}", value.values()));
    let parameters: String = parameters.collect();
    format!("{function}, {}{parameters}{fixed}", ensemble.name())
}

/// The supremum of α₁, below which λ₁ is known; 2 where it grows without end.
fn largest_load(ensemble: &dyn Ensemble) -> f64 {
    let (mut low, mut high) = (1e-3, 2.0);
    if ensemble.typical_inverse_temperature(high).is_ok() {
        return high;
    }
    while high - low > 1e-13 {
        let middle = 0.5 * (low + high);
        if ensemble.typical_inverse_temperature(middle).is_ok() {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Loads up to `most`, closer towards both ends: `low` and `high` are the smallest distance from 0
/// and from `most`, as shares of it, and the points of each half.
fn loads(most: f64, low: (f64, u32), high: (f64, u32)) -> Vec<f64> {
    let gaps = geometric(high.0, 0.5, high.1).into_iter().rev();
    // the middle stands in both halves
    let upper = gaps.skip(1).map(|gap| most * (1.0 - gap));
    let lower = geometric(low.0 * most, 0.5 * most, low.1);
    lower.into_iter().chain(upper).collect()
}
