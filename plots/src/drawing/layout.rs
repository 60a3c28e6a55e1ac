//! Lays a figure out: frames, ticks, labels and layers become primitives at pixel positions.

use super::frame::{PADDING, TITLE_SIZE, does_not_fit};
use super::geometry::Rectangle;
use super::grid::Grid;
use super::legend::Legend;
use super::panel_parts::{Insets, PanelParts};
use super::placement::place_annotations;
use super::resolve::resolved_axes;
use super::scene::{Label, Primitive, Scene};
use super::ticks::ResolvedAxis;
use crate::error::PlotError;
use crate::figure::{Color, Figure, LegendPlacement, Panel};

/// Size of the text under the panels.
const NOTE_SIZE: f64 = 14.0;

/// Lays out the whole figure: frames of equal size in a grid, legends that find no place inside beside it or below.
pub(crate) fn lay_out(figure: &Figure) -> Result<Scene, PlotError> {
    figure.validate()?;
    let columns = figure.arrangement.columns(figure.panels.len());
    let size = figure.panel_size;
    let mut parts = Vec::new();
    let mut insets = Insets::default();
    for (index, panel) in figure.panels.iter().enumerate() {
        let measured = MeasuredPanel::new(panel, index, figure)?;
        insets = insets.max(measured.parts.insets(size));
        parts.push(measured);
    }
    let mut drawn = Vec::new();
    for panel in parts {
        drawn.push(panel.draw(size, insets)?);
    }
    let outside: Vec<Option<&Legend>> = drawn.iter().map(|panel| panel.outside.as_ref()).collect();
    let grid = Grid::new(figure, columns, insets, &outside);
    let mut scene = Scene {
        width: grid.width,
        height: 0.0,
        primitives: Vec::new(),
        areas: Vec::new(),
    };
    let room = grid.width - 2.0 * PADDING;
    let title = figure.title.as_ref();
    let title = title
        .map(|title| Label::wrapped(title, TITLE_SIZE, room))
        .transpose()?;
    let top = title.as_ref().map_or(0.0, |title| PADDING + title.height());
    if let Some(title) = &title {
        let left = 0.5 * (grid.width - title.width());
        title.draw((left, PADDING), Color::BLACK, &mut scene);
    }
    for (index, panel) in drawn.into_iter().enumerate() {
        let (left, upper) = grid.corner(index);
        let corner = (left, top + upper);
        let areas = panel.scene.areas.iter().map(|area| area.moved(corner));
        scene.areas.extend(areas);
        for mut primitive in panel.scene.primitives {
            primitive.translate(corner);
            scene.primitives.push(primitive);
        }
        if let Some(legend) = &panel.outside {
            let (at, rows) = grid.legend(index, legend, insets);
            legend.draw((at.0, top + at.1), rows, &mut scene);
        }
    }
    scene.height = top + grid.height;
    if let Some(note) = &figure.note {
        let note = Label::wrapped(note, NOTE_SIZE, room)?;
        note.draw((PADDING, scene.height), Color::GREY, &mut scene);
        scene.height += note.height() + PADDING;
    }
    (scene.width, scene.height) = (scene.width.ceil(), scene.height.ceil());
    check_inside(&scene, figure)?;
    Ok(scene)
}

/// A panel whose labels are measured.
struct MeasuredPanel<'f> {
    panel: &'f Panel,
    parts: PanelParts,
    x: ResolvedAxis,
    y: ResolvedAxis,
    legend: Option<Legend>,
}

/// A panel in the cell from (0, 0) to its size.
struct DrawnPanel {
    scene: Scene,
    /// The legend, where it stands outside.
    outside: Option<Legend>,
}

impl<'f> MeasuredPanel<'f> {
    fn new(panel: &'f Panel, index: usize, figure: &Figure) -> Result<Self, PlotError> {
        let number = index + 1;
        let (x, y) = resolved_axes(panel, number)?;
        let letter = (figure.panels.len() > 1).then(|| letter(index));
        Ok(Self {
            parts: PanelParts::new(panel, letter.as_deref(), figure.panel_size, &x, &y)?,
            panel,
            x,
            y,
            legend: match panel.legend {
                LegendPlacement::Hidden => None,
                _ => Legend::new(&panel.layers)?,
            },
        })
    }

    fn draw(self, size: (f64, f64), insets: Insets) -> Result<DrawnPanel, PlotError> {
        let mut scene = Scene {
            width: size.0,
            height: size.1,
            primitives: Vec::new(),
            areas: Vec::new(),
        };
        let frame = PanelParts::frame(size, insets, self.x, self.y)?;
        scene.areas.push(frame.area);
        let (mut obstacles, covered) = self.parts.draw(self.panel, &frame, &mut scene);
        let texts = place_annotations(self.panel, &frame, &obstacles, &mut scene)?;
        obstacles.extend(texts);
        obstacles.extend(covered);
        let is_inside = self.panel.legend == LegendPlacement::Automatic
            && self
                .legend
                .as_ref()
                .is_some_and(|legend| legend.place_inside(&frame.area, &obstacles, &mut scene));
        Ok(DrawnPanel {
            scene,
            outside: self.legend.filter(|_| !is_inside),
        })
    }
}

/// "(a)".
fn letter(index: usize) -> String {
    let letters = b'a'..=b'z';
    let letter = letters
        .clone()
        .nth(index % letters.len())
        .map_or('z', char::from);
    format!("({letter})")
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;
    use crate::drawing::geometry::{Point, polygon_contains};
    use crate::drawing::tick_labels::TICK_LABEL_SIZE;
    use crate::figure::{Annotation, Axis, Curve, DataPoint, Marker, Placement, Points, Stroke};

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
        assert!(extent.right < scene.width, "{extent:?}");
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
        let (x, y) = resolved_axes(&panel, 1).unwrap();
        let size = (800.0, 560.0);
        let insets = PanelParts::new(&panel, None, size, &x, &y)
            .unwrap()
            .insets(size);
        let frame = PanelParts::frame(size, insets, x, y).unwrap();
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

    #[test]
    fn frames_of_all_panels_have_one_size_and_letters() {
        let mut wide = unit_panel();
        wide.y_axis = Axis::new("y").with_range(0.0, 1e-7);
        wide.add(cloud("a name that needs room beside", |_, _| true));
        let mut plain = unit_panel();
        plain.add(cloud("b", |x, _| x < 0.2));
        let panels = vec![plain.clone(), wide.clone(), plain, wide];
        let figure = Figure::grid(panels, 2);
        let scene = lay_out(&figure).unwrap();
        let frames: Vec<Rectangle> = scene
            .primitives
            .iter()
            .filter_map(|primitive| match primitive {
                // a frame begins in the middle of its upper side
                Primitive::Line { points, .. } if points.len() == 6 => primitive.extent(),
                _ => None,
            })
            .collect();
        assert_eq!(frames.len(), 4);
        for frame in &frames {
            assert!((frame.width() - frames[0].width()).abs() < 1e-9);
            assert!((frame.height() - frames[0].height()).abs() < 1e-9);
        }
        let letters = ["(a)", "(b)", "(c)", "(d)"];
        let has = |letter: &&str| scene.texts().any(|run| run.content == **letter);
        assert!(letters.iter().all(has));
        // on paper the figure has the width of the column, and legends stand below
        for millimetres in [86.0, 178.0] {
            let fitted = figure.clone().fitted(millimetres);
            let scene = lay_out(&fitted).unwrap();
            let width = millimetres * 15.0 / 8.0 * 72.0 / 25.4;
            assert!((scene.width - width).abs() <= 1.0, "{}", scene.width);
        }
    }
}
