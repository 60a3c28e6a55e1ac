//! Where the curves of a view are computed.

use super::row::Row;
use crate::job::grid::linear_grid;
use crate::place::Place;

/// Intervals of curves against N or P.
const INTERVALS: i32 = 60;
/// Curves against 1/N end at this N, close to their limit at 1/N = 0.
const LARGEST_SIZE: f64 = 20_000.0;

/// The places of a curve, given the measurements of its series.
#[derive(Clone, Copy, Debug)]
pub enum Grid {
    /// Those of the measurements.
    Measured,
    /// From the smallest measured N on, at equal steps of √(1/N), which show how steeply a curve falls to its limit.
    TowardsInfinity,
    /// From the smallest measured N to the largest, or to the given one, at equal steps of ln N.
    Sizes(Option<f64>),
    /// The measured N and so many at equal steps of √(1/N) from the smallest to N = 10⁴: few, since each costs.
    FewSizes(usize),
    /// Between the smallest and the largest measured P at equal steps of ln P.
    Counts,
    /// So many whole P between the smallest and the largest measured load.
    WholeCounts(usize),
    /// So many equally spaced values of a coordinate between the smallest and the largest measured one.
    Coordinate(&'static str, usize),
    /// Those and the measured values.
    CoordinateAndMeasured(&'static str, usize),
    /// Equally spaced values of a coordinate between the smallest and the largest measured one.
    Spaced(&'static str),
    /// Equally spaced values of a coordinate between ± its largest measured modulus.
    Symmetric(&'static str),
}

impl Grid {
    /// The places, on the curve of the series that `rows` measure.
    pub fn places<'r>(self, rows: &[Row<'r>]) -> Vec<Place<'r>> {
        let Some(first) = rows.first().map(Row::place) else {
            return Vec::new();
        };
        let range = |value: &dyn Fn(&Row<'r>) -> Option<f64>| {
            let values = || rows.iter().filter_map(value);
            let smallest = values().fold(f64::INFINITY, f64::min);
            (smallest, values().fold(f64::NEG_INFINITY, f64::max))
        };
        let sizes = || range(&|row| Some(row.task.size as f64));
        let counts = || range(&|row| Some(row.task.count()));
        let at_sizes = |sizes: Vec<f64>| -> Vec<Place<'r>> {
            let at = |size| first.clone().at_size(size);
            sizes.into_iter().map(at).collect()
        };
        let at_counts = |counts: Vec<f64>| -> Vec<Place<'r>> {
            let at = |count| first.clone().at_count(count);
            counts.into_iter().map(at).collect()
        };
        let along = |name: &str, values: Vec<f64>| -> Vec<Place<'r>> {
            let at = |value| first.clone().at(name, value);
            values.into_iter().map(at).collect()
        };
        match self {
            Self::Measured => rows.iter().map(Row::place).collect(),
            Self::TowardsInfinity => at_sizes(towards_infinity(sizes().0)),
            Self::Sizes(to) => {
                let (smallest, largest) = sizes();
                at_sizes(between(smallest, to.unwrap_or(largest)))
            }
            Self::FewSizes(count) => {
                let measured = rows.iter().map(|row| row.task.size as f64);
                let roots = linear_grid(sizes().0.sqrt().recip(), 0.01, count);
                let others = roots.into_iter().skip(1).map(|root| root.powi(-2));
                at_sizes(ascending(measured.chain(others)))
            }
            Self::Counts => {
                let (smallest, largest) = counts();
                at_counts(between(smallest, largest))
            }
            Self::WholeCounts(count) => {
                let load = |row: &Row<'r>| Some(row.task.log_count() / first.size);
                let (low, high) = range(&load);
                let loads = linear_grid(low, high, count).into_iter();
                at_counts(ascending(
                    loads.map(|load| (load * first.size).exp().round()),
                ))
            }
            Self::Coordinate(name, count) => {
                let (low, high) = range(&|row| row.coordinate(name));
                along(name, linear_grid(low, high, count))
            }
            Self::CoordinateAndMeasured(name, count) => {
                let (low, high) = range(&|row| row.coordinate(name));
                let measured = rows.iter().filter_map(|row| row.coordinate(name));
                let grid = linear_grid(low, high, count).into_iter();
                along(name, ascending(grid.chain(measured)))
            }
            Self::Spaced(name) => {
                let (low, high) = range(&|row| row.coordinate(name));
                along(name, spaced(low, high))
            }
            Self::Symmetric(name) => {
                let (_, end) = range(&|row| row.coordinate(name).map(f64::abs));
                along(name, spaced(-end, end))
            }
        }
    }
}

fn ascending(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

fn fractions() -> impl Iterator<Item = f64> {
    (0..=INTERVALS).map(|index| f64::from(index) / f64::from(INTERVALS))
}

fn spaced(low: f64, high: f64) -> Vec<f64> {
    fractions()
        .map(|fraction| low * (1.0 - fraction) + high * fraction)
        .collect()
}

fn towards_infinity(smallest: f64) -> Vec<f64> {
    let (first, last) = (smallest.recip().sqrt(), LARGEST_SIZE.recip().sqrt());
    fractions()
        .map(|fraction| (first * (1.0 - fraction) + last * fraction).powi(-2))
        .collect()
}

fn between(smallest: f64, largest: f64) -> Vec<f64> {
    fractions()
        .map(|fraction| smallest * (largest / smallest).powf(fraction))
        .collect()
}
