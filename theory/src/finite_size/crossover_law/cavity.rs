//! The weight of one noise pattern of given overlap, with the feedback of the state that it attracts.
//!
//! At weight w of the target a noise pattern of cosine t with ξ¹ and weight v among the noise holds
//! the state x, |ξ|² = N, which it meets with the field
//!
//! ```text
//! ln(vZ) = λNm t + (1 − t²) A(v),   A(v) = Bv/[1 − χ(1 − v)] + h(1 − v)²
//! ```
//!
//! B = λN(1 − w): its pull of the state, amplified by the others, whose response across ξ¹ is χ; h:
//! the part of the state that the others hold. With Z = e^{λNm − u} and y = ln v
//!
//! ```text
//! λNm(1 − t) = u − y + (1 − t²) A(e^y)
//! ```
//!
//! is quadratic in t. From y = −∞ the cosine rises to that of a pattern that captures the state,
//! beyond which there is no solution with v ≤ 1.

use crate::error::TheoryError;
use crate::numbers::root::find_root;

/// Steps in ln v in which the capture is bracketed.
const STEP: f64 = 0.25;
/// The response of a weight to its field is no larger than this many times the weight: next to its
/// capture a pattern is not followed to first order.
const LARGEST_RESPONSE: f64 = 4.0;

/// What a noise pattern meets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cavity {
    /// λNm.
    pub(super) field: f64,
    /// u = ln[w/(1 − w)].
    pub(super) log_odds: f64,
    /// B.
    pub(super) feedback: f64,
    /// χ.
    pub(super) across: f64,
    /// h.
    pub(super) random: f64,
}

impl Cavity {
    fn pull(&self, weight: f64) -> f64 {
        let rest = 1.0 - weight;
        self.feedback * weight / (1.0 - self.across * rest) + self.random * rest * rest
    }

    /// dA/d ln v.
    fn pull_slope(&self, weight: f64) -> f64 {
        let rest = 1.0 - weight;
        let damping = 1.0 - self.across * rest;
        weight
            * (self.feedback * (1.0 - self.across) / (damping * damping) - 2.0 * self.random * rest)
    }

    /// The cosine t of the pattern with ln v = `log_weight`, and √(discriminant) = λNm − 2At.
    fn cosine_and_root(&self, log_weight: f64) -> (f64, f64) {
        let pull = self.pull(log_weight.exp());
        let level = self.log_odds - log_weight;
        let root = ((self.field - 2.0 * pull).powi(2) + 4.0 * pull * level).sqrt();
        (
            2.0 * (self.field - level - pull) / (self.field + root),
            root,
        )
    }

    /// 1 − (1 − t²) dA/d ln v, which is positive up to the capture.
    fn stability(&self, log_weight: f64) -> f64 {
        let cosine = self.cosine(log_weight);
        1.0 - (1.0 - cosine * cosine) * self.pull_slope(log_weight.exp())
    }

    /// ln v of the pattern of cosine t without any pull, below that with it.
    pub(super) fn least_log_weight(&self, cosine: f64) -> f64 {
        self.field * (cosine - 1.0) + self.log_odds
    }

    /// ln v at the capture, from `low` upwards; 0 where there is none with v < 1.
    pub(super) fn capture(&self, low: f64) -> Result<f64, TheoryError> {
        let mut low = low;
        while low < 0.0 {
            let high = (low + STEP).min(0.0);
            if self.stability(high) <= 0.0 {
                return find_root(|y| self.stability(y), low, high);
            }
            low = high;
        }
        Ok(0.0)
    }

    /// The pattern of this ln v.
    pub(super) fn pattern(&self, log_weight: f64) -> CavityPattern {
        let (cosine, root) = self.cosine_and_root(log_weight);
        let weight = log_weight.exp();
        let stability = 1.0 - (1.0 - cosine * cosine) * self.pull_slope(weight);
        CavityPattern {
            cosine,
            weight,
            response: weight / stability.max(1.0 / LARGEST_RESPONSE),
            stretch: stability / root,
        }
    }

    /// ln v at cosine t between `low` and `high` (where t is smaller and larger).
    pub(super) fn log_weight(&self, cosine: f64, low: f64, high: f64) -> Result<f64, TheoryError> {
        find_root(|y| self.cosine(y) - cosine, low, high)
    }

    /// λNm(t − 1) + u + (1 − t²)A(v), the logarithm of vZ/e^{λNm − u}.
    pub(super) fn exponent(&self, pattern: &CavityPattern) -> f64 {
        let t = pattern.cosine;
        self.least_log_weight(t) + (1.0 - t * t) * self.pull(pattern.weight)
    }

    /// t at ln v = `log_weight`.
    pub(super) fn cosine(&self, log_weight: f64) -> f64 {
        self.cosine_and_root(log_weight).0
    }
}

/// A noise pattern in its cavity.
#[derive(Debug, Clone, Copy)]
pub(super) struct CavityPattern {
    /// t.
    pub(super) cosine: f64,
    /// v.
    pub(super) weight: f64,
    /// g = dv/d(field).
    pub(super) response: f64,
    /// dt/d ln v.
    pub(super) stretch: f64,
}

impl CavityPattern {
    /// v²(1 − t²).
    pub(super) fn square_across(&self) -> f64 {
        self.weight * self.weight * (1.0 - self.cosine * self.cosine)
    }
}
