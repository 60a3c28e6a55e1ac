//! Where theory speaks: a point with real N and P, so that one prediction serves tables and curves.

use std::collections::BTreeMap;
use std::sync::Arc;

use dam_theory::Ensemble;
use dam_theory::finite_size::PatternCount;

use crate::quantity::Quantity;
use crate::task::{Load, Task};

/// A point of a task's grid, or one beside it: another N at the same load, another P at the same N.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The task whose ensemble, grids and parameters hold here too.
    pub task: &'a Task,
    /// N.
    pub size: f64,
    /// P; ∞ beyond the largest number.
    pub count: f64,
    /// α = ln P / N.
    pub load: f64,
    /// Coordinates, such as λ.
    pub coordinates: BTreeMap<String, f64>,
    patterns: Option<PatternCount>,
    is_of_task: bool,
}

impl<'a> Place<'a> {
    /// The task itself.
    pub fn of_task(task: &'a Task) -> Self {
        Self {
            task,
            size: task.size as f64,
            count: task.count(),
            load: task.alpha,
            coordinates: BTreeMap::new(),
            patterns: task.patterns(),
            is_of_task: true,
        }
    }

    /// Where a quantity of the task was measured.
    pub fn of(task: &'a Task, quantity: &Quantity) -> Self {
        Self {
            coordinates: quantity.coordinates.clone(),
            ..Self::of_task(task)
        }
    }

    /// ln P(P−1)/2: how many pairs of patterns there are.
    pub fn log_pairs(&self) -> f64 {
        (0.5 * self.count * (self.count - 1.0)).ln()
    }

    /// The same place at `value` of the coordinate `name`.
    #[must_use]
    pub fn at(mut self, name: &str, value: f64) -> Self {
        self.coordinates.insert(name.to_owned(), value);
        self
    }

    /// Another N at the same load, whose P is not rounded.
    #[must_use]
    pub fn at_size(self, size: f64) -> Self {
        let alpha = self.task.alpha;
        let (log_count, count, load) = match self.task.load() {
            Load::Exponential(_) | Load::Counted => {
                let log_count = alpha * size;
                (log_count, log_count.exp(), alpha)
            }
            Load::Scaled(scaled) => {
                let log_count = scaled * size.sqrt();
                (log_count, log_count.exp(), log_count / size)
            }
            Load::Polynomial {
                exponent,
                prefactor,
            } => {
                let count = prefactor * size.powf(exponent);
                (count.ln(), count, count.ln() / size)
            }
        };
        let log_noise = log_count + (-(-log_count).exp()).ln_1p();
        Self {
            size,
            count,
            load,
            patterns: PatternCount::from_log_noise_patterns(log_noise).ok(),
            is_of_task: false,
            ..self
        }
    }

    /// Another P at the same N.
    #[must_use]
    pub fn at_count(self, count: f64) -> Self {
        Self {
            count,
            load: count.ln() / self.size,
            patterns: PatternCount::from_count(count).ok(),
            is_of_task: false,
            ..self
        }
    }

    /// A coordinate.
    pub fn coordinate(&self, name: &str) -> Option<f64> {
        self.coordinates.get(name).copied()
    }

    /// P as theory takes it; none below two patterns.
    pub fn patterns(&self) -> Option<PatternCount> {
        self.patterns
    }

    /// The task, where N and P are those of its samples: what is simulated there can be simulated again.
    pub fn simulated(&self) -> Option<&'a Task> {
        self.is_of_task.then_some(self.task)
    }

    /// The theory of the ensemble, where there is one.
    pub fn theory(&self) -> Option<Arc<dyn Ensemble>> {
        self.task.theory()
    }
}
