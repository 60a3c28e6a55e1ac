//! Lays a figure out: frames, ticks, labels and layers become primitives at pixel positions.

use super::frame::{GAP, PADDING, TITLE_SIZE, does_not_fit};
use super::geometry::Rectangle;
use super::legend::Legend;
use super::panel_parts::PanelParts;
use super::placement::place_annotations;
use super::scene::{Label, Primitive, Scene};
use super::ticks::ResolvedAxis;
use crate::error::PlotError;
use crate::figure::{Axis, Color, Figure, Layer, LegendPlacement, Panel};

/// Part of the range that an automatic axis leaves free at either end.
const MARGIN: f64 = 0.04;

/// Lays out the whole figure.
pub(crate) fn lay_out(figure: &Figure) -> Result<Scene, PlotError> {
    figure.validate()?;
    let columns = figure.arrangement.columns(figure.panels.len());
    let rows = figure.panels.len().div_ceil(columns);
    let (panel_width, panel_height) = figure.panel_size;
    let mut width = panel_width * columns as f64;
    let mut height = panel_height * rows as f64;
    let title = figure
        .title
        .as_ref()
        .map(|title| Label::new(title, TITLE_SIZE))
        .transpose()?;
    let top = title.as_ref().map_or(0.0, |title| PADDING + title.height());
    height += top;
    width = width.ceil();
    height = height.ceil();
    let mut scene = Scene {
        width,
        height,
        primitives: Vec::new(),
    };
    if let Some(title) = &title {
        let left = 0.5 * (width - title.width());
        title.draw((left, PADDING), Color::BLACK, &mut scene);
    }
    for (index, panel) in figure.panels.iter().enumerate() {
        let (column, row) = ((index % columns) as f64, (index / columns) as f64);
        let cell = Rectangle {
            left: column * panel_width,
            right: (column + 1.0) * panel_width,
            top: top + row * panel_height,
            bottom: top + (row + 1.0) * panel_height,
        };
        lay_out_panel(panel, index + 1, &cell, &mut scene)?;
    }
    check_inside(&scene, figure)?;
    Ok(scene)
}

/// Nothing may be cut off at the border of the figure.
fn check_inside(scene: &Scene, figure: &Figure) -> Result<(), PlotError> {
    let canvas = Rectangle {
        left: 0.0,
        top: 0.0,
        right: scene.width,
        bottom: scene.height,
    };
    for primitive in &scene.primitives {
        let Some(extent) = primitive.extent() else {
            continue;
        };
        let inside = canvas.contains((extent.left, extent.top))
            && canvas.contains((extent.right, extent.bottom));
        if !inside {
            let what = match primitive {
                Primitive::Text(run) => format!("the text \"{}\"", run.content),
                _ => "a part of the drawing".to_owned(),
            };
            return Err(does_not_fit(what, figure.panel_size));
        }
    }
    Ok(())
}

fn resolve_axis(
    axis: &Axis,
    panel: &Panel,
    number: usize,
    values: impl Fn(&Layer) -> Vec<f64>,
) -> Result<ResolvedAxis, PlotError> {
    let spanning = panel
        .layers
        .iter()
        .filter(|layer| !matches!(layer, Layer::Annotation(_)));
    let values: Vec<f64> = spanning.flat_map(values).collect();
    let has_map = panel
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::HeatMap(_)));
    let margin = if has_map { 0.0 } else { MARGIN };
    ResolvedAxis::new(axis, &values, margin, number)
}

fn lay_out_panel(
    panel: &Panel,
    number: usize,
    cell: &Rectangle,
    scene: &mut Scene,
) -> Result<(), PlotError> {
    let x = resolve_axis(&panel.x_axis, panel, number, |layer| layer.coordinates().0)?;
    let y = resolve_axis(&panel.y_axis, panel, number, |layer| layer.coordinates().1)?;
    let legend = match panel.legend {
        LegendPlacement::Hidden => None,
        _ => Legend::new(&panel.layers)?,
    };
    if let (Some(legend), LegendPlacement::Automatic) = (&legend, panel.legend) {
        let mut attempt = Scene {
            primitives: Vec::new(),
            ..*scene
        };
        let parts = PanelParts::new(panel, cell, &x, &y, 0.0)?;
        let mut obstacles = parts.draw(panel, &mut attempt);
        obstacles.extend(place_annotations(
            panel,
            &parts.frame,
            &obstacles,
            &mut attempt,
        )?);
        if legend.place_inside(&parts.frame.area, &obstacles, &mut attempt) {
            scene.primitives.append(&mut attempt.primitives);
            return Ok(());
        }
    }
    let room = cell.height() - 2.0 * PADDING;
    let reserved = legend
        .as_ref()
        .map_or(0.0, |legend| GAP + legend.size_in_columns(room).0);
    let parts = PanelParts::new(panel, cell, &x, &y, reserved)?;
    let obstacles = parts.draw(panel, scene);
    place_annotations(panel, &parts.frame, &obstacles, scene)?;
    if let Some(legend) = &legend {
        let (width, height) = legend.size_in_columns(room);
        let top = parts.frame.area.top.min(cell.bottom - PADDING - height);
        legend.draw_in_columns((cell.right - PADDING - width, top), room, scene);
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;
    use crate::drawing::geometry::{Point, polygon_contains};
    use crate::drawing::tick_labels::TICK_LABEL_SIZE;
    use crate::figure::{Annotation, Curve, DataPoint, Marker, Placement, Points, Stroke};

    fn cloud(name: &str, inside: impl Fn(f64, f64) -> bool) -> Points {
        let grid = Rectangle {
            left: 0.0,
            top: 0.0,
            right: 1.0,
            bottom: 1.0,
        }
        .grid(0.04);
        let points = grid
            .into_iter()
            .filter(|&(x, y)| inside(x, y))
            .map(|(x, y)| DataPoint::new(x, y))
            .collect();
        Points::new(name, points, Marker::Circle, Color::BLUE)
    }

    fn unit_panel() -> Panel {
        Panel::new(
            Axis::new("λ").with_range(0.0, 1.0),
            Axis::new("α").with_range(0.0, 1.0),
        )
    }

    /// Where the text `wanted` stands in the figure with this one panel.
    fn extent_of(panel: Panel, wanted: &str) -> (Rectangle, Scene) {
        let scene = lay_out(&Figure::new(panel)).unwrap();
        let extent = scene
            .texts()
            .find(|run| run.content == wanted)
            .unwrap()
            .extent();
        (extent, scene)
    }

    fn discs(scene: &Scene) -> Vec<Point> {
        let centres = scene
            .primitives
            .iter()
            .filter_map(|primitive| match primitive {
                Primitive::Circle { centre, .. } => Some(*centre),
                _ => None,
            });
        centres.collect()
    }

    #[test]
    fn the_legend_stands_in_a_free_corner() {
        // data everywhere but at the lower left
        let mut panel = unit_panel();
        panel.add(cloud("cloud", |x, y| x > 0.5 || y > 0.5));
        let (extent, scene) = extent_of(panel, "cloud");
        let centres = discs(&scene);
        assert!(extent.right < 420.0 && extent.top > 300.0, "{extent:?}");
        // the last disc is the sample in the legend
        for centre in &centres[..centres.len() - 1] {
            assert!(extent.distance(*centre) > 4.0, "{extent:?} {centre:?}");
        }
    }

    #[test]
    fn the_legend_moves_outside_when_data_are_everywhere() {
        let mut panel = unit_panel();
        panel.add(cloud("cloud", |_, _| true));
        let (extent, scene) = extent_of(panel, "cloud");
        let centres = discs(&scene);
        let rightmost = centres[..centres.len() - 1]
            .iter()
            .map(|(x, _)| *x)
            .fold(0.0, f64::max);
        assert!(extent.left > rightmost + 10.0, "{extent:?}");
        assert!(extent.right < 800.0, "{extent:?}");
    }

    #[test]
    fn a_name_finds_its_place_inside_its_region_away_from_curves() {
        let mut panel = unit_panel();
        let diagonal = vec![(0.0, 0.0), (1.0, 1.0)];
        panel.add(Curve::new("diagonal", diagonal, Stroke::solid(Color::BLACK)).without_legend());
        let upper = vec![(0.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        panel.add(Annotation::new("name", Placement::Within(upper.clone())));
        // an arrow leads from outside to a region that is too narrow for the text
        let sliver = vec![(0.4, 0.1), (0.41, 0.1), (0.41, 0.2), (0.4, 0.2)];
        panel.add(Annotation::new("narrow region", Placement::Within(sliver)));
        let (extent, scene) = extent_of(panel.clone(), "name");
        let x = resolve_axis(&panel.x_axis, &panel, 1, |_| Vec::new()).unwrap();
        let y = resolve_axis(&panel.y_axis, &panel, 1, |_| Vec::new()).unwrap();
        let cell = Rectangle {
            left: 0.0,
            top: 0.0,
            right: 800.0,
            bottom: 560.0,
        };
        let frame = PanelParts::new(&panel, &cell, &x, &y, 0.0).unwrap().frame;
        let polygon = frame.pixels(&upper);
        for corner in extent.grid(4.0) {
            assert!(polygon_contains(&polygon, corner), "{corner:?}");
        }
        let end = frame.pixel((0.405, 0.15));
        let led = scene.primitives.iter().any(|primitive| match primitive {
            Primitive::Line { points, .. } => points
                .iter()
                .any(|&(x, y)| (x - end.0).abs() < 6.0 && (y - end.1).abs() < 30.0),
            _ => false,
        });
        assert!(led, "no line leads to the narrow region");
    }

    #[test]
    fn texts_neither_leave_the_canvas_nor_overlap() {
        for (low, high) in [
            (0.0, 1.0),
            (-1.0, 1.0),
            (0.0, 3e7),
            (-4e-9, 1e-9),
            (99.5, 100.5),
        ] {
            for logarithmic in [false, true] {
                let mut panel = Panel::new(
                    Axis::new("a rather long label with α_{c}^{lb}").with_range(low, high),
                    Axis::new("λ_{×}").with_range(low, high),
                );
                if logarithmic {
                    panel.x_axis = Axis::new("P").with_range(high * 1e-12, high).logarithmic();
                    panel.y_axis = Axis::new("P").with_range(high * 1e-2, high).logarithmic();
                }
                let mut figure = Figure::side_by_side(vec![panel.clone(), panel]);
                figure.panel_size = (320.0, 260.0);
                let scene = lay_out(&figure).unwrap();
                let is_script = |size: f64| size < 0.9 * TICK_LABEL_SIZE;
                // scripts may reach into the line of the text that carries them
                let texts: Vec<(&String, Rectangle)> = scene
                    .texts()
                    .filter(|run| !is_script(run.size))
                    .map(|run| (&run.content, run.extent()))
                    .collect();
                assert!(texts.len() > 8);
                for (index, (text, a)) in texts.iter().enumerate() {
                    assert!(a.left >= 0.0 && a.top >= 0.0, "{text} {a:?}");
                    assert!(
                        a.right <= scene.width && a.bottom <= scene.height,
                        "{text} {a:?}"
                    );
                    for (other, b) in &texts[index + 1..] {
                        let apart = a.right <= b.left + 1e-9
                            || b.right <= a.left + 1e-9
                            || a.bottom <= b.top + 1e-9
                            || b.bottom <= a.top + 1e-9;
                        assert!(apart, "\"{text}\" {a:?} and \"{other}\" {b:?}");
                    }
                }
            }
        }
    }
}
