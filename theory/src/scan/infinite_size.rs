//! Walks of the closed forms at N = ∞.

use std::sync::Arc;

use super::walk::{Order, Walk, geometric, linear};
use super::{called, largest_load, loads};
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::finite_size::basin_inverse_temperature;

type Basin = fn(&dyn Ensemble, f64, f64) -> Result<Option<f64>, TheoryError>;
type Method = fn(&dyn Ensemble, f64) -> Result<f64, TheoryError>;

/// α₁, ζ, ε and α_* over λ; λ₁, λ_* and ε_* over α; basins over λ for both kinds of starts.
pub(super) fn walks(ensemble: &Arc<dyn Ensemble>) -> Vec<Walk> {
    let mut walks = over_lambda(ensemble);
    let most = largest_load(ensemble.as_ref());
    walks.extend(over_load(ensemble, most));
    for share in [0.011, 0.11, 0.37, 0.9, 0.993] {
        walks.extend(basins(ensemble, share * most));
    }
    walks
}

fn walk(ensemble: &Arc<dyn Ensemble>, name: &str, grid: Vec<f64>, method: Method) -> Walk {
    let name = called(name, ensemble.as_ref(), "");
    let ensemble = Arc::clone(ensemble);
    Walk::new(name, grid, move |x| method(ensemble.as_ref(), x).map(Some))
}

fn over_lambda(ensemble: &Arc<dyn Ensemble>) -> Vec<Walk> {
    let over = |name: &str, method: Method| {
        let grid = geometric(1e-6, 3e3, 1500);
        walk(ensemble, name, grid, method)
    };
    let rising: [(&str, Method); 4] = [
        ("α₁ over λ", |e, lambda| e.typical_threshold(lambda)),
        ("ζ over λ", |e, lambda| {
            e.cumulant_generating_function(lambda, 1.0)
        }),
        ("ε over λ", |e, lambda| e.saddle_overlap(lambda, 1.0)),
        ("α_* over λ", |e, lambda| e.condensation_load(lambda, 1.0)),
    ];
    let rising = rising.map(|(name, method)| over(name, method).ordered(Order::Rising));
    let ordered: [(&str, Method); 2] = [
        ("λ − α₁ over λ", |e, lambda| {
            Ok(lambda - e.typical_threshold(lambda)?)
        }),
        ("α₁ − α_c^lb over λ", |e, lambda| {
            Ok(e.typical_threshold(lambda)? - e.all_patterns_lower_bound(lambda)?)
        }),
    ];
    let ordered = ordered.map(|(name, method)| over(name, method).at_least(0.0));
    rising.into_iter().chain(ordered).collect()
}

fn over_load(ensemble: &Arc<dyn Ensemble>, most: f64) -> Vec<Walk> {
    let grid = || loads(most, (1e-5, 500), (1e-6, 500));
    let rising: [(&str, Method); 3] = [
        ("λ₁ over α", |e, load| {
            e.typical_inverse_temperature(load)
        }),
        ("λ_* over α", |e, load| {
            e.condensation_inverse_temperature(load, 1.0)
        }),
        ("ε_* over α", |e, load| e.extreme_overlap(load, 1.0)),
    ];
    let mut walks: Vec<Walk> = rising
        .into_iter()
        .map(|(name, method)| walk(ensemble, name, grid(), method).ordered(Order::Rising))
        .collect();
    let round_trip: Method = |e, load| {
        let back = e.typical_threshold(e.typical_inverse_temperature(load)?)?;
        Ok(1e-9 - (back / load - 1.0).abs())
    };
    let name = "10⁻⁹ − |α₁(λ₁)/α − 1| over α";
    walks.push(
        walk(ensemble, name, grid(), round_trip)
            .at_least(0.0)
            .stepwise(),
    );
    walks
}

/// From just above λ₁, where they open as a square root, to far beyond condensation.
fn basins(ensemble: &Arc<dyn Ensemble>, load: f64) -> Vec<Walk> {
    let fixed = format!(", α = {load:.4}");
    let Ok(first) = ensemble.typical_inverse_temperature(load) else {
        return Vec::new();
    };
    let grid: Vec<f64> = linear(0.0, 4.0, 60)
        .into_iter()
        .map(|root| first * (1.0 + root * root))
        .collect();
    let starts: [(&str, Basin); 2] = [
        ("θ_c from great circles over λ", |e, load, lambda| {
            e.basin_angle(load, lambda)
        }),
        (
            "θ_c from pattern-like starts over λ",
            |e, load, lambda| e.pattern_basin_angle(load, lambda),
        ),
    ];
    let mut walks: Vec<Walk> = starts
        .into_iter()
        .map(|(name, basin)| {
            let name = called(name, ensemble.as_ref(), &fixed);
            let ensemble = Arc::clone(ensemble);
            let angle = move |lambda| basin(ensemble.as_ref(), load, lambda);
            Walk::new(name, grid.clone(), angle).ordered(Order::Rising)
        })
        .collect();
    let name = called("λ_c(θ) from pattern-like starts", ensemble.as_ref(), &fixed);
    let ensemble = Arc::clone(ensemble);
    let inverse = move |angle| basin_inverse_temperature(ensemble.as_ref(), load, angle);
    walks.push(Walk::new(name, linear(0.0, 1.5, 300), inverse).ordered(Order::Rising));
    walks
}
