//! The search for the crossover of one sample.

use dam_memory::dynamics::{Retriever, Start, StopReason};
use dam_memory::memory::Memory;
use dam_memory::streams::StreamKey;
use dam_runs::journal::Journal;
use serde::{Deserialize, Serialize};

/// λ values that share each pass over the patterns.
pub(super) const PROBES: usize = 8;
/// Distance of the first probes, in standard deviations of λ_× around the guess.
const FIRST_CELL: f64 = 0.6;
/// Distance of the last probes over the tolerance: the cells on both sides of a probe make a bracket.
const LAST_CELL: f64 = 0.499;
/// By how much the probes move apart, one after the other, where λ_× lies beyond the first ones.
const STRIDE: f64 = 3.0;
/// Every pattern is lost at λ = 0; a search that is still successful here stops as failed.
const SMALLEST_LAMBDA: f64 = 1e-9;

/// For each disorder sample, starts at ξ¹ and narrows the λ_× between failure (below) and
/// retrieval (above) by gradient descent (LM24 Fig. 1, bottom).
///
/// Equidistant λ around the finite-N theory of the sample's target find a bracket, or others beyond them do; each
/// round then cuts the bracket until it is no wider than `tolerance`. A round ends when at most one of its probes is
/// undecided between the largest failure and the retrieval above it: that one lies next to λ_× and would need the
/// most updates by far. λ_× is the middle of the last bracket. Where verdicts are not monotone in λ
/// the highest failure with a retrieval above it is followed, and the sample is counted
/// in `non_monotone`. A descent ends as soon as its verdict is certain ([`Retriever::verdicts`]).
#[derive(Clone, Debug)]
pub struct Crossover {
    /// The memory, its dynamics and what counts as retrieval.
    pub retriever: Retriever,
    /// Width of the final bracket.
    pub tolerance: f64,
    /// A sample that fails up to this λ is censored: it has no λ_×.
    pub maximum: f64,
}

/// What a search went through.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) updates: usize,
    pub(super) unconverged: usize,
    /// Descents with a verdict.
    pub(super) descents: usize,
    pub(super) non_monotone: bool,
}

/// What descents from probes that share each pass came to.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Round {
    /// Of each probe; none of those that were no longer needed.
    verdicts: Vec<Option<bool>>,
    updates: usize,
    unconverged: usize,
    descents: usize,
}

impl Crossover {
    pub(super) fn search(
        &self,
        disorder: Disorder<'_>,
        guess: Guess,
        tally: &mut Tally,
    ) -> Option<f64> {
        let mut bracket = Bracket::default();
        let cell = (FIRST_CELL * guess.deviation).max(LAST_CELL * self.tolerance);
        let mut probes = self.around(guess.value, cell);
        // The first distance of the probes beyond; grows, so that few rounds reach any λ.
        let mut distance = cell;
        loop {
            self.narrow(disorder, &probes, &mut bracket, tally);
            probes = match bracket {
                Bracket {
                    failed: Some(low),
                    retrieved: Some(high),
                } if high - low <= self.tolerance => return Some(f64::midpoint(low, high)),
                Bracket {
                    failed: Some(low),
                    retrieved: Some(high),
                } => self.between(low, high),
                Bracket {
                    failed: Some(low), ..
                } if low >= self.maximum => return None,
                Bracket {
                    failed: Some(low), ..
                } => self.beyond(low, &mut distance, |factor| low * factor),
                // Every pattern is lost at λ = 0.
                Bracket {
                    retrieved: Some(high),
                    ..
                } if high <= SMALLEST_LAMBDA => return Some(f64::midpoint(0.0, high)),
                Bracket {
                    retrieved: Some(high),
                    ..
                } => self.beyond(high, &mut distance, |factor| high / factor),
                Bracket { .. } => {
                    unreachable!("every round of a search without bracket decides all")
                }
            };
        }
    }

    /// λ values `cell` apart around `centre`, in ascending order.
    fn around(&self, centre: f64, cell: f64) -> Vec<f64> {
        let middle = 0.5 * (PROBES - 1) as f64;
        let grid = (0..PROBES).map(|i| centre + cell * (i as f64 - middle));
        self.admitted(grid.collect())
    }

    /// λ values that cut a bracket evenly, as few as reach the tolerance in this round.
    fn between(&self, low: f64, high: f64) -> Vec<f64> {
        let width = |probes: usize| (high - low) / (probes + 1) as f64;
        let reaches = |&probes: &usize| width(probes) <= LAST_CELL * self.tolerance;
        let probes = (1..PROBES).find(reaches).unwrap_or(PROBES);
        (1..=probes)
            .map(|i| low + width(probes) * i as f64)
            .collect()
    }

    /// λ values ever further from the last one in the direction of `moved`, in ascending order. `distance` becomes
    /// what the next ones begin with.
    fn beyond(&self, last: f64, distance: &mut f64, moved: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut reached = 0.0;
        let grid = (0..PROBES).map(|_| {
            reached += *distance;
            *distance *= STRIDE;
            moved(1.0 + reached / last)
        });
        self.admitted(grid.collect())
    }

    fn admitted(&self, mut probes: Vec<f64>) -> Vec<f64> {
        for probe in &mut probes {
            *probe = probe.max(SMALLEST_LAMBDA).min(self.maximum);
        }
        probes.sort_by(f64::total_cmp);
        probes.dedup();
        probes
    }

    /// Descends from ξ¹ at each λ, all of which share each pass over the patterns, and narrows the bracket.
    fn narrow(
        &self,
        disorder: Disorder<'_>,
        probes: &[f64],
        bracket: &mut Bracket,
        tally: &mut Tally,
    ) {
        let known = *bracket;
        // others may search the same sample with other steps; what is enough depends on what is known
        let question = (
            self.retriever.settings(),
            disorder.target,
            known.failed,
            known.retrieved,
            probes,
        );
        let round = disorder
            .journal
            .once(&question, || self.round(disorder, probes, known));
        tally.updates += round.updates;
        tally.unconverged += round.unconverged;
        tally.descents += round.descents;
        tally.non_monotone |= !round.verdicts.iter().flatten().is_sorted();
        *bracket = known.narrowed(probes, &round.verdicts);
    }

    fn round(&self, disorder: Disorder<'_>, probes: &[f64], known: Bracket) -> Round {
        let Disorder {
            memory,
            target,
            streams,
            ..
        } = disorder;
        let starts = Start::of(target, &memory.pattern(target), probes);
        let is_enough =
            &mut |found: &[Option<bool>]| known.narrowed(probes, found).is_enough(probes, found);
        let outcomes = self
            .retriever
            .verdicts_until(memory, &starts, streams, is_enough);
        let mut round = Round::default();
        for outcome in &outcomes {
            round.updates += outcome.updates;
            let reason = outcome.arrival.as_ref().map(|arrival| arrival.reason);
            round.unconverged += usize::from(reason == Some(StopReason::MaxSteps));
            round.descents += usize::from(reason.is_some());
            round.verdicts.push(outcome.verdict);
        }
        round
    }
}

/// A disorder sample and the pattern from which its descents start.
#[derive(Clone, Copy)]
pub(super) struct Disorder<'a> {
    pub(super) memory: &'a dyn Memory,
    pub(super) target: usize,
    pub(super) streams: &'a StreamKey,
    pub(super) journal: &'a Journal,
}

/// What the finite-N theory expects of λ_×.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guess {
    pub(super) value: f64,
    pub(super) deviation: f64,
}

impl Guess {
    pub(super) fn new(value: f64, relative_deviation: f64) -> Self {
        Self {
            value,
            deviation: value * relative_deviation,
        }
    }
}

/// The highest failure, and the retrieval next above it.
#[derive(Clone, Copy, Debug, Default)]
struct Bracket {
    failed: Option<f64>,
    retrieved: Option<f64>,
}

impl Bracket {
    /// With what is found at `probes` between its ends.
    fn narrowed(self, probes: &[f64], found: &[Option<bool>]) -> Self {
        let last = found.iter().rposition(|&found| found == Some(false));
        let above = last.map_or(0, |last| last + 1);
        let next = found[above..].iter().position(|&found| found == Some(true));
        Self {
            failed: last.map(|last| probes[last]).or(self.failed),
            retrieved: next.map(|next| probes[above + next]).or(self.retrieved),
        }
    }

    /// Whether it has both ends with at most one undecided probe between.
    fn is_enough(self, probes: &[f64], found: &[Option<bool>]) -> bool {
        let (Some(low), Some(high)) = (self.failed, self.retrieved) else {
            return false;
        };
        let undecided = probes
            .iter()
            .zip(found)
            .filter(|&(&probe, found)| found.is_none() && low < probe && probe < high);
        undecided.count() <= 1
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use dam_theory::Parameters;

    use super::*;
    use dam_memory::attention::AttentionMemory;
    use dam_memory::dynamics::GradientDescent;
    use dam_memory::dynamics::criterion::Criterion;
    use dam_memory::ensembles::pattern_ensemble;
    use dam_memory::patterns::Patterns;

    fn crossover(maximum: f64) -> Crossover {
        Crossover {
            retriever: Retriever::attention(
                GradientDescent {
                    step_size: 1.0,
                    tolerance: 1e-9,
                    max_steps: 100_000,
                },
                Criterion::Weight,
            ),
            tolerance: 1e-4,
            maximum,
        }
    }

    fn memory(ensemble: &str, sample: u64) -> AttentionMemory {
        let law = pattern_ensemble(ensemble, &Parameters::new()).unwrap();
        let seed = StreamKey::new(sample).seed("patterns");
        AttentionMemory::sample(law.as_ref(), 24, 300, &seed)
    }

    fn search(
        crossover: &Crossover,
        memory: &AttentionMemory,
        guess: Guess,
        tally: &mut Tally,
    ) -> Option<f64> {
        let streams = &StreamKey::new(1);
        let disorder = Disorder {
            memory,
            target: 0,
            streams,
            journal: &Journal::default(),
        };
        crossover.search(disorder, guess, tally)
    }

    /// λ_× by bisection alone, from a failure at λ = 0 and a retrieval at λ = 64.
    fn bisected(memory: &AttentionMemory) -> f64 {
        let (mut low, mut high) = (0.0, 64.0);
        while high - low > 1e-5 {
            let middle = f64::midpoint(low, high);
            let start = Start {
                state: memory.pattern(0),
                inverse_temperature: middle,
                target: 0,
            };
            let verdict = crossover(1e3)
                .retriever
                .verdicts(memory, &[start], &StreamKey::new(1));
            *(if verdict[0].0 { &mut high } else { &mut low }) = middle;
        }
        f64::midpoint(low, high)
    }

    #[test]
    fn a_target_that_no_inverse_temperature_retrieves_costs_few_rounds() {
        let memory =
            AttentionMemory::from(Patterns::from_rows(2, vec![1.0, 0.0, 2.0, 0.0, 0.0, 1.0]));
        for value in [1e-9, 0.3, 900.0] {
            let mut tally = Tally::default();
            let guess = Guess {
                value,
                deviation: 1e-9,
            };
            assert_eq!(search(&crossover(1e3), &memory, guess, &mut tally), None);
            assert!(tally.updates < 400, "{value}: {tally:?}");
        }
    }

    #[test]
    fn a_wrong_guess_finds_the_same_crossover() {
        for ensemble in ["spherical", "gaussian"] {
            for sample in 0..3 {
                let memory = memory(ensemble, sample);
                let right = bisected(&memory);
                // Right; just beside the first grid; far too low; far too high; nonsense.
                for factor in [1.0, 0.6, 1.6, 1e-2, 1e2, 1e-12, 1e12, 0.0] {
                    let mut tally = Tally::default();
                    let found = search(
                        &crossover(1e3),
                        &memory,
                        Guess::new(factor * right, 0.02),
                        &mut tally,
                    );
                    assert!(!tally.non_monotone, "choose another sample");
                    assert!(
                        (found.unwrap() - right).abs() < 1e-4,
                        "{ensemble}, sample {sample}, guess off by {factor}: {found:?}, not {right}"
                    );
                }
                for factor in [1e-3, 1.0, 1e3] {
                    let mut tally = Tally::default();
                    let below = crossover(0.9 * right);
                    let found = search(
                        &below,
                        &memory,
                        Guess::new(factor * right, 0.02),
                        &mut tally,
                    );
                    assert_eq!(found, None);
                }
            }
        }
    }
}
