//! Finite-N theory that is itself sampled.

use dam_memory::revealed::ExtremesPlan;
use dam_runs::task::Task;

/// Disorder samples of the theory that a measurement is compared with.
pub(crate) const THEORY_SAMPLES: usize = 400;
/// Those of memories so small, in components of all patterns, that they cost no more: θ_c is good to
/// .05° at N = 28, P = 270, where it scatters by 2°.
const MANY_SAMPLES: usize = 1600;
const SMALL_MEMORY: usize = 10_000;
/// ε of [`extremes`](dam_memory::revealed). At α = 0.2, N = 40, λ = 0.6 the mean cos θ_c of 3000 samples is 0.5326(6) for ε = 0.3 and
/// 0.5331(6) with all patterns stored.
const TOLERANCE: f64 = 0.2;
/// Up to N/ε² patterns are stored, for this ε: that is exact, and costs less.
const STORING_TOLERANCE: f64 = 0.05;

/// Disorder samples of the basins of a task.
pub(crate) fn basin_samples(task: &Task) -> usize {
    if task.size.saturating_mul(task.pattern_count) <= SMALL_MEMORY {
        MANY_SAMPLES
    } else {
        THEORY_SAMPLES
    }
}

/// The memories that a task's theory is sampled from; `None` off the isotropic ensembles.
pub(crate) fn theory_plan(task: &Task) -> Option<ExtremesPlan> {
    let patterns = task.patterns()?;
    let ensemble = task.theory()?;
    let plan = |tolerance| ExtremesPlan::new(&ensemble, task.size, patterns, tolerance).ok();
    plan(STORING_TOLERANCE)
        .filter(ExtremesPlan::stores_all)
        .or_else(|| plan(TOLERANCE))
}

/// About how many patterns a sample of the plan draws.
pub(crate) fn drawn_patterns(task: &Task) -> f64 {
    (task.size as f64 / (TOLERANCE * TOLERANCE)).min(task.count())
}

/// Raised when the numbers of a sample of theory change.
pub(crate) const THEORY_VERSION: u32 = 1;

/// Whether theory stores all patterns of the task: up to N/ε² of them.
pub(crate) fn stores_all(task: &Task) -> bool {
    task.count() <= task.size as f64 / (STORING_TOLERANCE * STORING_TOLERANCE)
}

/// Root of the random streams of theories whose experiment has none of its own.
pub(crate) const THEORY_SEED: u64 = 1;
