#![doc = include_str!("../README.md")]

pub use dam_plots as plots;
pub use dam_sims as sims;
pub use dam_theory as theory;
