//! A temporary folder in which the real binary runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// A folder with the job `job.toml`.
    pub fn with_job(text: &str) -> Self {
        let folder = Self::new();
        folder.write("job.toml", text);
        folder
    }

    /// A folder with the finished job `job.toml`.
    pub fn finished(text: &str) -> Self {
        let folder = Self::with_job(text);
        folder.succeed(&["run", "job.toml"]);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Names of all files and folders, recursively, sorted.
    pub fn listing(&self) -> Vec<String> {
        fn visit(directory: &Path, root: &Path, names: &mut Vec<String>) {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                names.push(path.strip_prefix(root).unwrap().display().to_string());
                if path.is_dir() {
                    visit(&path, root, names);
                }
            }
        }
        let mut names = Vec::new();
        visit(self.0.path(), self.0.path(), &mut names);
        names.sort();
        names
    }

    /// `dam` in this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dam"));
        command
            .current_dir(self.0.path())
            .args(arguments)
            .env_remove("SLURM_CPUS_PER_TASK")
            .env_remove("SLURM_JOB_END_TIME");
        command
    }

    pub fn dam(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs `dam`, which must succeed; returns its standard output.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.dam(arguments);
        assert!(
            output.status.success(),
            "dam {arguments:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same for a line of words.
    pub fn line(&self, words: &str) -> String {
        self.succeed(&words.split(' ').collect::<Vec<_>>())
    }

    /// Runs `dam`, which must end with `status`; returns its standard error.
    pub fn fail(&self, status: i32, arguments: &[&str]) -> String {
        let output = self.dam(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            output.status.code(),
            Some(status),
            "dam {arguments:?}: {text}"
        );
        text
    }
}

#[track_caller]
pub fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

/// The first line.
pub fn first_line(text: &str) -> &str {
    text.lines().next().unwrap()
}

/// Runs a job text that must be refused before anything is written.
pub fn refused(job: &str, expected: &[&str]) {
    let folder = Folder::with_job(job);
    let text = folder.fail(2, &["run", "job.toml"]);
    assert_contains(&text, expected);
    assert!(text.starts_with("error: "), "{text}");
    assert_eq!(folder.listing(), ["job.toml"], "nothing may be written");
}

/// Each change of the job's text is refused with words of its own: a line `from | to | words | …`, with `\n` for the end of a
/// line.
pub fn refused_changes(job: &str, changes: &str) {
    for change in changes.lines().filter(|line| !line.trim().is_empty()) {
        let cells = change
            .split('|')
            .map(|cell| cell.trim().replace("\\n", "\n"));
        let cells: Vec<String> = cells.collect();
        let expected: Vec<&str> = cells[2..].iter().map(String::as_str).collect();
        assert!(!expected.is_empty(), "{change:?} expects nothing");
        refused(&changed(job, &cells[0], &cells[1]), &expected);
    }
}

/// Runs a job; what it prints and the csv `figure` that it draws hold these parts.
pub fn drawn(job: &str, printed: &[&str], figure: &str, layers: &[&str]) -> Folder {
    let folder = Folder::with_job(job);
    assert_contains(&folder.line("run job.toml"), printed);
    assert_contains(&folder.read(&format!("results/{figure}.csv")), layers);
    folder
}

/// The job text with something else in place of `from`.
pub fn changed(job: &str, from: &str, to: &str) -> String {
    assert!(job.contains(from), "{from:?} is not in the job");
    job.replace(from, to)
}

/// The text of a job: its name, experiment, seed, ensemble, and all that follows `[sweep]`.
macro_rules! job {
    ($name:literal: $experiment:literal, seed $seed:literal, $ensemble:literal; $sweep:literal) => {
        concat!(
            "\n[job]\nname = \"",
            $name,
            "\"\nexperiment = \"",
            $experiment,
            "\"\nseed = ",
            $seed,
            "\n\n[patterns]\nensemble = \"",
            $ensemble,
            "\"\n\n[sweep]",
            $sweep
        )
    };
}
pub(crate) use job;

/// A job of seconds.
pub const SMALL_JOB: &str = job!("small": "crossover", seed 7, "spherical"; "
alpha = [0.2, 0.25]
size = [12, 16, 20]

[sampling]
samples = 20

[crossover]
tolerance = 1e-3
");

/// A job of less than a second, its figure included.
pub const QUICK_JOB: &str = job!("curve": "retrieval", seed 7, "gaussian"; "
alpha = [0.2]
size = [16, 20]
lambda = [0.3, 0.4]

[sampling]
samples = 50
");
