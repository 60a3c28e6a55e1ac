//! Weighted linear least squares in a chosen basis, such as powers of 1/N for the limit N → ∞.
//!
//! The fit minimises `χ² = Σᵢ [(yᵢ − Σⱼ cⱼ fⱼ(xᵢ))/σᵢ]²`. The matrix `fⱼ(xᵢ)/σᵢ`, its columns brought
//! to length one, is factorised as `Q R` by Householder reflections; normal equations would square
//! its condition number.

use std::fmt;
use std::sync::Arc;

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use crate::{
    Bootstrap, BootstrapEstimate, Interval, StatisticsError, chi_squared_survival,
    percentile_interval, standard_deviation,
};

/// The functions `f₁(x), f₂(x), …` whose linear combination is fitted.
///
/// ```
/// use dam_statistics::Basis;
/// let basis = Basis::new().with("1", |_| 1.0).with("N^(-2/3)", |n: f64| n.powf(-2.0 / 3.0));
/// assert_eq!(basis.names().collect::<Vec<_>>(), ["1", "N^(-2/3)"]);
/// ```
#[derive(Clone, Default)]
pub struct Basis {
    functions: Vec<NamedFunction>,
}

#[derive(Clone)]
struct NamedFunction {
    name: String,
    function: Arc<dyn Fn(f64) -> f64 + Send + Sync>,
}

impl Basis {
    /// A basis without functions; add them by [`with`](Self::with).
    pub fn new() -> Self {
        Self::default()
    }

    /// This basis and one function more.
    #[must_use]
    pub fn with(
        mut self,
        name: impl Into<String>,
        function: impl Fn(f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        self.functions.push(NamedFunction {
            name: name.into(),
            function: Arc::new(function),
        });
        self
    }

    /// `{1, 1/N, 1/N²}`, with the limit N → ∞ as the first coefficient.
    pub fn inverse_powers() -> Self {
        Self::new()
            .with("1", |_| 1.0)
            .with("1/N", |n| 1.0 / n)
            .with("1/N^2", |n| 1.0 / (n * n))
    }

    /// `{1, ln N/N, 1/N}`, for corrections with a logarithm; the limit N → ∞ comes first.
    pub fn logarithmic() -> Self {
        Self::new()
            .with("1", |_| 1.0)
            .with("ln N/N", |n| n.ln() / n)
            .with("1/N", |n| 1.0 / n)
    }

    /// Names of the functions, in the order of the coefficients.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.functions.iter().map(|function| function.name.as_str())
    }

    /// `[f₁(x), f₂(x), …]`.
    fn values_at(&self, x: f64) -> Result<DVector<f64>, StatisticsError> {
        let mut values = Vec::with_capacity(self.functions.len());
        for NamedFunction { name, function } in &self.functions {
            let value = function(x);
            if !value.is_finite() {
                return Err(StatisticsError::BasisNotFinite {
                    name: name.clone(),
                    x,
                    value,
                });
            }
            values.push(value);
        }
        Ok(DVector::from_vec(values))
    }
}

impl fmt::Debug for Basis {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}

/// One measured point `y ± σ` at `x`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitPoint {
    /// Position, such as the size N.
    pub x: f64,
    /// Measured value y.
    pub value: f64,
    /// Standard error σ > 0 of the value.
    pub error: f64,
}

/// The fitted curve at one position, with its standard error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// `Σⱼ cⱼ fⱼ(x)`.
    pub value: f64,
    /// `√(f(x)ᵀ C f(x))`, `C` the covariance of the coefficients.
    pub error: f64,
}

/// A weighted least-squares fit with the covariance that the errors of the points imply.
///
/// ```
/// use dam_statistics::{Basis, FitPoint, LinearFit};
/// let points: Vec<FitPoint> = [20.0, 24.0, 28.0, 32.0, 36.0, 40.0]
///     .map(|size| FitPoint { x: size, value: 2.0 + 3.0 / size, error: 0.01 })
///     .to_vec();
/// let fit = LinearFit::new(Basis::inverse_powers(), &points)?;
/// assert!((fit.coefficients()[0] - 2.0).abs() < 1e-10);
/// assert_eq!(fit.degrees_of_freedom(), 3);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LinearFit {
    basis: Basis,
    coefficients: DVector<f64>,
    /// `S = D R⁻¹` with the column scales `D`, so that the covariance is `S Sᵀ`.
    covariance_root: DMatrix<f64>,
    chi_squared: f64,
    degrees_of_freedom: usize,
}

impl LinearFit {
    /// Fits `basis` to `points`.
    ///
    /// # Errors
    /// Fewer points than basis functions (or no function), functions that are linearly dependent
    /// on the points, a basis function or a point that is not finite, an error that is not
    /// positive.
    pub fn new(basis: Basis, points: &[FitPoint]) -> Result<Self, StatisticsError> {
        check_points(points)?;
        let design = Design::new(&basis, points.iter().map(|point| (point.x, point.error)))?;
        let weighted =
            DVector::from_iterator(points.len(), points.iter().map(|p| p.value / p.error));
        let coefficients = design.solve(&weighted);
        let chi_squared = (&weighted - &design.matrix * &coefficients).norm_squared();
        Ok(Self {
            degrees_of_freedom: points.len() - coefficients.len(),
            covariance_root: design.inverse,
            basis,
            coefficients,
            chi_squared,
        })
    }

    /// The basis of the coefficients.
    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// The coefficients `cⱼ`, in the order of the basis.
    pub fn coefficients(&self) -> &[f64] {
        self.coefficients.as_slice()
    }

    /// The covariance `(AᵀA)⁻¹` of the coefficients, `Aᵢⱼ = fⱼ(xᵢ)/σᵢ`; it takes the errors of the
    /// points as they are and is not rescaled by χ².
    pub fn covariance(&self) -> DMatrix<f64> {
        &self.covariance_root * self.covariance_root.transpose()
    }

    /// The standard errors of the coefficients, the roots of the diagonal of the covariance.
    pub fn standard_errors(&self) -> Vec<f64> {
        let rows = self.covariance_root.row_iter();
        rows.map(|row| row.norm()).collect()
    }

    /// The sum of squared deviations in units of the errors.
    pub fn chi_squared(&self) -> f64 {
        self.chi_squared
    }

    /// Number of points less number of coefficients.
    pub fn degrees_of_freedom(&self) -> usize {
        self.degrees_of_freedom
    }

    /// The probability of a larger χ² by chance, [`chi_squared_survival`]; `None` without degrees
    /// of freedom.
    ///
    /// # Errors
    /// A χ² that overflowed to NaN.
    pub fn p_value(&self) -> Result<Option<f64>, StatisticsError> {
        chi_squared_survival(self.chi_squared, self.degrees_of_freedom)
    }

    /// The fitted curve at `x` and its standard error.
    ///
    /// # Errors
    /// A basis function that is not finite at `x`.
    pub fn predict(&self, x: f64) -> Result<Prediction, StatisticsError> {
        let functions = self.basis.values_at(x)?;
        Ok(Prediction {
            value: functions.dot(&self.coefficients),
            error: self.covariance_root.tr_mul(&functions).norm(),
        })
    }
}

/// The raw samples behind one point of a fit.
#[derive(Clone, Copy, Debug)]
pub struct SampledPoint<'a> {
    /// Position, such as the size N.
    pub x: f64,
    /// One value per disorder sample.
    pub samples: &'a [f64],
}

/// A fit whose errors come from resampling the disorder samples within each point.
///
/// Every point's value is a statistic of its samples and its weight comes from the bootstrap error
/// of that statistic; the fit is then repeated, with these weights, on every joint resample.
///
/// ```
/// use dam_statistics::{Basis, Bootstrap, BootstrappedFit, SampledPoint, median};
/// let samples: Vec<Vec<f64>> = [10.0, 20.0, 40.0]
///     .map(|n| (0..9).map(|i| 1.0 + 2.0 / n + 0.01 * f64::from(i - 4)).collect())
///     .to_vec();
/// let points: Vec<SampledPoint> = std::iter::zip([10.0, 20.0, 40.0], &samples)
///     .map(|(x, samples)| SampledPoint { x, samples })
///     .collect();
/// let basis = Basis::new().with("1", |_| 1.0).with("1/N", |n| 1.0 / n);
/// let middle = |values: &[f64]| median(values).ok().flatten().unwrap_or(f64::NAN);
/// let fit = BootstrappedFit::new(basis, &points, middle, &Bootstrap::new(500, 1)?)?;
/// assert!((fit.fit().coefficients()[0] - 1.0).abs() < 1e-12);
/// assert!(fit.interval(0, 0.95)?.contains(1.0));
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct BootstrappedFit {
    fit: LinearFit,
    /// Coefficients of every resample, one column each.
    replicates: DMatrix<f64>,
}

impl BootstrappedFit {
    /// Fits `basis` to `statistic` of the samples of every point.
    ///
    /// # Errors
    /// Those of [`LinearFit::new`] and [`Bootstrap::replicates`];
    /// [`StatisticsError::NoSpread`] where the replicates of a point are all equal.
    pub fn new(
        basis: Basis,
        points: &[SampledPoint],
        statistic: impl Fn(&[f64]) -> f64,
        bootstrap: &Bootstrap,
    ) -> Result<Self, StatisticsError> {
        let mut generator = bootstrap.generator();
        let mut fit_points = Vec::with_capacity(points.len());
        let mut resampled = DMatrix::zeros(points.len(), bootstrap.resamples());
        for (index, &SampledPoint { x, samples }) in points.iter().enumerate() {
            let replicates = bootstrap.replicates_from(&mut generator, samples, &statistic)?;
            let error = standard_deviation(&replicates)?
                .filter(|&error| error > 0.0)
                .ok_or(StatisticsError::NoSpread { x })?;
            let value = statistic(samples);
            fit_points.push(FitPoint { x, value, error });
            for (target, replicate) in resampled.row_mut(index).iter_mut().zip(&replicates) {
                *target = replicate / error;
            }
        }
        let fit = LinearFit::new(basis, &fit_points)?;
        let errors = fit_points.iter().map(|point| (point.x, point.error));
        let design = Design::new(fit.basis(), errors)?;
        let columns: Vec<DVector<f64>> = resampled
            .column_iter()
            .map(|column| design.solve(&column.into_owned()))
            .collect();
        Ok(Self {
            fit,
            replicates: DMatrix::from_columns(&columns),
        })
    }

    /// The fit to the samples themselves; its covariance is the one implied by the bootstrap errors
    /// of the points.
    pub fn fit(&self) -> &LinearFit {
        &self.fit
    }

    /// The standard deviations of the coefficients over the resamples.
    ///
    /// # Errors
    /// A spread beyond the range of f64.
    pub fn standard_errors(&self) -> Result<Vec<f64>, StatisticsError> {
        (0..self.replicates.nrows())
            .map(|index| {
                let replicates = self.replicates_of(index);
                let too_few = StatisticsError::TooFewValues {
                    found: replicates.len(),
                    needed: 2,
                };
                standard_deviation(&replicates)?.ok_or(too_few)
            })
            .collect()
    }

    /// The percentile interval of coefficient `index`, counted from 0.
    ///
    /// # Errors
    /// A confidence outside (0, 1).
    ///
    /// # Panics
    /// Where the basis has no function `index`.
    pub fn interval(&self, index: usize, confidence: f64) -> Result<Interval, StatisticsError> {
        let mut replicates = self.replicates_of(index);
        replicates.sort_unstable_by(f64::total_cmp);
        percentile_interval(&replicates, confidence)
    }

    /// The fitted curve at `x` with its bootstrap error and percentile interval.
    ///
    /// # Errors
    /// A basis function that is not finite at `x`; a confidence outside (0, 1).
    pub fn predict(&self, x: f64, confidence: f64) -> Result<BootstrapEstimate, StatisticsError> {
        let functions = self.fit.basis.values_at(x)?;
        let mut replicates = (self.replicates.tr_mul(&functions)).as_slice().to_vec();
        replicates.sort_unstable_by(f64::total_cmp);
        Ok(BootstrapEstimate {
            value: functions.dot(&self.fit.coefficients),
            standard_error: standard_deviation(&replicates)?,
            interval: percentile_interval(&replicates, confidence)?,
        })
    }

    /// Coefficient `index` on every resample.
    fn replicates_of(&self, index: usize) -> Vec<f64> {
        self.replicates.row(index).iter().copied().collect()
    }
}

/// The weighted matrix `Aᵢⱼ = fⱼ(xᵢ)/σᵢ`, factorised.
struct Design {
    matrix: DMatrix<f64>,
    orthogonal: DMatrix<f64>,
    /// `D R⁻¹`, the inverse of the triangle with the column scales undone.
    inverse: DMatrix<f64>,
}

impl Design {
    /// Factorises the matrix of `(x, σ)` pairs.
    fn new(
        basis: &Basis,
        points: impl ExactSizeIterator<Item = (f64, f64)>,
    ) -> Result<Self, StatisticsError> {
        let (rows, columns) = (points.len(), basis.functions.len());
        if rows < columns || columns == 0 {
            return Err(StatisticsError::TooFewPoints {
                points: rows,
                coefficients: columns,
            });
        }
        let mut matrix = DMatrix::zeros(rows, columns);
        for (index, (x, error)) in points.enumerate() {
            let functions = basis.values_at(x)? / error;
            matrix.row_mut(index).tr_copy_from(&functions);
        }
        let scales: Vec<f64> = matrix
            .column_iter()
            .map(|column| Some(column.norm().recip()).filter(|scale| scale.is_finite()))
            .map(|scale| scale.unwrap_or(1.0))
            .collect();
        let scaled = DMatrix::from_fn(rows, columns, |i, j| matrix[(i, j)] * scales[j]);
        let factors = scaled.qr();
        let triangle = factors.r();
        check_rank(&triangle, basis, rows)?;
        let mut inverse = triangle
            .solve_upper_triangular(&DMatrix::identity(columns, columns))
            .expect("a triangle of full rank has no zero on its diagonal");
        for (mut row, scale) in inverse.row_iter_mut().zip(&scales) {
            row *= *scale;
        }
        Ok(Self {
            matrix,
            orthogonal: factors.q(),
            inverse,
        })
    }

    /// The coefficients that come closest to the weighted values `yᵢ/σᵢ`.
    fn solve(&self, weighted: &DVector<f64>) -> DVector<f64> {
        let coefficients = &self.inverse * self.orthogonal.tr_mul(weighted);
        // One refinement removes the rounding of the explicit inverse.
        let residual = weighted - &self.matrix * &coefficients;
        coefficients + &self.inverse * self.orthogonal.tr_mul(&residual)
    }
}

/// Refuses a triangle with a singular value at the level of rounding, naming the functions.
fn check_rank(triangle: &DMatrix<f64>, basis: &Basis, rows: usize) -> Result<(), StatisticsError> {
    let decomposition = triangle.clone().svd(false, true);
    let largest = decomposition.singular_values.max();
    let threshold = rows as f64 * f64::EPSILON * largest;
    let rank = decomposition.rank(threshold);
    if rank == triangle.ncols() {
        return Ok(());
    }
    let directions = decomposition
        .v_t
        .expect("the right singular vectors were asked for");
    let names: Vec<&str> = basis
        .names()
        .enumerate()
        .filter(|&(index, _)| {
            let null_part = directions
                .column(index)
                .rows(rank, triangle.ncols() - rank)
                .norm();
            // A function outside the dependence enters the null directions by rounding only.
            null_part > 1e-6
        })
        .map(|(_, name)| name)
        .collect();
    Err(StatisticsError::RankDeficient {
        names: names.join(", "),
        rank,
        coefficients: triangle.ncols(),
    })
}

fn check_points(points: &[FitPoint]) -> Result<(), StatisticsError> {
    for (index, point) in points.iter().enumerate() {
        let invalid = |quantity, value, domain| {
            Err(StatisticsError::InvalidPoint {
                index,
                quantity,
                value,
                domain,
            })
        };
        if !point.x.is_finite() {
            return invalid("the position", point.x, "finite");
        }
        if !point.value.is_finite() {
            return invalid("the value", point.value, "finite");
        }
        if !(point.error > 0.0 && point.error.is_finite()) {
            return invalid("the standard error", point.error, "positive and finite");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::mean;
    use crate::reference::{assert_close, gaussians, table};

    fn mean_of(values: &[f64]) -> f64 {
        mean(values).unwrap().unwrap()
    }

    fn straight_line() -> Basis {
        Basis::new().with("1", |_| 1.0).with("x", |x| x)
    }

    #[test]
    fn fits_agree_with_exact_arithmetic() {
        for row in table("weighted_least_squares") {
            let basis = match row.text("basis") {
                "inverse_powers" => Basis::inverse_powers(),
                "logarithmic" => Basis::logarithmic(),
                "line" => straight_line(),
                other => panic!("unknown basis {other}"),
            };
            let (x, y, errors) = (row.numbers("x"), row.numbers("y"), row.numbers("errors"));
            let points: Vec<FitPoint> = (0..x.len())
                .map(|i| FitPoint {
                    x: x[i],
                    value: y[i],
                    error: errors[i],
                })
                .collect();
            let fit = LinearFit::new(basis, &points).unwrap();
            // The condition number of the scaled design limits every method, by κ ε at best.
            let tolerance = (row.number("condition_number") * 1e-15).max(1e-12);
            for (found, expected) in fit.coefficients().iter().zip(row.numbers("coefficients")) {
                assert_close(*found, expected, tolerance);
            }
            let covariance = fit.covariance();
            for (found, expected) in covariance.iter().zip(row.numbers("covariance")) {
                assert_close(*found, expected, tolerance);
            }
            assert_close(fit.chi_squared(), row.number("chi_squared"), 1e-12);
            assert_close(
                fit.p_value().unwrap().unwrap(),
                row.number("p_value"),
                1e-11,
            );
            let prediction = fit.predict(row.number("predict_at")).unwrap();
            assert_close(prediction.value, row.number("prediction"), 1e-12);
            assert_close(prediction.error, row.number("prediction_error"), tolerance);
        }
    }

    #[test]
    fn dependent_functions_are_named() {
        let basis = Basis::new()
            .with("1", |_| 1.0)
            .with("x", |x| x)
            .with("x^2", |x| x * x)
            .with("3x", |x| 3.0 * x);
        let points = [1.0, 2.0, 3.0, 4.0, 5.0].map(|x| FitPoint {
            x,
            value: x,
            error: 1.0,
        });
        assert_eq!(
            LinearFit::new(basis, &points).unwrap_err(),
            StatisticsError::RankDeficient {
                names: "x, 3x".into(),
                rank: 3,
                coefficients: 4
            }
        );
        let zero = Basis::new().with("1", |_| 1.0).with("0", |_| 0.0);
        assert!(matches!(
            LinearFit::new(zero, &points),
            Err(StatisticsError::RankDeficient { names, .. }) if names == "0"
        ));
        let same_place = [points[0]; 4];
        assert!(matches!(
            LinearFit::new(Basis::inverse_powers(), &same_place),
            Err(StatisticsError::RankDeficient { rank: 1, .. })
        ));
    }

    #[test]
    fn senseless_points_are_refused() {
        let point = FitPoint {
            x: 1.0,
            value: 1.0,
            error: 0.1,
        };
        let fit = |points: &[FitPoint]| LinearFit::new(straight_line(), points).unwrap_err();
        assert_eq!(
            fit(&[point]),
            StatisticsError::TooFewPoints {
                points: 1,
                coefficients: 2
            }
        );
        assert!(matches!(
            fit(&[
                point,
                FitPoint {
                    error: 0.0,
                    ..point
                }
            ]),
            StatisticsError::InvalidPoint { index: 1, .. }
        ));
        assert!(matches!(
            fit(&[
                point,
                FitPoint {
                    value: f64::NAN,
                    ..point
                }
            ]),
            StatisticsError::InvalidPoint { index: 1, .. }
        ));
        let at_zero = [FitPoint { x: 0.0, ..point }; 3];
        assert!(matches!(
            LinearFit::new(Basis::inverse_powers(), &at_zero),
            Err(StatisticsError::BasisNotFinite { .. })
        ));
        assert!(LinearFit::new(Basis::new(), &[]).is_err());
    }

    #[test]
    fn as_many_points_as_coefficients_leave_no_p_value() {
        let points = [1.0, 3.0].map(|x| FitPoint {
            x,
            value: 2.0 * x,
            error: 0.5,
        });
        let fit = LinearFit::new(straight_line(), &points).unwrap();
        assert_eq!(fit.p_value().unwrap(), None);
        assert!((fit.predict(2.0).unwrap().value - 4.0).abs() < 1e-14);
        // The error of the mean of two equal errors, half way between them.
        assert_close(fit.predict(2.0).unwrap().error, 0.5 / 2.0_f64.sqrt(), 1e-14);
    }

    /// Over many noisy sets, c₀ deviates by its own error and χ² averages its degrees of freedom.
    #[test]
    fn pulls_and_chi_squared_have_their_laws() {
        let sets = 2000;
        let sizes = [20.0, 24.0, 28.0, 32.0, 36.0, 40.0];
        let (mut pulls, mut chi_squared) = (0.0, 0.0);
        for set in 0..sets {
            let noise = gaussians(sizes.len(), set);
            let points: Vec<FitPoint> = sizes
                .iter()
                .zip(noise)
                .map(|(&n, noise)| FitPoint {
                    x: n,
                    value: 1.5 - 2.0 * n.ln() / n + 0.7 / n + noise * 0.3 / n,
                    error: 0.3 / n,
                })
                .collect();
            let fit = LinearFit::new(Basis::logarithmic(), &points).unwrap();
            pulls += ((fit.coefficients()[0] - 1.5) / fit.standard_errors()[0]).powi(2);
            chi_squared += fit.chi_squared();
        }
        let sets = sets as f64;
        let z_pull = (pulls - sets) / (2.0 * sets).sqrt();
        let z_chi = (chi_squared - 3.0 * sets) / (2.0 * 3.0 * sets).sqrt();
        assert!(z_pull.abs() < 4.0 && z_chi.abs() < 4.0, "{z_pull} {z_chi}");
    }

    /// For means the bootstrap covariance tends to the one that the errors imply.
    #[test]
    fn bootstrap_errors_match_the_covariance() {
        let sizes = [10.0, 15.0, 20.0, 30.0, 40.0];
        let samples: Vec<Vec<f64>> = (0..5)
            .map(|group| {
                let noise = gaussians(80, group);
                let n = sizes[usize::try_from(group).unwrap()];
                noise.iter().map(|z| 1.0 + 2.0 / n + 0.2 * z).collect()
            })
            .collect();
        let points: Vec<SampledPoint> = sizes
            .iter()
            .zip(&samples)
            .map(|(&x, samples)| SampledPoint { x, samples })
            .collect();
        let resamples = 5000;
        let bootstrap = Bootstrap::new(resamples, 3).unwrap();
        let basis = Basis::new().with("1", |_| 1.0).with("1/N", |n| 1.0 / n);
        let fit = BootstrappedFit::new(basis, &points, mean_of, &bootstrap).unwrap();
        let implied = fit.fit().standard_errors();
        for (found, expected) in fit.standard_errors().unwrap().iter().zip(&implied) {
            let z = (found / expected - 1.0) * (2.0 * resamples as f64).sqrt();
            assert!(z.abs() < 4.0, "z = {z}");
        }
        let prediction = fit.predict(1e12, 0.95).unwrap();
        let interval = fit.interval(0, 0.95).unwrap();
        assert_close(prediction.value, fit.fit().coefficients()[0], 1e-9);
        assert_close(prediction.interval.high, interval.high, 1e-9);
        assert!(interval.contains(1.0));
        let flat = [0.5; 10];
        let mut degenerate = points;
        degenerate[2].samples = &flat;
        assert_eq!(
            BootstrappedFit::new(straight_line(), &degenerate, mean_of, &bootstrap).unwrap_err(),
            StatisticsError::NoSpread { x: 20.0 }
        );
    }
}
