//! The laws from which patterns are drawn: of any ensemble of the theory, by its structure.

mod components;
mod covariance;
mod images;
mod manifold;
mod sphere;

use std::fmt::Debug;
use std::sync::Arc;

use dam_theory::finite_size::PatternCount;
use dam_theory::laws::CovarianceLaw;
use dam_theory::{ENSEMBLES, Ensemble, NormLaw, Parameters, Structure, TheoryError};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::kernel::{Parallelism, SOURCE_TILE};
use crate::patterns::Patterns;
use crate::sampling::{Sampled, Tile};
use crate::streams::Settings;

use covariance::{Pairs, Spectrum};
use manifold::Manifold;
use sphere::{Normal, Signs, Sphere};

pub use images::Images;

/// A family of random patterns with |ξ|² ≈ N.
pub trait PatternEnsemble: Debug + Send + Sync {
    /// The name in job files and result columns.
    fn name(&self) -> &'static str;

    /// The ensemble of the theory that these patterns are of, if any.
    fn theory(&self) -> Option<&Arc<dyn Ensemble>> {
        None
    }

    /// Whether |ξ|² = N exactly; otherwise |ξ|²/N fluctuates from pattern to pattern.
    fn has_fixed_norm(&self) -> bool;

    /// Whether the components are the signs of [`Tile::signs`], which [`SignPatterns`] holds as bits.
    ///
    /// [`SignPatterns`]: crate::SignPatterns
    fn has_signs(&self) -> bool {
        false
    }

    /// N, where the patterns have one length only, such as those of a data set.
    fn given_size(&self) -> Option<usize> {
        None
    }

    /// The most patterns that can be stored, where there are only so many.
    fn largest_count(&self) -> Option<usize> {
        None
    }

    /// The most patterns that [`prepare_validation`](Self::prepare_validation) has, where there
    /// are only so many.
    fn largest_validation_count(&self) -> Option<usize> {
        None
    }

    /// What the patterns depend on besides N and the ensemble's parameters.
    fn settings(&self) -> Settings {
        Settings::new()
    }

    /// Whether patterns of `size` components exist.
    ///
    /// # Errors
    /// [`TheoryError`] naming the parameter that does not go with this size.
    fn check_size(&self, size: usize) -> Result<(), TheoryError> {
        let _ = size;
        Ok(())
    }

    /// The law of the patterns of one disorder sample: draws what its patterns share, if anything.
    fn prepare(&self, size: usize, rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw>;

    /// The law of patterns that parameters are tuned on: never any that are stored.
    fn prepare_validation(&self, size: usize, rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        self.prepare(size, rng)
    }
}

/// How a tile of patterns is made from its random numbers, in either precision.
pub trait FillTile {
    /// Draws whole patterns of `size` components into `rows` (row-major).
    ///
    /// The patterns of one tile in `f32` and in `f64` are the same but for rounding, and the
    /// first ones do not depend on how many are asked for.
    fn fill<T: Sampled>(&self, size: usize, tile: Tile<'_>, rows: &mut [T]);
}

/// [`FillTile`] behind a pointer.
pub trait DrawTile: Debug + Send + Sync {
    /// Draws patterns in single precision.
    fn fill_f32(&self, size: usize, tile: Tile<'_>, rows: &mut [f32]);
    /// Draws patterns in double precision.
    fn fill_f64(&self, size: usize, tile: Tile<'_>, rows: &mut [f64]);
}

impl<L: FillTile + Debug + Send + Sync> DrawTile for L {
    fn fill_f32(&self, size: usize, tile: Tile<'_>, rows: &mut [f32]) {
        self.fill(size, tile, rows);
    }

    fn fill_f64(&self, size: usize, tile: Tile<'_>, rows: &mut [f64]) {
        self.fill(size, tile, rows);
    }
}

/// The law of the independent patterns of one disorder sample.
pub trait PatternLaw: DrawTile {
    /// The class of a pattern, where patterns have one.
    fn label(&self, pattern: usize) -> Option<u8> {
        let _ = pattern;
        None
    }

    /// λ_× of this target by the finite-N theory, where it depends on the target: `None` for
    /// ensembles of fixed norm, and where no λ retrieves.
    fn crossover(&self, target: &[f64], patterns: PatternCount) -> Option<f64> {
        let _ = (target, patterns);
        None
    }
}

/// Patterns drawn from an ensemble of the theory: ours, or one from another crate.
#[derive(Clone, Debug)]
pub struct Sampler(pub Arc<dyn Ensemble>);

impl PatternEnsemble for Sampler {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn theory(&self) -> Option<&Arc<dyn Ensemble>> {
        Some(&self.0)
    }

    fn has_fixed_norm(&self) -> bool {
        self.0.structure().norm_law() == NormLaw::Fixed
    }

    fn has_signs(&self) -> bool {
        matches!(self.0.structure(), Structure::Signs)
    }

    fn check_size(&self, size: usize) -> Result<(), TheoryError> {
        match self.0.structure() {
            Structure::Sphere
            | Structure::Normal
            | Structure::Signs
            | Structure::Components(_)
            | Structure::Covariance(CovarianceLaw::Pairs(_)) => Ok(()),
            Structure::Covariance(CovarianceLaw::Spectrum(law)) => law.check_size(size as f64),
            Structure::Covariance(CovarianceLaw::Manifold(law)) => {
                manifold::check_size(*law, size as f64)
            }
        }
    }

    fn prepare(&self, size: usize, rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        match self.0.structure() {
            Structure::Sphere => Box::new(Sphere),
            Structure::Normal => Box::new(Normal),
            Structure::Signs => Box::new(Signs),
            Structure::Components(_) => Box::new(components::Components {
                ensemble: Arc::clone(&self.0),
            }),
            Structure::Covariance(CovarianceLaw::Pairs(law)) => Box::new(Pairs { law: *law }),
            Structure::Covariance(CovarianceLaw::Spectrum(law)) => {
                Box::new(Spectrum::new(law.clone()))
            }
            Structure::Covariance(CovarianceLaw::Manifold(law)) => {
                Box::new(Manifold::new(*law, size, rng))
            }
        }
    }
}

/// The names of the ensembles that can be simulated.
pub fn pattern_ensemble_names() -> Vec<&'static str> {
    ENSEMBLES.iter().map(|kind| kind.name).collect()
}

/// The ensemble of a name and its parameters.
///
/// # Errors
/// As [`dam_theory::ensemble_with`]: an unknown name, an unknown or missing parameter, or one
/// outside its domain.
pub fn pattern_ensemble(
    name: &str,
    parameters: &Parameters,
) -> Result<Arc<dyn PatternEnsemble>, TheoryError> {
    Ok(Arc::new(Sampler(dam_theory::ensemble_with(
        name, parameters,
    )?)))
}

/// Draws `count` patterns of `size` components.
///
/// `f32` patterns are the `f64` patterns of the same seed but for rounding.
///
/// ```
/// use dam_memory::ensembles::{pattern_ensemble, sample_patterns};
/// use dam_memory::patterns::Patterns;
/// use dam_memory::streams::StreamKey;
/// let ensemble = pattern_ensemble("spherical", &Default::default())?;
/// let patterns: Patterns<f64> =
///     sample_patterns(ensemble.as_ref(), 40, 100, &StreamKey::new(1).seed("patterns"));
/// assert!((patterns.squared_norm(7) - 1.0).abs() < 1e-14);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
pub fn sample_patterns<T: Sampled>(
    ensemble: &dyn PatternEnsemble,
    size: usize,
    count: usize,
    seed: &[u8; 32],
) -> Patterns<T> {
    let law = pattern_law(ensemble, size, seed);
    draw_patterns(law.as_ref(), size, count, seed)
}

/// The law of the disorder sample of a seed.
pub fn pattern_law(
    ensemble: &dyn PatternEnsemble,
    size: usize,
    seed: &[u8; 32],
) -> Arc<dyn PatternLaw> {
    let digest = Sha256::new().chain_update(seed).chain_update("shared");
    let mut rng = Xoshiro256PlusPlus::from_seed(digest.finalize().into());
    ensemble.prepare(size, &mut rng).into()
}

/// Draws `count` patterns of `size` components from the [`pattern_law`] of the same seed.
///
/// Pattern μ depends on the law, the seed and μ alone: more patterns begin with the same ones.
pub fn draw_patterns<T: Sampled>(
    law: &dyn PatternLaw,
    size: usize,
    count: usize,
    seed: &[u8; 32],
) -> Patterns<T> {
    draw_tiles(law, size, count, seed, Parallelism::Sequential)
}

/// [`draw_patterns`], whose tiles of [`SOURCE_TILE`] any thread draws in any order.
pub(crate) fn draw_tiles<T: Sampled>(
    law: &dyn PatternLaw,
    size: usize,
    count: usize,
    seed: &[u8; 32],
    parallelism: Parallelism,
) -> Patterns<T> {
    let mut patterns = Patterns::zeros(size, count);
    let draw = |(tile, rows): (usize, &mut [T])| {
        T::draw(law, size, Tile::new(seed, tile as u64), rows);
    };
    let tile = SOURCE_TILE * size;
    match parallelism {
        Parallelism::Sequential => {
            patterns
                .as_mut_slice()
                .chunks_mut(tile)
                .enumerate()
                .for_each(draw);
        }
        Parallelism::Chunks => {
            patterns
                .as_mut_slice()
                .par_chunks_mut(tile)
                .enumerate()
                .for_each(draw);
        }
    }
    patterns
}
