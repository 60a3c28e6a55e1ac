//! Writes a scene as pdf: vector shapes throughout, text as the outlines of its letters, so that no font is embedded.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};

use super::geometry::Point;
use super::scene::{Primitive, Scene, Text};
use super::typeface::{Segment, outlines};
use crate::figure::{Color, Metadata};

/// Distance of the handles of a quarter circle from its ends, in radii.
const QUARTER: f64 = 0.552_284_75;
const CATALOGUE: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFORMATION: Ref = Ref::new(5);
/// The first of the graphics states, one for each opacity.
const FIRST_STATE: i32 = 6;

/// The figure as a document of one page, `points` (1/72 inch) per pixel. The same scene gives the same bytes.
pub(crate) fn pdf(scene: &Scene, points: f64, metadata: &Metadata) -> std::io::Result<Vec<u8>> {
    let opacities = opacities(scene);
    let mut page = Page {
        content: Content::new(),
        opacities: &opacities,
    };
    // y runs down in the scene and up on the page
    page.content.transform([
        single(points),
        0.0,
        0.0,
        single(-points),
        0.0,
        single(scene.height * points),
    ]);
    page.content.set_line_cap(LineCapStyle::ButtCap);
    page.content.set_line_join(LineJoinStyle::RoundJoin);
    for primitive in &scene.primitives {
        page.draw(primitive);
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&page.content.finish())?;
    let packed = encoder.finish()?;

    let mut document = Pdf::new();
    document.catalog(CATALOGUE).pages(PAGES);
    let mut information = document.document_info(INFORMATION);
    for (name, text) in metadata.entries() {
        // the names that viewers show
        let key: &[u8] = match name {
            "Description" => b"Subject",
            "Source" => b"Keywords",
            "Software" => b"Creator",
            other => other.as_bytes(),
        };
        information.pair(Name(key), TextStr(text));
    }
    information.finish();
    document.pages(PAGES).kids([PAGE]).count(1);
    let size = (single(scene.width * points), single(scene.height * points));
    let mut described = document.page(PAGE);
    described.parent(PAGES);
    described.media_box(Rect::new(0.0, 0.0, size.0, size.1));
    described.contents(CONTENT);
    let mut resources = described.resources();
    let mut states = resources.ext_g_states();
    for (reference, opacity) in (FIRST_STATE..).zip(&opacities) {
        states.pair(Name(state_name(*opacity).as_bytes()), Ref::new(reference));
    }
    states.finish();
    resources.finish();
    described.finish();
    document
        .stream(CONTENT, &packed)
        .filter(Filter::FlateDecode);
    for (reference, opacity) in (FIRST_STATE..).zip(&opacities) {
        let mut state = document.ext_graphics(Ref::new(reference));
        state.non_stroking_alpha(single(*opacity));
    }
    Ok(document.finish())
}

/// The opacities of the areas, and 1, each once.
fn opacities(scene: &Scene) -> Vec<f64> {
    let mut found = vec![1.0];
    for primitive in &scene.primitives {
        if let Primitive::Polygon { opacity, .. } = primitive
            && !found.contains(opacity)
        {
            found.push(*opacity);
        }
    }
    found
}

fn state_name(opacity: f64) -> String {
    format!("O{}", (1e4 * opacity).round())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths on a page need few digits"
)]
fn single(value: f64) -> f32 {
    value as f32
}

struct Page<'a> {
    content: Content,
    opacities: &'a [f64],
}

impl Page<'_> {
    fn draw(&mut self, primitive: &Primitive) {
        match primitive {
            Primitive::Line {
                points,
                width,
                color,
            } => {
                self.stroke_color(*color);
                self.content.set_line_width(single(*width));
                self.path(points);
                self.content.stroke();
            }
            Primitive::Polygon {
                corners,
                color,
                opacity,
            } => {
                let is_thin = *opacity < 1.0 && self.opacities.len() > 1;
                self.fill_color(*color);
                if is_thin {
                    self.opacity(*opacity);
                }
                self.path(corners);
                self.content.close_path().fill_nonzero();
                if is_thin {
                    self.opacity(1.0);
                }
            }
            Primitive::Rectangle { area, color } => {
                self.fill_color(*color);
                self.path(&area.corners());
                self.content.close_path().fill_nonzero();
            }
            Primitive::Circle {
                centre,
                radius,
                color,
            } => {
                self.fill_color(*color);
                self.circle(*centre, *radius);
                self.content.fill_nonzero();
            }
            Primitive::Text(text) => self.text(text),
        }
    }

    fn opacity(&mut self, opacity: f64) {
        self.content
            .set_parameters(Name(state_name(opacity).as_bytes()));
    }

    fn stroke_color(&mut self, color: Color) {
        let [red, green, blue] = channels(color);
        self.content.set_stroke_rgb(red, green, blue);
    }

    fn fill_color(&mut self, color: Color) {
        let [red, green, blue] = channels(color);
        self.content.set_fill_rgb(red, green, blue);
    }

    fn move_to(&mut self, (x, y): Point) {
        self.content.move_to(single(x), single(y));
    }

    fn line_to(&mut self, (x, y): Point) {
        self.content.line_to(single(x), single(y));
    }

    fn curve_to(&mut self, [a, b, c]: [Point; 3]) {
        let [a, b, c] = [a, b, c].map(|(x, y)| (single(x), single(y)));
        self.content.cubic_to(a.0, a.1, b.0, b.1, c.0, c.1);
    }

    fn path(&mut self, points: &[Point]) {
        let Some((first, others)) = points.split_first() else {
            return;
        };
        self.move_to(*first);
        for &point in others {
            self.line_to(point);
        }
    }

    fn circle(&mut self, (x, y): Point, radius: f64) {
        let at = |(dx, dy): Point| (x + dx * radius, y + dy * radius);
        let corners = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)];
        self.move_to(at(corners[0]));
        for ends in corners.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            let towards = |a: Point, b: Point| (a.0 + QUARTER * b.0, a.1 + QUARTER * b.1);
            self.curve_to([towards(from, to), towards(to, from), to].map(at));
        }
    }

    fn text(&mut self, text: &Text) {
        self.fill_color(text.color);
        let (left, baseline) = text.start;
        // outlines have y up, in em
        let at = |(x, y): Point| {
            let (along, up) = (x * text.size, y * text.size);
            if text.rotated {
                (left - up, baseline - along)
            } else {
                (left + along, baseline - up)
            }
        };
        for segment in outlines(&text.content) {
            match segment {
                Segment::Start(point) => self.move_to(at(point)),
                Segment::Line(point) => self.line_to(at(point)),
                Segment::Curve(points) => self.curve_to(points.map(at)),
                Segment::Close => {
                    self.content.close_path();
                }
            }
        }
        self.content.fill_nonzero();
    }
}

fn channels(color: Color) -> [f32; 3] {
    [color.red, color.green, color.blue].map(|channel| f32::from(channel) / 255.0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;
    use crate::drawing::scene::Label;

    #[test]
    fn the_page_has_the_size_of_the_scene_and_letters_are_paths() {
        let mut scene = Scene {
            width: 200.0,
            height: 100.0,
            primitives: vec![Primitive::Circle {
                centre: (50.0, 50.0),
                radius: 10.0,
                color: Color::BLUE,
            }],
            areas: Vec::new(),
        };
        let label = Label::new("λ_{1}", 20.0).unwrap();
        label.draw((10.0, 10.0), Color::BLACK, &mut scene);
        let metadata = Metadata {
            title: "λ_1".to_owned(),
            description: "Samples: 200.".to_owned(),
            source: "job one".to_owned(),
        };
        let bytes = pdf(&scene, 0.75, &metadata).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with("%PDF-1.") && text.contains("/MediaBox [0 0 150 75]"));
        assert!(!text.contains("/Font"));
        assert!(text.contains("/Subject (Samples: 200.)") && text.contains("/Keywords (job one)"));
        assert_eq!(bytes, pdf(&scene, 0.75, &metadata).unwrap());
        let one: Vec<Segment> = outlines("1");
        assert!(matches!(one[0], Segment::Start(_)) && matches!(one.last(), Some(Segment::Close)));
    }
}
