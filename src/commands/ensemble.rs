//! `--ensemble` and the options of each ensemble's keys, made from theory's list of ensembles.

use std::sync::Arc;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};
use dam::runs::suggestion::did_you_mean;
use dam::theory::{
    ENSEMBLES, Ensemble, Key, KeyValue, Kind, Parameter, Parameters, TheoryError, ensemble_with,
};

use super::options::List;
use crate::terminal::error::CommandError;

// no doc comment: clap would take it for the text of the command
#[derive(Clone, Debug)]
pub struct EnsembleArguments {
    name: String,
    parameters: Parameters,
}

// no doc comment: clap would take it for the text of the command
#[derive(Debug, Args)]
pub struct LoadArguments {
    #[command(flatten)]
    pub law: EnsembleArguments,
    /// Loads ln(P)/N, `0.1,0.2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub alpha: List,
}

impl EnsembleArguments {
    /// Refuses an N at which the ensemble has no patterns.
    pub fn check_size(&self, size: f64) -> Result<(), CommandError> {
        let misfit = |error| CommandError::BadInput(format!("size = {size}: {error}"));
        let ensemble = self.ensemble()?;
        ensemble.structure().check_size(size).map_err(misfit)
    }

    /// The ensemble with its parameters.
    pub fn ensemble(&self) -> Result<Arc<dyn Ensemble>, CommandError> {
        ensemble_with(&self.name, &self.parameters).map_err(|error| {
            let near = match error {
                TheoryError::UnknownEnsemble { .. } => {
                    did_you_mean(&self.name, ENSEMBLES.iter().map(|kind| kind.name))
                }
                _ => String::new(),
            };
            CommandError::BadInput(format!("{error}{near}"))
        })
    }
}

impl Args for EnsembleArguments {
    fn augment_args(command: Command) -> Command {
        let ensemble = Arg::new("ensemble")
            .long("ensemble")
            .value_name("ENSEMBLE")
            .required(true)
            .help(format!("Law of the patterns: {}", names()));
        command.arg(ensemble).args(keys().map(|(kind, key)| {
            let rivals = kind.keys.iter().map(|rival| rival.name);
            let option = Arg::new(key.name)
                .long(flag(key))
                .value_name(key.symbol)
                .allow_hyphen_values(true)
                .conflicts_with_all(rivals.filter(|&rival| rival != key.name))
                .help(format!("{}: {}", kind.name, key.about));
            match key.value {
                KeyValue::List => option.value_parser(|text: &str| text.parse::<List>()),
                KeyValue::Number => option.value_parser(value_parser!(f64)),
            }
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for EnsembleArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let name = matches.get_one::<String>("ensemble").cloned();
        let parameters = keys().filter_map(|(_, key)| {
            let value = match key.value {
                KeyValue::List => matches.get_one::<List>(key.name)?.0.clone().into(),
                KeyValue::Number => Parameter::from(*matches.get_one::<f64>(key.name)?),
            };
            Some((key.name.to_owned(), value))
        });
        Ok(Self {
            name: name.unwrap_or_default(),
            parameters: parameters.collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Every key with its ensemble.
fn keys() -> impl Iterator<Item = (&'static Kind, &'static Key)> {
    ENSEMBLES
        .iter()
        .flat_map(|kind| kind.keys.iter().map(move |key| (kind, key)))
}

/// The option of a key, without its dashes.
fn flag(key: &Key) -> String {
    key.name.replace('_', "-")
}

/// `spherical, …, correlated-gaussian (needs --variance-ratio or --spectrum) or …`.
fn names() -> String {
    let mut known: Vec<String> = ENSEMBLES.iter().map(name).collect();
    match known.pop() {
        Some(last) if known.is_empty() => last,
        Some(last) => format!("{} or {last}", known.join(", ")),
        None => String::new(),
    }
}

/// The name of an ensemble and what it needs.
fn name(kind: &Kind) -> String {
    if kind.keys.is_empty() {
        return kind.name.to_owned();
    }
    let flags: Vec<String> = kind
        .keys
        .iter()
        .map(|key| format!("--{}", flag(key)))
        .collect();
    format!("{} (needs {})", kind.name, flags.join(" or "))
}
