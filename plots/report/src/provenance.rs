//! Where results come from, as the results file records it.

use std::fmt::Write;

use dam_runs::results::{Provenance, Results};
use serde_json::Value;

use crate::escape::html;

/// The list of what is known: program, commit, seed, samples, settings, digests.
pub fn provenance(results: &Results, merged: Option<&Results>, seed: u64, program: &str) -> String {
    let shown = results.provenance.as_ref();
    let recorded = merged.and_then(|merged| merged.provenance.as_ref());
    let is_same =
        |recorded: &Provenance| shown.is_some_and(|shown| shown.samples == recorded.samples);
    let (source, from) = match (merged, recorded) {
        (Some(merged), Some(recorded)) if is_same(recorded) => {
            ("the results file".to_owned(), Some((merged, recorded)))
        }
        (Some(merged), Some(recorded)) => (
            format!(
                "the task files; the results file of {} has other samples",
                recorded.date
            ),
            Some((merged, recorded)),
        ),
        _ => (
            "the task files; there is no results file with its provenance".to_owned(),
            None,
        ),
    };
    let seconds: f64 = results.tasks.iter().map(|task| task.wall_seconds).sum();
    let samples: usize = results.tasks.iter().map(|task| task.samples.len()).sum();
    let mut pairs = vec![
        ("shown from", source),
        ("seed", seed.to_string()),
        (
            "samples",
            format!("{samples} in {} tasks", results.tasks.len()),
        ),
        ("time spent on them", duration(seconds)),
    ];
    if let Some((merged, recorded)) = from {
        pairs.push(("merged by", merged.program.clone()));
        pairs.push(("of commit", recorded.commit.clone()));
        pairs.push(("on", recorded.date.clone()));
        pairs.push(("at", recorded.machine.clone()));
    }
    pairs.push(("this page by", program.to_owned()));
    let mut text = String::from("<dl>\n");
    for (name, value) in &pairs {
        let _ = writeln!(text, "<dt>{}</dt><dd>{}</dd>", html(name), html(value));
    }
    text.push_str("</dl>\n");
    text.push_str(&settings(results));
    text.push_str(&digests(results));
    text
}

/// Everything besides the sweep that the numbers depend on.
fn settings(results: &Results) -> String {
    let row = |(name, value): (&String, &Value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        format!(
            "<dt><code>{}</code></dt><dd>{}</dd>\n",
            html(name),
            html(&value)
        )
    };
    let rows: String = results.settings.iter().map(row).collect();
    format!("<details><summary>Settings</summary>\n<dl>\n{rows}</dl>\n</details>\n")
}

/// The SHA-256 of the samples of each task, the same on every machine.
fn digests(results: &Results) -> String {
    let Some(provenance) = &results.provenance else {
        return String::new();
    };
    let row = |result: &dam_runs::results::TaskResult| {
        let digest = provenance.samples.get(&result.task.identifier());
        format!(
            "<dt>{}</dt><dd><code>{}</code></dd>\n",
            html(&result.task.title()),
            html(digest.map_or("", String::as_str))
        )
    };
    let rows: String = results.tasks.iter().map(row).collect();
    format!(
        "<details><summary>SHA-256 of the samples of each task</summary>\n<dl>\n{rows}</dl>\n</details>\n"
    )
}

fn duration(seconds: f64) -> String {
    match seconds {
        _ if seconds < 120.0 => format!("{seconds:.1} s"),
        _ if seconds < 7200.0 => format!("{:.1} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}
