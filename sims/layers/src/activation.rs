//! Functions of single numbers.

use std::fmt::Debug;
use std::marker::PhantomData;

use crate::layer::{Layer, Passed};

/// A function y(x) whose slope follows from y.
pub trait Function: Debug + Send + Sync {
    /// y.
    fn value(x: f64) -> f64;

    /// dy/dx.
    fn slope(y: f64) -> f64;
}

/// max(x, 0); the slope is 0 where y is 0.
#[derive(Clone, Copy, Debug)]
pub enum Rectifier {}

/// tanh x.
#[derive(Clone, Copy, Debug)]
pub enum HyperbolicTangent {}

/// y = max(x, 0), number by number.
pub type Relu = Activation<Rectifier>;

/// y = tanh x, number by number.
pub type Tanh = Activation<HyperbolicTangent>;

/// A function of every number of a row.
#[derive(Clone, Copy, Debug)]
pub struct Activation<F> {
    size: usize,
    function: PhantomData<F>,
}

impl<F: Function> Activation<F> {
    /// For rows of `size` numbers.
    pub fn new(size: usize) -> Self {
        Self {
            size,
            function: PhantomData,
        }
    }
}

impl Function for Rectifier {
    fn value(x: f64) -> f64 {
        x.max(0.0)
    }

    fn slope(y: f64) -> f64 {
        if y > 0.0 { 1.0 } else { 0.0 }
    }
}

impl Function for HyperbolicTangent {
    fn value(x: f64) -> f64 {
        x.tanh()
    }

    fn slope(y: f64) -> f64 {
        1.0 - y * y
    }
}

impl<F: Function> Layer for Activation<F> {
    fn input_size(&self) -> usize {
        self.size
    }

    fn output_size(&self) -> usize {
        self.size
    }

    fn forward(&self, _: &[f64], input: &[f64], output: &mut Vec<f64>) {
        output.clear();
        output.extend(input.iter().map(|&x| F::value(x)));
    }

    fn backward(&self, passed: Passed<'_>, _: &mut [f64], of_input: Option<&mut [f64]>) {
        let slopes = passed.output.iter().zip(passed.gradient);
        for (of_input, (&y, slope)) in of_input.into_iter().flatten().zip(slopes) {
            *of_input += slope * F::slope(y);
        }
    }
}
