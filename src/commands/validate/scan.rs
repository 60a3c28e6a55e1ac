//! `dam validate --scan`: the theory walked along fine grids.

use std::collections::BTreeMap;

use dam::runs::schedule::Threads;
use dam::theory::scan::{Finding, walks};
use rayon::prelude::*;

use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Format};

pub fn execute(threads: usize, format: Format) -> Result<(), CommandError> {
    let walks = walks();
    let findings: Vec<Finding> =
        Threads::new(threads)?.install(|| walks.par_iter().map(|walk| walk.run()).collect());
    if format == Format::Table {
        table::print(format, by_function(&findings).into_values().map(Ok))?;
        for finding in findings.iter().filter(|finding| finding.fault.is_some()) {
            let fault = finding.fault.as_deref().unwrap_or_default();
            table::line(format_args!("{}: {fault}", finding.name))?;
        }
    } else {
        table::print(format, findings.iter().map(|finding| Ok(row(finding))))?;
    }
    let faults = findings
        .iter()
        .filter(|finding| finding.fault.is_some())
        .count();
    let points: usize = findings.iter().map(|finding| finding.points).sum();
    if format == Format::Table {
        table::line(format_args!(
            "{} walks over {points} points, {faults} with a fault",
            findings.len()
        ))?;
    }
    if faults > 0 {
        return Err(CommandError::Failed(format!("{faults} walks have a fault")));
    }
    Ok(())
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
