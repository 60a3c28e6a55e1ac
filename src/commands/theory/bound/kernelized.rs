//! `dam theory bound kernelized`: random features on a sphere.

use clap::Args;
use dam::theory::bounds::{KernelizedChain, KernelizedMemory, kernelized_capacity};

use super::cells::{finite, vacuous};
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::Table;

/// Random features on a sphere: the lemma of kernelized Hopfield models, and tighter
#[derive(Debug, Args)]
pub struct Arguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    beta: List,
    /// Feature dimensions D
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    dimension: List,
    /// Retrieval radius R; default: 1/β
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    retrieval_radius: Option<f64>,
    /// Norm m of the features
    #[arg(
        long,
        value_name = "m",
        default_value_t = 1.0,
        allow_hyphen_values = true
    )]
    norm: f64,
    /// Probability p that random features violate the bound
    #[arg(
        long,
        value_name = "p",
        default_value_t = 0.01,
        allow_hyphen_values = true
    )]
    failure_probability: f64,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let mut table = Table::new([
        "beta",
        "norm",
        "retrieval_radius",
        "failure_probability",
        "dimension",
        "growth",
        "log_capacity",
        "capacity",
        "log_capacity_exact",
        "log_capacity_cap_measure",
        "vacuous",
    ]);
    for &beta in &arguments.beta.0 {
        let memory = KernelizedMemory {
            inverse_temperature: beta,
            norm: arguments.norm,
            retrieval_radius: arguments.retrieval_radius.unwrap_or(beta.recip()),
            failure_probability: arguments.failure_probability,
        };
        for &dimension in &arguments.dimension.0 {
            let bound = |chain| kernelized_capacity(&memory, dimension, chain);
            let lemma = bound(KernelizedChain::Lemma)?;
            let exact = bound(KernelizedChain::Exact)?.capacity.log_count;
            let caps = bound(KernelizedChain::CapMeasure)?.capacity.log_count;
            table.push(vec![
                beta.into(),
                memory.norm.into(),
                memory.retrieval_radius.into(),
                memory.failure_probability.into(),
                dimension.into(),
                finite(lemma.log_growth.exp()),
                lemma.capacity.log_count.into(),
                finite(lemma.capacity.count()),
                finite(exact),
                finite(caps),
                vacuous(&lemma.capacity),
            ]);
        }
    }
    table.print(arguments.format.format)
}
