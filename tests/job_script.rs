//! Scripts of `dam job-script`, run by a shell in place of their engines.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Output};

use crate::folder::{Folder, QUICK_JOB, SMALL_JOB, assert_contains, changed};

/// Runs a script with `dam` and stand-ins for commands of Slurm: one runs what it is given, one says what it was given.
fn sh(folder: &Folder, script: &str, variables: &[(&str, &str)]) -> Output {
    let commands = folder.path("commands");
    if !commands.exists() {
        fs::create_dir(&commands).unwrap();
        symlink(env!("CARGO_BIN_EXE_dam"), commands.join("dam")).unwrap();
        let stand_ins = [
            ("srun", "shift\nexec \"$@\""),
            ("scontrol", "echo called: \"$@\""),
        ];
        for (name, text) in stand_ins {
            let path = folder.write(&format!("commands/{name}"), &format!("#!/bin/sh\n{text}\n"));
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    let path = format!("{}:{}", commands.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.arg(folder.write("script.sh", script));
    command.current_dir(folder.path("")).env("PATH", path);
    command.envs(variables.iter().copied());
    command.output().unwrap()
}

#[test]
fn the_units_of_a_script_give_the_csv_of_one_run() {
    let whole = Folder::finished(QUICK_JOB);
    let folder = Folder::new();
    folder.write("a user's job.toml", QUICK_JOB);
    for (engine, number) in [
        ("slurm", "SLURM_ARRAY_TASK_ID"),
        ("hyperqueue", "HQ_TASK_ID"),
    ] {
        let words = [
            "job-script",
            engine,
            "a user's job.toml",
            "--units",
            "3",
            "--output",
            engine,
        ];
        let script = folder.succeed(&words);
        for unit in ["1", "2", "3"] {
            let output = sh(&folder, &script, &[(number, unit)]);
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{text}");
        }
        folder.succeed(&["merge", "a user's job.toml", "--output", engine]);
        let table = folder.read(&format!("{engine}/curve.csv"));
        assert_eq!(table, whole.read("results/curve.csv"));
        let text = folder.fail(2, &words);
        assert_contains(&text, &["every sample of \"curve\" is there", "dam merge"]);
    }
}

#[test]
fn a_unit_of_slurm_that_is_stopped_early_queues_itself_again() {
    let folder = Folder::with_job(SMALL_JOB);
    let script = folder.line("job-script slurm job.toml --units 2 --threads 2 --memory 4096");
    assert_contains(
        &script,
        &["--array=1-2\n", "--cpus-per-task=2\n", "--time=10\n"],
    );
    let over = ("SLURM_JOB_END_TIME", "1");
    let variables = [over, ("SLURM_ARRAY_TASK_ID", "1"), ("SLURM_JOB_ID", "17")];
    let output = sh(&folder, &script, &variables);
    assert_eq!(output.status.code(), Some(75));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_contains(&text, &["called: requeue 17"]);
}

/// Longer jobs are cut into more units, and more patterns ask for more memory.
#[test]
fn units_follow_from_time_and_memory() {
    let job = changed(SMALL_JOB, "[12, 16, 20]", "[60]");
    let folder = Folder::with_job(&changed(&job, "samples = 20", "samples = 500000"));
    let asked = |options: &str| -> [u64; 2] {
        let script = folder.line(&format!("job-script snakemake job.toml{options}"));
        assert_contains(&script, &["rule merge:", "rule unit:", "touch("]);
        let number = |name: &str| {
            let (_, after) = script.split_once(name).unwrap();
            let digits = after.split(|letter: char| !letter.is_ascii_digit()).next();
            digits.unwrap().parse().unwrap()
        };
        ["UNITS = ", "mem_mb="].map(number)
    };
    // 1.5 GiB of patterns at α = 0.25
    let [units, memory] = asked(" --memory 100000");
    assert!(units > 1, "{units}");
    assert!((1600..2600).contains(&memory), "{memory}");
    // drawn again in every pass
    let [_, memory] = asked(" --memory 500");
    assert!(memory < 500, "{memory}");
}
