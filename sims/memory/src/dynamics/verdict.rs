//! Verdicts before arrival: a descent ends as soon as its fate is certain.
//!
//! Near λ_× most of a descent is spent on the last digits of a fixed point that no verdict
//! depends on. A verdict is certain when what is left of the way cannot change it. The way left
//! is judged from the gradient norms g of the last steps and their ratios q = g'/g:
//!
//! * near a fixed point q settles, and the state moves by about g q/(1 − q) in all;
//! * in the ghost of a saddle-node, where a fixed point is about to appear or has just gone, the
//!   speed follows ε + a y² (y the distance from the narrowest point, ε > 0 without a fixed
//!   point), so that (1 − q)² ≤ 4 |q' − q|: q still changes. Only (1 − q)² > 8 |q' − q|, three
//!   times in a row, counts as settled.
//!
//! The log-odds of the target must settle in the same way, with less left than they are away from
//! 0: they follow the slow direction, ξ less the mean of the other patterns, whose speed the norm
//! may hide while other components still relax. A start away from its target relaxes in many
//! directions first, each at a ratio up to 1 − η; it must stay settled twice as long, and 1/η times
//! as long with smaller steps.
//!
//! With the way left δ (twice its estimate, per √N), the verdict stands if it stands everywhere
//! within δ: see `Criterion::is_settled`.
//!
//! A descent from its target that has left the narrowest point of a ghost behind is lost as well:
//! its speed then grows, faster and faster (q > 1, rising), since the energy is concave along the
//! way, λ w (1 − w) |ξ − μ|² > 1 with the mean μ of the other patterns, and stays so while the
//! target's weight w falls to ½. Three such steps in a row with falling weights count, once the
//! weight has fallen by 10⁻³ since the slowest step (rounding cannot do that).
//!
//! Against fixed points (five ensembles, N = 6 to 24, η = 1 and 0.3, λ as close as 10⁻⁶ to the
//! critical one) no verdict from ξ¹ changed in 11 880 descents; from starts away from it 53 of 35
//! 640 did, all within 10⁻⁵ of the critical λ.

use crate::dynamics::criterion::Criterion;
use crate::dynamics::{Arrival, Departure, Moment, Outlook, Retriever, Start};
use crate::memory::Memory;
use crate::streams::StreamKey;

/// Differences of a sequence that may approach its limit geometrically.
#[derive(Clone, Copy, Debug, Default)]
struct Approach {
    step: Option<f64>,
    ratio: Option<f64>,
    settled_steps: usize,
}

impl Approach {
    /// How much the settled ratio may change, against (1 − q)²; the ghost of a saddle-node has ¼.
    const RATIO_DRIFT: f64 = 8.0;
    /// The way left is taken to be this many times its estimate.
    const SAFETY: f64 = 2.0;

    /// Takes the next difference.
    fn observe(&mut self, step: f64) {
        let ratio = self.step.map(|previous| step / previous);
        let is_settled = match (self.ratio, ratio) {
            (Some(previous), Some(ratio)) => {
                (0.0..1.0).contains(&ratio)
                    && (1.0 - ratio).powi(2) > Self::RATIO_DRIFT * (ratio - previous).abs()
            }
            _ => false,
        };
        self.settled_steps = if is_settled {
            self.settled_steps + 1
        } else {
            0
        };
        (self.step, self.ratio) = (Some(step), ratio);
    }

    /// What is left of the way, once the ratio has been settled for so many steps.
    fn way_left(&self, steps: f64) -> Option<f64> {
        let (step, ratio) = (self.step?, self.ratio?);
        (self.settled_steps as f64 >= steps)
            .then(|| Self::SAFETY * step.abs() * ratio / (1.0 - ratio))
    }
}

/// The recent speed of one descent.
#[derive(Clone, Copy, Debug, Default)]
struct Speed {
    /// |∇E|/√N.
    gradient: Approach,
    /// The log-odds of the target.
    log_odds: Approach,
    odds: Option<f64>,
    weight: f64,
    runaway_steps: usize,
    /// The target's weight when the runaway began.
    weight_before: f64,
}

impl Speed {
    /// Log-odds beyond which their last digits are rounding: only the norm is asked.
    const LARGEST_LOG_ODDS: f64 = 14.0;
    /// Steps in a row in which a lost state must speed up.
    const RUNAWAY_STEPS: usize = 3;
    /// By how much the target's weight must have fallen meanwhile.
    const RUNAWAY_LOSS: f64 = 1e-3;

    /// Takes the next gradient norm and weight of the target.
    fn observe(&mut self, norm: f64, weight: f64) {
        let before = self.gradient.ratio;
        self.gradient.observe(norm);
        let odds = weight.ln() - (-weight).ln_1p();
        if let Some(previous) = self.odds {
            self.log_odds.observe(odds - previous);
        }
        let is_runaway = matches!((before, self.gradient.ratio), (Some(before), Some(ratio))
            if ratio > 1.0 && ratio >= before && weight < self.weight);
        if is_runaway {
            self.runaway_steps += 1;
        } else {
            self.runaway_steps = 0;
            self.weight_before = weight;
        }
        (self.odds, self.weight) = (Some(odds), weight);
    }

    /// The way left (per √N) once the ratios have been settled for so many steps.
    fn way_left(&self, steps: f64) -> Option<f64> {
        let way_left = self.gradient.way_left(steps)?;
        let odds = self.odds?;
        if odds.abs() < Self::LARGEST_LOG_ODDS {
            self.log_odds
                .way_left(steps)
                .filter(|&way| way < odds.abs())?;
        }
        Some(way_left)
    }

    /// Whether the state runs away from a fixed point that is no more.
    fn is_runaway(&self) -> bool {
        self.runaway_steps >= Self::RUNAWAY_STEPS
            && self.weight_before - self.weight > Self::RUNAWAY_LOSS
    }
}

/// What became of one start.
#[derive(Clone, Debug)]
pub struct Fate {
    /// Whether it is retrieved; `None` where that was not waited for.
    pub verdict: Option<bool>,
    /// Where it ended, where it did.
    pub arrival: Option<Arrival>,
    /// Updates computed for it.
    pub updates: usize,
}

impl Retriever {
    /// Whether each start is retrieved, and its arrival: at its end, or where the verdict became
    /// certain ([`StopReason::Foreseen`](crate::dynamics::StopReason::Foreseen)) of descents in
    /// memories that [allow it](Memory::allows_foresight).
    ///
    /// # Panics
    /// If a start does not have N components or its target is not a stored pattern.
    pub fn verdicts(
        &self,
        memory: &dyn Memory,
        starts: &[Start],
        streams: &StreamKey,
    ) -> Vec<(bool, Arrival)> {
        self.verdicts_until(memory, starts, streams, &mut |_| false)
            .into_iter()
            .map(|fate| {
                let found = fate.verdict.zip(fate.arrival);
                found.expect("every state has a verdict in the end")
            })
            .collect()
    }

    /// [`verdicts`](Self::verdicts) until `is_enough` says so of those that are certain by now; it
    /// is asked after each new one.
    ///
    /// # Panics
    /// As [`verdicts`](Self::verdicts).
    pub fn verdicts_until(
        &self,
        memory: &dyn Memory,
        starts: &[Start],
        streams: &StreamKey,
        is_enough: &mut dyn FnMut(&[Option<bool>]) -> bool,
    ) -> Vec<Fate> {
        let mut forecasts: Vec<Forecast> = starts
            .iter()
            .map(|start| Forecast::new(memory, start))
            .collect();
        let mut found = vec![None; starts.len()];
        let descent = self.dynamics.as_descent();
        let step_size = descent
            .filter(|_| memory.allows_foresight())
            .map(|descent| descent.step_size);
        let mut watch = |moment: &Moment<'_>| {
            let forecast = &mut forecasts[moment.start];
            forecast.updates = moment.step + 1;
            let lambda = starts[moment.start].inverse_temperature;
            let foreseen = step_size
                .and_then(|step_size| forecast.observe(self.criterion, moment, lambda, step_size));
            let weight = moment.outcome.target_weight;
            let accepts = || {
                self.criterion
                    .accepts(moment.state, weight, &forecast.target)
            };
            let verdict = match (moment.end, foreseen) {
                (Some(_), _) | (_, Some(Foreseen::AsItIs)) => accepts(),
                (None, Some(Foreseen::Lost)) => false,
                (None, None) => return Outlook::Open,
            };
            found[moment.start] = Some(verdict);
            if is_enough(&found) {
                Outlook::Enough
            } else {
                Outlook::Certain
            }
        };
        let from = Departure {
            memory,
            starts,
            streams,
        };
        let arrivals = self.dynamics.run(from, &mut watch);
        found
            .into_iter()
            .zip(arrivals)
            .zip(&forecasts)
            .map(|((verdict, arrival), forecast)| Fate {
                verdict,
                arrival,
                updates: forecast.updates,
            })
            .collect()
    }
}

/// What can be told of a descent before it ends.
enum Foreseen {
    /// The verdict at this state is that at the fixed point.
    AsItIs,
    /// It is lost, whatever this state looks like.
    Lost,
}

/// What is known of one descent.
struct Forecast {
    target: Vec<f64>,
    /// Whether it starts at its target.
    is_from_target: bool,
    speed: Speed,
    updates: usize,
}

impl Forecast {
    fn new(memory: &dyn Memory, start: &Start) -> Self {
        let target = memory.pattern(start.target);
        Self {
            is_from_target: start.state == target,
            target,
            speed: Speed::default(),
            updates: 0,
        }
    }

    /// Takes the next moment of a descent with steps of size η.
    fn observe(
        &mut self,
        criterion: Criterion,
        moment: &Moment<'_>,
        lambda: f64,
        step_size: f64,
    ) -> Option<Foreseen> {
        // steps in a row whose ratios must have settled
        let steps = if self.is_from_target {
            3.0
        } else {
            6.0 / step_size
        };
        self.speed
            .observe(moment.gradient_norm, moment.outcome.target_weight);
        // The gradient is the full way of a step of size 1; smaller steps shrink it as slowly. The
        // step covers η of it, and the ratio belongs to that step.
        let is_settled = self.speed.way_left(steps).is_some_and(|way_left| {
            criterion.is_settled(moment, &self.target, lambda, step_size * way_left)
        });
        if is_settled {
            return Some(Foreseen::AsItIs);
        }
        let is_lost =
            criterion == Criterion::Weight && self.is_from_target && self.speed.is_runaway();
        is_lost.then_some(Foreseen::Lost)
    }
}
