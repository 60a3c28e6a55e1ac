//! Where results come from: program, commit, day, machine, and the samples that they stand on.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sysinfo::System;

use crate::date::utc;
use crate::results::digest::of_samples;
use crate::results::document::TaskResult;

/// Who merged results, when and where, and from what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The commit that the program was built from, or `unknown`.
    pub commit: String,
    /// When the results were merged.
    pub date: String,
    /// Host, operating system and kind of processor.
    pub machine: String,
    /// Of every task the SHA-256 of its samples, which is the same on every machine.
    pub samples: BTreeMap<String, String>,
}

impl Provenance {
    /// Of results that are merged now, by a program of this commit.
    pub(super) fn new(commit: &str, tasks: &[TaskResult]) -> Self {
        let host = System::host_name().unwrap_or_else(|| "unknown".to_owned());
        let of_task = |result: &TaskResult| (result.task.identifier(), of_samples(&result.samples));
        Self {
            commit: commit.to_owned(),
            date: utc(SystemTime::now()),
            machine: format!(
                "{host}, {}, {}",
                std::env::consts::OS,
                std::env::consts::ARCH
            ),
            samples: tasks.iter().map(of_task).collect(),
        }
    }
}
