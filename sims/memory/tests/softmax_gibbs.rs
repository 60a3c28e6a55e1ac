//! Softmax-Gibbs sweeps against the exact laws of small memories.

use std::sync::Arc;

use dam_memory::attention::AttentionMemory;
use dam_memory::composed::Composition;
use dam_memory::dynamics::softmax_gibbs::{SoftmaxGibbs, Space, around};
use dam_memory::dynamics::{
    Arrival, Departure, Dynamics, Moment, Outlook, RandomMemory, Start, StopReason, Watch,
};
use dam_memory::ensembles::pattern_ensemble;
use dam_memory::kernel::Parallelism;
use dam_memory::products::dot;
use dam_memory::streams::StreamKey;
use dam_statistics::{mean, normal_cumulative, standard_error};
use dam_theory::{Ensemble, Parameters, ensemble};

/// Standard errors that a mean may lie off; kept with the seeds that are fixed.
const MOST_ERRORS: f64 = 4.0;
/// √n D of a Kolmogorov-Smirnov test, exceeded with probability 7e-4.
const LARGEST_DISTANCE: f64 = 2.0;

fn memory(ensemble: &str, size: usize, count: usize, seed: u64) -> AttentionMemory {
    let ensemble = pattern_ensemble(ensemble, &Parameters::new()).unwrap();
    let seed = StreamKey::new(seed).seed("patterns");
    AttentionMemory::sample(ensemble.as_ref(), size, count, &seed)
}

fn gibbs(replicas: usize, sweeps: usize, space: Space) -> SoftmaxGibbs {
    SoftmaxGibbs {
        replicas,
        sweeps,
        burn_in: sweeps / 2,
        space,
    }
}

fn starts_at(memory: &AttentionMemory, patterns: &[usize], lambda: f64) -> Vec<Start> {
    let start = |&pattern: &usize| Start {
        state: memory.pattern(pattern),
        inverse_temperature: lambda,
        target: 0,
    };
    patterns.iter().map(start).collect()
}

fn run(
    dynamics: SoftmaxGibbs,
    (memory, starts): (&AttentionMemory, &[Start]),
    seed: u64,
    watch: Watch<'_>,
) -> Vec<Option<Arrival>> {
    let streams = &StreamKey::new(seed);
    let from = Departure {
        memory,
        starts,
        streams,
    };
    dynamics.run(from, watch)
}

/// The last states of so many independent chains from pattern 0.
fn states(
    dynamics: SoftmaxGibbs,
    memory: &AttentionMemory,
    lambda: f64,
    chains: usize,
) -> Vec<Vec<f64>> {
    let starts = starts_at(memory, &vec![0; chains], lambda);
    let arrivals = run(dynamics, (memory, &starts), 7, &mut |_| Outlook::Open);
    let arrived = arrivals.into_iter().map(Option::unwrap);
    arrived
        .inspect(|arrival| assert_eq!(arrival.reason, StopReason::Swept))
        .map(|arrival| arrival.state)
        .collect()
}

#[track_caller]
fn assert_mean(values: &[f64], right: f64) {
    let found = mean(values).unwrap().unwrap();
    let error = standard_error(values).unwrap().unwrap();
    let z = (found - right) / error;
    assert!(
        z.abs() < MOST_ERRORS,
        "{found} ± {error}, not {right}: z = {z}"
    );
}

#[track_caller]
fn assert_law(mut values: Vec<f64>, cumulative: impl Fn(f64) -> f64) {
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let ranked = (0..).zip(&values);
    let distance = ranked
        .map(|(rank, &value)| {
            let right = cumulative(value);
            let rank = f64::from(rank);
            (right - rank / count).max((rank + 1.0) / count - right)
        })
        .fold(0.0, f64::max);
    let scaled = distance * count.sqrt();
    assert!(scaled < LARGEST_DISTANCE, "√n D = {scaled}");
}

/// ln 0F1(; N/2; k²/4), the integral of e^{k w} over the sphere, by its series.
fn log_sphere_average(size: usize, k: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for order in 0..2000 {
        let order = f64::from(order);
        term *= 0.25 * k * k / ((order + 1.0) * (0.5 * size as f64 + order));
        sum += term;
    }
    f64::ln(sum)
}

/// The cumulative law of θ with density ∝ e^{κ cos θ} sin^{N−2} θ, by the trapezoidal rule on
/// (0, π).
fn angle_law(size: usize, kappa: f64) -> impl Fn(f64) -> f64 {
    const STEPS: i32 = 400_000;
    let width = std::f64::consts::PI / f64::from(STEPS);
    let exponent = |theta: f64| {
        kappa * (theta.cos() - 1.0) + (size as f64 - 2.0) * theta.sin().max(1e-300).ln()
    };
    let thetas = || (0..=STEPS).map(|step| f64::from(step) * width);
    let largest = thetas().map(exponent).fold(f64::NEG_INFINITY, f64::max);
    let densities: Vec<f64> = thetas()
        .map(|theta| (exponent(theta) - largest).exp())
        .collect();
    let mut sums = vec![0.0];
    for pair in densities.windows(2) {
        sums.push(sums[sums.len() - 1] + 0.5 * (pair[0] + pair[1]));
    }
    move |theta| {
        let place = theta / width;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "θ lies in (0, π)"
        )]
        let below = (place as usize).min(sums.len() - 2);
        let part = place - below as f64;
        (sums[below] * (1.0 - part) + sums[below + 1] * part) / sums[sums.len() - 1]
    }
}

#[test]
fn points_around_an_axis_follow_the_von_mises_fisher_law() {
    let cases = [
        (2, 1.0),
        (3, 0.5),
        (14, 0.0),
        (14, 14.0),
        (14, 1e4),
        (50, 200.0),
        (300, 5.0),
    ];
    for (size, kappa) in cases {
        let mut axis = vec![0.0; size];
        (axis[0], axis[1]) = (3.0, 4.0);
        let mut rng = StreamKey::new(3).rng("points");
        let (mut angles, mut across) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            let point = around(&axis, kappa, &mut rng);
            assert!((dot(&point, &point) - 1.0).abs() < 1e-12);
            let cosine = 0.6 * point[0] + 0.8 * point[1];
            let other = 0.8 * point[0] - 0.6 * point[1];
            angles.push((1.0 - cosine * cosine).sqrt().atan2(cosine));
            across.push(other);
        }
        assert_law(angles, angle_law(size, kappa));
        assert_mean(&across, 0.0);
    }
}

/// In R^N at n = 1: x = ξ^μ + √T z, μ with weight e^{λ|ξ^μ|²/2}, and ⟨w_μ⟩ is that weight.
#[test]
fn one_replica_in_free_space_is_the_exact_mixture() {
    let (size, lambda) = (3, 0.5);
    let memory = memory("gaussian", size, 5, 2);
    let found = states(gibbs(1, 12, Space::Free), &memory, lambda, 10_000);
    let mut weights: Vec<f64> = (0..5)
        .map(|pattern| (0.5 * lambda * size as f64 * memory.squared_norm(pattern)).exp())
        .collect();
    let total: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= total;
    }
    for (pattern, &right) in weights.iter().enumerate() {
        let shares: Vec<f64> = found
            .iter()
            .map(|state| memory.weights(state, lambda)[pattern])
            .collect();
        assert_mean(&shares, right);
    }
    let deviation = lambda.recip().sqrt();
    for component in 0..size {
        let values = found.iter().map(|state| state[component]).collect();
        assert_law(values, |value| {
            let parts = weights.iter().enumerate();
            parts
                .map(|(pattern, weight)| {
                    let centre = memory.pattern(pattern)[component];
                    weight * normal_cumulative((value - centre) / deviation)
                })
                .sum()
        });
    }
}

/// On the sphere at n = 1: von Mises-Fisher around each pattern of spherical patterns, all with the
/// same weight.
#[test]
fn one_replica_on_the_sphere_is_the_exact_mixture() {
    let (size, lambda) = (6, 0.4);
    let kappa = lambda * size as f64;
    let overlap = |a: &[f64], b: &[f64]| dot(a, b) / size as f64;
    // A(κ) = L'(κ)
    let step = 1e-4;
    let cosine = (log_sphere_average(size, kappa + step) - log_sphere_average(size, kappa - step))
        / (2.0 * step);

    let one = memory("spherical", size, 1, 4);
    let found = states(gibbs(1, 1, Space::Sphere), &one, lambda, 10_000);
    let target = one.pattern(0);
    let overlaps: Vec<f64> = found.iter().map(|state| overlap(state, &target)).collect();
    assert_mean(&overlaps, cosine);
    let law = angle_law(size, kappa);
    assert_law(overlaps.iter().map(|cosine| cosine.acos()).collect(), law);

    let three = memory("spherical", size, 3, 5);
    let found = states(gibbs(1, 12, Space::Sphere), &three, lambda, 10_000);
    let patterns: Vec<Vec<f64>> = (0..3).map(|pattern| three.pattern(pattern)).collect();
    for (index, pattern) in patterns.iter().enumerate() {
        let shares: Vec<f64> = found
            .iter()
            .map(|state| three.weights(state, lambda)[index])
            .collect();
        assert_mean(&shares, 1.0 / 3.0);
        let overlaps: Vec<f64> = found.iter().map(|state| overlap(state, pattern)).collect();
        let right: f64 = patterns.iter().map(|other| overlap(other, pattern)).sum();
        assert_mean(&overlaps, cosine * right / 3.0);
    }
}

/// ⟨Σ_μ w_μ²⟩ of some chains with n = 2 on the sphere, each its average over time.
fn participations(
    memory: &AttentionMemory,
    lambda: f64,
    chains: usize,
    sweeps: usize,
    seed: u64,
) -> Vec<f64> {
    let dynamics = gibbs(2, sweeps, Space::Sphere);
    let patterns: Vec<usize> = (0..chains)
        .map(|chain| chain * memory.pattern_count() / chains)
        .collect();
    let starts = starts_at(memory, &patterns, lambda);
    let mut sums = vec![0.0; chains];
    let mut watch = |moment: &Moment<'_>| {
        if moment.step > dynamics.burn_in {
            sums[moment.start] += moment.outcome.participation;
        }
        Outlook::Open
    };
    run(dynamics, (memory, &starts), seed, &mut watch);
    let counted = (sweeps - dynamics.burn_in) as f64;
    sums.into_iter().map(|sum| sum / counted).collect()
}

/// Z of a sample at n = 2 is the sum over pairs of patterns, so that ⟨Σw²⟩ Z = P 0F1(; N/2;
/// (2λN)²/4) gives ⟨Σw²⟩.
#[test]
fn the_participation_of_two_replicas_is_exact_for_each_sample() {
    let (size, count, lambda) = (8, 12, 0.6);
    let memory = memory("spherical", size, count, 11);
    let patterns: Vec<Vec<f64>> = (0..count).map(|pattern| memory.pattern(pattern)).collect();
    let root = (size as f64).sqrt();
    let mut pairs = 0.0;
    for first in &patterns {
        for second in &patterns {
            let squared: f64 = first.iter().zip(second).map(|(a, b)| (a + b).powi(2)).sum();
            pairs += log_sphere_average(size, lambda * root * squared.sqrt()).exp();
        }
    }
    let equal = log_sphere_average(size, 2.0 * lambda * size as f64).exp();
    let found = participations(&memory, lambda, 60, 600, 1);
    assert_mean(&found, count as f64 * equal / pairs);
}

/// 1/⟨Σw²⟩ is Z over a constant, whose average over samples is known: 1 + (P − 1)
/// e^{2L(λN) − L(2λN)}.
#[test]
fn the_participation_of_two_replicas_obeys_the_annealed_identity() {
    let (size, lambda) = (14, 1.0);
    let argument = lambda * size as f64;
    let noise = 2.0 * log_sphere_average(size, argument) - log_sphere_average(size, 2.0 * argument);
    for (count, table) in [(50_u32, 0.7101), (117, 0.5086)] {
        let right = 1.0 + (f64::from(count) - 1.0) * noise.exp();
        assert!((right.recip() - table).abs() < 5e-5);
        let inverse: Vec<f64> = (0..100)
            .map(|sample| {
                let memory = memory("spherical", size, count as usize, 100 + sample);
                let chains = participations(&memory, lambda, 8, 600, 200 + sample);
                mean(&chains).unwrap().unwrap().recip()
            })
            .collect();
        let error = standard_error(&inverse).unwrap().unwrap();
        assert!(error < 0.015 * right, "{error}");
        assert_mean(&inverse, right);
    }
}

/// ⟨f(x_t) g(x_{t+1})⟩ does not change when time runs backwards.
#[test]
fn sweeps_are_reversible() {
    let lambda = 0.5;
    for space in [Space::Free, Space::Sphere] {
        let memory = memory("gaussian", 4, 6, 21);
        let dynamics = gibbs(2, 60, space);
        let starts = starts_at(&memory, &[0; 600], lambda);
        let mut before = vec![(0.0, 0.0); starts.len()];
        let mut currents = vec![0.0; starts.len()];
        let mut watch = |moment: &Moment<'_>| {
            let now = (moment.outcome.target_weight, moment.state[0]);
            let then = std::mem::replace(&mut before[moment.start], now);
            if moment.step > dynamics.burn_in {
                currents[moment.start] += then.0 * now.1 - now.0 * then.1;
            }
            Outlook::Open
        };
        run(dynamics, (&memory, &starts), 5, &mut watch);
        assert_mean(&currents, 0.0);
    }
}

#[test]
fn many_replicas_make_the_attention_update() {
    let (size, lambda) = (20, 0.05);
    let memory = memory("spherical", size, 30, 31);
    let update = memory.update_one(&memory.pattern(0), lambda);
    let replicas = 400_000;
    let found = &states(gibbs(replicas, 1, Space::Free), &memory, lambda, 1)[0];
    let squared: f64 = found
        .iter()
        .zip(&update)
        .map(|(a, b)| (a - b).powi(2))
        .sum();
    let distance = (squared / size as f64).sqrt();
    // the noise T = 1/(nλ), and the scatter of the mean of n patterns
    let scatter = ((lambda.recip() + 1.0) / replicas as f64).sqrt();
    assert!(distance < 1.5 * scatter, "{distance}, {scatter}");
    // on the sphere its direction
    let found = &states(gibbs(replicas, 1, Space::Sphere), &memory, lambda, 1)[0];
    let cosine = dot(found, &update) / (dot(found, found) * dot(&update, &update)).sqrt();
    assert!(cosine > 0.999, "{cosine}");
    assert!((dot(found, found) - size as f64).abs() < 1e-10);
}

#[test]
fn numbers_depend_neither_on_threads_nor_on_the_batch() {
    let memory = memory("spherical", 10, 3000, 41).with_parallelism(Parallelism::Chunks);
    let dynamics = gibbs(2, 20, Space::Free);
    let run_with = |threads: usize, starts: &[Start]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        pool.install(|| run(dynamics, (&memory, starts), 9, &mut |_| Outlook::Open))
    };
    let mut starts = starts_at(&memory, &[0], 0.5);
    starts.extend(starts_at(&memory, &[0, 0], 1.0));
    let all = run_with(1, &starts);
    assert_eq!(all, run_with(2, &starts));
    // Batches of other sizes may be summed in another order.
    let parts = [run_with(2, &starts[..1]), run_with(2, &starts[1..])].concat();
    for (all, part) in all.iter().zip(&parts) {
        let (all, part) = (all.as_ref().unwrap(), part.as_ref().unwrap());
        assert_eq!((all.steps, all.reason), (part.steps, part.reason));
        assert_eq!(all.outcome.best_pattern, part.outcome.best_pattern);
        for (left, right) in all.state.iter().zip(&part.state) {
            assert!((left - right).abs() < 1e-12);
        }
        let ratio = all.outcome.target_weight / part.outcome.target_weight;
        assert!((ratio - 1.0).abs() < 1e-12);
        assert!((all.gradient_norm - part.gradient_norm).abs() < 1e-12);
    }
    assert_ne!(all[1], all[2]);
}

fn random<'a>(composition: &'a Composition, ensemble: &'a Arc<dyn Ensemble>) -> RandomMemory<'a> {
    RandomMemory {
        composition,
        ensemble: ensemble.as_ref(),
    }
}

#[test]
fn theory_says_where_the_retrieval_state_is() {
    let parts = &Composition::default();
    let [spherical, gaussian, rademacher] =
        ["spherical", "gaussian", "rademacher"].map(|name| ensemble(name).unwrap());
    // λ = 1 at T = 1, ½ and ¼ on the sphere
    for (replicas, right) in [(1, 0.240_606), (2, 0.403_348), (4, 0.505_354)] {
        let dynamics = gibbs(replicas, 1, Space::Sphere);
        let found = dynamics.typical_threshold(random(parts, &spherical), 1.0);
        assert!((found.unwrap() - right).abs() < 1e-6);
    }
    let state = gibbs(2, 1, Space::Sphere).retrieval_state(spherical.as_ref(), 1.0);
    let overlap = state.unwrap().overlap;
    assert!((1.0 - overlap * overlap - 0.5 * overlap).abs() < 1e-15);
    // Shannon's capacity at the signal-to-noise ratio 1/T, and λ − ½λ²(1 + T), ½/(1 + T) of
    // Gaussian patterns
    let free = |replicas, ensemble: &Arc<dyn Ensemble>, lambda| {
        let dynamics = gibbs(replicas, 1, Space::Free);
        dynamics.typical_threshold(random(parts, ensemble), lambda)
    };
    let found = free(1, &spherical, 3.0).unwrap();
    assert!((found - 0.5 * 4.0_f64.ln()).abs() < 1e-12);
    let found = free(2, &gaussian, 0.4).unwrap();
    assert!((found - (0.4 - 0.08 * 2.25)).abs() < 1e-12);
    let found = free(2, &gaussian, 2.0).unwrap();
    assert!((found - 0.5 / 1.25).abs() < 1e-12);
    assert_eq!(free(2, &rademacher, 1.0), None);

    for space in [Space::Free, Space::Sphere] {
        for ensemble in [&spherical, &gaussian] {
            let dynamics = gibbs(2, 1, space);
            let inverse =
                |load| dynamics.typical_inverse_temperature(random(parts, ensemble), load);
            let lambda = inverse(0.3).unwrap();
            let load = dynamics.typical_threshold(random(parts, ensemble), lambda);
            assert!((load.unwrap() - 0.3).abs() < 1e-12);
        }
        let beyond = gibbs(2, 1, space);
        let found = beyond.typical_inverse_temperature(random(parts, &gaussian), 0.6);
        assert_eq!(found, None);
    }
}
