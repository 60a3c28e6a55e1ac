//! `dam run` and its companions on small jobs.

use crate::bad_input::task_file;
use crate::folder::{Folder, QUICK_JOB, SMALL_JOB, assert_contains, first_line};

#[test]
fn a_run_ends_with_a_table_results_and_a_figure() {
    let folder = Folder::with_job(SMALL_JOB);
    let text = folder.succeed(&["run", "job.toml"]);
    assert_contains(
        &text,
        &[
            "measured",
            "standard_error",
            "theory_infinite_size",
            "lambda_crossover",
        ],
    );
    for name in [
        "results/small.results.json",
        "results/small.csv",
        "results/small.crossover.svg",
        "results/small.crossover.png",
        "results/small.crossover.csv",
    ] {
        assert!(folder.path(name).is_file(), "{name} is missing");
        assert!(text.contains(name), "{name} is not announced in:\n{text}");
    }
    let header = "experiment,ensemble,alpha,size,pattern_count,quantity,mean,median,\
                  standard_error,lower,upper,count,theory_finite_size,theory_error,theory_infinite_size,";
    let table = folder.read("results/small.csv");
    assert!(table.starts_with(header), "{table}");
    let crossovers: Vec<&str> = table
        .lines()
        .filter(|line| line.contains(",lambda_crossover,"))
        .collect();
    assert_eq!(crossovers.len(), 6);
    assert!(crossovers[0].starts_with("crossover,spherical,0.2,12,11,lambda_crossover,0."));
    assert_eq!(crossovers[0].split(',').nth(11), Some("20"));
    let results: serde_json::Value =
        serde_json::from_str(&folder.read("results/small.results.json")).unwrap();
    assert_eq!(results["schema"], 1);
    assert_eq!(results["settings"]["job.seed"], 7);
    assert_eq!(results["tasks"].as_array().unwrap().len(), 6);
    assert_eq!(results["tasks"][0]["samples"].as_array().unwrap().len(), 20);
}

#[test]
fn two_patterns_of_three_components_are_searched_to_an_end() {
    Folder::finished(&SMALL_JOB.replace("[12, 16, 20]", "[3, 4]"));
}

#[test]
fn a_dry_run_lists_the_tasks_and_writes_nothing() {
    let folder = Folder::with_job(SMALL_JOB);
    let text = folder.succeed(&["run", "job.toml", "--dry-run"]);
    assert_contains(&text, &["pattern_mebibytes", "nothing was run"]);
    assert_eq!(
        text.lines()
            .filter(|line| line.trim_start().starts_with("0.2"))
            .count(),
        6
    );
    assert_eq!(folder.listing(), ["job.toml"]);
    let job = SMALL_JOB.replace("size = [12", "maximum_pattern_count = 60\nsize = [12");
    folder.write("job.toml", &job);
    let text = folder.succeed(&["run", "job.toml", "--dry-run"]);
    assert!(text.contains("1 points of the sweep"), "{text}");
}

#[test]
fn a_dry_run_tells_how_patterns_are_held() {
    let folder = Folder::new();
    let dry = |job: &str, memory: &str| {
        folder.write("job.toml", job);
        folder.succeed(&["run", "job.toml", "--dry-run", "--memory", memory])
    };
    let large = SMALL_JOB.replace("[12, 16, 20]", "[50]");
    // P = 22 026 and 268 337 of 50 numbers: 8 and 102 MiB.
    let text = dry(&large, "100");
    assert_eq!(text.matches("stored").count(), 1, "{text}");
    assert_eq!(text.matches("regenerated").count(), 1, "{text}");
    let text = dry(&large.replace("spherical", "rademacher"), "100");
    assert_eq!(text.matches("bits").count(), 2, "{text}");
    // 1600 TiB of patterns are no reason to refuse.
    let text = dry(&SMALL_JOB.replace("[0.2, 0.25]", "[1.5]"), "1000");
    assert_eq!(text.matches("regenerated").count(), 3, "{text}");
}

#[test]
fn a_quiet_run_keeps_warnings_and_errors() {
    let folder = Folder::with_job(QUICK_JOB);
    let run = |job| folder.dam(&["run", job, "--quiet"]);
    let output = run("job.toml");
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(!output.stdout.is_empty());
    let name = task_file(&folder, "alpha0.2-size20");
    folder.write(&name, "{");
    for (job, word) in [("job.toml", "warning: "), ("no.toml", "error: ")] {
        let text = String::from_utf8(run(job).stderr).unwrap();
        assert!(text.starts_with(word), "{text}");
    }
}

#[test]
fn color_is_where_it_is_asked_for() {
    let folder = Folder::new();
    let has_color = |line: &str| {
        let mut command = folder.command(&line.split(' ').collect::<Vec<_>>());
        let output = command.env("NO_COLOR", "1").output().unwrap();
        [output.stdout, output.stderr].concat().contains(&0x1b)
    };
    for (line, expected) in [
        ("--help", false),
        ("--help --color auto", false),
        ("--help --color never", false),
        ("--color always run --help", true),
        ("run --color=always --help", true),
        ("run no.toml", false),
        ("run no.toml --color always", true),
        ("run --color always --shard 0/2 no.toml", true),
    ] {
        assert_eq!(has_color(line), expected, "{line}");
    }
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let folder = Folder::new();
    let shells = ["bash", "zsh", "fish", "powershell", "elvish"];
    let scripts = shells.map(|shell| folder.succeed(&["completions", shell]));
    folder.succeed(&["man", "pages"]);
    let manual = folder.read("pages/dam.1");
    let help = folder.succeed(&["--help"]);
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(names.len() >= 14, "{names:?}");
    for name in names {
        for script in &scripts {
            assert!(script.contains(name), "{name}: {script}");
        }
        assert!(manual.contains(&name.replace('-', "\\-")), "{name}");
    }
    let run = folder.read("pages/dam-run.1");
    assert!(run.contains("shard"), "{run}");
    let version = folder.succeed(&["--version"]);
    let expected = [
        "(commit ",
        "built for ",
        "vector instructions of this machine: ",
    ];
    assert_contains(&version, &expected);
    assert_eq!(first_line(&version), folder.succeed(&["-V"]).trim_end());
    assert_contains(&folder.succeed(&["--help"]), &["docs/README.md"]);
}

#[test]
fn status_counts_what_is_finished() {
    let folder = Folder::with_job(SMALL_JOB);
    assert!(
        folder
            .succeed(&["status", "job.toml"])
            .contains("0 of 6 tasks finished")
    );
    folder.write("job.toml", &SMALL_JOB.replace("0.2, 0.25", "0.2"));
    folder.succeed(&["run", "job.toml"]);
    folder.write("job.toml", SMALL_JOB);
    assert!(
        folder
            .succeed(&["status", "job.toml"])
            .contains("3 of 6 tasks finished")
    );
    let rows = folder.succeed(&["status", "job.toml", "--format", "json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&rows).unwrap();
    assert_eq!(rows.len(), 6);
    let finished = rows.iter().filter(|row| row["state"] == "finished");
    assert_eq!(finished.filter(|row| row["samples"] == 20).count(), 3);
    folder.succeed(&["run", "job.toml"]);
    assert!(
        folder
            .succeed(&["status", "job.toml"])
            .contains("6 of 6 tasks finished")
    );
}

#[test]
fn a_finished_task_is_never_computed_twice() {
    let folder = Folder::finished(SMALL_JOB);
    let name = task_file(&folder, "alpha0.25-size20");
    let written = folder.path(&name).metadata().unwrap().modified().unwrap();
    let output = folder.dam(&["run", "job.toml"]);
    assert!(output.status.success());
    assert!(!String::from_utf8_lossy(&output.stderr).contains("finished α"));
    assert_eq!(
        folder.path(&name).metadata().unwrap().modified().unwrap(),
        written
    );
}

#[test]
fn a_wider_sweep_keeps_what_is_finished_and_its_numbers() {
    let folder = Folder::finished(&SMALL_JOB.replace("[12, 16, 20]", "[16]"));
    let name = task_file(&folder, "alpha0.2-size16");
    let before = folder.read(&name);
    folder.write("job.toml", SMALL_JOB);
    let output = folder.dam(&["run", "job.toml"]);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr)
            .matches("finished α")
            .count(),
        4
    );
    assert_eq!(folder.read(&name), before);
    let fresh = Folder::new();
    fresh.write("job.toml", SMALL_JOB);
    fresh.succeed(&["run", "job.toml"]);
    assert_eq!(
        fresh.read("results/small.csv"),
        folder.read("results/small.csv")
    );
}

#[test]
fn commands_on_a_job_without_results_say_what_to_do() {
    let folder = Folder::with_job(SMALL_JOB);
    for command in ["merge", "compare", "plot"] {
        let text = folder.fail(2, &[command, "job.toml"]);
        assert!(text.contains("dam run"), "{text}");
    }
    assert_eq!(folder.listing(), ["job.toml"]);
}

#[test]
fn a_retrieval_job_gives_wilson_intervals_trajectories_and_its_figure() {
    let job = r#"
[job]
name = "curve"
experiment = "retrieval"

[patterns]
ensemble = "gaussian"

[sweep]
alpha = [0.2]
size = [16, 20]
lambda = { start = 0.2, stop = 0.6, count = 5 }

[dynamics]
recorded_samples = 2

[sampling]
samples = 50
precision = "f32"
"#;
    let folder = Folder::finished(job);
    let table = folder.read("results/curve.csv");
    assert!(first_line(&table).contains(",count,lambda,theory_"));
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.contains(",retrieval_probability,"))
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(rows.len(), 10);
    for row in &rows {
        let [mean, low, high] = [6, 9, 10].map(|column| row[column].parse::<f64>().unwrap());
        assert!(0.0 <= low && low <= mean && mean <= high && high <= 1.0);
    }
    // A larger λ retrieves more often.
    let share = |row: usize| rows[row][6].parse::<f64>().unwrap();
    assert!(
        share(0) < 0.2 && share(4) > 0.5,
        "{} and {}",
        share(0),
        share(4)
    );
    let trajectories = folder.read("results/curve.trajectories.csv");
    let header = first_line(&trajectories);
    assert!(
        header.ends_with(
            "sample,lambda,step,energy,overlap,squared_norm,target_weight,gradient_norm"
        )
    );
    assert!(trajectories.lines().count() > 40);
    assert!(folder.path("results/curve.retrieval.png").is_file());
}
