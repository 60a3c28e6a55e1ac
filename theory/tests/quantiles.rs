//! Quantiles of component laws, from which patterns are drawn.

use dam_theory::ensembles::{GaussianMixtureLaw, UniformLaw};
use dam_theory::laws::{ComponentLaw, DiscreteLaw, Draw, NumericalLaw};
use dam_theory::{ENSEMBLES, Structure};

use crate::own_ensemble::LaplaceLaw;
use crate::support::assert_relative;

/// ln p of the semicircle of radius 2.
fn log_semicircle(x: f64) -> f64 {
    0.5 * (4.0 - x * x).ln() - std::f64::consts::TAU.ln()
}

/// Pr(ξ > quantile(1 − p)) = p and Pr(ξ < quantile(p)) = p, far into both tails.
fn assert_round_trips(law: &dyn ComponentLaw, tolerance: f64) {
    for tail in [1e-300, 1e-100, 1e-16, 1e-9, 1e-3, 0.1, 0.3, 0.499] {
        let low = law.quantile(tail);
        assert_relative(law.upper_tail(-low), tail, tolerance, (law.name(), tail));
        if tail > 1e-17 {
            let (high, upper) = (law.quantile(1.0 - tail), 1.0 - (1.0 - tail));
            assert_relative(law.upper_tail(high), upper, tolerance, (law.name(), tail));
        }
    }
    assert!(law.quantile(0.5).abs() < 1e-15);
    let (least, most) = (law.quantile(0.0), law.quantile(1.0));
    assert!(least.is_finite() && most.is_finite(), "{}", law.name());
    assert!(least < law.quantile(1e-300) * (1.0 - 1e-9) || law.upper_tail(-least) <= 1e-307);
    assert!((least + most).abs() <= 1e-15 * most, "{}", law.name());
}

#[test]
fn quantiles_invert_the_tails() {
    assert_round_trips(&GaussianMixtureLaw, 1e-12);
    assert_round_trips(&LaplaceLaw, 1e-12);
    let normal = |x: f64| -0.5 * (x * x + std::f64::consts::TAU.ln());
    let normal = NumericalLaw::new("normal", normal, f64::INFINITY).unwrap();
    assert_round_trips(&normal, 1e-12);
    assert_relative(
        normal.quantile(0.975),
        1.959_963_984_540_054,
        1e-12,
        "normal",
    );
    // near an edge the tail cannot be told from x, whose last digits are lost
    for law in [
        &UniformLaw as &dyn ComponentLaw,
        &NumericalLaw::new("semicircle", log_semicircle, 2.0).unwrap(),
    ] {
        for probability in [1e-3, 0.1, 0.3, 0.6, 0.999] {
            let value = law.quantile(probability);
            let found = if value < 0.0 {
                law.upper_tail(-value)
            } else {
                1.0 - law.upper_tail(value)
            };
            assert_relative(found, probability, 1e-12, (law.name(), probability));
        }
        let edge = law.quantile(1.0);
        assert_relative(law.quantile(0.0), -edge, 1e-15, law.name());
        assert_relative(law.quantile(1e-16), -edge, 1e-9, law.name());
    }
}

#[test]
fn quantiles_of_atoms_are_atoms() {
    let law = DiscreteLaw::new("diluted", &[(0.0, 0.5), (2.0_f64.sqrt(), 0.5)]).unwrap();
    let end = 2.0_f64.sqrt();
    for (probability, value) in [
        (0.0, -end),
        (0.2, -end),
        (0.25, -end),
        (0.26, 0.0),
        (0.5, 0.0),
        (0.75, 0.0),
        (0.76, end),
        (1.0, end),
    ] {
        assert_eq!(law.quantile(probability), value, "{probability}");
    }
    let signs = DiscreteLaw::new("signs", &[(1.0, 1.0)]).unwrap();
    assert_eq!(
        [0.1, 0.5, 0.51].map(|u| signs.quantile(u)),
        [-1.0, -1.0, 1.0]
    );
}

/// What fast ways of drawing draw is what the quantile would.
#[test]
fn special_draws_are_of_the_law() {
    assert_eq!(3.0_f64.sqrt(), UniformLaw.quantile(1.0));
    for kind in ENSEMBLES.iter().filter(|kind| kind.keys.is_empty()) {
        let ensemble = kind.ensemble(&[].into()).unwrap();
        let Structure::Components(law) = ensemble.structure() else {
            continue;
        };
        for value in [0.1, 0.7, 1.5] {
            let normal = |deviation: f64| 0.5 * libm::erfc(value / (deviation * 2.0_f64.sqrt()));
            let tail = match law.draw() {
                Draw::Quantile => law.upper_tail(value),
                Draw::Uniform { half_width } => 0.5 - 0.5 * value / half_width,
                Draw::TwoNormals { deviations: [a, b] } => 0.5 * (normal(a) + normal(b)),
            };
            assert_relative(law.upper_tail(value), tail, 1e-14, kind.name);
        }
    }
}
