//! Figures as their user describes and writes them.
#![expect(clippy::unwrap_used, reason = "a panic is a failed test")]

mod figures;
mod pgf;
mod script;
mod theory_figures;
mod views;
