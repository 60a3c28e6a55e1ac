//! Multiple-instance learning judged by nested cross-validation on bags of one's own.
//!
//!     cargo run --release -p dam-learning-experiments --example bags -- FILE.csv.gz [--repeats 2] [--models hopfield,mean-pooling]
//!
//! FILE holds rows label,bag,features. Printed are the mean area under the curve of every model over all folds, its error
//! (Nadeau and Bengio), and the paired difference from the first model of the list.

use std::path::Path;
use std::process::ExitCode;

use dam_layers::BagSet;
use dam_learning_experiments::multiple_instance::{
    Protocol, Recipe, compare, corrected_error, judge, models,
};
use dam_memory::streams::StreamKey;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// What follows a flag.
fn option<'a>(arguments: &'a [String], flag: &str) -> Option<&'a str> {
    let place = arguments.iter().position(|argument| argument == flag)?;
    arguments.get(place + 1).map(String::as_str)
}

fn run(arguments: &[String]) -> Result<(), String> {
    let path = arguments
        .first()
        .ok_or("give a file of rows label,bag,features")?;
    let set = BagSet::read(Path::new(path)).map_err(|error| error.to_string())?;
    let repeats = option(arguments, "--repeats").map_or(Ok(2), str::parse);
    let protocol = Protocol {
        repeats: repeats.map_err(|error| format!("--repeats: {error}"))?,
        ..Protocol::default()
    };
    let mut models = models(&Recipe::default());
    if let Some(names) = option(arguments, "--models") {
        let names: Vec<&str> = names.split(',').collect();
        models.retain(|model| names.contains(&model.name().as_str()));
    }
    let results = judge(&set, &models, protocol, &StreamKey::new(1));
    let failed = |error: dam_statistics::StatisticsError| error.to_string();
    let areas: Vec<Vec<f64>> = results
        .iter()
        .map(|folds| folds.iter().map(|fold| fold.score.area).collect())
        .collect();
    let first = areas.first().ok_or("no model has one of these names")?;
    println!("{:24} {:>6} {:>6}   difference", "model", "area", "error");
    for (model, own) in models.iter().zip(&areas) {
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        let error = corrected_error(own, protocol.folds).map_err(failed)?;
        let against = compare(own, first, protocol.folds).map_err(failed)?;
        println!(
            "{:24} {mean:6.3} {error:6.3}   {:+.3} ± {:.3}",
            model.name(),
            against.difference,
            against.error
        );
    }
    Ok(())
}
