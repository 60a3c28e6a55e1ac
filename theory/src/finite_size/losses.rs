//! What the losses of patterns of every structure have in common.

use super::pattern_count::PatternCount;
use crate::numbers::log_tails::log_one_minus_exp;

/// Width of the last bracket of s_*/|ξ|², times N: the logarithm of its tail errs by less than r
/// times this.
pub(super) const OVERLAP_ACCURACY: f64 = 4e-3;

/// Expected numbers of patterns lost at one λ, as logarithms: they overflow f64 at large N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LostPatterns {
    /// ln of the expected number of lost patterns.
    pub log_lost: f64,
    /// ln of the expected number that have a close pair, ξ^μ·ξ^ν ≥ |ξ^μ|²; −∞ on the sphere.
    pub log_close_pair: f64,
    /// Whether close pairs are lost two at a time (equal signs).
    pub pairs_are_mutual: bool,
}

impl LostPatterns {
    /// The expected number of lost patterns.
    pub fn lost(&self) -> f64 {
        self.log_lost.exp()
    }

    /// The expected number of patterns lost to a close pair.
    pub fn lost_to_close_pair(&self) -> f64 {
        self.log_close_pair.exp()
    }

    /// The expected number of patterns lost without one.
    pub fn lost_to_low_norm(&self) -> f64 {
        (self.lost() - self.lost_to_close_pair()).max(0.0)
    }

    /// The expected number of independent losses: a mutual pair counts once.
    pub fn losses(&self) -> f64 {
        if self.pairs_are_mutual {
            self.lost() - 0.5 * self.lost_to_close_pair()
        } else {
            self.lost()
        }
    }

    /// P(all retrieved) = exp(−losses).
    pub fn all_retrieved(&self) -> f64 {
        (-self.losses()).exp()
    }
}

/// What expected losses may be off by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossError {
    /// The losses to noise may be so many times fewer or more: they come in clusters.
    pub factor: f64,
    /// And so many more, that the fluctuations of the noise lose.
    pub to_fluctuations: f64,
    /// P, of which no more are lost.
    pub count: f64,
}

impl LossError {
    /// The fewest and the most losses. Close pairs are known exactly.
    pub fn range(self, lost: &LostPatterns) -> [LostPatterns; 2] {
        let pairs = lost.lost_to_close_pair();
        let with_noise = |noise: f64| LostPatterns {
            log_lost: (pairs + noise).ln(),
            ..*lost
        };
        // beyond f64 a factor no longer matters
        if !lost.lost().is_finite() {
            return [*lost; 2];
        }
        let noise = lost.lost_to_low_norm();
        [
            with_noise(noise / self.factor),
            with_noise((noise * self.factor + self.to_fluctuations).min(self.count - pairs)),
        ]
    }
}

/// ln{1 − [1 − t]^{P−1}} of ln t.
pub(super) fn log_any(patterns: PatternCount, log_tail: f64) -> f64 {
    if log_tail >= 0.0 {
        return 0.0;
    }
    // (P − 1) |ln(1 − t)|
    let log_rate = if log_tail < -36.0 {
        log_tail
    } else {
        (-log_one_minus_exp(log_tail)).ln()
    };
    let log_expected = patterns.log_noise_patterns() + log_rate;
    if log_expected < -36.0 {
        log_expected
    } else {
        log_one_minus_exp(-log_expected.exp())
    }
}

/// The least overlap in [`low`, `high`] that loses the target, by bisection; `None` when even
/// `high` does not.
pub(super) fn least_losing(
    low: f64,
    high: f64,
    accuracy: f64,
    is_lost: impl Fn(f64) -> bool,
) -> Option<f64> {
    if is_lost(low) {
        return Some(low);
    }
    if !is_lost(high) {
        return None;
    }
    let (mut kept, mut lost) = (low, high);
    while lost - kept > accuracy {
        let middle = 0.5 * (kept + lost);
        if is_lost(middle) {
            lost = middle;
        } else {
            kept = middle;
        }
    }
    Some(0.5 * (kept + lost))
}
