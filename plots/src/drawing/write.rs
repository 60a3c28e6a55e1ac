//! Writes a figure as svg, png and csv; each file appears complete or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use super::layout::lay_out;
use super::render::{svg, write_png};
use super::table::write_rows;
use crate::error::PlotError;
use crate::figure::Figure;

impl Figure {
    /// Writes `<stem>.svg`, `<stem>.png` (two pixels per pixel of the figure) and `<stem>.csv` (see
    /// [`FigureRow`](crate::drawing::FigureRow)) into `directory`, which is created if it is missing, and returns their paths
    /// in this order. The same figure gives the same bytes. Each file is written under a temporary name beside its
    /// place and renamed when all three are complete; earlier figures of these names are replaced.
    ///
    /// # Errors
    /// [`PlotError`] for a description that cannot be drawn (no panel, an empty layer, a number that is not finite, a
    /// label that cannot be read or does not fit, …), found before anything is written, and for a directory or file
    /// that cannot be written, naming it.
    pub fn write(&self, directory: &Path, stem: &str) -> Result<Vec<PathBuf>, PlotError> {
        if stem.is_empty() || stem.contains(['/', '\\']) || stem == ".." || stem == "." {
            return Err(PlotError::InvalidStem {
                stem: stem.to_owned(),
            });
        }
        let scene = lay_out(self)?;
        refuse_foreign_figure(directory, stem)?;
        fs::create_dir_all(directory).map_err(|source| PlotError::Io {
            action: "create the directory",
            path: directory.to_owned(),
            source,
        })?;
        let files =
            ["svg", "png", "csv"].map(|extension| PendingFile::new(directory, stem, extension));
        let [svg_file, png_file, csv_file] = &files;
        svg_file.create(svg(&scene, &svg_file.place)?.as_bytes())?;
        // opening the file here gives plain words for a file that cannot be written
        png_file.create(&[])?;
        write_png(&scene, &png_file.temporary)?;
        csv_file.create(&[])?;
        write_rows(&self.rows(), &csv_file.temporary)?;
        // the csv first: it tells whose the others are
        let [svg_file, png_file, csv_file] = files;
        let csv_path = csv_file.finish()?;
        Ok(vec![svg_file.finish()?, png_file.finish()?, csv_path])
    }
}

/// Refuses to replace files of these names that are not a figure's: a csv that does not begin as one, or an svg or png without
/// such a csv beside it.
///
/// # Errors
/// [`PlotError::Foreign`] naming the file.
pub fn refuse_foreign_figure(directory: &Path, stem: &str) -> Result<(), PlotError> {
    let path = |extension: &str| directory.join(format!("{stem}.{extension}"));
    let csv = fs::read(path("csv")).ok();
    let foreign = |path| Err(PlotError::Foreign { path });
    let Some(bytes) = csv else {
        return match ["svg", "png"]
            .map(path)
            .into_iter()
            .find(|path| path.exists())
        {
            Some(path) => foreign(path),
            None => Ok(()),
        };
    };
    if bytes.is_empty() || bytes.starts_with(FIGURE_OPENING) {
        return Ok(());
    }
    foreign(path("csv"))
}

/// How the csv of every figure begins.
const FIGURE_OPENING: &[u8] = b"panel,layer,";

/// A file that is not yet in its place; removed if it never gets there.
struct PendingFile {
    temporary: PathBuf,
    place: PathBuf,
}

impl PendingFile {
    fn new(directory: &Path, stem: &str, extension: &str) -> Self {
        let process = std::process::id();
        Self {
            temporary: directory.join(format!(".{stem}.{process}.tmp.{extension}")),
            place: directory.join(format!("{stem}.{extension}")),
        }
    }

    fn create(&self, content: &[u8]) -> Result<(), PlotError> {
        fs::write(&self.temporary, content).map_err(|source| PlotError::Io {
            action: "write",
            path: self.place.clone(),
            source,
        })
    }

    fn finish(self) -> Result<PathBuf, PlotError> {
        fs::rename(&self.temporary, &self.place).map_err(|source| PlotError::Io {
            action: "rename a finished file to",
            path: self.place.clone(),
            source,
        })?;
        Ok(self.place.clone())
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        // nothing is left to remove after a rename; an error here would hide the one that matters
        let _ = fs::remove_file(&self.temporary);
    }
}
