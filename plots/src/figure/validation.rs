//! What a layer must fulfil to be drawn.

use super::areas::MapColors;
use super::layer::Layer;
use crate::error::PlotError;

impl Layer {
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
            Self::CrossLine(layer) => positive("line width", layer.stroke.width),
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
