//! Measures the labels of ticks, and keeps them apart.

use super::frame::GAP;
use super::scene::Label;
use super::ticks::ResolvedAxis;
use crate::error::PlotError;

pub(crate) const TICK_LABEL_SIZE: f64 = 15.0;

/// Axis ticks with measured labels.
pub(crate) struct MeasuredTicks {
    /// Each with its place as a fraction of the axis.
    pub ticks: Vec<(f64, Label)>,
}

impl MeasuredTicks {
    pub fn new(axis: &ResolvedAxis) -> Result<Self, PlotError> {
        let ticks = axis
            .ticks
            .iter()
            .map(|(value, text)| Ok((axis.fraction(*value), Label::new(text, TICK_LABEL_SIZE)?)))
            .collect::<Result<_, PlotError>>()?;
        Ok(Self { ticks })
    }

    pub fn widest(&self) -> f64 {
        let widths = self.ticks.iter().map(|(_, label)| label.width());
        widths.fold(0.0, f64::max)
    }

    pub fn tallest(&self) -> f64 {
        let heights = self.ticks.iter().map(|(_, label)| label.height());
        heights.fold(0.0, f64::max)
    }

    /// How far labels of the given extent along the axis reach beyond the high end of an axis of `length` pixels.
    pub fn overhang(&self, length: f64, extent: impl Fn(&Label) -> f64) -> f64 {
        let ends = self
            .ticks
            .iter()
            .map(|(fraction, label)| 0.5 * extent(label) - (1.0 - fraction) * length);
        ends.fold(0.0, f64::max)
    }

    /// Every `stride`-th label is shown, so that labels keep apart along an axis of `length` pixels.
    pub fn stride(&self, length: f64, extent: impl Fn(&Label) -> f64) -> usize {
        let apart = |stride: usize| {
            let shown: Vec<_> = self.ticks.iter().step_by(stride).collect();
            shown.windows(2).all(|pair| {
                let distance = (pair[1].0 - pair[0].0).abs() * length;
                distance >= 0.5 * (extent(&pair[0].1) + extent(&pair[1].1)) + GAP
            })
        };
        (1..=self.ticks.len())
            .find(|&stride| apart(stride))
            .unwrap_or(1)
    }
}
