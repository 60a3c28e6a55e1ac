//! The names of series, and texts in figures.

use std::fmt::Write;

use dam_theory::{Parameter, Parameters};

use super::row::Key;
use crate::job::SAME_VALUE;

/// "α = 0.2".
pub fn load<'a>() -> Key<'a> {
    Box::new(|row| Some(format!("α = {}", distinct_number(row.task.alpha))))
}

/// "N = 40".
pub fn size<'a>() -> Key<'a> {
    Box::new(|row| Some(format!("N = {}", row.task.size)))
}

/// "λ = 0.5", by the name of the coordinate and its symbol.
pub fn coordinate<'a>(name: &'static str, symbol: &'static str) -> Key<'a> {
    Box::new(move |row| {
        Some(format!(
            "{symbol} = {}",
            distinct_number(row.coordinate(name)?)
        ))
    })
}

/// "√N α = 0.5", by the name of the task's parameter and its symbol.
pub fn parameter<'a>(name: &'static str, symbol: &'static str) -> Key<'a> {
    Box::new(move |row| {
        Some(format!(
            "{symbol} = {}",
            distinct_number(row.task.parameter(name)?)
        ))
    })
}

/// A label, as it is.
pub fn label<'a>(name: &'static str) -> Key<'a> {
    Box::new(move |row| row.quantity.labels.get(name).map(|label| literal(label)))
}

/// "Spherical patterns"; with parameters "Hidden-manifold patterns, manifold ratio 4".
pub fn ensemble_title(ensemble: &str, parameters: &Parameters) -> String {
    let name = format!("{} patterns", literal(&capitalised(ensemble)));
    with_parameters(name, parameters)
}

/// The name with the values of the parameters.
pub fn with_parameters(mut title: String, parameters: &Parameters) -> String {
    for (name, value) in parameters {
        let name = literal(&name.replace('_', " "));
        let _ = write!(title, ", {name} {}", parameter_value(value, ", "));
    }
    title
}

/// What tells the files of an ensemble with parameters apart: "hidden-manifold-manifold-ratio-4".
pub fn ensemble_stem(ensemble: &str, parameters: &Parameters) -> String {
    let mut stem = ensemble.to_owned();
    for (name, value) in parameters {
        let name = name.replace('_', "-");
        let _ = write!(stem, "-{name}-{}", parameter_value(value, "-"));
    }
    stem
}

fn parameter_value(value: &Parameter, between: &str) -> String {
    let numbers: Vec<String> = match value {
        Parameter::Number(value) => vec![value.to_string()],
        Parameter::List(values) => values.iter().map(f64::to_string).collect(),
    };
    numbers.join(between)
}

/// `name` with a capital first letter.
pub fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A finite number to six digits without trailing zeros.
pub fn short_number(value: f64) -> String {
    plain(format!("{value:.5e}").parse().unwrap_or(value))
}

/// A number with an exponent where it would be a row of zeros.
fn plain(value: f64) -> String {
    if value != 0.0 && !(1e-7..1e12).contains(&value.abs()) {
        return format!("{value:e}");
    }
    format!("{value}")
}

/// A finite number in the name of a series, which no other value of its grid has: six digits where they are the number but
/// for rounding, else twelve.
fn distinct_number(value: f64) -> String {
    let short = short_number(value);
    let is_exact = |text: &str| {
        let read: Result<f64, _> = text.parse();
        read.is_ok_and(|read| (read - value).abs() <= SAME_VALUE * value.abs())
    };
    if is_exact(&short) {
        return short;
    }
    plain(format!("{value:.11e}").parse().unwrap_or(value))
}

/// `text` as markup that shows it unchanged.
pub fn literal(text: &str) -> String {
    let mut markup = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '_' | '^' | '{' | '}' | '\\') {
            markup.push('\\');
        }
        markup.push(character);
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_begin_with_a_capital_and_show_names_as_they_are() {
        let none = Parameters::new();
        assert_eq!(ensemble_title("spherical", &none), "Spherical patterns");
        assert_eq!(ensemble_title("my_own", &none), r"My\_own patterns");
    }

    #[test]
    fn numbers_of_many_zeros_have_an_exponent() {
        let numbers = [0.0, 0.2, 20_000.0, 1e300, 1.5e-9].map(short_number);
        assert_eq!(numbers, ["0", "0.2", "20000", "1e300", "1.5e-9"]);
    }

    #[test]
    fn parameters_stand_in_titles_and_file_names() {
        let ratio = Parameter::Number(3.0);
        let parameters = Parameters::from([("variance_ratio".to_owned(), ratio)]);
        assert_eq!(
            ensemble_title("correlated-gaussian", &parameters),
            "Correlated-gaussian patterns, variance ratio 3"
        );
        let spectrum = Parameter::List(vec![0.5, 2.0]);
        let parameters = Parameters::from([("spectrum".to_owned(), spectrum)]);
        assert_eq!(
            ensemble_stem("correlated-gaussian", &parameters),
            "correlated-gaussian-spectrum-0.5-2"
        );
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(short_number(0.1 + 0.2), "0.3");
        assert_eq!(short_number(40.0), "40");
        assert_eq!(short_number(2.0 / 3.0), "0.666667");
        assert_eq!(distinct_number(0.1 + 0.2), "0.3");
        assert_eq!(distinct_number(0.2000001), "0.2000001");
        assert_eq!(distinct_number(2.0 / 3.0), "0.666666666667");
    }
}
