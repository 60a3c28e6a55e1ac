//! The command `dam`: thresholds, phase diagrams, and retrieval simulations from job files.

mod commands;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use terminal::note::note;
use terminal::simulation;

/// Statistical physics of dense associative memories: thresholds, simulations, figures.
#[derive(Debug, Parser)]
#[command(name = "dam", version = VERSION, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Arguments,
}

/// The version, and the commit that it was built from.
const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (commit ",
    env!("DAM_COMMIT"),
    ")"
);

fn main() -> ExitCode {
    // before anything else, so that no signal finds the process deaf
    let listening = simulation::listen();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refused(&error),
    };
    match listening.and_then(|()| commands::execute(&arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note(format_args!("{}: {error}", error.label()));
            if let Some(list) = std::env::args().find(|word| is_decimal_comma(word)) {
                let number = list.replace(',', ".");
                note(format_args!(
                    "hint: {list} is a list of two numbers; the decimal sign is a point: {number}"
                ));
            }
            ExitCode::from(error.exit_status())
        }
    }
}

/// What the parser of the command line says, in plain words; help and version as they are.
fn refused(error: &clap::Error) -> ExitCode {
    let status = u8::try_from(error.exit_code()).unwrap_or(2);
    if error.use_stderr() {
        let text = error.render().to_string();
        let plain = WORDS
            .iter()
            .fold(text, |text, (theirs, ours)| text.replace(theirs, ours));
        note(plain.trim_end());
    } else {
        // nobody is left to tell where standard output is closed
        let _ = error.print();
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

/// Whether a word may be a number whose decimal sign is a comma, such as `0,5`.
fn is_decimal_comma(word: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    word.split_once(',')
        .is_some_and(|(whole, rest)| is_digits(whole) && is_digits(rest))
}
