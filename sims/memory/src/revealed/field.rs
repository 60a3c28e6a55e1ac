//! The memory that draws its patterns when a descent comes near them.

use std::cell::RefCell;
use std::sync::Arc;

use dam_theory::finite_size::DividedAverage;
use rand_distr::{Distribution, Poisson};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::kernel::{Batch, StateSummary, Workspace};
use crate::memory::{Memory, Told};
use crate::revealed::candidates::{Guard, complete, projection_between};
use crate::revealed::explored::{Explored, Neighbour};
use crate::revealed::frame::Frame;
use crate::revealed::levels::Levels;
use crate::revealed::projections::{add_multiple, product};

/// Pattern 0, the target, and M noise patterns of which only those near the states visited are ever
/// drawn: see the introduction of the [module](super).
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
    /// The directions visited, and the patterns drawn.
    frame: Frame,
    explored: Explored,
    rng: Xoshiro256PlusPlus,
    largest_left_out: f64,
}

impl RevealedMemory {
    /// A memory in which nothing is known yet but the target (N components).
    pub(super) fn new(
        levels: Arc<Levels>,
        tolerance: f64,
        frame: Frame,
        target: &[f64],
        rng: Xoshiro256PlusPlus,
    ) -> Self {
        Self {
            levels,
            tolerance,
            target: target.to_vec(),
            disorder: RefCell::new(Disorder {
                frame,
                explored: Explored::default(),
                rng,
                largest_left_out: 0.0,
            }),
        }
    }

    /// Noise patterns drawn so far.
    pub fn revealed_count(&self) -> usize {
        self.disorder.borrow().frame.pattern_count()
    }

    /// The largest δ √max(1, λN) that was left to the average at any state so far.
    pub fn largest_left_out(&self) -> f64 {
        self.disorder.borrow().largest_left_out
    }

    /// The noise patterns drawn so far, row-major, as far as their components are known.
    pub fn revealed_patterns(&self) -> Vec<f64> {
        let patterns = 1..=self.revealed_count();
        patterns.flat_map(|pattern| self.pattern(pattern)).collect()
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
            cosines: Vec::new(),
            direction: Vec::new(),
            projections: Vec::new(),
            averages: vec![None; self.levels.last() + 1],
            drawn: vec![None; self.levels.last() + 1],
            revealed_to: None,
            own: None,
        };
        if !view.is_averaged() {
            let Disorder { frame, rng, .. } = &mut *disorder;
            view.direction = frame.coordinates(&direction, rng);
        }
        let (level, fraction) = view.choose_level(disorder);
        view.finish(disorder, level, fraction, (state, target_product), mean)
    }
}

impl Memory for RevealedMemory {
    fn size(&self) -> usize {
        self.target.len()
    }

    fn pattern(&self, pattern: usize) -> Vec<f64> {
        if pattern == 0 {
            return self.target.clone();
        }
        let unit = self.levels.law().unit();
        let components = self.disorder.borrow().frame.pattern(pattern - 1);
        components.iter().map(|value| unit * value).collect()
    }

    fn pass(&self, _workspace: &mut Workspace, batch: Batch<'_>, told: Told<'_>) {
        let size = self.target.len();
        let states = batch.states.chunks_exact(size);
        let updates = told.updates.chunks_exact_mut(size);
        for (((state, update), outcome), (&lambda, &target)) in states
            .zip(updates)
            .zip(told.outcomes)
            .zip(batch.inverse_temperatures.iter().zip(batch.targets))
        {
            assert_eq!(target, 0, "the target of a revealed memory is pattern 0");
            *outcome = self.evaluate(state, lambda, update).outcome(state, lambda);
        }
    }

    /// Most patterns are never drawn.
    fn pattern_weights(&self, _state: &[f64], _inverse_temperature: f64) -> Option<Vec<f64>> {
        None
    }

    fn allows_foresight(&self) -> bool {
        true
    }
}

/// One state and what was worked out about it.
struct View<'a> {
    memory: &'a RevealedMemory,
    /// |x|.
    length: f64,
    /// The coordinates of x̂, where patterns are drawn.
    direction: Vec<f64>,
    /// λℓ|x|.
    k: f64,
    /// ½ ln max(1, λN).
    log_feedback: f64,
    /// λ x·ξ¹.
    log_target: f64,
    /// cos of the angles with the explored directions, as far as they were asked for.
    cosines: Vec<f64>,
    /// s of every pattern drawn.
    projections: Vec<f64>,
    /// What is averaged over at each level.
    averages: Vec<Option<DividedAverage>>,
    /// ln Σ h_j(s_μ) e^{k s_μ} at each level.
    drawn: Vec<Option<f64>>,
    /// The level to which all patterns along x̂ are known.
    revealed_to: Option<usize>,
    /// The half-space of x̂ itself.
    own: Option<usize>,
}

impl View<'_> {
    /// The half-space explored from another direction that holds most candidates above `threshold`.
    fn nearest(&mut self, disorder: &Disorder, threshold: f64) -> Option<Neighbour> {
        disorder
            .explored
            .add_cosines(&self.direction, &mut self.cosines);
        disorder
            .explored
            .nearest(&self.memory.levels, &self.cosines, threshold, self.own)
    }

    /// Projects the patterns drawn since the last call.
    fn project_new(&mut self, disorder: &Disorder) {
        let known = self.projections.len();
        let new = disorder.frame.projections(known, &self.direction);
        self.projections.extend(new);
    }

    /// The level j and the fraction f for the share (1 − f) h_{j−1} + f h_j: where as much is left
    /// out as may be.
    ///
    /// Nothing is drawn where the averages alone tell that a level is enough.
    ///
    /// What may be left out at level j is judged by the patterns above b_{j−1} alone. A strong
    /// pattern found between b_{j−1} and b_j would raise Z, so that averaging over it would seem
    /// allowed, and be lost.
    fn choose_level(&mut self, disorder: &mut Disorder) -> (usize, f64) {
        let levels = &*self.memory.levels;
        let last = levels.last();
        if self.is_averaged() {
            return (0, 1.0);
        }
        let mut level = self
            .nearest(disorder, levels.threshold(last.min(11)))
            .filter(|neighbour| neighbour.cosine > 0.5)
            .map_or(1, |neighbour| disorder.explored.level(neighbour.index));
        while level > 1 && self.is_enough_unseen(level - 1) {
            level -= 1;
        }
        while level < last && !self.is_enough(disorder, level) {
            level += 1;
        }
        while level > 0 && self.is_enough(disorder, level - 1) {
            level -= 1;
        }
        if level == 0 {
            return (0, 1.0);
        }
        // (1 − f) V_{j−1} + f V_j, a bound on the variance of the mixture, is what is allowed, and
        // so for the largest term
        let log_bound = self.log_bound(disorder, level);
        let variance = fraction_needed(
            self.log_variance(level - 1),
            self.log_variance(level),
            self.log_allowed_variance(log_bound),
        );
        let term = fraction_needed(
            self.k * levels.top(level - 1),
            self.k * levels.top(level),
            self.log_allowed_term(log_bound),
        );
        (level, variance.max(term))
    }

    /// Whether nothing is drawn: in closed form, and true at most states of a long descent, which ask for no coordinates then.
    fn is_averaged(&mut self) -> bool {
        self.memory.levels.last() == 0 || self.is_enough_unseen(0)
    }

    /// Whether no more than allowed is left out at a level.
    fn is_enough(&mut self, disorder: &mut Disorder, level: usize) -> bool {
        let log_bound = self.log_bound(disorder, level);
        self.is_enough_for(level, log_bound)
    }

    /// Whether no more than allowed is left out at a level even if no pattern should lie above it:
    /// nothing is drawn.
    fn is_enough_unseen(&mut self, level: usize) -> bool {
        let averaged = self.memory.levels.log_count() + self.average(level).log_sum;
        self.is_enough_for(level, log_sum([self.log_target, averaged]))
    }

    fn is_enough_for(&mut self, level: usize, log_bound: f64) -> bool {
        self.log_variance(level) <= self.log_allowed_variance(log_bound)
            && self.k * self.memory.levels.top(level) <= self.log_allowed_term(log_bound)
    }

    /// ln of the variance left out, M E[(1 − h_j)² e^{2ks}].
    fn log_variance(&mut self, level: usize) -> f64 {
        self.memory.levels.log_count() + self.average(level).log_variance
    }

    /// ln of the lower bound e^{λ x·ξ¹} + Σ h_{j−1} e^{k s_μ} + M E[(1 − h_j) e^{ks}] of Z.
    fn log_bound(&mut self, disorder: &mut Disorder, level: usize) -> f64 {
        let averaged = self.memory.levels.log_count() + self.average(level).log_sum;
        let drawn = self.log_drawn(disorder, level.saturating_sub(1));
        log_sum([self.log_target, averaged, drawn])
    }

    /// ln of the variance that may be left out, ε² Z²/max(1, λN).
    fn log_allowed_variance(&self, log_bound: f64) -> f64 {
        2.0 * (self.memory.tolerance.ln() + log_bound - self.log_feedback)
    }

    /// ln of the largest term e^{ks} that may be averaged over, ε Z/max(1, λN).
    fn log_allowed_term(&self, log_bound: f64) -> f64 {
        self.memory.tolerance.ln() + log_bound - 2.0 * self.log_feedback
    }

    /// ln Z at a level.
    fn log_total(&mut self, disorder: &mut Disorder, level: usize) -> f64 {
        let averaged = self.memory.levels.log_count() + self.average(level).log_sum;
        log_sum([self.log_target, averaged, self.log_drawn(disorder, level)])
    }

    fn average(&mut self, level: usize) -> DividedAverage {
        let (levels, k) = (&self.memory.levels, self.k);
        *self.averages[level].get_or_insert_with(|| levels.average(level, k))
    }

    /// ln Σ h_j(s_μ) e^{k s_μ}, the patterns drawn if need be.
    fn log_drawn(&mut self, disorder: &mut Disorder, level: usize) -> f64 {
        if level == 0 {
            return f64::NEG_INFINITY;
        }
        if let Some(found) = self.drawn[level] {
            return found;
        }
        self.reveal(disorder, level);
        let levels = &*self.memory.levels;
        let bottom = levels.threshold(level);
        let within = || self.projections.iter().filter(|&&s| s > bottom);
        let largest = within().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = within()
            .map(|&s| levels.share(level, s) * (self.k * (s - largest)).exp())
            .sum();
        let found = if sum > 0.0 {
            self.k * largest + sum.ln()
        } else {
            f64::NEG_INFINITY
        };
        self.drawn[level] = Some(found);
        found
    }

    /// Draws the patterns above the threshold of `level` that are not known yet.
    fn reveal(&mut self, disorder: &mut Disorder, level: usize) {
        let levels = &*self.memory.levels;
        self.project_new(disorder);
        if self.revealed_to.is_some_and(|revealed| revealed >= level) {
            return;
        }
        disorder
            .explored
            .add_cosines(&self.direction, &mut self.cosines);
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
        let neighbour = self.nearest(disorder, low);
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
            let left = complete(
                (law, disorder.frame.dimensions_left()),
                &self.direction,
                projection,
                guard.as_ref(),
                &mut pattern,
                rng,
            );
            if let Some(left) = left
                && !disorder.explored.holds(levels, &pattern, guarded)
            {
                disorder.frame.add_pattern(&pattern, left);
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
        (state, target_product): (&[f64], f64),
        mean: &mut [f64],
    ) -> StateSummary {
        let memory = self.memory;
        let levels = &*memory.levels;
        let mut parts = vec![(level, fraction, self.log_total(disorder, level))];
        if fraction < 1.0 {
            let above = self.log_total(disorder, level - 1);
            parts.push((level - 1, 1.0 - fraction, above));
        }
        let log_total = parts
            .iter()
            .map(|(_, part, log_total)| part.ln() + log_total)
            .fold(f64::NEG_INFINITY, |sum, term| log_sum([sum, term]));
        let unit = levels.law().unit();
        let bottom = levels.threshold(level);
        let target_weight = (self.log_target - log_total).exp();
        let mut best = (0, target_product);
        let mut participation = target_weight * target_weight;
        mean.fill(0.0);
        let mut weights = vec![0.0; self.projections.len()];
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
            weights[index] = weight;
            if unit * s * self.length > best.1 {
                best = (index + 1, unit * s * self.length);
            }
        }
        let mut along = 0.0;
        let mut left_out = 0.0;
        for &(level, part, _) in &parts {
            let average = self.average(level);
            let weight = (levels.log_count() + average.log_sum - log_total).exp();
            along += part * weight * average.mean;
            left_out += part * (self.log_variance(level) - 2.0 * log_total).exp();
        }
        if level > 0 {
            let Disorder { frame, rng, .. } = disorder;
            frame.add_mean(&weights, unit, mean, rng);
        }
        if self.length > 0.0 {
            add_multiple(mean, unit * along / self.length, state);
        }
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

/// The f ∈ [0, 1] with (1 − f) e^`above` + f e^`here` = e^`allowed`.
fn fraction_needed(above: f64, here: f64, allowed: f64) -> f64 {
    if above <= allowed {
        return 0.0;
    }
    let spare = -(here - allowed).min(0.0).exp_m1();
    let range = -(here - above).exp_m1();
    1.0 - ((allowed - above).exp() * spare / range).min(1.0)
}

/// ln Σ e^a.
fn log_sum<const K: usize>(logarithms: [f64; K]) -> f64 {
    let largest = logarithms.into_iter().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    let sum: f64 = logarithms
        .iter()
        .map(|logarithm| (logarithm - largest).exp())
        .sum();
    largest + sum.ln()
}
