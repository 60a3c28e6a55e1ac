//! The exponents φ(s) = ln p(s) + k s (up to a constant) of tilted projection laws, concave in s.

/// e^{−46} is below the rounding of a sum: the range of log-weights that an integral needs.
const LOG_RANGE: f64 = 46.0;
/// Distance at which every Gaussian weight is below e^{−46} of its largest: √(2·46) < 16.
const LARGEST_NORMAL_REACH: f64 = 16.0;

/// φ(s) for the two laws of a projection.
pub(super) enum TiltedExponent {
    /// p ln(1 − s²) + k s on (−1, 1).
    Sphere { power: f64, k: f64 },
    /// −s²/2 + k s.
    Normal { k: f64 },
}

impl TiltedExponent {
    /// The exponent of the sphere in N = `size` dimensions, p = (N − 3)/2.
    pub(super) fn sphere(size: f64, k: f64) -> Self {
        Self::Sphere {
            power: 0.5 * (size - 3.0),
            k,
        }
    }

    /// Where φ is largest.
    pub(super) fn mode(&self) -> f64 {
        match *self {
            Self::Sphere { k: 0.0, .. } => 0.0,
            Self::Sphere { power, k } => k / (power + power.hypot(k)),
            Self::Normal { k } => k,
        }
    }

    pub(super) fn at(&self, s: f64) -> f64 {
        match *self {
            Self::Sphere { power: 0.0, k } => k * s,
            Self::Sphere { power, k } => power * (-s * s).ln_1p() + k * s,
            Self::Normal { k } => s * (k - 0.5 * s),
        }
    }

    /// φ(s + d) − φ(s), which keeps its digits at every N.
    pub(super) fn difference(&self, s: f64, d: f64) -> f64 {
        match *self {
            Self::Sphere { power: 0.0, k } => k * d,
            Self::Sphere { power, k } => {
                let ratio = -d * (2.0 * s + d) / ((1.0 - s) * (1.0 + s));
                if ratio <= -1.0 {
                    return f64::NEG_INFINITY;
                }
                power * ratio.ln_1p() + k * d
            }
            Self::Normal { k } => d * (k - s - 0.5 * d),
        }
    }

    /// The distance d ≥ 0 below `s` beyond which the weight is negligible.
    pub(super) fn reach_below(&self, s: f64) -> f64 {
        -self.reach(
            s,
            match self {
                Self::Sphere { .. } => -1.0 - s,
                Self::Normal { .. } => -LARGEST_NORMAL_REACH,
            },
        )
    }

    /// The distance d ≥ 0 above `s` beyond which the weight is negligible.
    pub(super) fn reach_above(&self, s: f64) -> f64 {
        self.reach(
            s,
            match self {
                Self::Sphere { .. } => 1.0 - s,
                Self::Normal { .. } => LARGEST_NORMAL_REACH,
            },
        )
    }

    fn reach(&self, s: f64, mut outside: f64) -> f64 {
        // φ is concave: the first halving that falls inside leaves a distance right to a factor of
        // two
        while self.difference(s, 0.5 * outside) < -LOG_RANGE {
            outside *= 0.5;
        }
        outside
    }
}
