//! Figures that show themselves in a notebook.

use std::path::{Path, PathBuf};

use dam::plots::PlotError;
use dam::plots::figure::{Figure as Drawing, Format};
use pyo3::prelude::*;

use crate::errors;

/// A figure of measured points and theory; in a notebook it shows itself.
#[pyclass(frozen, module = "dense_associative_memory", name = "Figure")]
pub struct Figure {
    name: String,
    drawing: Drawing,
}

impl Figure {
    pub fn new(name: String, drawing: Drawing) -> Self {
        Self { name, drawing }
    }

    /// The file that the figure is in one format, or the numbers behind its curves.
    fn file(&self, py: Python<'_>, format: Option<Format>) -> PyResult<Vec<u8>> {
        let drawing = Drawing {
            formats: format.into_iter().collect(),
            ..self.drawing.clone()
        };
        py.detach(|| {
            let folder = tempfile::tempdir()?;
            let written = drawing
                .write(folder.path(), "figure")
                .map_err(|error| refused(&error))?;
            // the csv comes last
            let place = written
                .first()
                .ok_or_else(|| errors::failed(&"no file was written"))?;
            Ok(std::fs::read(place)?)
        })
    }
}

fn refused(error: &PlotError) -> PyErr {
    match error {
        PlotError::Foreign { .. } | PlotError::Io { .. } => {
            errors::StoreError::new_err(error.to_string())
        }
        _ => errors::failed(error),
    }
}

#[pymethods]
impl Figure {
    /// The stem of its files.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    fn __repr__(&self) -> String {
        format!("Figure({:?})", self.name)
    }

    /// The figure as svg.
    ///
    /// Returns
    /// -------
    /// str
    fn svg(&self, py: Python<'_>) -> PyResult<String> {
        Ok(String::from_utf8(self.file(py, Some(Format::Svg))?)?)
    }

    /// The figure as png, two pixels per pixel of the svg.
    ///
    /// Returns
    /// -------
    /// bytes
    fn png(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        self.file(py, Some(Format::Png))
    }

    /// The figure as pdf.
    ///
    /// Returns
    /// -------
    /// bytes
    fn pdf(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        self.file(py, Some(Format::Pdf))
    }

    /// The numbers behind every curve and point, as csv.
    ///
    /// Returns
    /// -------
    /// str
    fn csv(&self, py: Python<'_>) -> PyResult<String> {
        Ok(String::from_utf8(self.file(py, None)?)?)
    }

    /// Writes the formats that the job asks for, and csv.
    ///
    /// Parameters
    /// ----------
    /// directory : str or path
    ///     Created where it is missing.
    ///
    /// Returns
    /// -------
    /// list of pathlib.Path
    ///
    /// Raises
    /// ------
    /// StoreError
    ///     A file in its place that is no figure; a folder that cannot be written.
    fn save(&self, py: Python<'_>, directory: PathBuf) -> PyResult<Vec<PathBuf>> {
        let written = py.detach(|| self.drawing.write(Path::new(&directory), &self.name));
        written.map_err(|error| refused(&error))
    }

    fn _repr_svg_(&self, py: Python<'_>) -> PyResult<String> {
        self.svg(py)
    }

    fn _repr_png_(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        self.png(py)
    }
}
