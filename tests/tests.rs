//! The command as its user runs it, and theory against simulation.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bad_input;
mod bounds_and_codes;
mod folder;
mod reproducibility;
mod run_command;
mod theory_against_simulation;
mod theory_command;
