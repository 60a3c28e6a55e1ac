//! The command as its user runs it, and theory against simulation.
#![expect(clippy::unwrap_used, reason = "tests")]

mod all_patterns;
mod architecture;
mod bad_input;
mod basin;
mod book;
mod bounds_and_codes;
mod collapse;
mod collapse_data;
mod damage;
mod folder;
mod images;
mod job_script;
mod kernel_learning;
mod learning_claims;
mod measurements;
mod metastable_states;
mod multiple_instance;
mod nearest_pattern;
mod one_step;
mod overlap_statistics;
mod own_patterns;
mod phase_map;
mod plane;
mod report;
mod reproducibility;
mod retrieval_error;
mod run_command;
mod running;
mod scaled_dot_product;
mod schemas;
mod theory_against_simulation;
mod theory_command;
mod tutorials;
mod wrong_inputs;
