//! Gradients against central differences.

/// The largest |∂f/∂x_i − (f(x + h e_i) − f(x − h e_i))/2h| of the numbers x, with h = `step`.
///
/// # Panics
/// If there is not one slope for each number.
pub fn worst_difference(
    numbers: &[f64],
    gradient: &[f64],
    step: f64,
    function: impl Fn(&[f64]) -> f64,
) -> f64 {
    assert_eq!(numbers.len(), gradient.len(), "one slope for each number");
    let mut moved = numbers.to_vec();
    let mut worst: f64 = 0.0;
    for (index, slope) in gradient.iter().enumerate() {
        let mut at = |value: f64| {
            moved[index] = value;
            function(&moved)
        };
        let above = at(numbers[index] + step);
        let below = at(numbers[index] - step);
        moved[index] = numbers[index];
        let difference = (slope - (above - below) / (2.0 * step)).abs();
        // a difference that is no number is the worst
        worst = if difference.is_nan() {
            f64::INFINITY
        } else {
            worst.max(difference)
        };
    }
    worst
}
