//! What theory at N expects to be lost.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use dam_runs::place::Place;
use dam_theory::finite_size::{Estimate, LostPatterns, loss_error, lost_patterns};

pub(crate) const ALL_RETRIEVED: &str = "all_retrieved";

/// The fewest losses, those expected, and the most.
type Losses = [LostPatterns; 3];
/// By the bits of N, P and λ.
type Known = BTreeMap<(u64, u64, u64), Option<Losses>>;

/// Expectations that are known: one takes a tenth of a second.
#[derive(Clone, Debug, Default)]
pub(super) struct Expectations {
    known: Arc<Mutex<Known>>,
}

impl Expectations {
    /// Of a quantity, with the nearest neighbour followed explicitly and all others averaged, and P(all) by Poisson.
    pub(super) fn estimate(&self, at: &Place<'_>, quantity: &str, lambda: f64) -> Option<Estimate> {
        let key = (at.size.to_bits(), at.count.to_bits(), lambda.to_bits());
        let known = self.known.lock().ok()?.get(&key).copied();
        let [fewest, expected, most] = known.unwrap_or_else(|| {
            let losses = at.patterns().zip(at.theory());
            let losses = losses.and_then(|(patterns, theory)| {
                let theory = theory.as_ref();
                let expected = lost_patterns(theory, patterns, at.size, lambda).ok()?;
                let error = loss_error(theory, patterns, at.size, lambda).ok()?;
                let [fewest, most] = error.range(&expected);
                Some([fewest, expected, most])
            });
            if let Ok(mut expectations) = self.known.lock() {
                expectations.insert(key, losses);
            }
            losses
        })?;
        let value = of_losses(quantity, &expected, at.count)?;
        let mut ends = vec![
            of_losses(quantity, &fewest, at.count)?,
            of_losses(quantity, &most, at.count)?,
        ];
        if quantity == ALL_RETRIEVED {
            // of few patterns each loss leaves fewer to lose, which the Poisson law does not know
            let share = (most.losses() / at.count).min(1.0);
            ends.push((1.0 - share).powf(at.count));
        }
        let error = ends.into_iter().map(|end| (end - value).abs());
        Some(Estimate {
            value,
            error: error.fold(0.0, f64::max),
        })
    }
}

/// A quantity of the expected numbers of losses among `count` patterns.
fn of_losses(quantity: &str, lost: &LostPatterns, count: f64) -> Option<f64> {
    match quantity {
        ALL_RETRIEVED => Some(lost.all_retrieved()),
        "retrieved_fraction" => Some(1.0 - (lost.lost() / count).min(1.0)),
        "lost_to_low_norm" => Some(lost.lost_to_low_norm()),
        "lost_to_close_pair" => Some(lost.lost_to_close_pair()),
        "any_lost_to_low_norm" => Some(-(-lost.lost_to_low_norm()).exp_m1()),
        "any_lost_to_close_pair" => {
            let pairs = lost.losses() - lost.lost_to_low_norm();
            Some(-(-pairs.max(0.0)).exp_m1())
        }
        _ => None,
    }
}
