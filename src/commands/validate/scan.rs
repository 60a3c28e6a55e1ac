//! `dam validate --scan`: the theory walked along fine grids.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver};

use dam::runs::schedule::Threads;
use dam::theory::scan::{Finding, Walk, walks};
use rayon::prelude::*;

use crate::terminal::error::CommandError;
use crate::terminal::progress::Counter;
use crate::terminal::table::{self, Format};

/// Rows of csv and json come as walks finish; the table of functions once all have, its walks with
/// the progress.
pub fn execute(threads: usize, format: Format) -> Result<(), CommandError> {
    let walks = walks();
    let threads = Threads::new(threads)?;
    let (sender, receiver) = mpsc::channel();
    let findings = std::thread::scope(|scope| {
        scope.spawn(|| {
            threads.install(|| {
                // without a receiver nobody waits for the rest
                walks
                    .par_iter()
                    .try_for_each_with(sender, |sender, walk: &Walk| sender.send(walk.run()))
                    .ok()
            })
        });
        collect(receiver, walks.len(), format)
    })?;
    if format == Format::Table {
        table::print(format, by_function(&findings).into_values().map(Ok))?;
        for (finding, fault) in faults(&findings) {
            table::line(format_args!("{}: {fault}", finding.name))?;
        }
        let points: usize = findings.iter().map(|finding| finding.points).sum();
        table::line(format_args!(
            "{} walks over {points} points, {} with a fault",
            findings.len(),
            faults(&findings).count()
        ))?;
    }
    match faults(&findings).count() {
        0 => Ok(()),
        faults => Err(CommandError::Failed(format!("{faults} walks have a fault"))),
    }
}

fn faults(findings: &[Finding]) -> impl Iterator<Item = (&Finding, &str)> {
    findings
        .iter()
        .filter_map(|finding| Some((finding, finding.fault.as_deref()?)))
}

/// The findings, as they come. Where rows cannot be written, or nobody reads on, the receiver goes,
/// which ends the walks.
fn collect(
    receiver: Receiver<Finding>,
    count: usize,
    format: Format,
) -> Result<Vec<Finding>, CommandError> {
    let counter = Counter::new(count, "walks");
    let mut findings = Vec::with_capacity(count);
    let received = receiver
        .into_iter()
        .inspect(|finding| counter.finished(&summary(finding)));
    if format == Format::Table {
        findings.extend(received);
    } else {
        let rows = received.map(|finding| {
            let row = row(&finding);
            findings.push(finding);
            Ok(row)
        });
        table::print(format, rows)?;
    }
    counter.finish();
    Ok(findings)
}

fn summary(finding: &Finding) -> String {
    let Finding {
        name,
        values,
        points,
        worst_step,
        ..
    } = finding;
    match &finding.fault {
        Some(fault) => format!("{name}: FAULT: {fault}"),
        None => format!("{name}: {values} values at {points} points, worst step {worst_step:.3}"),
    }
}

fn row(finding: &Finding) -> table::Row {
    vec![
        ("walk", finding.name.as_str().into()),
        ("points", finding.points.into()),
        ("values", finding.values.into()),
        ("worst_step", finding.worst_step.into()),
        ("place", finding.place.into()),
        ("fault", finding.fault.as_deref().unwrap_or_default().into()),
    ]
}

/// One row for each function: its walks and points in all, and the worst step among them.
fn by_function(findings: &[Finding]) -> BTreeMap<&str, table::Row> {
    let mut groups: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let function = finding.name.split(", ").next().unwrap_or_default();
        groups.entry(function).or_default().push(finding);
    }
    let total = |group: &[&Finding]| -> table::Row {
        let sum =
            |part: fn(&Finding) -> usize| -> usize { group.iter().map(|one| part(one)).sum() };
        let worst = group.iter().map(|one| one.worst_step).fold(0.0, f64::max);
        vec![
            ("walks", group.len().into()),
            ("points", sum(|one| one.points).into()),
            ("values", sum(|one| one.values).into()),
            ("worst_step", worst.into()),
            ("faults", sum(|one| usize::from(one.fault.is_some())).into()),
        ]
    };
    groups
        .into_iter()
        .map(|(function, group)| {
            let mut row: table::Row = vec![("function", function.into())];
            row.extend(total(&group));
            (function, row)
        })
        .collect()
}
