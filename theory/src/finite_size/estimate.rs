//! Values of theory that are not exact.

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
    }
}
