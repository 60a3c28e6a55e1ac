//! Arguments that several bounds share.
//!
//! The structs have no doc comments: clap would take them for the text of the command.

use clap::Args;

#[derive(Debug, Args)]
pub struct FailureArguments {
    /// Probability p that random patterns violate the bound
    #[arg(
        long,
        value_name = "p",
        default_value_t = 0.01,
        allow_hyphen_values = true
    )]
    pub failure_probability: f64,
}

#[derive(Debug, Args)]
pub struct RetrievalArguments {
    /// Retrieval radius R; default: 1/β
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    retrieval_radius: Option<f64>,
}

#[derive(Debug, Args)]
pub struct FeatureArguments {
    #[command(flatten)]
    pub retrieval: RetrievalArguments,
    /// Norm m of the features
    #[arg(
        long,
        value_name = "m",
        default_value_t = 1.0,
        allow_hyphen_values = true
    )]
    pub norm: f64,
}

impl RetrievalArguments {
    /// R at the inverse temperature β.
    pub fn radius(&self, beta: f64) -> f64 {
        self.retrieval_radius.unwrap_or(beta.recip())
    }
}

/// `Swept`: two lists of which one is given, and how the table of its values is printed.
macro_rules! one_of {
    ($(#[$about:meta])* $first:ident, $(#[$other_about:meta])* $second:ident) => {
        #[derive(Debug, clap::Args)]
        struct Swept {
            $(#[$about])*
            #[arg(
                long,
                value_name = "LIST",
                required_unless_present = stringify!($second),
                allow_hyphen_values = true
            )]
            $first: Option<List>,
            $(#[$other_about])*
            #[arg(
                long,
                value_name = "LIST",
                conflicts_with = stringify!($first),
                allow_hyphen_values = true
            )]
            $second: Option<List>,
            #[command(flatten)]
            format: $crate::commands::options::FormatArguments,
        }

        impl Swept {
            /// Prints a row for every value of `outer` with every value of the list that is given.
            fn print(
                &self,
                (name, outer): (&str, &List),
                row_of_first: impl Fn((f64, f64)) -> Result<Row, CommandError>,
                row_of_second: impl Fn((f64, f64)) -> Result<Row, CommandError>,
            ) -> Result<(), CommandError> {
                let format = self.format.format;
                if let Some(seconds) = &self.$second {
                    let names = [name, stringify!($second)];
                    return table::print(format, outer.rows_with(seconds, names, row_of_second));
                }
                let names = [name, stringify!($first)];
                let firsts = self.$first.iter();
                let rows = firsts.flat_map(|firsts| outer.rows_with(firsts, names, &row_of_first));
                table::print(format, rows)
            }
        }
    };
}
pub(super) use one_of;
