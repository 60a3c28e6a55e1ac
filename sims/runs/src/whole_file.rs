//! Files that are whole or absent: written under a name that nobody can foresee, synced, and renamed.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// How the names of unfinished files begin, and what stands before their last ending.
const BEGINNING: &str = ".writing-";
const ENDING: &str = ".tmp.";

/// A file that is not yet in its place; it is removed if it never gets there.
///
/// Its name is created exclusively, so that it follows no link, and it is locked as long as its owner lives, so that
/// [`remove_abandoned`] knows those of killed processes.
#[derive(Debug)]
pub struct PendingFile {
    temporary: NamedTempFile,
    place: PathBuf,
}

impl PendingFile {
    /// An empty file beside its place.
    ///
    /// # Errors
    /// What the system says of the folder.
    pub fn new(place: &Path) -> io::Result<Self> {
        let directory = match place.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        // a stranger may remove a file between its creation and its lock: then once more
        loop {
            let temporary = unfinished(place, directory)?;
            // without locks nothing is ever removed that another process may still write
            let _ = temporary.as_file().lock();
            if temporary.path().exists() {
                return Ok(Self {
                    temporary,
                    place: place.to_owned(),
                });
            }
        }
    }

    /// Where the content lies until [`finish`](Self::finish), for writers that open files themselves.
    pub fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Puts the file in its place, where it replaces another one.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> io::Result<PathBuf> {
        self.temporary.as_file().sync_all()?;
        self.temporary
            .persist(&self.place)
            .map_err(|error| error.error)?;
        Ok(self.place)
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

/// A file of a random name that ends as its place does: some writers choose their format by it.
fn unfinished(place: &Path, directory: &Path) -> io::Result<NamedTempFile> {
    let kind = place.extension().unwrap_or_default().to_string_lossy();
    let ending = format!("{ENDING}{kind}");
    let mut builder = tempfile::Builder::new();
    builder.prefix(BEGINNING).suffix(&ending).rand_bytes(12);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private by default; results follow the user's umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
}

/// Writes a whole file.
///
/// # Errors
/// What the system says.
pub fn write(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = PendingFile::new(place)?;
    file.write_all(bytes)?;
    file.finish().map(drop)
}

/// Removes the unfinished files of processes that are gone. Those of a living one are locked, and stay.
pub fn remove_abandoned(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && name.starts_with(BEGINNING) && name.contains(ENDING) {
            // one that cannot be removed does no harm where it is
            if let Ok(file) = File::options().write(true).open(entry.path())
                && file.try_lock().is_ok()
            {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// A lock on a file, held until it is dropped or its process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Lock(File);

/// Why there is no lock.
pub(crate) enum NoLock {
    /// Another process has it, and left this line in the file.
    Held(String),
    /// The file cannot be written.
    Unwritable(io::Error),
}

impl Lock {
    /// Locks a file, for one owner or, where `is_shared`, for several; `owner` is the line that is left in the file of one owner.
    /// Where the file system knows no locks nobody is kept out.
    pub(crate) fn new(path: &Path, is_shared: bool, owner: &str) -> Result<Self, NoLock> {
        let mut options = File::options();
        let opened = options.create(true).truncate(false).read(true).write(true);
        let mut file = opened.open(path).map_err(NoLock::Unwritable)?;
        let outcome = if is_shared {
            file.try_lock_shared()
        } else {
            file.try_lock()
        };
        if let Err(TryLockError::WouldBlock) = outcome {
            let line = fs::read_to_string(path).unwrap_or_default();
            return Err(NoLock::Held(line.trim().to_owned()));
        }
        if !is_shared {
            file.set_len(0)
                .and_then(|()| writeln!(file, "{owner}"))
                .map_err(NoLock::Unwritable)?;
        }
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // the line is for those who find the file locked
        let _ = self.0.set_len(0);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_the_unfinished_files_of_those_who_are_gone_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let abandoned = folder.path().join(".writing-abc.tmp.json");
        fs::write(&abandoned, "half").unwrap();
        let mut living = PendingFile::new(&folder.path().join("result")).unwrap();
        living.write_all(b"whole").unwrap();
        remove_abandoned(folder.path());
        assert!(!abandoned.exists());
        assert!(living.path().exists());
        let place = living.finish().unwrap();
        assert_eq!(fs::read(place).unwrap(), b"whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_lock_says_who_holds_it_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let lock = Lock::new(&path, false, "me").ok().unwrap();
        let Err(NoLock::Held(owner)) = Lock::new(&path, true, "you") else {
            panic!("the file is locked twice");
        };
        assert_eq!(owner, "me");
        drop(lock);
        let first = Lock::new(&path, true, "you").ok().unwrap();
        let second = Lock::new(&path, true, "she").ok().unwrap();
        assert!(matches!(
            Lock::new(&path, false, "he"),
            Err(NoLock::Held(_))
        ));
        drop((first, second));
    }
}
