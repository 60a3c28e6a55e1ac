//! The memory that draws its patterns when a descent comes near them.

use std::cell::RefCell;
use std::sync::Arc;

use dam_theory::finite_size::DividedAverage;
use rand_distr::{Distribution, Poisson};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::candidates::{Guard, complete, projection_between};
use super::explored::Explored;
use super::levels::Levels;
use super::projections::{add_multiple, product};
use crate::kernel::{Batch, StateSummary, Workspace};
use crate::memory::SoftmaxMemory;

/// Pattern 0, the target, and M noise patterns of which only those near the states visited are ever drawn: see the
/// introduction of the [module](super).
#[derive(Debug)]
pub struct RevealedMemory {
    levels: Arc<Levels>,
    tolerance: f64,
    target: Vec<f64>,
    disorder: RefCell<Disorder>,
}

/// What is known of the noise patterns.
#[derive(Debug)]
struct Disorder {
    /// The patterns drawn, divided by ℓ, row-major.
    patterns: Vec<f64>,
    explored: Explored,
    rng: Xoshiro256PlusPlus,
    largest_left_out: f64,
}

/// The noise sum at one level.
#[derive(Clone, Copy, Debug)]
struct Sum {
    average: DividedAverage,
    /// ln Z.
    log_total: f64,
    /// ln(δ √max(1, λN)/ε), at most 0 where the level is low enough.
    log_excess: f64,
}

impl RevealedMemory {
    /// A memory in which nothing is known yet but the target (N components).
    pub(super) fn new(
        levels: Arc<Levels>,
        tolerance: f64,
        target: &[f64],
        rng: Xoshiro256PlusPlus,
    ) -> Self {
        Self {
            levels,
            tolerance,
            target: target.to_vec(),
            disorder: RefCell::new(Disorder {
                patterns: Vec::new(),
                explored: Explored::new(target.len()),
                rng,
                largest_left_out: 0.0,
            }),
        }
    }

    /// Noise patterns drawn so far.
    pub fn revealed_count(&self) -> usize {
        self.disorder.borrow().patterns.len() / self.target.len()
    }

    /// The largest δ √max(1, λN) that was left to the average at any state so far.
    pub fn largest_left_out(&self) -> f64 {
        self.disorder.borrow().largest_left_out
    }

    /// The noise patterns drawn so far, row-major.
    pub fn revealed_patterns(&self) -> Vec<f64> {
        let unit = self.levels.law().unit();
        let disorder = self.disorder.borrow();
        disorder.patterns.iter().map(|value| unit * value).collect()
    }

    /// One update of one state: the mean and its summary.
    fn evaluate(&self, state: &[f64], inverse_temperature: f64, mean: &mut [f64]) -> StateSummary {
        let disorder = &mut *self.disorder.borrow_mut();
        let length = product(state, state).sqrt();
        let direction: Vec<f64> = if length > 0.0 {
            state.iter().map(|value| value / length).collect()
        } else {
            // every average at x = 0 is isotropic
            let mut axis = vec![0.0; state.len()];
            axis[0] = 1.0;
            axis
        };
        let unit = self.levels.law().unit();
        let k = inverse_temperature * unit * length;
        let target_product = product(&self.target, state);
        let mut view = View {
            memory: self,
            length,
            k,
            log_feedback: 0.5 * (inverse_temperature * state.len() as f64).max(1.0).ln(),
            log_target: inverse_temperature * target_product,
            cosines: disorder.explored.cosines(&direction),
            direction,
            projections: Vec::new(),
            sums: vec![None; self.levels.last() + 1],
            revealed_to: None,
            own: None,
        };
        view.project_new(disorder);
        let (level, fraction) = view.choose_level(disorder);
        view.finish(disorder, level, fraction, target_product, mean)
    }
}

impl SoftmaxMemory for RevealedMemory {
    fn size(&self) -> usize {
        self.target.len()
    }

    fn pattern(&self, pattern: usize) -> Vec<f64> {
        if pattern == 0 {
            return self.target.clone();
        }
        let size = self.target.len();
        let unit = self.levels.law().unit();
        let disorder = self.disorder.borrow();
        disorder.patterns[(pattern - 1) * size..pattern * size]
            .iter()
            .map(|value| unit * value)
            .collect()
    }

    fn update_with(
        &self,
        _workspace: &mut Workspace,
        batch: Batch<'_>,
        _seeds: Option<&[usize]>,
        means: &mut [f64],
        summaries: &mut [StateSummary],
    ) {
        let size = self.target.len();
        let states = batch.states.chunks_exact(size);
        let means = means.chunks_exact_mut(size);
        for (((state, mean), summary), (&lambda, &target)) in states
            .zip(means)
            .zip(summaries)
            .zip(batch.inverse_temperatures.iter().zip(batch.targets))
        {
            assert_eq!(target, 0, "the target of a revealed memory is pattern 0");
            *summary = self.evaluate(state, lambda, mean);
        }
    }
}

/// One state and what was worked out about it.
struct View<'a> {
    memory: &'a RevealedMemory,
    /// |x|.
    length: f64,
    /// x̂.
    direction: Vec<f64>,
    /// λℓ|x|.
    k: f64,
    /// ½ ln max(1, λN).
    log_feedback: f64,
    /// λ x·ξ¹.
    log_target: f64,
    /// cos of the angles with the directions that were explored before.
    cosines: Vec<f64>,
    /// s of every pattern drawn.
    projections: Vec<f64>,
    sums: Vec<Option<Sum>>,
    /// The level to which all patterns along x̂ are known.
    revealed_to: Option<usize>,
    /// The half-space of x̂ itself.
    own: Option<usize>,
}

impl View<'_> {
    /// Projects the patterns drawn since the last call.
    fn project_new(&mut self, disorder: &Disorder) {
        let size = self.direction.len();
        let known = self.projections.len() * size;
        let rows = disorder.patterns[known..].chunks_exact(size);
        self.projections
            .extend(rows.map(|row| product(row, &self.direction)));
    }

    /// The level j and the fraction f for the share (1 − f) h_{j−1} + f h_j: where δ √max(1, λN) = ε.
    fn choose_level(&mut self, disorder: &mut Disorder) -> (usize, f64) {
        let levels = &*self.memory.levels;
        let last = levels.last();
        let first_guess = disorder
            .explored
            .nearest(levels, &self.cosines, levels.threshold(last.min(4)))
            .filter(|neighbour| neighbour.cosine > 0.5)
            .map_or(0, |neighbour| disorder.explored.level(neighbour.index));
        let mut level = first_guess;
        let mut excess = self.sum(disorder, level).log_excess;
        while excess > 0.0 && level < last {
            level += 1;
            excess = self.sum(disorder, level).log_excess;
        }
        while excess <= 0.0 && level > 0 {
            let above = self.sum(disorder, level - 1).log_excess;
            if above > 0.0 {
                return (level, above / (above - excess));
            }
            level -= 1;
            excess = above;
        }
        (level, 1.0)
    }

    /// The noise sum at a level, its patterns drawn if need be.
    fn sum(&mut self, disorder: &mut Disorder, level: usize) -> Sum {
        if let Some(sum) = self.sums[level] {
            return sum;
        }
        self.reveal(disorder, level);
        let levels = &*self.memory.levels;
        let average = levels.average(level, self.k);
        let log_average = levels.log_count() + average.log_sum;
        let bottom = levels.threshold(level);
        let drawn = self
            .projections
            .iter()
            .filter(|&&s| level > 0 && s > bottom);
        let reference = drawn
            .clone()
            .fold(self.log_target.max(log_average), |highest, s| {
                highest.max(self.k * s)
            });
        let drawn: f64 = drawn
            .map(|&s| levels.share(level, s) * (self.k * s - reference).exp())
            .sum();
        let rest = (self.log_target - reference).exp() + (log_average - reference).exp();
        let log_total = reference + (drawn + rest).ln();
        let log_deviation = 0.5 * (levels.log_count() + average.log_variance);
        let sum = Sum {
            average,
            log_total,
            log_excess: log_deviation - log_total + self.log_feedback - self.memory.tolerance.ln(),
        };
        self.sums[level] = Some(sum);
        sum
    }

    /// Draws the patterns above the threshold of `level` that are not known yet.
    fn reveal(&mut self, disorder: &mut Disorder, level: usize) {
        let levels = &*self.memory.levels;
        if level == 0 || self.revealed_to.is_some_and(|revealed| revealed >= level) {
            return;
        }
        if self.own.is_none()
            && disorder
                .explored
                .contains(levels, &self.direction, &self.cosines, level)
        {
            return;
        }
        let law = levels.law();
        let low = levels.threshold(level);
        let (high, known) = match self.revealed_to {
            Some(revealed) => (Some(levels.threshold(revealed)), levels.count(revealed)),
            None => (None, 0.0),
        };
        let neighbour = disorder.explored.nearest(levels, &self.cosines, low);
        let guard = neighbour.and_then(|neighbour| {
            let explored = disorder.explored.level(neighbour.index);
            Guard::new(
                &self.direction,
                disorder.explored.direction(neighbour.index),
                neighbour.cosine,
                levels.threshold(explored),
            )
        });
        let guarded = neighbour
            .filter(|_| guard.is_some())
            .map(|found| found.index);
        let candidates = Poisson::new(levels.count(level) - known)
            .expect("lower levels hold more patterns")
            .sample(&mut disorder.rng);
        let mut pattern = vec![0.0; self.direction.len()];
        let mut drawn = 0.0;
        while drawn < candidates {
            drawn += 1.0;
            let rng = &mut disorder.rng;
            let projection = projection_between(law, low, high, rng);
            if complete(
                law,
                &self.direction,
                projection,
                guard.as_ref(),
                &mut pattern,
                rng,
            ) && !disorder.explored.holds(levels, &pattern, guarded)
            {
                disorder.patterns.extend_from_slice(&pattern);
            }
        }
        match self.own {
            Some(own) => disorder.explored.extend(own, level),
            None => self.own = Some(disorder.explored.add(&self.direction, level)),
        }
        self.revealed_to = Some(level);
        self.project_new(disorder);
    }

    /// The update with the share (1 − f) h_{j−1} + f h_j.
    fn finish(
        &mut self,
        disorder: &mut Disorder,
        level: usize,
        fraction: f64,
        target_product: f64,
        mean: &mut [f64],
    ) -> StateSummary {
        let memory = self.memory;
        let levels = &*memory.levels;
        let upper = self.sum(disorder, level.saturating_sub(1));
        let lower = self.sum(disorder, level);
        let parts = [
            (level.saturating_sub(1), 1.0 - fraction, upper),
            (level, fraction, lower),
        ];
        let log_total = {
            let highest = upper.log_total.max(lower.log_total);
            let sum: f64 = parts
                .iter()
                .map(|(_, part, sum)| part * (sum.log_total - highest).exp())
                .sum();
            highest + sum.ln()
        };
        let (size, unit) = (self.direction.len(), levels.law().unit());
        let bottom = levels.threshold(level);
        let target_weight = (self.log_target - log_total).exp();
        let mut best = (0, target_product);
        let mut participation = target_weight * target_weight;
        mean.fill(0.0);
        for (index, &s) in self.projections.iter().enumerate() {
            if s <= bottom || level == 0 {
                continue;
            }
            let share: f64 = parts
                .iter()
                .map(|&(level, part, _)| part * levels.share(level, s))
                .sum();
            let weight = share * (self.k * s - log_total).exp();
            participation += weight * weight;
            let pattern = &disorder.patterns[index * size..(index + 1) * size];
            add_multiple(mean, unit * weight, pattern);
            if unit * s * self.length > best.1 {
                best = (index + 1, unit * s * self.length);
            }
        }
        let mut along = 0.0;
        let mut left_out = 0.0;
        for (_, part, sum) in parts {
            let weight = (levels.log_count() + sum.average.log_sum - log_total).exp();
            along += part * weight * sum.average.mean;
            left_out +=
                part * (levels.log_count() + sum.average.log_variance - 2.0 * log_total).exp();
        }
        add_multiple(mean, unit * along, &self.direction);
        add_multiple(mean, target_weight, &memory.target);
        // (1 − h)² is convex in h: the interpolated variance is a bound
        let left_out_here = left_out.sqrt() * self.log_feedback.exp();
        disorder.largest_left_out = disorder.largest_left_out.max(left_out_here);
        StateSummary {
            log_sum_exp: log_total,
            target_weight,
            best_pattern: best.0,
            best_product: best.1,
            participation: participation + left_out,
        }
    }
}
