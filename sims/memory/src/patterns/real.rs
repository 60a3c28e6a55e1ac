//! The two floating-point types in which patterns are stored.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Mul, MulAssign, Sub};

/// A floating-point number of the stored patterns: `f32` or `f64`.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + AddAssign
    + Mul<Output = Self>
    + MulAssign
    + Sub<Output = Self>
    + 'static
{
    /// Scores of states whose largest component exceeds this are scaled down to it: any more would
    /// change no weight, since products that differ differ by more than their rounding, and
    /// products of up to 1e9 such components stay below overflow.
    const LARGEST_SCORE: f64;
    /// Rounds a double to this type.
    fn from_f64(value: f64) -> Self;
    /// Widens this number to a double, exactly.
    fn to_f64(self) -> f64;
    /// 2^`self`.
    fn exp2(self) -> Self;
}

impl Real for f64 {
    const LARGEST_SCORE: f64 = 1e280;

    fn from_f64(value: f64) -> Self {
        value
    }

    fn to_f64(self) -> f64 {
        self
    }

    fn exp2(self) -> Self {
        Self::exp2(self)
    }
}

impl Real for f32 {
    const LARGEST_SCORE: f64 = 1e27;

    #[expect(clippy::cast_possible_truncation, reason = "rounding is the purpose")]
    fn from_f64(value: f64) -> Self {
        value as Self
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn exp2(self) -> Self {
        Self::exp2(self)
    }
}
