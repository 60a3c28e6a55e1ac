//! Where a search begins: the best of a grid, judged by the smooth quality.

use super::data::CollapseData;
use super::form::{Parameter, Settings, Values, scaled};
use super::measure::Measure;
use super::spline::Spline;

/// Critical values that are tried, within the scan.
const CENTERS: usize = 21;
/// ν is tried from this on …
const LEAST_NU: f64 = 0.2;
/// … in so many steps of a factor of 2.
const EXPONENTS: i32 = 7;
/// Knots of the splines that judge.
const KNOTS: usize = 8;

/// The settings with a start for each fitted parameter that had none. `None` where no start of the
/// grid makes the curves overlap.
pub(super) fn started(data: &CollapseData, settings: &Settings) -> Option<Settings> {
    let points: usize = data.rho.iter().map(Vec::len).sum();
    let spline = Spline {
        knots: KNOTS.min(points / 5).max(1),
    };
    let mut best: Option<(f64, Values)> = None;
    for values in candidates(data, settings) {
        if !settings.allow(&values) {
            continue;
        }
        let Some(height) = spline.height(&scaled(data, &values)) else {
            continue;
        };
        if best.is_none_or(|(least, _)| height < least) {
            best = Some((height, values));
        }
    }
    let (_, values) = best?;
    let mut found = settings.clone();
    for parameter in Parameter::ALL {
        let setting = found.of(parameter);
        setting.start = Some(setting.start.unwrap_or(values[parameter as usize]));
    }
    Some(found)
}

fn candidates(data: &CollapseData, settings: &Settings) -> Vec<Values> {
    let fixed = |parameter: Parameter| settings.0[parameter as usize].start;
    let [low, high] = data.scan();
    let one = |value: Option<f64>, others: Vec<f64>| value.map_or(others, |value| vec![value]);
    let inner = (1..=CENTERS).map(|place| low + (high - low) * place as f64 / (CENTERS + 1) as f64);
    let centers = one(fixed(Parameter::RhoC), inner.collect());
    let steps = (0..EXPONENTS).map(|step| LEAST_NU * 2.0_f64.powi(step));
    let exponents = one(fixed(Parameter::Nu), steps.collect());
    let rest = |parameter: Parameter, value: f64| fixed(parameter).unwrap_or(value);
    let mut found = Vec::new();
    for &center in &centers {
        let slope = growth(data, center);
        for &nu in &exponents {
            let zetas = [Some(0.0), slope.map(|slope| slope * nu)];
            let zetas = one(
                fixed(Parameter::Zeta),
                zetas.into_iter().flatten().collect(),
            );
            found.extend(zetas.into_iter().map(|zeta| {
                [
                    center,
                    nu,
                    zeta,
                    rest(Parameter::Amplitude, 0.0),
                    rest(Parameter::Omega, 1.0),
                    rest(Parameter::Shift, 0.0),
                ]
            }));
        }
    }
    found
}

/// The slope of ln |a| against ln L at a value of the control parameter, where a has one sign.
fn growth(data: &CollapseData, rho: f64) -> Option<f64> {
    let mut points = Vec::new();
    for (row, size) in data.sizes.iter().enumerate() {
        let grid = &data.rho[row];
        let right = grid.partition_point(|&value| value < rho);
        if right == 0 || right == grid.len() {
            continue;
        }
        let share = (rho - grid[right - 1]) / (grid[right] - grid[right - 1]);
        let [below, above] = [data.a[row][right - 1], data.a[row][right]];
        points.push((size.ln(), below + share * (above - below)));
    }
    let sign = points.first()?.1.signum();
    if points.len() < 2 || points.iter().any(|point| point.1 * sign <= 0.0) {
        return None;
    }
    let count = points.len() as f64;
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (*x, y.abs().ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
    let products = logs
        .iter()
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum::<f64>();
    let squares = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>();
    (squares > 0.0).then(|| products / squares)
}
