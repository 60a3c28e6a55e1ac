//! The inverse temperature from which all patterns of a sample are retrieved.

use dam_memory::dynamics::Start;
use dam_runs::experiment::{Experiment, Needs, Sample};
use dam_runs::place::Place;
use dam_runs::record::Record;

use super::search::{Crossover, Disorder, Guess, Tally};
use super::{PROBES, averaged_crossover, found, relative_deviation, typical_inverse_temperature};
use dam_memory::products::dot;

/// Starts that share each pass over the patterns.
const BATCH: usize = 32;

impl Crossover {
    /// The record of the largest λ_× of all patterns of the sample; no λ_× where one of them is never retrieved.
    ///
    /// Patterns are taken in order of rising norm. The λ_× of the first is searched; all that are retrieved there have a
    /// lower one and need no search; of those that are lost the first is searched next, and so on: of P patterns about ln P
    /// are searched, and each is asked about once or a few times.
    pub(crate) fn measure_all(&self, sample: &Sample<'_>) -> Record {
        let norms = sample.memory.map_patterns(|pattern| dot(pattern, pattern));
        let mut open: Vec<usize> = (0..norms.len()).collect();
        open.sort_by(|&left, &right| norms[left].total_cmp(&norms[right]));
        let memory = self.retriever.over(sample.memory);
        let mut tally = Tally::default();
        let mut guess = self.guess_of_all(sample);
        let mut largest = Some(0.0);
        while let (Some(&target), Some(_)) = (open.first(), largest) {
            let disorder = Disorder {
                memory: memory.as_ref(),
                target,
                streams: &sample.stream,
                journal: sample.journal,
            };
            largest = self.search(disorder, guess, &mut tally);
            if let Some(lambda) = largest {
                open = self.lost_at(lambda, disorder, &open[1..]);
                guess.value = lambda + guess.deviation;
            }
        }
        found(largest, &tally)
    }

    /// The patterns, of these, that are lost at λ.
    fn lost_at(&self, lambda: f64, disorder: Disorder<'_>, patterns: &[usize]) -> Vec<usize> {
        let mut lost = Vec::new();
        for batch in patterns.chunks(BATCH) {
            let start = |&target: &usize| Start {
                state: disorder.memory.pattern(target),
                inverse_temperature: lambda,
                target,
            };
            lost.extend(
                disorder
                    .journal
                    .once(&(self.retriever.settings(), lambda, batch), || {
                        let starts: Vec<Start> = batch.iter().map(start).collect();
                        let verdicts =
                            self.retriever
                                .verdicts(disorder.memory, &starts, disorder.streams);
                        let verdicts = batch.iter().zip(verdicts);
                        let lost = verdicts.filter(|(_, (is_retrieved, _))| !is_retrieved);
                        lost.map(|(&target, _)| target).collect::<Vec<usize>>()
                    }),
            );
        }
        lost
    }

    /// The largest of P draws around the typical λ_×, which stand √(2 ln P) deviations above it if they are normal.
    fn guess_of_all(&self, sample: &Sample<'_>) -> Guess {
        let place = Place::of_task(sample.task);
        let typical = averaged_crossover(&place)
            .filter(|_| self.retriever.is_attention_descent())
            .or_else(|| typical_inverse_temperature(&self.retriever, &place))
            .unwrap_or(1.0);
        let relative = relative_deviation(sample.task.size, sample.task.patterns());
        let greatest = 1.0 + relative * (2.0 * sample.task.log_count()).sqrt();
        Guess::new(typical * greatest, relative)
    }

    /// What the measurement of all patterns needs.
    pub(crate) fn needs_of_all(&self, size: usize) -> Needs {
        let own = size_of::<f64>() + size_of::<usize>();
        let bytes_per_pattern = own + self.needs(size).bytes_per_pattern;
        Needs::new(BATCH.max(PROBES), bytes_per_pattern)
    }
}
