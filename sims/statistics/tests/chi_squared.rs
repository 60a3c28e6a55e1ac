use dam_statistics::chi_squared_survival;

use crate::reference::{assert_close, table};

#[test]
fn survival_agrees_with_high_precision() {
    for row in table("chi_squared") {
        let x = row.number("chi_squared");
        let dof = usize::try_from(row.count("degrees_of_freedom")).unwrap();
        let p = chi_squared_survival(x, dof).unwrap().unwrap();
        // The exponent of e⁻ˣ carries its own rounding.
        assert_close(p, row.number("survival"), 1e-13 + 1e-15 * x);
    }
}

#[test]
fn limits_and_refusals() {
    assert_eq!(chi_squared_survival(0.0, 5).unwrap(), Some(1.0));
    assert_eq!(chi_squared_survival(f64::INFINITY, 5).unwrap(), Some(0.0));
    assert!(chi_squared_survival(-1.0, 5).is_err());
    assert!(chi_squared_survival(f64::NAN, 5).is_err());
}
