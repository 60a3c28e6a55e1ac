//! What a job measured, beside theory.

use std::path::{Path, PathBuf};

use dam::plots;
use dam::sims::{Comparison, Job, Results, Store, compare};
use pyo3::prelude::*;

use crate::errors;
use crate::figure::Figure;
use crate::threads;

/// The finished tasks of a job.
#[pyclass(frozen, module = "dense_associative_memory._native")]
pub struct JobResult {
    job: Job,
    store: Store,
    results: Results,
}

impl JobResult {
    pub fn new(job: Job, store: Store, results: Results) -> Self {
        Self {
            job,
            store,
            results,
        }
    }

    /// What is made of every quantity beside theory.
    fn told(
        &self,
        py: Python<'_>,
        what: impl FnOnce(Vec<Comparison>) -> PyResult<String> + Send,
    ) -> PyResult<String> {
        let pool = threads::pool(None)?;
        py.detach(|| pool.install(|| what(compare(self.job.experiment.as_ref(), &self.results))))
    }
}

#[pymethods]
impl JobResult {
    #[getter]
    fn name(&self) -> &str {
        &self.results.name
    }

    #[getter]
    fn experiment(&self) -> &str {
        self.job.kind
    }

    #[getter]
    fn directory(&self) -> &Path {
        self.store.directory()
    }

    #[getter]
    fn table_path(&self) -> PathBuf {
        self.store.table_path()
    }

    #[getter]
    fn results_path(&self) -> PathBuf {
        self.store.results_path()
    }

    #[getter]
    fn finished_tasks(&self) -> usize {
        self.results.tasks.len()
    }

    #[getter]
    fn missing_tasks(&self) -> usize {
        self.results.missing_tasks
    }

    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.results.warnings.clone()
    }

    #[getter]
    fn findings(&self) -> Vec<String> {
        self.results.findings.clone()
    }

    /// The tidy table as csv.
    fn table(&self, py: Python<'_>) -> PyResult<String> {
        self.told(py, |compared| Ok(self.results.table(&compared)))
    }

    /// Every quantity beside theory, as JSON.
    fn comparisons(&self, py: Python<'_>) -> PyResult<String> {
        self.told(py, |compared| {
            serde_json::to_string(&compared).map_err(|error| errors::failed(&error))
        })
    }

    /// Every task with its samples, as JSON.
    fn samples(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| {
            serde_json::to_string(&self.results.tasks).map_err(|error| errors::failed(&error))
        })
    }

    fn figures(&self, py: Python<'_>) -> PyResult<Vec<Figure>> {
        let pool = threads::pool(None)?;
        let drawn = py.detach(|| pool.install(|| plots::draw(&self.job, &self.results)));
        let drawn = drawn.map_err(|error| errors::failed(&error))?;
        let named = drawn.into_iter();
        let named = named.map(|(name, figure)| Figure::new(self.store.figure_stem(&name), figure));
        Ok(named.collect())
    }
}
