//! λ_× over loads up to the supremum of α₁ and over sizes, against plain iteration of the map.

use dam_theory::finite_size::{CrossoverKind, PatternCount, crossover, median_crossover};
use dam_theory::{Ensemble, Structure};

use crate::support::{assert_relative, named, off_axis, patterns};

/// Updates after which the map counts as at rest.
const MOST_STEPS: usize = 400_000;

/// Components of the typical target: its value, how often it is counted, K and K'.
struct Target<'a> {
    components: Vec<(f64, f64)>,
    log_moment: Box<dyn Fn(usize, f64) -> f64 + 'a>,
    mean: Box<dyn Fn(usize, f64) -> f64 + 'a>,
}

impl<'a> Target<'a> {
    fn typical(ensemble: &'a dyn Ensemble, size: f64) -> Self {
        match ensemble.structure() {
            Structure::Components(law) => Self {
                components: law.nodes().iter().map(|&(y, p)| (y, size * p)).collect(),
                log_moment: Box::new(|_, field| law.log_moment_generating_function(field)),
                mean: Box::new(|_, field| law.tilted_mean(field)),
            },
            Structure::Covariance(law) => {
                let spectrum = law.spectrum(size).unwrap();
                let components = spectrum
                    .iter()
                    .map(|&(c, count)| (c.sqrt(), count))
                    .collect();
                let variances: Vec<f64> = spectrum.iter().map(|&(c, _)| c).collect();
                let same = variances.clone();
                Self {
                    components,
                    log_moment: Box::new(move |i, field| 0.5 * variances[i] * field * field),
                    mean: Box::new(move |i, field| same[i] * field),
                }
            }
            _ => panic!("{} has a collinear map", ensemble.name()),
        }
    }

    /// Whether the map from x₀ = ξ¹ rests at w > ½.
    fn is_retrieved(&self, lambda: f64, log_noise_patterns: f64) -> bool {
        let mut state: Vec<f64> = self.components.iter().map(|&(value, _)| value).collect();
        for _ in 0..MOST_STEPS {
            let mut log_odds = -log_noise_patterns;
            for (i, (&(value, count), x)) in self.components.iter().zip(&state).enumerate() {
                let field = lambda * x;
                log_odds += count * (field * value - (self.log_moment)(i, field));
            }
            let weight = 1.0 / (1.0 + (-log_odds).exp());
            // the weight falls from step to step
            if weight <= 0.5 {
                return false;
            }
            let mut change = 0.0_f64;
            for (i, (&(value, _), x)) in self.components.iter().zip(&mut state).enumerate() {
                let next = weight * value + (1.0 - weight) * (self.mean)(i, lambda * *x);
                change = change.max((next - *x).abs());
                *x = next;
            }
            if change <= 1e-15 * (1.0 + lambda) / lambda {
                return true;
            }
        }
        true
    }
}

/// The supremum of α₁: the largest load at which λ₁ is known.
fn supremum(ensemble: &dyn Ensemble) -> f64 {
    let (mut low, mut high) = (1e-3, 4.0);
    while high - low > 1e-12 {
        let middle = 0.5 * (low + high);
        match ensemble.typical_inverse_temperature(middle) {
            Ok(_) => low = middle,
            Err(_) => high = middle,
        }
    }
    low
}

#[test]
fn crossovers_exist_exactly_where_the_map_retrieves() {
    for ensemble in off_axis() {
        let ensemble = ensemble.as_ref();
        let most = supremum(ensemble);
        for fraction in [0.11, 0.37, 0.83, 0.983, 0.9973] {
            let load = fraction * most;
            for size in [5.0, 20.0, 140.0, 3000.0] {
                let count = (load * size).exp().round() - 1.0;
                // without noise patterns, or with one, it is retrieved from λ = 0 on
                if count <= 1.0 {
                    continue;
                }
                let count = patterns(load, size).log_noise_patterns();
                let target = Target::typical(ensemble, size);
                let what = format!(
                    "{} {:?} α = {load}, N = {size}",
                    ensemble.name(),
                    ensemble.parameters()
                );
                let found = crossover(ensemble, load, size)
                    .unwrap_or_else(|error| panic!("{what}: {error}"));
                if let Some(found) = found {
                    let lambda = found.inverse_temperature;
                    assert!(
                        target.is_retrieved(lambda * (1.0 + 3e-5), count),
                        "{what}: {found:?} above"
                    );
                    assert!(
                        !target.is_retrieved(lambda * (1.0 - 3e-5), count),
                        "{what}: {found:?} below"
                    );
                } else {
                    let limit = ensemble.typical_inverse_temperature(load).unwrap();
                    for step in -20..60 {
                        let lambda = limit * 1.03_f64.powi(step);
                        assert!(
                            !target.is_retrieved(lambda, count),
                            "{what}: none, but λ = {lambda} retrieves"
                        );
                    }
                }
            }
        }
    }
}

/// Right values found by independent programs where the search once began at w = ½ and gave up.
#[test]
fn crossovers_without_a_fixed_point_at_one_half_are_found() {
    let spectrum = off_axis().swap_remove(2);
    let uniform = named("uniform");
    for (ensemble, load, size, expected) in [
        (&spectrum, 0.12, 2_000.0, 0.180_841_065_2),
        (&spectrum, 0.12, 200_000.0, 0.173_844_459_2),
        (&uniform, 0.58, 2_000.0, 1.082_37),
    ] {
        let found = crossover(ensemble.as_ref(), load, size).unwrap().unwrap();
        assert_relative(found.inverse_temperature, expected, 3e-6, (load, size));
        assert_eq!(found.kind, CrossoverKind::SaddleNode);
    }
}

/// Through the load beyond which half of the targets have no crossover; at one of these loads the field of a component,
/// a search of its own, did not settle while the mean of the tilted law had a rounding of several units.
#[test]
fn medians_of_uniform_components_rise_to_their_end() {
    let uniform = named("uniform");
    let grid = (0..=18).map(|step| 0.566 + 0.001 * f64::from(step));
    let mut loads: Vec<f64> = grid.chain([0.582_061_372_854_491_6]).collect();
    loads.sort_by(f64::total_cmp);
    let median = |load: f64| {
        let patterns = PatternCount::from_log_noise_patterns(load * 3.01).unwrap();
        median_crossover(uniform.as_ref(), patterns, 3.01).unwrap()
    };
    let medians: Vec<Option<f64>> = loads.into_iter().map(median).collect();
    let (there, gone) =
        medians.split_at(medians.iter().take_while(|found| found.is_some()).count());
    assert!(there.len() > 3 && there.is_sorted(), "{there:?}");
    assert!(
        gone.len() > 3 && gone.iter().all(Option::is_none),
        "{gone:?}"
    );
}
