//! Places the runs of text that a label with scripts is made of.

use super::typeface::{ASCENT, DESCENT, check_characters, text_width};
use crate::error::PlotError;
use crate::figure::{Node, parse};

/// Size of a script relative to the text that carries it.
const SCRIPT_SIZE: f64 = 0.7;
/// Drop of a subscript's baseline, in em of the text that carries it.
const SUBSCRIPT_DROP: f64 = 0.22;
/// Rise of a superscript's baseline, in em of the text that carries it.
const SUPERSCRIPT_RISE: f64 = 0.4;

/// A piece of text in one size on one baseline; lengths in em of the whole label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub text: String,
    /// Left end.
    pub x: f64,
    /// Height of this run's baseline above the label's.
    pub rise: f64,
    /// Size of this run's em.
    pub size: f64,
    pub width: f64,
}

/// A label laid out on one line; lengths in em of the label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub runs: Vec<Run>,
    pub width: f64,
    /// Greatest height above the baseline.
    pub ascent: f64,
    /// Greatest depth below the baseline.
    pub descent: f64,
}

/// Lays out each line of `text`.
pub(crate) fn lay_out_lines(text: &str) -> Result<Vec<Line>, PlotError> {
    check_characters(text)?;
    text.split('\n').map(lay_out_line).collect()
}

fn lay_out_line(text: &str) -> Result<Line, PlotError> {
    let mut line = Line {
        runs: Vec::new(),
        width: 0.0,
        ascent: ASCENT,
        descent: DESCENT,
    };
    line.width = place(&parse(text)?, 0.0, 0.0, 1.0, &mut line.runs);
    for run in &line.runs {
        line.ascent = line.ascent.max(run.rise + ASCENT * run.size);
        line.descent = line.descent.max(DESCENT * run.size - run.rise);
    }
    Ok(line)
}

/// Appends the runs of `nodes` from `x` on and returns where they end.
fn place(nodes: &[Node], mut x: f64, rise: f64, size: f64, runs: &mut Vec<Run>) -> f64 {
    // start of the script just placed, for one of the other kind to be set above or below it
    let mut script_start: Option<(bool, f64)> = None;
    for node in nodes {
        match node {
            Node::Text(text) => {
                script_start = None;
                // viewers trim the ends of svg text, so blanks there become position
                let leading = text.len() - text.trim_start().len();
                let trimmed = text.trim();
                let end = x + text_width(text) * size;
                if !trimmed.is_empty() {
                    runs.push(Run {
                        text: trimmed.to_owned(),
                        x: x + text_width(&text[..leading]) * size,
                        rise,
                        size,
                        width: text_width(trimmed) * size,
                    });
                }
                x = end;
            }
            Node::Subscript(inner) | Node::Superscript(inner) => {
                let is_subscript = matches!(node, Node::Subscript(_));
                let shift = if is_subscript {
                    -SUBSCRIPT_DROP
                } else {
                    SUPERSCRIPT_RISE
                };
                let (start, pending) = match script_start {
                    Some((other, start)) if other != is_subscript => (start, None),
                    _ => (x, Some((is_subscript, x))),
                };
                let end = place(inner, start, rise + shift * size, size * SCRIPT_SIZE, runs);
                x = x.max(end);
                script_start = pending;
            }
        }
    }
    x
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn subscript_and_superscript_share_their_start_and_are_smaller() {
        let line = lay_out_line("α_{c}^{lb}x").unwrap();
        let [base, below, above, after] = line.runs.as_slice() else {
            panic!("four runs expected: {line:?}");
        };
        assert_eq!(below.x, base.width);
        assert_eq!(above.x, base.width);
        assert!(below.rise < 0.0 && above.rise > 0.0);
        assert!((below.size - SCRIPT_SIZE).abs() < 1e-12);
        // the text goes on after the wider of the two
        assert!((after.x - (base.width + above.width)).abs() < 1e-12);
        assert!(line.ascent > ASCENT);
    }

    #[test]
    fn blanks_at_the_ends_of_runs_become_positions() {
        let line = lay_out_line("λ_1 and α").unwrap();
        let last = line.runs.last().unwrap();
        assert_eq!(last.text, "and α");
        let blank = text_width(" and α") - text_width("and α");
        assert!(blank > 0.2);
        assert!((last.x - (line.width - last.width)).abs() < 1e-12);
    }
}
