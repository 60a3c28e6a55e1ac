//! Loss curves of kernel learning.

use crate::shared::training_curve::TrainingCurve;
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::Record;
use dam_runs::task::Task;

/// What is recorded.
const NAMES: [&str; 3] = ["loss", "largest_cosine", "gradient_norm"];

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "kernel-training",
    about: "loss, largest cosine and gradient norm while feature maps are learned",
    sections: &["learner"],
    read: KernelTraining::configure,
};

/// Learns feature maps of the stored patterns and records loss, largest cosine of two features and |∇L| at some epochs
/// (Hu, Wu and Liu, arXiv:2410.23126, Fig. 5; Wu et al., arXiv:2404.03827, Figs. 5 and 8).
#[derive(Clone, Debug)]
pub struct KernelTraining(pub TrainingCurve);

impl KernelTraining {
    /// Tables `[[learner]]`; sweeps `pattern_count` and `size`, with the grid `training_steps` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let (curve, points) = TrainingCurve::configure(draft)?;
        Ok((Box::new(Self(curve)), points))
    }
}

impl Experiment for KernelTraining {
    fn settings(&self) -> Settings {
        self.0.settings()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        self.0.record(sample, NAMES, |trainer| {
            let state = trainer.state();
            [state.loss, state.largest_cosine, state.gradient_norm].map(Some)
        })
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        self.0.quantities(task, records, &NAMES)
    }
}
