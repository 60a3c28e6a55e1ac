//! Gradients against central differences, for layers of one's own too.

/// How far a gradient is from central differences.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientCheck {
    /// The largest |∂f/∂x_i − (f(x + h e_i) − f(x − h e_i))/2h| of the numbers that were compared,
    /// infinite where one is no number.
    pub worst: f64,
    /// The i of it.
    pub worst_at: usize,
    /// The numbers that were not compared: between x − h e_i and x + h e_i the function changes
    /// branch.
    pub crossed: Vec<usize>,
}

/// Compares a gradient at x with central differences of step h.
///
/// The function returns its value and the branch that it took, such as which weights of a sparse
/// separation are above 0 and which rectifiers are open: at a kink there is no slope.
///
/// ```
/// // |x₀| + x₁² at (2, 3), and at the kink of |x₀|
/// let function = |x: &[f64]| (x[0].abs() + x[1] * x[1], x[0] > 0.0);
/// let check = dam_layers::check_gradient(&[2.0, 3.0], &[1.0, 6.0], 1e-6, function);
/// assert!(check.worst < 1e-8 && check.crossed.is_empty());
/// let check = dam_layers::check_gradient(&[0.0, 3.0], &[1.0, 6.0], 1e-6, function);
/// assert_eq!(check.crossed, [0]);
/// ```
///
/// # Panics
/// If there is not one slope for each number.
pub fn check_gradient<B: PartialEq>(
    numbers: &[f64],
    gradient: &[f64],
    step: f64,
    function: impl Fn(&[f64]) -> (f64, B),
) -> GradientCheck {
    assert_eq!(numbers.len(), gradient.len(), "one slope for each number");
    let mut moved = numbers.to_vec();
    let branch = function(&moved).1;
    let mut check = GradientCheck {
        worst: 0.0,
        worst_at: 0,
        crossed: Vec::new(),
    };
    for (index, slope) in gradient.iter().enumerate() {
        let mut at = |value: f64| {
            moved[index] = value;
            function(&moved)
        };
        let (above, above_branch) = at(numbers[index] + step);
        let (below, below_branch) = at(numbers[index] - step);
        moved[index] = numbers[index];
        if above_branch != branch || below_branch != branch {
            check.crossed.push(index);
            continue;
        }
        let difference = (slope - (above - below) / (2.0 * step)).abs();
        let difference = if difference.is_nan() {
            f64::INFINITY
        } else {
            difference
        };
        if difference > check.worst {
            check.worst = difference;
            check.worst_at = index;
        }
    }
    check
}
