//! The same numbers for any thread count, shard, restart and damaged file.

use std::time::{Duration, Instant};

use crate::bad_input::task_file;
use crate::folder::{Folder, SMALL_JOB};

/// The results file without wall times.
fn results(folder: &Folder) -> String {
    let mut document: serde_json::Value =
        serde_json::from_str(&folder.read("results/small.results.json")).unwrap();
    for task in document["tasks"].as_array_mut().unwrap() {
        assert!(
            task.as_object_mut()
                .unwrap()
                .remove("wall_seconds")
                .unwrap()
                .is_number()
        );
    }
    document.to_string()
}

fn finished(arguments: &[&str]) -> (Folder, String) {
    let folder = Folder::with_job(SMALL_JOB);
    folder.succeed(&[&["run", "job.toml"], arguments].concat());
    let results = results(&folder);
    (folder, results)
}

#[test]
fn one_and_two_threads_give_the_same_results() {
    let (one, expected) = finished(&["--threads", "1"]);
    let (two, found) = finished(&["--threads", "2"]);
    assert_eq!(found, expected);
    for name in [
        "results/small.csv",
        "results/small.crossover.svg",
        "results/small.crossover.csv",
    ] {
        assert_eq!(two.read(name), one.read(name));
    }
}

#[test]
fn three_shards_merged_give_the_results_of_one_run() {
    let (whole, expected) = finished(&[]);
    let folder = Folder::with_job(SMALL_JOB);
    for shard in ["3/3", "1/3", "2/3"] {
        let text = folder.succeed(&["run", "job.toml", "--shard", shard]);
        assert!(text.contains("dam merge"), "{text}");
        assert!(!folder.path("results/small.results.json").exists());
    }
    folder.succeed(&["merge", "job.toml"]);
    assert_eq!(results(&folder), expected);
    assert_eq!(
        folder.read("results/small.csv"),
        whole.read("results/small.csv")
    );
}

/// A job long enough to be killed in the middle: about ten seconds on one thread.
fn long_job() -> String {
    SMALL_JOB
        .replace("size = [12, 16, 20]", "size = [16, 20, 24, 28]")
        .replace("samples = 20", "samples = 60")
}

#[test]
fn a_run_killed_twice_and_resumed_gives_the_results_of_one_run() {
    let whole = Folder::new();
    whole.write("job.toml", &long_job());
    whole.succeed(&["run", "job.toml"]);

    let folder = Folder::with_job(&long_job());
    for needed in [1, 3] {
        let mut child = folder
            .command(&["run", "job.toml", "--threads", "1"])
            .spawn()
            .unwrap();
        wait_for_tasks(&folder, needed);
        child.kill().unwrap();
        assert!(
            !child.wait().unwrap().success(),
            "the run ended before it was killed"
        );
    }
    folder.succeed(&["run", "job.toml"]);
    assert_eq!(results(&folder), results(&whole));
    assert_eq!(
        folder.read("results/small.csv"),
        whole.read("results/small.csv")
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_exits_with_75_and_keeps_its_samples() {
    let whole = Folder::new();
    whole.write("job.toml", &long_job());
    whole.succeed(&["run", "job.toml"]);

    let folder = Folder::with_job(&long_job());
    let mut child = folder
        .command(&["run", "job.toml", "--threads", "1"])
        .spawn()
        .unwrap();
    wait_for_tasks(&folder, 2);
    let signal = std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(signal.success());
    assert_eq!(child.wait().unwrap().code(), Some(75));
    assert!(
        folder
            .succeed(&["status", "job.toml"])
            .contains("unfinished")
    );
    folder.succeed(&["run", "job.toml"]);
    assert_eq!(results(&folder), results(&whole));
    assert!(!folder.listing().iter().any(|name| name.contains("partial")));
}

fn wait_for_tasks(folder: &Folder, needed: usize) {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let count = folder
            .listing()
            .iter()
            .filter(|name| name.contains("/task-"))
            .count();
        if count >= needed {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "no {needed} tasks finished in time"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_truncated_task_file_is_noticed_named_and_recomputed() {
    let (folder, expected) = finished(&[]);
    let name = task_file(&folder, "alpha0.2-size16");
    let whole = folder.read(&name);
    for kept in [0, 10, whole.len() / 2, whole.len() - 5] {
        folder.write(&name, &whole[..kept]);
        let output = folder.dam(&["run", "job.toml"]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{text}");
        assert!(text.contains(&name) && text.contains("cut short"), "{text}");
        assert_eq!(text.matches("finished α").count(), 1, "{text}");
        assert_eq!(results(&folder), expected);
    }
}
