//! Writes a figure in its formats and as csv; each file appears complete or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::layout::lay_out;
use super::pdf::pdf;
use super::render::{svg, write_png};
use super::scene::Scene;
use super::table::write_rows;
use crate::error::PlotError;
use crate::figure::{Figure, Format};

/// Points of a pdf per pixel of a figure that is made for no column of text: 96 pixels to the inch.
const POINTS_PER_PIXEL: f64 = 0.75;
const MILLIMETRES_PER_INCH: f64 = 25.4;

impl Figure {
    /// Writes `<stem>.svg`, `<stem>.png` (two pixels per pixel of the figure) and what else [`formats`](Self::formats) ask
    /// for, then `<stem>.csv` (see [`FigureRow`](crate::drawing::FigureRow)), into `directory`, which is created if it is
    /// missing, and returns their paths in this order. The same figure gives the same bytes. Each file is written under
    /// an unpredictable name beside its place and renamed when all are complete; earlier figures of these names are
    /// replaced.
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
        let mut files = Vec::new();
        for &format in &self.formats {
            let mut file = PendingFile::new(directory, stem, format.extension())?;
            match format {
                Format::Svg => {
                    let document = svg(&scene, self.millimetres, &file.place)?;
                    file.fill(document.as_bytes())?;
                }
                Format::Png => write_png(&scene, file.temporary.path())?,
                Format::Pdf => {
                    let document = pdf(&scene, self.points_per_pixel(&scene));
                    let document = document.map_err(|source| file.failure("write", source))?;
                    file.fill(&document)?;
                }
            }
            files.push(file);
        }
        let csv = PendingFile::new(directory, stem, "csv")?;
        write_rows(&self.rows(), csv.temporary.path())?;
        // the csv first: it tells whose the others are
        let csv = csv.finish()?;
        let mut written = Vec::new();
        for file in files {
            written.push(file.finish()?);
        }
        written.push(csv);
        Ok(written)
    }

    fn points_per_pixel(&self, scene: &Scene) -> f64 {
        self.millimetres.map_or(POINTS_PER_PIXEL, |width| {
            width / MILLIMETRES_PER_INCH * 72.0 / scene.width
        })
    }
}

/// Refuses to replace files of these names that are not a figure's: a csv that does not begin as one, or an svg, png or pdf
/// without such a csv beside it.
///
/// # Errors
/// [`PlotError::Foreign`] naming the file.
pub fn refuse_foreign_figure(directory: &Path, stem: &str) -> Result<(), PlotError> {
    let path = |extension: &str| directory.join(format!("{stem}.{extension}"));
    let csv = fs::read(path("csv")).ok();
    let foreign = |path| Err(PlotError::Foreign { path });
    let Some(bytes) = csv else {
        return match Format::ALL
            .map(|format| path(format.extension()))
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
    temporary: NamedTempFile,
    place: PathBuf,
}

impl PendingFile {
    /// An empty file that nobody else has, beside its place.
    fn new(directory: &Path, stem: &str, extension: &str) -> Result<Self, PlotError> {
        let place = directory.join(format!("{stem}.{extension}"));
        let (prefix, suffix) = (format!(".{stem}."), format!(".tmp.{extension}"));
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(&suffix);
        // as other new files, not for the owner alone
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        match builder.tempfile_in(directory) {
            Ok(temporary) => Ok(Self { temporary, place }),
            Err(source) => Err(PlotError::Io {
                action: "write",
                path: place,
                source,
            }),
        }
    }

    fn failure(&self, action: &'static str, source: std::io::Error) -> PlotError {
        PlotError::Io {
            action,
            path: self.place.clone(),
            source,
        }
    }

    fn fill(&mut self, content: &[u8]) -> Result<(), PlotError> {
        let outcome = self.temporary.write_all(content);
        outcome.map_err(|source| self.failure("write", source))
    }

    fn finish(self) -> Result<PathBuf, PlotError> {
        let synced = self.temporary.as_file().sync_all();
        synced.map_err(|source| self.failure("write", source))?;
        let Self { temporary, place } = self;
        match temporary.persist(&place) {
            Ok(_) => Ok(place),
            Err(failed) => Err(PlotError::Io {
                action: "rename a finished file to",
                path: place,
                source: failed.error,
            }),
        }
    }
}
