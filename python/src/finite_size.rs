//! Theory at finite N, with what it may be off by.

use dam::experiments::finite_basin::{FiniteBasin, FiniteBasins, Sampling};
use dam::theory::finite_size::{
    self, AxisNoise, CrossoverLaw, Estimate, PatternCount, expected_median_crossover,
    half_load_estimate, log_noise_variance, loss_error, lost_patterns, median_crossover,
    retrieval_probability,
};
use dam::theory::{self, TheoryError};
use pyo3::prelude::*;

use crate::attended::{Stop, attended};
use crate::broadcast::{Points, map, named};
use crate::ensemble::{Ensemble, LAMBDA};
use crate::errors;
use crate::threads;

/// From this N on the finite-N theory holds.
const LEAST_SIZE: f64 = 3.0;

impl Ensemble {
    /// The ensemble as theory knows it, at an N at which it has patterns.
    fn at(&self, size: f64) -> Result<&dyn theory::Ensemble, TheoryError> {
        if size < LEAST_SIZE {
            return Err(TheoryError::Domain {
                quantity: "the size N",
                value: size,
                domain: "at least 3, from where on the finite-N theory holds",
            });
        }
        self.law.structure().check_size(size)?;
        Ok(self.law.as_ref())
    }

    fn estimate<'py, const A: usize>(
        py: Python<'py>,
        points: &Points<A>,
        formula: impl Fn([f64; A]) -> Result<Option<Estimate>, TheoryError> + Sync,
    ) -> PyResult<Bound<'py, PyAny>> {
        let fields = points.map(py, |point| {
            Ok(match formula(point)? {
                Some(found) => [found.value, found.error],
                None => [f64::NAN; 2],
            })
        })?;
        named(py, "Estimate", fields)
    }
}

#[pymethods]
impl Ensemble {
    /// λ_×(α, N), from which on a pattern is retrieved from x₀ = ξ¹, by the averaged noise: where the
    /// retrieval fixed point of x' = w ξ¹ + (1 − w)⟨ξ⟩_x is lost in a saddle-node.
    ///
    /// Parameters
    /// ----------
    /// alpha, size : float or array
    ///     Load and N ≥ 3; P = round(e^{αN}).
    /// target : {"typical", "median"}
    ///     |ξ¹|² = N, or the median over the targets of random samples.
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///     nan where no λ retrieves. `expected_crossover` adds the fluctuations of the noise.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     Fewer than two patterns; N at which the ensemble has none; another target.
    #[pyo3(signature = (alpha, size, *, target = "typical"))]
    fn crossover<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
        target: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let formula = match target {
            "typical" => |law: &dyn theory::Ensemble, alpha, size| {
                let found = finite_size::crossover(law, alpha, size)?;
                Ok(found.map(|found| found.inverse_temperature))
            },
            "median" => |law: &dyn theory::Ensemble, alpha, size| {
                median_crossover(law, PatternCount::from_load(alpha, size)?, size)
            },
            _ => {
                let text = format!("target = {target:?}: it is \"typical\" or \"median\"");
                return Err(errors::out_of_domain(text));
            }
        };
        map(py, [("alpha", alpha), ("size", size)], |[alpha, size]| {
            Ok(formula(self.at(size)?, alpha, size)?.unwrap_or(f64::NAN))
        })
    }

    /// λ_½, the median of λ_× over disorder samples, at which half of them retrieve: what a simulation
    /// measures.
    ///
    /// Parameters
    /// ----------
    /// alpha, size : float or array
    ///     As of `crossover`.
    ///
    /// Returns
    /// -------
    /// Estimate
    ///     `value` and `error`, what it may be off by; nan where it is not known.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     As of `crossover`.
    fn expected_crossover<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let points = Points::read([("alpha", alpha), ("size", size)])?;
        Self::estimate(py, &points, |[alpha, size]| {
            let patterns = PatternCount::from_load(alpha, size)?;
            expected_median_crossover(self.at(size)?, patterns, size)
        })
    }

    /// Mean, median and deviation of λ_× over disorder samples of spherical or rademacher patterns, from P
    /// of some tens on.
    ///
    /// Parameters
    /// ----------
    /// alpha, size : float or array
    ///     As of `crossover`. A tenth of a second a point where P is at most some thousands.
    ///
    /// Returns
    /// -------
    /// CrossoverLaw
    ///     Each value with what it may be off by; nan where it is not known.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     As of `crossover`; ensembles whose states leave the axis of the target.
    fn crossover_law<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let points = Points::read([("alpha", alpha), ("size", size)])?;
        let fields = points.map(py, |[alpha, size]| {
            let noise = AxisNoise::of(self.at(size)?, size)?;
            let law = CrossoverLaw::new(noise, PatternCount::from_load(alpha, size)?)?;
            Ok(law.map_or([f64::NAN; 6], |law| {
                [
                    law.mean,
                    law.mean_error,
                    law.median,
                    law.median_error,
                    law.deviation,
                    law.deviation_error,
                ]
            }))
        })?;
        named(py, "CrossoverLaw", fields)
    }

    /// λ_×(θ), from which on a start at the angle θ from the pattern is retrieved, by the averaged noise
    /// (spherical; gaussian with |ξ¹|² = N; rademacher with flipped signs, cos θ = 1 − 2p).
    ///
    /// Parameters
    /// ----------
    /// alpha, size, angle : float or array
    ///     Load, N ≥ 3, θ in radians within [0, π].
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///     nan where no λ retrieves. Good where `noise_variance` at it is at most 0.1.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     Arguments out of their domain; ensembles whose states leave the axis of the target.
    fn crossover_from_angle<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
        angle: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let arguments = [("alpha", alpha), ("size", size), ("angle", angle)];
        map(py, arguments, |[alpha, size, angle]| {
            let patterns = PatternCount::from_load(alpha, size)?;
            let found = finite_size::crossover_from_angle(self.at(size)?, patterns, size, angle)?;
            Ok(found.unwrap_or(f64::NAN))
        })
    }

    /// Var Z/(E Z)² of the noise sum Z = Σ_μ exp(λ x·ξ^μ) at x = ξ¹: the averaged theory needs it small
    /// (0.1).
    ///
    /// Parameters
    /// ----------
    /// alpha, size, inverse_temperature : float or array
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     Arguments out of their domain; ensembles whose states leave the axis of the target.
    fn noise_variance<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let arguments = [
            ("alpha", alpha),
            ("size", size),
            (LAMBDA, inverse_temperature),
        ];
        map(py, arguments, |[alpha, size, lambda]| {
            let noise = AxisNoise::of(self.at(size)?, size)?;
            let patterns = PatternCount::from_load(alpha, size)?;
            Ok(log_noise_variance(&noise, patterns, lambda)?.exp())
        })
    }

    /// The basin θ_c at finite N: by the averaged noise where it hardly fluctuates, else (spherical,
    /// gaussian) the mean over sampled disorder with its standard error.
    ///
    /// Parameters
    /// ----------
    /// alpha, inverse_temperature, size : float or array
    ///     Points that share α and N share the disorder samples.
    /// samples, seed : int
    ///     Disorder samples, and the root of their random streams.
    /// tolerance : float
    ///     What the patterns that are not drawn one by one may fluctuate by.
    /// threads : int, optional
    ///     For the samples; by default all cores.
    ///
    /// Returns
    /// -------
    /// FiniteBasin
    ///     `angle` and `angle_error` in radians (nan where there is no basin), `probability` that the
    ///     target is itself retrieved, and `sampled`, 1 for sampled disorder and 0 for the average.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     Arguments out of their domain; ensembles whose states leave the axis of the target.
    #[pyo3(signature = (alpha, inverse_temperature, size, *, samples = 400, seed = 1, tolerance = 0.05, threads = None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn finite_size_basin<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
        samples: usize,
        seed: u64,
        tolerance: f64,
        threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if samples < 2 {
            let text = format!("samples = {samples}: an error needs at least 2");
            return Err(errors::out_of_domain(text));
        }
        let sampling = Sampling {
            samples,
            seed,
            tolerance,
            threads: threads::count(threads)?,
        };
        let points = Points::read([
            ("alpha", alpha),
            ("size", size),
            (LAMBDA, inverse_temperature),
        ])?;
        let found = attended(py, |stop| self.basins(&points, sampling, stop))??;
        named(py, "FiniteBasin", points.columns(py, &found)?)
    }

    /// The probability at N that the descent from x₀ = ξ¹ retrieves it, over disorder samples.
    ///
    /// Parameters
    /// ----------
    /// alpha, size, inverse_temperature : float or array
    ///
    /// Returns
    /// -------
    /// Estimate
    ///     nan where it is not known.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     Arguments out of their domain.
    fn retrieval_probability<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let points = Points::read([
            ("alpha", alpha),
            ("size", size),
            (LAMBDA, inverse_temperature),
        ])?;
        Self::estimate(py, &points, |[alpha, size, lambda]| {
            let patterns = PatternCount::from_load(alpha, size)?;
            retrieval_probability(self.at(size)?, patterns, size, lambda)
        })
    }

    /// Expected number of the P = e^{αN} patterns that are lost when each is its own start.
    ///
    /// Parameters
    /// ----------
    /// alpha, size, inverse_temperature : float or array
    ///
    /// Returns
    /// -------
    /// LostPatterns
    ///     `lost`, with the fewest and the most that the theory's errors allow; `lost_to_close_pair`;
    ///     `all_retrieved`, the probability that none is lost.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     Arguments out of their domain; ensembles of which it is not known.
    fn lost_patterns<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let points = Points::read([
            ("alpha", alpha),
            ("size", size),
            (LAMBDA, inverse_temperature),
        ])?;
        let fields = points.map(py, |[alpha, size, lambda]| {
            let (law, patterns) = (self.at(size)?, PatternCount::from_load(alpha, size)?);
            let lost = lost_patterns(law, patterns, size, lambda)?;
            let [fewest, most] = loss_error(law, patterns, size, lambda)?.range(&lost);
            Ok([
                lost.lost(),
                fewest.lost(),
                most.lost(),
                lost.lost_to_close_pair(),
                lost.all_retrieved(),
            ])
        })?;
        named(py, "LostPatterns", fields)
    }

    /// The load at which all patterns are retrieved in half of the disorder samples.
    ///
    /// Parameters
    /// ----------
    /// inverse_temperature, size : float or array
    ///
    /// Returns
    /// -------
    /// Estimate
    ///     nan where there is none.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     Arguments out of their domain; ensembles of which it is not known.
    fn half_load<'py>(
        &self,
        py: Python<'py>,
        inverse_temperature: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let points = Points::read([(LAMBDA, inverse_temperature), ("size", size)])?;
        Self::estimate(py, &points, |[lambda, size]| {
            half_load_estimate(self.at(size)?, size, lambda)
        })
    }
}

impl Ensemble {
    /// The basins of all points (α, N, λ); those of one α and N together.
    fn basins(
        &self,
        points: &Points<3>,
        sampling: Sampling,
        stop: &Stop,
    ) -> PyResult<Vec<[f64; 4]>> {
        let mut found = vec![[f64::NAN; 4]; points.count()];
        let mut open: Vec<usize> = (0..points.count()).collect();
        while let Some(&first) = open.first()
            && !stop.is_set()
        {
            let [alpha, size, _] = points.at(first);
            let (together, others) = open
                .into_iter()
                .partition(|&point| points.at(point)[..2] == [alpha, size] || point == first);
            open = others;
            let together: Vec<usize> = together;
            let lambdas: Vec<f64> = together.iter().map(|&point| points.at(point)[2]).collect();
            self.at(size).map_err(|error| errors::theory(&error))?;
            let basins = FiniteBasins::new(&self.law, size, sampling)
                .and_then(|basins| basins.at(alpha, &lambdas))
                .map_err(|error| errors::finite_basin(&error))?;
            for (point, basin) in together.into_iter().zip(&basins) {
                found[point] = columns(basin);
            }
        }
        Ok(found)
    }
}

fn columns(basin: &FiniteBasin) -> [f64; 4] {
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
    [
        number(basin.degrees).to_radians(),
        number(basin.degrees_error).to_radians(),
        number(basin.probability),
        f64::from(basin.is_sampled()),
    ]
}
