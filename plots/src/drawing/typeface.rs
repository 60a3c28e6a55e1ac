//! The embedded font, `DejaVu Sans`: widths of text for the layout and outlines for the bitmap.

use std::convert::Infallible;
use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, OutlineCurve, PxScale, point};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendTextStyle, FontFamily, FontTransform};

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

static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(include_bytes!("../../fonts/DejaVuSans.ttf"))
        .expect("the embedded font file is a valid TrueType font")
});

fn units_per_em() -> f64 {
    f64::from(
        FONT.units_per_em()
            .expect("the embedded font states its units per em"),
    )
}

/// The glyphs of `text` and the horizontal position of each in em, kerning included, and the width of the whole.
fn place_glyphs(text: &str) -> (Vec<(GlyphId, f64)>, f64) {
    let per_em = units_per_em();
    let mut position = 0.0;
    let mut previous = None;
    let mut glyphs = Vec::new();
    for character in text.chars() {
        let glyph = FONT.glyph_id(character);
        if let Some(previous) = previous {
            position += f64::from(FONT.kern_unscaled(previous, glyph)) / per_em;
        }
        glyphs.push((glyph, position));
        position += f64::from(FONT.h_advance_unscaled(glyph)) / per_em;
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
        .find(|&character| character != '\n' && FONT.glyph_id(character) == GlyphId(0))
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

/// The outlines of `text` from its left end on.
pub(crate) fn outlines(text: &str) -> Vec<Segment> {
    let per_em = units_per_em();
    let mut segments = Vec::new();
    for (glyph, position) in place_glyphs(text).0 {
        let Some(outline) = FONT.outline(glyph) else {
            continue;
        };
        let at = |point: ab_glyph::Point| {
            let (x, y) = (f64::from(point.x), f64::from(point.y));
            (position + x / per_em, y / per_em)
        };
        let mut end: Option<ab_glyph::Point> = None;
        for curve in outline.curves {
            let (from, to) = match curve {
                OutlineCurve::Line(from, to)
                | OutlineCurve::Quad(from, _, to)
                | OutlineCurve::Cubic(from, _, _, to) => (from, to),
            };
            if end != Some(from) {
                if end.is_some() {
                    segments.push(Segment::Close);
                }
                segments.push(Segment::Start(at(from)));
            }
            segments.push(match curve {
                OutlineCurve::Line(_, to) => Segment::Line(at(to)),
                OutlineCurve::Cubic(_, a, b, to) => Segment::Curve([a, b, to].map(at)),
                OutlineCurve::Quad(from, handle, to) => {
                    // the same parabola as a cubic
                    let ((x, y), (from, to)) = (at(handle), (at(from), at(to)));
                    let towards =
                        |(a, b): (f64, f64)| (a + 2.0 * (x - a) / 3.0, b + 2.0 * (y - b) / 3.0);
                    Segment::Curve([towards(from), towards(to), to])
                }
            });
            end = Some(to);
        }
        if end.is_some() {
            segments.push(Segment::Close);
        }
    }
    segments
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

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "device units, far below 2^31"
    )]
    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        (left, top): BackendCoord,
        mut draw: DrawFunc,
    ) -> Result<Result<(), E>, Infallible> {
        // ab_glyph scales by the height of a line, not by the em.
        let scale =
            PxScale::from((self.em * f64::from(FONT.height_unscaled()) / units_per_em()) as f32);
        let baseline = (self.em * ASCENT) as f32;
        for (glyph, position) in place_glyphs(text).0 {
            let origin = point((position * self.em) as f32, baseline);
            let Some(outline) = FONT.outline_glyph(glyph.with_scale_and_position(scale, origin))
            else {
                continue;
            };
            let corner = outline.px_bounds().min;
            let (corner_x, corner_y) = (left + corner.x as i32, top + corner.y as i32);
            let mut outcome = Ok(());
            outline.draw(|x, y, coverage| {
                if outcome.is_ok() && coverage > 0.0 {
                    let color = self.color.mix(f64::from(coverage.min(1.0)));
                    outcome = draw(corner_x + x as i32, corner_y + y as i32, color);
                }
            });
            if outcome.is_err() {
                return Ok(outcome);
            }
        }
        Ok(Ok(()))
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
