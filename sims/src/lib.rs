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
pub mod huge_pages;
mod images;
mod job;
pub mod kernel;
pub mod kernel_learning;
mod memory;
mod patterns;
mod plan;
mod random_patterns;
mod real;
mod results;
mod run;
pub mod sampling;
mod sign_patterns;
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
    CorrelatedGaussian, DrawTile, FillTile, Gaussian, GaussianMixture, HiddenManifold, Images,
    PatternEnsemble, PatternLaw, Rademacher, Spherical, Uniform, draw_patterns, pattern_ensemble,
    pattern_ensemble_names, pattern_law, sample_patterns,
};
pub use experiments::{
    Against, AllPatterns, Basin, Basins2d, ClosestPair, Corruption, Crossover, EnergyLandscape,
    Experiment, JointResult, KernelTraining, Learning, Measurement, MetastableStates, Model,
    NearestPattern, OneStep, OverlapStatistics, PlaneMaps, PlaneWindow, Prediction, Quantity,
    Record, Retrieval, RetrievalError, Sample, ScaledDotProduct, SemanticNeighbours,
    SeparationBound, TrainingCurve,
};
pub use foresight::verdicts;
pub use images::{
    Centering, ImageError, ImageFormat, ImageSet, ImageShape, Normalization, Preparation,
    PreparationError,
};
pub use job::{Job, JobError, Settings, StartKind, Task, linear_grid};
pub use kernel::{Batch, Parallelism, StateSummary};
pub use memory::{Memory, Precision, SoftmaxMemory, Storage};
pub use patterns::Patterns;
pub use plan::{RunError, Shard, TaskPlan, plan};
pub use random_patterns::RandomPatterns;
pub use real::Real;
pub use results::{
    Collapse, Comparison, Extrapolation, Results, Store, StoreError, Survey, TaskResult, TaskState,
    collapse, compare, deviation, extrapolate,
};
pub use run::{Interrupt, Progress, run};
pub use sign_patterns::SignPatterns;
pub use streams::StreamKey;
