//! The parameters of ensembles that have some, by key.

use std::collections::BTreeMap;

use crate::error::TheoryError;

/// The parameters of an ensemble by the key that they have in job files.
pub type Parameters = BTreeMap<String, f64>;

/// The keys of the parameters that an ensemble needs; none for most, and for unknown names.
///
/// ```
/// assert_eq!(dam_theory::parameter_names("correlated-gaussian"), ["variance_ratio"]);
/// assert!(dam_theory::parameter_names("gaussian").is_empty());
/// ```
pub fn parameter_names(ensemble: &str) -> &'static [&'static str] {
    match ensemble {
        "correlated-gaussian" => &["variance_ratio"],
        "hidden-manifold" => &["manifold_ratio"],
        _ => &[],
    }
}

/// Refuses parameters that the ensemble does not have, and missing ones.
pub(crate) fn check(ensemble: &str, parameters: &Parameters) -> Result<(), TheoryError> {
    let known = parameter_names(ensemble);
    for key in parameters.keys() {
        if !known.contains(&key.as_str()) {
            return Err(TheoryError::UnknownParameter {
                ensemble: ensemble.to_owned(),
                key: key.clone(),
                known: if known.is_empty() {
                    "it has none".to_owned()
                } else {
                    format!("it has {}", known.join(", "))
                },
            });
        }
    }
    for &key in known {
        if !parameters.contains_key(key) {
            return Err(TheoryError::MissingParameter {
                ensemble: ensemble.to_owned(),
                key,
            });
        }
    }
    Ok(())
}

/// The value of a parameter that [`check`] has found.
pub(crate) fn value(parameters: &Parameters, key: &str) -> f64 {
    parameters.get(key).copied().unwrap_or(f64::NAN)
}
