//! Retrieval simulations of dense associative memories.

mod available_memory;
pub mod codes;
mod composition;
mod criterion;
mod dynamics;
mod ensembles;
mod experiments;
pub mod extremes;
mod foresight;
mod images;
mod job;
pub mod kernel;
pub mod kernel_learning;
mod memory;
mod patterns;
mod real;
mod results;
mod run;
pub mod sampling;
pub mod statistics;
mod streams;

pub use available_memory::available_memory;
pub use composition::{
    AssociativeMemory, Composition, CompositionError, FixedPoint, Separation, Similarity, entmax,
    entmax_bisected, entmax_conjugate, entmax_jacobian,
};
pub use criterion::Criterion;
pub use dynamics::{Arrival, GradientDescent, Moment, Start, StopReason};
pub use ensembles::{
    CorrelatedGaussian, Gaussian, GaussianMixture, HiddenManifold, Images, PatternEnsemble,
    PatternLaw, Rademacher, Spherical, Uniform, draw_patterns, pattern_ensemble,
    pattern_ensemble_names, pattern_law, sample_patterns,
};
pub use experiments::{
    Against, AllPatterns, Basin, ClosestPair, Corruption, Crossover, Experiment, Learning,
    Measurement, Model, NearestPattern, OneStep, OverlapStatistics, Prediction, Quantity, Record,
    Retrieval, RetrievalError, Sample, ScaledDotProduct,
};
pub use foresight::verdicts;
pub use images::{
    Centering, ImageError, ImageFormat, ImageSet, ImageShape, Normalization, Preparation,
    PreparationError,
};
pub use job::{Job, JobError, Settings, StartKind, Task, linear_grid};
pub use kernel::{Batch, Parallelism, StateSummary};
pub use memory::{Memory, Precision, SoftmaxMemory};
pub use patterns::Patterns;
pub use real::Real;
pub use results::{
    Comparison, Extrapolation, Results, Store, StoreError, Survey, TaskResult, TaskState, compare,
    deviation, extrapolate,
};
pub use run::{Interrupt, Progress, RunError, Shard, TaskPlan, plan, run};
pub use streams::StreamKey;
