//! Where results lie, how they appear (by rename) and how they are trusted.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::experiment::Experiment;
use crate::job::Job;
use crate::quantity::Quantity;
use crate::record::Record;
use crate::results::document::{
    Format, PROGRAM, PartialDocument, Results, SCHEMA, TaskDocument, TaskResult,
};
use crate::results::error::StoreError;
use crate::results::table;
use crate::task::Task;
use dam_memory::streams::Settings;

/// The result files of one job in one output folder.
#[derive(Clone, Debug)]
pub struct Store {
    directory: PathBuf,
    name: String,
}

/// How far a task has come.
#[derive(Clone, Debug, PartialEq)]
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

/// What the output folder holds of a job.
#[derive(Debug)]
pub struct Survey {
    /// The state of every task, in the order of the job.
    pub states: Vec<TaskState>,
    /// Files cut short (a power cut, a full disk): their tasks are computed again.
    pub truncated: Vec<PathBuf>,
    /// Finished tasks in the folder that this job's sweep does not ask for.
    pub unasked: usize,
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

/// One of our files, read back.
enum Content<T> {
    Absent,
    Truncated,
    Document(T),
}

impl Store {
    /// The results of `job` in `directory`; touches nothing.
    pub fn new(directory: &Path, job: &Job) -> Self {
        Self {
            directory: directory.to_owned(),
            name: job.name.clone(),
        }
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

    fn task_path(&self, task: &Task) -> PathBuf {
        self.data_directory()
            .join(format!("task-{}.json", task.identifier()))
    }

    fn partial_path(&self, task: &Task) -> PathBuf {
        self.data_directory()
            .join(format!("task-{}.partial.json", task.identifier()))
    }

    /// Reads what is there and checks that it belongs to `job`. Writes nothing.
    ///
    /// # Errors
    /// A foreign or unreadable file where a result belongs; results made with other settings.
    pub fn survey(&self, job: &Job) -> Result<Survey, StoreError> {
        let mut truncated = Vec::new();
        let mut states = Vec::with_capacity(job.tasks.len());
        for task in &job.tasks {
            states.push(self.task_state(job, task, &mut truncated)?);
        }
        match read::<Results>(&self.results_path(), Format::Results)? {
            Content::Truncated => truncated.push(self.results_path()),
            Content::Absent | Content::Document(_) => {}
        }
        for path in [self.table_path(), self.trajectories_path()] {
            table::check_ours(&path)?;
        }
        let unasked = self.check_other_tasks(job)?;
        Ok(Survey {
            states,
            truncated,
            unasked,
        })
    }

    fn task_state(
        &self,
        job: &Job,
        task: &Task,
        truncated: &mut Vec<PathBuf>,
    ) -> Result<TaskState, StoreError> {
        let path = self.task_path(task);
        match read::<TaskDocument>(&path, Format::Task)? {
            Content::Document(document) => {
                check_settings(&path, &document.settings, &job.settings)?;
                check_task(&path, &document.result.task, task)?;
                if document.result.samples.len() != job.samples {
                    return Err(StoreError::Foreign {
                        path,
                        reason: format!("it does not hold {} samples", job.samples),
                    });
                }
                return Ok(TaskState::Finished(document.result));
            }
            Content::Truncated => truncated.push(path),
            Content::Absent => {}
        }
        let path = self.partial_path(task);
        match read::<PartialDocument>(&path, Format::PartialTask)? {
            Content::Document(document) => {
                check_settings(&path, &document.settings, &job.settings)?;
                check_task(&path, &document.task, task)?;
                return Ok(TaskState::Partial {
                    samples: document.samples,
                    wall_seconds: document.wall_seconds,
                });
            }
            Content::Truncated => truncated.push(path),
            Content::Absent => {}
        }
        Ok(TaskState::Missing)
    }

    /// Results of parameter points outside the sweep still tell whether the job changed.
    fn check_other_tasks(&self, job: &Job) -> Result<usize, StoreError> {
        let directory = self.data_directory();
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            Err(source) => {
                return Err(StoreError::Unreadable {
                    path: directory,
                    source,
                });
            }
        };
        let asked: Vec<PathBuf> = job.tasks.iter().map(|task| self.task_path(task)).collect();
        let mut others: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with("task-")
                    && name.ends_with(".json")
                    && !name.ends_with(".partial.json")
                    && !asked.contains(path)
            })
            .collect();
        others.sort();
        for path in &others {
            if let Content::Document(document) = read::<TaskDocument>(path, Format::Task)? {
                check_settings(path, &document.settings, &job.settings)?;
            }
        }
        Ok(others.len())
    }

    /// Creates the folders and proves that files can be written there.
    ///
    /// # Errors
    /// [`StoreError::NotWritable`].
    pub fn prepare(&self) -> Result<(), StoreError> {
        for directory in [self.directory.clone(), self.data_directory()] {
            fs::create_dir_all(&directory)
                .and_then(|()| tempfile::tempfile_in(&directory).map(drop))
                .map_err(|source| StoreError::NotWritable {
                    path: directory,
                    source,
                })?;
        }
        Ok(())
    }

    /// Writes a finished task and removes its checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn write_task(&self, job: &Job, result: &TaskResult) -> Result<(), StoreError> {
        let document = TaskDocument {
            format: Format::Task,
            schema: SCHEMA,
            program: PROGRAM.to_owned(),
            settings: job.settings.clone(),
            result: result.clone(),
        };
        write_json(&self.task_path(&result.task), &document)?;
        let partial = self.partial_path(&result.task);
        match fs::remove_file(&partial) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::Unwritable {
                    path: partial,
                    source: error,
                })
            }
            _ => Ok(()),
        }
    }

    /// Writes the checkpoint of an unfinished task.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn write_partial(
        &self,
        job: &Job,
        task: &Task,
        samples: &[(usize, Record)],
        wall_seconds: f64,
    ) -> Result<(), StoreError> {
        let document = PartialDocument {
            format: Format::PartialTask,
            schema: SCHEMA,
            program: PROGRAM.to_owned(),
            settings: job.settings.clone(),
            task: task.clone(),
            samples: samples.to_vec(),
            wall_seconds,
        };
        write_json(&self.partial_path(task), &document)
    }

    /// Merges the finished tasks of a survey, in the order of the sweep; writes nothing.
    pub fn merge(&self, job: &Job, survey: &Survey) -> Results {
        let tasks: Vec<TaskResult> = survey
            .states
            .iter()
            .filter_map(|state| match state {
                TaskState::Finished(result) => Some(result.clone()),
                _ => None,
            })
            .collect();
        let measured: Vec<(&Task, &[Quantity])> = tasks
            .iter()
            .map(|result| (&result.task, result.quantities.as_slice()))
            .collect();
        let across_tasks = job.experiment.across_tasks(&measured);
        Results {
            format: Format::Results,
            schema: SCHEMA,
            program: PROGRAM.to_owned(),
            name: job.name.clone(),
            settings: job.settings.clone(),
            missing_tasks: job.tasks.len() - tasks.len(),
            tasks,
            across_tasks,
        }
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
        write_json(&self.results_path(), results)?;
        write_bytes(&self.table_path(), table::tidy(results).as_bytes())?;
        let mut written = vec![self.results_path(), self.table_path()];
        if let Some(trajectories) = table::trajectories(results, experiment.trajectory_columns()) {
            write_bytes(&self.trajectories_path(), trajectories.as_bytes())?;
            written.push(self.trajectories_path());
        }
        Ok(written)
    }
}

fn check_task(path: &Path, found: &Task, expected: &Task) -> Result<(), StoreError> {
    if found == expected {
        return Ok(());
    }
    Err(StoreError::Foreign {
        path: path.to_owned(),
        reason: "it holds another parameter point than its name says".to_owned(),
    })
}

fn check_settings(path: &Path, found: &Settings, expected: &Settings) -> Result<(), StoreError> {
    let text = |settings: &Settings, key: &str| {
        settings
            .get(key)
            .map_or_else(|| "(not set)".to_owned(), ToString::to_string)
    };
    let keys: std::collections::BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let changes: Vec<String> = keys
        .into_iter()
        .filter(|key| found.get(*key) != expected.get(*key))
        .map(|key| {
            format!(
                "  {key}: results {}, job {}",
                text(found, key),
                text(expected, key)
            )
        })
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    Err(StoreError::JobChanged {
        path: path.to_owned(),
        changes: changes.join("\n"),
    })
}

/// What every file of ours says of its form.
#[derive(Deserialize)]
struct Header {
    schema: u32,
}

/// Reads one of our files. A file cut short is told from one that was never ours by its
/// first bytes: ours begin with their format, or are blank after a power cut.
fn read<T: DeserializeOwned>(path: &Path, format: Format) -> Result<Content<T>, StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Content::Absent),
        Err(source) if source.kind() == std::io::ErrorKind::NotADirectory => {
            let folder = path.parent().unwrap_or(path).to_owned();
            return Err(StoreError::NotWritable {
                path: folder,
                source,
            });
        }
        Err(source) => {
            return Err(StoreError::Unreadable {
                path: path.to_owned(),
                source,
            });
        }
    };
    let foreign = |reason: String| StoreError::Foreign {
        path: path.to_owned(),
        reason,
    };
    let opening = format.opening().as_bytes();
    if bytes.iter().all(|&byte| byte == 0) || opening.starts_with(&bytes) {
        return Ok(Content::Truncated);
    }
    if !bytes.starts_with(opening) {
        return Err(foreign(format!(
            "it does not begin with {}",
            format.opening()
        )));
    }
    if let Ok(Header { schema }) = serde_json::from_slice(&bytes)
        && schema > SCHEMA
    {
        let reason = format!("its schema {schema} is newer than {SCHEMA}: use a newer dam");
        return Err(foreign(reason));
    }
    match serde_json::from_slice::<T>(&bytes) {
        Ok(document) => Ok(Content::Document(document)),
        Err(error) if error.is_eof() || bytes.ends_with(&[0]) => Ok(Content::Truncated),
        Err(error) => Err(foreign(error.to_string())),
    }
}

fn write_json(path: &Path, document: &impl Serialize) -> Result<(), StoreError> {
    let mut text = serde_json::to_vec(document).map_err(|error| StoreError::Unwritable {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    })?;
    text.push(b'\n');
    write_bytes(path, &text)
}

/// Writes to a temporary name, syncs and renames: a file is whole or absent.
fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".writing-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private by default; results follow the user's umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
        .tempfile_in(directory)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        })
        .map_err(StoreError::unwritable(path))
}
