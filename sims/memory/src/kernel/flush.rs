//! How partial sums of the patterns' precision go into sums of double precision.

#![expect(
    clippy::inline_always,
    reason = "the loops take the vector instructions of the entry point they land in"
)]

use crate::kernel::scratch::{EXTRAS, Plan, Scratch};
use crate::kernel::simd::Number;

/// 2^`exponent` for `exponent` ≤ 0, without the call where it is 1.
fn power(exponent: f64) -> f64 {
    if exponent == 0.0 {
        1.0
    } else {
        exponent.exp2()
    }
}

/// Adds the sums since the last flush to the slot, relative to the largest exponent so
/// far, and empties them.
#[inline(always)]
pub(super) fn flush<T: Number>(plan: &Plan<T>, scratch: &mut Scratch<T>) {
    let mut factors = [1.0; 64];
    for group in &plan.groups {
        let (width, columns) = (group.width, group.slot_width);
        let slot = &mut scratch.slot[group.slot..][..(plan.size + EXTRAS) * columns];
        let (means, extras) = slot.split_at_mut(plan.size * columns);
        let lanes = &mut scratch.lanes[group.lanes * 3..][..3 * width];
        let factors = &mut factors[..columns];
        for (column, factor) in factors.iter_mut().enumerate() {
            let maximum = lanes[column].to_f64();
            *factor = power(extras[2 * columns + column] - maximum);
            extras[2 * columns + column] = maximum;
            // One lane per column, or all lanes for the only one.
            let own = column..column + width / columns;
            let weight: f64 = lanes[width..][own.clone()].iter().map(|w| w.to_f64()).sum();
            let square: f64 = lanes[2 * width..][own].iter().map(|w| w.to_f64()).sum();
            extras[column] = extras[column] * *factor + weight;
            extras[columns + column] = extras[columns + column] * *factor * *factor + square;
        }
        lanes[width..].fill(T::default());
        let sums = &scratch.sums[group.values..];
        if let [factor] = *factors {
            for (mean, sum) in means.iter_mut().zip(sums) {
                *mean = *mean * factor + sum.to_f64();
            }
        } else {
            let rows = sums.chunks_exact(columns);
            for (means, sums) in means.chunks_exact_mut(columns).zip(rows) {
                for ((mean, factor), sum) in means.iter_mut().zip(&*factors).zip(sums) {
                    *mean = *mean * factor + sum.to_f64();
                }
            }
        }
    }
    scratch.sums.fill(T::default());
}

/// Adds the slot of the patterns that follow to the slot `total`.
#[inline(always)]
pub(super) fn merge<T: Number>(plan: &Plan<T>, total: &mut [f64], slot: &[f64]) {
    let mut factors = [(1.0, 1.0); 64];
    for group in &plan.groups {
        let columns = group.slot_width;
        let range = group.slot..group.slot + (plan.size + EXTRAS) * columns;
        let (means, extras) = total[range.clone()].split_at_mut(plan.size * columns);
        let (new_means, new) = slot[range].split_at(plan.size * columns);
        let factors = &mut factors[..columns];
        for (column, factors) in factors.iter_mut().enumerate() {
            let [weight, square, largest, target, best] =
                std::array::from_fn(|extra| extra * columns + column);
            let maximum = extras[largest].max(new[largest]);
            let (old_factor, factor) = (
                power(extras[largest] - maximum),
                power(new[largest] - maximum),
            );
            *factors = (old_factor, factor);
            extras[weight] = extras[weight] * old_factor + new[weight] * factor;
            extras[square] =
                extras[square] * old_factor * old_factor + new[square] * factor * factor;
            // Before a best pattern is known the exponent is only a bound.
            let unknown = extras[best] < 0.0 || new[largest] > extras[largest];
            if new[best] >= 0.0 && unknown {
                extras[best] = new[best];
            }
            extras[largest] = maximum;
            extras[target] = extras[target].max(new[target]);
        }
        if let [(old_factor, factor)] = *factors {
            for (mean, new) in means.iter_mut().zip(new_means) {
                *mean = *mean * old_factor + new * factor;
            }
        } else {
            let rows = new_means.chunks_exact(columns);
            for (means, new) in means.chunks_exact_mut(columns).zip(rows) {
                for ((mean, (old_factor, factor)), new) in means.iter_mut().zip(&*factors).zip(new)
                {
                    *mean = *mean * old_factor + new * factor;
                }
            }
        }
    }
}
