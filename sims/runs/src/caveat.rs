//! Samples that did not meet a criterion of their own: how many, and what to change.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Some of what a quantity stands on did not meet a criterion of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Caveat {
    /// How many did not.
    pub affected: usize,
    /// Out of how many.
    pub of: usize,
    /// What they are and what became of them, such as "samples did not converge".
    pub what: String,
    /// What to change in the job file.
    pub mend: String,
    /// Whether the number is what theory says by construction, no evidence for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_by_construction: bool,
    /// Whether nothing is left that a number could stand on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_total: bool,
}

/// What to change where descents do not converge.
const DESCENTS: &str = "raise max_steps, step_size or tolerance in [dynamics]";

impl Caveat {
    /// Descents that used up their updates, among things named `what`, such as "samples".
    pub fn unconverged(what: &str, affected: usize, of: usize) -> Self {
        Self::new(affected, of, &format!("{what} did not converge"), DESCENTS)
    }

    fn new(affected: usize, of: usize, what: &str, mend: &str) -> Self {
        Self {
            affected,
            of,
            what: what.to_owned(),
            mend: mend.to_owned(),
            is_by_construction: false,
            is_total: of > 0 && affected == of,
        }
    }

    /// One descent of each sample.
    pub fn of_samples(unconverged: &[bool]) -> Self {
        Self::unconverged("samples", count(unconverged), unconverged.len())
    }

    /// Searches of each sample by many descents: whether any used up its updates, and whether all did, so that the search
    /// says nothing.
    pub fn of_searches(any: &[bool], all: &[bool]) -> Self {
        if !any.is_empty() && count(all) == any.len() {
            return Self::of_samples(all);
        }
        let what = "samples have descents that did not converge";
        Self {
            is_total: false,
            ..Self::new(count(any), any.len(), what, DESCENTS)
        }
    }

    /// Samples in which the training of a kernel broke down.
    pub fn diverged(values: &[Option<f64>]) -> Self {
        let affected = values.iter().filter(|value| value.is_none()).count();
        let what = "samples are left out: their training diverged";
        Self::new(affected, values.len(), what, "lower the learning rate")
    }

    /// Samples whose noise was its average at every state, if that is so of half of them: then a median is theory.
    pub fn by_construction(averaged: &[bool]) -> Self {
        let affected = count(averaged);
        let affected = if 2 * affected >= averaged.len() {
            affected
        } else {
            0
        };
        let what = "samples met the average of the noise alone: theory by construction, no evidence for it";
        let mend = "lower [patterns] tolerance, or take it as theory";
        Self {
            is_by_construction: true,
            is_total: false,
            ..Self::new(affected, averaged.len(), what, mend)
        }
    }

    /// Whether some number moves when the tolerance of revealed patterns is halved.
    pub fn at_half_tolerance(moves: bool) -> Self {
        let what = "check at half the tolerance: a number moves by more than four standard errors";
        Self {
            is_total: false,
            ..Self::new(usize::from(moves), 1, what, "lower [patterns] tolerance")
        }
    }

    /// Searches that found nothing up to the bound that `mend` raises.
    pub fn censored(affected: usize, of: usize, mend: &str) -> Self {
        let what = "samples are censored, with no value up to the bound of the search";
        Self::new(affected, of, what, mend)
    }
}

fn count(flags: &[bool]) -> usize {
    flags.iter().filter(|&&flag| flag).count()
}

impl fmt::Display for Caveat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {} {}", self.affected, self.of, self.what)
    }
}
