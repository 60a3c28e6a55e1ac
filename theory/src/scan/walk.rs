//! One function along one grid.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::TheoryError;

/// A step is a jump if it is this many times as large as both of its neighbours.
const LARGEST_RATIO: f64 = 8.0;
/// Steps below this share of the largest value are rounding, and no jumps.
const SMALLEST_STEP: f64 = 1e-9;

type Function = Box<dyn Fn(f64) -> Result<Option<f64>, TheoryError> + Send + Sync>;

/// What a function must do along its grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Anything continuous.
    Any,
    /// Never fall.
    Rising,
    /// Never rise.
    Falling,
}

/// A function of one argument, on a grid of it.
pub struct Walk {
    name: String,
    grid: Vec<f64>,
    function: Function,
    order: Order,
    least: f64,
    is_stepwise: bool,
}

/// What a walk found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The function and what is held fixed.
    pub name: String,
    /// Points of the grid.
    pub points: usize,
    /// Points at which there is a value.
    pub values: usize,
    /// The largest step in units of the larger of its neighbours, leaving rounding out; 0 without
    /// any.
    pub worst_step: f64,
    /// Where that is.
    pub place: f64,
    /// The first fault, in words.
    pub fault: Option<String>,
}

impl Walk {
    /// A function that is to be continuous on a grid in ascending order. `None` stands for "there is
    /// none", which may only be so at the ends.
    pub fn new(
        name: impl Into<String>,
        grid: Vec<f64>,
        function: impl Fn(f64) -> Result<Option<f64>, TheoryError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            grid,
            function: Box::new(function),
            order: Order::Any,
            least: f64::NEG_INFINITY,
            is_stepwise: false,
        }
    }

    /// With this order.
    pub fn ordered(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Never below this: a difference of two functions in order.
    pub fn at_least(mut self, least: f64) -> Self {
        self.least = least;
        self
    }

    /// A function that may jump.
    pub fn stepwise(mut self) -> Self {
        self.is_stepwise = true;
        self
    }

    /// The function and what is held fixed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Walks the grid.
    pub fn run(&self) -> Finding {
        let mut finding = Finding {
            name: self.name.clone(),
            points: self.grid.len(),
            values: 0,
            worst_step: 0.0,
            place: f64::NAN,
            fault: None,
        };
        match self.values() {
            Ok(values) => {
                finding.values = values.len();
                finding.fault = self.disorder(&values);
                if !self.is_stepwise {
                    Self::largest_step(&values, &mut finding);
                }
            }
            Err(fault) => finding.fault = Some(fault),
        }
        finding
    }

    /// The points that have a value.
    fn values(&self) -> Result<Vec<(f64, f64)>, String> {
        let mut values: Vec<(f64, f64)> = Vec::with_capacity(self.grid.len());
        let mut ended = None;
        for &place in &self.grid {
            match (self.function)(place) {
                Ok(Some(value)) if !value.is_finite() => return Err(format!("{value} at {place}")),
                Ok(Some(value)) => {
                    if let Some(gap) = ended {
                        return Err(format!("a gap at {gap}, a value again at {place}"));
                    }
                    values.push((place, value));
                }
                Ok(None) if !values.is_empty() => {
                    ended.get_or_insert(place);
                }
                Ok(None) => {}
                Err(error) => return Err(format!("at {place}: {error}")),
            }
        }
        Ok(values)
    }

    fn disorder(&self, values: &[(f64, f64)]) -> Option<String> {
        let slack = SMALLEST_STEP * scale(values);
        let below = values.iter().find(|(_, value)| *value < self.least - slack);
        if let Some((place, value)) = below {
            return Some(format!("{value} at {place}, below {}", self.least));
        }
        let falls = |pair: &&[(f64, f64)]| match self.order {
            Order::Any => false,
            Order::Rising => pair[1].1 < pair[0].1 - slack,
            Order::Falling => pair[1].1 > pair[0].1 + slack,
        };
        values.windows(2).find(falls).map(|pair| {
            let ((from, before), (to, after)) = (pair[0], pair[1]);
            format!("{before} at {from}, then {after} at {to}")
        })
    }

    fn largest_step(values: &[(f64, f64)], finding: &mut Finding) {
        let rounding = SMALLEST_STEP * scale(values);
        let steps: Vec<f64> = values
            .windows(2)
            .map(|pair| (pair[1].1 - pair[0].1).abs())
            .collect();
        for (index, around) in steps.windows(3).enumerate() {
            let neighbour = around[0].max(around[2]);
            let ratio = around[1] / neighbour.max(rounding);
            if around[1] > rounding && ratio > finding.worst_step {
                (finding.worst_step, finding.place) = (ratio, values[index + 1].0);
            }
        }
        if finding.worst_step > LARGEST_RATIO && finding.fault.is_none() {
            finding.fault = Some(format!("a jump after {}", finding.place));
        }
    }
}

fn scale(values: &[(f64, f64)]) -> f64 {
    values
        .iter()
        .fold(0.0, |scale, (_, value)| value.abs().max(scale))
}

/// A function that several walks along one grid share: each place is worked out once.
pub(super) fn remembered<T: Clone + Send + 'static>(
    function: impl Fn(f64) -> Result<T, TheoryError> + Send + Sync + 'static,
) -> impl Fn(f64) -> Result<T, TheoryError> + Clone + Send + Sync + 'static {
    let known = Arc::new((function, Mutex::new(HashMap::<u64, T>::new())));
    move |place: f64| {
        let (function, values) = &*known;
        let values = || values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = values().get(&place.to_bits()) {
            return Ok(value.clone());
        }
        // not while locked: other places wait for none
        let value = function(place)?;
        values().insert(place.to_bits(), value.clone());
        Ok(value)
    }
}

/// `count` ≥ 2 points from `first` to `last`, evenly spaced.
pub fn linear(first: f64, last: f64, count: u32) -> Vec<f64> {
    let step = (last - first) / f64::from(count - 1);
    (0..count)
        .map(|index| first + step * f64::from(index))
        .collect()
}

/// `count` ≥ 2 points from `first` to `last` > 0, evenly spaced in their logarithm.
pub fn geometric(first: f64, last: f64, count: u32) -> Vec<f64> {
    let grid = linear(first.ln(), last.ln(), count);
    grid.into_iter().map(f64::exp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(walk: &Walk) -> String {
        walk.run().fault.unwrap_or_default()
    }

    #[test]
    fn gaps_jumps_disorder_and_nan_are_found_and_smooth_functions_pass() {
        let grid = || linear(0.0, 1.0, 200);
        let smooth = Walk::new("smooth", grid(), |x| Ok(Some(x.sqrt())));
        assert_eq!(smooth.ordered(Order::Rising).run().fault, None);
        let ends = Walk::new("ends", grid(), |x| Ok((x > 0.2 && x < 0.8).then_some(x)));
        assert_eq!(ends.run().fault, None);
        let gap = Walk::new("gap", grid(), |x| Ok(((x - 0.5).abs() > 0.1).then_some(x)));
        assert!(fault_of(&gap).contains("a gap at 0.4"));
        let jump = |x: f64| Ok(Some(x + if x > 0.5 { 0.06 } else { 0.0 }));
        assert!(fault_of(&Walk::new("jump", grid(), jump)).contains("a jump after 0.49"));
        assert_eq!(Walk::new("jump", grid(), jump).stepwise().run().fault, None);
        let falls = Walk::new("falls", grid(), |x| Ok(Some(1.0 - x)));
        assert!(fault_of(&falls.ordered(Order::Rising)).contains("then"));
        let low = Walk::new("low", grid(), |x| Ok(Some(x - 0.3)));
        assert!(fault_of(&low.at_least(-0.2)).contains("below -0.2"));
        let nan = Walk::new("nan", grid(), |x| Ok(Some((0.5 - x).sqrt())));
        assert!(fault_of(&nan).contains("NaN"));
    }
}
