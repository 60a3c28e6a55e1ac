//! Writes a figure as svg, png and csv; each file appears complete or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dam_runs::whole_file::PendingFile;

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
        let place = |extension: &str| directory.join(format!("{stem}.{extension}"));
        let pending = |extension| {
            let place = place(extension);
            PendingFile::new(&place).map_err(|source| unwritten(&place, source))
        };
        let (mut svg_file, png_file, csv_file) =
            (pending("svg")?, pending("png")?, pending("csv")?);
        let text = svg(&scene, &place("svg"))?;
        svg_file
            .write_all(text.as_bytes())
            .map_err(|source| unwritten(&place("svg"), source))?;
        write_png(&scene, png_file.path())?;
        write_rows(&self.rows(), csv_file.path())?;
        // the csv first: it tells whose the others are
        let finish = |file: PendingFile, extension| {
            file.finish()
                .map_err(|source| unwritten(&place(extension), source))
        };
        let csv_path = finish(csv_file, "csv")?;
        Ok(vec![
            finish(svg_file, "svg")?,
            finish(png_file, "png")?,
            csv_path,
        ])
    }
}

/// Refuses to replace files of these names that are not a figure's: a csv that does not begin as one, or an svg or png without
/// such a csv beside it.
///
/// # Errors
/// [`PlotError::Foreign`] naming the file.
pub fn refuse_foreign_figure(directory: &Path, stem: &str) -> Result<(), PlotError> {
    let path = |extension: &str| directory.join(format!("{stem}.{extension}"));
    let foreign = |path| Err(PlotError::Foreign { path });
    let mut places = ["csv", "svg", "png"].map(path).into_iter();
    if let Some(path) = places.find(|path| path.is_dir()) {
        return foreign(path);
    }
    let csv = fs::read(path("csv")).ok();
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

fn unwritten(place: &Path, source: io::Error) -> PlotError {
    PlotError::Io {
        action: "write",
        path: place.to_owned(),
        source,
    }
}

/// How the csv of every figure begins.
const FIGURE_OPENING: &[u8] = b"panel,layer,";
