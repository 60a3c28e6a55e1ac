//! What has samples: a task, or its theory where that is sampled too.

use std::collections::BTreeMap;

use dam_memory::streams::Settings;
use serde_json::json;

use crate::experiment::SampledTheory;
use crate::job::Job;
use crate::record::Record;
use crate::results::TaskResult;
use crate::revealed;
use crate::task::Task;

/// The setting in which a job and its results may differ: sample i depends on its number alone.
pub(crate) const SAMPLES: &str = "sampling.samples";

/// P·N of about a second of descents.
pub(crate) const WORK_OF_A_SECOND: f64 = 2e6;

/// A task of a job, or the sampled theory of a task: whatever is measured sample by sample and kept in files.
#[derive(Debug)]
pub struct Subject<'a> {
    pub(crate) job: &'a Job,
    pub(crate) task: &'a Task,
    pub(crate) theory: Option<SampledTheory<'a>>,
}

impl<'a> Subject<'a> {
    /// The measurement of a task of the job.
    pub fn measurement(job: &'a Job, task: &'a Task) -> Self {
        Self {
            job,
            task,
            theory: None,
        }
    }

    /// The theory of a task of the job, where it is sampled.
    pub fn theory(job: &'a Job, task: &'a Task) -> Option<Self> {
        // revealed patterns are sampled in the same way
        if task.revealed.is_some() {
            return None;
        }
        let theory = job.experiment.sampled_theory(task)?;
        Some(Self {
            job,
            task,
            theory: Some(theory),
        })
    }

    /// How many samples are asked for.
    pub fn samples(&self) -> usize {
        self.theory
            .as_ref()
            .map_or(self.job.samples, |theory| theory.samples)
    }

    /// P·N: the work of one pass over the patterns of a sample; of a theory, that of the patterns that it stores.
    pub(crate) fn work(&self) -> f64 {
        if let (None, Some(seconds)) = (&self.theory, self.job.experiment.seconds(self.task)) {
            return seconds * WORK_OF_A_SECOND;
        }
        let (work, patterns) = (self.task.work(), self.task.held_patterns());
        let of_theory = |theory: &SampledTheory<'_>| theory.patterns.min(patterns) / patterns;
        work * self.theory.as_ref().map_or(1.0, of_theory)
    }

    /// What the samples depend on besides the task.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = self.job.settings.clone();
        if let Some(theory) = &self.theory {
            settings.insert(SAMPLES.to_owned(), json!(theory.samples));
            settings.insert("theory.seed".to_owned(), json!(theory.seed));
            settings.insert("theory.version".to_owned(), json!(theory.version));
        }
        settings
    }

    /// Whether samples stay valid when more of them are asked for.
    pub(crate) fn can_grow(&self) -> bool {
        self.theory.is_some() || !self.job.experiment.needs(self.task.size).all_samples
    }

    /// The first samples that are asked for, reduced; `None` where one is missing.
    pub(crate) fn result(
        &self,
        records: &BTreeMap<usize, Record>,
        wall_seconds: f64,
    ) -> Option<TaskResult> {
        let samples: Vec<Record> = (0..self.samples())
            .map_while(|index| records.get(&index).cloned())
            .collect();
        (samples.len() == self.samples()).then(|| TaskResult {
            task: self.task.clone(),
            quantities: match &self.theory {
                None if self.task.revealed.is_some() => {
                    let experiment = self.job.experiment.as_ref();
                    revealed::quantities(experiment, self.task, &samples)
                }
                None => self.job.experiment.measured(self.task, &samples),
                Some(theory) => theory.experiment.quantities(self.task, &samples),
            },
            samples,
            wall_seconds,
        })
    }
}
