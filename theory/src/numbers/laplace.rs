//! Numerical inversion of Laplace transforms at 1 (Abate and Whitt, ORSA J. Comput. 7, 36 (1995)).
//!
//! ```text
//! f(1) = e^{A/2} {½ Re f̂(s₀) + Σ_{k ≥ 1} (−1)^k Re f̂(s_k)},   s_k = A/2 + iπk
//! ```
//!
//! with Euler's summation of the alternating series. The discretisation leaves out f(3), f(5), … of
//! weight e^{−A}.

use std::f64::consts::PI;

/// A/2, so that 1e-8 of f is left out.
const SHIFT: f64 = 9.2;
/// Terms summed as they are, and those that Euler's summation averages over.
const PLAIN: usize = 22;
const AVERAGED: usize = 14;
/// Points s_k of the contour.
pub(crate) const CONTOUR: usize = PLAIN + AVERAGED + 1;

/// A complex number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Complex {
    pub(crate) re: f64,
    pub(crate) im: f64,
}

impl Complex {
    pub(crate) fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    pub(crate) fn times(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }

    pub(crate) fn over(self, other: Self) -> Self {
        let size = other.re * other.re + other.im * other.im;
        self.times(Self::new(other.re / size, -other.im / size))
    }

    /// ln(1 − z), with all digits where z is small.
    pub(crate) fn log_one_minus(self) -> Self {
        let size = self.re * self.re + self.im * self.im - 2.0 * self.re;
        Self::new(0.5 * size.ln_1p(), (-self.im).atan2(1.0 - self.re))
    }

    /// e^z.
    pub(crate) fn exp(self) -> Self {
        let (sine, cosine) = self.im.sin_cos();
        Self::new(self.re.exp() * cosine, self.re.exp() * sine)
    }
}

/// s_k.
pub(crate) fn contour_point(k: usize) -> Complex {
    Complex::new(SHIFT, PI * k as f64)
}

/// e^{−s_k x} for all k.
pub(crate) fn exponentials(x: f64) -> [Complex; CONTOUR] {
    let (sine, cosine) = (PI * x).sin_cos();
    let turn = Complex::new(cosine, -sine);
    let mut value = Complex::new((-SHIFT * x).exp(), 0.0);
    let mut values = [value; CONTOUR];
    for slot in &mut values[1..] {
        value = value.times(turn);
        *slot = value;
    }
    values
}

/// Weights of Re f̂(s_k) in f(1).
pub(crate) fn inversion_weights() -> [f64; CONTOUR] {
    let scale = SHIFT.exp();
    let mut weights = [0.0; CONTOUR];
    // the share of the partial sums that hold term k
    let mut binomial = 0.5_f64.powf(AVERAGED as f64);
    let mut share = 0.0;
    for back in 0..=AVERAGED {
        share += binomial;
        binomial *= (AVERAGED - back) as f64 / (back + 1) as f64;
        let k = CONTOUR - 1 - back;
        weights[k] = share;
    }
    for (k, weight) in weights.iter_mut().enumerate() {
        let share = if k <= PLAIN { 1.0 } else { *weight };
        let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
        *weight = scale * sign * share * if k == 0 { 0.5 } else { 1.0 };
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_of_known_functions_are_inverted() {
        let weights = inversion_weights();
        let invert = |transform: &dyn Fn(usize) -> Complex| -> f64 {
            let terms = weights.iter().enumerate();
            terms.map(|(k, weight)| weight * transform(k).re).sum()
        };
        let one = Complex::new(1.0, 0.0);
        let exponential = invert(&|k| {
            let s = contour_point(k);
            one.over(Complex::new(s.re + 2.0, s.im))
        });
        assert!((exponential - (-2.0_f64).exp()).abs() < 1e-7);
        // the sum of 12 exponential numbers of mean 0.08, below 1
        let gamma = |k: usize| {
            let s = contour_point(k);
            let scaled = Complex::new(0.08 * s.re, 0.08 * s.im);
            let log = scaled
                .over(Complex::new(1.0 + scaled.re, scaled.im))
                .log_one_minus();
            let power = Complex::new(12.0 * log.re, 12.0 * log.im).exp();
            power.over(s)
        };
        let mut term = (-12.5_f64).exp();
        let mut above = 0.0;
        for j in 1..=12 {
            above += term;
            term *= 12.5 / f64::from(j);
        }
        assert!((invert(&gamma) - (1.0 - above)).abs() < 3e-8);
        assert!((exponentials(0.3)[5].re - (-2.76_f64).exp() * (1.5 * PI).cos()).abs() < 1e-12);
    }
}
