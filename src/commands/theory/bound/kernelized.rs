//! `dam theory bound kernelized`: random features on a sphere.

use clap::Args;
use dam::theory::bounds::{KernelizedChain, KernelizedMemory, kernelized_capacity};

use super::arguments::{FailureArguments, FeatureArguments};
use super::cells::{finite, vacuous};
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

/// Random features on a sphere: the lemma of kernelized Hopfield models, and tighter
#[derive(Debug, Args)]
#[command(mut_arg("failure_probability", |argument| argument.help("Probability p that random features violate the bound")))]
pub struct Arguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    beta: List,
    /// Feature dimensions D
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    dimension: List,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    failure: FailureArguments,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let row = |(beta, dimension): (f64, f64)| -> Result<Row, CommandError> {
        let memory = KernelizedMemory {
            inverse_temperature: beta,
            norm: arguments.features.norm,
            retrieval_radius: arguments.features.retrieval.radius(beta),
            failure_probability: arguments.failure.failure_probability,
        };
        let bound = |chain| kernelized_capacity(&memory, dimension, chain);
        let lemma = bound(KernelizedChain::Lemma)?;
        let exact = bound(KernelizedChain::Exact)?.capacity.log_count;
        let caps = bound(KernelizedChain::CapMeasure)?.capacity.log_count;
        Ok(vec![
            ("beta", beta.into()),
            ("norm", memory.norm.into()),
            ("retrieval_radius", memory.retrieval_radius.into()),
            ("failure_probability", memory.failure_probability.into()),
            ("dimension", dimension.into()),
            ("growth", finite(lemma.log_growth.exp())),
            ("log_capacity", lemma.capacity.log_count.into()),
            ("capacity", finite(lemma.capacity.count())),
            ("log_capacity_exact", finite(exact)),
            ("log_capacity_cap_measure", finite(caps)),
            ("vacuous", vacuous(&lemma.capacity)),
        ])
    };
    let names = ["beta", "dimension"];
    let rows = arguments.beta.rows_with(&arguments.dimension, names, row);
    table::print(arguments.format.format, rows)
}
