//! The rectifier max(x, 0).

/// x ← max(x, 0) of every number.
pub fn relu(numbers: &mut [f64]) {
    for number in numbers {
        *number = number.max(0.0);
    }
}

/// Slopes of the output become those of the input: 0 where the output is 0.
pub fn relu_backward(output: &[f64], slopes: &mut [f64]) {
    for (slope, &output) in slopes.iter_mut().zip(output) {
        *slope = if output > 0.0 { *slope } else { 0.0 };
    }
}
