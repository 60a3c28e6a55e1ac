//! The command `dam`: thresholds, phase diagrams, and retrieval simulations from job files.

mod commands;
mod terminal;

use std::io::Write;
use std::process::ExitCode;

use anstream::AutoStream;
use clap::{ColorChoice, Parser, ValueEnum};
use dam::memory::kernel::InstructionSet;

use terminal::error::CommandError;
use terminal::note::{Voice, hint, note, tell};
use terminal::simulation;

/// Statistical physics of dense associative memories: thresholds, simulations, figures.
#[derive(Debug, Parser)]
#[command(name = "dam", version = VERSION, long_version = long_version(), after_help = BOOK, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Arguments,
    /// No progress and no remarks on standard error; warnings and errors stay
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Colour in help and before errors; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

/// The version, and the commit that it was built from.
const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (commit ",
    env!("DAM_COMMIT"),
    ")"
);

/// Where a reader begins.
const BOOK: &str =
    "To begin with: docs/README.md of the repository, a book with five tutorials of ten minutes";

/// The version, and what of the build and of this machine decides how fast it is.
fn long_version() -> String {
    let sets: Vec<String> = InstructionSet::available()
        .iter()
        .map(|set| format!("{set:?}"))
        .collect();
    format!(
        "{VERSION}\nbuilt for {} {}, without optional features\nvector instructions of this machine: {}",
        std::env::consts::ARCH,
        std::env::consts::OS,
        sets.join(", ")
    )
}

fn main() -> ExitCode {
    // before anything else, so that no signal finds the process deaf
    let listening = simulation::listen();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refused(&error),
    };
    let voice = Voice {
        is_quiet: arguments.quiet,
        color: arguments.color,
    };
    voice.raise();
    match listening.and_then(|()| commands::execute(&arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            if let Some(list) = words().find(|word| is_decimal_comma(word)) {
                let number = list.replace(',', ".");
                hint(format_args!(
                    "{list} is a list of two numbers; the decimal sign is a point: {number}"
                ));
            }
            ExitCode::from(error.exit_status())
        }
    }
}

/// What the parser of the command line says, in plain words; help and version as they are.
fn refused(error: &clap::Error) -> ExitCode {
    let voice = Voice {
        is_quiet: false,
        color: color_of_words(),
    };
    voice.raise();
    let status = u8::try_from(error.exit_code()).unwrap_or(2);
    if error.use_stderr() {
        let text = error.render().to_string();
        let plain = WORDS
            .iter()
            .fold(text, |text, (theirs, ours)| text.replace(theirs, ours));
        match plain.trim_end().strip_prefix("error: ") {
            Some(text) => tell(&CommandError::BadInput(text.to_owned())),
            None => note(plain.trim_end()),
        }
    } else {
        let mut output = AutoStream::new(std::io::stdout(), voice.color_of_streams());
        // nobody is left to tell where standard output is closed
        let _ = write!(output, "{}", error.render().ansi());
    }
    ExitCode::from(status)
}

/// What Rust says of numbers, and what it means.
const WORDS: [(&str, &str); 4] = [
    ("invalid digit found in string", "it is not a whole number"),
    ("invalid float literal", "it is not a number"),
    ("cannot parse integer from empty string", "it is empty"),
    ("number too large to fit in target type", "it is too large"),
];

/// The words of the command line; those that are no text are skipped.
fn words() -> impl Iterator<Item = String> {
    std::env::args_os().filter_map(|word| word.into_string().ok())
}

/// What `--color` says on a command line that the parser has ended on.
fn color_of_words() -> ColorChoice {
    let words: Vec<String> = words().collect();
    let pairs = words.windows(2).filter(|pair| pair[0] == "--color");
    let next = pairs.map(|pair| pair[1].as_str());
    let joined = words
        .iter()
        .filter_map(|word| word.strip_prefix("--color="));
    let said = next.chain(joined).last();
    let choice = said.and_then(|word| ColorChoice::from_str(word, false).ok());
    choice.unwrap_or(ColorChoice::Auto)
}

/// Whether a word may be a number whose decimal sign is a comma, such as `0,5`.
fn is_decimal_comma(word: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    word.split_once(',')
        .is_some_and(|(whole, rest)| is_digits(whole) && is_digits(rest))
}
