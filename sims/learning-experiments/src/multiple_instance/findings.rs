//! What the numbers say, in words that are computed from them.

use dam_runs::results::TaskResult;
use dam_statistics::mean;

use super::comparison::{Comparison, corrected_error};
use super::experiment::{MultipleInstance, title};
use super::networks::BASELINE;

/// A difference within so many errors is none; as [`Comparison::is_resolved`] has it.
const ERRORS: &str = "two errors";

impl MultipleInstance {
    /// Sentences: the areas on each set, paired differences from the network without retrieval and from controls without
    /// Stage I, and what all sets say together.
    pub(super) fn find(&self, results: &[TaskResult]) -> Vec<String> {
        let mut sentences = Vec::new();
        for result in results {
            sentences.push(self.ranking(result));
            sentences.extend(self.against_baseline(result));
        }
        for model in &self.models {
            if let Some(control) = model.control()
                && self.models.iter().any(|other| other.name() == control)
            {
                let pair = [model.name(), control];
                sentences.push(self.pair(results, pair, " (the same without Stage I)"));
            }
        }
        if results.len() > 1 {
            for model in &self.models {
                if self.references(model.as_ref()).contains(&BASELINE) {
                    sentences.push(self.over_sets(results, model.name()));
                }
            }
        }
        sentences.extend(self.shared());
        sentences
    }

    /// "elephant: areas …, greatest first."
    fn ranking(&self, result: &TaskResult) -> String {
        let folds = self.protocol.folds;
        let mut standing: Vec<(&str, f64, f64)> = self
            .models
            .iter()
            .filter_map(|model| {
                let areas = Self::areas(&result.samples, model.name());
                let error = corrected_error(&areas, folds).ok()?;
                Some((model.name(), mean(&areas).ok()??, error))
            })
            .collect();
        standing.sort_by(|one, other| other.1.total_cmp(&one.1));
        let list: Vec<String> = standing
            .iter()
            .map(|(name, area, error)| format!("{name} {area:.3} ± {error:.3}"))
            .collect();
        format!(
            "{}: areas under the curve, greatest first, with the corrected error of {} folds: {}.",
            title(&result.task),
            folds * result.samples.len(),
            list.join("; ")
        )
    }

    /// Which models differ from the network without retrieval on a set.
    fn against_baseline(&self, result: &TaskResult) -> Option<String> {
        let mut resolved = Vec::new();
        let mut compared = 0;
        for model in &self.models {
            if !self.references(model.as_ref()).contains(&BASELINE) {
                continue;
            }
            let found = self.comparison(&result.samples, [model.name(), BASELINE])?;
            compared += 1;
            if found.is_resolved() {
                resolved.push(format!("{} by {}", model.name(), signed(&found)));
            }
        }
        if compared == 0 {
            return None;
        }
        let found = if resolved.is_empty() {
            format!("none of {compared} models differs by more than {ERRORS}")
        } else {
            format!(
                "{} of {compared} models differ by more than {ERRORS}: {}",
                resolved.len(),
                resolved.join(", ")
            )
        };
        Some(format!(
            "{} against {BASELINE}, on the same folds: {found}.",
            title(&result.task)
        ))
    }

    /// How one model does against another, set by set.
    fn pair(&self, results: &[TaskResult], pair: [&str; 2], what: &str) -> String {
        let parts: Vec<String> = results
            .iter()
            .filter_map(|result| {
                let found = self.comparison(&result.samples, pair)?;
                let verdict = if found.is_resolved() {
                    "a difference"
                } else {
                    "none"
                };
                let name = title(&result.task);
                Some(format!("{name} {} ({verdict})", signed(&found)))
            })
            .collect();
        let [first, second] = pair;
        format!(
            "{first} against {second}{what}, difference of the areas on the same folds: {}.",
            parts.join("; ")
        )
    }

    /// What all sets say of a model against the network without retrieval.
    fn over_sets(&self, results: &[TaskResult], model: &str) -> String {
        let found: Vec<Comparison> = results
            .iter()
            .filter_map(|result| self.comparison(&result.samples, [model, BASELINE]))
            .collect();
        let above = found.iter().filter(|one| one.difference > 0.0).count();
        let below = found.iter().filter(|one| one.difference < 0.0).count();
        let differences: Vec<f64> = found.iter().map(|one| one.difference).collect();
        let mean = mean(&differences).ok().flatten().unwrap_or(f64::NAN);
        format!(
            "{model} against {BASELINE} over {} sets: above on {above}, below on {below} (sign test p = {:.2}), on average by \
             {}.",
            found.len(),
            sign_test(above, below),
            with_sign(mean)
        )
    }

    /// Sets that share bags are no independent evidence.
    fn shared(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        for (place, set) in self.sets.iter().enumerate() {
            for other in &self.sets[place + 1..] {
                let count = set.shared_bags(other);
                if count > 0 {
                    sentences.push(format!(
                        "{} and {} share {count} of their {} and {} bags: they are not independent.",
                        set.name,
                        other.name,
                        set.set.labels.len(),
                        other.set.labels.len()
                    ));
                }
            }
        }
        sentences
    }
}

/// "+0.012 ± 0.010".
fn signed(found: &Comparison) -> String {
    format!("{} ± {:.3}", with_sign(found.difference), found.error)
}

fn with_sign(value: f64) -> String {
    format!("{value:+.3}").replace('-', "−")
}

/// The probability of a split at least as uneven as this one, if either side is as likely.
fn sign_test(above: usize, below: usize) -> f64 {
    let count = above + below;
    let fewer = above.min(below);
    // the binomial coefficients of n over 2ⁿ, one from the other
    let mut term = 0.5_f64.powf(count as f64);
    let mut tail = 0.0;
    for place in 0..=fewer {
        tail += term;
        term *= (count - place) as f64 / (place + 1) as f64;
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::sign_test;

    #[test]
    fn sign_tests_count_both_sides() {
        // 2 · (1 + 6)/64
        assert!((sign_test(5, 1) - 0.21875).abs() < 1e-15);
        assert!((sign_test(0, 6) - 0.03125).abs() < 1e-15);
        assert_eq!(sign_test(3, 3), 1.0);
        assert_eq!(sign_test(0, 0), 1.0);
    }
}
