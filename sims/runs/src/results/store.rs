//! Where results lie, how they appear (by rename) and how they are trusted.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::experiment::Experiment;
use crate::job::Job;
use crate::journal::Answers;
use crate::record::Record;
use crate::results::digest::of_sample;
use crate::results::document::{
    Format, Header, PartialDocument, Results, TaskDocument, TaskResult,
};
use crate::results::error::StoreError;
use crate::results::files::{write_bytes, write_json};
use crate::results::table;
use crate::results::trust::{checkpoint_format, finished_format, read_checkpoint};
use crate::subject::Subject;
use crate::whole_file;

/// How the names of checkpoints end.
pub(super) const CHECKPOINT_END: &str = ".partial.json";
/// How the names of all files of the data folder end.
pub(super) const END: &str = ".json";

/// What a checkpoint holds.
#[derive(Debug)]
pub struct Checkpoint {
    /// The finished samples, by number.
    pub samples: BTreeMap<usize, Record>,
    /// What others have found on their way.
    pub begun: BTreeMap<usize, Answers>,
    /// The time spent on them.
    pub wall_seconds: f64,
}

/// The result files of one job in one output folder.
#[derive(Clone, Debug)]
pub struct Store {
    directory: PathBuf,
    name: String,
    commit: String,
}

impl Store {
    /// The results of `job` in `directory`; touches nothing.
    pub fn new(directory: &Path, job: &Job) -> Self {
        Self {
            directory: directory.to_owned(),
            name: job.name.clone(),
            commit: "unknown".to_owned(),
        }
    }

    /// The same, written by a program that was built from this commit.
    #[must_use]
    pub fn of_commit(mut self, commit: &str) -> Self {
        commit.clone_into(&mut self.commit);
        self
    }

    pub(super) fn commit(&self) -> &str {
        &self.commit
    }

    /// The output folder.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// `<name>.data`, the folder of the task files.
    pub fn data_directory(&self) -> PathBuf {
        self.directory.join(format!("{}.data", self.name))
    }

    /// `<name>.results.json`.
    pub fn results_path(&self) -> PathBuf {
        self.directory.join(format!("{}.results.json", self.name))
    }

    /// `<name>.csv`.
    pub fn table_path(&self) -> PathBuf {
        self.directory.join(format!("{}.csv", self.name))
    }

    /// `<name>.trajectories.csv`.
    pub fn trajectories_path(&self) -> PathBuf {
        self.directory
            .join(format!("{}.trajectories.csv", self.name))
    }

    /// The file name without ending of a figure of this job, `<name>.<figure>`.
    pub fn figure_stem(&self, figure: &str) -> String {
        format!("{}.{figure}", self.name)
    }

    /// The file of a finished subject.
    pub(super) fn finished_path(&self, subject: &Subject<'_>) -> PathBuf {
        self.data_directory()
            .join(format!("{}.json", stem(subject)))
    }

    /// The checkpoint of a range of the samples of a subject; that of all samples has no numbers in its name.
    fn checkpoint_path(&self, subject: &Subject<'_>, range: &Range<usize>) -> PathBuf {
        let part = if *range == (0..subject.samples()) {
            String::new()
        } else {
            format!(".{}-{}", range.start, range.end - 1)
        };
        self.data_directory()
            .join(format!("{}{part}{CHECKPOINT_END}", stem(subject)))
    }

    /// All checkpoints of a subject among the files of the data folder.
    pub(super) fn checkpoint_paths(&self, subject: &Subject<'_>, files: &[String]) -> Vec<PathBuf> {
        let beginning = format!("{}.", stem(subject));
        let directory = self.data_directory();
        files[files.partition_point(|name| *name < beginning)..]
            .iter()
            .take_while(|name| name.starts_with(&beginning))
            .filter(|name| name.ends_with(CHECKPOINT_END))
            .map(|name| directory.join(name))
            .collect()
    }

    /// The names of the files of the data folder, in order; none where there is no folder.
    pub(super) fn data_files(&self) -> Result<Vec<String>, StoreError> {
        let directory = self.data_directory();
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => {
                return Err(StoreError::Unreadable {
                    path: directory,
                    source,
                });
            }
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort();
        Ok(names)
    }

    /// Creates the folders, proves that files can be written there, and removes what killed runs left unfinished.
    ///
    /// # Errors
    /// [`StoreError::NotWritable`].
    pub fn prepare(&self) -> Result<(), StoreError> {
        for directory in [self.directory.clone(), self.data_directory()] {
            fs::create_dir_all(&directory)
                .and_then(|()| tempfile::tempfile_in(&directory).map(drop))
                .map_err(|source| StoreError::NotWritable {
                    path: directory.clone(),
                    source,
                })?;
            whole_file::remove_abandoned(&directory);
        }
        Ok(())
    }

    /// Writes a finished subject, and removes the checkpoints of its samples.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn write_finished(
        &self,
        subject: &Subject<'_>,
        result: &TaskResult,
    ) -> Result<(), StoreError> {
        let format = finished_format(subject);
        let samples = result.samples.iter().enumerate();
        let document = TaskDocument {
            header: Header::new(format, subject.settings()),
            sample_digests: samples
                .map(|(index, record)| of_sample(index, record))
                .collect(),
            result: result.clone(),
        };
        write_json(&self.finished_path(subject), format, &document)?;
        for path in self.checkpoint_paths(subject, &self.data_files()?) {
            // samples beyond those of the file may be asked for again
            let stored = read_checkpoint(&path, subject)?;
            if stored.samples.range(subject.samples()..).next().is_some() {
                continue;
            }
            match fs::remove_file(&path) {
                Err(source) if source.kind() != ErrorKind::NotFound => {
                    return Err(StoreError::Unwritable { path, source });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes the checkpoint of a range of samples. Processes that work on different ranges of one subject have
    /// a checkpoint each.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn write_checkpoint(
        &self,
        subject: &Subject<'_>,
        range: &Range<usize>,
        records: &BTreeMap<usize, Record>,
        begun: BTreeMap<usize, Answers>,
        wall_seconds: f64,
    ) -> Result<(), StoreError> {
        let format = checkpoint_format(subject);
        let samples = || records.iter().map(|(&index, record)| (index, record));
        let document = PartialDocument {
            header: Header::new(format, subject.settings()),
            task: subject.task.clone(),
            samples: samples()
                .map(|(index, record)| (index, record.clone()))
                .collect(),
            wall_seconds,
            sample_digests: samples()
                .map(|(index, record)| of_sample(index, record))
                .collect(),
            begun,
        };
        write_json(&self.checkpoint_path(subject, range), format, &document)
    }

    /// The checkpoint of a range.
    ///
    /// # Errors
    /// A foreign or unreadable file in its place.
    pub fn checkpoint(
        &self,
        subject: &Subject<'_>,
        range: &Range<usize>,
    ) -> Result<Checkpoint, StoreError> {
        let path = self.checkpoint_path(subject, range);
        let stored = read_checkpoint(&path, subject)?;
        Ok(Checkpoint {
            samples: stored.samples,
            begun: stored.begun,
            wall_seconds: stored.wall_seconds,
        })
    }

    /// Writes `<name>.results.json`, the tidy `<name>.csv` and, where trajectories were
    /// recorded, `<name>.trajectories.csv`; returns the paths written.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn write_results(
        &self,
        experiment: &dyn Experiment,
        results: &Results,
    ) -> Result<Vec<PathBuf>, StoreError> {
        write_json(&self.results_path(), Format::Results, results)?;
        write_bytes(
            &self.table_path(),
            results.table(results.comparisons(experiment)).as_bytes(),
        )?;
        let mut written = vec![self.results_path(), self.table_path()];
        if let Some(trajectories) = table::trajectories(results, experiment.trajectory_columns()) {
            write_bytes(&self.trajectories_path(), trajectories.as_bytes())?;
            written.push(self.trajectories_path());
        }
        Ok(written)
    }
}

/// The file name of a subject without its end.
fn stem(subject: &Subject<'_>) -> String {
    let kind = if subject.theory.is_some() {
        "theory"
    } else {
        "task"
    };
    format!("{kind}-{}", subject.task.identifier())
}
