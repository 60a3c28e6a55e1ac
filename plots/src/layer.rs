//! What a panel can show: curves, points with error bars, lines, regions, text, maps and steps.

use crate::error::PlotError;
use crate::palette::{Color, Dash, Marker};

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub color: Color,
    /// Width in pixels, > 0.
    pub width: f64,
    /// Interruption.
    pub dash: Dash,
}

impl Stroke {
    /// A solid line 2 px wide.
    pub const fn solid(color: Color) -> Self {
        Self::new(color, Dash::Solid)
    }

    /// A line 2 px wide.
    pub const fn new(color: Color, dash: Dash) -> Self {
        Self {
            color,
            width: 2.0,
            dash,
        }
    }

    /// The same line with another width in pixels.
    #[must_use]
    pub const fn with_width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }
}

/// A line through points (x, y), in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Points (x, y), finite; at least one.
    pub points: Vec<(f64, f64)>,
    /// How the line is drawn.
    pub stroke: Stroke,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// A measured value with its error bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DataPoint {
    /// Abscissa.
    pub x: f64,
    /// Ordinate.
    pub y: f64,
    /// Ends (low, high) of the horizontal error bar, around `x`.
    pub x_interval: Option<(f64, f64)>,
    /// Ends (low, high) of the vertical error bar, around `y`.
    pub y_interval: Option<(f64, f64)>,
}

impl DataPoint {
    /// A point without error bars.
    pub const fn new(x: f64, y: f64) -> Self {
        Self {
            x,
            y,
            x_interval: None,
            y_interval: None,
        }
    }

    /// A point with the vertical error bar [low, high].
    pub const fn with_y_interval(x: f64, y: f64, low: f64, high: f64) -> Self {
        Self {
            x,
            y,
            x_interval: None,
            y_interval: Some((low, high)),
        }
    }
}

/// Markers with error bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// The points; at least one.
    pub points: Vec<DataPoint>,
    /// Shape.
    pub marker: Marker,
    /// Diameter in pixels, > 0.
    pub size: f64,
    /// Colour of markers and error bars.
    pub color: Color,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// A line across the whole panel at one ordinate.
#[derive(Debug, Clone, PartialEq)]
pub struct HorizontalLine {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Ordinate.
    pub y: f64,
    /// How the line is drawn.
    pub stroke: Stroke,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// A line across the whole panel at one abscissa.
#[derive(Debug, Clone, PartialEq)]
pub struct VerticalLine {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Abscissa.
    pub x: f64,
    /// How the line is drawn.
    pub stroke: Stroke,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// A shaded polygon.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Corners (x, y) in order around; at least three.
    pub corners: Vec<(f64, f64)>,
    /// Colour before thinning.
    pub color: Color,
    /// Opacity in (0, 1].
    pub opacity: f64,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// Where an annotation stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Placement {
    /// With its centre at the data coordinates (x, y).
    Centre(f64, f64),
    /// With its left end at the data coordinates (x, y).
    RightOf(f64, f64),
    /// With its right end at the data coordinates (x, y).
    LeftOf(f64, f64),
    /// Inside the polygon with these corners (data coordinates), clear of lines, points and other text; smaller, down to
    /// 70 %, if it does not fit otherwise, and failing that beside the polygon with a thin line leading into it.
    Within(Vec<(f64, f64)>),
}

/// Text at data coordinates.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// The text (markup); `\n` begins a new line.
    pub text: String,
    /// Where it stands.
    pub placement: Placement,
    /// Size of its em in pixels, > 0.
    pub size: f64,
    /// Ink.
    pub color: Color,
}

impl Annotation {
    /// Black text of 15 px.
    pub fn new(text: impl Into<String>, placement: Placement) -> Self {
        Self {
            text: text.into(),
            placement,
            size: 15.0,
            color: Color::BLACK,
        }
    }
}

/// Values on a grid of rectangular cells in viridis, with a colour bar.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// Name in the csv.
    pub name: String,
    /// Label of the colour bar (markup).
    pub value_label: String,
    /// Edges of the columns, increasing; one more than columns.
    pub x_edges: Vec<f64>,
    /// Edges of the rows, increasing; one more than rows.
    pub y_edges: Vec<f64>,
    /// Values row by row from the lowest y, columns × rows of them; `None` leaves the cell white.
    pub values: Vec<Option<f64>>,
    /// Values shown darkest and brightest, if not the least and the greatest of `values`; values beyond them
    /// take the colour of the end.
    pub value_range: Option<(f64, f64)>,
    /// What the values look like.
    pub colors: MapColors,
}

/// How the values of a map become colours.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum MapColors {
    /// From dark violet to yellow, with a colour bar.
    #[default]
    Viridis,
    /// Value k, a whole number from 0, has colour k; no colour bar.
    Categories(Vec<Color>),
}

/// A histogram-like line of constant heights between edges.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Edges of the bins, increasing; one more than heights.
    pub edges: Vec<f64>,
    /// Heights.
    pub heights: Vec<f64>,
    /// How the outline is drawn.
    pub stroke: Stroke,
    /// Whether the area down to 0 is shaded; not possible on a logarithmic axis.
    pub filled: bool,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// A legend entry without data, for what several layers share ("theory, N = ∞").
#[derive(Debug, Clone, PartialEq)]
pub struct LegendEntry {
    /// Text (markup).
    pub name: String,
    /// Sample shown before the text.
    pub stroke: Stroke,
}

/// Anything that a panel shows; drawn in the order in which they were added.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Layer {
    /// A line through points.
    Curve(Curve),
    /// Markers with error bars.
    Points(Points),
    /// A line across the panel at one ordinate.
    HorizontalLine(HorizontalLine),
    /// A line across the panel at one abscissa.
    VerticalLine(VerticalLine),
    /// A shaded polygon.
    Region(Region),
    /// Text; always drawn above the other layers.
    Annotation(Annotation),
    /// Coloured cells.
    HeatMap(HeatMap),
    /// A histogram.
    Steps(Steps),
    /// A legend entry without data.
    LegendEntry(LegendEntry),
}

macro_rules! layer_from {
    ($($kind:ident),+) => {$(
        impl From<$kind> for Layer {
            fn from(layer: $kind) -> Self {
                Self::$kind(layer)
            }
        }
    )+};
}
layer_from!(
    Curve,
    Points,
    HorizontalLine,
    VerticalLine,
    Region,
    Annotation,
    HeatMap,
    Steps,
    LegendEntry
);

impl Curve {
    /// A curve that the legend lists.
    pub fn new(name: impl Into<String>, points: Vec<(f64, f64)>, stroke: Stroke) -> Self {
        Self {
            name: name.into(),
            points,
            stroke,
            in_legend: true,
        }
    }

    /// The same curve, not listed in the legend.
    #[must_use]
    pub fn without_legend(mut self) -> Self {
        self.in_legend = false;
        self
    }
}

impl Points {
    /// Markers of 8 px that the legend lists.
    pub fn new(
        name: impl Into<String>,
        points: Vec<DataPoint>,
        marker: Marker,
        color: Color,
    ) -> Self {
        Self {
            name: name.into(),
            points,
            marker,
            size: 8.0,
            color,
            in_legend: true,
        }
    }
}

impl HorizontalLine {
    /// A line that the legend does not list.
    pub fn new(name: impl Into<String>, y: f64, stroke: Stroke) -> Self {
        Self {
            name: name.into(),
            y,
            stroke,
            in_legend: false,
        }
    }
}

impl VerticalLine {
    /// A line that the legend does not list.
    pub fn new(name: impl Into<String>, x: f64, stroke: Stroke) -> Self {
        Self {
            name: name.into(),
            x,
            stroke,
            in_legend: false,
        }
    }
}

impl Region {
    /// A lightly shaded polygon that the legend does not list.
    pub fn new(name: impl Into<String>, corners: Vec<(f64, f64)>, color: Color) -> Self {
        Self {
            name: name.into(),
            corners,
            color,
            opacity: 0.22,
            in_legend: false,
        }
    }

    /// The region between two curves over the same stretch of x, both in order of increasing x.
    pub fn between(
        name: impl Into<String>,
        lower: &[(f64, f64)],
        upper: &[(f64, f64)],
        color: Color,
    ) -> Self {
        let corners = lower.iter().chain(upper.iter().rev()).copied().collect();
        Self::new(name, corners, color)
    }
}

impl Layer {
    /// What the csv calls this kind of layer.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Curve(_) => "curve",
            Self::Points(_) => "points",
            Self::HorizontalLine(_) => "horizontal line",
            Self::VerticalLine(_) => "vertical line",
            Self::Region(_) => "region",
            Self::Annotation(_) => "annotation",
            Self::HeatMap(_) => "heat map",
            Self::Steps(_) => "steps",
            Self::LegendEntry(_) => "legend entry",
        }
    }

    /// Name in the csv and in messages.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Curve(layer) => &layer.name,
            Self::Points(layer) => &layer.name,
            Self::HorizontalLine(layer) => &layer.name,
            Self::VerticalLine(layer) => &layer.name,
            Self::Region(layer) => &layer.name,
            Self::Annotation(layer) => &layer.text,
            Self::HeatMap(layer) => &layer.name,
            Self::Steps(layer) => &layer.name,
            Self::LegendEntry(layer) => &layer.name,
        }
    }

    /// Whether the legend lists it.
    pub(crate) fn in_legend(&self) -> bool {
        match self {
            Self::Curve(layer) => layer.in_legend,
            Self::Points(layer) => layer.in_legend,
            Self::HorizontalLine(layer) => layer.in_legend,
            Self::VerticalLine(layer) => layer.in_legend,
            Self::Region(layer) => layer.in_legend,
            Self::Steps(layer) => layer.in_legend,
            Self::LegendEntry(_) => true,
            Self::Annotation(_) | Self::HeatMap(_) => false,
        }
    }

    /// All abscissae and all ordinates, for automatic ranges and for checking; positions count points.
    pub(crate) fn coordinates(&self) -> (Vec<f64>, Vec<f64>) {
        match self {
            Self::Curve(layer) => layer.points.iter().copied().unzip(),
            Self::Region(layer) => layer.corners.iter().copied().unzip(),
            Self::Points(layer) => {
                let ends = |interval: Option<(f64, f64)>| {
                    interval.into_iter().flat_map(|(low, high)| [low, high])
                };
                let x = layer
                    .points
                    .iter()
                    .flat_map(|point| std::iter::once(point.x).chain(ends(point.x_interval)));
                let y = layer
                    .points
                    .iter()
                    .flat_map(|point| std::iter::once(point.y).chain(ends(point.y_interval)));
                (x.collect(), y.collect())
            }
            Self::HorizontalLine(layer) => (Vec::new(), vec![layer.y]),
            Self::VerticalLine(layer) => (vec![layer.x], Vec::new()),
            Self::Annotation(layer) => match &layer.placement {
                Placement::Centre(x, y) | Placement::RightOf(x, y) | Placement::LeftOf(x, y) => {
                    (vec![*x], vec![*y])
                }
                Placement::Within(corners) => corners.iter().copied().unzip(),
            },
            Self::HeatMap(layer) => (layer.x_edges.clone(), layer.y_edges.clone()),
            Self::Steps(layer) => {
                let base = layer.filled.then_some(0.0);
                (
                    layer.edges.clone(),
                    layer.heights.iter().copied().chain(base).collect(),
                )
            }
            Self::LegendEntry(_) => (Vec::new(), Vec::new()),
        }
    }

    /// Checks everything that does not depend on the axes.
    pub(crate) fn validate(&self) -> Result<(), PlotError> {
        let layer = || self.name().to_owned();
        let (x, y) = self.coordinates();
        let least_count = match self {
            Self::LegendEntry(_) => 0,
            Self::Region(_) => 6,
            _ => 1,
        };
        if x.len() + y.len() < least_count {
            return Err(PlotError::EmptyLayer { layer: layer() });
        }
        for values in [&x, &y] {
            check_finite(self.name(), values)?;
        }
        match self {
            Self::Points(points) => {
                for (index, point) in points.points.iter().enumerate() {
                    for (value, interval) in
                        [(point.x, point.x_interval), (point.y, point.y_interval)]
                    {
                        if let Some((low, high)) = interval
                            && !(low..=high).contains(&value)
                        {
                            return Err(PlotError::IntervalMissesValue {
                                layer: layer(),
                                index,
                                low,
                                value,
                                high,
                            });
                        }
                    }
                }
            }
            Self::HeatMap(map) => {
                check_edges(&map.name, &map.x_edges)?;
                check_edges(&map.name, &map.y_edges)?;
                let cells = (map.x_edges.len() - 1) * (map.y_edges.len() - 1);
                check_count(&map.name, cells, map.values.len())?;
                let values: Vec<f64> = map.values.iter().copied().flatten().collect();
                check_finite(&map.name, &values)?;
                if values.is_empty() {
                    return Err(PlotError::EmptyLayer { layer: layer() });
                }
                if let MapColors::Categories(colors) = &map.colors
                    && let Some(&value) = values.iter().find(|&&value| {
                        !(value >= 0.0 && value.fract() == 0.0 && value < colors.len() as f64)
                    })
                {
                    return Err(PlotError::OutsideDomain {
                        quantity: "category of a map",
                        value,
                        domain: "the whole numbers from 0 that have a colour",
                    });
                }
                if let Some((low, high)) = map.value_range
                    && !(low.is_finite() && high.is_finite() && low < high)
                {
                    return Err(PlotError::InvalidRange {
                        axis: map.value_label.clone(),
                        low,
                        high,
                    });
                }
            }
            Self::Steps(steps) => {
                check_edges(&steps.name, &steps.edges)?;
                check_count(&steps.name, steps.edges.len() - 1, steps.heights.len())?;
            }
            _ => {}
        }
        self.validate_style()
    }

    fn validate_style(&self) -> Result<(), PlotError> {
        let positive = |quantity, value: f64| {
            if value.is_finite() && value > 0.0 {
                Ok(())
            } else {
                Err(PlotError::InvalidStyle {
                    layer: self.name().to_owned(),
                    quantity,
                    value,
                    domain: "the positive numbers",
                })
            }
        };
        match self {
            Self::Curve(layer) => positive("line width", layer.stroke.width),
            Self::HorizontalLine(layer) => positive("line width", layer.stroke.width),
            Self::VerticalLine(layer) => positive("line width", layer.stroke.width),
            Self::Steps(layer) => positive("line width", layer.stroke.width),
            Self::LegendEntry(layer) => positive("line width", layer.stroke.width),
            Self::Points(layer) => positive("marker size", layer.size),
            Self::Annotation(layer) => positive("text size", layer.size),
            Self::Region(layer) if !(layer.opacity > 0.0 && layer.opacity <= 1.0) => {
                Err(PlotError::InvalidStyle {
                    layer: layer.name.clone(),
                    quantity: "opacity",
                    value: layer.opacity,
                    domain: "(0, 1]",
                })
            }
            Self::Region(_) | Self::HeatMap(_) => Ok(()),
        }
    }
}

fn check_finite(layer: &str, values: &[f64]) -> Result<(), PlotError> {
    match values
        .iter()
        .enumerate()
        .find(|(_, value)| !value.is_finite())
    {
        Some((index, &value)) => Err(PlotError::NotFinite {
            layer: layer.to_owned(),
            index,
            value,
        }),
        None => Ok(()),
    }
}

fn check_edges(layer: &str, edges: &[f64]) -> Result<(), PlotError> {
    if edges.len() < 2 {
        return Err(PlotError::EmptyLayer {
            layer: layer.to_owned(),
        });
    }
    match edges.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(PlotError::EdgesNotIncreasing {
            layer: layer.to_owned(),
            previous: pair[0],
            next: pair[1],
        }),
        None => Ok(()),
    }
}

fn check_count(layer: &str, expected: usize, found: usize) -> Result<(), PlotError> {
    if expected == found {
        Ok(())
    } else {
        Err(PlotError::ShapeMismatch {
            layer: layer.to_owned(),
            expected,
            found,
        })
    }
}
