//! Theory for a page: numbers in, numbers out, and a description of what there is, so that no glue is needed.
//!
//! A page reads [`description`] for the ensembles and the functions, and asks [`value`] by their numbers.

mod functions;

use std::sync::{Arc, LazyLock};

use dam_theory::{ENSEMBLES, Ensemble, Parameters};

use functions::{FUNCTIONS, Point};

/// The ensembles without parameters.
static LAWS: LazyLock<Vec<Arc<dyn Ensemble>>> = LazyLock::new(|| {
    let kinds = ENSEMBLES.iter().filter(|kind| kind.keys.is_empty());
    let built = kinds.filter_map(|kind| kind.ensemble(&Parameters::new()).ok());
    built.collect()
});

static DESCRIPTION: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<String> = LAWS.iter().map(|law| quoted(law.name())).collect();
    let functions: Vec<String> = FUNCTIONS.iter().map(functions::Function::json).collect();
    format!(
        "{{\"ensembles\":[{}],\"functions\":[{}]}}",
        names.join(","),
        functions.join(",")
    )
});

/// A text of ours, which has nothing to escape, as JSON.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Where the description begins: JSON with the `ensembles` by name and the `functions`, each with its arguments.
#[unsafe(no_mangle)]
pub extern "C" fn description() -> *const u8 {
    DESCRIPTION.as_ptr()
}

/// Bytes of the description.
#[unsafe(no_mangle)]
pub extern "C" fn description_length() -> usize {
    DESCRIPTION.len()
}

/// A function of an ensemble at load α, N and λ, of which it takes its arguments; NaN where theory has no value, and for
/// numbers of no function or ensemble.
#[unsafe(no_mangle)]
pub extern "C" fn value(
    function: usize,
    ensemble: usize,
    load: f64,
    size: f64,
    lambda: f64,
) -> f64 {
    let found = || {
        let law = LAWS.get(ensemble)?.as_ref();
        let point = Point { load, size, lambda };
        (FUNCTIONS.get(function)?.evaluate)(law, &point).ok()?
    };
    found().unwrap_or(f64::NAN)
}
