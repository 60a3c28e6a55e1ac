//! Y = XWᵀ + b.

use dam_memory::products::{Factor, add_product, add_scaled};

use crate::layer::{Layer, Passed};
use crate::parameters::{Initial, Parameters, Span, named};

/// Y = XWᵀ + b for the rows of X; W is outputs × inputs, row-major.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Numbers of an input row.
    pub input_size: usize,
    /// Numbers of an output row.
    pub output_size: usize,
    /// W.
    pub weights: Span,
    /// b, one for each output.
    pub bias: Option<Span>,
}

impl Linear {
    /// A layer of its own, `{name}.weight` and `{name}.bias`, uniform on ±1/√inputs.
    pub fn new(
        parameters: &mut Parameters,
        name: &str,
        [input_size, output_size]: [usize; 2],
    ) -> Self {
        Self::starting(
            parameters,
            name,
            [input_size, output_size],
            Initial::of_inputs(input_size),
            Some(Initial::of_inputs(input_size)),
        )
    }

    /// A layer of its own whose weights and bias, if any, begin as told.
    pub fn starting(
        parameters: &mut Parameters,
        name: &str,
        [input_size, output_size]: [usize; 2],
        weights: Initial,
        bias: Option<Initial>,
    ) -> Self {
        let dimensions = [output_size, input_size];
        Self {
            input_size,
            output_size,
            weights: parameters.add(&named(name, "weight"), &dimensions, weights),
            bias: bias.map(|law| parameters.add(&named(name, "bias"), &dimensions[..1], law)),
        }
    }
}

impl Layer for Linear {
    fn input_size(&self) -> usize {
        self.input_size
    }

    fn output_size(&self) -> usize {
        self.output_size
    }

    fn forward(&self, parameters: &[f64], input: &[f64], output: &mut Vec<f64>) {
        assert!(input.len().is_multiple_of(self.input_size), "whole rows");
        let rows = input.len() / self.input_size;
        output.clear();
        match self.bias {
            Some(bias) => {
                let bias = bias.of(parameters);
                (0..rows).for_each(|_| output.extend_from_slice(bias));
            }
            None => output.resize(rows * self.output_size, 0.0),
        }
        let map = self.weights.of(parameters);
        add_product(
            Factor::new(self.input_size, input),
            Factor::transposed(self.input_size, map),
            output,
        );
    }

    /// Gᵀ X of W, the column sums of G of b, and G W of the input.
    fn backward(&self, passed: Passed<'_>, slopes: &mut [f64], of_input: Option<&mut [f64]>) {
        let Passed {
            parameters,
            input,
            gradient,
            ..
        } = passed;
        let outputs = self.output_size;
        let of_weights = self.weights.of_mut(slopes);
        add_product(
            Factor::transposed(outputs, gradient),
            Factor::new(self.input_size, input),
            of_weights,
        );
        if let Some(bias) = self.bias {
            let of_bias = bias.of_mut(slopes);
            for row in gradient.chunks_exact(outputs) {
                add_scaled(of_bias, 1.0, row);
            }
        }
        if let Some(of_input) = of_input {
            let map = self.weights.of(parameters);
            add_product(
                Factor::new(outputs, gradient),
                Factor::new(self.input_size, map),
                of_input,
            );
        }
    }
}
