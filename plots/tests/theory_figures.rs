//! The ready-made theory figures show the closed forms.

use std::f64::consts::LN_2;

use dam_plots::PlotError;
use dam_plots::drawing::FigureRow;
use dam_plots::figure::Figure;
use dam_plots::special::{Plane, basins, phase_diagram, rate_functions};
use dam_theory::{ENSEMBLES, ensemble};

/// The points of the layer of this kind and name.
fn points(rows: &[FigureRow], kind: &str, layer: &str) -> Vec<(f64, f64)> {
    rows.iter()
        .filter(|row| row.kind == kind && row.layer == layer)
        .map(|row| (row.x.unwrap(), row.y.unwrap()))
        .collect()
}

fn diagram(name: &str) -> Figure {
    phase_diagram(ensemble(name).unwrap().as_ref(), Plane::default()).unwrap()
}

fn assert_line(points: &[(f64, f64)], expected: impl Fn(f64) -> f64) {
    assert!(points.len() > 50);
    for &(x, y) in points {
        assert!(
            (y - expected(x)).abs() < 1e-10,
            "({x}, {y}) against {}",
            expected(x)
        );
    }
}

#[test]
fn the_gaussian_diagram_has_a_condensed_non_retrieval_phase_beyond_one() {
    let rows = diagram("gaussian").rows();
    let typical = |lambda: f64| {
        if lambda < 1.0 {
            lambda - lambda * lambda / 2.0
        } else {
            0.5
        }
    };
    assert_line(&points(&rows, "curve", "α_{1}"), typical);
    assert_line(&points(&rows, "curve", "α_{*}"), |lambda| {
        lambda * lambda / 2.0
    });
    let bound = points(&rows, "curve", "α_{c}^{lb}");
    for &(lambda, load) in bound.iter().filter(|(lambda, _)| *lambda > 0.71) {
        assert!((load - LN_2 / 4.0).abs() < 1e-10, "({lambda}, {load})");
    }
    let condensed = points(&rows, "region", "condensed non-retrieval");
    assert!(
        condensed
            .iter()
            .all(|&(lambda, load)| lambda > 0.98 && load > 0.49)
    );
    assert!(condensed.iter().any(|&(_, load)| load > 0.69));
    for phase in [
        "retrieval of all patterns",
        "retrieval of a typical pattern",
    ] {
        assert!(!points(&rows, "region", phase).is_empty(), "{phase}");
    }
    assert!(points(&rows, "curve", "bound of Ramsauer et al.").is_empty());
}

#[test]
fn on_the_sphere_one_line_bounds_all_retrieval() {
    let rows = diagram("spherical").rows();
    let root = |lambda: f64| (1.0 + 4.0 * lambda * lambda).sqrt();
    let typical =
        |lambda: f64| lambda - 0.5 * (root(lambda) - 1.0) + 0.5 * (0.5 * (1.0 + root(lambda))).ln();
    assert_line(&points(&rows, "curve", "α_{1} = α_{c}"), typical);
    assert!(points(&rows, "curve", "α_{c}^{lb}").is_empty());
    assert!(points(&rows, "region", "condensed non-retrieval").is_empty());
    let bound = points(&rows, "curve", "bound of Ramsauer et al.");
    // α_R = w/4 with w e^w = 2λ/5
    for (lambda, load) in bound {
        let w = 4.0 * load;
        assert!(
            (w * w.exp() - 0.4 * lambda).abs() < 1e-10,
            "({lambda}, {load})"
        );
    }
}

#[test]
fn every_ensemble_has_a_phase_diagram_that_can_be_drawn() {
    let directory = tempfile::tempdir().unwrap();
    for kind in ENSEMBLES {
        let name = kind.name;
        let parameter = kind
            .keys
            .first()
            .map(|key| (key.name.to_owned(), 3.0.into()));
        let ensemble = kind.ensemble(&parameter.into_iter().collect()).unwrap();
        let figure = phase_diagram(ensemble.as_ref(), Plane::default()).unwrap();
        let files = figure.write(directory.path(), name).unwrap();
        let svg = std::fs::read_to_string(&files[0]).unwrap();
        assert!(
            svg.contains("non-retrieval") && svg.contains("retrieval"),
            "{name}"
        );
    }
}

#[test]
fn basins_open_at_the_threshold_and_end_at_the_nearest_pattern() {
    let spherical = ensemble("spherical").unwrap();
    let rows = basins(spherical.as_ref(), &[0.1, 0.4]).unwrap().rows();
    for (load, name) in [(0.1_f64, "α = 0.1"), (0.4, "α = 0.4")] {
        let curve = points(&rows, "curve", name);
        let onset = spherical.typical_inverse_temperature(load).unwrap();
        assert_eq!(curve[0], (onset, 0.0));
        assert!(curve.windows(2).all(|pair| pair[0].1 <= pair[1].1 + 1e-9));
        let nearest = (-load).exp().asin().to_degrees();
        assert!((curve.last().unwrap().1 - nearest).abs() < 1e-9);
        let line = rows
            .iter()
            .find(|row| row.layer == format!("{name}, nearest pattern"))
            .unwrap();
        assert!((line.y.unwrap() - nearest).abs() < 1e-9);
    }
    let error = basins(spherical.as_ref(), &[]).unwrap_err();
    assert!(matches!(error, PlotError::NothingToDraw { .. }), "{error}");
    // no load above ½ is retrieved with Gaussian patterns
    let gaussian = ensemble("gaussian").unwrap();
    let error = basins(gaussian.as_ref(), &[0.6]).unwrap_err();
    assert!(matches!(error, PlotError::Theory(_)), "{error}");
}

#[test]
fn rate_functions_end_where_overlaps_end() {
    let ensembles = [
        "spherical",
        "gaussian",
        "rademacher",
        "uniform",
        "gaussian-mixture",
    ]
    .map(|name| ensemble(name).unwrap());
    let references: Vec<_> = ensembles.iter().map(AsRef::as_ref).collect();
    let rows = rate_functions(&references).unwrap().rows();
    let gaussian = points(&rows, "curve", "Gaussian");
    assert_line(&gaussian, |overlap| overlap * overlap / 2.0);
    let &(overlap, rate) = points(&rows, "curve", "Rademacher").last().unwrap();
    assert!((overlap - 1.0).abs() < 1e-12 && (rate - LN_2).abs() < 1e-12);
    let &(_, rate) = points(&rows, "curve", "Spherical").last().unwrap();
    assert!((rate - 1.0).abs() < 1e-9);
}
