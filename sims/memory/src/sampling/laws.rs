//! Checks of the random numbers against their laws, over as many draws as one has patience for.
//!
//! The draws are reduced tile by tile and never held: moments, tails, correlations within a tile
//! and between neighbouring ones, and Kolmogorov's distance on a fine grid.

use rayon::prelude::*;
use serde::Serialize;

use crate::sampling::{fill_normals_f32, fill_normals_f64, fill_sign_bits, fill_uniform};
use dam_statistics::{normal_cumulative, normal_quantile};

/// Draws of one tile.
const TILE: usize = 1 << 16;
/// Distances at which draws are correlated: also those that share a step of the generator, a
/// word or a pair.
const LAGS: [usize; 9] = [1, 2, 7, 8, 64, 127, 128, 256, 1024];
/// Cells of the grid on which Kolmogorov's distance is taken.
const CELLS: usize = 1 << 16;
/// The grid of normals spans ±this: whole numbers lie between its cells.
const EDGE: f64 = 16.0;
/// Fewer events than this are no test of a tail.
const FEWEST_EVENTS: f64 = 25.0;

/// One check of a stream of random numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LawCheck {
    /// The kind of numbers.
    pub numbers: &'static str,
    /// What was measured.
    pub statistic: String,
    /// Over all draws.
    pub measured: f64,
    /// By the law.
    pub expected: f64,
    /// Of the measured value, by the law.
    pub standard_error: f64,
    /// (measured − expected)/standard error; of Kolmogorov's distance, the normal quantile of
    /// its probability.
    pub deviation: f64,
}

impl LawCheck {
    fn new(
        numbers: &'static str,
        statistic: String,
        measured: f64,
        expected: f64,
        standard_error: f64,
    ) -> Self {
        Self {
            numbers,
            statistic,
            measured,
            expected,
            standard_error,
            deviation: (measured - expected) / standard_error,
        }
    }
}

/// A kind of numbers, shifted and scaled to mean 0 and variance 1.
#[derive(Clone, Copy)]
enum Numbers {
    NormalsF64,
    NormalsF32,
    Uniform,
    Signs,
}

impl Numbers {
    const ALL: [Self; 4] = [
        Self::NormalsF64,
        Self::NormalsF32,
        Self::Uniform,
        Self::Signs,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::NormalsF64 => "normals f64",
            Self::NormalsF32 => "normals f32",
            Self::Uniform => "uniforms",
            Self::Signs => "signs",
        }
    }

    fn fill(self, seed: &[u8; 32], tile: u64, out: &mut [f64]) {
        match self {
            Self::NormalsF64 => fill_normals_f64(seed, tile, out),
            Self::NormalsF32 => {
                let mut single = vec![0.0; out.len()];
                fill_normals_f32(seed, tile, &mut single);
                for (out, single) in out.iter_mut().zip(single) {
                    *out = f64::from(single);
                }
            }
            Self::Uniform => {
                fill_uniform(seed, tile, out);
                for out in out {
                    *out = 12.0_f64.sqrt() * (*out - 0.5);
                }
            }
            Self::Signs => {
                let mut words = vec![0; out.len().div_ceil(64)];
                fill_sign_bits(seed, tile, &mut words);
                for (out, word) in out.chunks_mut(64).zip(words) {
                    for (bit, out) in out.iter_mut().enumerate() {
                        *out = if word >> bit & 1 == 0 { 1.0 } else { -1.0 };
                    }
                }
            }
        }
    }

    /// E x^k for even k.
    fn moment(self, power: i32) -> f64 {
        match self {
            Self::NormalsF64 | Self::NormalsF32 => (1..power).step_by(2).map(f64::from).product(),
            Self::Uniform => 3.0_f64.powi(power / 2) / f64::from(power + 1),
            Self::Signs => 1.0,
        }
    }

    fn is_normal(self) -> bool {
        matches!(self, Self::NormalsF64 | Self::NormalsF32)
    }

    /// Half the width of the grid, which holds all draws.
    fn edge(self) -> f64 {
        match self {
            Self::Uniform => 3.0_f64.sqrt(),
            _ => EDGE,
        }
    }

    fn cumulative(self, x: f64) -> f64 {
        match self {
            Self::Uniform => 0.5 + x / (2.0 * self.edge()),
            _ => normal_cumulative(x),
        }
    }
}

/// Sums over draws.
#[derive(Clone)]
struct Sums {
    powers: [f64; 6],
    products: [f64; LAGS.len()],
    /// Of (x² − 1).
    square_products: [f64; LAGS.len()],
    /// Between the tile and the next one, of x and of x² − 1.
    neighbours: [f64; 2],
    cells: Vec<u64>,
}

impl Sums {
    fn new() -> Self {
        Self {
            powers: [0.0; 6],
            products: [0.0; LAGS.len()],
            square_products: [0.0; LAGS.len()],
            neighbours: [0.0; 2],
            cells: vec![0; CELLS],
        }
    }

    fn add_tile(&mut self, numbers: Numbers, draws: &[f64], next: &[f64]) {
        for x in draws {
            let mut power = 1.0;
            for sum in &mut self.powers {
                power *= x;
                *sum += power;
            }
        }
        let square = |x: &f64| x * x - 1.0;
        for (lag, (product, squares)) in LAGS
            .iter()
            .zip(self.products.iter_mut().zip(&mut self.square_products))
        {
            for (x, y) in draws.iter().zip(&draws[*lag..]) {
                *product += x * y;
                *squares += square(x) * square(y);
            }
        }
        for (x, y) in draws.iter().zip(next) {
            self.neighbours[0] += x * y;
            self.neighbours[1] += square(x) * square(y);
        }
        let scale = CELLS as f64 / (2.0 * numbers.edge());
        for x in draws {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the edges hold all draws"
            )]
            let cell = ((x + numbers.edge()) * scale) as usize;
            self.cells[cell.min(CELLS - 1)] += 1;
        }
    }

    fn add(&mut self, other: &Self) {
        let sums = self.powers.iter_mut().zip(other.powers);
        let products = self.products.iter_mut().zip(other.products);
        let squares = self.square_products.iter_mut().zip(other.square_products);
        let neighbours = self.neighbours.iter_mut().zip(other.neighbours);
        for (sum, other) in sums.chain(products).chain(squares).chain(neighbours) {
            *sum += other;
        }
        for (cell, other) in self.cells.iter_mut().zip(&other.cells) {
            *cell += other;
        }
    }
}

/// Checks all kinds of numbers over at least `draws` draws each, on the current rayon pool.
///
/// # Panics
/// If `draws` is 0.
pub fn check_laws(seed: &[u8; 32], draws: u64) -> Vec<LawCheck> {
    assert!(draws > 0, "no draws show nothing");
    let tiles = draws.div_ceil(TILE as u64);
    Numbers::ALL
        .into_iter()
        .flat_map(|numbers| check(numbers, seed, tiles))
        .collect()
}

/// Blocks of tiles whose sums are added in order, so that no digit depends on the threads.
const BLOCKS: u64 = 64;

fn check(numbers: Numbers, seed: &[u8; 32], tiles: u64) -> Vec<LawCheck> {
    let block = tiles.div_ceil(BLOCKS);
    let blocks: Vec<Sums> = (0..tiles.div_ceil(block))
        .into_par_iter()
        .map(|index| {
            let mut sums = Sums::new();
            let (mut draws, mut next) = (vec![0.0; TILE], vec![0.0; TILE]);
            let first = index * block;
            numbers.fill(seed, first, &mut draws);
            for tile in first..(first + block).min(tiles) {
                numbers.fill(seed, tile + 1, &mut next);
                sums.add_tile(numbers, &draws, &next);
                std::mem::swap(&mut draws, &mut next);
            }
            sums
        })
        .collect();
    let mut sums = Sums::new();
    for block in &blocks {
        sums.add(block);
    }
    evaluate(numbers, tiles, &sums)
}

fn evaluate(numbers: Numbers, tiles: u64, sums: &Sums) -> Vec<LawCheck> {
    let mut report = Report {
        numbers,
        draws: tiles as f64 * TILE as f64,
        checks: Vec::new(),
    };
    report.moments(sums);
    report.correlations(sums, tiles);
    if numbers.is_normal() {
        report.tails(&sums.cells);
    }
    if !matches!(numbers, Numbers::Signs) {
        let distance = kolmogorov(numbers, report.draws, &sums.cells);
        report.checks.push(distance);
    }
    report.checks
}

struct Report {
    numbers: Numbers,
    draws: f64,
    checks: Vec<LawCheck>,
}

impl Report {
    /// The mean of `count` numbers of this sum, of this expectation and variance by the law.
    fn push(&mut self, statistic: String, sum: f64, count: f64, expected: f64, variance: f64) {
        // Signs have no variance in their even powers.
        if variance > 0.0 {
            let error = (variance / count).sqrt();
            let name = self.numbers.name();
            let check = LawCheck::new(name, statistic, sum / count, expected, error);
            self.checks.push(check);
        }
    }

    fn moments(&mut self, sums: &Sums) {
        for (power, sum) in (1..).zip(sums.powers) {
            let expected = if power % 2 == 0 {
                self.numbers.moment(power)
            } else {
                0.0
            };
            let variance = self.numbers.moment(2 * power) - expected * expected;
            self.push(
                format!("moment {power}"),
                sum,
                self.draws,
                expected,
                variance,
            );
        }
    }

    fn correlations(&mut self, sums: &Sums, tiles: u64) {
        let squared = (self.numbers.moment(4) - 1.0).powi(2);
        let mut pair = |place: String, [product, squares]: [f64; 2], pairs: f64| {
            self.push(format!("correlation {place}"), product, pairs, 0.0, 1.0);
            let statistic = format!("correlation of squares {place}");
            self.push(statistic, squares, pairs, 0.0, squared);
        };
        for (index, lag) in LAGS.into_iter().enumerate() {
            let found = [sums.products[index], sums.square_products[index]];
            pair(
                format!("at {lag}"),
                found,
                tiles as f64 * (TILE - lag) as f64,
            );
        }
        let draws = tiles as f64 * TILE as f64;
        pair("of tiles".to_owned(), sums.neighbours, draws);
    }

    fn tails(&mut self, cells: &[u64]) {
        for level in (1..).map(f64::from).take_while(|level| *level < EDGE) {
            let probability = normal_cumulative(-level);
            if self.draws * probability < FEWEST_EVENTS {
                break;
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "less than half the cells"
            )]
            let reach = (level / EDGE * (CELLS / 2) as f64) as usize;
            let variance = probability * (1.0 - probability);
            for (side, cells) in [
                (format!("< -{level}"), &cells[..CELLS / 2 - reach]),
                (format!("> {level}"), &cells[CELLS / 2 + reach..]),
            ] {
                let beyond = cells.iter().sum::<u64>() as f64;
                let statistic = format!("Pr(x {side})");
                self.push(statistic, beyond, self.draws, probability, variance);
            }
        }
    }
}

/// √n sup |F_n − F| over the edges of the cells, with mean and spread of Kolmogorov's law.
fn kolmogorov(numbers: Numbers, count: f64, cells: &[u64]) -> LawCheck {
    let width = 2.0 * numbers.edge() / CELLS as f64;
    let (mut below, mut distance) = (0, 0.0_f64);
    for (index, cell) in (1..).zip(cells) {
        below += cell;
        let expected = numbers.cumulative(f64::from(index) * width - numbers.edge());
        distance = distance.max((below as f64 / count - expected).abs());
    }
    let measured = count.sqrt() * distance;
    let exceeded = exceeded_kolmogorov(measured).clamp(1e-300, 1.0 - f64::EPSILON);
    let deviation = -normal_quantile(exceeded).expect("a probability between 0 and 1");
    LawCheck {
        numbers: numbers.name(),
        statistic: "kolmogorov √n D".to_owned(),
        measured,
        expected: 0.8687,
        standard_error: 0.2603,
        deviation,
    }
}

/// Pr(√n D > x) = 2 Σ_k (−1)^(k−1) e^(−2k²x²).
fn exceeded_kolmogorov(x: f64) -> f64 {
    if x < 0.2 {
        // Below 1 by less than 1e-12, where the series converges slowly.
        return 1.0;
    }
    let mut sum = 0.0;
    let mut sign = 1.0;
    for k in 1..=20 {
        sum += sign * (-2.0 * f64::from(k * k) * x * x).exp();
        sign = -sign;
    }
    2.0 * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_follow_their_laws_on_any_number_of_threads() {
        let checks = check_laws(&[9; 32], 1 << 20);
        assert!(checks.len() > 100, "{}", checks.len());
        for check in &checks {
            assert!(check.deviation.abs() < 5.0, "{check:?}");
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build();
        let again = pool
            .expect("threads")
            .install(|| check_laws(&[9; 32], 1 << 20));
        assert_eq!(checks, again);
    }

    #[test]
    fn other_laws_are_noticed() {
        let tile = 1 << 18;
        let off = |change: &dyn Fn(usize, f64) -> f64| {
            let mut draws = vec![0.0; tile];
            fill_normals_f64(&[9; 32], 0, &mut draws);
            for (index, x) in draws.iter_mut().enumerate() {
                *x = change(index, *x);
            }
            let mut sums = Sums::new();
            let parts: Vec<&[f64]> = draws.chunks_exact(TILE).collect();
            for pair in parts.windows(2) {
                sums.add_tile(Numbers::NormalsF64, pair[0], pair[1]);
            }
            let checks = evaluate(Numbers::NormalsF64, parts.len() as u64 - 1, &sums);
            let names = checks
                .into_iter()
                .filter(|check| check.deviation.abs() > 5.0)
                .map(|check| check.statistic);
            names.collect::<Vec<_>>()
        };
        assert_eq!(off(&|_, x| x), Vec::<String>::new());
        assert!(off(&|_, x| 1.02 * x).contains(&"moment 2".to_owned()));
        assert!(off(&|_, x| x + 0.03).contains(&"kolmogorov √n D".to_owned()));
        assert!(off(&|_, x| x.clamp(-2.9, 2.9)).contains(&"Pr(x > 3)".to_owned()));
        let alternating = |index: usize, x: f64| {
            if index.is_multiple_of(2) {
                x.abs()
            } else {
                -x.abs()
            }
        };
        assert!(off(&alternating).contains(&"correlation at 1".to_owned()));
    }

    #[test]
    fn kolmogorov_probabilities_are_those_of_the_tables() {
        for (x, probability) in [(1.3581, 0.05), (1.6276, 0.01), (0.8276, 0.5)] {
            assert!((exceeded_kolmogorov(x) - probability).abs() < 1e-4);
        }
    }
}
