//! The sweep: grids of parameters and the points that they make.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::error::JobError;
use super::file::MAXIMUM_PATTERN_COUNT;
use super::grid::whole_number;
use super::point::counted_load;
use super::point::{Load, Point};
use crate::results::exact_number;
use crate::suggestion::did_you_mean;

/// Relative difference up to which two numbers are one that was rounded twice.
pub const SAME_VALUE: f64 = 1e-12;
/// The fewest components that the theory and the experiments are made for.
const SMALLEST_SIZE: usize = 3;
/// Larger whole numbers of a sweep, such as N, are mistakes.
const LARGEST_COUNT: usize = 1_000_000_000;

impl Draft<'_> {
    /// Refuses grids that the experiment does not sweep.
    pub(crate) fn swept(&self, used: &[&str]) -> Result<(), JobError> {
        self.requires("sweep")?;
        match self
            .sweep
            .grids
            .keys()
            .find(|key| !used.contains(&key.as_str()))
        {
            Some(key) => {
                let near = did_you_mean(key, used.iter().copied().chain([MAXIMUM_PATTERN_COUNT]));
                let mend = if near.is_empty() {
                    "; delete this key".to_owned()
                } else {
                    near
                };
                let (experiment, used) = (&self.job.experiment, used.join(", "));
                let message = format!("experiment = \"{experiment}\" sweeps {used} only{mend}");
                Err(self.error("sweep", key, message))
            }
            None => Ok(()),
        }
    }

    /// The values of a grid of the sweep: there, not empty, distinct, positive.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn grid(&self, key: &str) -> Result<Vec<f64>, JobError> {
        let values = self.values(key, "0.1, 0.2")?;
        for &value in &values {
            self.positive("sweep", key, value)?;
        }
        Ok(values)
    }

    /// The values of a grid of the sweep that may hold 0, such as noise.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn grid_from_zero(&self, key: &str) -> Result<Vec<f64>, JobError> {
        let values = self.values(key, "0, 0.1")?;
        let unfit = |value: &&f64| !(**value >= 0.0 && value.is_finite());
        if let Some(value) = values.iter().find(unfit) {
            let message = format!("{value} is neither 0 nor a positive number");
            return Err(self.error("sweep", key, message));
        }
        Ok(values)
    }

    /// A grid of whole numbers of at least `least`, such as training steps.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn counts(&self, key: &str, least: usize) -> Result<Vec<usize>, JobError> {
        self.values(key, "20, 40")?
            .into_iter()
            .map(|value| {
                whole_number(value)
                    .filter(|count| (least..=LARGEST_COUNT).contains(count))
                    .ok_or_else(|| {
                        let value = exact_number(value);
                        let message = format!(
                            "{value} is not a whole number from {least} to {LARGEST_COUNT}"
                        );
                        self.error("sweep", key, message)
                    })
            })
            .collect()
    }

    /// The values of a grid of the sweep: there, not empty, distinct.
    fn values(&self, key: &str, example: &str) -> Result<Vec<f64>, JobError> {
        let Some(grid) = self.sweep.grids.get(key) else {
            return Err(self.error(
                "sweep",
                key,
                format!(
                    "missing; give {key} = [{example}] or {key} = {{ start = …, stop = …, count = … }}"
                ),
            ));
        };
        let values = &grid.0;
        if values.is_empty() {
            let message = "the sweep is empty; give at least one value".to_owned();
            return Err(self.error("sweep", key, message));
        }
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        for pair in sorted.windows(2) {
            let (one, other) = (pair[0], pair[1]);
            let message = if one == other {
                format!("{one} stands there twice; name each value once")
            } else if (other - one).abs() < 10.0 * SAME_VALUE * other.abs() {
                format!("{one} and {other} differ by rounding alone; name one of them")
            } else {
                continue;
            };
            return Err(self.error("sweep", key, message));
        }
        Ok(values.clone())
    }

    /// The sizes of the sweep, for experiments beside the theory of large N.
    fn sizes(&self) -> Result<Vec<usize>, JobError> {
        self.sizes_from(SMALLEST_SIZE)
    }

    /// The sizes of the sweep, or the one size that the ensemble's patterns have.
    fn sizes_from(&self, least: usize) -> Result<Vec<usize>, JobError> {
        let (ensemble, _) = self.ensemble()?;
        let Some(size) = ensemble.given_size() else {
            return self.counts("size", least);
        };
        if self.sweep.grids.contains_key("size") {
            let message = format!(
                "the patterns of ensemble = \"{}\" have N = {size}; delete this key",
                ensemble.name()
            );
            return Err(self.error("sweep", "size", message));
        }
        Ok(vec![size])
    }

    /// All (N, M) of the sweep with M = `pattern_count` patterns, α = ln M/N.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn counted_loads(&self) -> Result<Vec<Point>, JobError> {
        self.counted_loads_at(&self.sizes_from(1)?)
    }

    /// All M of the sweep at each of the given N.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn counted_loads_at(&self, sizes: &[usize]) -> Result<Vec<Point>, JobError> {
        let counts = self.counts("pattern_count", 2)?;
        let points = sizes.iter().flat_map(|&size| {
            counts.iter().map(move |&pattern_count| Point {
                alpha: counted_load(pattern_count, size),
                size,
                pattern_count,
                load: Load::Counted,
                parameters: BTreeMap::new(),
                patterns: None,
            })
        });
        Ok(points.collect())
    }

    /// Checks that the ensemble has `count` ≥ 1 patterns that are never stored.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn validation_count(
        &self,
        section: &str,
        key: &str,
        count: usize,
    ) -> Result<usize, JobError> {
        let (ensemble, _) = self.ensemble()?;
        let largest = ensemble.largest_validation_count().unwrap_or(usize::MAX);
        if (1..=largest).contains(&count) {
            return Ok(count);
        }
        let message = if count == 0 {
            "0 is too few; ask for at least 1".to_owned()
        } else {
            format!(
                "{count} images are not there: {largest} are kept for validation, a share of \
                 patterns.validation_share"
            )
        };
        Err(self.error(section, key, message))
    }

    /// All (α, N) of the sweep with P = round(exp(α N)).
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn exponential_loads(&self) -> Result<Vec<Point>, JobError> {
        let sizes = self.sizes()?;
        let mut points = Vec::new();
        for alpha in self.grid("alpha")? {
            for &size in &sizes {
                let count = (alpha * size as f64).exp().round();
                let pattern_count = self.any_pattern_count(alpha, size, count)?;
                points.push(Point {
                    alpha,
                    size,
                    pattern_count,
                    load: Load::Exponential(alpha),
                    parameters: BTreeMap::new(),
                    patterns: None,
                });
            }
        }
        Ok(points)
    }

    /// All (α̂, N) of the sweep with P = round(exp(α̂ √N)), α = α̂/√N.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn scaled_loads(&self) -> Result<Vec<Point>, JobError> {
        let sizes = self.sizes()?;
        let mut points = Vec::new();
        for scaled_alpha in self.grid("scaled_alpha")? {
            for &size in &sizes {
                let root = (size as f64).sqrt();
                let count = (scaled_alpha * root).exp().round();
                let pattern_count =
                    self.pattern_count("scaled_alpha", scaled_alpha, size, count)?;
                points.push(Point {
                    alpha: scaled_alpha / root,
                    size,
                    pattern_count,
                    load: Load::Scaled(scaled_alpha),
                    parameters: BTreeMap::from([("scaled_alpha".to_owned(), vec![scaled_alpha])]),
                    patterns: None,
                });
            }
        }
        Ok(points)
    }

    /// All (k, α̃, N) of the sweep with P = round(α̃ N^k); α is ln P/N before rounding.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn polynomial_loads(&self) -> Result<Vec<Point>, JobError> {
        let sizes = self.sizes()?;
        let prefactors = self.grid("prefactor")?;
        let mut points = Vec::new();
        for exponent in self.grid("exponent")? {
            for &prefactor in &prefactors {
                for &size in &sizes {
                    let count = (prefactor * (size as f64).powf(exponent)).round();
                    let pattern_count = self.pattern_count("exponent", exponent, size, count)?;
                    let log_count = exponent * (size as f64).ln() + prefactor.ln();
                    points.push(Point {
                        alpha: log_count / size as f64,
                        size,
                        pattern_count,
                        load: Load::Polynomial {
                            exponent,
                            prefactor,
                        },
                        parameters: BTreeMap::from([
                            ("exponent".to_owned(), vec![exponent]),
                            ("prefactor".to_owned(), vec![prefactor]),
                        ]),
                        patterns: None,
                    });
                }
            }
        }
        Ok(points)
    }

    /// A grid, and all (α, N) of the sweep with that whole grid as a parameter.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn exponential_loads_with(&self, key: &str) -> Result<(Vec<f64>, Vec<Point>), JobError> {
        let values = self.grid(key)?;
        let points = self.exponential_loads()?;
        let points = points
            .into_iter()
            .map(|point| point.with_grid(key, values.iter().copied()))
            .collect();
        Ok((values, points))
    }

    /// The points whose P the job allows.
    pub(super) fn allowed_points(&self, points: Vec<Point>) -> Result<Vec<Point>, JobError> {
        let Some(maximum) = self.sweep.maximum_pattern_count else {
            return Ok(points);
        };
        let is_allowed = |point: &Point| Self::is_allowed(point, maximum);
        let allowed: Vec<Point> = points.into_iter().filter(is_allowed).collect();
        if allowed.is_empty() {
            return Err(self.error(
                "sweep",
                MAXIMUM_PATTERN_COUNT,
                format!("{maximum} leaves no point of the sweep; raise it"),
            ));
        }
        Ok(allowed)
    }

    /// P, the whole number `count` that `key` = `value` gives at N = `size`.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn pattern_count(
        &self,
        key: &str,
        value: f64,
        size: usize,
        count: f64,
    ) -> Result<usize, JobError> {
        if count < 2.0 {
            let message = format!(
                "{} at N = {size} stores P = {count} pattern; at least 2 are needed: raise {key} or size",
                exact_number(value)
            );
            return Err(self.error("sweep", key, message));
        }
        whole_number(count).ok_or_else(|| {
            let gibibytes = count * size as f64 * 8.0 / 1_073_741_824.0;
            let amount = if gibibytes.is_finite() {
                format!("P = {count:.3e} patterns, {gibibytes:.1e} GiB")
            } else {
                "P > 1e298 patterns, more than 1e299 GiB".to_owned()
            };
            let message = format!(
                "{} at N = {size} stores {amount}: lower {key} or size",
                exact_number(value)
            );
            self.error("sweep", key, message)
        })
    }
}
