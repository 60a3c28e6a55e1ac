#![doc = include_str!("../README.md")]

pub use dam_layers as layers;
pub use dam_learning as learning;
pub use dam_memory as memory;
pub use dam_plots as plots;
pub use dam_report as report;
pub use dam_runs as runs;
pub use dam_statistics as statistics;
pub use dam_theory as theory;

/// The commit that this was built from, where it is known.
pub const COMMIT: &str = env!("DAM_COMMIT");

/// The experiments of both crates.
pub mod experiments {
    pub use dam_experiments::*;
    pub use dam_learning_experiments::*;
    use dam_runs::catalogue::{Catalogue, Kind};

    /// The kinds of experiments that jobs may name, by crate.
    pub const KINDS: [&[Kind]; 2] = [dam_experiments::KINDS, dam_learning_experiments::KINDS];

    /// The catalogue of [`KINDS`].
    pub fn catalogue() -> Catalogue {
        Catalogue::new(KINDS.concat())
    }
}

/// The names of the simulations under one roof, as they were before they had crates of their own.
pub mod sims {
    pub use dam_experiments::analyses::{Collapse, Extrapolation, collapse, extrapolate};
    pub use dam_experiments::basin::{Basin, StartKind};
    pub use dam_learning as kernel_learning;
    pub use dam_learning::codes;
    pub use dam_memory::attention::{AttentionMemory, Precision, Storage};
    pub use dam_memory::composed::{ComposedMemory, Composition};
    pub use dam_memory::dynamics::criterion::Criterion;
    pub use dam_memory::dynamics::{
        Arrival, GradientDescent, Moment, Retriever, Start, StopReason,
    };
    pub use dam_memory::ensembles::{PatternEnsemble, pattern_ensemble, pattern_ensemble_names};
    pub use dam_memory::memory::Memory;
    pub use dam_memory::patterns::Patterns;
    pub use dam_memory::revealed as extremes;
    pub use dam_memory::sampling;
    pub use dam_memory::streams::{Settings, StreamKey};
    pub use dam_runs::available_memory::available_memory;
    pub use dam_runs::experiment::Experiment;
    pub use dam_runs::job::{Job, JobError, linear_grid, whole_number};
    pub use dam_runs::plan::{RunError, TaskPlan, plan};
    pub use dam_runs::quantity::{JointResult, Prediction, Quantity};
    pub use dam_runs::record::{Measurement, Record};
    pub use dam_runs::results::{
        Comparison, Results, Store, StoreError, Survey, TaskResult, TaskState, compare, deviation,
        exact_number,
    };
    pub use dam_runs::run::{Interrupt, Progress, run};
    pub use dam_runs::shard::{Shard, efficiency};
    pub use dam_runs::task::Task;
    pub use dam_statistics as statistics;
}
