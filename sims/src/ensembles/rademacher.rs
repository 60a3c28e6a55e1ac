//! Patterns of independent fair signs.

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{PatternEnsemble, PatternLaw};

/// ξ_i = ±1 with probability ½ each, independent: |ξ|² = N exactly.
#[derive(Clone, Copy, Debug)]
pub struct Rademacher;

impl PatternEnsemble for Rademacher {
    fn name(&self) -> &'static str {
        "rademacher"
    }

    fn has_fixed_norm(&self) -> bool {
        true
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(*self)
    }
}

impl PatternLaw for Rademacher {
    fn fill(&self, _size: usize, rng: &mut Xoshiro256PlusPlus, rows: &mut [f64]) {
        for block in rows.chunks_mut(64) {
            let mut bits = rng.next_u64();
            for value in block {
                *value = if bits & 1 == 0 { -1.0 } else { 1.0 };
                bits >>= 1;
            }
        }
    }
}
