//! Patterns of independent fair signs.

use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ensembles::{FillTile, PatternEnsemble, PatternLaw};
use crate::sampling::{Sampled, Tile};

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

    fn has_signs(&self) -> bool {
        true
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(*self)
    }
}

impl FillTile for Rademacher {
    fn fill<T: Sampled>(&self, _size: usize, tile: Tile<'_>, rows: &mut [T]) {
        tile.signs(rows);
    }
}

impl PatternLaw for Rademacher {}
