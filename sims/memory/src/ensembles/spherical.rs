//! Patterns uniform on the sphere |ξ|² = N.

use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ensembles::{FillTile, PatternEnsemble, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// Uniform on the sphere |ξ|² = N: a normalised Gaussian vector (LM24).
#[derive(Clone, Copy, Debug)]
pub struct Spherical;

impl PatternEnsemble for Spherical {
    fn name(&self) -> &'static str {
        "spherical"
    }

    fn has_fixed_norm(&self) -> bool {
        true
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(*self)
    }
}

impl FillTile for Spherical {
    fn fill<T: Sampled>(&self, size: usize, tile: Tile<'_>, rows: &mut [T]) {
        tile.normals(rows);
        T::to_sphere(size, rows);
    }
}

impl PatternLaw for Spherical {}
