//! One softmax update to measure, and all that it needs.

use std::hint::black_box;

use dam_memory::kernel::{Batch, Element, Parallelism, Pass, StateSummary, Workspace};
use dam_memory::patterns::{Patterns, huge_pages};

/// Patterns and states, and room for the answers.
pub struct Problem<T> {
    patterns: Patterns<T>,
    states: Vec<f64>,
    lambdas: Vec<f64>,
    targets: Vec<usize>,
    means: Vec<f64>,
    summaries: Vec<StateSummary>,
    workspace: Workspace,
}

impl<T: Element> Problem<T> {
    /// P patterns of N components and B states.
    pub fn new([count, size, batch]: [usize; 3]) -> Self {
        // The values matter little for the time: a rotation by an irrational angle spreads them.
        let value = |index: usize| (index as f64 * 0.618_033_988_75).fract() * 2.0 - 1.0;
        let mut rows = huge_pages::with_capacity(count * size);
        rows.extend((0..count * size).map(|index| T::from_f64(value(index))));
        Self {
            patterns: Patterns::from_rows(size, rows),
            states: (0..batch * size).map(|at| value(7 * at + 3)).collect(),
            lambdas: vec![1.0; batch],
            targets: vec![0; batch],
            means: vec![0.0; batch * size],
            summaries: vec![StateSummary::default(); batch],
            workspace: Workspace::default(),
        }
    }

    /// Updates all states once.
    pub fn update(&mut self, parallelism: Parallelism) {
        let batch = Batch {
            states: black_box(&self.states),
            inverse_temperatures: &self.lambdas,
            targets: &self.targets,
            seeds: None,
        };
        Pass {
            source: &self.patterns,
            batch,
            parallelism,
        }
        .run(&mut self.workspace, &mut self.means, &mut self.summaries);
    }
}
