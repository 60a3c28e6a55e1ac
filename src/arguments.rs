//! The command line as it is typed, parsed once into types.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use dam::sims::{Shard, linear_grid};
use dam::theory::{Ensemble, Parameter, Parameters, Structure, TheoryError, ensemble_with};

use crate::bound_arguments::BoundQuery;

/// Statistical physics of dense associative memories: thresholds, simulations, figures.
#[derive(Debug, Parser)]
#[command(name = "dam", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print closed-form thresholds, inverses and basins
    #[command(subcommand)]
    Theory(TheoryQuery),
    /// Draw the phase diagram and the rate functions of an ensemble (theory only, seconds)
    PhaseDiagram(PhaseDiagramArguments),
    /// Place points on a sphere with the largest least angle
    Codes(CodesArguments),
    /// Simulate what is missing of a job, merge, compare with theory and draw; a rerun resumes
    Run(RunArguments),
    /// Show how far each task of a job has come
    Status(JobArguments),
    /// Merge the finished tasks of a job into its results file and csv
    Merge(JobArguments),
    /// Print measured values next to theory
    Compare(CompareArguments),
    /// Print what fits in two bases of 1/N make of measured crossovers
    Extrapolate(CompareArguments),
    /// Collapse the retrieval curves of several N onto one, with fitted λ_c, ν and ζ, and draw it
    Collapse(CompareArguments),
    /// Simulate a fixed set of tasks and judge it against theory; exit status 1 if any is off
    Validate(ValidateArguments),
    /// Draw the figures of a job from its finished tasks
    Plot(JobArguments),
}

#[derive(Debug, Subcommand)]
pub enum TheoryQuery {
    /// ζ(λ), saddle overlap, α₁, α_* and α_c^lb for a list of λ
    Thresholds(ThresholdArguments),
    /// ε_*, λ_* and λ₁ for a list of loads α
    Inverse(InverseArguments),
    /// Free entropy and basin angle θ_c for lists of α and λ
    Basin(BasinArguments),
    /// Rigorous bounds on the number of patterns
    #[command(subcommand)]
    Bound(BoundQuery),
    /// λ_×(α, N) of the finite-N theory, from x₀ = ξ¹, next to its limit λ₁(α)
    Crossover(CrossoverArguments),
}

#[derive(Debug, Args)]
pub struct EnsembleArguments {
    /// Law of the patterns: spherical, gaussian, rademacher, uniform, gaussian-mixture,
    /// correlated-gaussian (needs --variance-ratio or --spectrum) or hidden-manifold (needs
    /// --manifold-ratio)
    #[arg(long)]
    pub ensemble: String,
    /// correlated-gaussian: ratio b ≥ 1 of the two eigenvalues of the covariance
    #[arg(long, value_name = "b", allow_hyphen_values = true)]
    pub variance_ratio: Option<f64>,
    /// correlated-gaussian: K eigenvalues of the covariance, `0.5,0.5,1,2`, of mean 1; each stands for N/K of them
    #[arg(
        long,
        value_name = "LIST",
        allow_hyphen_values = true,
        conflicts_with = "variance_ratio"
    )]
    pub spectrum: Option<List>,
    /// hidden-manifold: dimensions of the manifold per component, D/N > 0
    #[arg(long, value_name = "D/N", allow_hyphen_values = true)]
    pub manifold_ratio: Option<f64>,
}

impl EnsembleArguments {
    /// The parameters that were given.
    pub fn parameters(&self) -> Parameters {
        [
            ("variance_ratio", self.variance_ratio.map(Parameter::from)),
            ("spectrum", self.spectrum.clone().map(|list| list.0.into())),
            ("manifold_ratio", self.manifold_ratio.map(Parameter::from)),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
    }

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
        ensemble_with(&self.ensemble, &self.parameters())
    }
}

#[derive(Debug, Args)]
pub struct FormatArguments {
    /// How the table is printed; csv and json have full precision
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct ThresholdArguments {
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
    /// Inverse temperatures, `0.5,1,2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub lambda: List,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct InverseArguments {
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
    /// Loads ln(P)/N, `0.1,0.2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub alpha: List,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct BasinArguments {
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
    /// Loads ln(P)/N, `0.1,0.2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub alpha: List,
    /// Inverse temperatures, `0.5,1,2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub lambda: List,
    /// Add the finite-N basin at this number of components (spherical; gaussian with |ξ¹|² = N; rademacher from flipped
    /// signs): from the averaged noise where it hardly fluctuates, else, off rademacher, the mean over sampled disorder with
    /// its standard error; the column `method` says which
    #[arg(long, value_name = "N")]
    pub size: Option<f64>,
    /// Disorder samples where the noise fluctuates
    #[arg(long, value_name = "S", default_value_t = 400, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..))]
    pub samples: u32,
    /// Root of the random streams of these samples
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    pub seed: u64,
    /// ε of these samples: what the patterns that are not drawn one by one may fluctuate by
    #[arg(
        long,
        value_name = "ε",
        default_value_t = 0.05,
        allow_hyphen_values = true
    )]
    pub tolerance: f64,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct CrossoverArguments {
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
    /// Loads ln(P)/N, `0.1,0.2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub alpha: List,
    /// Numbers of components N, `20,40,1000` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub size: List,
    /// The target: typical (|ξ¹|² = N), or the median over the targets of random samples
    #[arg(long, value_enum, default_value_t = Target::Typical)]
    pub target: Target,
    /// Start at these angles from the target in degrees instead of at it (spherical; gaussian with |ξ¹|² = N; rademacher
    /// with flipped signs, cos θ = 1 − 2p): λ_×(θ), the inverse of θ_c(λ), and the fluctuation Var Z/(E Z)² of the noise
    /// there, which the averaged map needs to be small (0.1)
    #[arg(
        long,
        value_name = "LIST",
        allow_hyphen_values = true,
        conflicts_with = "target"
    )]
    pub angle: Option<List>,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    Typical,
    Median,
}

#[derive(Debug, Args)]
pub struct PhaseDiagramArguments {
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
    /// Folder for the figures
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct CodesArguments {
    /// Dimension d of the space; the points lie on its unit sphere
    #[arg(long, value_name = "d", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub dimension: u32,
    /// Number of points M
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(2..=5000))]
    pub points: u32,
    /// Random starts
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    pub restarts: u32,
    /// Root of the random streams
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder for the coordinates and, for d = 2 and 3, the figure
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct JobArguments {
    /// The job file
    #[arg(value_name = "JOB.toml")]
    pub job: PathBuf,
    /// Folder of the results
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct ValidateArguments {
    /// Only the part that takes at most three minutes on two cores
    #[arg(long)]
    pub quick: bool,
    /// Check the random numbers against their laws instead: moments, tails, correlations, Kolmogorov
    #[arg(long, conflicts_with_all = ["quick", "output"])]
    pub sampling: bool,
    /// Draws of each kind of random numbers
    #[arg(long, requires = "sampling", default_value_t = 100_000_000, value_parser = clap::value_parser!(u64).range(1 << 20..))]
    pub draws: u64,
    /// Root of the random streams
    #[arg(long, requires = "sampling", default_value_t = 1)]
    pub seed: u64,
    /// Folder of the results; a rerun resumes
    #[arg(long, value_name = "DIR", default_value = "results/validation")]
    pub output: PathBuf,
    /// Threads; default: SLURM_CPUS_PER_TASK, else all cores
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct CompareArguments {
    #[command(flatten)]
    pub job: JobArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}

#[derive(Debug, Args)]
pub struct RunArguments {
    #[command(flatten)]
    pub job: JobArguments,
    /// Threads; default: SLURM_CPUS_PER_TASK, else all cores
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Run only part i of k of the tasks (i from 1 to k); merge afterwards with `dam merge`
    #[arg(long, value_name = "i/k", default_value = "1/1")]
    pub shard: Shard,
    /// Plan as if this many MiB of memory were free; default: what is. 80 % of it may hold patterns;
    /// those that do not fit are drawn again in every pass, with the same results
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..1 << 40))]
    pub memory: Option<u64>,
    /// List tasks, how their patterns are held, memory and work, and stop
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Csv,
    Json,
}

/// A list of numbers: `0.1,0.2` or `start:stop:count`.
#[derive(Clone, Debug, PartialEq)]
pub struct List(pub Vec<f64>);

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
