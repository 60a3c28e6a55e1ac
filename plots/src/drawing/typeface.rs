//! The embedded font, `DejaVu Sans`: widths of text for the layout and outlines for the bitmap.

use std::convert::Infallible;
use std::sync::LazyLock;

use ab_glyph_rasterizer::{Rasterizer, point};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendTextStyle, FontFamily, FontTransform};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider;
use skrifa::raw::tables::kern::{Subtable0, SubtableKind};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use crate::error::PlotError;

/// Families named in the svg: the embedded one, its parent and its metric cousin, then whatever there is.
const FAMILIES: &str = "DejaVu Sans, Bitstream Vera Sans, Verdana, Arial, sans-serif";

/// Height of the tallest letters above the baseline in em; also the shift that plotters' svg backend
/// gives to text anchored at its top.
pub(crate) const ASCENT: f64 = 0.76;
/// Depth of the deepest letters below the baseline in em.
pub(crate) const DESCENT: f64 = 0.24;
/// plotters' svg backend divides every font size by this.
const PLOTTERS_FONT_SIZE_RATIO: f64 = 1.24;

/// The embedded font and the tables of it that every piece of text needs.
struct Typeface {
    font: FontRef<'static>,
    /// Advances and outlines are in units of the em square.
    units_per_em: f64,
    kerning: Vec<Subtable0<'static>>,
}

static TYPEFACE: LazyLock<Typeface> = LazyLock::new(|| {
    let font = FontRef::new(include_bytes!("../../fonts/DejaVuSans.ttf"))
        .expect("the embedded font file is a valid TrueType font");
    let units_per_em = font
        .head()
        .expect("the embedded font states its units per em")
        .units_per_em();
    let tables = font.kern().into_iter().flat_map(|kern| kern.subtables());
    let kerning = tables
        .flatten()
        .filter(|table| table.is_horizontal() && !table.is_cross_stream())
        .filter_map(|table| match table.kind() {
            Ok(SubtableKind::Format0(pairs)) => Some(pairs),
            _ => None,
        })
        .collect();
    Typeface {
        font,
        units_per_em: f64::from(units_per_em),
        kerning,
    }
});

impl Typeface {
    fn glyph(&self, character: char) -> Option<GlyphId> {
        let glyph = self.font.charmap().map(character);
        glyph.filter(|&glyph| glyph != GlyphId::NOTDEF)
    }

    /// What the pair moves closer by, in em.
    fn kern(&self, left: GlyphId, right: GlyphId) -> f64 {
        let of = |table: &Subtable0| table.kerning(left, right);
        f64::from(self.kerning.iter().filter_map(of).sum::<i32>()) / self.units_per_em
    }
}

/// The glyphs of `text` and the horizontal position of each in em, kerning included, and the width of the whole.
fn place_glyphs(text: &str) -> (Vec<(GlyphId, f64)>, f64) {
    let face = &*TYPEFACE;
    let metrics = GlyphMetrics::new(&face.font, Size::unscaled(), LocationRef::default());
    let mut position = 0.0;
    let mut previous = None;
    let mut glyphs = Vec::new();
    for character in text.chars() {
        let glyph = face.glyph(character).unwrap_or(GlyphId::NOTDEF);
        position += previous.map_or(0.0, |previous| face.kern(previous, glyph));
        glyphs.push((glyph, position));
        let advance = metrics.advance_width(glyph).unwrap_or(0.0);
        position += f64::from(advance) / face.units_per_em;
        previous = Some(glyph);
    }
    (glyphs, position)
}

/// Width of `text` in em.
pub(crate) fn text_width(text: &str) -> f64 {
    place_glyphs(text).1
}

/// Checks that the font has every character of `text`.
pub(crate) fn check_characters(text: &str) -> Result<(), PlotError> {
    match text
        .chars()
        .find(|&character| character != '\n' && TYPEFACE.glyph(character).is_none())
    {
        Some(character) => Err(PlotError::MissingCharacter {
            text: text.to_owned(),
            character,
        }),
        None => Ok(()),
    }
}

/// A piece of the outline of letters, in em, with y up from the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Segment {
    /// A new closed contour begins.
    Start((f64, f64)),
    Line((f64, f64)),
    /// A cubic: both handles, then the end.
    Curve([(f64, f64); 3]),
    Close,
}

/// Collects the outline of one glyph at its place.
struct Pen<'a> {
    segments: &'a mut Vec<Segment>,
    /// Where the glyph begins, in em.
    left: f64,
    units_per_em: f64,
    end: (f64, f64),
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        let per_em = self.units_per_em;
        (self.left + f64::from(x) / per_em, f64::from(y) / per_em)
    }
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.end = self.at(x, y);
        self.segments.push(Segment::Start(self.end));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.end = self.at(x, y);
        self.segments.push(Segment::Line(self.end));
    }

    fn quad_to(&mut self, handle_x: f32, handle_y: f32, x: f32, y: f32) {
        // the same parabola as a cubic
        let (handle, to) = (self.at(handle_x, handle_y), self.at(x, y));
        let towards = |(a, b): (f64, f64)| {
            (
                a + 2.0 * (handle.0 - a) / 3.0,
                b + 2.0 * (handle.1 - b) / 3.0,
            )
        };
        let handles = [towards(self.end), towards(to)];
        self.segments
            .push(Segment::Curve([handles[0], handles[1], to]));
        self.end = to;
    }

    fn curve_to(&mut self, x0: f32, y0: f32, x1: f32, y1: f32, x: f32, y: f32) {
        let curve = [self.at(x0, y0), self.at(x1, y1), self.at(x, y)];
        self.end = curve[2];
        self.segments.push(Segment::Curve(curve));
    }

    fn close(&mut self) {
        self.segments.push(Segment::Close);
    }
}

/// The outlines of `text` from its left end on.
pub(crate) fn outlines(text: &str) -> Vec<Segment> {
    let glyphs = TYPEFACE.font.outline_glyphs();
    let mut segments = Vec::new();
    for (glyph, left) in place_glyphs(text).0 {
        let mut pen = Pen {
            segments: &mut segments,
            left,
            units_per_em: TYPEFACE.units_per_em,
            end: (left, 0.0),
        };
        if let Some(outline) = glyphs.get(glyph) {
            let unscaled = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            outline
                .draw(unscaled, &mut pen)
                .expect("the outlines of the embedded font are valid");
        }
    }
    segments
}

/// Fills outlines whose em is `em` pixels: how much of each pixel of a box `width` wide and one em high
/// they cover.
#[expect(
    clippy::cast_possible_truncation,
    reason = "f32 resolves a pixel well enough"
)]
fn fill(segments: &[Segment], em: f64, (width, height): (usize, usize)) -> Rasterizer {
    let mut raster = Rasterizer::new(width, height);
    let pixel = |(x, y): (f64, f64)| point((x * em) as f32, ((ASCENT - y) * em) as f32);
    let (mut start, mut end) = ((0.0, 0.0), (0.0, 0.0));
    for segment in segments {
        match *segment {
            Segment::Start(at) => (start, end) = (at, at),
            Segment::Line(to) => {
                raster.draw_line(pixel(end), pixel(to));
                end = to;
            }
            Segment::Curve([a, b, to]) => {
                raster.draw_cubic(pixel(end), pixel(a), pixel(b), pixel(to));
                end = to;
            }
            Segment::Close => {
                raster.draw_line(pixel(end), pixel(start));
                end = start;
            }
        }
    }
    raster
}

/// A run of text as plotters' backends want it: anchored left, with the baseline [`ASCENT`] em below the position.
pub(crate) struct TextStyle {
    /// Size of the em square in device units.
    pub em: f64,
    /// Ink.
    pub color: BackendColor,
    /// Whether the text runs upwards.
    pub rotated: bool,
}

impl BackendTextStyle for TextStyle {
    type FontError = Infallible;

    fn color(&self) -> BackendColor {
        self.color
    }

    fn size(&self) -> f64 {
        self.em * PLOTTERS_FONT_SIZE_RATIO
    }

    fn transform(&self) -> FontTransform {
        if self.rotated {
            FontTransform::Rotate270
        } else {
            FontTransform::None
        }
    }

    fn anchor(&self) -> Pos {
        Pos::new(HPos::Left, VPos::Top)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(FAMILIES)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "device units, far below 2^31"
    )]
    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Infallible> {
        let width = (text_width(text) * self.em).ceil() as i32;
        let height = ((ASCENT + DESCENT) * self.em).ceil() as i32;
        Ok(((0, 0), (width, height)))
    }

    #[expect(clippy::cast_possible_wrap, reason = "device units, far below 2^31")]
    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        (left, top): BackendCoord,
        mut draw: DrawFunc,
    ) -> Result<Result<(), E>, Infallible> {
        let (_, (width, height)) = self.layout_box(text)?;
        let size = (
            width.unsigned_abs() as usize,
            height.unsigned_abs() as usize,
        );
        let mut outcome = Ok(());
        fill(&outlines(text), self.em, size).for_each_pixel_2d(|x, y, coverage| {
            if outcome.is_ok() && coverage > 0.0 {
                let color = self.color.mix(f64::from(coverage.min(1.0)));
                outcome = draw(left + x as i32, top + y as i32, color);
            }
        });
        Ok(outcome)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn widths_follow_the_font_tables() {
        // DejaVu Sans has 2048 units per em; the digit zero advances by 1303 of them
        assert!((text_width("0") - 1303.0 / 2048.0).abs() < 1e-12);
        assert!((text_width("00") - 2606.0 / 2048.0).abs() < 1e-12);
        assert_eq!(text_width(""), 0.0);
    }

    #[test]
    fn greek_and_mathematical_characters_are_there_and_missing_ones_are_named() {
        check_characters("αβγεζθλμξρΦ₀₁×∞−≤∗√ln").unwrap();
        let error = check_characters("λ 中").unwrap_err();
        assert!(error.to_string().contains('中'), "{error}");
    }
}
