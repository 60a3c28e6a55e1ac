//! Patterns with independent components of any symmetric law of unit variance.
//!
//! The law enters through K(h) = ln E e^{hξ} and through expectations over one component. From
//! x = ξ¹ with typical components y the Random Energy Model has ζ(λ) = E_y K(λy).

use std::sync::OnceLock;

use crate::ensemble::{Ensemble, only_unit_norm};
use crate::error::{TheoryError, positive, within};
use crate::laws::component::ComponentLaw;
use crate::numbers::root::find_root;
use crate::parameters::Parameters;
use crate::structure::Structure;

/// The ensemble of i.i.d. components of a [`ComponentLaw`], by the recipe of two bounds for
/// α_c^lb (a first-moment bound over targets and over rare levels; LM24 for Gaussian patterns).
///
/// ```text
/// ζ(λ) = E_y K(λy)     s by Legendre transform     α₁ = λ − ζ(λ) while ζ'(λ) ≤ 1, s(1) beyond
/// α_A = −½ inf_k ln E_y exp(K(ky) − k y²)                                      (close pairs)
/// α_B = sup{α : α + E_Q v ≤ 0 for all Q with KL(Q‖p) ≤ α},  v(y) = K(λy) − λy²  (weak targets)
/// ```
///
/// The extremal Q is p(y) exp(κ v(y))/Z(κ); α_B binds only while Q is uncondensed,
/// E_Q y K'(λy) ≤ E_Q y², and α_c^lb = min(α_A, α_B).
#[derive(Clone, Debug)]
pub struct IndependentComponents<L> {
    law: L,
    nodes: Vec<(f64, f64)>,
    target_level: OnceLock<Result<Option<f64>, TheoryError>>,
    close_pairs: OnceLock<Result<f64, TheoryError>>,
}

/// The largest overlap and its rate.
#[derive(Clone, Copy, Debug)]
struct Largest {
    overlap: f64,
    rate: f64,
}

impl<L: ComponentLaw> IndependentComponents<L> {
    /// The ensemble of this law.
    pub fn new(law: L) -> Self {
        let nodes = law.nodes();
        Self {
            law,
            nodes,
            target_level: OnceLock::new(),
            close_pairs: OnceLock::new(),
        }
    }

    fn expectation(&self, function: impl Fn(f64) -> f64) -> f64 {
        self.nodes
            .iter()
            .map(|&(y, weight)| weight * function(y))
            .sum()
    }

    /// E_Q of several functions and ln Z, for Q = p(y) e^{exponent(y)}/Z.
    fn tilted<const M: usize>(
        &self,
        exponent: impl Fn(f64) -> f64,
        functions: [&dyn Fn(f64) -> f64; M],
    ) -> ([f64; M], f64) {
        let exponents: Vec<f64> = self.nodes.iter().map(|&(y, _)| exponent(y)).collect();
        let largest = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut sums = [0.0; M];
        let mut total = 0.0;
        // E(e^{exponent} − 1), which keeps the digits of a small ln Z.
        let mut excess = 0.0;
        for (&(y, weight), exponent) in self.nodes.iter().zip(exponents) {
            let tilted = weight * (exponent - largest).exp();
            total += tilted;
            excess += weight * exponent.exp_m1();
            for (sum, function) in sums.iter_mut().zip(functions) {
                *sum += tilted * function(y);
            }
        }
        let log_total = if excess.abs() < 0.5 {
            excess.ln_1p()
        } else {
            largest + total.ln()
        };
        (sums.map(|sum| sum / total), log_total)
    }

    /// ζ(λ).
    fn cgf(&self, lambda: f64) -> f64 {
        self.expectation(|y| self.law.log_moment_generating_function(lambda * y))
    }

    /// ζ'(λ).
    fn slope(&self, lambda: f64) -> f64 {
        self.expectation(|y| y * self.law.tilted_mean(lambda * y))
    }

    /// s(ζ'(λ)) = λζ'(λ) − ζ(λ).
    fn legendre(&self, lambda: f64) -> f64 {
        self.expectation(|y| self.law.tilted_rate(lambda * y))
    }

    /// λ − ζ(λ), with λy² − K(λy) = λy(y − K') + (λyK' − K) at every y.
    fn margin(&self, lambda: f64) -> f64 {
        self.expectation(|y| -self.target_excess(lambda, y))
    }

    /// v(y) = K(λy) − λy², in the form that keeps its digits at large λ.
    fn target_excess(&self, lambda: f64, y: f64) -> f64 {
        let field = lambda * y;
        field * (self.law.tilted_mean(field) - y) - self.law.tilted_rate(field)
    }

    /// The end of the overlaps, where patterns that copy the signs of the target sit.
    fn largest(&self) -> Option<Largest> {
        let (value, probability) = self.law.largest_atom()?;
        Some(Largest {
            overlap: value * self.expectation(f64::abs),
            rate: -probability.ln() * self.expectation(|y| f64::from(y != 0.0)),
        })
    }

    /// The λ at which an increasing function of λ reaches `value`, or `None` if it never does.
    fn rising_root(function: impl Fn(f64) -> f64, value: f64) -> Result<Option<f64>, TheoryError> {
        let mut low = 1e-8;
        while function(low) > value {
            low /= 1024.0;
            if low < 1e-150 {
                return Err(TheoryError::Unsettled {
                    what: "an inverse temperature near 0",
                });
            }
        }
        let mut high = 1.0_f64.max(2.0 * low);
        while function(high) < value {
            high *= 2.0;
            if high > LARGEST_LAMBDA {
                return Ok(None);
            }
        }
        find_root(|lambda| function(lambda) - value, low, high).map(Some)
    }

    /// The λ at which ζ'(λ) = 1 and the typical noise condenses onto the target's level.
    fn level_of_the_target(&self) -> Result<Option<f64>, TheoryError> {
        self.target_level
            .get_or_init(|| {
                // Where the target is the nearest pattern there is, ζ' < 1 at every λ.
                match self.largest() {
                    Some(end) if end.overlap <= 1.0 + 1e-12 => Ok(None),
                    _ => Self::rising_root(|lambda| self.slope(lambda), 1.0),
                }
            })
            .clone()
    }

    /// α_A = −½ inf_k ln E_y exp(K(ky) − k y²).
    ///
    /// # Errors
    /// [`TheoryError::Unsettled`] if the infimum is not found.
    pub fn close_pair_load(&self) -> Result<f64, TheoryError> {
        self.close_pairs
            .get_or_init(|| self.find_close_pair_load())
            .clone()
    }

    fn find_close_pair_load(&self) -> Result<f64, TheoryError> {
        let exponent = |k: f64| move |y: f64| self.target_excess(k, y);
        let slope = |k: f64| {
            let derivative = |y: f64| y * self.law.tilted_mean(k * y) - y * y;
            self.tilted(exponent(k), [&derivative]).0[0]
        };
        // The slope is −1 at k = 0 and rises; where it only tends to 0 it vanishes in f64.
        let mut high = 1.0;
        while slope(high) < 0.0 {
            high *= 2.0;
            if high > LARGEST_LAMBDA {
                return Err(TheoryError::Unsettled {
                    what: "the load of close pairs",
                });
            }
        }
        let best = find_root(slope, 0.0, high)?;
        Ok(-0.5 * self.tilted(exponent(best), []).1)
    }

    /// α_B(λ), or `None` where the extremal Q is condensed and the bound does not bind.
    ///
    /// # Errors
    /// λ ≤ 0; [`TheoryError::Unsettled`] if the tilt κ is not found.
    pub fn weak_target_load(&self, inverse_temperature: f64) -> Result<Option<f64>, TheoryError> {
        let lambda = positive("the inverse temperature λ", inverse_temperature)?;
        let value = |y: f64| self.target_excess(lambda, y);
        let tilt = |kappa: f64| self.tilted(|y| kappa * value(y), [&value]);
        // KL(Q‖p) = κ E_Q v − ln Z meets −E_Q v where this rising function vanishes.
        let balance = |kappa: f64| {
            let ([mean], log_total) = tilt(kappa);
            (1.0 + kappa) * mean - log_total
        };
        let mean = self.expectation(value);
        if mean >= 0.0 {
            // ζ(λ) ≥ λ: then ζ'(λ) > 1 for typical targets, and Q = p is condensed already.
            return Ok(None);
        }
        let spread = self.expectation(|y| (value(y) - mean).powi(2)).sqrt();
        let kappa = if spread <= 1e-12 * mean.abs() {
            // All targets are alike (signs): no Q differs from p.
            0.0
        } else {
            let mut high = 1.0;
            while balance(high) < 0.0 && high < LARGEST_TILT {
                high *= 2.0;
            }
            // If KL never reaches α, Q has collapsed onto the atoms where v is largest.
            if balance(high) < 0.0 {
                high
            } else {
                find_root(balance, 0.0, high)?
            }
        };
        let level = |y: f64| y * self.law.tilted_mean(lambda * y);
        let square = |y: f64| y * y;
        let ([load, level, norm], _) = self.tilted(|y| kappa * value(y), [&value, &level, &square]);
        Ok((level <= norm).then_some(-load))
    }
}

/// Beyond this λ the quadrature no longer resolves 1/λ.
const LARGEST_LAMBDA: f64 = 1e7;
/// At this tilt of the target's law only the atoms with the largest v are left.
const LARGEST_TILT: f64 = 1e12;

impl<L: ComponentLaw> Ensemble for IndependentComponents<L> {
    fn name(&self) -> &'static str {
        self.law.name()
    }

    fn parameters(&self) -> Parameters {
        self.law.parameters()
    }

    fn structure(&self) -> Structure<'_> {
        Structure::Components(&self.law)
    }

    fn rate_function(&self, overlap: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        only_unit_norm(squared_norm)?;
        let domain = "the overlaps that E_y y K'(λy) reaches at finite λ";
        within("the overlap ε", overlap, true, domain)?;
        if overlap == 0.0 {
            return Ok(0.0);
        }
        if let Some(end) = self.largest() {
            within(
                "the overlap ε",
                overlap,
                overlap.abs() <= end.overlap,
                domain,
            )?;
            if overlap.abs() == end.overlap {
                return Ok(end.rate);
            }
        }
        match Self::rising_root(|lambda| self.slope(lambda), overlap.abs())? {
            // s(ε) = max_λ [λε − ζ(λ)] is stationary in the root.
            Some(lambda) => {
                Ok(self.legendre(lambda) + lambda * (overlap.abs() - self.slope(lambda)))
            }
            None => Err(TheoryError::Domain {
                quantity: "the overlap ε",
                value: overlap,
                domain,
            }),
        }
    }

    fn cumulant_generating_function(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        Ok(self.cgf(Self::check(lambda, rho)?))
    }

    fn saddle_overlap(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        Ok(self.slope(Self::check(lambda, rho)?))
    }

    fn extreme_overlap(&self, load: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        only_unit_norm(squared_norm)?;
        positive("the load α", load)?;
        match self.largest() {
            Some(end) if load >= end.rate => Ok(end.overlap),
            _ => Ok(self.slope(self.condensation_inverse_temperature(load, squared_norm)?)),
        }
    }

    fn condensation_inverse_temperature(&self, load: f64, rho: f64) -> Result<f64, TheoryError> {
        only_unit_norm(rho)?;
        positive("the load α", load)?;
        let domain = "the loads that the rate function reaches at finite λ";
        if let Some(end) = self.largest() {
            within("the load α", load, load < end.rate, domain)?;
        }
        Self::rising_root(|lambda| self.legendre(lambda), load)?.ok_or(TheoryError::Domain {
            quantity: "the load α",
            value: load,
            domain,
        })
    }

    fn condensation_load(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        Ok(self.legendre(Self::check(lambda, rho)?))
    }

    fn typical_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        let lambda = Self::check(inverse_temperature, 1.0)?;
        Ok(match self.level_of_the_target()? {
            Some(level) if lambda >= level => self.legendre(level),
            _ => self.margin(lambda),
        })
    }

    fn typical_inverse_temperature(&self, load: f64) -> Result<f64, TheoryError> {
        let domain = "0 < α < sup α₁(λ), the largest load of a typical pattern";
        positive("the load α", load)?;
        let last = self.level_of_the_target()?.unwrap_or(LARGEST_LAMBDA);
        within("the load α", load, load < self.margin(last), domain)?;
        find_root(|lambda| self.margin(lambda) - load, load, last)
    }

    fn all_patterns_lower_bound(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        let pairs = self.close_pair_load()?;
        Ok(self
            .weak_target_load(inverse_temperature)?
            .map_or(pairs, |load| load.min(pairs)))
    }

    fn uncondensed_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        Ok(self.margin(Self::check(inverse_temperature, 1.0)?))
    }
}

impl<L: ComponentLaw> IndependentComponents<L> {
    fn check(inverse_temperature: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        only_unit_norm(squared_norm)?;
        let domain = "0 < λ ≤ 10⁷ (the quadrature resolves 1/λ)";
        within(
            "the inverse temperature λ",
            inverse_temperature,
            inverse_temperature > 0.0 && inverse_temperature <= LARGEST_LAMBDA,
            domain,
        )
    }
}
