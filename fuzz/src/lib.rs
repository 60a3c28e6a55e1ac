//! What is fuzzed: one function a target, which takes any bytes and must return. Built by
//! `cargo fuzz` and by the binary `cases`, which needs neither nightly nor libFuzzer.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use dam_memory::files::FilePatterns;
use dam_memory::images::{ImageFormat, ImageSet, Pictures};
use dam_runs::job::Job;
use dam_runs::results::Store;
use tempfile::TempDir;

/// A target and the folders of its seeds, from the root of the repository.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, that of its file in `fuzz_targets`.
    pub name: &'static str,
    /// Takes the bytes of one case.
    pub run: fn(&[u8]),
    /// Folders of seeds.
    pub seeds: &'static [&'static str],
}

/// All targets.
pub const TARGETS: [Target; 4] = [
    Target {
        name: "job_file",
        run: job_file,
        seeds: &["sims/jobs", "sims/validation"],
    },
    Target {
        name: "result_files",
        run: result_files,
        seeds: &["fuzz/seeds/result_files"],
    },
    Target {
        name: "images",
        run: images,
        seeds: &["fuzz/seeds/images"],
    },
    Target {
        name: "numbers",
        run: numbers,
        seeds: &["fuzz/seeds/numbers"],
    },
];

/// The job whose results are damaged, and the file of its one task.
const JOB: &str = include_str!("../seeds/tiny.toml");
const TASK: &str = include_str!("../seeds/task-name.txt");

/// The text of a job file.
pub fn job_file(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = Job::parse(Path::new("job.toml"), &text, &dam_experiments::catalogue());
    if let Err(error) = found {
        assert!(!error.to_string().is_empty());
    }
}

/// A finished task or a checkpoint of a small job.
pub fn result_files(bytes: &[u8]) {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let job = Job::parse(Path::new("tiny.toml"), JOB, &dam_experiments::catalogue());
    let job = job.expect("the job of the seeds is right");
    let store = Store::new(folder.path(), &job);
    let data = store.data_directory();
    std::fs::create_dir_all(&data).expect("a folder can be made");
    let names = [TASK.trim().to_owned(), TASK.trim().replace(".json", ".partial.json")];
    for name in names {
        let path = data.join(name);
        std::fs::write(&path, bytes).expect("a file can be written");
        if let Ok(survey) = store.survey(&job) {
            store.merge(&job, &survey);
        }
        std::fs::remove_file(&path).expect("the file was there");
    }
}

/// A file of images or of patterns, read in each format.
pub fn images(bytes: &[u8]) {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let path = folder.path().join("images");
    std::fs::write(&path, bytes).expect("a file can be written");
    if let Ok(set) = ImageSet::read_idx(&path, None, 10) {
        assert!(set.count() > 0 && set.image(set.count() - 1).len() == set.shape().size());
    }
    let _ = ImageSet::read_idx(&path, Some(&path), 10);
    if let Ok(patterns) = FilePatterns::read(&path, None, true) {
        let _ = patterns.with_labels(&path);
    }
    for format in [ImageFormat::Cifar10, ImageFormat::Cifar100] {
        let _ = ImageSet::read_cifar(std::slice::from_ref(&path), format);
    }
}

/// Arguments of the command `$DAM`, a line of them: it must end with 0, 1 or 2.
pub fn numbers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let arguments = text
        .split_whitespace()
        .filter(|argument| !argument.contains('\0'));
    let program = std::env::var("DAM").expect("DAM names the command");
    let status = Command::new(program)
        .args(["theory", "thresholds"])
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the command starts");
    assert!(matches!(status.code(), Some(0..=2)), "{status} of {text:?}");
}
