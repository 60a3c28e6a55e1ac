//! What every layer is that takes row by row, and layers in a row.

use std::fmt::Debug;

use dam_memory::products::add_scaled;

/// A map of rows with exact slopes; its numbers lie in the list of all parameters.
///
/// Row i of the output depends on row i of the input alone, to the bit.
pub trait Layer: Debug + Send + Sync {
    /// Numbers of an input row.
    fn input_size(&self) -> usize;

    /// Numbers of an output row.
    fn output_size(&self) -> usize;

    /// Writes the output rows of all input rows.
    ///
    /// # Panics
    /// If the input is not whole rows.
    fn forward(&self, parameters: &[f64], input: &[f64], output: &mut Vec<f64>);

    /// Adds the slopes of the parameters to `slopes`, the list of all, and those of the input to
    /// `of_input`, where they are asked for.
    ///
    /// # Panics
    /// If the shapes do not fit together.
    fn backward(&self, passed: Passed<'_>, slopes: &mut [f64], of_input: Option<&mut [f64]>);
}

/// What went through a layer, and the slopes that come back.
#[derive(Clone, Copy, Debug)]
pub struct Passed<'a> {
    /// The list of all parameters.
    pub parameters: &'a [f64],
    /// The input.
    pub input: &'a [f64],
    /// What [`Layer::forward`] made of it.
    pub output: &'a [f64],
    /// The slopes of the output.
    pub gradient: &'a [f64],
}

/// Layers one after the other; without any, the input is the output.
#[derive(Debug, Default)]
pub struct Chain {
    layers: Vec<Box<dyn Layer>>,
}

/// The outputs of all layers of a [`Chain`], and room for slopes; its storage is used again.
#[derive(Clone, Debug, Default)]
pub struct ChainTrace {
    outputs: Vec<Vec<f64>>,
    gradient: Vec<f64>,
    of_input: Vec<f64>,
}

impl Chain {
    /// The same with one more layer at the end.
    ///
    /// # Panics
    /// If the layer takes neither the rows of the last one nor equal parts of them, such as heads.
    #[must_use]
    pub fn with(mut self, layer: impl Layer + 'static) -> Self {
        let last = self.layers.last();
        assert!(
            last.is_none_or(|last| last.output_size().is_multiple_of(layer.input_size())),
            "a layer takes the rows of the one before, or equal parts of them"
        );
        self.layers.push(Box::new(layer));
        self
    }

    /// The same with one more layer at the end, if there is one.
    #[must_use]
    pub fn with_some(self, layer: Option<impl Layer + 'static>) -> Self {
        match layer {
            Some(layer) => self.with(layer),
            None => self,
        }
    }

    /// Runs all layers.
    ///
    /// # Panics
    /// As [`Layer::forward`].
    pub fn forward(&self, parameters: &[f64], input: &[f64], trace: &mut ChainTrace) {
        trace.outputs.resize(self.layers.len(), Vec::new());
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, output) = trace.outputs.split_at_mut(index);
            let input = before.last().map_or(input, Vec::as_slice);
            layer.forward(parameters, input, &mut output[0]);
        }
    }

    /// Adds the slopes, from those of the output, as [`Layer::backward`].
    ///
    /// # Panics
    /// As there, and if `trace` is not that of [`forward`](Self::forward).
    pub fn backward(
        &self,
        parameters: &[f64],
        input: &[f64],
        trace: &mut ChainTrace,
        gradient: &[f64],
        slopes: &mut [f64],
        mut of_input: Option<&mut [f64]>,
    ) {
        assert_eq!(
            trace.outputs.len(),
            self.layers.len(),
            "the trace of this chain"
        );
        if self.layers.is_empty()
            && let Some(of_input) = &mut of_input
        {
            add_scaled(of_input, 1.0, gradient);
        }
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let (before, output) = trace.outputs.split_at(index);
            let passed = Passed {
                parameters,
                input: before.last().map_or(input, Vec::as_slice),
                output: &output[0],
                gradient: if output.len() == 1 {
                    gradient
                } else {
                    &trace.gradient
                },
            };
            if index == 0 {
                layer.backward(passed, slopes, of_input.take());
            } else {
                trace.of_input.clear();
                trace.of_input.resize(passed.input.len(), 0.0);
                layer.backward(passed, slopes, Some(&mut trace.of_input));
                std::mem::swap(&mut trace.of_input, &mut trace.gradient);
            }
        }
    }
}

impl ChainTrace {
    /// The output of the last layer, of the input that went in.
    pub fn output<'a>(&'a self, input: &'a [f64]) -> &'a [f64] {
        self.outputs.last().map_or(input, Vec::as_slice)
    }

    /// The outputs of all layers.
    pub fn outputs(&self) -> &[Vec<f64>] {
        &self.outputs
    }
}
