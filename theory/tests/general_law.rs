//! The machinery for general laws reproduces the closed forms of Rademacher and Gaussian patterns.
use crate::support::{assert_all_relative, assert_relative, at_lambda, at_load, uniform};
use dam_theory::ensembles::{Gaussian, Rademacher, UniformLaw};
use dam_theory::families::IndependentComponents;
use dam_theory::laws::{ComponentLaw, DiscreteLaw, NumericalLaw};
use dam_theory::{Ensemble, TheoryError};

const LAMBDAS: [f64; 10] = [1e-6, 1e-3, 0.01, 0.2, 0.5, 0.69, 0.8, 0.99, 1.5, 4.0];

fn log_normal_density(x: f64) -> f64 {
    -0.5 * (x * x + std::f64::consts::TAU.ln())
}

/// The normal law by its closed cumulants, with expectations by quadrature.
#[derive(Debug)]
struct Normal(NumericalLaw);

impl ComponentLaw for Normal {
    fn name(&self) -> &'static str {
        "normal"
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        0.5 * field * field
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        field
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        self.0.nodes()
    }

    fn upper_tail(&self, value: f64) -> f64 {
        self.0.upper_tail(value)
    }
}

fn numerical_normal() -> NumericalLaw {
    NumericalLaw::new("normal", log_normal_density, f64::INFINITY).unwrap()
}

fn signs() -> IndependentComponents<DiscreteLaw> {
    IndependentComponents::new(DiscreteLaw::new("signs", &[(1.0, 1.0)]).unwrap())
}

fn compare_at(general: &dyn Ensemble, closed: &dyn Ensemble, lambda: f64, tolerance: f64) {
    let what = format!("{} at λ = {lambda}", general.name());
    let expected = at_lambda(closed, lambda);
    assert_all_relative(&at_lambda(general, lambda), &expected, tolerance, &what);
}

fn compare_inverses(general: &dyn Ensemble, closed: &dyn Ensemble, load: f64, tolerance: f64) {
    let answers = |ensemble: &dyn Ensemble| {
        let [extreme, condensation, typical] = at_load(ensemble, load);
        [
            extreme,
            condensation,
            typical,
            ensemble.rate_function(0.7 * extreme, 1.0).unwrap(),
            ensemble.rate_function(-0.3 * extreme, 1.0).unwrap(),
            ensemble.free_entropy(load, 0.4, 1.0).unwrap().value,
            ensemble.free_entropy(load, 3.0, 1.0).unwrap().value,
            ensemble.basin_angle(load, 0.8).unwrap().unwrap(),
            ensemble.basin_angle(load, 3.0).unwrap().unwrap(),
        ]
    };
    let what = format!("{} at α = {load}", general.name());
    assert_all_relative(&answers(general), &answers(closed), tolerance, &what);
}

#[test]
fn atoms_reproduce_rademacher() {
    let signs = signs();
    for lambda in LAMBDAS.into_iter().chain([20.0, 100.0, 1e6]) {
        compare_at(&signs, &Rademacher, lambda, 1e-12);
    }
    for load in [1e-6, 0.01, 0.2, 0.4] {
        compare_inverses(&signs, &Rademacher, load, 1e-12);
    }
    assert_relative(
        signs.close_pair_load().unwrap(),
        0.5 * 2.0_f64.ln(),
        1e-14,
        "α_A",
    );
    for beyond in [0.7, 5.0] {
        assert_eq!(signs.extreme_overlap(beyond, 1.0).unwrap(), 1.0);
        assert!(signs.condensation_inverse_temperature(beyond, 1.0).is_err());
        assert!(signs.typical_inverse_temperature(beyond).is_err());
        assert_eq!(signs.basin_angle(beyond, 2.0).unwrap(), None);
    }
    assert_relative(
        signs.rate_function(-1.0, 1.0).unwrap(),
        2.0_f64.ln(),
        1e-15,
        "s(−1)",
    );
    assert!(signs.rate_function(1.0 + 1e-9, 1.0).is_err());
}

#[test]
fn density_reproduces_gaussian() {
    let normal = IndependentComponents::new(Normal(numerical_normal()));
    for lambda in LAMBDAS {
        compare_at(&normal, &Gaussian, lambda, 1e-12);
    }
    for load in [1e-6, 0.01, 0.2] {
        compare_inverses(&normal, &Gaussian, load, 1e-12);
    }
    assert_relative(
        normal.close_pair_load().unwrap(),
        0.25 * 2.0_f64.ln(),
        1e-13,
        "α_A",
    );
}

#[test]
fn quadrature_finds_the_cumulants() {
    let normal = numerical_normal();
    for field in [-40.0, -3.0, -1.0, -1e-3, 1e-8, 0.5, 1.0001, 8.0, 200.0, 1e4] {
        let half_square = 0.5 * field * field;
        let what = format!("h = {field}");
        assert_relative(
            normal.log_moment_generating_function(field),
            half_square,
            1e-13,
            &what,
        );
        assert_relative(normal.tilted_mean(field), field, 1e-13, &what);
        assert_relative(normal.tilted_rate(field), half_square, 1e-13, &what);
    }
    let bare = bare_uniform();
    for field in [-1e5, -30.0, -1.0, -1e-6, 0.3, 2.0, 1e3, 1e6] {
        let what = format!("h = {field}");
        let expected = UniformLaw.log_moment_generating_function(field);
        assert_relative(
            bare.log_moment_generating_function(field),
            expected,
            1e-13,
            &what,
        );
        assert_relative(
            bare.tilted_mean(field),
            UniformLaw.tilted_mean(field),
            1e-13,
            &what,
        );
        assert_relative(
            bare.tilted_rate(field),
            UniformLaw.tilted_rate(field),
            1e-10,
            &what,
        );
    }
    // A density that vanishes as a root at its ends: semicircular, K(h) = ln(I₁(2h)/h).
    let semicircle = NumericalLaw::new(
        "semicircle",
        |x| 0.5 * (4.0 - x * x).ln() - std::f64::consts::TAU.ln(),
        2.0,
    )
    .unwrap();
    let bessel: f64 = (0..60)
        .scan(1.0, |term, k| {
            let now = *term;
            *term *= 9.0 / (f64::from(k + 1) * f64::from(k + 2));
            Some(now)
        })
        .sum();
    assert_relative(
        semicircle.log_moment_generating_function(3.0),
        bessel.ln(),
        1e-11,
        "I₁",
    );
}

fn bare_uniform() -> NumericalLaw {
    NumericalLaw::new("bare", |_| -0.5 * 12.0_f64.ln(), 3.0_f64.sqrt()).unwrap()
}

#[test]
fn laws_without_closed_cumulants_work() {
    let normal = IndependentComponents::new(numerical_normal());
    let zeta = normal.cumulant_generating_function(0.6, 1.0).unwrap();
    assert_relative(zeta, 0.18, 1e-13, "ζ by double quadrature");
    let bare = IndependentComponents::new(bare_uniform());
    compare_at(&bare, &uniform(), 0.5, 1e-11);
}

#[test]
fn uniform_cumulants_at_both_ends() {
    // The rate hK' − K on both sides of the series, and where hK' and K are 2e6 each.
    let border = 1.0 / 3.0_f64.sqrt();
    let rate = |field: f64| UniformLaw.tilted_rate(field);
    assert_relative(
        rate(border * (1.0 - 1e-15)),
        rate(border * (1.0 + 1e-15)),
        2e-14,
        "border",
    );
    assert_relative(
        rate(1e6),
        (2.0 * 3.0_f64.sqrt() * 1e6).ln() - 1.0,
        1e-15,
        "large",
    );
    assert_relative(rate(1e-6), 0.5e-12, 1e-11, "small");
    // ζ' = √3 E|y| − 1/λ and α_* = E ln(2√3 λ|y|) − 1 at large λ: E ln|y| = ln √3 − 1.
    let star = uniform().condensation_load(1e6, 1.0).unwrap();
    assert_relative(star, 6e6_f64.ln() - 2.0, 2e-6, "α_*");
}

/// Targets with many zeros are the first to be lost: the bound is found by a scan over the laws Q
/// of targets, which differ from p in the share of zeros only.
#[test]
fn diluted_signs() {
    let size = 1.5_f64.sqrt();
    let law = DiscreteLaw::new("diluted", &[(0.0, 1.0 / 3.0), (size, 2.0 / 3.0)]).unwrap();
    let diluted = IndependentComponents::new(law);
    // The nearest pattern of all copies the signs: ε = a E|y| = 1, at a cost of ln 3 per sign.
    let largest = diluted.extreme_overlap(3.0, 1.0).unwrap();
    assert_relative(largest, 1.0, 1e-15, "largest ε");
    let rate = 2.0 / 3.0 * 3.0_f64.ln();
    assert_relative(
        diluted.rate_function(largest, 1.0).unwrap(),
        rate,
        1e-15,
        "s(1)",
    );
    assert_relative(
        diluted.typical_threshold(1e3).unwrap(),
        rate,
        1e-12,
        "α₁(∞)",
    );
    let pairs = diluted.close_pair_load().unwrap();
    for lambda in [1e-3, 0.1, 0.5, 1.0, 10.0, 1e3] {
        // A share n of zeros exists from α = KL(n) on and is lost from (1 − n)(λa² − K(λa)) on.
        // K(λa) = ln(⅓ + ⅔ cosh λa²), so that λa² cancels.
        let signal = lambda * size * size;
        let lost = -((1.0 + (-signal).exp() + (-2.0 * signal).exp()) / 3.0).ln();
        let scan = (1..100_000)
            .map(|step| 1.0 / 3.0 + f64::from(step) / 150_000.0)
            .map(|n| {
                let distance = n * (3.0 * n).ln() + (1.0 - n) * (1.5 * (1.0 - n)).ln();
                distance.max((1.0 - n) * lost)
            })
            .fold(f64::INFINITY, f64::min);
        let bound = diluted.all_patterns_lower_bound(lambda).unwrap();
        let what = format!("bound at λ = {lambda}");
        assert_relative(bound, scan.min(pairs), 1e-3, &what);
        assert!(bound <= scan * (1.0 + 1e-12), "{what}");
    }
}

#[test]
fn invalid_laws_are_refused() {
    let cases: [(&[(f64, f64)], &str); 5] = [
        (&[(1.0, 0.9)], "the sum of the probabilities"),
        (&[(2.0, 1.0)], "the variance"),
        (&[(-1.0, 1.0)], "the size of an atom"),
        (&[(1.0, 1.0), (0.0, -0.1)], "the probability of an atom"),
        (&[], "the sum of the probabilities"),
    ];
    for (sizes, what) in cases {
        match DiscreteLaw::new("test", sizes) {
            Err(TheoryError::Domain { quantity, .. }) => assert_eq!(quantity, what),
            other => panic!("{sizes:?}: {other:?}"),
        }
    }
    assert!(NumericalLaw::new("test", |x| -x * x, f64::INFINITY).is_err());
    assert!(NumericalLaw::new("test", |_| -0.5 * 12.0_f64.ln(), 1.0).is_err());
    assert!(NumericalLaw::new("test", |_| 0.0, -1.0).is_err());
}
