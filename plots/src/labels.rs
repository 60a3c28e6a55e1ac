//! Names of ensembles, loads and sizes in figures, and what these numbers may be.

use crate::error::PlotError;
use crate::figure::literal;

/// "Spherical patterns".
pub(crate) fn ensemble_title(ensemble: &str) -> String {
    format!("{} patterns", literal(&capitalised(ensemble)))
}

/// `name` with a capital first letter.
pub(crate) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// "α = 0.2", to six digits.
pub(crate) fn load_name(load: f64) -> Result<String, PlotError> {
    if load.is_finite() && load > 0.0 {
        Ok(format!("α = {}", short_number(load)))
    } else {
        Err(PlotError::OutsideDomain {
            quantity: "the load α",
            value: load,
            domain: "the positive numbers",
        })
    }
}

/// "α = 0.2, N = 40".
pub(crate) fn load_and_size_name(load: f64, size: f64) -> Result<String, PlotError> {
    Ok(format!("{}, N = {}", load_name(load)?, short_number(size)))
}

/// A finite number to six digits without trailing zeros.
pub(crate) fn short_number(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}")
        .parse()
        .expect("a formatted number can be read");
    format!("{rounded}")
}

pub(crate) fn require_size(size: f64) -> Result<(), PlotError> {
    if size.is_finite() && size >= 1.0 {
        return Ok(());
    }
    Err(PlotError::OutsideDomain {
        quantity: "the size N",
        value: size,
        domain: "the numbers ≥ 1",
    })
}

pub(crate) fn require_probability(quantity: &'static str, value: f64) -> Result<(), PlotError> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    Err(PlotError::OutsideDomain {
        quantity,
        value,
        domain: "[0, 1]",
    })
}

/// The different values in the order of their first appearance.
pub(crate) fn distinct(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut found = Vec::new();
    for value in values {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

/// Where `value` stands among the distinct values it was collected with.
pub(crate) fn position(values: &[f64], value: f64) -> usize {
    values
        .iter()
        .position(|&other| other == value)
        .expect("the value was collected from the same series")
}

/// What the loads tend to, given the lower bound `α_c`^lb(λ) and α₁(λ) at every λ: where they agree, both are `α_c`.
pub(crate) fn limit_name(
    mut limits: impl Iterator<Item = (Option<f64>, Option<f64>)>,
) -> &'static str {
    if limits.all(|(bound, typical)| bound == typical) {
        "α_{c}(λ) = α_{1}(λ), N = ∞"
    } else {
        "α_{c}^{lb}(λ), N = ∞"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_begin_with_a_capital_and_show_names_as_they_are() {
        assert_eq!(ensemble_title("spherical"), "Spherical patterns");
        assert_eq!(ensemble_title("my_own"), r"My\_own patterns");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(short_number(0.1 + 0.2), "0.3");
        assert_eq!(short_number(40.0), "40");
        assert_eq!(short_number(2.0 / 3.0), "0.666667");
    }
}
