//! How similarities become weights: one file a kind, all of them in [`SEPARATIONS`].

pub mod arg_max;
pub mod entmax;
pub mod log_sum_relu;
pub mod polynomial;
pub mod softmax;
pub mod top_k;

use std::cmp::Ordering;
use std::fmt::{self, Debug};
use std::str::FromStr;
use std::sync::Arc;

use dam_theory::Ensemble;
use dam_theory::finite_size::PatternCount;

use crate::error::CompositionError;
use crate::similarities::Measure;

/// Weights below this do not count as support where none vanishes (U-Hop, arXiv:2404.03827, App.
/// F).
const SMALLEST_SUPPORT: f64 = 0.01;

/// The separation of a name, where the name is of its kind.
pub type Read = Result<Option<Arc<dyn Separation>>, CompositionError>;

/// A kind of separation: what a job file may name.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its names in job files, with an example of the parameter where there is one.
    pub names: &'static str,
    /// The weights, in one line.
    pub about: &'static str,
    /// The separation of a name; `None` where the name is not of this kind.
    pub read: fn(&str) -> Read,
}

/// The kinds that there are.
pub const SEPARATIONS: &[Kind] = &[
    softmax::KIND,
    entmax::KIND,
    top_k::KIND,
    polynomial::KIND,
    arg_max::KIND,
    log_sum_relu::KIND,
];

/// A memory of random patterns at finite N, as theory speaks of it.
#[derive(Clone, Copy, Debug)]
pub struct FiniteMemory<'a> {
    /// The law of the patterns.
    pub ensemble: &'a dyn Ensemble,
    /// P.
    pub patterns: PatternCount,
    /// N.
    pub size: f64,
}

/// The separation Sep: from z = β K(Ξ, x) to weights p ≥ 0.
///
/// With a potential Ψ whose gradient the weights are, the memory has the energy E = −Ψ(β K(Ξ, x))/β
/// (and ½|Φ(x)|² for similarities that are products), which its update never increases.
pub trait Separation: Debug + Send + Sync {
    /// The name in job files and results, with the parameter: what two separations are compared by.
    fn name(&self) -> String;

    /// Replaces z (at least one number, none NaN or +∞) by the weights p, and returns Ψ(z) where
    /// p = ∇Ψ(z).
    ///
    /// All weights are 0, and Ψ = −∞, where no pattern acts.
    fn weights(&self, z: &mut [f64]) -> Option<f64>;

    /// [`weights`](Self::weights) of any z: those of NaN or +∞ are NaN, all of them.
    fn separate(&self, z: &mut [f64]) -> Option<f64> {
        if z.iter()
            .any(|value| value.is_nan() || *value == f64::INFINITY)
        {
            z.fill(f64::NAN);
            return self.has_potential().then_some(f64::NAN);
        }
        self.weights(z)
    }

    /// Replaces similarities K by β K, or by numbers of the same weights where that overflows, and
    /// returns how much was taken from K before.
    fn scale(&self, similarities: &mut [f64], beta: f64) -> f64 {
        let overflows = |value: &f64| value.is_finite() && !(beta * value).is_finite();
        let taken = if similarities.iter().any(overflows) {
            maximum(similarities)
        } else {
            0.0
        };
        for value in similarities.iter_mut() {
            *value = beta * (*value - taken);
        }
        taken
    }

    /// Replaces similarities K by the weights Sep(β K), and returns Ψ(β K)/β, for β of any size.
    fn weigh(&self, similarities: &mut [f64], beta: f64) -> Option<f64> {
        let taken = self.scale(similarities, beta);
        Some(self.separate(similarities)? / beta + taken)
    }

    /// Whether the weights are the gradient of a potential.
    fn has_potential(&self) -> bool {
        self.weights(&mut [0.0]).is_some()
    }

    /// Whether the weights are the softmax of z, for which there is a kernel of one pass.
    fn is_softmax(&self) -> bool {
        false
    }

    /// Whether Σp = 1 for every z.
    fn sums_to_one(&self) -> bool {
        true
    }

    /// β of the sharpness λ that jobs sweep, for patterns of `size` components: λ itself, unless
    /// the kind measures its sharpness otherwise.
    fn beta(&self, lambda: f64, size: usize) -> f64 {
        let _ = size;
        lambda
    }

    /// What rises with the weight of a pattern of this similarity.
    fn rank(&self, similarity: f64) -> f64 {
        similarity
    }

    /// Refuses similarities that it makes nothing of, and says why.
    ///
    /// # Errors
    /// The reason, and what would do.
    fn fits(&self, measure: Measure) -> Result<(), &'static str> {
        let _ = measure;
        Ok(())
    }

    /// The gap z_μ − max z_ν from which on all weight is on μ (at 0 the first of equals wins);
    /// `None` where other weights never vanish, or do not depend on the gap.
    fn exact_gap(&self) -> Option<f64> {
        None
    }

    /// The largest weight that a pattern can have whose z lies `gap` below the largest, at most 1;
    /// `None` where the gap does not tell.
    fn largest_weight_at_gap(&self, gap: f64) -> Option<f64> {
        let _ = gap;
        None
    }

    /// The weight above which a pattern counts as support.
    fn support_threshold(&self) -> f64 {
        SMALLEST_SUPPORT
    }

    /// The size of the support: #{p > 0} where weights vanish exactly, else #{p > 0.01} (U-Hop,
    /// arXiv:2404.03827, App. F).
    fn support_size(&self, weights: &[f64]) -> usize {
        let threshold = self.support_threshold();
        weights.iter().filter(|&&weight| weight > threshold).count()
    }

    /// α₁(λ) at N = ∞, up to which a typical pattern of the ensemble is retrieved; `None` where
    /// theory does not say.
    fn typical_threshold(&self, ensemble: &dyn Ensemble, lambda: f64) -> Option<f64> {
        let _ = (ensemble, lambda);
        None
    }

    /// The inverse of [`typical_threshold`](Self::typical_threshold): λ₁(α).
    fn typical_inverse_temperature(&self, ensemble: &dyn Ensemble, alpha: f64) -> Option<f64> {
        let _ = (ensemble, alpha);
        None
    }

    /// The probability at N that a descent from ξ¹ leaves more than half of the weight on it;
    /// `None` where theory does not say.
    fn retrieval_probability(&self, at: FiniteMemory<'_>, lambda: f64) -> Option<f64> {
        let _ = (at, lambda);
        None
    }

    /// The mean over disorder samples of the λ at which that happens, at N; `None` where theory
    /// does not say.
    fn mean_crossover(&self, at: FiniteMemory<'_>) -> Option<f64> {
        let _ = at;
        None
    }
}

impl fmt::Display for dyn Separation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name())
    }
}

impl PartialEq for dyn Separation {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// The separation of a name, such as `softmax`, `entmax-1.5` or `top-5`.
///
/// # Errors
/// [`CompositionError::Unknown`], and [`CompositionError::Domain`] for a parameter outside its
/// domain.
pub fn separation(name: &str) -> Result<Arc<dyn Separation>, CompositionError> {
    for kind in SEPARATIONS {
        if let Some(found) = (kind.read)(name)? {
            return Ok(found);
        }
    }
    let known = SEPARATIONS.iter().flat_map(|kind| kind.names.split(", "));
    Err(CompositionError::Unknown {
        part: "separation",
        name: name.to_owned(),
        known: known.collect(),
        remark: " (with any number)",
    })
}

/// The separation without parameter, where this is its name.
#[expect(clippy::unnecessary_wraps, reason = "the signature of all kinds")]
fn named(separation: impl Separation + 'static, name: &str) -> Read {
    let is_named = separation.name() == name;
    Ok(is_named.then(|| Arc::new(separation) as _))
}

/// The number of a name such as `entmax-1.5`.
fn parameter<T: FromStr>(name: &str, family: &str) -> Option<T> {
    let number = name.strip_prefix(family)?.strip_prefix('-')?;
    number.parse().ok()
}

/// The largest number.
fn maximum(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// Divides by the sum, and returns it.
fn normalise(values: &mut [f64]) -> f64 {
    let sum: f64 = values.iter().sum();
    for value in values {
        *value /= sum;
    }
    sum
}

/// The positions of the k largest numbers (none NaN), of equals the first ones, in rising order.
fn largest_indices(values: &[f64], k: usize) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..values.len()).collect();
    // −0 and 0 are equals
    let order = |a: &usize, b: &usize| {
        let falling = values[*b].partial_cmp(&values[*a]);
        falling.unwrap_or(Ordering::Equal).then(a.cmp(b))
    };
    if k < indices.len() {
        indices.select_nth_unstable_by(k - 1, order);
        indices.truncate(k);
    }
    indices.sort_unstable();
    indices
}
