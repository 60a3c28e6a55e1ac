//! Values of theory that are not exact.

/// What rounding leaves of a value that a search found, relative to it.
pub(super) const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// A value with what it may be off by: not a standard error, but a bound that simulations kept to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// What it may be off by.
    pub error: f64,
}

impl Estimate {
    /// A value without error.
    pub fn exact(value: f64) -> Self {
        Self { value, error: 0.0 }
    }

    /// As a shift of `value`: no more uncertain than it, and fading as it becomes so.
    pub(super) fn shift_of(self, value: f64) -> Self {
        let share = (self.error / value).min(1.0);
        Self {
            value: self.value * (1.0 - share * share),
            error: share * value,
        }
    }

    /// What lies by this shift above `value`.
    pub(super) fn above(self, value: f64) -> Self {
        Self {
            value: value + self.value,
            error: self.error,
        }
        .rounded()
    }

    /// With an error that is not below what rounding does to the value.
    fn rounded(self) -> Self {
        Self {
            value: self.value,
            error: self.error.max(ROUNDING * self.value.abs()),
        }
    }
}
