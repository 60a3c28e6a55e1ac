//! Figures of dense associative memories, drawn from results and theory.
//!
//! A [`Figure`](figure::Figure) describes [`Panel`](figure::Panel)s of [`Layer`](figure::Layer)s without a backend;
//! [`Figure::write`](figure::Figure::write) draws it as svg and png and
//! writes the numbers behind every curve as csv. Labels are written in a small markup: `α_{c}^{lb}`, `λ_×`,
//! `10^{−3}`; `_`, `^`, `{`, `}` and `\` are literal after a backslash. Colours are those of Okabe and Ito for curves
//! and viridis for maps, and curves differ in dashes and points in shape as well, so that figures read in grey.
//!
//! An empty layer is an error ([`PlotError::EmptyLayer`]): where data may be missing, leave the layer out. An empty
//! panel is drawn if both of its axes have an explicit range.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod all_patterns;
mod basins;
mod closest_pair;
mod comparison;
mod crossover;
pub mod drawing;
mod error;
pub mod figure;
mod half_load;
mod labels;
mod metastable_states;
mod nearest_pattern;
mod one_step;
mod overlap_statistics;
mod retrieval;
mod scaled_dot_product;
mod separation_bound;
pub mod special;
mod training_curves;

pub use all_patterns::{
    AllPatternsPoint, AllPatternsSeries, AllPatternsTheory, all_patterns_figure,
    lost_patterns_figure,
};
pub use basins::{BasinPoint, BasinSeries, basins, measured_basins};
pub use closest_pair::{PairPoint, PairSeries, closest_pair_figure};
pub use comparison::{ComparisonPanel, ComparisonSeries, comparison_figure};
pub use crossover::{CrossoverSeries, MeasuredPoint, crossover_figure, crossover_size_figure};
pub use error::PlotError;
pub use half_load::{HalfLoadSeries, half_load_figure};
pub use metastable_states::{SupportPanel, SupportSeries, metastable_states_figure};
pub use nearest_pattern::{NearestPatternSeries, nearest_pattern_figure};
pub use one_step::{OneStepSeries, StepSizeDifference, one_step_figure};
pub use overlap_statistics::{OverlapStatisticsSeries, overlap_statistics_figure};
pub use retrieval::{RetrievalPoint, RetrievalSeries, retrieval_figure};
pub use scaled_dot_product::{ScaledLoadSeries, scaled_dot_product_figure};
pub use separation_bound::{SeparationPanel, separation_bound_figure};
pub use training_curves::{
    DirectionPanel, TrainingPanel, TrainingPoint, TrainingSeries, directions_figure,
    training_figure,
};
