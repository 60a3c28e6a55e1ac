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
}
