//! Who works on a job in a folder: one process on the whole job, or one on each shard.

use std::path::Path;
use std::time::SystemTime;

use sysinfo::System;

use crate::date::utc;
use crate::results::error::StoreError;
use crate::results::store::Store;
use crate::shard::Shard;
use crate::whole_file::{Lock, NoLock};

/// Keeps other processes off what one run works on, until it is dropped or its process ends in whatever way.
#[derive(Debug)]
#[must_use = "the job is locked as long as this lives"]
pub struct JobLock {
    _job: Lock,
    _shard: Option<Lock>,
}

impl Store {
    /// Locks the whole job, or one shard beside others; the files say who holds them.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process works on it; [`StoreError::NotWritable`].
    pub fn lock(&self, shard: Shard) -> Result<JobLock, StoreError> {
        let folder = self.data_directory();
        let owner = owner(shard);
        let job_path = folder.join(".lock");
        let shard_path = folder.join(shard_name(shard));
        let job = Lock::new(&job_path, !shard.is_whole(), &owner);
        let job = job.map_err(|error| self.refusal(error, &job_path))?;
        let shard = if shard.is_whole() {
            None
        } else {
            let lock = Lock::new(&shard_path, false, &owner);
            Some(lock.map_err(|error| self.refusal(error, &shard_path))?)
        };
        Ok(JobLock {
            _job: job,
            _shard: shard,
        })
    }

    fn refusal(&self, error: NoLock, path: &Path) -> StoreError {
        match error {
            NoLock::Held(owner) => StoreError::Locked {
                folder: self.directory().to_owned(),
                owner: if owner.is_empty() {
                    self.owners_of_shards()
                } else {
                    owner
                },
            },
            NoLock::Unwritable(source) => StoreError::NotWritable {
                path: path.to_owned(),
                source,
            },
        }
    }

    /// The lines of those who hold shards; they are blank in files that nobody holds.
    fn owners_of_shards(&self) -> String {
        let names = self.data_files().unwrap_or_default();
        let shards = names.iter().filter(|name| name.starts_with(SHARD));
        let lines = shards.filter_map(|name| {
            let line = std::fs::read_to_string(self.data_directory().join(name)).ok()?;
            Some(line.trim().to_owned()).filter(|line| !line.is_empty())
        });
        lines.collect::<Vec<_>>().join("; ")
    }
}

const SHARD: &str = ".lock-shard-";

fn shard_name(shard: Shard) -> String {
    format!("{SHARD}{}", shard.to_string().replace('/', "-of-"))
}

/// Host, process, start and what of the job.
fn owner(shard: Shard) -> String {
    let host = System::host_name().unwrap_or_else(|| "unknown host".to_owned());
    let process = std::process::id();
    let since = utc(SystemTime::now());
    let part = if shard.is_whole() {
        "the whole job".to_owned()
    } else {
        format!("shard {shard}")
    };
    format!("{host}, process {process}, since {since}, {part}")
}
