//! What the output folder holds of a job, and whether it belongs to it.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::job::Job;
use crate::quantity::Quantity;
use crate::record::Record;
use crate::results::document::{Format, PROGRAM, Results, SCHEMA, TaskDocument, TaskResult};
use crate::results::error::StoreError;
use crate::results::files::{Content, read};
use crate::results::flaw::{Flaw, FlawKind};
use crate::results::provenance::Provenance;
use crate::results::store::{CHECKPOINT_END, END, Store};
use crate::results::table;
use crate::results::trust::{check_settings, read_checkpoint, read_finished};
use crate::results::warnings::warnings;
use crate::subject::Subject;

/// How far a task, or its sampled theory, has come.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "as few as tasks, and most of them finished"
)]
pub enum TaskState {
    /// Nothing is there.
    Missing,
    /// Some samples are finished.
    Partial {
        /// Finished samples by number.
        samples: Vec<(usize, Record)>,
        /// Time spent on them.
        wall_seconds: f64,
    },
    /// All samples are finished.
    Finished(TaskResult),
}

impl TaskState {
    /// The result, where all samples are finished.
    pub fn finished(self) -> Option<TaskResult> {
        match self {
            Self::Finished(result) => Some(result),
            Self::Missing | Self::Partial { .. } => None,
        }
    }

    /// The samples of a range that are not finished, in ascending order.
    pub(crate) fn missing(&self, range: &Range<usize>) -> Vec<usize> {
        match self {
            Self::Missing => range.clone().collect(),
            Self::Finished(_) => Vec::new(),
            Self::Partial { samples, .. } => {
                let is_missing = |index: &usize| !samples.iter().any(|(found, _)| found == index);
                range.clone().filter(is_missing).collect()
            }
        }
    }
}

/// What the output folder holds of a job.
#[derive(Debug)]
pub struct Survey {
    /// The state of every task, in the order of the job.
    pub states: Vec<TaskState>,
    /// The state of the sampled theory of every task; missing where the task has none.
    pub theories: Vec<TaskState>,
    /// Files that are cut short or damaged: what they lack is computed again.
    pub flaws: Vec<Flaw>,
    /// Files of earlier builds, without a digest: damage in them cannot be seen.
    pub undigested: usize,
    /// Finished tasks in the folder that this job's sweep does not ask for.
    pub unasked: usize,
    /// Tasks of more samples than the job asks for: the first ones count.
    pub surplus: usize,
}

impl Survey {
    /// The number of finished tasks.
    pub fn finished(&self) -> usize {
        self.states
            .iter()
            .filter(|state| matches!(state, TaskState::Finished(_)))
            .count()
    }
}

/// What is found of one subject.
struct Found {
    state: TaskState,
    flaws: Vec<Flaw>,
    undigested: usize,
    has_more: bool,
}

impl Survey {
    fn note(&mut self, found: Found) -> TaskState {
        self.flaws.extend(found.flaws);
        self.undigested += found.undigested;
        self.surplus += usize::from(found.has_more);
        found.state
    }
}

impl Store {
    /// Reads what is there and checks that it belongs to `job`. Writes nothing.
    ///
    /// # Errors
    /// A foreign or unreadable file where a result belongs; results made with other settings.
    pub fn survey(&self, job: &Job) -> Result<Survey, StoreError> {
        let mut survey = Survey {
            states: Vec::with_capacity(job.tasks.len()),
            theories: vec![TaskState::Missing; job.tasks.len()],
            flaws: Vec::new(),
            undigested: 0,
            unasked: 0,
            surplus: 0,
        };
        let files = self.data_files()?;
        for task in &job.tasks {
            let found = self.found(&Subject::measurement(job, task), &files)?;
            let state = survey.note(found);
            survey.states.push(state);
        }
        self.check_merged(job)?;
        survey.unasked = self.check_other_tasks(job, &files)?;
        if files.iter().any(|name| name.starts_with("theory-")) {
            for (index, task) in job.tasks.iter().enumerate() {
                if let Some(subject) = Subject::theory(job, task) {
                    let found = self.found(&subject, &files)?;
                    let state = survey.note(found);
                    if let TaskState::Finished(result) = &state {
                        task.tell_theory(result.quantities.clone());
                    }
                    survey.theories[index] = state;
                }
            }
        }
        Ok(survey)
    }

    /// How far a subject has come.
    ///
    /// # Errors
    /// As [`survey`](Self::survey).
    pub fn state(&self, subject: &Subject<'_>) -> Result<TaskState, StoreError> {
        Ok(self.found(subject, &self.data_files()?)?.state)
    }

    fn found(&self, subject: &Subject<'_>, files: &[String]) -> Result<Found, StoreError> {
        let path = self.finished_path(subject);
        let stored = read_finished(&path, subject)?;
        let has_more = stored.samples.len() > subject.samples();
        let mut flaws: Vec<Flaw> = stored.flaw.into_iter().collect();
        let mut undigested = usize::from(stored.is_undigested);
        let (mut records, mut wall_seconds) = (stored.samples, stored.wall_seconds);
        let finished_count = records.len();
        if let Some(quantities) = stored.quantities
            && records.len() == subject.samples()
        {
            return Ok(Found {
                state: TaskState::Finished(TaskResult {
                    task: subject.task.clone(),
                    quantities,
                    samples: records.into_values().collect(),
                    wall_seconds,
                }),
                flaws,
                undigested,
                has_more,
            });
        }
        for path in self.checkpoint_paths(subject, files) {
            let stored = read_checkpoint(&path, subject)?;
            records.extend(stored.samples);
            wall_seconds += stored.wall_seconds;
            flaws.extend(stored.flaw);
            undigested += usize::from(stored.is_undigested);
        }
        let state = match subject.result(&records, wall_seconds) {
            Some(result) => TaskState::Finished(result),
            None if records.is_empty() => TaskState::Missing,
            None => TaskState::Partial {
                samples: records.into_iter().collect(),
                wall_seconds,
            },
        };
        if let (TaskState::Finished(result), Some(stated)) = (&state, stored.stated)
            && finished_count == result.samples.len()
            && !have_the_same_values(&stated, &result.quantities)
        {
            flaws.push(Flaw {
                path,
                kind: FlawKind::Altered,
            });
        }
        Ok(Found {
            state,
            flaws,
            undigested,
            has_more,
        })
    }

    /// Merges the finished tasks of a survey, in the order of the sweep; writes nothing.
    pub fn merge(&self, job: &Job, survey: &Survey) -> Results {
        let tasks: Vec<TaskResult> = survey
            .states
            .iter()
            .filter_map(|state| match state {
                TaskState::Finished(result) => Some(result.clone()),
                TaskState::Missing | TaskState::Partial { .. } => None,
            })
            .collect();
        let concluded = job.experiment.conclude(&tasks);
        let samples = tasks
            .iter()
            .map(|result| (&result.task, result.samples.as_slice()));
        Results {
            format: Format::Results,
            schema: SCHEMA,
            program: PROGRAM.to_owned(),
            name: job.name.clone(),
            settings: job.settings.clone(),
            missing_tasks: job.tasks.len() - tasks.len(),
            provenance: Some(Provenance::new(self.commit(), samples)),
            warnings: [warnings(&tasks), concluded.warnings].concat(),
            tasks,
            across_tasks: concluded.joint,
            findings: concluded.findings,
            comparisons: OnceLock::new(),
        }
    }

    /// What the results file of a job holds; none where it is missing or damaged.
    ///
    /// # Errors
    /// As [`survey`](Self::survey) for a file that is not ours.
    pub fn merged(&self) -> Result<Option<Results>, StoreError> {
        match read(&self.results_path(), Format::Results)? {
            Content::Whole(merged) | Content::Undigested(merged) => Ok(Some(merged)),
            Content::Absent | Content::Truncated | Content::Damaged(_) => Ok(None),
        }
    }

    /// Refuses merged results of another job, whose task files may be gone. A damaged or missing file is written anew.
    fn check_merged(&self, job: &Job) -> Result<(), StoreError> {
        if let Some(merged) = self.merged()? {
            let mut tasks = merged.tasks.iter();
            let can_grow = !tasks.any(|result| {
                let needs = job.experiment.needs(result.task.size);
                needs.all_samples
            });
            check_settings(
                &self.results_path(),
                &merged.settings,
                &job.settings,
                can_grow,
            )?;
        }
        table::check_ours(&self.table_path(), table::TIDY)?;
        table::check_ours(&self.trajectories_path(), table::TRAJECTORIES)
    }

    /// Results of parameter points outside the sweep still tell whether the job changed.
    fn check_other_tasks(&self, job: &Job, files: &[String]) -> Result<usize, StoreError> {
        let asked: HashSet<PathBuf> = job
            .tasks
            .iter()
            .map(|task| self.finished_path(&Subject::measurement(job, task)))
            .collect();
        let is_task = |name: &String| {
            name.starts_with("task-") && name.ends_with(END) && !name.ends_with(CHECKPOINT_END)
        };
        let directory = self.data_directory();
        let others = files
            .iter()
            .filter(|name| is_task(name))
            .map(|name| directory.join(name));
        let mut count = 0;
        for path in others.filter(|path| !asked.contains(path)) {
            if let Content::Whole(document) | Content::Undigested(document) =
                read::<TaskDocument>(&path, Format::Task)?
            {
                let size = document.result.task.size;
                let can_grow = !job.experiment.needs(size).all_samples;
                check_settings(&path, &document.header.settings, &job.settings, can_grow)?;
            }
            count += 1;
        }
        Ok(count)
    }
}

/// Whether quantities have the same values, whatever their errors: these come from better statistics with time.
fn have_the_same_values(stated: &[Quantity], found: &[Quantity]) -> bool {
    let agree = |one: Option<f64>, other: Option<f64>| match (one, other) {
        // sums may be taken in another order
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * one.abs().max(other.abs()),
        _ => one == other,
    };
    let names = |of: &Quantity| (of.name.clone(), of.coordinates.clone(), of.labels.clone());
    stated.iter().all(|one| {
        let same = found.iter().find(|other| names(one) == names(other));
        same.is_none_or(|other| agree(one.mean, other.mean) && agree(one.median, other.median))
    })
}
