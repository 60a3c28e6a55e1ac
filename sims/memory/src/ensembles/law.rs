//! What a law of patterns is, and how its patterns are drawn by tiles.

use std::fmt::Debug;
use std::sync::Arc;

use dam_theory::finite_size::PatternCount;
use dam_theory::{Ensemble, TheoryError};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::sampling::{Sampled, Tile};
use crate::streams::Settings;

/// A family of random patterns with |ξ|² ≈ N.
pub trait PatternEnsemble: Debug + Send + Sync {
    /// The name in job files and result columns.
    fn name(&self) -> &str;

    /// The name of the random streams; ensembles of one such name see the same patterns.
    fn stream_name(&self) -> &str {
        self.name()
    }

    /// The ensemble of the theory that these patterns are of, if any.
    fn theory(&self) -> Option<&Arc<dyn Ensemble>> {
        None
    }

    /// Whether |ξ|² = N exactly; otherwise |ξ|²/N fluctuates from pattern to pattern.
    fn has_fixed_norm(&self) -> bool;

    /// Whether the components are the signs of [`Tile::signs`], which [`SignPatterns`] holds as
    /// bits.
    ///
    /// [`SignPatterns`]: crate::patterns::signs::SignPatterns
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

/// The two types of numbers in which patterns are drawn.
pub trait Drawn: Sampled {
    /// The first patterns of a tile, as many as fit into `rows`.
    fn draw(law: &dyn PatternLaw, size: usize, tile: Tile<'_>, rows: &mut [Self]);
}

impl Drawn for f32 {
    fn draw(law: &dyn PatternLaw, size: usize, tile: Tile<'_>, rows: &mut [Self]) {
        law.fill_f32(size, tile, rows);
    }
}

impl Drawn for f64 {
    fn draw(law: &dyn PatternLaw, size: usize, tile: Tile<'_>, rows: &mut [Self]) {
        law.fill_f64(size, tile, rows);
    }
}
