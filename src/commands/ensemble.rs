//! `--ensemble` and the options of each ensemble's keys, made from theory's list of ensembles.

use std::sync::Arc;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};
use dam::theory::{
    CovarianceLaw, ENSEMBLE_NAMES, Ensemble, Parameter, Parameters, TheoryError, ensemble_with,
    parameter_names,
};

use super::options::List;

/// How the option of an ensemble's key is shown.
struct Key {
    name: &'static str,
    value_name: &'static str,
    about: &'static str,
    is_list: bool,
}

const KEYS: &[Key] = &[
    Key {
        name: "variance_ratio",
        value_name: "b",
        about: "ratio b ≥ 1 of the two eigenvalues of the covariance",
        is_list: false,
    },
    Key {
        name: "spectrum",
        value_name: "LIST",
        about: "K eigenvalues of the covariance, `0.5,0.5,1,2`, of mean 1; each stands for N/K of \
                them",
        is_list: true,
    },
    Key {
        name: "manifold_ratio",
        value_name: "D/N",
        about: "dimensions of the manifold per component, D/N > 0",
        is_list: false,
    },
];

// no doc comment: clap would take it for the text of the command
#[derive(Clone, Debug)]
pub struct EnsembleArguments {
    name: String,
    parameters: Parameters,
}

impl EnsembleArguments {
    /// The parameters that were given.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Refuses an N at which the ensemble has no patterns.
    pub fn check_size(&self, size: f64) -> Result<(), TheoryError> {
        if self.name == "correlated-gaussian" {
            CovarianceLaw::from_parameters(&self.parameters)?.check_size(size)?;
        }
        Ok(())
    }

    /// The ensemble with its parameters.
    pub fn ensemble(&self) -> Result<Arc<dyn Ensemble>, TheoryError> {
        ensemble_with(&self.name, &self.parameters)
    }
}

impl Args for EnsembleArguments {
    fn augment_args(command: Command) -> Command {
        let ensemble = Arg::new("ensemble")
            .long("ensemble")
            .value_name("ENSEMBLE")
            .required(true)
            .help(format!("Law of the patterns: {}", names()));
        command.arg(ensemble).args(keys().map(|(ensemble, key)| {
            let rivals = parameter_names(ensemble)
                .iter()
                .filter(|&&rival| rival != key.name);
            let option = Arg::new(key.name)
                .long(key.name.replace('_', "-"))
                .value_name(key.value_name)
                .allow_hyphen_values(true)
                .conflicts_with_all(rivals)
                .help(format!("{ensemble}: {}", key.about));
            if key.is_list {
                option.value_parser(|text: &str| text.parse::<List>())
            } else {
                option.value_parser(value_parser!(f64))
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
            let value = if key.is_list {
                let list = matches.get_one::<List>(key.name)?;
                Parameter::from(list.0.clone())
            } else {
                Parameter::from(*matches.get_one::<f64>(key.name)?)
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
fn keys() -> impl Iterator<Item = (&'static str, &'static Key)> {
    ENSEMBLE_NAMES.into_iter().flat_map(|ensemble| {
        parameter_names(ensemble)
            .iter()
            .filter_map(|&name| KEYS.iter().find(|key| key.name == name))
            .map(move |key| (ensemble, key))
    })
}

/// `spherical, …, correlated-gaussian (needs --variance-ratio or --spectrum) or …`.
fn names() -> String {
    let known: Vec<String> = ENSEMBLE_NAMES
        .into_iter()
        .map(|name| match parameter_names(name) {
            [] => name.to_owned(),
            keys => {
                let flags: Vec<String> = keys
                    .iter()
                    .map(|key| format!("--{}", key.replace('_', "-")))
                    .collect();
                format!("{name} (needs {})", flags.join(" or "))
            }
        })
        .collect();
    match known.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
