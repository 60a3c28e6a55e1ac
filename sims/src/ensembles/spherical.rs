//! Patterns uniform on the sphere |ξ|² = N.

use rand_xoshiro::Xoshiro256PlusPlus;

use super::{Gaussian, PatternEnsemble, PatternLaw};

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

impl PatternLaw for Spherical {
    fn fill(&self, size: usize, rng: &mut Xoshiro256PlusPlus, rows: &mut [f64]) {
        Gaussian.fill(size, rng, rows);
        for row in rows.chunks_exact_mut(size) {
            let squared_length: f64 = row.iter().map(|value| value * value).sum();
            let factor = (size as f64 / squared_length).sqrt();
            for value in row {
                *value *= factor;
            }
        }
    }
}
