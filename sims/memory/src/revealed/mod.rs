//! Memories whose noise patterns are drawn only where they matter: a cost that does not depend on
//! P.
//!
//! The noise of a state x is a sum over M = P − 1 independent isotropic patterns, Z(x) = Σ_μ
//! e^{λ x·ξ^μ}. Near and above condensation it is carried by few patterns of large overlap with x,
//! and its average is no stand-in. Here these patterns are drawn, the moment a descent looks into
//! their direction, and only the rest is averaged over.
//!
//! **Field.** With x·ξ^μ = ℓ|x| s_μ ([`ProjectionLaw`]),
//! k = λℓ|x| and a level j, whose share h_j(s) rises smoothly from 0 to 1,
//!
//! ```text
//! Z = e^{λ x·ξ¹} + Σ_{s_μ > b_j} h_j(s_μ) e^{k s_μ} + M E[(1 − h_j) e^{ks}]
//! x' = {e^{λ x·ξ¹} ξ¹ + Σ_{s_μ > b_j} h_j(s_μ) e^{k s_μ} ξ^μ + M E[(1 − h_j) s e^{ks}] ℓ x̂}/Z
//! ```
//!
//! The average needs the one axis x̂, whatever is already known of the patterns: *all* patterns
//! enter with the share h exactly and with the share 1 − h as if nothing were known of them.
//! Nothing is counted twice.
//!
//! **Levels.** M Pr(s > b_j) = 2^{j−10}, and h_j = v²(3 − 2v) with v = (s − b_j)/(b_{j−1} − b_j)
//! clipped to [0, 1]; level 0 averages over everything. The standard deviation left out at level j,
//! relative to Z, is δ_j = √(M E[(1 − h_j)² e^{2ks}])/Z_j, known in closed form. A pattern of
//! weight w also feeds back: it pulls the state by w ξ^μ and so raises its own exponent by λN w at
//! the next step, which raises Z by λN Σ w² = λN δ² as long as λN w is small. Where it is not, the
//! weight runs away: w = w_0 e^{λN w} has no solution for λN w_0 > 1/e. One such pattern decides a
//! descent, however rare it is and however little it adds to δ. So the level at each state is where
//! both
//!
//! ```text
//! δ √max(1, λN) ≤ ε,      max(1, λN) e^{k b_{j−1}}/Z ≤ ε
//! ```
//!
//! (no pattern above b_{j−1} is averaged over at level j; at level 0 none but 2^{−11} on average is
//! above b_{−1}), interpolated between neighbouring levels so that the field is a continuous
//! function of x.
//!
//! **Drawing.** The patterns with s > b_j along x̂ that were not drawn before are drawn by
//! thinning: a Poisson number of mean M Pr(s > b_j) of candidates with the exact law of s above b_j
//! and a uniform complement; candidates within an already explored half-space {ξ : x̂'·ξ > ℓ b'}
//! are dropped, for these patterns are known. Restricted to disjoint regions a Poisson process has
//! independent parts, also where the regions are chosen by what was seen before. So all descents in
//! one memory, from any number of starts, at any λ, meet the same patterns, in whatever order they
//! ask: their verdicts belong to one realisation of the disorder.
//!
//! **What is exact.** The joint law of all patterns drawn, for a Poisson number of patterns of mean
//! M. **What is not:** the fluctuation δ ≤ ε/√max(1, λN) of the averaged part and its feedback of
//! relative size ε² on Z at each step, which descents near the edge of a basin multiply by a factor
//! of order one, and the fluctuation 1/√M of the number of patterns. Where M ≤ N/ε² the last could
//! exceed the first at λ = 1; there [`sampled_memory`] draws and stores all patterns, M exactly,
//! which also costs less. As ε → 0 the law of every descent is that of stored patterns.
//! [`RevealedMemory::largest_left_out`] tells the largest δ √max(1, λN) met.
//!
//! The cost of a state that needs drawn patterns grows as λN/ε² and with the number of patterns
//! drawn so far, not with P.

mod candidates;
mod explored;
mod field;
mod frame;
mod levels;
mod projections;

pub use field::RevealedMemory;
pub use levels::Levels;

use dam_theory::finite_size::{PatternCount, ProjectionLaw};
use dam_theory::{Ensemble, TheoryError};
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::sync::Arc;

use frame::Frame;

use crate::attention::AttentionMemory;
use crate::ensembles::{PatternEnsemble, PatternLaw, Sampler};
use crate::memory::Memory;
use crate::patterns::Patterns;
use crate::products::dot;
use crate::sampling::Tile;
use crate::streams::StreamKey;

/// Up to this N patterns have all their components; beyond it, one for each direction that states visit,
/// which are about as many.
pub const LARGEST_COMPLETE_SIZE: usize = 200;

/// What all memories of one law, number of patterns and tolerance share.
#[derive(Clone, Debug)]
pub struct ExtremesPlan {
    levels: Arc<Levels>,
    patterns: PatternCount,
    size: usize,
    tolerance: f64,
}

impl ExtremesPlan {
    /// Memories of P patterns of an isotropic ensemble in N = `size` dimensions, and at each state
    /// δ √max(1, λN) and the λN-fold weight of any pattern averaged over at most ε = `tolerance`.
    ///
    /// # Errors
    /// [`TheoryError`] when the ensemble is not isotropic, N < 3, or ε is outside (0, 1).
    pub fn new(
        ensemble: &Arc<dyn Ensemble>,
        size: usize,
        patterns: PatternCount,
        tolerance: f64,
    ) -> Result<Self, TheoryError> {
        if !(tolerance > 0.0 && tolerance < 1.0) {
            return Err(TheoryError::Domain {
                quantity: "the tolerance ε",
                value: tolerance,
                domain: "between 0 and 1",
            });
        }
        Ok(Self {
            levels: Arc::new(Levels::new(ensemble, size, patterns)?),
            patterns,
            size,
            tolerance,
        })
    }

    /// Whether all patterns are stored, M ≤ N/ε².
    pub fn stores_all(&self) -> bool {
        self.levels.log_count() <= (self.size as f64).ln() - 2.0 * self.tolerance.ln()
    }

    /// N.
    pub fn size(&self) -> usize {
        self.size
    }

    /// P.
    pub fn patterns(&self) -> PatternCount {
        self.patterns
    }

    /// A memory that draws its patterns when they matter, even where storing them all would cost
    /// less.
    pub fn revealed_memory(&self, target: &[f64], rng: Xoshiro256PlusPlus) -> RevealedMemory {
        if self.size <= LARGEST_COMPLETE_SIZE {
            let frame = Frame::complete(self.size, self.has_fixed_norm());
            return self.revealed_in(frame, target, rng);
        }
        self.directed_memory(target, rng)
    }

    /// A memory that knows of its patterns only the products with the directions visited, whatever N: its cost grows with
    /// their number.
    pub fn directed_memory(&self, target: &[f64], rng: Xoshiro256PlusPlus) -> RevealedMemory {
        let frame = Frame::empty(self.size, self.has_fixed_norm());
        self.revealed_in(frame, target, rng)
    }

    fn revealed_in(&self, frame: Frame, target: &[f64], rng: Xoshiro256PlusPlus) -> RevealedMemory {
        RevealedMemory::new(Arc::clone(&self.levels), self.tolerance, frame, target, rng)
    }

    fn has_fixed_norm(&self) -> bool {
        matches!(self.levels.law(), ProjectionLaw::Spherical(_))
    }

    /// A memory of all P patterns, drawn and stored: for plans that [store all](Self::stores_all).
    pub fn stored_memory(&self, target: &[f64], mut rng: Xoshiro256PlusPlus) -> AttentionMemory {
        self.stored_patterns(target, &mut rng).into()
    }

    /// The P patterns of that memory, pattern 0 = `target`.
    ///
    /// # Panics
    /// If P patterns are beyond the range of a `usize`.
    pub fn stored_patterns(&self, target: &[f64], rng: &mut Xoshiro256PlusPlus) -> Patterns<f64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "M ≤ N/ε² patterns"
        )]
        let count = self.levels.log_count().exp().round() as usize;
        let mut rows = target.to_vec();
        rows.resize((count + 1) * self.size, 0.0);
        let noise = &mut rows[self.size..];
        draw_isotropic(self.levels.ensemble(), self.size, rng, noise);
        Patterns::from_rows(self.size, rows)
    }

    /// The streams of the disorder samples of this plan: others than those of any measurement.
    pub fn stream_key(&self, seed: u64, sample: usize) -> StreamKey {
        StreamKey::new(seed)
            .with_text("extremes of", self.levels.ensemble().name())
            .with_integer("size", self.size as u64)
            .with_real("log_count", self.levels.log_count())
            .with_integer("sample", sample as u64)
    }

    /// A random target, of the given r = |ξ¹|²/N where there is one.
    pub fn draw_target(&self, norm: Option<f64>, rng: &mut Xoshiro256PlusPlus) -> Vec<f64> {
        let mut target = vec![0.0; self.size];
        draw_isotropic(self.levels.ensemble(), self.size, rng, &mut target);
        if let Some(norm) = norm {
            let factor = (norm * self.size as f64 / dot(&target, &target)).sqrt();
            for value in &mut target {
                *value *= factor;
            }
        }
        target
    }

    /// λ_× of a target by the averaged noise, where it depends on the target.
    pub fn averaged_crossover(&self, target: &[f64]) -> Option<f64> {
        isotropic_law(self.levels.ensemble()).crossover(target, self.patterns)
    }
}

/// A memory with pattern 0 = `target` (N components) and a fresh disorder sample from `rng`: all
/// patterns stored where M ≤ N/ε², a [`RevealedMemory`] otherwise.
///
/// ```
/// use dam_memory::revealed::{ExtremesPlan, sampled_memory};
/// use dam_memory::dynamics::{Retriever, Start};
/// use dam_memory::streams::StreamKey;
/// use dam_theory::finite_size::{PatternCount, ProjectionLaw};
/// // P = e³⁰ patterns of N = 100 components: no memory could hold them
/// let spherical = dam_theory::ensemble("spherical")?;
/// let plan = ExtremesPlan::new(&spherical, 100, PatternCount::from_load(0.3, 100.0)?, 0.2)?;
/// let mut target = vec![0.0; 100];
/// target[0] = 10.0;
/// let streams = StreamKey::new(1);
/// let memory = sampled_memory(&plan, &target, streams.rng("noise"));
/// let start = |lambda| Start { state: target.clone(), inverse_temperature: lambda, target: 0 };
/// let starts = [start(0.3), start(0.8)];
/// let found = Retriever::default().verdicts(memory.as_ref(), &starts, &streams);
/// assert!(!found[0].0 && found[1].0); // λ_× ≈ 0.43
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
pub fn sampled_memory(
    plan: &ExtremesPlan,
    target: &[f64],
    rng: Xoshiro256PlusPlus,
) -> Box<dyn Memory> {
    if plan.stores_all() {
        return Box::new(plan.stored_memory(target, rng));
    }
    Box::new(plan.revealed_memory(target, rng))
}

/// Fills `rows` with patterns of `size` components, from a tile stream that `rng` names.
fn draw_isotropic(
    ensemble: &Arc<dyn Ensemble>,
    size: usize,
    rng: &mut Xoshiro256PlusPlus,
    rows: &mut [f64],
) {
    let seed: [u8; 32] = rng.random();
    isotropic_law(ensemble).fill_f64(size, Tile::new(&seed, 0), rows);
}

/// The law from which the patterns of an isotropic ensemble are drawn.
fn isotropic_law(ensemble: &Arc<dyn Ensemble>) -> Box<dyn PatternLaw> {
    use rand_xoshiro::rand_core::SeedableRng;
    // isotropic patterns share nothing: the generator is not used
    Sampler(Arc::clone(ensemble)).prepare(1, &mut Xoshiro256PlusPlus::seed_from_u64(0))
}
