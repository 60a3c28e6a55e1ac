//! The colour bar beside a map.

use super::frame::{AXIS_LABEL_SIZE, FRAME_PEN, GAP, TICK_LENGTH, outline};
use super::geometry::Rectangle;
use super::scene::{Label, Primitive, Scene};
use super::tick_labels::MeasuredTicks;
use super::ticks::ResolvedAxis;
use crate::error::PlotError;
use crate::figure::{Axis, Color, HeatMap, viridis};

const COLOR_BAR_WIDTH: f64 = 16.0;
/// Colours in a colour bar.
const COLOR_BAR_STEPS: u32 = 128;

/// A colour bar beside the frame.
pub(crate) struct ColorBar {
    label: Label,
    ticks: MeasuredTicks,
}

impl ColorBar {
    pub fn new(map: &HeatMap) -> Result<Self, PlotError> {
        let (low, high) = map.shown_range();
        let axis = Axis::new(map.value_label.clone()).with_range(low, high);
        let axis = ResolvedAxis::new(&axis, &[], 0.0, 0)?;
        Ok(Self {
            label: Label::new(&map.value_label, AXIS_LABEL_SIZE)?,
            ticks: MeasuredTicks::new(&axis)?,
        })
    }

    pub fn width(&self) -> f64 {
        2.0 * GAP + COLOR_BAR_WIDTH + GAP + self.ticks.widest() + GAP + self.label.height()
    }

    pub fn draw(&self, frame: &Rectangle, scene: &mut Scene) {
        let bar = Rectangle {
            left: frame.right + 2.0 * GAP,
            right: frame.right + 2.0 * GAP + COLOR_BAR_WIDTH,
            ..*frame
        };
        let step = bar.height() / f64::from(COLOR_BAR_STEPS);
        for index in 0..COLOR_BAR_STEPS {
            let fraction = (f64::from(index) + 0.5) / f64::from(COLOR_BAR_STEPS);
            let bottom = bar.bottom - step * f64::from(index);
            let area = Rectangle {
                // each stripe reaches under the next, so that no white line shows between them
                top: (bottom - 2.0 * step).max(bar.top),
                bottom,
                ..bar
            };
            scene.primitives.push(Primitive::Rectangle {
                area,
                color: viridis(fraction),
            });
        }
        outline(&bar, scene);
        let stride = self.ticks.stride(bar.height(), Label::height);
        for (fraction, label) in self.ticks.ticks.iter().step_by(stride) {
            let height = bar.bottom - fraction * bar.height();
            let tick = [(bar.right - TICK_LENGTH, height), (bar.right, height)];
            scene.stroke(&tick, &FRAME_PEN);
            let corner = (bar.right + GAP, height - 0.5 * label.height());
            label.draw(corner, Color::BLACK, scene);
        }
        let left = bar.right + GAP + self.ticks.widest() + GAP;
        let bottom = bar.centre().1 + 0.5 * self.label.width();
        self.label.draw_rotated((left, bottom), Color::BLACK, scene);
    }
}
