//! Jobs whose patterns are real images, and the script that fetches them.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::folder::{self, Folder, assert_contains};

/// A job on the digits in the repository; `PATTERNS` and `SWEEP` stand for lines of those sections.
const JOB: &str = r#"
[job]
name = "digits"
experiment = "retrieval"

[patterns]
ensemble = "images"
PATTERNS

[sweep]
SWEEP
lambda = [0.05]

[sampling]
samples = 3
"#;

fn data(name: &str) -> String {
    format!("{}/sims/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A job with these lines.
fn job(patterns: &str, sweep: &str) -> String {
    JOB.replace("PATTERNS", patterns).replace("SWEEP", sweep)
}

/// The line that names the digits in the repository.
fn path_line() -> String {
    format!("path = {:?}", data("mnist-1500-images-idx3-ubyte.gz"))
}

#[test]
fn images_are_stored_and_found_again_by_the_dynamics() {
    let folder = Folder::new();
    let lines = format!(
        "{}\nlabels = {:?}\ncentering = \"set\"\nnormalization = \"sphere\"",
        path_line(),
        data("mnist-1500-labels-idx1-ubyte.gz")
    );
    folder.write("job.toml", &job(&lines, "alpha = [0.006]"));
    folder.succeed(&["run", "job.toml"]);
    let table = folder.read("results/digits.csv");
    // N comes from the data, M = round(exp(0.006 · 784)) = 110
    assert!(table.contains("retrieval,images,0.006,784,110,"), "{table}");
    let results = folder.read("results/digits.results.json");
    assert!(results.contains("\"patterns.images\":\""), "{results}");
}

#[test]
fn relative_paths_start_from_the_folder_of_the_job() {
    let folder = Folder::new();
    fs::create_dir(folder.path("jobs")).unwrap();
    let images = data("mnist-1500-images-idx3-ubyte.gz");
    fs::copy(images, folder.path("jobs/images.gz")).unwrap();
    let text = job("path = \"images.gz\"", "alpha = [0.006]");
    folder.write("jobs/job.toml", &text);
    folder.succeed(&["run", "jobs/job.toml", "--dry-run"]);
}

#[test]
fn other_images_under_the_same_name_never_mix_with_old_results() {
    let folder = Folder::new();
    let packed = fs::read(data("mnist-1500-images-idx3-ubyte.gz")).unwrap();
    fs::write(folder.path("images.gz"), packed).unwrap();
    let lines = "path = \"images.gz\"\npooling = 4";
    folder.write("job.toml", &job(lines, "alpha = [0.07]"));
    folder.succeed(&["run", "job.toml"]);
    // the set may move: its content counts
    fs::rename(folder.path("images.gz"), folder.path("moved.gz")).unwrap();
    let moved = job("path = \"moved.gz\"\npooling = 4", "alpha = [0.07]");
    folder.write("job.toml", &moved);
    folder.succeed(&["run", "job.toml"]);
    let mut other = vec![0, 0, 8, 3, 0, 0, 0, 100, 0, 0, 0, 28, 0, 0, 0, 28];
    other.extend((0..100 * 784).map(|k| u8::try_from(k % 251).unwrap()));
    fs::write(folder.path("moved.gz"), other).unwrap();
    let text = folder.fail(2, &["run", "job.toml"]);
    assert!(text.contains("patterns.images"), "{text}");
}

/// Runs a job that must be refused before anything is written.
fn refused(patterns: &str, sweep: &str, expected: &[&str]) {
    folder::refused(&job(patterns, sweep), expected);
}

#[test]
fn bad_image_jobs_are_refused() {
    let alpha = "alpha = [0.006]";
    let line = path_line();
    refused("", alpha, &["patterns.path", "missing", "fetch_images.py"]);
    let gone = "path = \"gone.gz\"";
    refused(
        gone,
        alpha,
        &["line 8, patterns.path", "gone.gz", "fetch_images.py"],
    );
    refused("path = []", alpha, &["patterns.path", "empty"]);
    let two = "path = [\"a\", \"b\"]";
    refused(two, alpha, &["patterns.path", "CIFAR"]);
    let jobs = "path = \"job.toml\"";
    refused(jobs, alpha, &["job.toml", "not an IDX file"]);
    let swapped = data("mnist-1500-labels-idx1-ubyte.gz");
    refused(&format!("path = {swapped:?}"), alpha, &["file of labels"]);
    let labels = format!(
        "{line}\nlabels = {:?}",
        data("mnist-1500-images-idx3-ubyte.gz")
    );
    refused(&labels, alpha, &["patterns.labels", "file of images"]);
    let classes = format!("{line}\nclasses = 0");
    refused(&classes, alpha, &["patterns.classes", "1 … 256"]);
    let cifar = format!("{line}\nformat = \"cifar-10\"");
    refused(
        &cifar,
        alpha,
        &["patterns.path", "3073-byte", "binary version"],
    );
    let labelled = format!("{line}\nformat = \"cifar-100\"\nlabels = \"x\"");
    refused(&labelled, alpha, &["patterns.labels", "delete this key"]);
    let format = format!("{line}\nformat = \"png\"");
    refused(&format, alpha, &["png", "idx", "cifar-100"]);
    let pooling = format!("{line}\npooling = 3");
    refused(&pooling, alpha, &["patterns.pooling", "28×28"]);
    let share = format!("{line}\nvalidation_share = 1.0");
    refused(&share, alpha, &["patterns.validation_share", "[0, 1)"]);
    refused(&line, "alpha = [0.0095]", &["[sweep]", "P = 1716", "1200"]);
    let with_size = format!("{alpha}\nsize = 784");
    refused(&line, &with_size, &["sweep.size", "N = 784", "delete"]);
}

#[test]
fn image_keys_belong_to_images() {
    let folder = Folder::new();
    let text = job("pooling = 2", "alpha = [0.2]").replace("images", "spherical");
    folder.write("job.toml", &text);
    let text = folder.fail(2, &["run", "job.toml"]);
    assert!(text.contains("patterns.pooling"), "{text}");
    let unknown = job("", "alpha = [0.2]").replace("images", "imagse");
    folder.write("job.toml", &unknown);
    let text = folder.fail(2, &["run", "job.toml"]);
    assert_contains(&text, &["spherical", ", images"]);
}

/// A script of the repository, run by Python.
fn script(name: &str) -> Command {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scripts")
        .join(name);
    let mut command = Command::new("python3");
    command.arg(path);
    command
}

#[test]
fn the_fetch_script_explains_itself_and_refuses_unknown_sets() {
    let help = script("fetch_images.py").arg("--help").output().unwrap();
    assert!(help.status.success());
    assert!(String::from_utf8_lossy(&help.stdout).contains("fashion-mnist"));
    let unknown = script("fetch_images.py").arg("cifar").output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("cifar is not a set"));
}
