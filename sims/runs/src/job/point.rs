//! One parameter point of a sweep.

use std::collections::BTreeMap;
use std::sync::Arc;

use dam_memory::ensembles::PatternEnsemble;
use dam_theory::Parameters;

/// The law of patterns, and its parameters.
pub type Drawn = (Arc<dyn PatternEnsemble>, Parameters);

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
    /// The law of its patterns and its parameters, where that is not the one of the job.
    pub patterns: Option<Drawn>,
}

impl Point {
    /// A point with patterns of its own, all `pattern_count` of `size` numbers that there are.
    pub fn of_patterns(patterns: Drawn, size: usize, pattern_count: usize) -> Self {
        Self {
            alpha: counted_load(pattern_count, size),
            size,
            pattern_count,
            load: Load::Counted,
            parameters: BTreeMap::new(),
            patterns: Some(patterns),
        }
    }

    /// The same point with a whole grid that lies inside the task.
    pub fn with_grid(mut self, key: &str, values: impl IntoIterator<Item = f64>) -> Self {
        self.parameters
            .insert(key.to_owned(), values.into_iter().collect());
        self
    }
}

/// α = ln P / N.
pub(crate) fn counted_load(pattern_count: usize, size: usize) -> f64 {
    (pattern_count as f64).ln() / size as f64
}
