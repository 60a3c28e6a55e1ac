//! Texts of others inside the page: nothing in a job, a result or a label is ever read as part of it.

use std::fmt::Write;

use dam_plots::PlotError;
use dam_plots::figure::{Node, parse};
use serde_json::{Value, json};

/// The text as HTML shows it, between tags and in quoted attributes.
pub fn html(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            // no character of a text, and an error in HTML
            '\0' => shown.push('\u{fffd}'),
            other => shown.push(other),
        }
    }
    shown
}

/// The value as it may stand inside a script element, which ends at the first `</script` whatever encloses it.
pub fn script(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A label of a figure as HTML, its scripts lowered and raised.
pub fn markup(label: &str) -> Result<String, PlotError> {
    Ok(html_of(&parse(label)?))
}

fn html_of(nodes: &[Node]) -> String {
    let piece = |node: &Node| match node {
        Node::Text(text) => html(text),
        Node::Subscript(inner) => format!("<sub>{}</sub>", html_of(inner)),
        Node::Superscript(inner) => format!("<sup>{}</sup>", html_of(inner)),
    };
    nodes.iter().map(piece).collect()
}

/// A label of a figure for the scripts: texts, `{"sub": […]}` and `{"sup": […]}`.
pub fn pieces(label: &str) -> Result<Value, PlotError> {
    Ok(pieces_of(&parse(label)?))
}

fn pieces_of(nodes: &[Node]) -> Value {
    let piece = |node: &Node| match node {
        Node::Text(text) => json!(text),
        Node::Subscript(inner) => json!({ "sub": pieces_of(inner) }),
        Node::Superscript(inner) => json!({ "sup": pieces_of(inner) }),
    };
    nodes.iter().map(piece).collect()
}

/// A file inside an address, for downloads.
pub fn data_address(kind: &str, bytes: &[u8]) -> String {
    format!("data:{kind};base64,{}", base64(bytes))
}

/// RFC 4648, with padding.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let joined = (0..3).fold(0_usize, |joined, place| {
            (joined << 8) | usize::from(group.get(place).copied().unwrap_or(0))
        });
        for place in 0..4 {
            let letter = char::from(LETTERS[(joined >> (18 - 6 * place)) & 63]);
            text.push(if place <= group.len() { letter } else { '=' });
        }
    }
    text
}

/// Attributes of an element, ` name="value"` each.
pub fn attributes(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        let _ = write!(text, " {name}=\"{}\"", html(value));
    }
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_element() {
        let text = "</script><b a='\"'>&\u{2028}";
        let shown = html(text);
        assert!(!shown.contains(['<', '>', '"', '\'']), "{shown}");
        let value = json!({ "text": text });
        let inside = script(&value);
        assert!(!inside.contains('<'), "{inside}");
        assert_eq!(serde_json::from_str::<Value>(&inside).unwrap(), value);
    }

    #[test]
    fn labels_keep_their_scripts_and_lose_their_tags() {
        let label = "α_{c}^{lb} < <i>";
        assert_eq!(
            markup(label).unwrap(),
            "α<sub>c</sub><sup>lb</sup> &lt; &lt;i&gt;"
        );
        assert_eq!(
            pieces(label).unwrap(),
            json!(["α", { "sub": ["c"] }, { "sup": ["lb"] }, " < <i>"])
        );
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }
}
