//! What a panel can show: curves, points with error bars, lines, regions, text, maps and steps.

use super::annotation::{Annotation, Placement};
use super::areas::{HeatMap, Region};
use super::lines::{Across, CrossLine, Curve, LegendEntry, Steps};
use super::points::Points;

/// Anything that a panel shows; drawn in the order in which they were added.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Layer {
    /// A line through points.
    Curve(Curve),
    /// Markers with error bars.
    Points(Points),
    /// A line across the panel.
    CrossLine(CrossLine),
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
    CrossLine,
    Region,
    Annotation,
    HeatMap,
    Steps,
    LegendEntry
);

impl Layer {
    /// What the csv calls this kind of layer.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Curve(_) => "curve",
            Self::Points(_) => "points",
            Self::CrossLine(line) => match line.across {
                Across::Horizontal(_) => "horizontal line",
                Across::Vertical(_) => "vertical line",
            },
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
            Self::CrossLine(layer) => &layer.name,
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
            Self::CrossLine(layer) => layer.in_legend,
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
            Self::CrossLine(layer) => match layer.across {
                Across::Horizontal(y) => (Vec::new(), vec![y]),
                Across::Vertical(x) => (vec![x], Vec::new()),
            },
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
}
