//! The rectifier max(x, 0).

/// max(x, 0) of every number.
pub fn relu(input: &[f64]) -> Vec<f64> {
    input.iter().map(|value| value.max(0.0)).collect()
}

/// The gradient in the input: that of the output where the input is positive, else 0.
pub fn relu_backward(input: &[f64], gradient: &[f64]) -> Vec<f64> {
    let slope = |(&value, &slope): (&f64, &f64)| if value > 0.0 { slope } else { 0.0 };
    input.iter().zip(gradient).map(slope).collect()
}
