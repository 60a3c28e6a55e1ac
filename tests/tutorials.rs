//! The tutorials of docs/tutorials, word for word: their files are written, their commands run in a shell, and what these
//! print is what stands in the text.
//!
//! A block `console` has commands after `$ ` and below each what it prints, standard error included. `…` stands for any
//! text, alone on a line for any lines. A block after a line that ends in "`name`:" is a file. Seconds that a task took,
//! the width of columns and the order in which tasks end are not compared. With `DAM_KEEP_TUTORIALS=FOLDER` the folders in which the commands ran
//! are kept there, for `scripts/tutorial_figures.py`.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folder::Folder;

/// A command of a text and what stands below it.
struct Step {
    line_number: usize,
    command: String,
    printed: Vec<String>,
}

/// A file that a text shows.
struct ShownFile {
    name: String,
    text: String,
}

#[derive(Default)]
struct Tutorial {
    files: Vec<ShownFile>,
    steps: Vec<Step>,
}

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorials")
}

/// The file that a line of prose announces: its last word is "`name`:".
fn announced(line: &str) -> Option<String> {
    let (rest, name) = line.strip_suffix("`:")?.rsplit_once('`')?;
    (!rest.is_empty() && name.contains('.')).then(|| name.to_owned())
}

/// The files and commands of a text.
fn read(name: &str) -> Tutorial {
    let text = fs::read_to_string(pages().join(format!("{name}.md"))).unwrap();
    let mut tutorial = Tutorial::default();
    let mut before = "";
    let mut lines = text.lines().enumerate();
    while let Some((_, line)) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else {
            before = if line.is_empty() { before } else { line };
            continue;
        };
        let block: Vec<(usize, &str)> = lines
            .by_ref()
            .take_while(|(_, line)| *line != "```")
            .collect();
        if kind == "console" {
            tutorial.steps.extend(steps(&block));
        } else if let Some(name) = announced(before) {
            let text: String = block.iter().flat_map(|(_, line)| [*line, "\n"]).collect();
            let is_new = tutorial.files.iter().all(|file| file.name != name);
            assert!(is_new, "{name} is shown twice");
            tutorial.files.push(ShownFile { name, text });
        }
        before = "";
    }
    tutorial
}

fn steps(block: &[(usize, &str)]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for &(index, line) in block {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                line_number: index + 1,
                command: command.to_owned(),
                printed: Vec::new(),
            });
        } else {
            let step = steps.last_mut();
            let step = step.unwrap_or_else(|| panic!("line {}: no command before", index + 1));
            step.printed.push(plain(line));
        }
    }
    steps
}

/// A line without what differs from run to run: seconds of a task, and columns as wide as their longest number.
fn plain(line: &str) -> String {
    let line = match line.split_once(" samples, ") {
        Some((task, seconds)) if seconds.ends_with(" s") => format!("{task} samples"),
        _ => line.to_owned(),
    };
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a command printed, as it is compared: without the lines of slow machines, tasks in one order.
fn comparable(lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let lines = lines
        .into_iter()
        .filter(|line| !line.contains(" elapsed, "));
    let mut lines: Vec<String> = lines.collect();
    for run in lines.chunk_by_mut(|first, second| {
        [first, second]
            .iter()
            .all(|line| line.starts_with("finished "))
    }) {
        run.sort();
    }
    lines
}

/// Whether a line is as the text has it, `…` standing for anything.
fn is_line(expected: &str, line: &str) -> bool {
    let Some((start, rest)) = expected.split_once('…') else {
        return expected == line;
    };
    line.strip_prefix(start).is_some_and(|line| {
        line.char_indices()
            .map(|(index, _)| index)
            .chain([line.len()])
            .any(|index| is_line(rest, &line[index..]))
    })
}

/// Whether lines are as the text has them, `…` alone standing for any lines.
fn are_lines(expected: &[String], lines: &[String]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "…" => {
            (0..=lines.len()).any(|skipped| are_lines(rest, &lines[skipped..]))
        }
        Some((first, rest)) => lines
            .split_first()
            .is_some_and(|(line, others)| is_line(first, line) && are_lines(rest, others)),
    }
}

/// Runs all commands in one shell; gives what each printed and its status.
fn run(folder: &Folder, steps: &[Step]) -> Vec<(Vec<String>, i32)> {
    let mut script = "exec 2>&1\n".to_owned();
    for step in steps {
        // the status goes on to the next command, which may ask for it
        script.push_str(&step.command);
        script.push_str("\nstatus=$?; printf '\\036%s\\036' \"$status\"; (exit \"$status\")\n");
    }
    let program = Path::new(env!("CARGO_BIN_EXE_dam")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path(""))
        .env("PATH", format!("{}:{path}", program.display()))
        .env_remove("SLURM_CPUS_PER_TASK")
        .env_remove("SLURM_JOB_END_TIME")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let parts: Vec<&str> = text.split('\u{1e}').collect();
    let ran = parts.chunks_exact(2).map(|part| {
        let lines = comparable(part[0].lines().map(plain));
        (lines, part[1].parse().unwrap())
    });
    ran.collect()
}

/// Copies a folder to where its figures are wanted.
fn keep(folder: &Folder, name: &str) {
    if let Some(kept) = std::env::var_os("DAM_KEEP_TUTORIALS") {
        let target = Path::new(&kept).join(name);
        fs::create_dir_all(&target).unwrap();
        let copied = Command::new("cp")
            .arg("-r")
            .arg(folder.path("."))
            .arg(target)
            .status();
        assert!(copied.unwrap().success());
    }
}

/// Does what a tutorial says.
fn walk(name: &str) {
    let tutorial = read(name);
    assert!(tutorial.steps.len() >= 4, "{name}.md has lost its commands");
    let folder = Folder::new();
    for file in &tutorial.files {
        folder.write(&file.name, &file.text);
    }
    let ran = run(&folder, &tutorial.steps);
    assert_eq!(
        ran.len(),
        tutorial.steps.len(),
        "the shell of {name}.md ended early"
    );
    keep(&folder, name);
    let mut faults = Vec::new();
    for (index, (step, (lines, status))) in tutorial.steps.iter().zip(&ran).enumerate() {
        let next = tutorial.steps.get(index + 1);
        let is_asked = next.is_some_and(|next| next.command == "echo $?");
        let place = format!(
            "docs/tutorials/{name}.md:{}: {}",
            step.line_number, step.command
        );
        if *status != 0 && !is_asked {
            faults.push(format!(
                "{place}\nends with status {status}, which the text does not say"
            ));
        }
        if !are_lines(&comparable(step.printed.clone()), lines) {
            let [expected, printed] = [&step.printed, lines].map(|lines| lines.join("\n"));
            faults.push(format!(
                "{place}\n--- the text says\n{expected}\n--- it prints\n{printed}"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn a_first_phase_diagram() {
    walk("phase-diagram");
}

#[test]
fn a_finite_size_scaling_study() {
    walk("finite-size-scaling");
}

#[test]
fn patterns_of_ones_own() {
    walk("own-patterns");
}

#[test]
fn a_run_on_a_cluster() {
    walk("cluster");
}

#[test]
fn every_tutorial_is_walked() {
    let entries = fs::read_dir(pages()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    // python.md by python/tests/test_tutorial.py
    let walked = [
        "cluster",
        "finite-size-scaling",
        "own-patterns",
        "phase-diagram",
        "python",
    ];
    assert_eq!(names, walked.map(|name| format!("{name}.md")));
}

#[test]
fn elided_text_stands_for_anything_and_nothing_else_does() {
    let lines = |text: &str| text.lines().map(plain).collect::<Vec<_>>();
    let is = |expected: &str, printed: &str| are_lines(&lines(expected), &lines(printed));
    assert!(is("a\n…\nd", "a\nb\nc\nd") && is("a\n…", "a") && is("x … of … y", "x 1 of 3 y"));
    assert!(is(
        "finished A: 5 samples, 0.1 s",
        "finished A: 5 samples, 12.0 s"
    ));
    assert!(is("0.2     1", "0.2 1") && !is("0.2 1", "0.21"));
    assert!(!is("a\n…\nd", "a\nb") && !is("a", "a\nb") && !is("a\nb", "a") && !is("0.3", "0.4"));
    assert!(!is("x … of 3", "x 1 of 4") && !is("5 samples, 0.1 s", "6 samples, 0.1 s"));
}
