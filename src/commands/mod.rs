//! One file per command: what it does, the arguments that it takes, and how it is carried out.

/// The commands of one level, each named as its module, which has `Arguments` and `execute`, as this level itself has.
/// The text of a command stands here where other commands share its arguments.
macro_rules! commands {
    ($($(#[$attribute:meta])* $name:ident),+ $(,)?) => {
        #[derive(Debug, clap::Subcommand)]
        #[expect(non_camel_case_types, reason = "a command is named as its module")]
        pub enum Arguments {
            $($(#[$attribute])* $name($name::Arguments)),+
        }

        pub fn execute(arguments: &Arguments) -> Result<(), $crate::terminal::error::CommandError> {
            match arguments {
                $(Arguments::$name(arguments) => $name::execute(arguments)),+
            }
        }
    };
}

mod codes;
mod collapse;
mod compare;
mod completions;
mod ensemble;
mod experiment;
mod extrapolate;
mod job;
mod job_file;
mod job_script;
mod man;
mod merge;
mod options;
mod phase_diagram;
mod plot;
mod report;
mod retrieve;
mod run;
mod schema;
mod status;
mod theory;
mod validate;

// In the order of `dam --help`.
commands! {
    /// Print closed-form thresholds, inverses and basins
    #[command(subcommand)]
    theory,
    phase_diagram,
    codes,
    run,
    /// Write job files
    #[command(subcommand)]
    job,
    job_script,
    /// Show how far each task of a job has come
    status,
    /// Merge the finished tasks of a job into its results file and csv
    merge,
    /// Print measured values next to theory
    compare,
    /// Print what fits in two bases of 1/N make of measured crossovers
    extrapolate,
    collapse,
    retrieve,
    validate,
    /// Draw the figures of a job from its finished tasks
    plot,
    report,
    schema,
    completions,
    man,
}
