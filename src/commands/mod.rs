//! One file per command: what it does, the arguments that it takes, and how it is carried out.

/// The commands of one level, each named as its module, which has `Arguments` and `execute`.
macro_rules! commands {
    ($($name:ident),+ $(,)?) => {
        #[derive(Debug, clap::Subcommand)]
        #[expect(non_camel_case_types, reason = "a command is named as its module")]
        pub enum Command {
            $($name($name::Arguments)),+
        }

        impl Command {
            pub fn execute(&self) -> Result<(), $crate::terminal::error::CommandError> {
                match self {
                    $(Self::$name(arguments) => $name::execute(arguments)),+
                }
            }
        }
    };
}

mod codes;
mod collapse;
mod compare;
mod ensemble;
mod extrapolate;
mod job;
mod merge;
mod options;
mod phase_diagram;
mod plot;
mod run;
mod status;
mod theory;
mod validate;

// In the order of `dam --help`.
commands! {
    theory,
    phase_diagram,
    codes,
    run,
    status,
    merge,
    compare,
    extrapolate,
    collapse,
    validate,
    plot,
}
