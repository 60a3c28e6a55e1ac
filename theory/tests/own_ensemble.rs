//! An ensemble that this crate does not know, from a law of its components alone.

use std::f64::consts::SQRT_2;
use std::sync::Arc;

use dam_theory::ensembles::UniformLaw;
use dam_theory::families::IndependentComponents;
use dam_theory::finite_size::{
    component_crossover, crossover, lost_patterns, median_crossover, retrieval_probability,
};
use dam_theory::laws::ComponentLaw;
use dam_theory::numbers::graded_nodes;
use dam_theory::{ENSEMBLES, Ensemble, Kind, NormLaw, Parameters, Structure, TheoryError, find};

use crate::support::{assert_relative, patterns};

/// p(x) = e^{−√2|x|}/√2: K(h) = −ln(1 − h²/2), infinite from |h| = √2 on.
#[derive(Debug)]
pub struct LaplaceLaw;

impl ComponentLaw for LaplaceLaw {
    fn name(&self) -> &'static str {
        LAPLACE.name
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        if field.abs() < SQRT_2 {
            -(-0.5 * field * field).ln_1p()
        } else {
            f64::INFINITY
        }
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        field / (1.0 - 0.5 * field * field)
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        // midpoints in the quantile
        let count = 4000;
        (0..count)
            .map(|index| {
                let tail = (f64::from(index) + 0.5) / f64::from(count);
                (-tail.ln() / SQRT_2, f64::from(count).recip())
            })
            .collect()
    }

    fn upper_tail(&self, value: f64) -> f64 {
        0.5 * (-SQRT_2 * value).exp()
    }
}

const LAPLACE: Kind = Kind {
    name: "laplace",
    about: "independent components of the Laplace law",
    keys: &[],
    build: |_| Ok(Arc::new(IndependentComponents::new(LaplaceLaw))),
};

/// The sum of two uniform components over √2, of density (√6 − |x|)/6.
#[derive(Debug)]
struct TriangularLaw;

impl ComponentLaw for TriangularLaw {
    fn name(&self) -> &'static str {
        "triangular"
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        2.0 * UniformLaw.log_moment_generating_function(field / SQRT_2)
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        SQRT_2 * UniformLaw.tilted_mean(field / SQRT_2)
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        let edge = 6.0_f64.sqrt();
        let nodes = graded_nodes(edge, 0.5, 40).into_iter();
        nodes
            .map(|(y, weight)| (y, weight * (edge - y) / 3.0))
            .collect()
    }

    fn upper_tail(&self, value: f64) -> f64 {
        (6.0_f64.sqrt() - value).max(0.0).powi(2) / 12.0
    }
}

#[test]
fn another_list_finds_its_kind_beside_ours() {
    let own = [LAPLACE];
    let kinds = || ENSEMBLES.iter().chain(&own);
    let laplace = find(kinds(), "laplace").unwrap();
    let laplace = laplace.ensemble(&Parameters::new()).unwrap();
    assert_eq!((laplace.name(), laplace.parameters().len()), ("laplace", 0));
    assert_eq!(find(kinds(), "gaussian").unwrap().name, "gaussian");
    let refused = find(kinds(), "cubic").unwrap_err().to_string();
    assert!(refused.contains("spherical, gaussian") && refused.contains("laplace"));
    let unknown = LAPLACE.ensemble(&[("b".to_owned(), 1.0.into())].into());
    assert!(matches!(unknown, Err(TheoryError::UnknownParameter { .. })));
    // what its structure says
    assert_eq!(laplace.structure().norm_law(), NormLaw::Fluctuating);
    assert!(!laplace.structure().is_isotropic());
    assert!(matches!(laplace.structure(), Structure::Components(_)));
    // E_y K(λy) is infinite at every λ: the thresholds say so instead of a number
    assert!(!laplace.typical_threshold(0.5).is_ok_and(f64::is_finite));
    // its finite-N theory is refused where it is not known
    assert!(lost_patterns(laplace.as_ref(), patterns(0.2, 40.0), 40.0, 0.5).is_err());
}

#[test]
fn finite_size_theory_comes_with_the_law() {
    let triangular = IndependentComponents::new(TriangularLaw);
    let limit = triangular.typical_inverse_temperature(0.2).unwrap();
    let mut last = f64::INFINITY;
    for size in [40.0, 400.0, 4e3] {
        let found = crossover(&triangular, 0.2, size).unwrap().unwrap();
        let distance = found.inverse_temperature - limit;
        assert!(distance > 0.0 && distance < 0.5 * last, "{size} {distance}");
        last = distance;
    }
    let typical = crossover(&triangular, 0.2, 40.0).unwrap().unwrap();
    let median = median_crossover(&triangular, patterns(0.2, 40.0), 40.0).unwrap();
    assert_relative(median.unwrap(), typical.inverse_temperature, 0.05, "median");
    let probability = retrieval_probability(&triangular, patterns(0.2, 40.0), 40.0, 0.5);
    assert_eq!(probability.unwrap(), None);
    // one target, drawn by quantiles
    let law = match triangular.structure() {
        Structure::Components(law) => law,
        other => panic!("{other:?}"),
    };
    let target: Vec<f64> = (0..40)
        .map(|i| law.quantile((f64::from(i) + 0.5) / 40.0))
        .collect();
    let found = component_crossover(law, &target, patterns(0.2, 40.0)).unwrap();
    let found = found.unwrap().inverse_temperature;
    assert_relative(found, typical.inverse_temperature, 0.05, "λ_× of a target");
}
