//! What becomes of single queries: which patterns hold the weight, before and after the descent.

use std::cmp::Ordering;

use dam_theory::numbers::find_root;

use crate::attention::AttentionMemory;
use crate::dynamics::{Arrival, GradientDescent, Start};
use crate::products::dot;

/// A state whose fate is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// N components.
    pub state: Vec<f64>,
    /// The pattern that should come back, where one is meant.
    pub target: Option<usize>,
}

/// One query at one λ.
#[derive(Clone, Debug, PartialEq)]
pub struct Recall {
    /// Which query, from 0.
    pub query: usize,
    /// λ.
    pub inverse_temperature: f64,
    /// E(x) of the query x.
    pub initial_energy: f64,
    /// E(x) where the descent ended.
    pub energy: f64,
    /// Where and why it ended.
    pub arrival: Arrival,
    /// −Σ_μ w_μ ln w_μ of the weights there, in nats; ln P where all are equal.
    pub entropy: f64,
    /// (Σ_μ w_μ²)⁻¹, how many patterns share the weight there.
    pub sharers: f64,
    /// The patterns of largest weight there, and the target of the query.
    pub candidates: Vec<Candidate>,
}

/// A pattern as seen from a query, before and after the descent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Which, from 0.
    pub pattern: usize,
    /// How many patterns have a larger weight in the end.
    pub rank: usize,
    /// Its softmax weight at the query.
    pub initial_weight: f64,
    /// x·ξ/N of the query.
    pub initial_overlap: f64,
    /// Its weight in the end.
    pub weight: f64,
    /// x·ξ/N in the end.
    pub overlap: f64,
    /// The λ above which it has more than half of the weight at the query, see [`half_weight`];
    /// none where another pattern has a larger product with the query.
    pub half_weight: Option<f64>,
}

/// The descent of every query at every λ, with the `largest` patterns of each end; queries run
/// slowest.
///
/// # Panics
/// If a query does not have N components.
pub fn recall(
    memory: &AttentionMemory,
    queries: &[Query],
    inverse_temperatures: &[f64],
    descent: &GradientDescent,
    largest: usize,
) -> Vec<Recall> {
    let starts: Vec<Start> = queries
        .iter()
        .flat_map(|query| Start::at_temperatures(&query.state, inverse_temperatures))
        .collect();
    let arrivals = descent.descend(memory, &starts).into_iter();
    let places = starts.iter().zip(arrivals).enumerate();
    places
        .map(|(place, (start, arrival))| {
            let lambda = start.inverse_temperature;
            let weights = memory.weights(&arrival.state, lambda);
            let query = place / inverse_temperatures.len();
            let target = queries[query].target;
            Recall {
                query,
                inverse_temperature: lambda,
                initial_energy: memory.energy(&start.state, lambda),
                energy: memory.energy(&arrival.state, lambda),
                entropy: entropy(&weights),
                sharers: weights.iter().map(|w| w * w).sum::<f64>().recip(),
                candidates: candidates(memory, start, &arrival, &weights, (largest, target)),
                arrival,
            }
        })
        .collect()
}

fn candidates(
    memory: &AttentionMemory,
    start: &Start,
    arrival: &Arrival,
    weights: &[f64],
    (largest, target): (usize, Option<usize>),
) -> Vec<Candidate> {
    let products = |state: &[f64]| memory.map_patterns(|pattern| dot(state, pattern));
    let (initial, last) = (products(&start.state), products(&arrival.state));
    let initial_weights = memory.weights(&start.state, start.inverse_temperature);
    let mut order: Vec<usize> = (0..weights.len()).collect();
    // weights that are 0 in double precision keep the order of the products
    let descending = |left: &usize, right: &usize| -> Ordering {
        let weight = weights[*right].total_cmp(&weights[*left]);
        weight.then(last[*right].total_cmp(&last[*left]))
    };
    order.sort_by(descending);
    let size = memory.size() as f64;
    let candidate = |(rank, pattern): (usize, usize)| Candidate {
        pattern,
        rank,
        initial_weight: initial_weights[pattern],
        initial_overlap: initial[pattern] / size,
        weight: weights[pattern],
        overlap: last[pattern] / size,
        half_weight: half_weight(&initial, pattern),
    };
    let is_shown = |&(rank, pattern): &(usize, usize)| rank < largest || Some(pattern) == target;
    let ranked = order.into_iter().enumerate();
    ranked.filter(is_shown).map(candidate).collect()
}

fn entropy(weights: &[f64]) -> f64 {
    let terms = weights.iter().filter(|&&weight| weight > 0.0);
    let sum: f64 = terms.map(|weight| weight * weight.ln()).sum();
    // a single term gives −0
    0.0 - sum
}

/// The λ at which a pattern has half of the weight at a query, from the `products` x·ξ^ν of the
/// query with all patterns:
///
/// ```text
/// λ x·ξ^μ = ln Σ_{ν≠μ} exp(λ x·ξ^ν) = ln(P − 1) + N ζ̂(λ)
/// ```
///
/// with the empirical cumulant function ζ̂(λ) = (1/N) ln ⟨exp(λ x·ξ^ν)⟩ of the other patterns: what
/// λ₁ is for random ones, without the noise that the state feels of itself, which moves λ_× above
/// it. `None` where another product is as large.
///
/// ```
/// use dam_memory::recall::half_weight;
/// // e^{2λ} = 3 e^{λ}
/// let lambda = half_weight(&[2.0, 1.0, 1.0, 1.0], 0).expect("the first is the largest");
/// assert!((lambda - 3.0_f64.ln()).abs() < 1e-12);
/// assert_eq!(half_weight(&[2.0, 1.0, 1.0, 1.0], 1), None);
/// ```
///
/// # Panics
/// If there is no such pattern.
pub fn half_weight(products: &[f64], pattern: usize) -> Option<f64> {
    let gaps: Vec<f64> = products
        .iter()
        .enumerate()
        .filter(|&(other, _)| other != pattern)
        .map(|(_, product)| products[pattern] - product)
        .collect();
    let least = gaps.iter().copied().fold(f64::INFINITY, f64::min);
    if least <= 0.0 {
        return None;
    }
    if gaps.len() < 2 {
        return Some(0.0);
    }
    // all others as close as the closest bound it from above
    let bound = (gaps.len() as f64).ln() / least;
    let excess = |lambda: f64| {
        let sum: f64 = gaps.iter().map(|gap| (-lambda * gap).exp()).sum();
        sum.ln()
    };
    find_root(excess, 0.0, bound * (1.0 + 1e-9)).ok()
}
