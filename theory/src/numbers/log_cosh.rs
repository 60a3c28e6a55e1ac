//! ln cosh h.

/// ln cosh h without overflow, and without cancellation at small h.
pub(crate) fn log_cosh(h: f64) -> f64 {
    let h = h.abs();
    if h < 0.5 {
        // cosh h = 1 + 2 sinh²(h/2)
        let half = (0.5 * h).sinh();
        (2.0 * half * half).ln_1p()
    } else {
        h + (-2.0 * h).exp().ln_1p() - std::f64::consts::LN_2
    }
}
