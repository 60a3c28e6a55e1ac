//! One parameter point of a sweep.

use std::collections::BTreeMap;

/// How P grows with N.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Load {
    /// P = e^{αN}.
    Exponential(f64),
    /// P = e^{α̂√N}.
    Scaled(f64),
    /// P = α̃N^k.
    Polynomial {
        /// k.
        exponent: f64,
        /// α̃.
        prefactor: f64,
    },
    /// The job asks for P itself.
    Counted,
}

/// One parameter point of the sweep.
#[derive(Clone, Debug)]
pub struct Point {
    /// α = ln P / N.
    pub alpha: f64,
    /// N.
    pub size: usize,
    /// P.
    pub pattern_count: usize,
    /// The load that P follows from.
    pub load: Load,
    /// The experiment's other parameters.
    pub parameters: BTreeMap<String, Vec<f64>>,
}

impl Point {
    /// The same point with a whole grid that lies inside the task.
    pub fn with_grid(mut self, key: &str, values: impl IntoIterator<Item = f64>) -> Self {
        self.parameters
            .insert(key.to_owned(), values.into_iter().collect());
        self
    }
}
