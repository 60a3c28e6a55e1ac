//! The list of functions that a page can draw.

use dam_theory::finite_size::{PatternCount, crossover, expected_median_crossover};
use dam_theory::{Ensemble, TheoryError};

use crate::quoted;

/// Where theory is asked; each function takes some of it.
pub struct Point {
    pub load: f64,
    pub size: f64,
    pub lambda: f64,
}

/// A function of theory.
pub struct Function {
    /// Markup, as in figures.
    symbol: &'static str,
    /// In words.
    about: &'static str,
    /// The line that prints it.
    command: &'static str,
    /// Its column there.
    column: &'static str,
    /// What it takes: `load`, `size`, `inverse temperature`.
    arguments: &'static [&'static str],
    /// What it is, in the same words.
    gives: &'static str,
    pub evaluate: fn(&dyn Ensemble, &Point) -> Result<Option<f64>, TheoryError>,
}

const LOAD: &str = "load";
const SIZE: &str = "size";
const INVERSE_TEMPERATURE: &str = "inverse temperature";
const ANGLE: &str = "basin angle";

/// A new function is a new entry.
pub const FUNCTIONS: &[Function] = &[
    Function {
        symbol: "λ_{×}(α, N)",
        about: "crossover of the typical pattern, averaged noise",
        command: "dam theory crossover",
        column: "lambda_crossover",
        arguments: &[LOAD, SIZE],
        gives: INVERSE_TEMPERATURE,
        evaluate: |law, at| {
            let found = crossover(law, at.load, at.size)?;
            Ok(found.map(|found| found.inverse_temperature))
        },
    },
    Function {
        symbol: "λ_{½}(α, N)",
        about: "half of the samples retrieve from here on",
        command: "dam theory crossover",
        column: "lambda_half",
        arguments: &[LOAD, SIZE],
        gives: INVERSE_TEMPERATURE,
        evaluate: |law, at| {
            let patterns = PatternCount::from_load(at.load, at.size)?;
            let found = expected_median_crossover(law, patterns, at.size)?;
            Ok(found.map(|found| found.value))
        },
    },
    Function {
        symbol: "λ_{1}(α)",
        about: "crossover at N = ∞",
        command: "dam theory crossover",
        column: "lambda_1",
        arguments: &[LOAD],
        gives: INVERSE_TEMPERATURE,
        evaluate: |law, at| law.typical_inverse_temperature(at.load).map(Some),
    },
    Function {
        symbol: "α_{1}(λ)",
        about: "largest load of the typical pattern, N = ∞",
        command: "dam theory thresholds",
        column: "alpha_1",
        arguments: &[INVERSE_TEMPERATURE],
        gives: LOAD,
        evaluate: |law, at| law.typical_threshold(at.lambda).map(Some),
    },
    Function {
        symbol: "α_{c}^{lb}(λ)",
        about: "lower bound for all patterns, N = ∞",
        command: "dam theory thresholds",
        column: "alpha_c_lower_bound",
        arguments: &[INVERSE_TEMPERATURE],
        gives: LOAD,
        evaluate: |law, at| law.all_patterns_lower_bound(at.lambda).map(Some),
    },
    Function {
        symbol: "α_{*}(λ)",
        about: "the noise condenses below, N = ∞",
        command: "dam theory thresholds",
        column: "alpha_star",
        arguments: &[INVERSE_TEMPERATURE],
        gives: LOAD,
        evaluate: |law, at| law.condensation_load(at.lambda, 1.0).map(Some),
    },
    Function {
        symbol: "θ_{c}(α, λ)",
        about: "basin angle in degrees, N = ∞",
        command: "dam theory basin",
        column: "theta_c_degrees",
        arguments: &[LOAD, INVERSE_TEMPERATURE],
        gives: ANGLE,
        evaluate: |law, at| {
            let angle = law.basin_angle(at.load, at.lambda)?;
            Ok(angle.map(f64::to_degrees))
        },
    },
];

impl Function {
    /// What a page is told of it.
    pub fn json(&self) -> String {
        let arguments: Vec<String> = self.arguments.iter().map(|name| quoted(name)).collect();
        format!(
            "{{\"symbol\":{},\"about\":{},\"command\":{},\"column\":{},\"arguments\":[{}],\"gives\":{}}}",
            quoted(self.symbol),
            quoted(self.about),
            quoted(self.command),
            quoted(self.column),
            arguments.join(","),
            quoted(self.gives)
        )
    }
}
