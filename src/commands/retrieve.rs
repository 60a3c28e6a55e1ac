//! `dam retrieve`: what becomes of single queries among patterns of one's own.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use dam::memory::attention::AttentionMemory;
use dam::memory::dynamics::{GradientDescent, StopReason};
use dam::memory::files::{FilePatterns, npy_bytes};
use dam::memory::images::{Centering, Normalization, Pictures, Preparation, PreparedImages};
use dam::memory::patterns::Patterns;
use dam::memory::recall::{Candidate, Query, Recall, recall};
use dam::runs::whole_file;
use serde::de::DeserializeOwned;

use super::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::note::note;
use crate::terminal::table::{self, Row};

/// Show what becomes of single queries: weights, overlaps, energy and where each ends
///
/// Rows are the patterns of largest weight in the end, and the one asked for: lambda_half is the λ above which a pattern has more than half of
/// the weight at the query (its λ₁ by the empirical cumulant function of the other patterns), empty where another
/// pattern has a larger product with the query, so that no λ gives it back at once.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("queries").args(["query", "pattern"]).required(true)))]
pub struct Arguments {
    /// Patterns: .npy, .npz, a text of numbers, or a folder of PNG files
    #[arg(long, value_name = "FILE")]
    patterns: PathBuf,
    /// Name of the array in a .npz of several
    #[arg(long, value_name = "NAME")]
    array: Option<String>,
    /// Queries: rows of N numbers in any of these formats
    #[arg(long, value_name = "FILE")]
    query: Option<PathBuf>,
    /// Stored patterns as queries, counted from 0: 3,7
    #[arg(long, value_name = "INDICES", value_delimiter = ',')]
    pattern: Vec<usize>,
    /// Inverse temperatures λ: 0.1,0.2 or start:stop:count
    #[arg(long, value_name = "λ")]
    lambda: List,
    /// Patterns shown of each query
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    largest: u32,
    /// Number that stands for 1, by which patterns and queries are divided; default: 1, of PNG the white
    #[arg(long, value_name = "NUMBER")]
    unit: Option<f64>,
    /// Side of blocks of pixels whose mean is taken
    #[arg(long, value_name = "SIDE", default_value_t = 1)]
    pooling: usize,
    /// What is subtracted from patterns and queries: none, middle, image, set
    #[arg(long, default_value = "none", value_parser = named::<Centering>)]
    centering: Centering,
    /// To what length patterns and queries are brought: none, sphere
    #[arg(long, default_value = "none", value_parser = named::<Normalization>)]
    normalization: Normalization,
    /// Take equal patterns
    #[arg(long)]
    allow_repeats: bool,
    /// Most updates of a query
    #[arg(long, value_name = "STEPS", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    max_steps: u32,
    /// File for the retrieved vectors, a row for each query and λ, λ running fastest
    #[arg(long, value_name = "FILE.npy")]
    output: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArguments,
}

/// A value by its name in job files.
fn named<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let (patterns, queries) = arguments.prepared()?;
    let size = patterns.size();
    let memory = AttentionMemory::from(Patterns::from_rows(size, patterns.rows()));
    let states = queries.rows();
    let queries: Vec<Query> = states
        .chunks_exact(size)
        .enumerate()
        .map(|(index, state)| Query {
            state: state.to_vec(),
            target: arguments.pattern.get(index).copied(),
        })
        .collect();
    arguments.check_lambda(&memory, &queries)?;
    let descent = GradientDescent {
        max_steps: arguments.max_steps as usize,
        ..GradientDescent::default()
    };
    let largest = arguments.largest as usize;
    let found = recall(&memory, &queries, &arguments.lambda.0, &descent, largest);
    if let Some(path) = &arguments.output {
        let states: Vec<f64> = found
            .iter()
            .flat_map(|recall| recall.arrival.state.clone())
            .collect();
        let bytes = npy_bytes(&[found.len(), size], &states);
        whole_file::write(path, &bytes)
            .map_err(|error| CommandError::not_writable(path, &error))?;
    }
    let rows = found.iter().flat_map(|recall| {
        let candidates = recall.candidates.iter();
        candidates.map(|candidate| Ok(arguments.row(recall, candidate)))
    });
    table::print(arguments.format.format, rows)?;
    if let Some(path) = &arguments.output {
        note(format_args!("wrote {}", path.display()));
    }
    Ok(())
}

impl Arguments {
    /// The patterns and the queries as they enter the memory.
    fn prepared(
        &self,
    ) -> Result<(PreparedImages<FilePatterns>, PreparedImages<FilePatterns>), CommandError> {
        let bad = |error: &dyn std::error::Error| CommandError::BadInput(error.to_string());
        let array = self.array.as_deref();
        let mut set = FilePatterns::read(&self.patterns, array, self.allow_repeats)
            .map_err(|error| bad(&error))?;
        if let Some(unit) = self.unit {
            if !(unit > 0.0 && unit.is_finite()) {
                let message = format!("--unit {unit} is not a positive number");
                return Err(CommandError::BadInput(message));
            }
            set = set.with_unit(unit);
        }
        let count = set.count();
        if let Some(index) = self.pattern.iter().find(|&&index| index >= count) {
            let message = format!("--pattern {index}: there are {count} patterns, counted from 0");
            return Err(CommandError::BadInput(message));
        }
        let queries = match &self.query {
            Some(path) => set.read_queries(path).map_err(|error| bad(&error))?,
            None => set.selected(&self.pattern),
        };
        let preparation = Preparation {
            pooling: self.pooling,
            centering: self.centering,
            normalization: self.normalization,
        };
        let patterns = PreparedImages::new(set, preparation).map_err(|error| bad(&error))?;
        let queries = patterns.with_set(queries).map_err(|error| {
            CommandError::BadInput(format!("of the queries, counted from 0, {error}"))
        })?;
        Ok((patterns, queries))
    }

    /// Refuses λ that are not positive, or at which exponents leave the range of doubles.
    fn check_lambda(
        &self,
        memory: &AttentionMemory,
        queries: &[Query],
    ) -> Result<(), CommandError> {
        let squared_length = |row: &[f64]| row.iter().map(|value| value * value).sum::<f64>();
        let patterns = (0..memory.pattern_count()).map(|pattern| memory.pattern(pattern));
        let longest = patterns
            .map(|row| squared_length(&row))
            .chain(queries.iter().map(|query| squared_length(&query.state)))
            .fold(0.0, f64::max);
        for &lambda in &self.lambda.0 {
            if lambda <= 0.0 {
                let message = format!("--lambda {lambda} is not a positive number");
                return Err(CommandError::BadInput(message));
            }
            if lambda * longest > 1e300 {
                let message = format!(
                    "--lambda {lambda:e}: λ|x|² = {:e} leaves the range of doubles; give a smaller λ or a larger --unit",
                    lambda * longest
                );
                return Err(CommandError::BadInput(message));
            }
        }
        Ok(())
    }

    fn row(&self, recall: &Recall, candidate: &Candidate) -> Row {
        let state = &recall.arrival.state;
        let squared_norm =
            state.iter().map(|value| value * value).sum::<f64>() / state.len() as f64;
        let query = match self.pattern.as_slice() {
            [] => recall.query,
            patterns => patterns[recall.query],
        };
        let ended = if recall.arrival.reason == StopReason::Converged {
            "converged"
        } else {
            "max_steps"
        };
        vec![
            ("query", query.into()),
            ("lambda", recall.inverse_temperature.into()),
            ("rank", (candidate.rank + 1).into()),
            ("pattern", candidate.pattern.into()),
            ("initial_weight", candidate.initial_weight.into()),
            ("weight", candidate.weight.into()),
            ("initial_overlap", candidate.initial_overlap.into()),
            ("overlap", candidate.overlap.into()),
            ("lambda_half", candidate.half_weight.into()),
            ("initial_energy", recall.initial_energy.into()),
            ("energy", recall.energy.into()),
            ("squared_norm", squared_norm.into()),
            ("entropy", recall.entropy.into()),
            ("sharers", recall.sharers.into()),
            ("steps", recall.arrival.steps.into()),
            ("ended", ended.into()),
        ]
    }
}
