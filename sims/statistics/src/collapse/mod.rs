//! The best data collapse, by two qualities, and how far its parameters may lie off.

mod data;
mod form;
mod measure;
mod region;
mod spline;
mod start;
mod surface;

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use crate::scaling::ScaledData;
use crate::{StatisticsError, percentile_interval};

pub use data::CollapseData;
pub use form::{Parameter, Setting, Settings, Values};

use form::scaled;
use measure::{Lines, Measure};
use spline::Spline;
use surface::Surface;

/// How often a better minimum met on the way is taken instead.
const MOVES: usize = 5;
/// Share of the resampled sets whose fit may be lost.
const MOST_LOST: f64 = 0.1;
/// The share of a normal law within one standard deviation.
const ONE_DEVIATION: f64 = 0.6826894921370859;
/// χ² of one degree of freedom at 68.27 and 95 % probability.
const LEVELS: [f64; 2] = [1.0, 3.841458820694124];

/// What one quality makes of the curves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// All parameters.
    pub values: Values,
    /// The parameters that were fitted.
    pub free: Vec<Parameter>,
    /// Of each parameter half the width that the fits of resampled sets have at 68 % probability;
    /// 0 where it was not fitted.
    pub errors: Values,
    /// Of each parameter half the width of the contour, see [`collapse`].
    pub contours: Values,
    /// The quality S, about 1 for a good collapse with right errors.
    pub quality: f64,
    /// How many points enter.
    pub points: usize,
}

impl Fit {
    /// A parameter, the error by resampling and half the width of its contour.
    pub fn of(&self, parameter: Parameter) -> [f64; 3] {
        [&self.values, &self.errors, &self.contours].map(|of| of[parameter as usize])
    }

    /// The curves in its scaling variables.
    pub fn scaled(&self, data: &CollapseData) -> ScaledData {
        scaled(data, &self.values)
    }
}

/// A collapse by two qualities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collapse {
    /// By the quality of Houdayer and Hartmann ([`quality`](crate::quality)).
    pub lines: Fit,
    /// By the best cubic spline, whose S is χ² over the degrees of freedom.
    pub spline: Fit,
}

impl Collapse {
    /// A parameter whose two values lie farther apart than twice their errors together: the curves
    /// do not follow the form to this accuracy, since both estimate the same where they do.
    pub fn disagreement(&self) -> Option<Parameter> {
        let is_apart = |parameter: &&Parameter| {
            let [lines, spline] = [&self.lines, &self.spline].map(|fit| fit.of(**parameter));
            (lines[0] - spline[0]).abs() > 2.0 * lines[1].hypot(spline[1])
        };
        self.spline.free.iter().find(is_apart).copied()
    }
}

/// Fits the free parameters of `a(ρ, L) = L^{ζ/ν} (1 + b L^{−ω}) f(L^{1/ν} (ρ − ρ_c − s ln L/L))`
/// by two qualities: straight lines through the neighbours of other sizes (Houdayer and Hartmann)
/// and the cubic spline of least squares through all points, with as many knots as Akaike's
/// criterion asks for. Searches by Nelder–Mead begin at the starts given, else at the best of a
/// grid.
///
/// `resampled` are sets that could have been measured instead, such as those of a bootstrap over
/// samples; half the 68 % width of their fits is the error. The contour of the spline is its
/// confidence region, χ² ≤ χ²_min + c max(1, S) with the other parameters fitted (a likelihood ratio,
/// S. S. Wilks, Ann. Math. Stat. 9, 60 (1938)), where c ≥ 1 is by how much the points of resampled
/// sets move χ² for each fitted parameter, 1 where points are independent (the correction of M. S.
/// Bartlett, Proc. R. Soc. A 160, 268 (1937), by resampling); that of the lines is the customary S ≤ S_min +
/// max(1, S_min) with the others fixed, which is no confidence region: S is a mean whose terms share
/// points. Both are followed to their ends; no curvature is taken, since S jumps.
///
/// # Errors
/// A start out of its domain; curves that do not overlap; no convergence; a best ρ_c outside the
/// scan, or a best value at a bound, where there is no minimum; a parameter that the data leave
/// undetermined: its contour, or the 95 % region of the spline, does not end within the scan (ρ_c)
/// or a factor of 50, or more than a tenth of the resampled fits run away.
pub fn collapse(
    data: &CollapseData,
    settings: &Settings,
    resampled: &[CollapseData],
) -> Result<Collapse, StatisticsError> {
    settings.check()?;
    let given = settings;
    let settings = start::started(data, given).ok_or(StatisticsError::NoOverlap)?;
    let mut values = settings.starts();
    let mut measure = Spline::of(&scaled(data, &values));
    for _ in 0..MOVES {
        let surface = Surface::new(data, &settings, &measure);
        let (_, point) = best(&surface, &values)?;
        values = surface.values(&point);
        let again = Spline::of(&scaled(data, &values));
        if again == measure {
            break;
        }
        measure = again;
    }
    let by_spline = Method {
        measure: &measure,
        contours: &smooth_contours,
    };
    let by_lines = Method {
        measure: &Lines,
        contours: &section_contours,
    };
    // each set is searched as the data are, and from where these led
    let starts: Vec<Vec<Values>> = resampled
        .iter()
        .map(|set| {
            let grid = start::started(set, given).map(|settings| settings.starts());
            grid.into_iter().chain([values]).collect()
        })
        .collect();
    let (spline, fitted) = by_spline.fit(data, &settings, &values, resampled, &starts)?;
    // the search among the jumps of S begins where the smooth one ends, for each set anew
    let fitted: Vec<Vec<Values>> = fitted.into_iter().map(|values| vec![values]).collect();
    let (lines, _) = by_lines.fit(data, &settings, &spline.values, resampled, &fitted)?;
    Ok(Collapse { lines, spline })
}

/// The minimum from some values, judged.
fn best(surface: &Surface<'_>, values: &Values) -> Result<(f64, Vec<f64>), StatisticsError> {
    let (height, point) = surface.minimum(&surface.point(values), &surface.steps(values), 1e-6)?;
    let found = surface.values(&point);
    let [low, high] = surface.data.scan();
    let critical = found[Parameter::RhoC as usize];
    if !(low..=high).contains(&critical) {
        return Err(StatisticsError::OutsideScan {
            quantity: Parameter::RhoC.name(),
            value: critical,
            low,
            high,
        });
    }
    for (parameter, value) in surface.free.iter().zip(&point) {
        let bounds = surface.settings.0[*parameter as usize].bounds;
        let width = (bounds[1] - bounds[0]).min(value.abs().max(1e-3));
        if let Some(bound) = bounds
            .iter()
            .find(|bound| (value - **bound).abs() < 1e-4 * width)
        {
            return Err(StatisticsError::AtBound {
                quantity: parameter.name(),
                bound: *bound,
            });
        }
    }
    Ok((height, point))
}

/// The best of a search.
struct Best {
    point: Vec<f64>,
    height: f64,
    quality: f64,
    /// How much farther than independent points would the points of resampled sets move χ², for
    /// each fitted parameter; at least 1.
    correlation: f64,
}

/// The contours around the best.
type Contours = dyn Fn(&Surface<'_>, &Best) -> Result<Vec<[f64; 2]>, StatisticsError>;

/// The likelihood ratio of 68 %; that of 95 % must end too.
fn smooth_contours(surface: &Surface<'_>, best: &Best) -> Result<Vec<[f64; 2]>, StatisticsError> {
    let rise = best.quality.max(1.0) * best.correlation;
    let [inner, outer] = LEVELS.map(|level| best.height + level * rise);
    surface.region(&best.point, outer, true)?;
    surface.region(&best.point, inner, true)
}

/// S_min + 1 with the other parameters fixed.
fn section_contours(surface: &Surface<'_>, best: &Best) -> Result<Vec<[f64; 2]>, StatisticsError> {
    surface.region(&best.point, best.height + best.quality.max(1.0), false)
}

/// A quality and its contours.
struct Method<'a> {
    measure: &'a dyn Measure,
    contours: &'a Contours,
}

impl Method<'_> {
    /// The fit of the data from a start, and those of the resampled sets from theirs.
    fn fit(
        &self,
        data: &CollapseData,
        settings: &Settings,
        start: &Values,
        resampled: &[CollapseData],
        starts: &[Vec<Values>],
    ) -> Result<(Fit, Vec<Values>), StatisticsError> {
        let surface = Surface::new(data, settings, self.measure);
        let (height, point) = best(&surface, start)?;
        let values = surface.values(&point);
        let scaled = scaled(data, &values);
        let quality = self.measure.quality(height, &scaled, surface.free.len());
        let steps: Vec<f64> = surface
            .steps(&values)
            .iter()
            .map(|step| 0.3 * step)
            .collect();
        let mut fitted = Vec::new();
        let mut rises = Vec::new();
        for (set, starts) in resampled.iter().zip(starts) {
            let surface = Surface::new(set, settings, self.measure);
            let from = |start| surface.minimum(&surface.point(start), &steps, 1e-3).ok();
            let found = starts.iter().filter_map(from);
            let found = found.min_by(|left, right| left.0.total_cmp(&right.0));
            fitted.push(
                found.map_or([f64::NAN; Parameter::ALL.len()], |(least, found)| {
                    rises.push(surface.height(&point) - least);
                    surface.values(&found)
                }),
            );
        }
        let mean_rise = rises.iter().sum::<f64>() / (rises.len() * point.len()).max(1) as f64;
        let best = Best {
            point,
            height,
            quality,
            correlation: mean_rise.max(1.0),
        };
        let ends = (self.contours)(&surface, &best)?;
        let errors = spreads(data, &surface.free, &fitted)?;
        let mut contours = [0.0; Parameter::ALL.len()];
        for (parameter, [low, high]) in surface.free.iter().zip(ends) {
            contours[*parameter as usize] = 0.5 * (high - low);
        }
        let fit = Fit {
            values,
            errors,
            contours,
            quality,
            points: self.measure.terms(&scaled),
            free: surface.free,
        };
        Ok((fit, fitted))
    }
}

/// Half the 68 % width of the fits of resampled sets, of those whose ρ_c lies in the scan; 0
/// without sets.
fn spreads(
    data: &CollapseData,
    free: &[Parameter],
    fitted: &[Values],
) -> Result<Values, StatisticsError> {
    let [low, high] = data.scan();
    let is_kept = |values: &&Values| (low..=high).contains(&values[Parameter::RhoC as usize]);
    let kept: Vec<&Values> = fitted.iter().filter(is_kept).collect();
    let lost = fitted.len() - kept.len();
    if lost as f64 > MOST_LOST * fitted.len() as f64 {
        return Err(StatisticsError::LostFits {
            lost,
            count: fitted.len(),
        });
    }
    let mut errors = [0.0; Parameter::ALL.len()];
    if !kept.is_empty() {
        for parameter in free {
            let of = kept.iter().map(|values| values[*parameter as usize]);
            errors[*parameter as usize] = half_width(of.collect());
        }
    }
    Ok(errors)
}

/// Half the width between the quantiles at 15.87 and 84.13 %, in the definition that no number of
/// values biases where they are normal (8 of R. J. Hyndman and Y. Fan, Am. Stat. 50, 361 (1996)): that
/// of [`percentile_interval`] makes twenty values 8 % too narrow.
fn half_width(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let count = values.len() as f64;
    let tail = 0.5 * (1.0 - ONE_DEVIATION);
    let level = ((count + 1.0 / 3.0) * tail - 2.0 / 3.0) / (count - 1.0);
    let interval = percentile_interval(&values, 1.0 - 2.0 * level.max(0.0));
    interval.map_or(f64::NAN, |interval| 0.5 * (interval.high - interval.low))
}

/// So many sets that could have been measured instead of this one, by normal errors.
pub fn parametric_resamples(data: &CollapseData, count: usize, seed: u64) -> Vec<CollapseData> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..count).map(|_| data.resampled(&mut random)).collect()
}
