//! The half-spaces whose patterns are known.

use dam_theory::finite_size::ProjectionLaw;

use crate::revealed::levels::Levels;
use crate::revealed::projections::product;

/// Squared distance below which two directions are one.
const SAME: f64 = 1e-24;

/// {ξ : x̂·ξ > ℓ b_j} for each explored direction x̂ and its level j.
#[derive(Clone, Debug, Default)]
pub(super) struct Explored {
    /// Coordinates of unit vectors; of later directions those of earlier ones have none.
    directions: Vec<Vec<f64>>,
    levels: Vec<usize>,
}

/// An explored half-space as seen from a new direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neighbour {
    pub(super) index: usize,
    pub(super) cosine: f64,
}

impl Explored {
    pub(super) fn direction(&self, index: usize) -> &[f64] {
        &self.directions[index]
    }

    pub(super) fn level(&self, index: usize) -> usize {
        self.levels[index]
    }

    /// The cosines of `direction` with the directions explored since `cosines` was last filled.
    pub(super) fn add_cosines(&self, direction: &[f64], cosines: &mut Vec<f64>) {
        let new = self.directions[cosines.len()..].iter();
        cosines.extend(new.map(|explored| common_product(explored, direction)));
    }

    /// The half-space that holds most candidates of a new one with threshold `threshold`: the one
    /// in which a candidate on the new direction lies deepest, other than `but`.
    pub(super) fn nearest(
        &self,
        levels: &Levels,
        cosines: &[f64],
        threshold: f64,
        but: Option<usize>,
    ) -> Option<Neighbour> {
        let depth =
            |index: usize| threshold * cosines[index] - levels.threshold(self.levels[index]);
        (0..cosines.len())
            .filter(|&index| Some(index) != but)
            .max_by(|&left, &right| depth(left).total_cmp(&depth(right)))
            .map(|index| Neighbour {
                index,
                cosine: cosines[index],
            })
    }

    /// Whether the half-space of `direction` at `level` lies within a single explored one.
    pub(super) fn contains(
        &self,
        levels: &Levels,
        direction: &[f64],
        cosines: &[f64],
        level: usize,
    ) -> bool {
        let radius = |level: usize| levels.threshold(level).min(1.0).acos();
        (0..cosines.len()).any(|index| {
            let explored = self.levels[index];
            if explored < level || cosines[index] < 0.5 {
                return false;
            }
            if is_same(self.direction(index), direction) {
                return true;
            }
            // caps are nested where the angle between their centres is at most the difference of
            // their radii; half-spaces of Gaussian patterns never are
            matches!(levels.law(), ProjectionLaw::Spherical(_))
                && cosines[index].min(1.0).acos() + radius(level) <= radius(explored)
        })
    }

    /// Adds a half-space, and returns its index.
    pub(super) fn add(&mut self, direction: &[f64], level: usize) -> usize {
        self.directions.push(direction.to_vec());
        self.levels.push(level);
        self.levels.len() - 1
    }

    /// Lowers the level of a half-space.
    pub(super) fn extend(&mut self, index: usize, level: usize) {
        self.levels[index] = level;
    }

    /// Whether the pattern with these components, divided by ℓ, lies in an explored half-space
    /// other than `but`.
    pub(super) fn holds(&self, levels: &Levels, pattern: &[f64], but: Option<usize>) -> bool {
        // the last explored directions are the nearest
        (0..self.levels.len()).rev().any(|index| {
            Some(index) != but
                && common_product(self.direction(index), pattern)
                    > levels.threshold(self.levels[index])
        })
    }
}

/// The product over the coordinates that both have.
fn common_product(left: &[f64], right: &[f64]) -> f64 {
    let common = left.len().min(right.len());
    product(&left[..common], &right[..common])
}

/// Whether two unit vectors are one but for rounding.
fn is_same(earlier: &[f64], later: &[f64]) -> bool {
    if earlier.len() > later.len() {
        return false;
    }
    let (common, beyond) = later.split_at(earlier.len());
    let apart = earlier.iter().zip(common);
    let apart: f64 = apart.map(|(one, other)| (one - other).powi(2)).sum();
    apart + product(beyond, beyond) < SAME
}
