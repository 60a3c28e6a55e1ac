//! The size of the basin of attraction: the largest start angle that is retrieved, sample by sample.

use std::collections::BTreeMap;
use std::sync::Arc;

use dam_theory::Ensemble;
use dam_theory::finite_size::{
    LARGEST_NOISE_VARIANCE, PatternCount, SphericalNoise, SphericalOverlapLaw,
    spherical_basin_angle, spherical_log_noise_variance,
};
use serde_json::json;

use super::averaged_basin::averaged_basin;
use super::start_path::StartPath;
use super::{
    Configured, Experiment, Measurement, Prediction, Quantity, Record, Sample, at_lambda,
    descent_settings, flag, grid_column, grid_flags, list, reduce,
};
use crate::criterion::Criterion;
use crate::dynamics::{GradientDescent, Start, StopReason};
use crate::job::{JobError, Settings, StartKind, Task, Validator};
use crate::memory::Memory;

/// The first angles in degrees; 0 decides whether there is a basin.
const FIRST_ANGLES: [f64; 5] = [0.0, 45.0, 90.0, 135.0, 180.0];
/// Angles that cut a bracket of one λ into four. All λ of the task share each pass over the
/// patterns, so that more cuts would add work without saving passes.
const PROBES: usize = 3;

/// For each disorder sample, walks along one random path of starts from ξ¹, by default a great circle on |x₀|² = |ξ¹|²,
///
/// ```text
/// sphere:    x₀(θ) = cos θ ξ¹ + sin θ |ξ¹| e,   e ⟂ ξ¹ random, |e| = 1
/// gaussian:  x₀(θ) = cos θ ξ¹ + sin θ g,        g ~ N(0, 1)^N
/// flipped:   k random signs of ξ¹ flipped,      cos θ = 1 − 2k/N   (Rademacher patterns)
/// ```
///
/// and narrows, at each λ of a grid, the edge θ_c between retrieval (below) and failure (above)
/// by gradient descent (LM24 Fig. 2).
///
/// Each round cuts every bracket into four until it is no wider than `tolerance`; θ_c is the
/// middle of the last one. A sample whose ξ¹ is itself lost has no basin at that λ and no θ_c.
/// Where verdicts are not monotone in θ the largest retrieved angle is followed, and the
/// sample is counted in `non_monotone`.
#[derive(Clone, Debug)]
pub struct Basin {
    /// The dynamics.
    pub descent: GradientDescent,
    /// What counts as retrieval.
    pub criterion: Criterion,
    /// The λ grid.
    pub inverse_temperatures: Vec<f64>,
    /// The path of the starts.
    pub start: StartKind,
    /// Width of the final bracket in degrees.
    pub tolerance: f64,
    /// Root of the random streams, here of the directions.
    pub seed: u64,
}

/// The search at one λ.
#[derive(Clone, Debug, Default)]
struct Search {
    /// Retrieved and failed angle next to each other; `None` where ξ¹ itself is lost.
    bracket: Option<(f64, f64)>,
    non_monotone: bool,
    unconverged: usize,
}

impl Search {
    /// Reads the verdicts at the first angles.
    fn begin(&mut self, verdicts: &[bool]) {
        self.note_order(verdicts);
        self.bracket = verdicts[0].then(|| {
            let last = verdicts.iter().rposition(|&retrieved| retrieved);
            let inside = FIRST_ANGLES[last.unwrap_or(0)];
            let outside = FIRST_ANGLES.get(last.unwrap_or(0) + 1);
            (inside, outside.copied().unwrap_or(inside))
        });
    }

    /// Whether the bracket is to be cut further.
    fn probes(&self, tolerance: f64) -> Option<[f64; PROBES]> {
        let (inside, outside) = self.bracket?;
        let width = (outside - inside) / (PROBES + 1) as f64;
        (outside - inside > tolerance)
            .then(|| std::array::from_fn(|probe| inside + width * (probe + 1) as f64))
    }

    /// Narrows the bracket to the largest retrieved angle.
    fn narrow(&mut self, probes: [f64; PROBES], verdicts: &[bool]) {
        self.note_order(verdicts);
        if let Some((inside, outside)) = &mut self.bracket {
            match verdicts.iter().rposition(|&retrieved| retrieved) {
                Some(last) => {
                    *inside = probes[last];
                    *outside = probes.get(last + 1).copied().unwrap_or(*outside);
                }
                None => *outside = probes[0],
            }
        }
    }

    fn note_order(&mut self, verdicts: &[bool]) {
        self.non_monotone |= !verdicts.is_sorted_by(|nearer, farther| nearer >= farther);
    }

    fn angle(&self) -> Option<f64> {
        self.bracket
            .map(|(inside, outside)| f64::midpoint(inside, outside))
    }
}

impl Basin {
    /// Sections `[dynamics]` and `[basin]`; sweeps `alpha` and `size`, with the grid `lambda`
    /// in every task.
    pub(super) fn configure(validator: &Validator<'_>) -> Result<Configured, JobError> {
        validator.swept(&["alpha", "size", "lambda"])?;
        let (descent, criterion) = validator.unrecorded_dynamics()?;
        let section = validator.file.basin.unwrap_or_default();
        validator.positive("basin", "tolerance", section.tolerance)?;
        let ensemble = &validator.file.patterns.ensemble;
        if section.start == StartKind::Flipped && ensemble != "rademacher" {
            let message = format!(
                "\"flipped\" flips signs of \"rademacher\" patterns, not of {ensemble:?}; use \"sphere\" or \"gaussian\""
            );
            return Err(validator.error("basin", "start", message));
        }
        let (inverse_temperatures, points) = validator.exponential_loads_with("lambda")?;
        let experiment = Self {
            descent,
            criterion,
            inverse_temperatures,
            start: section.start,
            tolerance: section.tolerance,
            seed: validator.file.job.seed,
        };
        Ok((Box::new(experiment), points))
    }

    /// One finished search per λ.
    fn search(&self, memory: &Memory, path: &StartPath) -> Vec<Search> {
        let mut searches = vec![Search::default(); self.inverse_temperatures.len()];
        let first: Vec<(usize, f64)> = (0..searches.len())
            .flat_map(|position| FIRST_ANGLES.map(|angle| (position, angle)))
            .collect();
        let verdicts = self.verdicts(memory, path, &first, &mut searches);
        for (search, verdicts) in searches.iter_mut().zip(verdicts.chunks(FIRST_ANGLES.len())) {
            search.begin(verdicts);
        }
        loop {
            let open: Vec<(usize, [f64; PROBES])> = searches
                .iter()
                .enumerate()
                .filter_map(|(position, search)| Some((position, search.probes(self.tolerance)?)))
                .collect();
            if open.is_empty() {
                return searches;
            }
            let probes: Vec<(usize, f64)> = open
                .iter()
                .flat_map(|&(position, probes)| probes.map(|angle| (position, angle)))
                .collect();
            let verdicts = self.verdicts(memory, path, &probes, &mut searches);
            for (&(position, probes), verdicts) in open.iter().zip(verdicts.chunks(PROBES)) {
                searches[position].narrow(probes, verdicts);
            }
        }
    }

    /// Whether each (position of λ, angle) is retrieved; all share each pass over the patterns.
    fn verdicts(
        &self,
        memory: &Memory,
        path: &StartPath,
        probes: &[(usize, f64)],
        searches: &mut [Search],
    ) -> Vec<bool> {
        let starts: Vec<Start> = probes
            .iter()
            .map(|&(position, angle)| Start {
                state: path.at(angle),
                inverse_temperature: self.inverse_temperatures[position],
                target: 0,
            })
            .collect();
        let arrivals = self.descent.descend(memory, &starts);
        for (&(position, _), arrival) in probes.iter().zip(&arrivals) {
            let unconverged = arrival.reason == StopReason::MaxSteps;
            searches[position].unconverged += usize::from(unconverged);
        }
        arrivals
            .iter()
            .map(|arrival| self.criterion.is_retrieved(arrival, &path.target))
            .collect()
    }
}

impl Experiment for Basin {
    fn name(&self) -> &'static str {
        "basin"
    }

    fn settings(&self) -> Settings {
        let mut settings = descent_settings(&self.descent, self.criterion);
        settings.insert("basin.tolerance".to_owned(), json!(self.tolerance));
        // named where it is not the default, so that older results still belong to their jobs
        if self.start != StartKind::Sphere {
            settings.insert("basin.start".to_owned(), json!(self.start));
        }
        settings
    }

    fn batch(&self) -> usize {
        FIRST_ANGLES.len() * self.inverse_temperatures.len()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let memory = sample.memory;
        let mut rng = sample
            .task
            .stream_key(self.seed, sample.index)
            .rng("direction");
        let path = StartPath::random(self.start, memory.pattern(0), &mut rng);
        let searches = self.search(memory, &path);
        let angles = searches.iter().map(Search::angle).collect();
        BTreeMap::from([
            ("theta_c_degrees".to_owned(), Measurement::List(angles)),
            (
                "non_monotone".to_owned(),
                list(searches.iter().map(|search| flag(search.non_monotone))),
            ),
            (
                "unconverged".to_owned(),
                list(searches.iter().map(|search| search.unconverged as f64)),
            ),
            (
                "squared_norm".to_owned(),
                Measurement::Number(Some(memory.squared_norm(0))),
            ),
        ])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for (position, &lambda) in self.inverse_temperatures.iter().enumerate() {
            let found = grid_column(records, "theta_c_degrees", position);
            let has_basin: Vec<bool> = found.iter().map(Option::is_some).collect();
            let angles = reduce::present(&found);
            let cosines: Vec<f64> = angles
                .iter()
                .map(|angle| angle.to_radians().cos())
                .collect();
            quantities.extend(at_lambda(
                lambda,
                [
                    reduce::probability("basin_probability", &has_basin),
                    reduce::mean(task, "theta_c_degrees", &angles),
                    reduce::median(task, "theta_c_degrees_median", &angles),
                    reduce::mean(task, "cos_theta_c", &cosines),
                    reduce::median(task, "cos_theta_c_median", &cosines),
                    reduce::probability(
                        "non_monotone",
                        &grid_flags(records, "non_monotone", position),
                    ),
                    reduce::probability(
                        "unconverged",
                        &grid_flags(records, "unconverged", position),
                    ),
                ],
            ));
        }
        quantities
    }

    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        let Some(&lambda) = quantity.coordinates.get("lambda") else {
            return Prediction::default();
        };
        let infinite_size = ensemble_of_typical_starts(task, self.start)
            .and_then(|ensemble| ensemble.basin_angle(task.alpha, lambda).ok());
        let averaged = || averaged_basin(task, self.start, &quantity.name, lambda);
        let on_great_circle = task.ensemble == "spherical" && self.start == StartKind::Sphere;
        if quantity.name == "basin_probability" {
            return Prediction {
                infinite_size: infinite_size.map(|basin| flag(basin.is_some())),
                finite_size: averaged(),
            };
        }
        let finite_size = FiniteSizeBasin::new(task, lambda);
        let mean = || finite_size.as_ref()?.mean_cosine();
        let median = || finite_size.as_ref()?.median_cosine();
        let degrees = |cosine: f64| cosine.acos().to_degrees();
        let (is_angle, finite_size) = match quantity.name.as_str() {
            "theta_c_degrees" => match finite_size {
                Some(FiniteSizeBasin::Averaged(angle)) => (true, Some(angle.to_degrees())),
                // the mean angle is not the angle of the mean cosine
                _ => (true, None),
            },
            "theta_c_degrees_median" => (true, median().map(degrees)),
            "cos_theta_c" => (false, mean()),
            "cos_theta_c_median" => (false, median()),
            _ => return Prediction::default(),
        };
        let unit = if is_angle { f64::to_degrees } else { f64::cos };
        Prediction {
            infinite_size: infinite_size.flatten().map(unit),
            finite_size: if on_great_circle {
                finite_size
            } else {
                averaged()
            },
        }
    }
}

/// The ensembles for which the noise at a start is that at a pattern: theory knows their basins at N = ∞.
fn ensemble_of_typical_starts(task: &Task, start: StartKind) -> Option<Arc<dyn Ensemble>> {
    let known = match start {
        StartKind::Sphere | StartKind::Gaussian => {
            matches!(task.ensemble.as_str(), "spherical" | "gaussian")
        }
        StartKind::Flipped => task.ensemble == "rademacher",
    };
    known.then(|| dam_theory::ensemble(&task.ensemble).ok())?
}

/// θ_c of spherical patterns at the task's N.
enum FiniteSizeBasin {
    /// Many patterns share the noise: θ_c in radians by the map of the averaged noise.
    Averaged(f64),
    /// λ > λ_*(α), the noise is the nearest pattern's: cos θ_c is distributed as the largest of
    /// `e^{log_count}` cosines, exactly so as λ → ∞, where x₀ flows to the nearest pattern.
    Nearest {
        law: SphericalOverlapLaw,
        log_count: f64,
    },
}

impl FiniteSizeBasin {
    /// `None` off the sphere, below λ_×, and between the two regimes.
    fn new(task: &Task, lambda: f64) -> Option<Self> {
        if task.ensemble != "spherical" {
            return None;
        }
        let size = task.size as f64;
        let noise = SphericalNoise::new(size).ok()?;
        let patterns = PatternCount::from_count(task.pattern_count as f64).ok()?;
        let log_count = patterns.log_noise_patterns();
        let condensation = dam_theory::ensemble(&task.ensemble)
            .and_then(|ensemble| ensemble.condensation_inverse_temperature(task.alpha, 1.0))
            .ok()?;
        if lambda > condensation {
            let law = SphericalOverlapLaw::new(size).ok()?;
            return Some(Self::Nearest { law, log_count });
        }
        let log_variance = spherical_log_noise_variance(noise, patterns, lambda).ok()?;
        if log_variance > LARGEST_NOISE_VARIANCE.ln() {
            return None;
        }
        let basin = spherical_basin_angle(noise, patterns, lambda).ok()??;
        Some(Self::Averaged(basin.angle))
    }

    fn mean_cosine(&self) -> Option<f64> {
        match self {
            Self::Averaged(angle) => Some(angle.cos()),
            Self::Nearest { law, log_count } => law.mean_maximum(*log_count).ok(),
        }
    }

    fn median_cosine(&self) -> Option<f64> {
        match self {
            Self::Averaged(angle) => Some(angle.cos()),
            Self::Nearest { law, log_count } => {
                // [1 − Pr(t > c)]^M = ½
                let tail = -(-std::f64::consts::LN_2 / log_count.exp()).exp_m1();
                law.quantile_of_log_tail(tail.ln()).ok()
            }
        }
    }
}
