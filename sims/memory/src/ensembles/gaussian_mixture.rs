//! Patterns with independent components from an equal mixture of two centred normal laws.

use dam_theory::finite_size::{PatternCount, component_crossover};
use dam_theory::{GaussianMixtureLaw, MIXTURE_VARIANCES};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::ensembles::{FillTile, PatternEnsemble, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// ξ_i ~ ½ N(0, ½) + ½ N(0, 3/2), independent: unit variance, E ξ⁴ = 3.75.
#[derive(Clone, Copy, Debug)]
pub struct GaussianMixture;

impl PatternEnsemble for GaussianMixture {
    fn name(&self) -> &'static str {
        "gaussian-mixture"
    }

    fn has_fixed_norm(&self) -> bool {
        false
    }

    fn prepare(&self, _size: usize, _rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(*self)
    }
}

impl FillTile for GaussianMixture {
    fn fill<T: Sampled>(&self, _size: usize, tile: Tile<'_>, rows: &mut [T]) {
        let [narrow, wide] = MIXTURE_VARIANCES.map(f64::sqrt);
        tile.normals(rows);
        let mut bits = vec![0; rows.len().div_ceil(64)];
        tile.sign_bits(&mut bits);
        for (block, bits) in rows.chunks_mut(64).zip(bits) {
            for (index, value) in block.iter_mut().enumerate() {
                let scale = if bits >> index & 1 == 0 { narrow } else { wide };
                *value = T::from_f64(scale * value.to_f64());
            }
        }
    }
}

impl PatternLaw for GaussianMixture {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let found = component_crossover(&GaussianMixtureLaw, target, patterns).ok()??;
        Some(found.inverse_temperature)
    }
}
