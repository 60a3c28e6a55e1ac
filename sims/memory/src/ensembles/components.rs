//! Patterns with independent components of any law.

use std::sync::Arc;

use dam_theory::finite_size::{PatternCount, component_crossover};
use dam_theory::laws::{ComponentLaw, Draw};
use dam_theory::{Ensemble, Structure};

use crate::ensembles::law::{FillTile, PatternLaw};
use crate::sampling::{Sampled, Tile};

/// Independent components of the law that the ensemble is made of, drawn as that law says.
#[derive(Clone, Debug)]
pub(super) struct Components {
    pub(super) ensemble: Arc<dyn Ensemble>,
}

impl Components {
    fn law(&self) -> &dyn ComponentLaw {
        match self.ensemble.structure() {
            Structure::Components(law) => law,
            other => unreachable!("{other:?} has a sampler of its own"),
        }
    }
}

impl FillTile for Components {
    fn fill<T: Sampled>(&self, _size: usize, tile: Tile<'_>, rows: &mut [T]) {
        let law = self.law();
        match law.draw() {
            Draw::Quantile => {
                // in f64, since the tails ask for all digits of the uniform number
                let mut uniform = vec![0.0_f64; rows.len()];
                tile.uniform(&mut uniform);
                for (value, uniform) in rows.iter_mut().zip(uniform) {
                    *value = T::from_f64(law.quantile(uniform));
                }
            }
            Draw::Uniform { half_width } => {
                tile.uniform(rows);
                for value in rows {
                    *value = T::from_f64(half_width * (2.0 * value.to_f64() - 1.0));
                }
            }
            Draw::TwoNormals {
                deviations: [first, second],
            } => {
                tile.normals(rows);
                let mut bits = vec![0; rows.len().div_ceil(64)];
                tile.sign_bits(&mut bits);
                for (block, bits) in rows.chunks_mut(64).zip(bits) {
                    for (index, value) in block.iter_mut().enumerate() {
                        let scale = if bits >> index & 1 == 0 {
                            first
                        } else {
                            second
                        };
                        *value = T::from_f64(scale * value.to_f64());
                    }
                }
            }
        }
    }
}

impl PatternLaw for Components {
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let found = component_crossover(self.law(), target, patterns).ok()??;
        Some(found.inverse_temperature)
    }
}
