//! Runs beside other runs, under signals, without a terminal, on many threads.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dam::sims::{Job, Store};

use crate::folder::{Folder, SMALL_JOB, assert_contains, changed};
use crate::reproducibility::assert_same;

/// A job whose every sample takes hours.
fn endless_job() -> String {
    changed(SMALL_JOB, "size = [12, 16, 20]", "size = [60]").replace("[0.2, 0.25]", "[0.3]")
}

fn store(folder: &Folder) -> Store {
    let job = Job::read(&folder.path("job.toml"), &dam::experiments::catalogue()).unwrap();
    Store::new(&folder.path("results"), &job)
}

#[test]
fn a_job_that_another_process_works_on_is_refused_with_who_that_is() {
    let folder = Folder::with_job(SMALL_JOB);
    let store = store(&folder);
    store.prepare().unwrap();
    let lock = store.lock("1/1".parse().unwrap()).unwrap();
    let process = format!("process {}", std::process::id());
    for shard in ["1/1", "1/2"] {
        let text = folder.fail(2, &["run", "job.toml", "--shard", shard]);
        assert_contains(
            &text,
            &[
                "another dam",
                "results",
                &process,
                "since 20",
                "the whole job",
            ],
        );
    }
    drop(lock);
    folder.succeed(&["run", "job.toml"]);
}

#[test]
fn shards_run_side_by_side_but_each_once_and_not_beside_the_whole() {
    let folder = Folder::with_job(SMALL_JOB);
    let store = store(&folder);
    store.prepare().unwrap();
    let lock = store.lock("1/2".parse().unwrap()).unwrap();
    folder.succeed(&["run", "job.toml", "--shard", "2/2"]);
    for shard in ["1/2", "1/1"] {
        let text = folder.fail(2, &["run", "job.toml", "--shard", shard]);
        assert_contains(&text, &["another dam", "shard 1/2"]);
    }
    drop(lock);
    folder.succeed(&["run", "job.toml"]);
}

#[test]
fn what_killed_runs_left_unfinished_is_removed_by_the_next() {
    let folder = Folder::with_job(SMALL_JOB);
    fs::create_dir_all(folder.path("results/small.data")).unwrap();
    let left = [
        "results/.writing-a1.tmp.png",
        "results/small.data/.writing-b2.tmp.json",
    ];
    for name in left {
        folder.write(name, "half");
    }
    folder.succeed(&["run", "job.toml"]);
    let listing = folder.listing();
    assert!(
        !listing.iter().any(|name| name.contains(".tmp")),
        "{listing:?}"
    );
}

#[test]
fn a_run_does_not_depend_on_outputs_that_can_be_written() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    for is_output_full in [false, true] {
        let folder = Folder::with_job(SMALL_JOB);
        let mut command = folder.command(&["run", "job.toml"]);
        command.stderr(full());
        if is_output_full {
            command.stdout(full());
        }
        let status = command.status().unwrap();
        assert_eq!(status.code(), Some(i32::from(is_output_full)));
        assert!(folder.path("results/small.csv").exists());
        assert!(folder.path("results/small.crossover.svg").exists());
    }
}

/// Waits until a process has worked for a while, far longer than it takes to begin: 0.2 s, in hundredths.
fn wait_for_work(child: &Child) {
    let path = format!("/proc/{}/stat", child.id());
    let worked = || {
        let text = fs::read_to_string(&path).unwrap();
        let (_, after_name) = text.rsplit_once(')').unwrap();
        let user_time = after_name.split_whitespace().nth(11).unwrap();
        user_time.parse::<u32>().unwrap()
    };
    while worked() < 20 {
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn send(signal: &str, child: &Child) {
    let mut command = Command::new("kill");
    command.args([signal, &child.id().to_string()]);
    assert!(command.status().unwrap().success());
}

/// One task of many samples, so that each signal comes in its middle.
#[test]
fn an_interrupted_run_exits_with_75_and_keeps_its_samples() {
    let job = changed(SMALL_JOB, "[12, 16, 20]", "[24]").replace("[0.2, 0.25]", "[0.25]");
    let job = changed(&job, "samples = 20", "samples = 800");
    let whole = Folder::finished(&job);
    let folder = Folder::with_job(&job);
    for signal in ["-USR1", "-TERM"] {
        let mut command = folder.command(&["run", "job.toml", "--threads", "1"]);
        let mut child = command.spawn().unwrap();
        wait_for_work(&child);
        send(signal, &child);
        assert_eq!(child.wait().unwrap().code(), Some(75), "{signal}");
        assert_contains(&folder.line("status job.toml"), &["unfinished"]);
    }
    folder.succeed(&["run", "job.toml"]);
    assert_same(&folder, &whole);
    assert!(!folder.listing().iter().any(|name| name.contains("partial")));
}

/// Whatever works for hours ends on the first signal.
#[test]
fn a_signal_ends_samples_in_hand_and_sampled_theory() {
    let folder = Folder::with_job(&endless_job());
    let basin = "theory basin --ensemble spherical --alpha 0.137 --size 37 --lambda 0.31 --samples 400000000";
    for line in ["run job.toml --threads 1", basin] {
        let words: Vec<&str> = line.split(' ').collect();
        let mut command = folder.command(&words);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        wait_for_work(&child);
        send("-TERM", &child);
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(75), "{line}");
    }
    let listing = folder.listing();
    assert!(
        !listing.iter().any(|name| name.contains(".tmp")),
        "{listing:?}"
    );
}

#[test]
fn a_run_ends_before_its_deadline_or_that_of_its_slurm_job() {
    let folder = Folder::with_job(&endless_job());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let soon = (now.as_secs() + 2).to_string();
    let cases = [
        ("--deadline 1", "", 75),
        ("--deadline 00:00:01", "tomorrow", 75),
        ("", soon.as_str(), 75),
        ("", "1", 75),
        ("", "tomorrow", 2),
    ];
    for (deadline, end, status) in cases {
        let mut command = folder.command(&["run", "job.toml", "--threads", "1"]);
        command.args(deadline.split_whitespace());
        if !end.is_empty() {
            command.env("SLURM_JOB_END_TIME", end);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            output.status.code(),
            Some(status),
            "{deadline} {end}: {text}"
        );
        let word = if status == 75 {
            "deadline is near"
        } else {
            "SLURM_JOB_END_TIME is \"tomorrow\""
        };
        assert_contains(&text, &[word]);
    }
}

/// The theory of twenty loads, at hundreds of N each, is not there when the merged results appear.
#[test]
fn a_signal_ends_comparing_and_drawing() {
    let loads = "alpha = { start = 0.2, stop = 0.4, count = 20 }";
    let job = changed(SMALL_JOB, "alpha = [0.2, 0.25]", loads);
    let job = changed(&job, "size = [12, 16, 20]", "size = [12]");
    let folder = Folder::with_job(&changed(&job, "samples = 20", "samples = 2"));
    let mut command = folder.command(&["run", "job.toml"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let merged = folder.path("results/small.results.json");
    while !merged.exists() {
        assert_eq!(child.try_wait().unwrap(), None, "the run ended unmerged");
        std::thread::sleep(Duration::from_millis(5));
    }
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(75));
    assert!(!folder.path("results/small.crossover.svg").exists());
}

#[test]
fn more_threads_than_cores_can_serve_are_refused_and_those_of_slurm_clipped() {
    let folder = Folder::with_job(SMALL_JOB);
    let text = folder.fail(2, &["run", "job.toml", "--threads", "65535"]);
    assert_contains(&text, &["--threads 65535", "cores", "at most"]);
    assert_eq!(folder.listing(), ["job.toml"]);
    let mut command = folder.command(&["run", "job.toml"]);
    let status = command.env("SLURM_CPUS_PER_TASK", "100000").status();
    assert!(status.unwrap().success());
}

/// A job whose patterns are images at this path.
fn images_job(path: &str) -> String {
    let images = format!("ensemble = \"images\"\npath = \"{path}\"");
    changed(SMALL_JOB, "ensemble = \"spherical\"", &images)
}

#[test]
fn a_pipe_in_the_place_of_a_job_or_of_images_is_refused() {
    let folder = Folder::with_job(&images_job("pipe"));
    let made = Command::new("mkfifo").arg(folder.path("pipe")).status();
    assert!(made.unwrap().success());
    for job in ["pipe", "job.toml"] {
        let text = folder.fail(2, &["run", job]);
        assert_contains(&text, &["pipe", "not a regular file"]);
    }
}

#[test]
fn control_characters_are_shown_and_not_obeyed() {
    let folder = Folder::with_job(&images_job("\\u001b[31mRED"));
    let text = folder.fail(2, &["run", "job.toml"]);
    assert_contains(&text, &["\\u{1b}[31mRED"]);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn one_bad_value_of_a_list_loses_its_row_and_not_the_table() {
    let folder = Folder::new();
    let words = "theory inverse --ensemble gaussian --alpha 0.1,0.6,0.2 --format csv";
    let output = folder.dam(&words.split(' ').collect::<Vec<_>>());
    let (table, text) = (String::from_utf8(output.stdout).unwrap(), output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert_contains(
        &String::from_utf8(text).unwrap(),
        &["α = 0.6", "1 row is left out"],
    );
    let column: Vec<&str> = table
        .lines()
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    assert_eq!(column, ["alpha", "0.1", "0.2"]);
}

/// The tidy table says where its numbers come from, and has theory beside them.
#[test]
fn a_table_carries_theory_settings_and_the_digest_of_its_samples() {
    let folder = Folder::finished(SMALL_JOB);
    let table = folder.read("results/small.csv");
    let mut lines = table
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>());
    let (header, row) = (lines.next().unwrap(), lines.next().unwrap());
    let cell = |name: &str| row[header.iter().position(|column| *column == name).unwrap()];
    assert_eq!(cell("job.seed"), "7");
    assert_eq!(cell("crossover.tolerance"), "0.001");
    assert_eq!(cell("program"), concat!("dam ", env!("CARGO_PKG_VERSION")));
    assert_eq!(cell("samples_sha256").len(), 64);
    let theory: f64 = cell("theory_infinite_size").parse().unwrap();
    let expected = dam::theory::ensemble("spherical").unwrap();
    assert_eq!(theory, expected.typical_inverse_temperature(0.2).unwrap());
    let results: serde_json::Value =
        serde_json::from_str(&folder.read("results/small.results.json")).unwrap();
    for key in ["commit", "date", "machine"] {
        assert!(results["provenance"][key].is_string(), "{key}");
    }
    let samples = results["provenance"]["samples"].as_object().unwrap();
    assert!(
        samples
            .values()
            .any(|digest| digest == cell("samples_sha256"))
    );
}
