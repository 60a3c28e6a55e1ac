//! The rectifier max(x, 0).

use crate::layer::{Layer, Passed};

/// y = max(x, 0), number by number; the slope is 0 where y is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relu {
    /// Numbers of a row.
    pub size: usize,
}

impl Layer for Relu {
    fn input_size(&self) -> usize {
        self.size
    }

    fn output_size(&self) -> usize {
        self.size
    }

    fn forward(&self, _: &[f64], input: &[f64], output: &mut Vec<f64>) {
        output.clear();
        output.extend(input.iter().map(|value| value.max(0.0)));
    }

    fn backward(&self, _: &[f64], passed: Passed<'_>, _: &mut [f64], of_input: Option<&mut [f64]>) {
        let of_input = of_input.into_iter().flatten();
        let slopes = passed.output.iter().zip(passed.gradient);
        for (of_input, (&output, slope)) in of_input.zip(slopes) {
            *of_input += if output > 0.0 { *slope } else { 0.0 };
        }
    }
}
