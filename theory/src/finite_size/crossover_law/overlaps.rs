//! Noise patterns by their overlap with the target: the nodes of averages over one of them.

use super::cavity::{Cavity, CavityPattern};
use crate::error::TheoryError;
use crate::finite_size::axis_noise::AxisNoise;
use crate::finite_size::noise::CollinearNoise;
use crate::finite_size::overlap_law::SphericalOverlapLaw;
use crate::numbers::quadrature::legendre_rule;
use std::f64::consts::LN_2;

/// Panels of the integral over ln v.
const PANELS: usize = 5;
/// Overlaps further than this many standard deviations below 0, and those of which fewer than e^{−40}
/// are expected, are left out.
const DEVIATIONS: f64 = 9.0;
const LOG_RARE: f64 = 40.0;

/// Signs next to the target that a sample may hold: they keep it from retrieving at any λ, and the
/// upper quantiles of λ_× from existing.
const MOST_NEIGHBOURS: f64 = 4e-3;
/// The largest ln(P − 1)/N of signs: beyond, single signs capture the state.
const LARGEST_LOAD: f64 = 0.35;

/// The law of the cosine t of a noise pattern with the target.
enum Law {
    Sphere(SphericalOverlapLaw),
    /// N(1 + t)/2 signs agree, a binomial number. Its sums are integrals over its density with Γ for
    /// the factorials, but for e^{−π²N/2} where what is summed is smooth; where a weight ends at a
    /// capture, the integral smooths the step over one sign.
    Signs,
}

/// The nodes of averages over one noise pattern.
pub(super) struct Overlaps {
    law: Law,
    size: f64,
    rule: Vec<(f64, f64)>,
}

/// Noise patterns with their probabilities, and the probability that one captures the state.
pub(super) struct Drawn {
    pub(super) patterns: Vec<(f64, CavityPattern)>,
    pub(super) captured: f64,
}

impl Overlaps {
    /// `None` for normal components, whose norms fluctuate.
    pub(super) fn of(noise: &AxisNoise) -> Result<Option<Self>, TheoryError> {
        let (law, size) = match noise {
            AxisNoise::Sphere(noise) => {
                let law = SphericalOverlapLaw::new(noise.size())?;
                (Law::Sphere(law), noise.size())
            }
            AxisNoise::Signs(noise) => (Law::Signs, noise.squared_norm()),
            AxisNoise::Normal(_) => return Ok(None),
        };
        Ok(Some(Self {
            law,
            size,
            rule: legendre_rule(),
        }))
    }

    /// Whether the law of λ_× exists at this number of noise patterns, and the averages have a fixed
    /// point: signs that differ from the target in one component or none are next to it at every λ, as
    /// nothing on the sphere is.
    pub(super) fn holds(&self, noise_patterns: f64) -> bool {
        match self.law {
            Law::Sphere(_) => true,
            Law::Signs => {
                let neighbours = noise_patterns * (1.0 + self.size) * (-LN_2 * self.size).exp();
                neighbours <= MOST_NEIGHBOURS && noise_patterns.ln() <= LARGEST_LOAD * self.size
            }
        }
    }

    /// N.
    pub(super) fn size(&self) -> f64 {
        self.size
    }

    fn density(&self, cosine: f64) -> Result<f64, TheoryError> {
        match self.law {
            Law::Sphere(law) => Ok(law.log_density(cosine)?.exp()),
            Law::Signs => {
                let log_factorial = |count: f64| libm::lgamma(count + 1.0);
                let half = 0.5 * self.size;
                let agreeing = log_factorial(half * (1.0 + cosine));
                let opposed = log_factorial(half * (1.0 - cosine));
                let log_binomial = log_factorial(self.size) - agreeing - opposed;
                Ok(half * (log_binomial - self.size * LN_2).exp())
            }
        }
    }

    /// Pr(t > `cosine`).
    fn tail(&self, cosine: f64) -> Result<f64, TheoryError> {
        match self.law {
            Law::Sphere(law) => Ok(law.log_tail(cosine)?.exp()),
            // to the middle of the cell around t = 1
            Law::Signs => {
                let length = 1.0 + 1.0 / self.size - cosine;
                let mut tail = 0.0;
                for &(x, weight) in &self.rule {
                    tail += weight * self.density(cosine + 0.5 * length * (1.0 + x))?;
                }
                Ok(0.5 * length * tail)
            }
        }
    }

    /// Patterns of all overlaps up to that of the one that captures the state.
    pub(super) fn drawn(&self, cavity: &Cavity, noise_patterns: f64) -> Result<Drawn, TheoryError> {
        let lowest = (-DEVIATIONS / self.size.sqrt()).max(-1.0);
        let low = cavity.least_log_weight(lowest);
        let capture = cavity.capture(low)?;
        let captured = self.tail(cavity.cosine(capture).clamp(-1.0, 1.0))?;
        let highest = (2.0 * (noise_patterns.ln() + LOG_RARE) / self.size).sqrt();
        let high = if cavity.cosine(capture) > highest {
            cavity.log_weight(highest, low, capture)?
        } else {
            capture
        };
        let half = 0.5 * (high - low) / PANELS as f64;
        let mut patterns = Vec::with_capacity(PANELS * self.rule.len());
        for panel in 0..PANELS {
            let centre = low + (2 * panel + 1) as f64 * half;
            for &(x, weight) in &self.rule {
                let pattern = cavity.pattern(centre + half * x);
                if pattern.cosine.abs() < 1.0 {
                    let measure = half * weight * pattern.stretch;
                    patterns.push((measure * self.density(pattern.cosine)?, pattern));
                }
            }
        }
        Ok(Drawn { patterns, captured })
    }
}
