//! The search for a code: random starts, annealing, and a polish by the method of multipliers.

use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use crate::codes::closing::close_contacts;
use crate::codes::points::SphericalCode;
use crate::codes::potential::Potential;
use crate::optimisers::lbfgs::{Stop, minimise};
use dam_memory::streams::StreamKey;

/// The ladder of temperatures of the annealing. A warmer start (τ = 0.3) draws every start into one
/// symmetric state.
pub(crate) const TEMPERATURES: [f64; 5] = [0.03, 0.01, 3e-3, 1e-3, 3e-4];
/// Stop of each annealing stage.
const STAGE: Stop = Stop {
    gradient: 1e-5,
    iterations: 2000,
};
/// First temperature of the polish: warm enough to be well conditioned, cool enough to converge in
/// few rounds.
const POLISH_TEMPERATURE: f64 = 1e-3;
/// Rounds at this temperature; codes that are not rigid, or have contacts without force, need
/// cooler ones after.
const WARM_ROUNDS: usize = 12;
/// Factor of the temperature in each later round.
const COOLING: f64 = 0.5;
/// Stop of each round of the polish.
const POLISH: Stop = Stop {
    gradient: 1e-13,
    iterations: 4000,
};
/// Rounds of the polish.
const MOST_ROUNDS: usize = 36;
/// Spread of the contact cosines at which the polish ends.
const SPREAD: f64 = 2e-12;
/// Annealed codes within this of the best cosine are polished.
const CONTENDERS: f64 = 2e-3;
/// The most codes that are polished.
const MOST_CONTENDERS: usize = 16;

/// A search for the code of M points on S^{d−1} with the largest least angle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeSearch {
    /// d, at least 2.
    pub dimension: usize,
    /// M, at least 2.
    pub count: usize,
    /// Random starts, at least 1.
    pub restarts: usize,
    /// Root of the random streams.
    pub seed: u64,
}

/// The best code found from `restarts` random starts: the smoothed largest cosine τ ln Σ
/// exp(x_i·x_j/τ) is minimised by L-BFGS while τ falls from 0.03 to 3e-4; the best few are polished
/// from τ = 1e-3 on by the exponential method of multipliers until the cosines of all contacts
/// agree to 1e-12. Contacts that bear no force are closed last.
///
/// Restarts run in parallel on the current rayon pool; each has its own random stream, so that the
/// result depends on the search alone and not on threads.
///
/// ```
/// use dam_learning::codes::{CodeSearch, optimise_code};
/// let search = CodeSearch {
///     dimension: 3,
///     count: 12,
///     restarts: 4,
///     seed: 1,
/// };
/// let icosahedron = optimise_code(&search);
/// assert!((icosahedron.least_angle() - 2_f64.atan()).abs() < 1e-10);
/// ```
///
/// # Panics
/// If the dimension or the count is below 2 or there is no restart.
pub fn optimise_code(search: &CodeSearch) -> SphericalCode {
    search.assert_possible();
    let CodeSearch {
        dimension,
        restarts,
        ..
    } = *search;
    let mut annealed: Vec<(f64, Vec<f64>)> = (0..restarts)
        .into_par_iter()
        .map(|restart| anneal(search, restart))
        .collect();
    // a stable sort keeps the order of the restarts among equals
    annealed.sort_by(|first, second| first.0.total_cmp(&second.0));
    let worst = annealed[0].0 + CONTENDERS;
    let polished: Vec<(f64, Vec<f64>)> = annealed
        .into_par_iter()
        .take(MOST_CONTENDERS)
        .filter(|(cosine, _)| *cosine <= worst)
        .map(|(_, coordinates)| polish(dimension, coordinates))
        .collect();
    let best = polished
        .into_iter()
        .min_by(|first, second| first.0.total_cmp(&second.0))
        .expect("the best annealed code is its own contender");
    close_contacts(SphericalCode::from_coordinates(dimension, best.1))
}

/// A random start, annealed: its largest cosine and its coordinates.
fn anneal(search: &CodeSearch, restart: usize) -> (f64, Vec<f64>) {
    let mut coordinates = search.random_start(restart);
    let mut potential = Potential::new(search.dimension, search.count, TEMPERATURES[0]);
    cool(
        search.dimension,
        &TEMPERATURES,
        &mut coordinates,
        |temperature, position, gradient| {
            potential.temperature = temperature;
            potential.evaluate(position, gradient)
        },
    );
    (potential.largest_cosine(&coordinates).0, coordinates)
}

impl CodeSearch {
    pub(crate) fn assert_possible(&self) {
        assert!(
            self.dimension >= 2 && self.count >= 2 && self.restarts >= 1,
            "a code needs two points, two dimensions and a start: {self:?}"
        );
    }

    /// M·d independent standard normal coordinates, from a stream of their own for each restart.
    pub(crate) fn random_start(&self, restart: usize) -> Vec<f64> {
        let mut rng = StreamKey::new(self.seed)
            .with_integer("dimension", self.dimension as u64)
            .with_integer("points", self.count as u64)
            .with_integer("restart", restart as u64)
            .rng("spherical code");
        (0..self.dimension * self.count)
            .map(|_| StandardNormal.sample(&mut rng))
            .collect()
    }
}

/// Minimises `potential(temperature, position, gradient)`, a smoothed largest cosine, at each
/// temperature in turn.
pub(crate) fn cool(
    dimension: usize,
    temperatures: &[f64],
    coordinates: &mut Vec<f64>,
    mut potential: impl FnMut(f64, &[f64], &mut [f64]) -> f64,
) {
    for &temperature in temperatures {
        normalise(dimension, coordinates);
        minimise(
            |position, gradient| potential(temperature, position, gradient),
            coordinates,
            STAGE,
        );
    }
}

/// The code near `coordinates` whose contacts have equal cosines: minimises, then gives each pair
/// the share that it has in the sum as its weight, until the shares are those of the contact
/// forces.
fn polish(dimension: usize, mut coordinates: Vec<f64>) -> (f64, Vec<f64>) {
    let count = coordinates.len() / dimension;
    let mut potential = Potential::new(dimension, count, POLISH_TEMPERATURE);
    let mut best = (f64::INFINITY, coordinates.clone());
    for round in 0..MOST_ROUNDS {
        if round >= WARM_ROUNDS {
            potential.temperature *= COOLING;
        }
        normalise(dimension, &mut coordinates);
        minimise(
            |position, gradient| potential.evaluate(position, gradient),
            &mut coordinates,
            POLISH,
        );
        let (cosine, spread) = potential.largest_cosine(&coordinates);
        if cosine < best.0 {
            best = (cosine, coordinates.clone());
        }
        if spread < SPREAD {
            break;
        }
        potential.reweight(&coordinates);
    }
    best
}

/// Puts each point back on the unit sphere; the potential does not change.
fn normalise(dimension: usize, coordinates: &mut Vec<f64>) {
    let taken = std::mem::take(coordinates);
    let code = SphericalCode::from_coordinates(dimension, taken);
    *coordinates = code.into_coordinates();
}
