//! `dam theory bound figure`: capacity against dimension by every bound.

use std::path::PathBuf;

use clap::Args;
use dam::plots::figure::Origin;
use dam::plots::special::{CapacityCurves, capacity_figure};
use dam::theory::bounds::{
    CapacityBound, CodeBound, KernelizedChain, KernelizedMemory, Margin, RamsauerMemory,
    kernelized_capacity, optimal_capacity, ramsauer_capacity,
};
use dam::theory::ensembles::Spherical;
use dam::theory::{Ensemble, TheoryError};

use super::arguments::FailureArguments;
use crate::commands::options::create_folder;
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Dimensions of the figure, N = 10^{i/10} for i from 10 to 40.
const FIGURE_TENTHS: std::ops::RangeInclusive<i32> = 10..=40;

/// Draw capacity against dimension: all bounds and the threshold of the Random Energy Model
#[derive(Debug, Args)]
#[command(mut_arg("failure_probability", |argument| argument.help("Probability p that random patterns violate a bound")))]
pub struct Arguments {
    /// Inverse temperature λ of patterns with |ξ|² = N; unit features then have β = λN
    #[arg(long, default_value_t = 1.0, allow_hyphen_values = true)]
    lambda: f64,
    #[command(flatten)]
    failure: FailureArguments,
    /// Folder for the figure
    #[arg(long, value_name = "DIR", default_value = "results")]
    output: PathBuf,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let lambda = arguments.lambda;
    let probability = arguments.failure.failure_probability;
    let curves = capacity_curves(lambda, probability)?;
    create_folder(&arguments.output)?;
    let title = format!("λ = {lambda}, p = {probability}, R = 1/β");
    let figure =
        capacity_figure(&title, &curves)?.made_from(Origin::theory("dam theory bound figure"));
    let stem = format!("capacity-bounds.lambda{lambda}");
    table::wrote(&figure.write(&arguments.output, &stem)?)
}

/// All bounds for patterns with |ξ|² = N at λ: as unit features they have β = λN, retrieved from within R = 1/β.
fn capacity_curves(lambda: f64, failure_probability: f64) -> Result<CapacityCurves, TheoryError> {
    let load = Spherical.typical_threshold(lambda)?;
    let mut curves = CapacityCurves::default();
    for tenth in FIGURE_TENTHS {
        let size = 10f64.powf(0.1 * f64::from(tenth)).round();
        let beta = lambda * size;
        let mut put = |bound: CapacityBound, curve: fn(&mut CapacityCurves) -> &mut Vec<_>| {
            if !bound.is_vacuous() {
                curve(&mut curves).push((size, bound.log_count));
            }
        };
        let ramsauer = RamsauerMemory {
            inverse_temperature: lambda,
            radius_factor: 1.0,
            failure_probability,
        };
        let bound = ramsauer_capacity(&ramsauer, size)?.capacity;
        put(bound, |curves| &mut curves.ramsauer);
        let features = KernelizedMemory {
            inverse_temperature: beta,
            norm: 1.0,
            retrieval_radius: beta.recip(),
            failure_probability,
        };
        let kernelized = |chain| kernelized_capacity(&features, size, chain);
        let bound = kernelized(KernelizedChain::Lemma)?.capacity;
        put(bound, |curves| &mut curves.kernelized);
        let bound = kernelized(KernelizedChain::CapMeasure)?.capacity;
        put(bound, |curves| &mut curves.kernelized_caps);
        let optimal = |bound| optimal_capacity(size, beta, beta.recip(), Margin::Full, bound);
        put(optimal(CodeBound::Covering)?, |curves| {
            &mut curves.optimal_lower
        });
        put(optimal(CodeBound::Caps)?, |curves| {
            &mut curves.optimal_upper
        });
        curves.typical.push((size, load * size));
    }
    Ok(curves)
}
