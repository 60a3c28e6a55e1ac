//! Dropout (N. Srivastava et al., J. Mach. Learn. Res. 15, 1929 (2014)), scaled so that means stay.

use rand::{Rng, RngExt};

use crate::LayerError;

/// Leaves each number out with probability r and multiplies the others by 1/(1−r); in use, where
/// there is no mask, numbers stay as they are.
///
/// At rate 0, the default, nothing is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dropout {
    rate: f64,
}

impl Dropout {
    /// At rate r.
    ///
    /// # Errors
    /// [`LayerError::Domain`] unless 0 ≤ r < 1.
    pub fn new(rate: f64) -> Result<Self, LayerError> {
        if (0.0..1.0).contains(&rate) {
            return Ok(Self { rate });
        }
        Err(LayerError::Domain {
            name: "dropout",
            value: rate,
            domain: "at least 0 and below 1",
        })
    }

    /// r.
    pub fn rate(self) -> f64 {
        self.rate
    }

    /// Draws the factors of `count` numbers, 0 or 1/(1−r) each.
    pub fn draw(self, count: usize, rng: &mut impl Rng, mask: &mut Vec<f64>) {
        let kept = (1.0 - self.rate).recip();
        mask.clear();
        mask.extend((0..count).map(|_| {
            let is_left_out = rng.random::<f64>() < self.rate;
            if is_left_out { 0.0 } else { kept }
        }));
    }

    /// Multiplies numbers by their factors, and slopes on the way back.
    ///
    /// # Panics
    /// If there is not one factor for each number.
    pub fn apply(mask: &[f64], numbers: &mut [f64]) {
        assert_eq!(mask.len(), numbers.len(), "one factor for each number");
        for (number, factor) in numbers.iter_mut().zip(mask) {
            *number *= factor;
        }
    }
}
