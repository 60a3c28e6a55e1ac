//! Lines on standard error. A run goes on where nobody can read them: its results do not depend on a terminal.

use std::fmt::Display;
use std::io::Write;

/// Writes a line to standard error, if it can be written.
pub fn note(text: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{}", visible(&text.to_string()));
}

/// A text from a file or a command line that a terminal shows and does not obey: control characters are written out.
pub fn visible(text: &str) -> String {
    let shown = |character: char| {
        let is_obeyed = character.is_control() && !"\n\t".contains(character);
        let plain = (!is_obeyed).then_some(character);
        let escaped = is_obeyed.then(|| character.escape_default());
        plain.into_iter().chain(escaped.into_iter().flatten())
    };
    text.chars().flat_map(shown).collect()
}
