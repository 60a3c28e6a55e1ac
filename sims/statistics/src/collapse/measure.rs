//! How good a collapse is: what a search makes as small as it can.

use std::fmt::Debug;

use crate::scaling::{ScaledData, collapse_quality};

/// A measure of a collapse.
pub(super) trait Measure: Debug {
    /// What is minimised; none where the curves do not overlap.
    fn height(&self, scaled: &ScaledData) -> Option<f64>;

    /// The quality S at that height with `free` fitted parameters: about 1 for curves that agree
    /// within their errors.
    fn quality(&self, height: f64, scaled: &ScaledData, free: usize) -> f64;

    /// How many points enter.
    fn terms(&self, scaled: &ScaledData) -> usize;
}

/// The quality of Houdayer and Hartmann, by straight lines through the neighbours of other sizes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines;

impl Measure for Lines {
    fn height(&self, scaled: &ScaledData) -> Option<f64> {
        collapse_quality(&scaled.x, &scaled.y, &scaled.dy).map(|(quality, _)| quality)
    }

    fn quality(&self, height: f64, _scaled: &ScaledData, _free: usize) -> f64 {
        height
    }

    fn terms(&self, scaled: &ScaledData) -> usize {
        collapse_quality(&scaled.x, &scaled.y, &scaled.dy).map_or(0, |(_, terms)| terms)
    }
}
