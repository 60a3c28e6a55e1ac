//! Every bad input gets one clear error, exit status 2, and nothing is written.

use std::fs;
use std::path::Path;

use crate::folder::{self, Folder, SMALL_JOB, assert_contains, refused, refused_changes};

/// [`SMALL_JOB`] with something else in place of `from`.
fn changed(from: &str, to: &str) -> String {
    folder::changed(SMALL_JOB, from, to)
}

#[test]
fn unknown_keys_and_wrong_types_show_the_line_and_what_is_known() {
    refused_changes(
        SMALL_JOB,
        r#"
        samples = 20 | sampels = 20 | job.toml | line 15 | sampels | samples | precision
        [sampling] | [smapling] | smapling | sampling | dynamics
        samples = 20 | samples = "many" | line 15 | text | many
        size = [12, 16, 20] | size = "12" | line 12 | start | count
        seed = 7 | seed = -7 | line 5 | -7
        "spherical" | "sphericle" | line 8 | sphericle | spherical | gaussian | rademacher | uniform
        "crossover" | "crosover" | crosover | crossover | retrieval
        name = "small" | name = "a/b" | job.name | a/b
"#,
    );
}

#[test]
fn sweeps_that_are_empty_or_outside_their_domain_are_refused() {
    refused_changes(
        SMALL_JOB,
        r#"
        alpha = [0.2, 0.25] | alpha = [] | line 11, sweep.alpha | empty
        alpha = [0.2, 0.25] | alpha = { start = 0.1, stop = 0.2, count = 0 } | sweep.alpha | empty
        alpha = [0.2, 0.25]\n | | sweep.alpha | missing | alpha = [
        alpha = [0.2, 0.25] | alpha = [0.01] | sweep.alpha | 0.01 | P = 1
        alpha = [0.2, 0.25] | alpha = [-0.2] | sweep.alpha | -0.2 | positive
        alpha = [0.2, 0.25] | alpha = [nan] | sweep.alpha | NaN
        alpha = [0.2, 0.25] | alpha = [0.2, 0.2] | sweep.alpha | twice
        [sweep]\nalpha = [0.2, 0.25] | storage = "stored"\n[sweep]\nalpha = [5.0] | sweep.alpha: 5 | N = 12 | GiB
        alpha = [0.2, 0.25] | alpha = [500.0] | sweep.alpha: 500 | more than 1e299 GiB
        [12, 16, 20] | [2] | line 12, sweep.size | 2 | 3
        [12, 16, 20] | [12.5] | sweep.size | 12.5
"#,
    );
}

/// P = e^32 patterns: more than any machine has.
#[test]
fn overlaps_that_no_memory_holds_are_refused() {
    let job = changed("[0.2, 0.25]", "[2.0]")
        .replace("[12, 16, 20]", "[16]")
        .replace("\"crossover\"", "\"closest-pair\"");
    refused(
        &job.replace("[crossover]\ntolerance = 1e-3\n", ""),
        &["alpha = 2", "size = 16", "PiB", "overlaps"],
    );
}

#[test]
fn a_negative_lambda_is_refused() {
    let job = SMALL_JOB
        .replace("experiment = \"crossover\"", "experiment = \"retrieval\"")
        .replace("[sampling]", "lambda = [-0.5]\n[sampling]")
        .replace("[crossover]\ntolerance = 1e-3\n", "");
    refused(&job, &["sweep.lambda", "-0.5", "positive"]);
    refused(
        &job.replace("lambda = [-0.5]\n", ""),
        &["sweep.lambda", "missing", "lambda = {"],
    );
}

#[test]
fn settings_outside_their_domain_are_refused() {
    let job = changed("[sampling]", "[dynamics]\nmax_steps = 9\n[sampling]");
    refused_changes(
        &job,
        r#"
        max_steps = 9 | step_size = 1.5 | line 15, dynamics.step_size | 1.5 | (0, 1]
        max_steps = 9 | tolerance = 0 | dynamics.tolerance | positive
        max_steps = 9 | max_steps = 0 | dynamics.max_steps
        max_steps = 9 | criterion = "cosine" | cosine | weight | distance
        max_steps = 9 | distance = 0.1 | dynamics.distance | criterion
        samples = 20 | samples = 1 | sampling.samples | at least 2
        samples = 20 | samples = 1000000000000 | sampling.samples | at most
"#,
    );
}

#[test]
fn values_outside_a_thresholds_domain_say_the_domain() {
    let folder = Folder::new();
    for (line, expected) in [
        (
            "thresholds --ensemble spherical --lambda -1",
            &["-1", "positive"][..],
        ),
        (
            "thresholds --ensemble spherical --lambda 0",
            &["0", "positive"],
        ),
        ("inverse --ensemble gaussian --alpha 0.6", &["0.6", "0.5"]),
        (
            "inverse --ensemble rademacher --alpha 0.7",
            &["0.7", "ln 2"],
        ),
        (
            "thresholds --ensemble spherical --lambda a,b",
            &["\"a\"", "0.1,0.2"],
        ),
        (
            "thresholds --ensemble spherical --lambda 0:1",
            &["start:stop:count"],
        ),
        (
            "thresholds --ensemble spherical --lambda 0:1:0",
            &["count from 1"],
        ),
        (
            "thresholds --ensemble sphericle --lambda 1",
            &["spherical", "gaussian", "rademacher", "uniform"],
        ),
    ] {
        let words: Vec<&str> = std::iter::once("theory").chain(line.split(' ')).collect();
        let text = folder.fail(2, &words);
        assert_contains(&text, expected);
        assert!(text.starts_with("error: "), "{text}");
    }
}

#[test]
fn a_missing_job_file_and_bad_options_are_refused() {
    let folder = Folder::new();
    let text = folder.fail(2, &["run", "nowhere.toml"]);
    assert!(text.contains("nowhere.toml"), "{text}");
    folder.write("job.toml", SMALL_JOB);
    for option in [["--shard", "4/3"], ["--shard", "0/3"], ["--threads", "0"]] {
        folder.fail(2, &["run", "job.toml", option[0], option[1]]);
    }
    let output = folder
        .command(&["run", "job.toml"])
        .env("SLURM_CPUS_PER_TASK", "two")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(folder.listing(), ["job.toml"]);
}

#[test]
fn an_output_folder_that_cannot_be_written_is_refused() {
    let folder = Folder::with_job(SMALL_JOB);
    folder.write("file", "not a folder");
    let text = folder.fail(2, &["run", "job.toml", "--output", "file"]);
    assert!(text.contains("file"), "{text}");
    let text = folder.fail(
        2,
        &[
            "phase-diagram",
            "--ensemble",
            "spherical",
            "--output",
            "file",
        ],
    );
    assert!(text.contains("file"), "{text}");
    assert_eq!(folder.read("file"), "not a folder");
}

#[test]
fn foreign_files_are_named_and_never_overwritten() {
    for (name, content) in [
        ("results/small.results.json", "{\"my\": \"notes\"}"),
        ("results/small.results.json", "not even json"),
        ("results/small.csv", "a,b\n1,2\n"),
    ] {
        let folder = Folder::with_job(SMALL_JOB);
        fs::create_dir(folder.path("results")).unwrap();
        folder.write(name, content);
        let before = folder.listing();
        let text = folder.fail(2, &["run", "job.toml"]);
        assert!(text.contains(name), "{text}");
        assert_eq!(folder.read(name), content);
        assert_eq!(folder.listing(), before);
    }
}

#[test]
fn a_foreign_csv_is_not_replaced_by_a_figure() {
    let folder = Folder::new();
    fs::create_dir(folder.path("figures")).unwrap();
    let name = "figures/spherical.phase-diagram.csv";
    folder.write(name, "mine");
    let text = folder.fail(
        2,
        &[
            "phase-diagram",
            "--ensemble",
            "spherical",
            "--output",
            "figures",
        ],
    );
    assert!(text.contains(name), "{text}");
    assert_eq!(folder.read(name), "mine");
    assert!(!folder.path("figures/spherical.phase-diagram.svg").exists());
}

/// Every figure of every ready-made job that has several, before a long job begins.
#[test]
fn foreign_files_in_the_place_of_any_figure_are_refused_before_the_first_sample() {
    for (job, stems) in [
        ("spherical-crossover", vec!["crossover", "crossover-sizes"]),
        (
            "all-patterns",
            vec!["all-patterns", "lost-patterns", "half-load"],
        ),
        ("basin", vec!["basin"]),
        (
            "semantic-neighbours",
            vec!["semantic-neighbours", "semantic-neighbours-directions"],
        ),
        ("memory-capacity", vec!["memory-capacity"]),
        ("noise-robustness", vec!["noise-robustness-100"]),
        (
            "training-steps",
            vec![
                "training-steps-20",
                "training-steps-100",
                "training-steps-loads",
                "training-steps-loss",
            ],
        ),
        ("energy-landscape", vec!["energy-landscape"]),
        ("basins-2d", vec!["basins-2d"]),
    ] {
        let path = format!("{}/sims/jobs/{job}.toml", env!("CARGO_MANIFEST_DIR"));
        for (stem, ending) in stems
            .into_iter()
            .zip(["csv", "svg", "png"].into_iter().cycle())
        {
            let folder = Folder::new();
            fs::create_dir(folder.path("results")).unwrap();
            let name = format!("results/{job}.{stem}.{ending}");
            folder.write(&name, "mine");
            let before = folder.listing();
            let text = folder.fail(2, &["run", &path]);
            assert!(text.contains(&name), "{text}");
            assert_eq!(folder.read(&name), "mine");
            assert_eq!(folder.listing(), before);
        }
    }
}

/// Points of a sweep on the plane have a figure each.
#[test]
fn foreign_files_in_the_place_of_the_figures_of_several_tasks_are_refused() {
    let folder = Folder::new();
    folder.write(
        "job.toml",
        "[job]\nname = \"plane\"\nexperiment = \"basins-2d\"\n[patterns]\nensemble = \
         \"gaussian\"\n[sweep]\npattern_count = [3, 4]\nbeta = [2, 20]\ntraining_steps = [0]\n",
    );
    fs::create_dir(folder.path("results")).unwrap();
    for stem in ["basins-2d-3-2", "basins-2d-4-20"] {
        let name = format!("results/plane.{stem}.png");
        folder.write(&name, "mine");
        let text = folder.fail(2, &["run", "job.toml"]);
        assert!(text.contains(&name), "{text}");
        fs::remove_file(folder.path(&name)).unwrap();
    }
    assert_eq!(folder.listing(), ["job.toml", "results"]);
}

#[test]
fn a_foreign_or_damaged_task_file_is_named_and_kept() {
    let folder = Folder::finished(SMALL_JOB);
    let name = task_file(&folder, "alpha0.2-size16");
    for content in [
        "{\"format\":\"other\"}",
        "garbage",
        "{\"format\":\"dam-task\",\"schema\":1}",
    ] {
        folder.write(&name, content);
        let text = folder.fail(2, &["run", "job.toml"]);
        assert!(text.contains(&name), "{text}");
        assert_eq!(folder.read(&name), content);
    }
}

#[test]
fn a_changed_job_is_refused_with_what_changed() {
    let folder = Folder::finished(SMALL_JOB);
    let before = folder.read("results/small.results.json");
    let job = SMALL_JOB
        .replace("seed = 7", "seed = 8")
        .replace("tolerance = 1e-3", "tolerance = 2e-3");
    folder.write("job.toml", &job);
    for command in ["run", "status", "merge", "compare", "plot"] {
        let text = folder.fail(2, &[command, "job.toml"]);
        assert_contains(
            &text,
            &[
                "job.seed: results 7, job 8",
                "crossover.tolerance",
                "0.001",
                "0.002",
                "--output",
            ],
        );
    }
    assert_eq!(folder.read("results/small.results.json"), before);
}

/// The one task file whose name contains `part`.
pub fn task_file(folder: &Folder, part: &str) -> String {
    let mut names = folder.listing();
    names.retain(|name| {
        let of_task = name.contains("/task-") && name.contains(part);
        of_task && Path::new(name).extension().is_some_and(|end| end == "json")
    });
    assert_eq!(names.len(), 1, "{names:?}");
    names.remove(0)
}

#[test]
fn a_spectrum_that_is_none_or_does_not_go_with_n_is_refused() {
    let given = |list: &str| {
        let ensemble = format!("ensemble = \"correlated-gaussian\"\nspectrum = [{list}]");
        changed("ensemble = \"spherical\"", &ensemble)
    };
    let line = "job.toml, line 9, patterns.spectrum";
    refused(&given(""), &[line, "empty"]);
    refused(&given("0.5, -0.5, 3"), &[line, "-0.5", "eigenvalue 2"]);
    refused(&given("nan, 1"), &[line, "NaN"]);
    refused(&given("0, 0"), &[line, "above 0"]);
    refused(&given("1, 2"), &[line, "divide every eigenvalue by 1.5"]);
    let misfit = [
        "line 13, sweep.size: at N = 16: spectrum",
        "take N = 15 or 18",
    ];
    refused(&given("0.5, 0.5, 2"), &misfit);
}

#[test]
fn results_of_another_spectrum_are_not_mixed_in() {
    let folder = Folder::new();
    let given = |list: &str| {
        let ensemble = format!("ensemble = \"correlated-gaussian\"\nspectrum = [{list}]");
        changed("ensemble = \"spherical\"", &ensemble).replace("[0.2, 0.25]", "[0.2]")
    };
    folder.write("job.toml", &given("0.5, 1.5"));
    folder.succeed(&["run", "job.toml"]);
    let before = folder.listing();
    folder.write("job.toml", &given("0.25, 1.75"));
    let text = folder.fail(2, &["run", "job.toml"]);
    assert!(text.contains("patterns.spectrum"), "{text}");
    assert_eq!(folder.listing(), before);
}
