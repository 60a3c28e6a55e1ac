//! How a stored pattern becomes a query.

use std::fmt;
use std::str::FromStr;

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

/// The corruption of a query ξ at a level c.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corruption {
    /// Each component is 0 with probability c ∈ [0, 1), the others stay; c = ½ is the half mask.
    Mask,
    /// As `Mask`, and what stays is multiplied by 1/(1 − c), as the dropout layer of the published
    /// code of U-Hop does (×2 at c = ½).
    Dropout,
    /// ξ + c g with g of independent standard normal components, c ≥ 0.
    Gaussian,
    /// ξ + c |ξ| g/|g|: noise of c ≥ 0 times the length of the pattern.
    RelativeGaussian,
}

impl Corruption {
    const ALL: [Self; 4] = [
        Self::Mask,
        Self::Dropout,
        Self::Gaussian,
        Self::RelativeGaussian,
    ];

    /// The name in job files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::Dropout => "dropout",
            Self::Gaussian => "gaussian",
            Self::RelativeGaussian => "relative-gaussian",
        }
    }

    /// What levels there are, where `level` is none.
    pub(super) fn unfit_level(self, level: f64) -> Option<&'static str> {
        match self {
            Self::Mask | Self::Dropout => {
                (!(0.0..1.0).contains(&level)).then_some("[0, 1), the share of masked components")
            }
            Self::Gaussian | Self::RelativeGaussian => {
                (!(level >= 0.0 && level.is_finite())).then_some("the numbers ≥ 0")
            }
        }
    }

    /// Corrupts a pattern; every level takes as many random numbers, so that the queries of one
    /// stream differ in the level only.
    pub fn apply(self, pattern: &mut [f64], level: f64, rng: &mut impl Rng) {
        match self {
            Self::Mask | Self::Dropout => {
                let scale = if self == Self::Dropout {
                    (1.0 - level).recip()
                } else {
                    1.0
                };
                for value in pattern {
                    let is_masked = rng.random::<f64>() < level;
                    *value = if is_masked { 0.0 } else { *value * scale };
                }
            }
            Self::Gaussian => {
                for value in pattern {
                    let noise: f64 = StandardNormal.sample(rng);
                    *value += level * noise;
                }
            }
            Self::RelativeGaussian => {
                let noise: Vec<f64> = pattern.iter().map(|_| StandardNormal.sample(rng)).collect();
                let length = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>().sqrt();
                let factor = level * length(pattern) / length(&noise);
                for (value, noise) in pattern.iter_mut().zip(noise) {
                    *value += factor * noise;
                }
            }
        }
    }
}

impl fmt::Display for Corruption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Corruption {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL
            .into_iter()
            .find(|corruption| corruption.name() == name);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("{name:?} is no corruption; the known ones are {known}")
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use dam_memory::streams::StreamKey;

    const SIZE: usize = 40_000;

    fn corrupted(corruption: Corruption, level: f64) -> Vec<f64> {
        let mut pattern = vec![3.0; SIZE];
        corruption.apply(&mut pattern, level, &mut StreamKey::new(5).rng("queries"));
        pattern
    }

    #[test]
    fn masks_hit_each_component_with_the_level_as_probability() {
        for (corruption, kept) in [(Corruption::Mask, 3.0), (Corruption::Dropout, 3.0 / 0.7)] {
            let query = corrupted(corruption, 0.3);
            let masked = query.iter().filter(|&&value| value == 0.0).count() as f64;
            assert!(query.iter().all(|&value| value == 0.0 || value == kept));
            let z = (masked - 0.3 * SIZE as f64) / (0.3 * 0.7 * SIZE as f64).sqrt();
            assert!(z.abs() < 4.0, "{z}");
        }
    }

    #[test]
    fn noise_has_the_variance_or_the_length_of_the_level() {
        let noise = |corruption, level| -> Vec<f64> {
            let query = corrupted(corruption, level);
            query.into_iter().map(|value| value - 3.0).collect()
        };
        let gaussian = noise(Corruption::Gaussian, 0.5);
        let count = SIZE as f64;
        let mean = gaussian.iter().sum::<f64>() / count;
        let variance = gaussian.iter().map(|x| x * x).sum::<f64>() / count;
        assert!((mean / (0.5 / count.sqrt())).abs() < 4.0, "{mean}");
        let z = (variance - 0.25) / (0.25 * (2.0 / count).sqrt());
        assert!(z.abs() < 4.0, "{variance}");
        let relative = noise(Corruption::RelativeGaussian, 0.5);
        let length = relative.iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!((length / (3.0 * count.sqrt()) - 0.5).abs() < 1e-12);
        assert!((relative[7] / gaussian[7] - relative[8] / gaussian[8]).abs() < 1e-9);
    }

    #[test]
    fn level_zero_changes_nothing_and_levels_share_their_random_numbers() {
        for corruption in Corruption::ALL {
            assert_eq!(corrupted(corruption, 0.0), vec![3.0; SIZE]);
            assert_eq!(corruption.name().parse::<Corruption>().unwrap(), corruption);
        }
        let (low, high) = (
            corrupted(Corruption::Mask, 0.2),
            corrupted(Corruption::Mask, 0.6),
        );
        assert!(low.iter().zip(&high).all(|(low, high)| high <= low));
        "mist".parse::<Corruption>().unwrap_err();
    }
}
