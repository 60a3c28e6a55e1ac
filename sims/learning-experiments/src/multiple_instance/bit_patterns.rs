//! Bags of random bits, some of which are signals.

use std::collections::HashSet;

use dam_runs::job::{Draft, JobError};
use dam_runs::section::Section;
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bag_kind::{BagKind, SECTION};
use super::made_bags::{Instances, MADE, made_sets};
use super::sets::NamedSet;

/// Bags and instances of the demonstration of `hflayers`.
const USUAL: (usize, usize) = (2048, 16);
/// More bits have more patterns than numbers can count.
const MOST_BITS: u32 = 32;

/// Random patterns of bits; a bag is positive where some are among the signals, as in the demonstration of `hflayers`.
pub(super) const BIT_PATTERNS: BagKind = BagKind {
    name: "bit-pattern",
    about: "random patterns of bits, some of which are signals",
    sections: &[MADE, Section::of::<Bits>(SECTION)],
    read,
};

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct Bits {
    /// Bits of an instance.
    bits: u32,
    /// Patterns that negative bags never hold.
    signals: usize,
}

impl Default for Bits {
    fn default() -> Self {
        Self {
            bits: 8,
            signals: 8,
        }
    }
}

fn read(draft: &Draft<'_>) -> Result<Vec<NamedSet>, JobError> {
    let Bits { bits, signals } = draft.section(SECTION)?.unwrap_or_default();
    if bits == 0 || bits > MOST_BITS {
        let message = format!("{bits} lies outside 1 … {MOST_BITS}");
        return Err(draft.error(SECTION, "bits", message));
    }
    let most = (1_u64 << bits) / 2;
    if signals == 0 || signals as u64 > most {
        let message = format!(
            "{signals} signals among {} patterns of {bits} bits; give 1 to {most}",
            1_u64 << bits
        );
        return Err(draft.error(SECTION, "signals", message));
    }
    made_sets(draft, BIT_PATTERNS.name, USUAL, |rng| {
        let mut known = HashSet::new();
        let mut chosen = Vec::new();
        while chosen.len() < signals {
            let pattern = rng.random_range(0..1_u64 << bits);
            if known.insert(pattern) {
                chosen.push(pattern);
            }
        }
        Patterns {
            bits,
            signals: chosen,
        }
    })
}

/// Signals, and what is none.
struct Patterns {
    bits: u32,
    signals: Vec<u64>,
}

impl Instances for Patterns {
    fn size(&self) -> usize {
        self.bits as usize
    }

    fn draw(&mut self, is_positive: bool, rng: &mut Xoshiro256PlusPlus, row: &mut [f64]) {
        let pattern = if is_positive {
            self.signals[rng.random_range(0..self.signals.len())]
        } else {
            loop {
                let pattern = rng.random_range(0..1_u64 << self.bits);
                if !self.signals.contains(&pattern) {
                    break pattern;
                }
            }
        };
        for (bit, value) in row.iter_mut().enumerate() {
            *value = f64::from(u8::from(pattern >> bit & 1 == 1));
        }
    }
}
