//! The starts at all angles from ξ¹ along one random path.

use rand::seq::SliceRandom;
use rand_distr::{Distribution, StandardNormal};

use dam_memory::products::dot;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the starts of a basin lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StartKind {
    /// On a great circle through ξ¹, |x₀| = |ξ¹|.
    Sphere,
    /// Between ξ¹ and a Gaussian vector.
    Gaussian,
    /// ξ¹ with flipped signs.
    Flipped,
}

/// x₀(θ) from θ = 0, where it is ξ¹.
pub(crate) struct StartPath {
    pub(crate) target: Vec<f64>,
    way: Way,
}

enum Way {
    /// x₀ = cos θ ξ¹ + sin θ y.
    Towards(Vec<f64>),
    /// cos θ = 1 − 2k/N: the first k components of this order have their signs flipped.
    Flipping(Vec<usize>),
}

impl StartPath {
    /// Towards a random y (sphere: perpendicular to ξ¹ and as long; gaussian: N independent normal numbers), or flipping
    /// the signs in a random order.
    pub(crate) fn random(kind: StartKind, target: Vec<f64>, rng: &mut impl rand::Rng) -> Self {
        let way = match kind {
            StartKind::Sphere => Way::Towards(perpendicular(&target, &normals(&target, rng))),
            StartKind::Gaussian => Way::Towards(normals(&target, rng)),
            StartKind::Flipped => {
                let mut order: Vec<usize> = (0..target.len()).collect();
                order.shuffle(rng);
                Way::Flipping(order)
            }
        };
        Self { target, way }
    }

    /// x₀(θ); a number of flipped signs is rounded.
    pub(crate) fn at(&self, degrees: f64) -> Vec<f64> {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        match &self.way {
            Way::Towards(direction) => self
                .target
                .iter()
                .zip(direction)
                .map(|(target, direction)| cosine * target + sine * direction)
                .collect(),
            Way::Flipping(order) => {
                let share = 0.5 * (1.0 - cosine);
                let kept = (order.len() as f64 * share).round();
                let mut state = self.target.clone();
                for (position, &component) in order.iter().enumerate() {
                    if (position as f64) < kept {
                        state[component] = -state[component];
                    }
                }
                state
            }
        }
    }
}

fn normals(target: &[f64], rng: &mut impl rand::Rng) -> Vec<f64> {
    target.iter().map(|_| StandardNormal.sample(rng)).collect()
}

/// The part of `drawn` perpendicular to `target`, made as long as it.
fn perpendicular(target: &[f64], drawn: &[f64]) -> Vec<f64> {
    let squared_length = dot(target, target);
    let along = dot(drawn, target) / squared_length;
    let part: Vec<f64> = drawn
        .iter()
        .zip(target)
        .map(|(drawn, target)| drawn - along * target)
        .collect();
    let factor = (squared_length / dot(&part, &part)).sqrt();
    part.iter().map(|value| factor * value).collect()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn paths_begin_at_the_target_and_turn_by_the_angle() {
        let target: Vec<f64> = (0..400)
            .map(|i| if i % 3 == 0 { -1.0 } else { 1.0 })
            .collect();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        for kind in [StartKind::Sphere, StartKind::Gaussian, StartKind::Flipped] {
            let path = StartPath::random(kind, target.clone(), &mut rng);
            assert_eq!(path.at(0.0), target);
            for degrees in [30.0_f64, 90.0, 120.0] {
                let state = path.at(degrees);
                let overlap = dot(&state, &target) / 400.0;
                let squared_norm = dot(&state, &state) / 400.0;
                let (overlap_error, norm_error) = match kind {
                    StartKind::Sphere => (1e-12, 1e-12),
                    // sin θ g: overlap with sd 1/√N; |x₀|²/N with sd at most √(2/N) + 2/√N
                    StartKind::Gaussian => (4.0 / 20.0, 4.0 * (2.0_f64.sqrt() + 1.0) / 20.0),
                    StartKind::Flipped => (1.0 / 400.0, 1e-12),
                };
                let cosine = degrees.to_radians().cos();
                assert!(
                    (overlap - cosine).abs() <= overlap_error,
                    "{kind:?} {degrees}"
                );
                assert!(
                    (squared_norm - 1.0).abs() <= norm_error,
                    "{kind:?} {degrees}"
                );
            }
        }
    }
}
