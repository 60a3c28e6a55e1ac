//! Reads labels with subscripts and superscripts, such as `α_{c}^{lb}`, into placed runs of text.
//!
//! `_` and `^` lower and raise the next character or the next group in braces; a subscript directly followed by a
//! superscript (or the reverse) shares its start. A backslash makes the next character literal.

use crate::error::PlotError;
use crate::typeface::{ASCENT, DESCENT, check_characters, text_width};

/// Size of a script relative to the text that carries it.
const SCRIPT_SIZE: f64 = 0.7;
/// Drop of a subscript's baseline, in em of the text that carries it.
const SUBSCRIPT_DROP: f64 = 0.22;
/// Rise of a superscript's baseline, in em of the text that carries it.
const SUPERSCRIPT_RISE: f64 = 0.4;

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Text(String),
    Subscript(Vec<Node>),
    Superscript(Vec<Node>),
}

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

/// The markup that shows `text` as it is.
///
/// ```
/// assert_eq!(dam_plots::literal("my_job"), r"my\_job");
/// ```
pub fn literal(text: &str) -> String {
    let mut markup = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '_' | '^' | '{' | '}' | '\\') {
            markup.push('\\');
        }
        markup.push(character);
    }
    markup
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

fn parse(text: &str) -> Result<Vec<Node>, PlotError> {
    let characters: Vec<char> = text.chars().collect();
    let mut position = 0;
    let nodes = parse_group(text, &characters, &mut position, 0)?;
    Ok(nodes)
}

fn parse_group(
    text: &str,
    characters: &[char],
    position: &mut usize,
    depth: usize,
) -> Result<Vec<Node>, PlotError> {
    let fail = |position, reason| PlotError::Markup {
        text: text.to_owned(),
        position,
        reason,
    };
    let mut nodes = Vec::new();
    let mut plain = String::new();
    let flush = |plain: &mut String, nodes: &mut Vec<Node>| {
        if !plain.is_empty() {
            nodes.push(Node::Text(std::mem::take(plain)));
        }
    };
    while let Some(&character) = characters.get(*position) {
        match character {
            '\\' => {
                let literal = characters
                    .get(*position + 1)
                    .ok_or_else(|| fail(*position, "a backslash ends the label"))?;
                plain.push(*literal);
                *position += 2;
            }
            '{' => return Err(fail(*position, "a brace opens outside a script")),
            '}' if depth == 0 => return Err(fail(*position, "a brace closes that was not opened")),
            '}' => {
                flush(&mut plain, &mut nodes);
                return Ok(nodes);
            }
            '_' | '^' => {
                flush(&mut plain, &mut nodes);
                let opened = *position;
                *position += 1;
                let inner = match characters.get(*position) {
                    None => return Err(fail(opened, "nothing follows the script sign")),
                    Some('{') => {
                        *position += 1;
                        let inner = parse_group(text, characters, position, depth + 1)?;
                        if characters.get(*position) != Some(&'}') {
                            return Err(fail(opened + 1, "this brace is never closed"));
                        }
                        *position += 1;
                        inner
                    }
                    Some('_' | '^' | '}' | '\\') => {
                        return Err(fail(*position, "a script needs a character or a group"));
                    }
                    Some(single) => {
                        *position += 1;
                        vec![Node::Text(single.to_string())]
                    }
                };
                let inner = lower_asterisks(inner);
                nodes.push(if character == '_' {
                    Node::Subscript(inner)
                } else {
                    Node::Superscript(inner)
                });
            }
            other => {
                plain.push(other);
                *position += 1;
            }
        }
    }
    flush(&mut plain, &mut nodes);
    Ok(nodes)
}

/// The typewriter asterisk is itself raised; in a script the centred one is meant, as in `α_*`.
fn lower_asterisks(nodes: Vec<Node>) -> Vec<Node> {
    nodes
        .into_iter()
        .map(|node| match node {
            Node::Text(text) => Node::Text(text.replace('*', "∗")),
            script => script,
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    fn text(content: &str) -> Node {
        Node::Text(content.to_owned())
    }

    #[test]
    fn scripts_take_one_character_or_a_group() {
        assert_eq!(
            parse("α_c^{lb}(λ)").unwrap(),
            vec![
                text("α"),
                Node::Subscript(vec![text("c")]),
                Node::Superscript(vec![text("lb")]),
                text("(λ)"),
            ]
        );
        assert_eq!(
            parse("e^{x_{i}}").unwrap(),
            vec![
                text("e"),
                Node::Superscript(vec![text("x"), Node::Subscript(vec![text("i")])]),
            ]
        );
        assert_eq!(
            parse("α_*").unwrap(),
            vec![text("α"), Node::Subscript(vec![text("∗")])]
        );
    }

    #[test]
    fn a_backslash_makes_signs_literal() {
        assert_eq!(parse(r"a\_b \{\^\}\\").unwrap(), vec![text(r"a_b {^}\")]);
    }

    #[test]
    fn literal_text_comes_back_as_it_was() {
        let text = r"run_1^{2}\n";
        assert_eq!(
            parse(&literal(text)).unwrap(),
            vec![Node::Text(text.to_owned())]
        );
    }

    #[test]
    fn malformed_labels_are_refused_with_the_position() {
        for (label, expected) in [
            ("α_{c", 2),
            ("α}", 1),
            ("{α}", 0),
            ("x^", 1),
            ("x__y", 2),
            (r"x\", 1),
        ] {
            match parse(label) {
                Err(PlotError::Markup { position, .. }) => {
                    assert_eq!(position, expected, "{label}");
                }
                other => panic!("{label}: {other:?}"),
            }
        }
    }

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
