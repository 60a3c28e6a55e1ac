//! Weighted linear least squares in a chosen basis, such as powers of 1/N for the limit N → ∞.
//!
//! The fit minimises `χ² = Σᵢ [(yᵢ − Σⱼ cⱼ fⱼ(xᵢ))/σᵢ]²`. The matrix `fⱼ(xᵢ)/σᵢ`, its columns
//! brought to length one, is factorised as `Q R` by Householder reflections; normal equations would
//! square its condition number.

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
pub struct FittedValue {
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
    pub fn predict(&self, x: f64) -> Result<FittedValue, StatisticsError> {
        let functions = self.basis.values_at(x)?;
        Ok(FittedValue {
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
