//! Where results come from: program, commit, day, machine, and the samples that they stand on.

use std::collections::BTreeMap;
use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sysinfo::System;

use crate::date::utc;
use crate::record::Record;
use crate::results::digest::of_samples;
use crate::task::Task;

/// Who merged results, when and where, and from what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    pub(super) fn new<'a>(
        commit: &str,
        tasks: impl Iterator<Item = (&'a Task, &'a [Record])>,
    ) -> Self {
        let host = System::host_name().unwrap_or_else(|| "unknown".to_owned());
        Self {
            commit: commit.to_owned(),
            date: utc(SystemTime::now()),
            machine: format!(
                "{host}, {}, {}",
                std::env::consts::OS,
                std::env::consts::ARCH
            ),
            samples: tasks
                .map(|(task, samples)| (task.identifier(), of_samples(samples)))
                .collect(),
        }
    }
}
