//! Figures of dense associative memories, drawn from results and theory.
//!
//! A [`Figure`] describes [`Panel`]s of [`Layer`]s without a backend; [`Figure::write`] draws it as svg and png and
//! writes the numbers behind every curve as csv. Labels are written in a small markup: `α_{c}^{lb}`, `λ_×`,
//! `10^{−3}`; `_`, `^`, `{`, `}` and `\` are literal after a backslash. Colours are those of Okabe and Ito for curves
//! and viridis for maps, and curves differ in dashes and points in shape as well, so that figures read in grey.
//!
//! An empty layer is an error ([`PlotError::EmptyLayer`]): where data may be missing, leave the layer out. An empty
//! panel is drawn if both of its axes have an explicit range.

mod all_patterns;
mod axis;
mod band;
mod basins;
mod capacity;
mod closest_pair;
mod code;
mod collapse;
mod comparison;
mod contour;
mod crossover;
mod error;
mod figure;
mod geometry;
mod half_load;
mod layer;
mod layout;
mod legend;
mod markup;
mod metastable_states;
mod nearest_pattern;
mod one_step;
mod overlap_statistics;
mod palette;
mod phase_diagram;
mod placement;
mod plane;
mod rate_functions;
mod render;
mod retrieval;
mod scaled_dot_product;
mod scene;
mod separation_bound;
mod smooth;
mod table;
mod training_curves;
mod typeface;
mod write;

pub use all_patterns::{
    AllPatternsPoint, AllPatternsSeries, AllPatternsTheory, all_patterns_figure,
    lost_patterns_figure,
};
pub use axis::{Axis, Range, Scale, Ticks};
pub use basins::{BasinPoint, BasinSeries, basins, measured_basins};
pub use capacity::{CapacityCurves, capacity_figure};
pub use closest_pair::{PairPoint, PairSeries, closest_pair_figure};
pub use code::code_figure;
pub use collapse::{CollapsePanel, CollapsedCurve, collapse_figure};
pub use comparison::{ComparisonPanel, ComparisonSeries, comparison_figure};
pub use crossover::{CrossoverSeries, MeasuredPoint, crossover_figure, crossover_size_figure};
pub use error::PlotError;
pub use figure::{Arrangement, Figure, LegendPlacement, Panel};
pub use half_load::{HalfLoadSeries, half_load_figure};
pub use layer::{
    Annotation, Curve, DataPoint, HeatMap, HorizontalLine, Layer, LegendEntry, MapColors,
    Placement, Points, Region, Steps, Stroke, VerticalLine,
};
pub use markup::literal;
pub use metastable_states::{SupportPanel, SupportSeries, metastable_states_figure};
pub use nearest_pattern::{NearestPatternSeries, nearest_pattern_figure};
pub use one_step::{OneStepSeries, StepSizeDifference, one_step_figure};
pub use overlap_statistics::{OverlapStatisticsSeries, overlap_statistics_figure};
pub use palette::{Color, Dash, Marker, OKABE_ITO, series_style, viridis};
pub use phase_diagram::phase_diagram;
pub use plane::{PlaneField, energy_landscape_figure, plane_basins_figure};
pub use rate_functions::rate_functions;
pub use retrieval::{RetrievalPoint, RetrievalSeries, retrieval_figure};
pub use scaled_dot_product::{ScaledLoadSeries, scaled_dot_product_figure};
pub use separation_bound::{SeparationPanel, separation_bound_figure};
pub use smooth::smooth_curve;
pub use table::{FigureRow, read_figure_csv};
pub use training_curves::{
    DirectionPanel, TrainingPanel, TrainingPoint, TrainingSeries, directions_figure,
    training_figure,
};
pub use write::refuse_foreign_figure;
