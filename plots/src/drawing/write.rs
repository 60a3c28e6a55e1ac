//! Writes a figure in its formats and as csv; each file appears complete or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dam_runs::whole_file::PendingFile;

use super::bitmap::write_png;
use super::geometry::Rectangle;
use super::layout::lay_out;
use super::pdf::pdf;
use super::pgf::pgf;
use super::render::svg;
use super::scene::Scene;
use super::table::write_rows;
use crate::error::PlotError;
use crate::figure::{Figure, Format, Metadata};

/// Points of a pdf per pixel of a figure that is made for no column of text: 96 pixels to the inch.
const POINTS_PER_PIXEL: f64 = 0.75;
const MILLIMETRES_PER_INCH: f64 = 25.4;

/// A figure as text, for pages that hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The svg document.
    pub svg: String,
    /// Left, right, upper and lower end of the axes of each panel, in shares of the width and the height, from above.
    pub areas: Vec<[f64; 4]>,
}

impl Figure {
    /// The figure as an svg document, and where its panels stand in it.
    ///
    /// # Errors
    /// As [`write`](Self::write) for a description that cannot be drawn.
    pub fn drawing(&self) -> Result<Drawing, PlotError> {
        let scene = lay_out(self)?;
        let svg = svg(
            &scene,
            self.millimetres,
            &Metadata::of(self),
            Path::new("svg"),
        )?;
        let shares = |area: &Rectangle| {
            let (x, y) = (scene.width, scene.height);
            [area.left / x, area.right / x, area.top / y, area.bottom / y]
        };
        let areas = scene.areas.iter().map(shares).collect();
        Ok(Drawing { svg, areas })
    }

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
        let metadata = Metadata::of(self);
        refuse_foreign_figure(directory, stem)?;
        fs::create_dir_all(directory).map_err(|source| PlotError::Io {
            action: "create the directory",
            path: directory.to_owned(),
            source,
        })?;
        let mut files = Vec::new();
        for &format in &self.formats {
            let place = directory.join(format!("{stem}.{}", format.extension()));
            let failed = |source| unwritten(&place, source);
            let mut file = PendingFile::new(&place).map_err(failed)?;
            match format {
                Format::Svg => {
                    let document = svg(&scene, self.millimetres, &metadata, &place)?;
                    file.write_all(document.as_bytes()).map_err(failed)?;
                }
                Format::Png => write_png(&scene, &metadata, file.path())?,
                Format::Pgf => {
                    let (source, images) = pgf(self, &metadata, stem)?;
                    file.write_all(source.as_bytes()).map_err(failed)?;
                    for image in images {
                        let place = directory.join(&image.name);
                        let file =
                            PendingFile::new(&place).map_err(|source| unwritten(&place, source))?;
                        image.bitmap.write(&metadata, file.path())?;
                        files.push((file, place));
                    }
                }
                Format::Pdf => {
                    let document =
                        pdf(&scene, self.points_per_pixel(&scene), &metadata).map_err(failed)?;
                    file.write_all(&document).map_err(failed)?;
                }
            }
            files.push((file, place));
        }
        let place = directory.join(format!("{stem}.csv"));
        let csv = PendingFile::new(&place).map_err(|source| unwritten(&place, source))?;
        write_rows(&self.rows(), csv.path())?;
        let finish = |(file, place): (PendingFile, PathBuf)| {
            file.finish().map_err(|source| unwritten(&place, source))
        };
        // the csv first: it tells whose the others are
        let csv = finish((csv, place))?;
        let mut written = Vec::new();
        for file in files {
            written.push(finish(file)?);
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
    let foreign = |path| Err(PlotError::Foreign { path });
    let mut places = ["csv", "svg", "png"].map(path).into_iter();
    if let Some(path) = places.find(|path| path.is_dir()) {
        return foreign(path);
    }
    let csv = fs::read(path("csv")).ok();
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

fn unwritten(place: &Path, source: io::Error) -> PlotError {
    PlotError::Io {
        action: "write",
        path: place.to_owned(),
        source,
    }
}

/// How the csv of every figure begins.
const FIGURE_OPENING: &[u8] = b"panel,layer,";
