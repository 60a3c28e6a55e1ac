//! `--ensemble` and the options of its parameters, from the list of ensembles.

use std::sync::Arc;

use clap::error::Error;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};
use dam::theory::{
    ENSEMBLES, Ensemble, Key, KeyValue, Parameter, Parameters, Structure, TheoryError,
    ensemble_with,
};

use super::options::List;

/// The law of the patterns.
#[derive(Debug)]
pub struct EnsembleArguments {
    name: String,
    parameters: Parameters,
}

/// `--variance-ratio` of `variance_ratio`.
fn option(key: &Key) -> String {
    key.name.replace('_', "-")
}

/// "spherical, …, hidden-manifold (needs --manifold-ratio)".
fn names() -> String {
    let name = |kind: &dam::theory::Kind| {
        let options: Vec<String> = kind
            .keys
            .iter()
            .map(|key| format!("--{}", option(key)))
            .collect();
        if options.is_empty() {
            kind.name.to_owned()
        } else {
            format!("{} (needs {})", kind.name, options.join(" or "))
        }
    };
    ENSEMBLES.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn keys() -> impl Iterator<Item = &'static Key> {
    ENSEMBLES.iter().flat_map(|kind| kind.keys)
}

impl Args for EnsembleArguments {
    fn augment_args(command: Command) -> Command {
        let mut command = command.arg(
            Arg::new("ensemble")
                .long("ensemble")
                .value_name("ENSEMBLE")
                .required(true)
                .help(format!("Law of the patterns: {}", names())),
        );
        for kind in ENSEMBLES {
            for key in kind.keys {
                let argument = Arg::new(key.name)
                    .long(option(key))
                    .value_name(key.symbol)
                    .allow_hyphen_values(true)
                    .help(format!("{}: {}", kind.name, key.about));
                command = command.arg(match key.value {
                    KeyValue::Number => argument.value_parser(value_parser!(f64)),
                    KeyValue::List => argument.value_parser(value_parser!(List)),
                });
            }
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for EnsembleArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let value = |key: &Key| -> Option<Parameter> {
            match key.value {
                KeyValue::Number => matches.get_one::<f64>(key.name).map(|&value| value.into()),
                KeyValue::List => matches
                    .get_one::<List>(key.name)
                    .map(|list| list.0.clone().into()),
            }
        };
        Ok(Self {
            name: matches
                .get_one::<String>("ensemble")
                .cloned()
                .unwrap_or_default(),
            parameters: keys()
                .filter_map(|key| Some((key.name.to_owned(), value(key)?)))
                .collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl EnsembleArguments {
    /// Refuses an N at which the ensemble has no patterns.
    pub fn check_size(&self, size: f64) -> Result<(), TheoryError> {
        match self.ensemble()?.structure() {
            Structure::Covariance(law) => law.check_size(size),
            Structure::Sphere | Structure::Normal | Structure::Signs | Structure::Components(_) => {
                Ok(())
            }
        }
    }

    /// The ensemble with its parameters.
    pub fn ensemble(&self) -> Result<Arc<dyn Ensemble>, TheoryError> {
        ensemble_with(&self.name, &self.parameters)
    }
}
