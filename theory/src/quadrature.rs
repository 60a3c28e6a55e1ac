//! Composite Gauss–Legendre quadrature on panels that shrink geometrically towards 0.

/// Points of the rule on each panel.
const POINTS: usize = 20;

/// Nodes x and weights of ∫₀^`length` f(x) dx on panels whose edges are `length`·`ratio`^j,
/// j = 0 … `panels` − 1, and a last panel that reaches 0. Functions that vary on any scale
/// between `length` and `length`·`ratio`^`panels` are integrated to rounding.
pub(crate) fn graded_nodes(length: f64, ratio: f64, panels: i32) -> Vec<(f64, f64)> {
    let rule = legendre_rule();
    let mut nodes = Vec::new();
    for panel in 0..=panels {
        let high = length * ratio.powi(panel);
        let low = if panel == panels {
            0.0
        } else {
            length * ratio.powi(panel + 1)
        };
        let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
        nodes.extend(
            rule.iter()
                .map(|&(x, weight)| (centre + half * x, half * weight)),
        );
    }
    nodes
}

/// Nodes and weights on [−1, 1]: the roots of the Legendre polynomial by Newton's method.
fn legendre_rule() -> Vec<(f64, f64)> {
    let count = POINTS as f64;
    (0..POINTS)
        .map(|index| {
            let mut x = (std::f64::consts::PI * (index as f64 + 0.75) / (count + 0.5)).cos();
            let mut slope = 1.0;
            // Newton's method doubles the digits of a guess that is good to three.
            for _ in 0..6 {
                let (mut value, mut previous) = (x, 1.0);
                for degree in 2..=POINTS {
                    let degree = degree as f64;
                    let next =
                        ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * previous) / degree;
                    (previous, value) = (value, next);
                }
                slope = count * (x * value - previous) / (x * x - 1.0);
                x -= value / slope;
            }
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_exponentials_and_narrow_peaks_are_integrated_to_rounding() {
        let nodes = graded_nodes(2.0, 0.5, 30);
        let integral = |f: &dyn Fn(f64) -> f64| -> f64 {
            nodes.iter().map(|&(x, weight)| weight * f(x)).sum()
        };
        assert!((integral(&|_| 1.0) - 2.0).abs() < 1e-14);
        assert!((integral(&|x| x.powi(7)) - 32.0).abs() < 1e-12);
        for scale in [1e-8_f64, 1e-4, 1.0, 1e4] {
            let exact = -scale * (-2.0 / scale).exp_m1();
            assert!((integral(&|x| (-x / scale).exp()) / exact - 1.0).abs() < 1e-13);
        }
    }
}
