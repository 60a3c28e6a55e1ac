//! The Bessel functions behind a uniform average over the sphere, at every order and argument.
//!
//! With ν = N/2 − 1 the average of e^{k t} over the cosine t of a uniform direction is F_ν(k) =
//! ₀F₁(; ν+1; k²/4) = Γ(ν+1)(2/k)^ν I_ν(k), and its mean cosine is r_ν = I_{ν+1}(k)/I_ν(k). For ν ≥
//! 20 the logarithm of Debye's uniform expansion (DLMF 10.41.3) gives both without cancellation,
//! because every term is taken relative to its value at k = 0:
//!
//! ```text
//! ln F_ν = ν[q − ln(1 + q/2)] − ½ ln(1 + q) + Σ_j [D_j(p) − D_j(1)]/ν^j
//! r_ν    = z[1/(1 + s) − p²/(2ν) − p³ Σ_j D_j'(p)/ν^{j+1}]
//! z = k/ν,   s = √(1 + z²),   q = s − 1,   p = 1/s
//! ```
//!
//! A lower order is reached from ν + n ≥ 20 by the backward recurrence 1/r_ν = 2(ν+1)/k + r_{ν+1},
//! F_{ν+1}/F_ν = 1 − r_ν r_{ν+1}, stable because all terms are positive.

/// Terms kept of the expansion in 1/ν.
const TERMS: usize = 14;
/// Order from which [`TERMS`] terms reach the last digit of an `f64`.
const LOWEST_EXPANDED_ORDER: f64 = 20.0;
/// Length of a polynomial in p up to the degree 3·TERMS of `D_TERMS`.
const LENGTH: usize = 3 * TERMS + 1;

type Polynomial = [f64; LENGTH];

/// The average of e^{k t} over the sphere in N dimensions, and what follows from it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SphereAverage {
    /// ln ₀F₁(; N/2; k²/4).
    pub log_moment: f64,
    /// k − ln ₀F₁(; N/2; k²/4), which stays of order N ln k where both terms grow as k.
    pub deficit: f64,
    /// A = I_{N/2}(k)/I_{N/2−1}(k), the mean cosine.
    pub mean_cosine: f64,
    /// N dA/dk, the slope of the mean cosine in u = k/N.
    pub slope: f64,
}

/// Averages e^{k t} over the cosine t of a uniform direction in N = `size` dimensions.
///
/// Needs `size` ≥ 2 and `k` ≥ 0; relative error about 1e-15 in each field.
pub(crate) fn sphere_average(size: f64, k: f64) -> SphereAverage {
    if k == 0.0 {
        return SphereAverage {
            log_moment: 0.0,
            deficit: 0.0,
            mean_cosine: 0.0,
            slope: 1.0,
        };
    }
    let order = 0.5 * size - 1.0;
    let steps = (LOWEST_EXPANDED_ORDER - order).ceil().max(0.0);
    let Expanded {
        mut log_moment,
        mut deficit,
        mut ratio,
        slope,
    } = uniform_expansion(order + steps, k);
    if steps == 0.0 {
        return SphereAverage {
            log_moment,
            deficit,
            mean_cosine: ratio,
            slope: slope * size / order,
        };
    }
    let mut remaining = steps;
    while remaining > 0.0 {
        remaining -= 1.0;
        let step = 2.0 * (order + remaining + 1.0) / k;
        let lower = 1.0 / (step + ratio);
        // F_{ν+1}/F_ν, from whichever of its two forms does not cancel
        let lost = lower * ratio;
        let gained = if lost < 0.5 {
            -(-lost).ln_1p()
        } else {
            -(step * lower).ln()
        };
        log_moment += gained;
        deficit -= gained;
        ratio = lower;
    }
    // Riccati's equation; at N < 42 its cancellation costs two digits of a slope that needs none.
    let slope = size * (1.0 - ratio * ratio - (size - 1.0) * ratio / k);
    SphereAverage {
        log_moment,
        deficit,
        mean_cosine: ratio,
        slope,
    }
}

struct Expanded {
    log_moment: f64,
    deficit: f64,
    ratio: f64,
    /// dr/dz.
    slope: f64,
}

fn uniform_expansion(order: f64, k: f64) -> Expanded {
    let z = k / order;
    let s = z.hypot(1.0);
    let q = z * (z / (1.0 + s));
    let p = 1.0 / s;
    let y = p * p;
    let one_minus_p = q * p;
    let one_minus_y = one_minus_p * (1.0 + p);

    let mut series = 0.0; // Σ [D_j(p) − D_j(1)]/ν^j
    let mut first = 0.0; // H = p³ Σ D_j'(p)/ν^{j+1}
    let mut second = 0.0; // p dH/dp
    let mut weight = 1.0; // (p/ν)^j
    let mut flat = 1.0; // 1/ν^j
    let mut geometric = 0.0; // 1 + p + … + p^{j−1}
    for (index, term) in EXPANSION.iter().enumerate() {
        flat /= order;
        if term.size * flat < 1e-18 {
            break;
        }
        weight *= p / order;
        geometric = geometric * p + 1.0;
        let degree = index + 1;
        let mut quotient = 0.0;
        for &coefficient in term.quotient[..degree].iter().rev() {
            quotient = quotient * y + coefficient;
        }
        let mut slope = 0.0;
        let mut curvature = 0.0;
        for (power, &coefficient) in term.polynomial[..=degree].iter().enumerate().rev() {
            let exponent = (degree + 2 * power) as f64;
            slope = slope * y + exponent * coefficient;
            curvature = curvature * y + exponent * (exponent + 2.0) * coefficient;
        }
        series -= flat * one_minus_p * geometric * term.at_one + weight * one_minus_y * quotient;
        first += weight * slope;
        second += weight * curvature;
    }
    let scale = y / order;
    let (first, second) = (first * scale, second * scale);
    let entropy = order * (0.5 * q).ln_1p() + 0.5 * q.ln_1p() - series;
    Expanded {
        log_moment: order * q - entropy,
        // z − q = 1 − 1/(z + s)
        deficit: order * (z + q) / (z + s) + entropy,
        ratio: z * (1.0 / (1.0 + s) - 0.5 * scale - first),
        slope: p / (1.0 + s) - 0.5 * scale * (2.0 * y - 1.0) - first + one_minus_y * second,
    }
}

/// One term `D_j(p)` = p^j Q(p²) of the logarithm of Debye's expansion.
#[derive(Clone, Copy)]
struct Term {
    /// Coefficients of Q.
    polynomial: [f64; TERMS + 1],
    /// Coefficients of [Q(1) − Q(y)]/(1 − y) with its sign turned: Q(y) = Q(1) − (1 −
    /// y)·quotient(y).
    quotient: [f64; TERMS],
    /// `D_j(1)`.
    at_one: f64,
    /// Σ |coefficients|, a bound of |`D_j`| on [0, 1].
    size: f64,
}

static EXPANSION: [Term; TERMS] = expansion();

/// Derives the terms from the equation that Debye's polynomials obey (DLMF 10.41.9), written for
/// the logarithm:
///
/// ```text
/// D_1' = (1 − 5p²)/8,   D_{j+1}' = ½ [(p²(1 − p²) D_j')' + p²(1 − p²) Σ_{i+l=j} D_i' D_l']
/// ```
const fn expansion() -> [Term; TERMS] {
    let mut slopes = [[0.0; LENGTH]; TERMS];
    slopes[0][0] = 0.125;
    slopes[0][2] = -0.625;
    let mut j = 1;
    while j < TERMS {
        let mut next = derivative(&damped(&slopes[j - 1]));
        let mut i = 0;
        while i + 1 < j {
            add_product(&mut next, &damped(&slopes[i]), &slopes[j - 2 - i]);
            i += 1;
        }
        let mut power = 0;
        while power < LENGTH {
            slopes[j][power] = 0.5 * next[power];
            power += 1;
        }
        j += 1;
    }
    let empty = Term {
        polynomial: [0.0; TERMS + 1],
        quotient: [0.0; TERMS],
        at_one: 0.0,
        size: 0.0,
    };
    let mut terms = [empty; TERMS];
    let mut index = 0;
    while index < TERMS {
        let degree = index + 1;
        let mut power = 0;
        while power <= degree {
            let exponent = degree + 2 * power;
            let coefficient = slopes[index][exponent - 1] / exponent as f64;
            terms[index].polynomial[power] = coefficient;
            terms[index].size += coefficient.abs();
            power += 1;
        }
        // synthetic division by (y − 1), from the highest power down
        let mut sum = 0.0;
        let mut power = degree;
        while power > 0 {
            sum += terms[index].polynomial[power];
            terms[index].quotient[power - 1] = sum;
            power -= 1;
        }
        terms[index].at_one = sum + terms[index].polynomial[0];
        index += 1;
    }
    terms
}

/// p²(1 − p²) times a polynomial.
const fn damped(polynomial: &Polynomial) -> Polynomial {
    let mut product = [0.0; LENGTH];
    let mut power = 0;
    while power + 4 < LENGTH {
        product[power + 2] += polynomial[power];
        product[power + 4] -= polynomial[power];
        power += 1;
    }
    product
}

const fn derivative(polynomial: &Polynomial) -> Polynomial {
    let mut slope = [0.0; LENGTH];
    let mut power = 1;
    while power < LENGTH {
        slope[power - 1] = power as f64 * polynomial[power];
        power += 1;
    }
    slope
}

const fn add_product(sum: &mut Polynomial, left: &Polynomial, right: &Polynomial) {
    let mut i = 0;
    while i < LENGTH {
        if left[i] != 0.0 {
            let mut k = 0;
            while i + k < LENGTH {
                sum[i + k] += left[i] * right[k];
                k += 1;
            }
        }
        i += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derived_terms_are_debyes() {
        // D_1, D_2, D_3 by hand; D_j(1) = −B_{2j}-terms of Stirling's series
        let expected: [&[f64]; 3] = [
            &[1.0 / 8.0, -5.0 / 24.0],
            &[1.0 / 16.0, -3.0 / 8.0, 5.0 / 16.0],
            &[
                25.0 / 384.0,
                -531.0 / 640.0,
                221.0 / 128.0,
                -1105.0 / 1152.0,
            ],
        ];
        for (term, expected) in EXPANSION.iter().zip(expected) {
            for (a, b) in term.polynomial.iter().zip(expected) {
                assert!((a - b).abs() < 1e-15, "{a} {b}");
            }
        }
        for (j, stirling) in [
            (1, 1.0 / 12.0),
            (3, -1.0 / 360.0),
            (5, 1.0 / 1260.0),
            (7, -1.0 / 1680.0),
        ] {
            let term = &EXPANSION[j - 1];
            assert!((term.at_one + stirling).abs() < 1e-15 * term.size, "{j}");
        }
    }

    #[test]
    fn three_dimensions_are_elementary() {
        // N = 3: ₀F₁ = sinh(k)/k, A = coth k − 1/k
        for k in [1e-6, 1e-3, 1.0, 5.0, 30.0, 300.0] {
            let average = sphere_average(3.0, k);
            let (log_moment, cosine) = if k < 0.05 {
                let k2 = k * k;
                (
                    k2 / 6.0 - k2 * k2 / 180.0 + k2 * k2 * k2 / 2835.0,
                    k / 3.0 * (1.0 - k2 / 15.0 + 2.0 * k2 * k2 / 315.0),
                )
            } else {
                (
                    k + (-(-2.0 * k).exp()).ln_1p() - (2.0 * k).ln(),
                    1.0 / k.tanh() - 1.0 / k,
                )
            };
            assert!((average.log_moment / log_moment - 1.0).abs() < 3e-14, "{k}");
            assert!((average.mean_cosine / cosine - 1.0).abs() < 3e-14, "{k}");
        }
    }

    #[test]
    fn the_slope_is_the_derivative_of_the_mean_cosine() {
        for size in [3.0, 41.0, 42.0, 43.0, 200.0, 1e4] {
            for u in [0.01, 0.2, 1.0, 4.0] {
                let h = 1e-5 * u;
                let cosine = |u: f64| sphere_average(size, size * u).mean_cosine;
                let numeric = (cosine(u + h) - cosine(u - h)) / (2.0 * h);
                let slope = sphere_average(size, size * u).slope;
                assert!(
                    (slope / numeric - 1.0).abs() < 1e-8,
                    "{size} {u} {slope} {numeric}"
                );
            }
        }
    }

    #[test]
    fn the_recurrence_meets_the_expansion() {
        // both sides of the order at which the recurrence starts
        for u in [1e-3, 0.3, 2.0, 50.0] {
            let below = sphere_average(42.0 - 1e-9, 42.0 * u);
            let above = sphere_average(42.0, 42.0 * u);
            assert!((below.log_moment / above.log_moment - 1.0).abs() < 1e-9);
            assert!((below.mean_cosine / above.mean_cosine - 1.0).abs() < 1e-9);
            assert!((below.slope / above.slope - 1.0).abs() < 1e-8);
        }
    }
}
