//! How a state is compared with a stored pattern.

pub mod feature_map;

use std::fmt;
use std::str::FromStr;

use crate::error::CompositionError;

/// The similarity K(ξ, x) of a pattern and a state; larger is nearer.
///
/// The distances carry a minus sign: with +|ξ − x| a separation would retrieve the farthest
/// pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Similarity {
    /// ξ·x.
    Dot,
    /// ξ·x/(|ξ||x|); 0 where either is 0.
    Cosine,
    /// ⟨Φ(ξ), Φ(x)⟩ with a [`FeatureMap`](crate::similarities::feature_map::FeatureMap) Φ (U-Hop, arXiv:2404.03827).
    Kernel,
    /// −½|ξ − x|², "L2" (arXiv:2202.04557).
    Euclidean,
    /// −Σ_i |ξ_i − x_i|, "L1" (arXiv:2202.04557).
    Manhattan,
}

impl Similarity {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Dot,
        Self::Cosine,
        Self::Kernel,
        Self::Euclidean,
        Self::Manhattan,
    ];

    /// The name in job files and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dot => "dot",
            Self::Cosine => "cosine",
            Self::Kernel => "kernel",
            Self::Euclidean => "euclidean",
            Self::Manhattan => "manhattan",
        }
    }

    /// Whether it is minus a distance.
    pub fn is_distance(self) -> bool {
        matches!(self, Self::Euclidean | Self::Manhattan)
    }
}

impl fmt::Display for Similarity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Similarity {
    type Err = CompositionError;

    fn from_str(name: &str) -> Result<Self, CompositionError> {
        Self::ALL
            .into_iter()
            .find(|similarity| similarity.name() == name)
            .ok_or_else(|| CompositionError::Unknown {
                part: "similarity",
                name: name.to_owned(),
                known: "dot, cosine, kernel, euclidean and manhattan",
            })
    }
}

/// −½|ξ − x|².
pub(super) fn euclidean(pattern: &[f64], state: &[f64]) -> f64 {
    -0.5 * sum_of_differences(pattern, state, |difference| difference * difference)
}

/// −Σ_i |ξ_i − x_i|.
pub(super) fn manhattan(pattern: &[f64], state: &[f64]) -> f64 {
    -sum_of_differences(pattern, state, f64::abs)
}

/// Σ_i f(a_i − b_i) in eight independent sums, which vectorise.
fn sum_of_differences(a: &[f64], b: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..LANES {
            sums[lane] += f(a[lane] - b[lane]);
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| f(a - b)).sum();
    sums.iter().sum::<f64>() + rest
}
