//! What the views of a job may depend on besides the experiment.

use dam_memory::ensembles::PatternEnsemble;
use dam_theory::Parameters;

use super::names::{capitalised, ensemble_title, literal};
use crate::task::Task;

/// What the views of a job may depend on besides the experiment.
#[derive(Clone, Copy, Debug)]
pub struct Sweep<'a> {
    /// The job's name.
    pub name: &'a str,
    /// The name of the kind of experiment.
    pub kind: &'a str,
    /// The law of the patterns.
    pub ensemble: &'a dyn PatternEnsemble,
    /// The parameters of that law, where it has some.
    pub parameters: &'a Parameters,
    /// Disorder samples per task.
    pub samples: usize,
    /// The parameter points.
    pub tasks: &'a [Task],
}

impl Sweep<'_> {
    /// "Spherical patterns", with the parameters of the ensemble.
    pub fn title(&self) -> String {
        match self.ensemble.theory() {
            Some(_) => ensemble_title(self.ensemble.name(), self.parameters),
            // patterns that are no draws of a law are called what they are
            None => literal(&capitalised(self.ensemble.name())),
        }
    }
}
