//! λ_× of a stored pattern from the fixed points themselves, without any descent.
//!
//! At a fixed point of x' = Σ softmax(λ x·ξ^μ) ξ^μ where the target ξ¹ holds the weight w, the other
//! patterns hold x = wξ¹ + (1 − w)n(x), n = Σ_{μ>1} v_μ ξ^μ, v their softmax, and with u = ln[w/(1 − w)]
//!
//! ```text
//! L(u, λ) = λ x·ξ¹ − ln Σ_{μ>1} e^{λ x·ξ^μ} − u = 0
//! ```
//!
//! For given u this is one equation for λ along the fixed points; x follows from iterating n, which
//! contracts with a rate that does not approach 1 where two fixed points merge, as that of a descent
//! does. From x₀ = ξ¹ the target is retrieved where there is a fixed point of w > ½, so that λ_× is the
//! least λ(u), u ≥ 0.

use crate::patterns::Patterns;
use crate::patterns::real::Real;
use crate::products::dot_in_lanes;

/// Components that a product sums side by side.
const LANES: usize = 8;
/// Changes of x, in units of its components, and of λ, in units of it, at which a fixed point is one.
const STATE_ACCURACY: f64 = 1e-8;
const LAMBDA_ACCURACY: f64 = 1e-9;
const MOST_UPDATES: usize = 5000;
const MOST_STEPS: usize = 200;
/// Where the search for the least λ(u) begins, and its steps.
const FIRST_LOG_ODDS: f64 = 1.0;
const STEP: f64 = 0.5;
/// Largest u: at w = 1 − 10⁻⁹ λ(u) rises.
const LARGEST_LOG_ODDS: f64 = 20.0;
/// u at the least λ is found to this, in at most so many parabolas; λ is then good to its square.
const LOG_ODDS_ACCURACY: f64 = 1e-3;
const MOST_PARABOLAS: usize = 30;
/// A new point is no nearer to the ends of its bracket, as a share of it.
const MARGIN: f64 = 0.05;

/// λ_× of pattern 0 among all `patterns`, which have one norm, from a first guess of it; `None` where no λ up to `maximum`
/// lets it hold half of the weight (a pattern that equals it).
///
/// Four to seven times faster than a search by descents to 10⁻⁴ (4000 samples of N = 16, P = 25 and N = 12,
/// P = 11 in one run, Xeon model 207). Longer patterns than the target can hold
/// the state at the weight of a fixed point, which is then no longer one of a kind: for patterns of
/// unequal norms this is not λ_×.
///
/// ```
/// use dam_memory::dynamics::crossover_of_fixed_points;
/// use dam_memory::ensembles::{pattern_ensemble, sample_patterns};
/// use dam_memory::patterns::Patterns;
/// let ensemble = pattern_ensemble("spherical", &Default::default())?;
/// let patterns: Patterns<f64> = sample_patterns(ensemble.as_ref(), 24, 122, &[7; 32]);
/// let crossover = crossover_of_fixed_points(&patterns, 0.35, 1e3).expect("no pattern equals it");
/// assert!((0.31..0.41).contains(&crossover)); // 0.3522 ± 0.0078 over samples
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Panics
/// If there is only one pattern.
pub fn crossover_of_fixed_points<T: Real>(
    patterns: &Patterns<T>,
    guess: f64,
    maximum: f64,
) -> Option<f64> {
    assert!(
        patterns.count() > 1,
        "a crossover needs other patterns than the target"
    );
    let mut branch = Branch::new(patterns, guess, maximum);
    let mut at = |log_odds: f64| (log_odds, branch.lambda(log_odds).unwrap_or(f64::INFINITY));
    let mut middle = at(FIRST_LOG_ODDS);
    let mut low = at(FIRST_LOG_ODDS - STEP);
    let mut high = at(FIRST_LOG_ODDS + STEP);
    while low.1 < middle.1 && low.0 > 0.0 {
        (middle, high) = (low, middle);
        low = at((middle.0 - STEP).max(0.0));
    }
    while high.1 < middle.1 && high.0 < LARGEST_LOG_ODDS {
        (low, middle) = (middle, high);
        high = at(middle.0 + STEP);
    }
    for _ in 0..MOST_PARABOLAS {
        let next = vertex(low, middle, high);
        if (next - middle.0).abs() < LOG_ODDS_ACCURACY {
            break;
        }
        let found = at(next);
        let (inner, outer) = if found.1 < middle.1 {
            (found, middle)
        } else {
            (middle, found)
        };
        if outer.0 > inner.0 {
            high = outer;
        } else {
            low = outer;
        }
        middle = inner;
    }
    let least = low.1.min(middle.1).min(high.1);
    (least <= maximum).then_some(least)
}

/// The least place of the parabola through three points, the middle one lowest, well within them.
fn vertex(low: (f64, f64), middle: (f64, f64), high: (f64, f64)) -> f64 {
    let (left, right) = (middle.0 - low.0, high.0 - middle.0);
    let (fall, rise) = (low.1 - middle.1, high.1 - middle.1);
    let step = 0.5 * (fall * right * right - rise * left * left) / (fall * right + rise * left);
    let (least, most) = ((MARGIN - 1.0) * left, (1.0 - MARGIN) * right);
    if step.is_finite() {
        middle.0 + step.clamp(least, most)
    } else if left > right {
        middle.0 - 0.5 * left
    } else {
        middle.0 + 0.5 * right
    }
}

/// The fixed points of one set of patterns.
struct Branch {
    size: usize,
    target: Vec<f64>,
    /// The other patterns, row-major.
    others: Vec<f64>,
    maximum: f64,
    /// x, and λ, of the last fixed point found.
    state: Vec<f64>,
    guess: f64,
    /// x·ξ^μ, then v_μ, of the others.
    weights: Vec<f64>,
}

impl Branch {
    fn new<T: Real>(patterns: &Patterns<T>, guess: f64, maximum: f64) -> Self {
        let values: Vec<f64> = patterns
            .as_slice()
            .iter()
            .map(|value| value.to_f64())
            .collect();
        let (target, others) = values.split_at(patterns.size());
        Self {
            size: patterns.size(),
            target: target.to_vec(),
            others: others.to_vec(),
            maximum,
            state: target.to_vec(),
            guess,
            weights: vec![0.0; patterns.count() - 1],
        }
    }

    /// λ(u), from the fixed point before; `None` where there is none up to the largest λ.
    fn lambda(&mut self, log_odds: f64) -> Option<f64> {
        let found = self.settled(log_odds);
        match found {
            Some(lambda) => self.guess = lambda,
            None => self.state.clone_from(&self.target),
        }
        found
    }

    fn settled(&mut self, log_odds: f64) -> Option<f64> {
        let rest = 1.0 / (1.0 + log_odds.exp());
        let mut lambda = self.guess;
        for _ in 0..MOST_UPDATES {
            let pairs = self.others.chunks_exact(self.size).zip(&mut self.weights);
            for (pattern, overlap) in pairs {
                *overlap = dot_in_lanes::<LANES>(pattern, &self.state);
            }
            let signal = dot_in_lanes::<LANES>(&self.target, &self.state);
            let next = self.lambda_at_state(signal, log_odds, lambda)?;
            let moved = self.update(rest);
            let change = (next - lambda).abs();
            lambda = next;
            if moved < STATE_ACCURACY && change < LAMBDA_ACCURACY * lambda {
                return Some(lambda);
            }
        }
        None
    }

    /// The root λ of λ x·ξ¹ − ln Σ e^{λ x·ξ^μ} = u, a concave function, by Newton's method, and the
    /// softmax there. `None` where it stays below u up to the largest λ.
    fn lambda_at_state(&mut self, signal: f64, log_odds: f64, guess: f64) -> Option<f64> {
        let strongest = self
            .weights
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let mut lambda = guess;
        for _ in 0..MOST_STEPS {
            let (mut sum, mut first) = (0.0, 0.0);
            for overlap in &self.weights {
                let weight = (lambda * (overlap - strongest)).exp();
                sum += weight;
                first += weight * overlap;
            }
            let excess = lambda * (signal - strongest) - sum.ln() - log_odds;
            let slope = signal - first / sum;
            if slope <= 0.0 && excess < 0.0 && signal <= strongest {
                // the function falls from here on: the root is below, if anywhere
                lambda *= 0.5;
                if lambda < f64::MIN_POSITIVE {
                    return None;
                }
                continue;
            }
            let next = if slope > 0.0 {
                (lambda - excess / slope).clamp(0.5 * lambda, 2.0 * lambda)
            } else {
                0.5 * lambda
            };
            if next > 2.0 * self.maximum {
                return None;
            }
            let change = (next - lambda).abs();
            lambda = next;
            if change <= 0.1 * LAMBDA_ACCURACY * lambda {
                let mut sum = 0.0;
                for value in &mut self.weights {
                    *value = (lambda * (*value - strongest)).exp();
                    sum += *value;
                }
                self.weights.iter_mut().for_each(|weight| *weight /= sum);
                return Some(lambda);
            }
        }
        None
    }

    /// x = wξ¹ + (1 − w)Σ v_μ ξ^μ; the largest change of a component.
    fn update(&mut self, rest: f64) -> f64 {
        let mut next: Vec<f64> = self
            .target
            .iter()
            .map(|value| (1.0 - rest) * value)
            .collect();
        for (pattern, weight) in self.others.chunks_exact(self.size).zip(&self.weights) {
            for (sum, value) in next.iter_mut().zip(pattern) {
                *sum += rest * weight * value;
            }
        }
        let changes = next
            .iter()
            .zip(&self.state)
            .map(|(new, old)| (new - old).abs());
        let moved = changes.fold(0.0, f64::max);
        self.state = next;
        moved
    }
}
