//! How similarities become weights.

pub mod entmax;

use std::fmt;
use std::str::FromStr;

use crate::error::CompositionError;
use crate::separations::entmax::{
    deformed_exponential, entmax, entmax_conjugate, maximum, normalise, softmax,
};

/// Softmax weights below this do not count as support (U-Hop, arXiv:2404.03827).
const SOFTMAX_SUPPORT: f64 = 0.01;

/// The separation: from z = β K(Ξ, x) to weights p ≥ 0 with Σp = 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Separation {
    /// p ∝ exp z.
    Softmax,
    /// α-entmax, finite α ≥ 1 (see [`entmax`](entmax::entmax())); α = 2 is sparsemax, α = 1 softmax.
    Entmax(f64),
    /// Softmax of the k ≥ 1 largest (of equals the first), 0 elsewhere.
    TopK(usize),
    /// p ∝ z^n with even n ≥ 2; β drops out.
    Polynomial(u32),
    /// All weight on the largest (of equals the first): β = ∞.
    ArgMax,
}

impl Separation {
    /// α = 2.
    pub const SPARSEMAX: Self = Self::Entmax(2.0);

    /// Checks the parameter.
    ///
    /// # Errors
    /// [`CompositionError::Domain`].
    pub fn validate(self) -> Result<Self, CompositionError> {
        let (name, value, domain, is_inside) = match self {
            Self::Softmax | Self::ArgMax => return Ok(self),
            Self::Entmax(alpha) => (
                "alpha of entmax",
                alpha,
                "a finite number ≥ 1",
                alpha >= 1.0 && alpha.is_finite(),
            ),
            Self::TopK(k) => ("k of top-k", k as f64, "a whole number ≥ 1", k >= 1),
            Self::Polynomial(n) => (
                "n of polynomial",
                f64::from(n),
                "an even number ≥ 2, since odd powers of negative similarities make negative weights",
                n >= 2 && n.is_multiple_of(2),
            ),
        };
        if is_inside {
            Ok(self)
        } else {
            Err(CompositionError::Domain {
                name,
                value,
                domain,
            })
        }
    }

    /// Replaces z by the weights.
    ///
    /// # Panics
    /// If z is empty or the parameter lies outside its domain.
    pub fn apply(self, z: &mut [f64]) {
        assert!(!z.is_empty(), "a separation of at least one number");
        match self {
            Self::Softmax => softmax(z),
            Self::Entmax(alpha) => entmax(z, alpha),
            Self::TopK(k) => {
                let kept = largest_indices(z, k);
                let mut values: Vec<f64> = kept.iter().map(|&index| z[index]).collect();
                softmax(&mut values);
                z.fill(0.0);
                for (index, value) in kept.into_iter().zip(values) {
                    z[index] = value;
                }
            }
            Self::Polynomial(n) => {
                let scale = z.iter().copied().map(f64::abs).fold(0.0, f64::max);
                let exponent = i32::try_from(n).unwrap_or(i32::MAX);
                for value in z.iter_mut() {
                    // all similarities 0 leave nothing to separate
                    *value = if scale == 0.0 {
                        1.0
                    } else {
                        (*value / scale).powi(exponent)
                    };
                }
                normalise(z);
            }
            Self::ArgMax => {
                let best = largest_indices(z, 1)[0];
                z.fill(0.0);
                z[best] = 1.0;
            }
        }
    }

    /// The convex Ψ*(z) whose gradient the weights are: ln Σ exp z (over the k largest for top-k),
    /// max z for arg max, [`entmax_conjugate`](entmax::entmax_conjugate) for α-entmax. The
    /// polynomial is no gradient: its Jacobian is not symmetric.
    ///
    /// # Panics
    /// As [`apply`](Self::apply).
    pub fn conjugate(self, z: &[f64]) -> Option<f64> {
        assert!(!z.is_empty(), "a conjugate of at least one number");
        match self {
            Self::Softmax => Some(entmax_conjugate(z, 1.0)),
            Self::Entmax(alpha) => Some(entmax_conjugate(z, alpha)),
            Self::TopK(k) => {
                let kept = largest_indices(z, k).into_iter().map(|index| z[index]);
                Some(entmax_conjugate(&kept.collect::<Vec<f64>>(), 1.0))
            }
            Self::Polynomial(_) => None,
            Self::ArgMax => Some(maximum(z)),
        }
    }

    /// The gap z_μ − max z_ν from which on all weight is on μ: 1/(α−1) for α-entmax (then and only
    /// then), 0 for arg max (at 0 the first of equals wins); `None` where other weights never
    /// vanish (softmax, polynomial, top-k with k > 1).
    ///
    /// U-Hop (arXiv:2404.03827) eq. 2.10 states it with the wrong sign.
    pub fn exact_gap(self) -> Option<f64> {
        match self {
            Self::Entmax(alpha) if alpha > 1.0 => Some(1.0 / (alpha - 1.0)),
            Self::ArgMax | Self::TopK(1) => Some(0.0),
            _ => None,
        }
    }

    /// The largest weight that a pattern can have whose z lies `gap` below the largest; `None`
    /// for the polynomial, which knows no differences.
    ///
    /// p_ν = p_μ [1 − (α−1) gap/p_μ^{α−1}]₊^{1/(α−1)} ≤ e_α(−gap) ≤ exp(−gap), as p_μ ≤ 1.
    pub fn largest_weight_at_gap(self, gap: f64) -> Option<f64> {
        let weight = match self {
            // the weights of top-k are those of a softmax, or 0
            Self::Softmax | Self::TopK(_) => (-gap).exp(),
            Self::Entmax(alpha) => deformed_exponential(-gap, alpha),
            Self::ArgMax => {
                if gap > 0.0 {
                    0.0
                } else {
                    1.0
                }
            }
            Self::Polynomial(_) => return None,
        };
        Some(weight.min(1.0))
    }

    /// The size of the support: #{p > 0} where weights vanish exactly (α-entmax with α > 1, arg
    /// max), else #{p > 0.01} (U-Hop, arXiv:2404.03827, App. F).
    pub fn support_size(self, weights: &[f64]) -> usize {
        let threshold = match self {
            Self::Entmax(alpha) if alpha > 1.0 => 0.0,
            Self::ArgMax => 0.0,
            _ => SOFTMAX_SUPPORT,
        };
        weights.iter().filter(|&&weight| weight > threshold).count()
    }
}

/// The positions of the k largest numbers, of equals the first ones, in rising order.
fn largest_indices(values: &[f64], k: usize) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..values.len()).collect();
    let order = |a: &usize, b: &usize| values[*b].total_cmp(&values[*a]).then(a.cmp(b));
    if k < indices.len() {
        indices.select_nth_unstable_by(k - 1, order);
        indices.truncate(k);
    }
    indices.sort_unstable();
    indices
}

impl fmt::Display for Separation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Softmax => formatter.write_str("softmax"),
            Self::Entmax(2.0) => formatter.write_str("sparsemax"),
            Self::Entmax(alpha) => write!(formatter, "entmax-{alpha}"),
            Self::TopK(k) => write!(formatter, "top-{k}"),
            Self::Polynomial(n) => write!(formatter, "polynomial-{n}"),
            Self::ArgMax => formatter.write_str("argmax"),
        }
    }
}

impl FromStr for Separation {
    type Err = CompositionError;

    /// `softmax`, `sparsemax`, `entmax-1.5`, `top-5`, `polynomial-10` or `argmax`.
    fn from_str(name: &str) -> Result<Self, CompositionError> {
        let unknown = || CompositionError::Unknown {
            part: "separation",
            name: name.to_owned(),
            known: "softmax, sparsemax, entmax-1.5, top-5, polynomial-10 and argmax (with any number)",
        };
        match name {
            "softmax" => return Ok(Self::Softmax),
            "sparsemax" => return Ok(Self::SPARSEMAX),
            "argmax" => return Ok(Self::ArgMax),
            _ => {}
        }
        let (family, parameter) = name.split_once('-').ok_or_else(unknown)?;
        match family {
            "entmax" => parameter.parse().map(Self::Entmax).ok(),
            "top" => parameter.parse().map(Self::TopK).ok(),
            "polynomial" => parameter.parse().map(Self::Polynomial).ok(),
            _ => None,
        }
        .ok_or_else(unknown)?
        .validate()
    }
}
