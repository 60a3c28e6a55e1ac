//! Figures that no general form fits.

mod capacity;
mod code;
mod collapse;
mod phase_diagram;
mod plane;
mod rate_functions;

pub use capacity::{CapacityCurves, capacity_figure};
pub use code::code_figure;
pub use collapse::{CollapsePanel, CollapsedCurve, collapse_figure};
pub use phase_diagram::phase_diagram;
pub use plane::{PlaneField, energy_landscape_figure, plane_basins_figure};
pub use rate_functions::rate_functions;
