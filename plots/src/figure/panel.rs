//! A pair of axes and what is drawn between them.

use std::collections::HashSet;

use super::axis::{Axis, Scale};
use super::layer::Layer;
use crate::error::PlotError;

/// Where the legend of a panel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LegendPlacement {
    /// Inside where it covers no data, in a corner if possible; right of the panel if there is no such place.
    Automatic,
    /// Right of the panel.
    OutsideRight,
    /// Nowhere.
    Hidden,
}

/// A pair of axes and what is drawn between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Text above the panel (markup).
    pub title: Option<String>,
    /// The horizontal axis.
    pub x_axis: Axis,
    /// The vertical axis.
    pub y_axis: Axis,
    /// What is shown, drawn in this order.
    pub layers: Vec<Layer>,
    /// Where the legend stands; a panel without legend entries has none.
    pub legend: LegendPlacement,
}

impl Panel {
    /// A panel without layers and with an automatic legend.
    pub fn new(x_axis: Axis, y_axis: Axis) -> Self {
        Self {
            title: None,
            x_axis,
            y_axis,
            layers: Vec::new(),
            legend: LegendPlacement::Automatic,
        }
    }

    /// The same panel with a title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Draws `layer` above those already there.
    pub fn add(&mut self, layer: impl Into<Layer>) {
        self.layers.push(layer.into());
    }

    /// Checks all that can be checked before the layout; `number` is the panel's position from 1.
    pub(super) fn validate(&self, number: usize) -> Result<(), PlotError> {
        let mut names = HashSet::new();
        for layer in &self.layers {
            layer.validate()?;
            let is_text = matches!(layer, Layer::Annotation(_));
            if !is_text && !names.insert((layer.kind(), layer.name())) {
                return Err(PlotError::DuplicateLayer {
                    panel: number,
                    layer: layer.name().to_owned(),
                });
            }
            let (x, y) = layer.coordinates();
            for (axis, values) in [(&self.x_axis, x), (&self.y_axis, y)] {
                let unfit = values.into_iter().find(|&value| value <= 0.0);
                if let (Scale::Log10, Some(value)) = (axis.scale, unfit) {
                    return Err(PlotError::NotPositive {
                        layer: layer.name().to_owned(),
                        value,
                    });
                }
            }
        }
        Ok(())
    }
}
