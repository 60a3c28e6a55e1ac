//! `dam job-script`: the script with which an engine of a cluster runs a job in units.

mod hyperqueue;
mod slurm;
mod snakemake;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use dam::runs::calibration::expected_time;
use dam::runs::plan::MEMORY_SHARE;
use dam::runs::shard::MOST_SHARDS;
use dam::sims::{Shard, efficiency, plan};
use indicatif::HumanDuration;

use super::job_file::{JobArguments, Opened};
use super::options::{CALIBRATION, MemoryArguments};
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// What hands out units of work.
#[derive(Debug)]
struct Engine {
    name: &'static str,
    about: &'static str,
    /// Its script, with `<<what>>` where something of the [`Units`] stands.
    script: &'static str,
}

/// Each engine is a file of its own.
const ENGINES: [&Engine; 3] = [&slurm::ENGINE, &hyperqueue::ENGINE, &snakemake::ENGINE];

/// Print the script that runs a job in units on a cluster; see docs/cluster
#[derive(Debug, Args)]
pub struct Arguments {
    /// What hands out the units
    #[arg(value_name = "ENGINE", value_parser = engines())]
    engine: &'static Engine,
    #[command(flatten)]
    job: JobArguments,
    /// Number of units; default: so that each takes about --minutes, but at most 1000
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..=MOST_UNITS))]
    units: Option<u32>,
    /// Wall time that a unit should take
    #[arg(long, default_value_t = 30, conflicts_with = "units", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    minutes: u32,
    /// Threads of each unit
    #[arg(long, value_name = "T", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    #[command(flatten)]
    memory: MemoryArguments,
}

const MOST_UNITS: i64 = MOST_SHARDS as i64;
/// What Slurm takes in one array where nobody has raised it; `--units` goes beyond.
const USUAL_UNITS: f64 = 1000.0;
/// How much longer than expected a unit may take on a slower or busy machine, and the least that is asked for.
const RESERVE: f64 = 3.0;
const LEAST_MINUTES: f64 = 10.0;
/// Bytes of a process without patterns.
const PROCESS: f64 = 256.0 * 1048576.0;

/// A job in equal units.
struct Units {
    job: String,
    output: String,
    name: String,
    count: u32,
    threads: u16,
    /// Time that each is expected to take here.
    expected: Duration,
    /// Wall time and memory to ask for.
    minutes: u64,
    mebibytes: u64,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
    let units = arguments.units(&opened)?;
    table::line(units.fill(arguments.engine.script).trim_end())
}

impl Arguments {
    fn units(&self, opened: &Opened) -> Result<Units, CommandError> {
        let Opened { job, survey, .. } = opened;
        let threads = usize::from(self.threads);
        let plans = plan(job, survey, Shard::WHOLE, threads, self.memory.free())?;
        let Some(total) = expected_time(job, &plans, threads, CALIBRATION) else {
            return Err(CommandError::BadInput(format!(
                "every sample of {:?} is there; merge with: dam merge {}",
                job.name,
                self.job.job.display()
            )));
        };
        let samples: usize = plans.iter().map(|plan| plan.missing.len()).sum();
        let wanted = (total.as_secs_f64() / (60.0 * f64::from(self.minutes))).ceil();
        let most = (samples as f64).min(USUAL_UNITS);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number from 1 to 1000"
        )]
        let by_time = wanted.min(most).max(1.0) as u32;
        let count = self.units.unwrap_or(by_time);
        let shards = f64::from(count);
        let expected = total.div_f64(shards * efficiency(job, count as usize));
        let bytes = plans.iter().map(|plan| plan.bytes(job)).max();
        let bytes = bytes.unwrap_or_default() as f64;
        Ok(Units {
            job: path(&self.job.job)?,
            output: path(&self.job.output)?,
            name: job.name.clone(),
            count,
            threads: self.threads,
            expected,
            minutes: whole((RESERVE * expected.as_secs_f64() / 60.0).max(LEAST_MINUTES)),
            mebibytes: whole((bytes / MEMORY_SHARE + PROCESS) / 1048576.0),
        })
    }
}

impl Units {
    /// `dam` with a subcommand on this job, for a shell.
    fn dam(&self, command: &str) -> String {
        let [job, output] = [&self.job, &self.output].map(|path| quoted(path));
        format!("dam {command} {job} --output {output}")
    }

    /// A script with what stands for `<<what>>` in it.
    fn fill(&self, script: &str) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let values = [
            ("remarks", self.remarks()),
            ("run", self.run()),
            ("name", self.name.clone()),
            ("count", self.count.to_string()),
            ("threads", self.threads.to_string()),
            ("minutes", self.minutes.to_string()),
            ("mebibytes", self.mebibytes.to_string()),
            // texts of JSON are texts of Python too
            ("job", text(&self.job)),
            ("output", text(&self.output)),
        ];
        let mut pieces = script.split("<<");
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for (name, rest) in pieces.filter_map(|piece| piece.split_once(">>")) {
            let value = values.iter().find(|(known, _)| *known == name);
            let (_, value) = value.expect("an engine asks for what units have");
            filled.extend([value, rest]);
        }
        filled
    }

    /// What a unit does, but for its number. It plans with the memory that it asks for, on larger nodes too.
    fn run(&self) -> String {
        let Self {
            threads, mebibytes, ..
        } = self;
        let run = self.dam("run");
        format!("{run} --threads {threads} --memory {mebibytes}")
    }

    /// What the units are, in comments.
    fn remarks(&self) -> String {
        let Self { count, threads, .. } = self;
        let expected = HumanDuration(self.expected);
        let units = if *count == 1 { "unit" } else { "units" };
        let [merge, plot] = ["merge", "plot"].map(|command| self.dam(command));
        format!(
            "# {count} {units} of about {expected} on {threads} threads, as estimated where this was written. What is stopped early\n\
             # saves what it has, and goes on from there when it runs again. When all is finished:\n\
             #     {merge} && {plot}"
        )
    }
}

/// A path as text.
fn path(path: &Path) -> Result<String, CommandError> {
    // braces are wildcards of Snakemake
    let is_strange = |character: char| character.is_control() || "{}".contains(character);
    let text = path.to_str().filter(|text| !text.contains(is_strange));
    text.map(str::to_owned).ok_or_else(|| {
        CommandError::BadInput(format!(
            "{:?} cannot stand in a script; use a path without braces and control characters",
            path.to_string_lossy()
        ))
    })
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The next whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positive; what is beyond any machine stays so"
)]
fn whole(number: f64) -> u64 {
    number.ceil() as u64
}

fn engines() -> impl TypedValueParser<Value = &'static Engine> {
    let names = ENGINES.map(|engine| PossibleValue::new(engine.name).help(engine.about));
    PossibleValuesParser::new(names).map(|name| {
        let named = ENGINES.into_iter().find(|engine| engine.name == name);
        named.expect("the parser takes names of the list only")
    })
}
