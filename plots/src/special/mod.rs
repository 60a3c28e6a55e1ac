//! Figures that no general form fits.

mod basins;
mod boundary;
mod capacity;
mod code;
mod collapse;
mod directions;
mod phase_diagram;
mod plane;
mod rate_functions;

pub use basins::basins;
pub use boundary::measured_boundary;
pub use capacity::{CapacityCurves, capacity_figure};
pub use code::code_figure;
pub use collapse::{CollapsePanel, CollapsedCurve, collapse_figure};
pub use directions::directions_figure;
pub(crate) use phase_diagram::Thresholds;
pub use phase_diagram::{Plane, phase_diagram};
pub use plane::{energy_landscape_figure, plane_basins_figure};
pub use rate_functions::rate_functions;
