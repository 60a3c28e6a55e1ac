//! Reads labels with subscripts and superscripts, such as `α_{c}^{lb}`, as trees of scripts.
//!
//! `_` and `^` lower and raise the next character or the next group in braces; a subscript directly followed by a
//! superscript (or the reverse) shares its start. A backslash makes the next character literal.

use crate::error::PlotError;

/// A piece of a label.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Letters as they are.
    Text(String),
    /// Lowered.
    Subscript(Vec<Node>),
    /// Raised.
    Superscript(Vec<Node>),
}

/// Reads one line of markup.
///
/// # Errors
/// [`PlotError::Markup`] naming the position: a brace without its other one, a script without a character.
pub fn parse(text: &str) -> Result<Vec<Node>, PlotError> {
    let characters: Vec<char> = text.chars().collect();
    let mut position = 0;
    let nodes = parse_group(text, &characters, &mut position, 0)?;
    Ok(nodes)
}

/// A label without its markup, for places that know only letters: `α_{1}` is α_1, and what cannot be read stays as it is.
pub fn plain(text: &str) -> String {
    parse(text).map_or_else(|_| text.to_owned(), |nodes| plain_of(&nodes))
}

fn plain_of(nodes: &[Node]) -> String {
    let piece = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Subscript(inner) => format!("_{}", plain_of(inner)),
        Node::Superscript(inner) => format!("^{}", plain_of(inner)),
    };
    nodes.iter().map(piece).collect()
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
            parse(&dam_runs::view::literal(text)).unwrap(),
            vec![Node::Text(text.to_owned())]
        );
    }

    #[test]
    fn plain_text_keeps_letters_and_says_scripts_in_one_sign() {
        for (markup, shown) in [
            ("α_{1}, λ^{2}", "α_1, λ^2"),
            ("a\\_b", "a_b"),
            ("α_{c}^{lb}", "α_c^lb"),
            ("{no label", "{no label"),
        ] {
            assert_eq!(plain(markup), shown);
        }
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
}
