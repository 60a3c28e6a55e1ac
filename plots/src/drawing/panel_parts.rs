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

/// Room between the sides of a panel's cell and its frame.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Insets {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Insets {
    /// What both have room in.
    pub fn max(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// The labels, ticks and colour bar around the frame of a panel, measured.
pub(crate) struct PanelParts {
    letter: Option<Label>,
    title: Option<Label>,
    x_label: Label,
    y_label: Label,
    x_ticks: MeasuredTicks,
    y_ticks: MeasuredTicks,
    color_bar: Option<ColorBar>,
}

impl PanelParts {
    /// Measures all that stands around the frame of a panel of this size; titles are broken into lines that fit.
    pub fn new(
        panel: &Panel,
        letter: Option<&str>,
        (width, height): (f64, f64),
        x: &ResolvedAxis,
        y: &ResolvedAxis,
    ) -> Result<Self, PlotError> {
        let letter = letter
            .map(|letter| Label::new(letter, TITLE_SIZE))
            .transpose()?;
        let beside_letter = letter
            .as_ref()
            .map_or(0.0, |letter| 2.0 * (letter.width() + GAP));
        let title = panel
            .title
            .as_ref()
            .map(|title| Label::wrapped(title, TITLE_SIZE, width - 2.0 * PADDING - beside_letter))
            .transpose()?;
        let x_label = Label::wrapped(&panel.x_axis.label, AXIS_LABEL_SIZE, width - 2.0 * PADDING)?;
        let beside_y =
            height - 2.0 * PADDING - letter.as_ref().map_or(0.0, |letter| letter.height() + GAP);
        let y_label = Label::wrapped(
            &panel.y_axis.label,
            AXIS_LABEL_SIZE,
            beside_y - AXIS_LABEL_SIZE,
        )?;
        for (label, room, what) in [
            (Some(&x_label), width, &panel.x_axis.label),
            (Some(&y_label), height, &panel.y_axis.label),
            (
                title.as_ref(),
                width,
                panel.title.as_ref().unwrap_or(&panel.x_axis.label),
            ),
        ] {
            if label.is_some_and(|label| label.width() > room - 2.0 * PADDING) {
                return Err(does_not_fit(
                    format!("the label \"{what}\""),
                    (width, height),
                ));
            }
        }
        let map = panel.layers.iter().find_map(|layer| match layer {
            Layer::HeatMap(map) if map.colors == MapColors::Viridis => Some(map),
            _ => None,
        });
        Ok(Self {
            letter,
            title,
            x_label,
            y_label,
            x_ticks: MeasuredTicks::new(x)?,
            y_ticks: MeasuredTicks::new(y)?,
            color_bar: map.map(ColorBar::new).transpose()?,
        })
    }

    /// The room that they take of a cell of this size.
    pub fn insets(&self, (width, height): (f64, f64)) -> Insets {
        let left = PADDING + self.y_label.height() + GAP + self.y_ticks.widest() + GAP;
        let bottom = PADDING + self.x_label.height() + GAP + self.x_ticks.tallest() + GAP;
        let beside = self.color_bar.as_ref().map_or(0.0, ColorBar::width);
        let length = width - PADDING - left;
        let right = PADDING + beside.max(self.x_ticks.overhang(length, Label::width));
        let heading = [&self.title, &self.letter].into_iter().flatten();
        let heading = heading
            .map(|label| label.height() + GAP)
            .fold(0.0, f64::max);
        let overhang = self.y_ticks.overhang(height - bottom, Label::height);
        Insets {
            left,
            right,
            top: PADDING + heading.max(overhang),
            bottom,
        }
    }

    /// The frame that the insets leave of the cell from (0, 0) to `size`.
    pub fn frame(
        size: (f64, f64),
        insets: Insets,
        x: ResolvedAxis,
        y: ResolvedAxis,
    ) -> Result<Frame, PlotError> {
        let area = Rectangle {
            left: insets.left,
            right: size.0 - insets.right,
            top: insets.top,
            bottom: size.1 - insets.bottom,
        };
        if area.width() < SMALLEST_FRAME || area.height() < SMALLEST_FRAME {
            return Err(does_not_fit("a panel with its labels".to_owned(), size));
        }
        Ok(Frame { area, x, y })
    }

    /// Draws layers, axes and labels; returns points on the data, for text to keep away from, and on shaded areas, for the
    /// legend to keep away from too.
    pub fn draw(
        &self,
        panel: &Panel,
        frame: &Frame,
        scene: &mut Scene,
    ) -> (Vec<Point>, Vec<Point>) {
        let mut canvas = Canvas {
            frame,
            scene,
            obstacles: Vec::new(),
            covered: Vec::new(),
        };
        for layer in &panel.layers {
            canvas.draw(layer);
        }
        let (obstacles, covered) = (canvas.obstacles, canvas.covered);
        self.draw_axes(frame, scene);
        (obstacles, covered)
    }

    fn draw_axes(&self, frame: &Frame, scene: &mut Scene) {
        let area = frame.area;
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
        for &value in &frame.x.minor_ticks {
            let x = area.left + frame.x.fraction(value) * area.width();
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
        for &value in &frame.y.minor_ticks {
            let y = area.bottom - frame.y.fraction(value) * area.height();
            tick_upwards(&area, y, MINOR_TICK_LENGTH, scene);
        }
        if let Some(bar) = &self.color_bar {
            bar.draw(&area, scene);
        }
        self.draw_labels(&area, scene);
    }

    fn draw_labels(&self, area: &Rectangle, scene: &mut Scene) {
        let (centre_x, centre_y) = area.centre();
        let top = area.bottom + GAP + self.x_ticks.tallest() + GAP;
        let left = (centre_x - 0.5 * self.x_label.width()).max(PADDING);
        self.x_label.draw((left, top), Color::BLACK, scene);
        let left = area.left - GAP - self.y_ticks.widest() - GAP - self.y_label.height();
        // below the letter, which stands above it
        let heading = self.letter.as_ref().map_or(0.0, |_| area.top - GAP);
        let length = self.y_label.width();
        let bottom = (centre_y + 0.5 * length).max(heading + length);
        self.y_label
            .draw_rotated((left, bottom), Color::BLACK, scene);
        let letter = self.letter.as_ref();
        if let Some(letter) = letter {
            let top = area.top - GAP - letter.height();
            letter.draw((PADDING, top), Color::BLACK, scene);
        }
        if let Some(title) = &self.title {
            let beside = letter.map_or(0.0, |letter| PADDING + letter.width() + GAP);
            let left = (centre_x - 0.5 * title.width()).max(beside);
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
