//! What the numbers say, in words that are computed from them.

use dam_runs::record::grid_column;
use std::cmp::Ordering;

use crate::memory_comparison::model::{Base, Kernel};
use crate::memory_comparison::{Against, Model, RetrievalError, column_name};
use dam_runs::results::TaskResult;
use dam_statistics::{mean, standard_error};

/// Paired differences within this many standard errors count as none.
const RESOLVED: f64 = 2.0;

/// The squared errors of one model over the samples at one point.
struct Errors<'a> {
    model: &'a Model,
    values: Vec<Option<f64>>,
    mean: f64,
    standard_error: f64,
}

/// One point of the sweep: its name, and the models from the least error to the largest.
struct Standing<'a> {
    place: String,
    errors: Vec<Errors<'a>>,
}

/// How the first of two models does against the second, on the same patterns and queries.
struct Difference {
    mean: f64,
    standard_error: f64,
}

impl Difference {
    fn between(first: &Errors<'_>, second: &Errors<'_>) -> Option<Self> {
        let pairs = first.values.iter().zip(&second.values);
        let differences: Vec<f64> = pairs
            .filter_map(|(first, second)| Some((*first)? - (*second)?))
            .collect();
        Some(Self {
            mean: mean(&differences).ok()??,
            standard_error: standard_error(&differences).ok()??,
        })
    }

    /// Less, greater, or equal within errors.
    fn verdict(&self) -> Ordering {
        if self.mean.abs() <= RESOLVED * self.standard_error {
            Ordering::Equal
        } else {
            self.mean.total_cmp(&0.0)
        }
    }
}

impl RetrievalError {
    /// Sentences about the squared errors: who is best, whether a learned kernel beats the tuned
    /// baselines, what tuning β does, average against maximum loss.
    pub(super) fn find(&self, results: &[TaskResult]) -> Vec<String> {
        let standings: Vec<Standing<'_>> = results
            .iter()
            .flat_map(|result| self.standings(result))
            .collect();
        let mut sentences = vec![self.overview(&standings)];
        sentences.extend(standings.iter().map(Standing::ranking));
        let baselines = self
            .models
            .iter()
            .filter(|model| model.is_tuned() && !matches!(model.base(), Base::Kernel(_)));
        for baseline in baselines {
            sentences.extend(learned_against(baseline, &standings));
        }
        for model in &self.models {
            let tuned = format!("{}-tuned", model.name());
            if let Some(tuned) = self.models.iter().find(|other| other.name() == tuned) {
                sentences.extend(pair(tuned, model, &standings));
            }
        }
        let with = |kernel| {
            let base = Base::Kernel(kernel);
            let is_it = move |model: &&Model| *model.base() == base && !model.is_tuned();
            self.models.iter().find(is_it)
        };
        if let (Some(average), Some(maximum)) = (with(Kernel::Average), with(Kernel::Maximum)) {
            sentences.extend(pair(average, maximum, &standings));
        }
        sentences
    }

    /// At how many points each model has the least mean error, ties counted for each.
    fn overview(&self, standings: &[Standing<'_>]) -> String {
        let is_least = |standing: &Standing<'_>, model: &Model| {
            let least = standing.errors.first();
            let own = standing.of(model);
            least
                .zip(own)
                .is_some_and(|(least, own)| own.mean == least.mean)
        };
        let counts: Vec<String> = self
            .models
            .iter()
            .map(|model| {
                let count = standings.iter().filter(|s| is_least(s, model)).count();
                (model, count)
            })
            .filter(|&(_, count)| count > 0)
            .map(|(model, count)| format!("{model} at {count}"))
            .collect();
        format!(
            "Least squared error, of {} points: {}.",
            standings.len(),
            counts.join(", ")
        )
    }

    /// The standing at each point of the task's grid.
    fn standings(&self, result: &TaskResult) -> Vec<Standing<'_>> {
        let load = format!("M = {}", result.task.pattern_count);
        self.grid()
            .into_iter()
            .enumerate()
            .map(|(position, value)| {
                let errors = self.models.iter().filter_map(|model| {
                    let name = column_name("squared_error", model);
                    let values = grid_column(&result.samples, &name, position);
                    let present: Vec<f64> = values.iter().copied().flatten().collect();
                    Some(Errors {
                        model,
                        mean: mean(&present).ok()??,
                        standard_error: standard_error(&present).ok()??,
                        values,
                    })
                });
                let mut errors: Vec<Errors<'_>> = errors.collect();
                errors.sort_by(|a, b| a.mean.total_cmp(&b.mean));
                Standing {
                    place: match self.against {
                        Against::PatternCount => load.clone(),
                        Against::Noise => format!("{load}, {} {value}", self.corruption),
                        Against::TrainingSteps => format!("{load}, {value} training steps"),
                    },
                    errors,
                }
            })
            .collect()
    }
}

impl Standing<'_> {
    fn of(&self, model: &Model) -> Option<&Errors<'_>> {
        self.errors.iter().find(|errors| errors.model == model)
    }

    fn ranking(&self) -> String {
        let list: Vec<String> = self
            .errors
            .iter()
            .map(|errors| {
                let (value, error) = (significant(errors.mean), significant(errors.standard_error));
                format!("{} {value} ± {error}", errors.model)
            })
            .collect();
        format!(
            "{}: squared errors, least first: {}.",
            self.place,
            list.join("; ")
        )
    }
}

/// Whether any learned kernel beats a baseline, point by point.
fn learned_against(baseline: &Model, standings: &[Standing<'_>]) -> Option<String> {
    let mut tallies = Tallies::default();
    for standing in standings {
        let Some(reference) = standing.of(baseline) else {
            continue;
        };
        // the errors are sorted: the first learned one is the best
        let best = standing.errors.iter().find(|e| e.model.is_learned());
        let Some((best, difference)) =
            best.and_then(|best| Some((best, Difference::between(best, reference)?)))
        else {
            continue;
        };
        let note = format!(
            "{} ({}: {} ± {})",
            standing.place,
            best.model,
            signed(difference.mean),
            significant(difference.standard_error)
        );
        tallies.add(difference.verdict(), note);
    }
    let head = format!(
        "The best learned kernel against {baseline} (difference of squared errors on the same \
         queries)"
    );
    tallies.sentence(&head, "beats it", "loses to it")
}

/// How one model does against another, point by point.
fn pair(first: &Model, second: &Model, standings: &[Standing<'_>]) -> Option<String> {
    let mut tallies = Tallies::default();
    for standing in standings {
        let pair = standing.of(first).zip(standing.of(second));
        let Some(difference) = pair.and_then(|(a, b)| Difference::between(a, b)) else {
            continue;
        };
        let note = format!(
            "{} ({} ± {})",
            standing.place,
            signed(difference.mean),
            significant(difference.standard_error)
        );
        tallies.add(difference.verdict(), note);
    }
    let head = format!("{first} against {second} (difference of squared errors)");
    tallies.sentence(&head, "has less", "has more")
}

/// The points where a difference is negative, none or positive.
#[derive(Default)]
struct Tallies {
    less: Vec<String>,
    equal: Vec<String>,
    greater: Vec<String>,
}

impl Tallies {
    fn add(&mut self, verdict: Ordering, note: String) {
        match verdict {
            Ordering::Less => self.less.push(note),
            Ordering::Equal => self.equal.push(note),
            Ordering::Greater => self.greater.push(note),
        }
    }

    fn sentence(&self, head: &str, less: &str, greater: &str) -> Option<String> {
        let total = self.less.len() + self.equal.len() + self.greater.len();
        if total == 0 {
            return None;
        }
        let equal = format!("differs by at most {RESOLVED} standard errors");
        let parts = [
            (less, &self.less),
            (greater, &self.greater),
            (equal.as_str(), &self.equal),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .map(|(verb, notes)| {
                if notes.is_empty() {
                    format!("{verb} nowhere")
                } else if notes.len() == total && total > 1 {
                    format!("{verb} at all {total} points: {}", notes.join(", "))
                } else {
                    format!("{verb} at {}", notes.join(", "))
                }
            })
            .collect();
        Some(format!("{head}: {}.", parts.join("; ")))
    }
}

/// Three significant digits.
fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-3..1e5).contains(&value.abs()) {
        return format!("{value:.2e}");
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the exponent of a number between 1e-3 and 1e5"
    )]
    let exponent = value.abs().log10().floor() as i32;
    let decimals = usize::try_from(2 - exponent).unwrap_or(0);
    format!("{value:.decimals$}")
}

fn signed(value: f64) -> String {
    if value > 0.0 {
        format!("+{}", significant(value))
    } else {
        significant(value).replace('-', "−")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_three_digits() {
        let text = [0.0, 0.00512, 56.91, 0.2161, 123456.0, 0.000123].map(significant);
        assert_eq!(text, ["0", "0.00512", "56.9", "0.216", "1.23e5", "1.23e-4"]);
        assert_eq!(
            (signed(2.5), signed(-2.5)),
            ("+2.50".into(), "−2.50".into())
        );
    }

    #[test]
    fn a_sentence_says_where_and_nowhere() {
        let mut tallies = Tallies::default();
        assert_eq!(tallies.sentence("head", "wins", "loses"), None);
        tallies.add(Ordering::Greater, "M = 5".to_owned());
        let text = tallies
            .sentence("head", "wins", "loses")
            .unwrap_or_default();
        assert_eq!(
            text,
            "head: wins nowhere; loses at M = 5; differs by at most 2 standard errors nowhere."
        );
    }
}
