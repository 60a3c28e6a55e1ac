//! Quadrature: Gauss–Legendre on panels that shrink towards 0, adaptive Gauss–Kronrod of several
//! integrals at once, and two rules of three points.

/// Three-point Gauss–Legendre rule on [−1, 1]: nodes and weights.
pub(crate) const LEGENDRE_NODES: [(f64, f64); 3] = [
    (-0.774_596_669_241_483_4, 5.0 / 9.0),
    (0.0, 8.0 / 9.0),
    (0.774_596_669_241_483_4, 5.0 / 9.0),
];

/// Three-point Gauss–Hermite rule of a normal variable: the probabilities below its nodes, which
/// carry it to laws near to normal, and its weights.
pub(crate) const NORMAL_PROBABILITIES: [(f64, f64); 3] = [
    (0.041_632_258_331_775_2, 1.0 / 6.0),
    (0.5, 2.0 / 3.0),
    (0.958_367_741_668_224_8, 1.0 / 6.0),
];

/// Points of the rule on each panel.
const POINTS: usize = 20;

/// Nodes x and weights of ∫₀^`length` f(x) dx on panels whose edges are `length`·`ratio`^j,
/// j = 0 … `panels` − 1, and a last panel that reaches 0. Functions that vary on any scale
/// between `length` and `length`·`ratio`^`panels` are integrated to rounding.
pub fn graded_nodes(length: f64, ratio: f64, panels: i32) -> Vec<(f64, f64)> {
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

/// The nodes of a law of y ≥ 0, with those below `smallest` as one of the same mean square: even
/// functions keep their expectation to the fourth order in `smallest`.
pub(crate) fn merged(nodes: &[(f64, f64)], smallest: f64) -> impl Iterator<Item = (f64, f64)> {
    let small = nodes.iter().filter(move |(y, _)| *y < smallest);
    let (weight, square) = small.fold((0.0, 0.0), |(weight, square), &(y, part)| {
        (weight + part, square + part * y * y)
    });
    let together = (weight > 0.0).then(|| ((square / weight).sqrt(), weight));
    let large = nodes.iter().filter(move |(y, _)| *y >= smallest).copied();
    together.into_iter().chain(large)
}

/// Nodes and weights on [−1, 1]: the roots of the Legendre polynomial by Newton's method.
pub(crate) fn legendre_rule() -> Vec<(f64, f64)> {
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

/// Nodes of the 15-point Kronrod rule on [0, 1], and its weights (Kronrod 1965).
const NODES: [f64; 8] = [
    0.991_455_371_120_812_6,
    0.949_107_912_342_758_5,
    0.864_864_423_359_769_1,
    0.741_531_185_599_394_4,
    0.586_087_235_467_691_1,
    0.405_845_151_377_397_2,
    0.207_784_955_007_898_47,
    0.0,
];
const KRONROD_WEIGHTS: [f64; 8] = [
    0.022_935_322_010_529_224,
    0.063_092_092_629_978_56,
    0.104_790_010_322_250_19,
    0.140_653_259_715_525_92,
    0.169_004_726_639_267_9,
    0.190_350_578_064_785_4,
    0.204_432_940_075_298_89,
    0.209_482_141_084_727_82,
];
/// Weights of the 7-point Gauss rule on the nodes of odd index.
const GAUSS_WEIGHTS: [f64; 4] = [
    0.129_484_966_168_869_7,
    0.279_705_391_489_276_64,
    0.381_830_050_505_118_9,
    0.417_959_183_673_469_4,
];

/// Most panels before the result is taken as it stands: rounding, not the rule, then sets the
/// error.
const MOST_PANELS: usize = 400;

struct Panel<const K: usize> {
    low: f64,
    high: f64,
    integral: [f64; K],
    error: f64,
}

/// Integrates K functions over [`low`, `high`] to the given accuracy relative to the integral of
/// the first.
///
/// The panel with the largest estimated error is halved until the sum of the errors is small
/// enough.
pub fn integrate<const K: usize>(
    mut functions: impl FnMut(f64) -> [f64; K],
    low: f64,
    high: f64,
    relative_accuracy: f64,
) -> [f64; K] {
    let mut panels = vec![panel(&mut functions, low, high)];
    loop {
        let total = sum(&panels);
        let error: f64 = panels.iter().map(|panel| panel.error).sum();
        if error <= relative_accuracy * total[0].abs() || panels.len() >= MOST_PANELS {
            return total;
        }
        let worst = panels
            .iter()
            .enumerate()
            .max_by(|left, right| left.1.error.total_cmp(&right.1.error))
            .map_or(0, |(index, _)| index);
        let Panel { low, high, .. } = panels.swap_remove(worst);
        let middle = 0.5 * (low + high);
        panels.push(panel(&mut functions, low, middle));
        panels.push(panel(&mut functions, middle, high));
    }
}

fn sum<const K: usize>(panels: &[Panel<K>]) -> [f64; K] {
    let mut total = [0.0; K];
    for panel in panels {
        for (total, part) in total.iter_mut().zip(panel.integral) {
            *total += part;
        }
    }
    total
}

fn panel<const K: usize>(
    functions: &mut impl FnMut(f64) -> [f64; K],
    low: f64,
    high: f64,
) -> Panel<K> {
    let center = 0.5 * (low + high);
    let half = 0.5 * (high - low);
    let mut kronrod = [0.0; K];
    let mut gauss = [0.0; K];
    let mut add = |t: f64, index: usize| {
        let values = functions(t);
        for j in 0..K {
            kronrod[j] += KRONROD_WEIGHTS[index] * values[j];
            if index % 2 == 1 {
                gauss[j] += GAUSS_WEIGHTS[index / 2] * values[j];
            }
        }
    };
    for (index, node) in NODES.iter().enumerate().take(7) {
        add(center - half * node, index);
        add(center + half * node, index);
    }
    add(center, 7);
    let mut error = 0.0_f64;
    for j in 0..K {
        error = error.max((half * (kronrod[j] - gauss[j])).abs());
        kronrod[j] *= half;
    }
    Panel {
        low,
        high,
        integral: kronrod,
        error,
    }
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

    #[test]
    fn the_rules_are_exact_for_their_degrees() {
        for power in 0..=22 {
            let panel = panel(&mut |t: f64| [t.powi(power)], -1.0, 3.0);
            let exact =
                (3.0_f64.powi(power + 1) - (-1.0_f64).powi(power + 1)) / f64::from(power + 1);
            assert!((panel.integral[0] / exact - 1.0).abs() < 1e-14, "{power}");
            assert_eq!(panel.error < 1e-13 * exact, power <= 13, "{power}");
        }
    }

    #[test]
    fn a_narrow_peak_and_a_root_are_found() {
        let [peak] = integrate(|t| [(-0.5 * (t / 0.02).powi(2)).exp()], -1.0, 1.3, 1e-13);
        assert!((peak / (0.02 * std::f64::consts::TAU.sqrt()) - 1.0).abs() < 1e-12);
        let [area, mean] = integrate(|t| [t.sqrt(), t * t.sqrt()], 0.0, 1.0, 1e-12);
        assert!((area - 2.0 / 3.0).abs() < 1e-11 && (mean - 0.4).abs() < 1e-11);
    }
}
