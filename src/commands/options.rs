//! Arguments that several commands share.
//!
//! The structs have no doc comments: clap would take them for the text of the command.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use dam::sims::{available_memory, linear_grid};

use crate::terminal::error::CommandError;
use crate::terminal::simulation;
use crate::terminal::table::{Format, Row};

/// How long samples are measured to say how long a run will take.
pub const CALIBRATION: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub struct FormatArguments {
    /// How the table is printed; csv and json have full precision
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct ThreadArguments {
    /// Threads; default: SLURM_CPUS_PER_TASK, else all cores
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

impl ThreadArguments {
    /// The number of threads to run on.
    pub fn count(&self) -> Result<usize, CommandError> {
        simulation::threads(self.threads)
    }
}

#[derive(Debug, Args)]
pub struct MemoryArguments {
    /// Plan as if this many MiB of memory were free; default: what is. 80 % of it may hold patterns;
    /// those that do not fit are drawn again in every pass, with the same results
    #[arg(long, value_name = "MIB", value_parser = mebibytes)]
    memory: Option<u64>,
}

impl MemoryArguments {
    /// Bytes to plan with.
    pub fn free(&self) -> u64 {
        self.memory
            .map_or_else(available_memory, |mebibytes| mebibytes << 20)
    }
}

/// MiB that `--memory` takes at most: 1 EiB.
const LARGEST_MEMORY: u64 = 1 << 40;

/// A whole number of MiB.
fn mebibytes(text: &str) -> Result<u64, String> {
    if let Ok(number @ 1..=LARGEST_MEMORY) = text.parse() {
        return Ok(number);
    }
    let digits = text.trim_end_matches(|character: char| !character.is_ascii_digit());
    let unit = text[digits.len()..].trim().to_lowercase();
    let factor = match unit.chars().next() {
        Some('m') => 1,
        Some('g') => 1 << 10,
        Some('t') => 1 << 20,
        _ => 0,
    };
    let meant = digits.trim().parse::<u64>().ok();
    let meant = meant.and_then(|number| number.checked_mul(factor));
    let mend = match meant {
        Some(number @ 1..=LARGEST_MEMORY) => format!("write {number}"),
        _ => "write 4096 for 4 GiB".to_owned(),
    };
    Err(format!(
        "it is not a whole number of MiB from 1 to {LARGEST_MEMORY}; {mend}"
    ))
}

/// Makes a folder for files, where there is none.
pub fn create_folder(path: &Path) -> Result<(), CommandError> {
    std::fs::create_dir_all(path).map_err(|error| CommandError::not_writable(path, &error))
}

/// A list of numbers: `0.1,0.2` or `start:stop:count`.
#[derive(Clone, Debug, PartialEq)]
pub struct List(pub Vec<f64>);

impl List {
    /// Every value of this list with every value of another one, which runs fastest.
    pub fn with<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (f64, f64)> + use<'a> {
        let pairs = |&first| other.0.iter().map(move |&second| (first, second));
        self.0.iter().flat_map(pairs)
    }

    /// A row for every value of this list, which has a `name`.
    pub fn rows<'a>(
        &'a self,
        name: &'a str,
        row: impl Fn(f64) -> Result<Row, CommandError> + 'a,
    ) -> impl Iterator<Item = Result<Row, CommandError>> {
        let named = move |&value: &f64| row(value).map_err(|error| error.at(&[(name, value)]));
        self.0.iter().map(named)
    }

    /// A row for every value of this list with every value of another one, which runs fastest.
    pub fn rows_with<'a>(
        &'a self,
        other: &'a Self,
        names: [&'a str; 2],
        row: impl Fn((f64, f64)) -> Result<Row, CommandError> + 'a,
    ) -> impl Iterator<Item = Result<Row, CommandError>> {
        self.with(other).map(move |(first, second)| {
            let at = [(names[0], first), (names[1], second)];
            row((first, second)).map_err(|error| error.at(&at))
        })
    }
}

/// A part of an axis from 0 on: `low:high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span(pub f64, pub f64);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ends = text.split_once(':').and_then(|(low, high)| {
            let ends: (f64, f64) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
            (ends.0 >= 0.0 && ends.0 < ends.1 && ends.1.is_finite()).then_some(ends)
        });
        let (low, high) = ends.ok_or("it is no range from 0 on; write low:high, such as 0:1.5")?;
        Ok(Self(low, high))
    }
}

/// The most values that one list may hold.
const LONGEST_LIST: usize = 1_000_000;

impl FromStr for List {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: &str| -> Result<f64, String> {
            let value: f64 = part.trim().parse().map_err(|_| {
                format!("{part:?} is not a number; write 0.1,0.2 or start:stop:count")
            })?;
            if value.is_finite() {
                Ok(value)
            } else {
                Err(format!("{part} is not finite"))
            }
        };
        let parts: Vec<&str> = text.split(':').collect();
        match parts[..] {
            [list] => list
                .split(',')
                .map(number)
                .collect::<Result<_, _>>()
                .map(List),
            [start, stop, count] => {
                let Ok(count @ 1..=LONGEST_LIST) = count.trim().parse::<usize>() else {
                    return Err(format!(
                        "{count:?} is not a count from 1 to {LONGEST_LIST} in start:stop:count"
                    ));
                };
                Ok(Self(linear_grid(number(start)?, number(stop)?, count)))
            }
            _ => Err("write 0.1,0.2 or start:stop:count".to_owned()),
        }
    }
}
