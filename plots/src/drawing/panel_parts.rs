//! The parts of a panel: its frame and the labels, ticks and colour bar around it.

use super::canvas::Canvas;
use super::color_bar::ColorBar;
use super::frame::{
    AXIS_LABEL_SIZE, FRAME_PEN, Frame, GAP, PADDING, TICK_LENGTH, TITLE_SIZE, does_not_fit, outline,
};
use super::geometry::{Point, Rectangle};
use super::scene::{Label, Scene};
use super::tick_labels::MeasuredTicks;
use super::ticks::ResolvedAxis;
use crate::error::PlotError;
use crate::figure::{Color, Layer, MapColors, Panel};

const MINOR_TICK_LENGTH: f64 = 3.0;
/// Least side of the frame that is still a plot.
const SMALLEST_FRAME: f64 = 60.0;

/// The frame of a panel and all that stands around it.
pub(crate) struct PanelParts {
    pub frame: Frame,
    title: Option<Label>,
    x_label: Label,
    y_label: Label,
    x_ticks: MeasuredTicks,
    y_ticks: MeasuredTicks,
    color_bar: Option<ColorBar>,
}

impl PanelParts {
    /// Measures the labels and gives the frame the room they leave; `reserved` pixels stay free at the right.
    pub fn new(
        panel: &Panel,
        cell: &Rectangle,
        x: &ResolvedAxis,
        y: &ResolvedAxis,
        reserved: f64,
    ) -> Result<Self, PlotError> {
        let title = panel
            .title
            .as_ref()
            .map(|title| Label::new(title, TITLE_SIZE))
            .transpose()?;
        let x_label = Label::new(&panel.x_axis.label, AXIS_LABEL_SIZE)?;
        let y_label = Label::new(&panel.y_axis.label, AXIS_LABEL_SIZE)?;
        let (x_ticks, y_ticks) = (MeasuredTicks::new(x)?, MeasuredTicks::new(y)?);
        let map = panel.layers.iter().find_map(|layer| match layer {
            Layer::HeatMap(map) if map.colors == MapColors::Viridis => Some(map),
            _ => None,
        });
        let color_bar = map.map(ColorBar::new).transpose()?;
        let left = cell.left + PADDING + y_label.height() + GAP + y_ticks.widest() + GAP;
        let bottom = cell.bottom - PADDING - x_label.height() - GAP - x_ticks.tallest() - GAP;
        let beside = color_bar.as_ref().map_or(0.0, ColorBar::width) + reserved;
        let length = cell.right - PADDING - left;
        let right = cell.right - PADDING - beside.max(x_ticks.overhang(length, Label::width));
        let title_height = title.as_ref().map_or(0.0, |title| title.height() + GAP);
        let overhang = y_ticks.overhang(bottom - cell.top, Label::height);
        let top = cell.top + PADDING + title_height.max(overhang);
        let area = Rectangle {
            left,
            top,
            right,
            bottom,
        };
        let size = (cell.width(), cell.height());
        if area.width() < SMALLEST_FRAME || area.height() < SMALLEST_FRAME {
            return Err(does_not_fit(
                "a panel with its labels and legend".to_owned(),
                size,
            ));
        }
        for (label, room, what) in [
            (Some(&x_label), cell.width(), &panel.x_axis.label),
            (Some(&y_label), cell.height(), &panel.y_axis.label),
            (
                title.as_ref(),
                cell.width(),
                panel.title.as_ref().unwrap_or(&panel.x_axis.label),
            ),
        ] {
            if label.is_some_and(|label| label.width() > room - 2.0 * PADDING) {
                return Err(does_not_fit(format!("the label \"{what}\""), size));
            }
        }
        Ok(Self {
            frame: Frame {
                area,
                x: x.clone(),
                y: y.clone(),
            },
            title,
            x_label,
            y_label,
            x_ticks,
            y_ticks,
            color_bar,
        })
    }

    /// Draws layers, axes and labels; returns points on the data, for text to keep away from.
    pub fn draw(&self, panel: &Panel, scene: &mut Scene) -> Vec<Point> {
        let mut canvas = Canvas {
            frame: &self.frame,
            color_bar: self.color_bar.as_ref(),
            scene,
            obstacles: Vec::new(),
        };
        for layer in &panel.layers {
            canvas.draw(layer);
        }
        let obstacles = canvas.obstacles;
        self.draw_axes(scene);
        obstacles
    }

    fn draw_axes(&self, scene: &mut Scene) {
        let area = self.frame.area;
        outline(&area, scene);
        let stride = self.x_ticks.stride(area.width(), Label::width);
        for (index, (fraction, label)) in self.x_ticks.ticks.iter().enumerate() {
            let x = area.left + fraction * area.width();
            tick_across(&area, x, TICK_LENGTH, scene);
            if index % stride == 0 {
                let top = area.bottom + GAP + self.x_ticks.tallest() - label.height();
                label.draw((x - 0.5 * label.width(), top), Color::BLACK, scene);
            }
        }
        for &value in &self.frame.x.minor_ticks {
            let x = area.left + self.frame.x.fraction(value) * area.width();
            tick_across(&area, x, MINOR_TICK_LENGTH, scene);
        }
        let stride = self.y_ticks.stride(area.height(), Label::height);
        for (index, (fraction, label)) in self.y_ticks.ticks.iter().enumerate() {
            let y = area.bottom - fraction * area.height();
            tick_upwards(&area, y, TICK_LENGTH, scene);
            if index % stride == 0 {
                let left = area.left - GAP - label.width();
                label.draw((left, y - 0.5 * label.height()), Color::BLACK, scene);
            }
        }
        for &value in &self.frame.y.minor_ticks {
            let y = area.bottom - self.frame.y.fraction(value) * area.height();
            tick_upwards(&area, y, MINOR_TICK_LENGTH, scene);
        }
        if let Some(bar) = &self.color_bar {
            bar.draw(&area, scene);
        }
        self.draw_axis_labels(scene);
    }

    fn draw_axis_labels(&self, scene: &mut Scene) {
        let area = self.frame.area;
        let (centre_x, centre_y) = area.centre();
        let top = area.bottom + GAP + self.x_ticks.tallest() + GAP;
        let left = (centre_x - 0.5 * self.x_label.width()).max(PADDING);
        self.x_label.draw((left, top), Color::BLACK, scene);
        let left = area.left - GAP - self.y_ticks.widest() - GAP - self.y_label.height();
        let bottom = centre_y + 0.5 * self.y_label.width();
        self.y_label
            .draw_rotated((left, bottom), Color::BLACK, scene);
        if let Some(title) = &self.title {
            let left = centre_x - 0.5 * title.width();
            let top = area.top - GAP - title.height();
            title.draw((left, top), Color::BLACK, scene);
        }
    }
}

/// The tick at `x` on the horizontal axis and the one opposite.
fn tick_across(area: &Rectangle, x: f64, length: f64, scene: &mut Scene) {
    scene.stroke(&[(x, area.bottom), (x, area.bottom - length)], &FRAME_PEN);
    scene.stroke(&[(x, area.top), (x, area.top + length)], &FRAME_PEN);
}

/// The tick at `y` on the vertical axis and the one opposite.
fn tick_upwards(area: &Rectangle, y: f64, length: f64, scene: &mut Scene) {
    scene.stroke(&[(area.left, y), (area.left + length, y)], &FRAME_PEN);
    scene.stroke(&[(area.right, y), (area.right - length, y)], &FRAME_PEN);
}
