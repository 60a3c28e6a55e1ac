//! Lines on standard error. A run goes on where nobody can read them: its results do not depend on a terminal.

use std::fmt::Display;
use std::io::Write;

/// Writes a line to standard error, if it can be written.
pub fn note(text: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
