//! The options of `dam theory bound`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::arguments::{FormatArguments, List};

#[derive(Debug, Subcommand)]
pub enum BoundQuery {
    /// Random patterns on a sphere: Theorem 3 of Ramsauer et al., for dimensions (A5) or growth constants (A6)
    Ramsauer(RamsauerArguments),
    /// Random features on a sphere: the lemma of kernelized Hopfield models, and tighter
    Kernelized(KernelizedArguments),
    /// The separation that M patterns need, and the retrieval error that is left
    WellSeparation(WellSeparationArguments),
    /// How many points can keep an angle, or which angle M points can keep
    SphericalCode(SphericalCodeArguments),
    /// The largest well-separated memory M*, or the dimension that M features need
    Optimal(OptimalArguments),
    /// Draw capacity against dimension: all bounds and the threshold of the Random Energy Model
    Figure(BoundFigureArguments),
}

#[derive(Debug, Args)]
pub struct RamsauerArguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub beta: List,
    /// K: the patterns have norm K√(d − 1)
    #[arg(
        long,
        value_name = "K",
        default_value_t = 1.0,
        allow_hyphen_values = true
    )]
    pub radius_factor: f64,
    /// Probability p that random patterns violate the bound
    #[arg(
        long,
        value_name = "p",
        default_value_t = 0.01,
        allow_hyphen_values = true
    )]
    pub failure_probability: f64,
    /// Dimensions d
    #[arg(
        long,
        value_name = "LIST",
        required_unless_present = "growth",
        allow_hyphen_values = true
    )]
    pub dimension: Option<List>,
    /// Growth constants c, for the dimensions that have them
    #[arg(
        long,
        value_name = "LIST",
        conflicts_with = "dimension",
        allow_hyphen_values = true
    )]
    pub growth: Option<List>,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct KernelizedArguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub beta: List,
    /// Feature dimensions D
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub dimension: List,
    /// Retrieval radius R; default: 1/β
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    pub retrieval_radius: Option<f64>,
    /// Norm m of the features
    #[arg(
        long,
        value_name = "m",
        default_value_t = 1.0,
        allow_hyphen_values = true
    )]
    pub norm: f64,
    /// Probability p that random features violate the bound
    #[arg(
        long,
        value_name = "p",
        default_value_t = 0.01,
        allow_hyphen_values = true
    )]
    pub failure_probability: f64,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct WellSeparationArguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub beta: List,
    /// Numbers of patterns M
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub count: List,
    /// Retrieval radius R; default: 1/β
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    pub retrieval_radius: Option<f64>,
    /// Norm m of the patterns
    #[arg(
        long,
        value_name = "m",
        default_value_t = 1.0,
        allow_hyphen_values = true
    )]
    pub norm: f64,
    /// Separation Δ at hand; default: the one needed
    #[arg(long, value_name = "DELTA", allow_hyphen_values = true)]
    pub separation: Option<f64>,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct SphericalCodeArguments {
    /// Dimensions D
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub dimension: List,
    /// Least angles in degrees
    #[arg(
        long,
        value_name = "LIST",
        required_unless_present = "count",
        allow_hyphen_values = true
    )]
    pub angle: Option<List>,
    /// Numbers of points M
    #[arg(
        long,
        value_name = "LIST",
        conflicts_with = "angle",
        allow_hyphen_values = true
    )]
    pub count: Option<List>,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct OptimalArguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub beta: List,
    /// Retrieval radius R; default: 1/β
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    pub retrieval_radius: Option<f64>,
    /// Leave the term 2R out of the separation, as Hu, Wu and Liu do
    #[arg(long)]
    pub without_radius: bool,
    /// Feature dimensions D
    #[arg(
        long,
        value_name = "LIST",
        required_unless_present = "count",
        allow_hyphen_values = true
    )]
    pub dimension: Option<List>,
    /// Numbers of features M, for the dimension that they need
    #[arg(
        long,
        value_name = "LIST",
        conflicts_with = "dimension",
        allow_hyphen_values = true
    )]
    pub count: Option<List>,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct BoundFigureArguments {
    /// Inverse temperature λ of patterns with |ξ|² = N; unit features then have β = λN
    #[arg(long, default_value_t = 1.0, allow_hyphen_values = true)]
    pub lambda: f64,
    /// Probability p that random patterns violate a bound
    #[arg(
        long,
        value_name = "p",
        default_value_t = 0.01,
        allow_hyphen_values = true
    )]
    pub failure_probability: f64,
    /// Folder for the figure
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub output: PathBuf,
}
