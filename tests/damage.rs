//! Damaged, incomplete and foreign result files: each is named, and what it lacks is computed again.

use std::fs;

use crate::bad_input::task_file;
use crate::folder::{Folder, assert_contains, job};

const JOB: &str = job!("tiny": "crossover", seed 3, "spherical"; "
alpha = [0.2]
size = [12]
[sampling]
samples = 10
[crossover]
tolerance = 1e-2
");

const TASK: &str = "task-alpha0.2-size12";

/// What `dam` says on standard error while it succeeds.
fn told(folder: &Folder, command: &str) -> String {
    let output = folder.dam(&[command, "job.toml"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    text
}

fn table(folder: &Folder) -> String {
    folder.read("results/tiny.csv")
}

/// The file of the one task of the finished job, with the text of its first sample.
fn first_sample(folder: &Folder) -> (String, String, String) {
    let name = task_file(folder, TASK);
    let text = folder.read(&name);
    let at = text.find("\"samples\":[{\"lambda_crossover\":").unwrap();
    let number = text[at..].split([':', ',']).nth(2).unwrap().to_owned();
    (name, text, number)
}

/// The digits of a number, one changed.
fn one_digit_more(number: &str) -> String {
    let at = number.find(|digit| ('1'..='8').contains(&digit)).unwrap();
    let next = char::from(number.as_bytes()[at] + 1);
    format!("{}{next}{}", &number[..at], &number[at + 1..])
}

#[test]
fn a_changed_digit_of_a_sample_costs_that_sample_only() {
    let folder = Folder::finished(JOB);
    let whole = table(&folder);
    let (name, text, number) = first_sample(&folder);
    folder.write(&name, &text.replacen(&number, &one_digit_more(&number), 1));
    let status = folder.line("status job.toml");
    assert_contains(&status, &["unfinished", " 9 "]);
    let text = told(&folder, "run");
    assert_contains(
        &text,
        &[&name, "is damaged", "samples 0 are computed again"],
    );
    assert_eq!(table(&folder), whole);
    assert!(!told(&folder, "run").contains("damaged"));
}

#[test]
fn damage_outside_the_samples_is_noticed_and_mended() {
    let folder = Folder::finished(JOB);
    let whole = table(&folder);
    let name = task_file(&folder, TASK);
    let text = folder.read(&name);
    for (from, to) in [
        ("dam-task", "dam-task "),
        ("\"job.seed\":3", "\"job.seed\":7"),
        ("\"mean\":", "\"mean\":1"),
        ("\"digest\"", "\"dihest\""),
        ("\"samples\":[{", "\"samples\":[["),
        ("\"wall_seconds\":", "\"wall_seconds\":9"),
    ] {
        assert!(text.contains(from), "{from}");
        folder.write(&name, &text.replacen(from, to, 1));
        let told = told(&folder, "run");
        assert_contains(&told, &[&name, "is damaged"]);
        assert_eq!(table(&folder), whole, "{from}");
    }
}

/// As an earlier build wrote it: without digests.
fn undigested(text: &str) -> String {
    let (head, rest) = text.split_once("\"digest\":\"").unwrap();
    let rest = &rest[64 + 2..];
    let (body, _) = rest.split_once(",\"sample_digests\"").unwrap();
    format!("{head}{body}}}\n")
}

#[test]
fn files_of_earlier_builds_are_read_and_their_quantities_follow_from_their_samples() {
    let folder = Folder::finished(JOB);
    let whole = table(&folder);
    let name = task_file(&folder, TASK);
    let old = undigested(&folder.read(&name));
    folder.write(&name, &old.replacen("\"mean\":", "\"mean\":1", 1));
    let text = told(&folder, "merge");
    assert_contains(
        &text,
        &[
            "files of an earlier dam, without a digest: 1",
            &name,
            "states means or medians",
        ],
    );
    assert_eq!(table(&folder), whole);
    assert!(!told(&folder, "run").contains("finished α"));
}

/// A checkpoint of an earlier build, with these samples.
fn checkpoint(folder: &Folder, samples: &str) -> String {
    let old = undigested(&folder.read(&task_file(folder, TASK)));
    let (head, _) = old.split_once("\"quantities\"").unwrap();
    let head = head.replace("dam-task", "dam-partial-task");
    let name = task_file(folder, TASK).replace(".json", ".partial.json");
    folder.write(
        &name,
        &format!("{head}\"samples\":[{samples}],\"wall_seconds\":1.0}}\n"),
    );
    name
}

#[test]
fn checkpoints_that_no_run_can_have_written_are_named_and_redone() {
    let record = r#"{"lambda_crossover":0.5,"non_monotone":0.0,"squared_norm":1.0,"unconverged":0.0,"updates":3.0}"#;
    let list = record.replace("0.5", "[0.5]");
    let eleven = vec![format!("[0,{record}]"); 11].join(",");
    for (samples, fault) in [
        (
            format!("[0,{record}],[50,{record}]"),
            "beyond those that it is of (sample 50)",
        ),
        (eleven, "twice (sample 0)"),
        (
            format!("[0,{record}],[1,{list}],[2,{record}]"),
            "a list where a number belongs",
        ),
    ] {
        let folder = Folder::finished(JOB);
        let finished = task_file(&folder, TASK);
        let name = checkpoint(&folder, &samples);
        fs::remove_file(folder.path(&finished)).unwrap();
        let text = told(&folder, "status");
        assert_contains(&text, &[&name, fault]);
        told(&folder, "run");
        let left = folder.listing();
        assert!(
            !left.iter().any(|name| name.contains("partial")),
            "{left:?}"
        );
    }
}

#[test]
fn results_of_another_job_are_refused_even_without_its_task_files() {
    let folder = Folder::finished(JOB);
    fs::remove_dir_all(folder.path("results/tiny.data")).unwrap();
    folder.write("job.toml", &JOB.replace("seed = 3", "seed = 4"));
    let text = folder.fail(2, &["run", "job.toml"]);
    assert_contains(&text, &["tiny.results.json", "job.seed: results 3, job 4"]);
}

#[test]
fn the_trajectories_of_one_job_are_no_table_of_another() {
    let recorded = "experiment = \"retrieval\"";
    let first = JOB
        .replace("experiment = \"crossover\"", recorded)
        .replace(
            "[crossover]\ntolerance = 1e-2",
            "[dynamics]\nrecorded_samples = 2",
        )
        .replace("[sampling]", "lambda = [0.3, 0.6]\n[sampling]");
    let folder = Folder::finished(&first);
    let before = folder.read("results/tiny.trajectories.csv");
    folder.write(
        "job.toml",
        &JOB.replace("\"tiny\"", "\"tiny.trajectories\""),
    );
    let text = folder.fail(2, &["run", "job.toml"]);
    assert_contains(&text, &["tiny.trajectories.csv", "not a result"]);
    assert_eq!(folder.read("results/tiny.trajectories.csv"), before);
}

#[test]
fn schemas_and_programs_that_wrote_no_such_file_are_refused() {
    let folder = Folder::finished(JOB);
    let name = task_file(&folder, TASK);
    let old = undigested(&folder.read(&name));
    for (from, to, expected) in [
        ("\"schema\":1", "\"schema\":0", "schema is 0"),
        ("\"schema\":1", "\"schema\":2", "newer than 1"),
        ("dam 0.1.0", "dam 9.0.0", "use a newer dam"),
        ("dam 0.1.0", "other 0.1.0", "not of dam"),
    ] {
        folder.write(&name, &old.replacen(from, to, 1));
        let text = folder.fail(2, &["run", "job.toml"]);
        assert_contains(&text, &[&name, expected]);
    }
}

#[test]
fn a_folder_in_the_place_of_a_result_is_refused_before_the_first_sample() {
    for name in [
        "tiny.crossover.csv",
        "tiny.crossover.png",
        "tiny.csv",
        "tiny.results.json",
    ] {
        let folder = Folder::with_job(JOB);
        fs::create_dir_all(folder.path(&format!("results/{name}"))).unwrap();
        let text = folder.fail(2, &["run", "job.toml"]);
        assert!(text.contains(name), "{text}");
        assert!(!folder.path("results/tiny.data").exists());
    }
}

#[test]
fn a_job_name_too_long_for_files_is_refused_before_any_folder_is_made() {
    for length in [161, 300] {
        let folder = Folder::with_job(&JOB.replace("tiny", &"n".repeat(length)));
        let text = folder.fail(2, &["run", "job.toml"]);
        assert_contains(&text, &["job.name", &length.to_string(), "at most 160"]);
        assert_eq!(folder.listing(), ["job.toml"]);
    }
    Folder::finished(&JOB.replace("tiny", &"n".repeat(160)));
}
