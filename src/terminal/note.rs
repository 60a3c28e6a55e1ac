//! Lines on standard error. A run goes on where nobody can read them: its results do not depend on a terminal.

use std::fmt::Display;
use std::io::Write;
use std::sync::OnceLock;

use anstream::AutoStream;
use clap::ColorChoice;
use clap::builder::styling::{AnsiColor, Style};

use super::error::CommandError;

/// How the command speaks.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// Only warnings and errors.
    pub is_quiet: bool,
    /// When the words before a message are coloured.
    pub color: ColorChoice,
}

static VOICE: OnceLock<Voice> = OnceLock::new();

impl Voice {
    /// Sets how the command speaks from now on; the first call counts.
    pub fn raise(self) {
        let _ = VOICE.set(self);
    }

    /// As it was set; before that aloud, with colour on a terminal.
    pub fn current() -> Self {
        VOICE.get().copied().unwrap_or(Self {
            is_quiet: false,
            color: ColorChoice::Auto,
        })
    }

    /// Whether a stream gets colour; on `auto` the stream and the environment (`NO_COLOR`) decide.
    pub fn color_of_streams(self) -> anstream::ColorChoice {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
    }
}

/// Writes a remark to standard error, if it can be written and is wanted.
pub fn note(text: impl Display) {
    if !Voice::current().is_quiet {
        write("", Style::new(), &text);
    }
}

/// Something that may make the results other than they seem.
pub fn warn(text: impl Display) {
    write("warning: ", AnsiColor::Yellow.on_default().bold(), &text);
}

/// Why the command ends, or what it leaves out.
pub fn tell(error: &CommandError) {
    let color = match error {
        CommandError::Interrupted(_) => AnsiColor::Yellow,
        CommandError::BadInput(_) | CommandError::Failed(_) => AnsiColor::Red,
    };
    let label = format!("{}: ", error.label());
    write(&label, color.on_default().bold(), error);
}

/// What may help against the error before.
pub fn hint(text: impl Display) {
    write("hint: ", AnsiColor::Cyan.on_default().bold(), &text);
}

fn write(label: &str, style: Style, text: &dyn Display) {
    let color = Voice::current().color_of_streams();
    let mut stream = AutoStream::new(std::io::stderr().lock(), color);
    let text = visible(&text.to_string());
    let _ = writeln!(stream, "{style}{label}{style:#}{text}");
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
