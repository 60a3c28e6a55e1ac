//! An experiment named on the command line.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
pub use dam::runs::catalogue::Kind as Experiment;

/// Takes the names of all experiments.
pub fn experiments() -> impl TypedValueParser<Value = Experiment> {
    let catalogue = dam::experiments::catalogue();
    let kinds = catalogue.kinds().iter();
    let names: Vec<PossibleValue> = kinds
        .map(|kind| PossibleValue::new(kind.name).help(kind.about))
        .collect();
    PossibleValuesParser::new(names).map(move |name| {
        let found = catalogue.find(&name).copied();
        found.expect("the parser takes names of the list only")
    })
}
