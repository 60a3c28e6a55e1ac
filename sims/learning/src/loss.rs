//! The separation losses and what they say of pairs of features.

use rayon::prelude::*;

use dam_memory::kernel::Parallelism;

/// What is minimised over M features; û_μ is Φ(ξ_μ)/|Φ(ξ_μ)|, or Φ(ξ_μ) itself where features are
/// [`FeatureScale::Raw`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LossForm {
    /// ln of the mean of exp(−t|û_μ − û_ν|²) over all pairs μ < ν (U-Hop, arXiv:2404.03827, eq.
    /// 2.6).
    Average {
        /// t > 0.
        sharpness: f64,
    },
    /// max_{μ<ν} −t|û_μ − û_ν|²: the closest pair alone, the first of equals (U-Hop, Appendix G.2).
    Maximum {
        /// t > 0.
        sharpness: f64,
    },
    /// (1/M) Σ_μ ln[(1/(M−1)) Σ_{ν≠μ} exp(û_μ·û_ν/τ)] (U-Hop+, arXiv:2410.23126). The sum instead
    /// of the mean over ν adds the constant ln(M−1). As τ → 0, τ times the loss becomes the mean
    /// over μ of the largest cosine of û_μ.
    UHopPlus {
        /// τ > 0.
        temperature: f64,
    },
    /// (1/M) Σ_μ ln Σ_ν exp(z_μν) with z_μν = û_μ·û_ν/τ for ν > μ and 0 for ν ≤ μ, and û_ν held
    /// fixed in the gradient: U-Hop+ as its published code has it. Its steps follow the gradient of
    /// no function and do not end in the best code.
    UHopPlusAsPublished {
        /// τ > 0.
        temperature: f64,
    },
}

impl LossForm {
    /// The name in job files and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Average { .. } => "average",
            Self::Maximum { .. } => "maximum",
            Self::UHopPlus { .. } => "u-hop-plus",
            Self::UHopPlusAsPublished { .. } => "u-hop-plus-as-published",
        }
    }
}

/// Whether the loss sees the features or their directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FeatureScale {
    /// û_μ = Φ(ξ_μ)/|Φ(ξ_μ)|.
    #[default]
    Normalised,
    /// û_μ = Φ(ξ_μ). The losses then have no minimum: longer features always separate more.
    Raw,
}

/// A separation loss of features.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeparationLoss {
    /// Its formula.
    pub form: LossForm,
    /// What it sees of a feature.
    pub scale: FeatureScale,
}

/// The value of a loss and how near the two nearest features are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) loss: f64,
    pub(super) largest_cosine: f64,
}

/// The derivatives of the loss, dL/dû_μ = Σ_ν a_μν û_ν.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Couplings {
    /// a_μν is in the matrix.
    Matrix,
    /// Only a_μν = a_νμ = `strength` of one pair; raw features also have a_μμ = a_νν = −`strength`.
    Pair {
        first: usize,
        second: usize,
        strength: f64,
    },
}

/// The nearest of the features before feature μ.
#[derive(Clone, Copy, Debug)]
struct Nearest {
    largest_cosine: f64,
    squared_distance: f64,
    other: usize,
}

impl SeparationLoss {
    /// `form` of normalised features.
    pub fn normalised(form: LossForm) -> Self {
        Self {
            form,
            scale: FeatureScale::Normalised,
        }
    }

    /// `form` of raw features.
    pub fn raw(form: LossForm) -> Self {
        Self {
            form,
            scale: FeatureScale::Raw,
        }
    }

    /// The smallest value that the loss of M normalised features can have, taken where they form a
    /// regular simplex (û_μ·û_ν = −1/(M−1), which needs M − 1 dimensions): −2tM/(M−1) for both
    /// U-Hop losses and −1/((M−1)τ) for U-Hop+, by Jensen's inequality and Σ_{μ<ν} û_μ·û_ν ≥ −M/2.
    /// `None` for raw features and for the published code.
    pub fn simplex_minimum(&self, count: usize) -> Option<f64> {
        let others = count as f64 - 1.0;
        match (self.scale, self.form) {
            (FeatureScale::Raw, _) | (_, LossForm::UHopPlusAsPublished { .. }) => None,
            (_, LossForm::Average { sharpness } | LossForm::Maximum { sharpness }) => {
                Some(-2.0 * sharpness * count as f64 / others)
            }
            (_, LossForm::UHopPlus { temperature }) => Some(-1.0 / (others * temperature)),
        }
    }

    /// The loss of the features with the given Gram matrix, which becomes the couplings; `spare` is
    /// as large.
    pub(super) fn couple(
        &self,
        count: usize,
        gram: &mut [f64],
        spare: &mut Vec<f64>,
        parallelism: Parallelism,
    ) -> (Value, Couplings) {
        let squared_norms: Vec<f64> = match self.scale {
            FeatureScale::Normalised => vec![1.0; count],
            FeatureScale::Raw => gram.iter().step_by(count + 1).copied().collect(),
        };
        let nearest = nearest(&squared_norms, gram, parallelism);
        let largest_cosine = nearest
            .iter()
            .map(|nearest| nearest.largest_cosine)
            .fold(-1.0, f64::max);
        let (loss, couplings) = match self.form {
            LossForm::Average { sharpness } => (
                self.average(sharpness, &squared_norms, &nearest, gram, parallelism),
                Couplings::Matrix,
            ),
            LossForm::Maximum { sharpness } => closest_pair(sharpness, &nearest),
            LossForm::UHopPlus { temperature } => {
                spare.resize(gram.len(), 0.0);
                let loss = u_hop_plus(temperature, count, gram, spare, parallelism);
                gram.swap_with_slice(spare);
                (loss, Couplings::Matrix)
            }
            LossForm::UHopPlusAsPublished { temperature } => (
                u_hop_plus_as_published(temperature, count, gram),
                Couplings::Matrix,
            ),
        };
        let value = Value {
            loss,
            largest_cosine,
        };
        (value, couplings)
    }

    /// Couplings 2t w_μν with w_μν the share of the pair; raw features have −2t Σ_ν w_μν on the
    /// diagonal, which only changes the length of a normalised one.
    fn average(
        &self,
        sharpness: f64,
        squared_norms: &[f64],
        nearest: &[Nearest],
        gram: &mut [f64],
        parallelism: Parallelism,
    ) -> f64 {
        let count = squared_norms.len();
        let least = nearest
            .iter()
            .map(|nearest| nearest.squared_distance)
            .fold(f64::INFINITY, f64::min);
        let sums: Vec<f64> = each_row(count, gram, parallelism, |row, gram| {
            let mut sum = 0.0;
            for (gram, norm) in gram[..row].iter_mut().zip(squared_norms) {
                let squared_distance = squared_norms[row] + norm - 2.0 * *gram;
                *gram = (-sharpness * (squared_distance - least)).exp();
                sum += *gram;
            }
            sum
        });
        let sum: f64 = sums.iter().sum();
        let factor = 2.0 * sharpness / sum;
        each_row(count, gram, parallelism, |row, gram| {
            for gram in &mut gram[..row] {
                *gram *= factor;
            }
        });
        dam_memory::products::mirror(count, gram);
        let is_raw = self.scale == FeatureScale::Raw;
        each_row(count, gram, parallelism, |row, gram| {
            gram[row] = 0.0;
            if is_raw {
                gram[row] = -gram.iter().sum::<f64>();
            }
        });
        let pairs = 0.5 * count as f64 * (count as f64 - 1.0);
        (sum / pairs).ln() - sharpness * least
    }
}

/// The loss of the closest pair and its coupling.
fn closest_pair(sharpness: f64, nearest: &[Nearest]) -> (f64, Couplings) {
    let closer = |second: usize, other: usize| {
        if nearest[other].squared_distance < nearest[second].squared_distance {
            other
        } else {
            second
        }
    };
    let second = (1..nearest.len())
        .reduce(closer)
        .expect("there are two features");
    let couplings = Couplings::Pair {
        first: nearest[second].other,
        second,
        strength: 2.0 * sharpness,
    };
    (-sharpness * nearest[second].squared_distance, couplings)
}

/// Couplings (p_μν + p_νμ)/(Mτ) with p_μν the share of ν in the sum of μ.
fn u_hop_plus(
    temperature: f64,
    count: usize,
    gram: &mut [f64],
    couplings: &mut [f64],
    parallelism: Parallelism,
) -> f64 {
    let inverse_temperature = temperature.recip();
    let scale = inverse_temperature / count as f64;
    let logarithms: Vec<f64> = each_row(count, gram, parallelism, |row, gram| {
        gram[row] = f64::NEG_INFINITY;
        let largest = gram.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut sum = 0.0;
        for gram in gram.iter_mut() {
            *gram = (inverse_temperature * (*gram - largest)).exp();
            sum += *gram;
        }
        let factor = scale / sum;
        for gram in gram.iter_mut() {
            *gram *= factor;
        }
        inverse_temperature * largest + sum.ln()
    });
    let shares = &*gram;
    // blocks of rows, so that the transposed reads stay in the cache
    let block = |(index, couplings): (usize, &mut [f64])| {
        let first = index * BLOCK;
        let height = couplings.len() / count;
        for start in (0..count).step_by(BLOCK) {
            for row in 0..height {
                for column in start..(start + BLOCK).min(count) {
                    couplings[row * count + column] = shares[(first + row) * count + column]
                        + shares[column * count + first + row];
                }
            }
        }
    };
    match parallelism {
        Parallelism::Sequential => couplings
            .chunks_mut(BLOCK * count)
            .enumerate()
            .for_each(block),
        Parallelism::Chunks => couplings
            .par_chunks_mut(BLOCK * count)
            .enumerate()
            .for_each(block),
    }
    let sum: f64 = logarithms.iter().sum();
    sum / count as f64 - (count as f64 - 1.0).ln()
}

/// Couplings p_μν/(Mτ) for ν > μ.
fn u_hop_plus_as_published(temperature: f64, count: usize, gram: &mut [f64]) -> f64 {
    let mut sum_of_logarithms = 0.0;
    for (row, gram) in gram.chunks_exact_mut(count).enumerate() {
        let (masked, kept) = gram.split_at_mut(row + 1);
        let largest = kept.iter().copied().fold(0.0, f64::max);
        let mut sum = masked.len() as f64 * (-largest / temperature).exp();
        masked.fill(0.0);
        for kept in kept.iter_mut() {
            *kept = ((*kept - largest) / temperature).exp();
            sum += *kept;
        }
        for kept in kept {
            *kept /= sum * temperature * count as f64;
        }
        sum_of_logarithms += largest / temperature + sum.ln();
    }
    sum_of_logarithms / count as f64
}

/// For each feature the nearest of those before it.
fn nearest(squared_norms: &[f64], gram: &mut [f64], parallelism: Parallelism) -> Vec<Nearest> {
    let count = squared_norms.len();
    let inverse_norms: Vec<f64> = squared_norms
        .iter()
        .map(|norm| norm.sqrt().recip())
        .collect();
    each_row(count, gram, parallelism, |row, gram| {
        let mut nearest = Nearest {
            largest_cosine: -1.0,
            squared_distance: f64::INFINITY,
            other: 0,
        };
        for (other, gram) in gram[..row].iter().enumerate() {
            let squared_distance = squared_norms[row] + squared_norms[other] - 2.0 * gram;
            if squared_distance < nearest.squared_distance {
                nearest.squared_distance = squared_distance;
                nearest.other = other;
            }
            let cosine = gram * inverse_norms[row] * inverse_norms[other];
            nearest.largest_cosine = nearest.largest_cosine.max(cosine);
        }
        nearest
    })
}

/// What `of_row` makes of each row of a square matrix, in order.
fn each_row<R: Send>(
    count: usize,
    matrix: &mut [f64],
    parallelism: Parallelism,
    of_row: impl Fn(usize, &mut [f64]) -> R + Sync,
) -> Vec<R> {
    match parallelism {
        Parallelism::Sequential => matrix
            .chunks_exact_mut(count)
            .enumerate()
            .map(|(row, values)| of_row(row, values))
            .collect(),
        Parallelism::Chunks => matrix
            .par_chunks_exact_mut(count)
            .enumerate()
            .with_min_len(ROWS_PER_JOB)
            .map(|(row, values)| of_row(row, values))
            .collect(),
    }
}

/// Side of the blocks in which a matrix is read across its rows.
const BLOCK: usize = 32;
/// The fewest rows that a thread takes.
const ROWS_PER_JOB: usize = 16;
