//! The size of the basin of attraction: the largest start angle that is retrieved, sample by sample.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Experiment, Needs, Sample, SampledTheory, at_size};
use dam_runs::job::{Draft, JobError};
use dam_runs::journal::Journal;
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity, at_lambda};
use dam_runs::record::{Measurement, Record, flag, grid_column, grid_flags, list};
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_runs::view::{
    self, Arrangement, AxisView, CurveView, Data, Grid, LineView, Look, PanelView, Part, Pass,
    Picture, Stroke, Sweep, View, exact,
};
use std::collections::BTreeMap;
use std::sync::Arc;

use dam_theory::TheoryError;
use dam_theory::ensembles::Rademacher;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::crossover::UNDECIDED;
use crate::shared::averaged_basin::averaged_basin;
use crate::shared::curves::towards_limit;
use crate::shared::sampled_theory::{
    THEORY_VERSION, basin_samples, drawn_patterns, stores_all, theory_plan,
};
pub use crate::shared::start_path::StartKind;
use crate::shared::start_path::StartPath;
use dam_memory::attention::AttentionMemory;
use dam_memory::dynamics::{Retriever, Start, StopReason};
use dam_memory::ensembles::Sampler;
use dam_memory::memory::Memory;
use dam_memory::products::dot;
use dam_memory::revealed::{ExtremesPlan, sampled_memory};
use dam_memory::streams::StreamKey;
use dam_runs::job::MEMORY;
use dam_runs::section::Section;
use dam_runs::swept::{ALPHA, LAMBDA, SIZE};
use dam_runs::view::axes;

/// The first angles in degrees; 0 decides whether there is a basin.
const FIRST_ANGLES: [f64; 5] = [0.0, 45.0, 90.0, 135.0, 180.0];
/// Angles that cut a bracket of one λ into four. All λ of the task share each pass over the
/// patterns, so that more cuts would add work without saving passes.
const PROBES: usize = 3;

/// The quantities that theory speaks of.
const PREDICTED: [&str; 5] = [
    "basin_probability",
    "theta_c_degrees",
    "theta_c_degrees_median",
    "cos_theta_c",
    "cos_theta_c_median",
];

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct BasinSection {
    /// On which way starts lie.
    start: StartKind,
    /// Width of the final bracket of the angle, in degrees.
    tolerance: f64,
}

impl Default for BasinSection {
    fn default() -> Self {
        Self {
            start: StartKind::Sphere,
            tolerance: 0.02,
        }
    }
}

/// What searches of basins read.
pub(crate) const SECTION: Section = Section::of::<BasinSection>("basin");

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "basin",
    about: "the largest start angle that is retrieved, along a random great circle",
    sections: &[MEMORY, SECTION],
    sweep: &[ALPHA, SIZE, LAMBDA],
    read: Basin::configure,
};

/// For each disorder sample, walks along one random path of starts from ξ¹, by default a great circle on |x₀|² = |ξ¹|²,
///
/// ```text
/// sphere:    x₀(θ) = cos θ ξ¹ + sin θ |ξ¹| e,   e ⟂ ξ¹ random, |e| = 1
/// gaussian:  x₀(θ) = cos θ ξ¹ + sin θ g,        g ~ N(0, 1)^N
/// flipped:   k random signs of ξ¹ flipped,      cos θ = 1 − 2k/N   (Rademacher patterns)
/// ```
///
/// and narrows, at each λ of a grid, the edge θ_c between retrieval (below) and failure (above)
/// by gradient descent (LM24 Fig. 2), which ends as soon as its verdict is certain ([`Retriever::verdicts`]).
///
/// Each round cuts every bracket into four until it is no wider than `tolerance`; θ_c is the
/// middle of the last one. A sample whose ξ¹ is itself lost has no basin at that λ and no θ_c.
/// Where verdicts are not monotone in θ the largest retrieved angle is followed, and the
/// sample is counted in `non_monotone`.
#[derive(Clone, Debug)]
pub struct Basin {
    /// The memory, its dynamics and what counts as retrieval.
    pub retriever: Retriever,
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
    /// Whether a descent from a start away from ξ¹ converged.
    is_decided: bool,
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
    /// Sections `[memory]`, `[dynamics]` and `[basin]`; sweeps `alpha` and `size`, with the grid `lambda`
    /// in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let inverse_temperatures = draft.grid("lambda")?;
        let experiment = Self::from_sections(draft, inverse_temperatures)?;
        let (_, points) = draft.exponential_loads_with("lambda")?;
        Ok((Box::new(experiment), points))
    }

    /// The searches that the sections `[memory]`, `[dynamics]` and `[basin]` describe.
    pub(crate) fn from_sections(
        draft: &Draft<'_>,
        inverse_temperatures: Vec<f64>,
    ) -> Result<Self, JobError> {
        let retriever = draft.searching_retriever()?;
        draft.reveals_with(&retriever);
        let section = draft.section::<BasinSection>("basin")?.unwrap_or_default();
        draft.tolerance("basin", section.tolerance, 180.0)?;
        let patterns = &draft.ensemble()?.0;
        let ensemble = patterns.name();
        if section.start == StartKind::Flipped && !patterns.has_signs() {
            let message = format!(
                "\"flipped\" flips signs of \"rademacher\" patterns, not of {ensemble:?}; use \"sphere\" or \"gaussian\""
            );
            return Err(draft.error("basin", "start", message));
        }
        Ok(Self {
            retriever,
            inverse_temperatures,
            start: section.start,
            tolerance: section.tolerance,
            seed: draft.seed(),
        })
    }

    /// One finished search per λ.
    fn search(
        &self,
        memory: &dyn Memory,
        path: &StartPath,
        streams: &StreamKey,
        journal: &Journal,
    ) -> Vec<Search> {
        let verdicts = |probes: &[(usize, f64)], searches: &mut [Search]| {
            let (verdicts, unconverged): (Vec<bool>, Vec<bool>) =
                journal.once(&(self.retriever.settings(), probes), || {
                    let starts = self.starts(path, probes);
                    let found = self.retriever.verdicts(memory, &starts, streams);
                    let found = found.into_iter().map(|(is_retrieved, arrival)| {
                        (is_retrieved, arrival.reason == StopReason::MaxSteps)
                    });
                    found.unzip()
                });
            note_unconverged(probes, &unconverged, searches);
            verdicts
        };
        let mut searches = vec![Search::default(); self.inverse_temperatures.len()];
        let first: Vec<(usize, f64)> = (0..searches.len())
            .flat_map(|position| FIRST_ANGLES.map(|angle| (position, angle)))
            .collect();
        let found = verdicts(&first, &mut searches);
        for (search, verdicts) in searches.iter_mut().zip(found.chunks(FIRST_ANGLES.len())) {
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
            let found = verdicts(&probes, &mut searches);
            for (&(position, probes), verdicts) in open.iter().zip(found.chunks(PROBES)) {
                searches[position].narrow(probes, verdicts);
            }
        }
    }

    /// The start of each (position of λ, angle); all share each pass over the patterns.
    fn starts(&self, path: &StartPath, probes: &[(usize, f64)]) -> Vec<Start> {
        probes
            .iter()
            .map(|&(position, angle)| Start {
                state: path.at(angle),
                inverse_temperature: self.inverse_temperatures[position],
                target: 0,
            })
            .collect()
    }
}

fn note_unconverged(probes: &[(usize, f64)], unconverged: &[bool], searches: &mut [Search]) {
    for (&(position, angle), &unconverged) in probes.iter().zip(unconverged) {
        searches[position].unconverged += usize::from(unconverged);
        searches[position].is_decided |= !unconverged && angle > 0.0;
    }
}

impl Basin {
    /// The searches along one path.
    fn record(
        &self,
        memory: &dyn Memory,
        path: &StartPath,
        streams: &StreamKey,
        journal: &Journal,
    ) -> Record {
        let searches = self.search(memory, path, streams, journal);
        let angles = searches.iter().map(Search::angle).collect();
        let squared_norm = dot(&path.target, &path.target) / memory.size() as f64;
        let mut record = BTreeMap::from([
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
                Measurement::Number(Some(squared_norm)),
            ),
        ]);
        if searches.iter().any(|search| !search.is_decided) {
            let undecided = searches.iter().map(|search| flag(!search.is_decided));
            record.insert(UNDECIDED.to_owned(), list(undecided));
        }
        record
    }

    /// The records of `samples` disorder samples by the scheme of sampled extremes ([`extremes`](dam_memory::revealed)), in the
    /// order of the samples: the finite-N theory where the noise fluctuates. `norm` fixes r = |ξ¹|²/N, which is random
    /// otherwise. [`quantities`](Experiment::quantities) reduces the records as those of a measurement.
    pub fn sampled(&self, plan: &ExtremesPlan, samples: usize, norm: Option<f64>) -> Vec<Record> {
        (0..samples)
            .into_par_iter()
            .map(|sample| self.sampled_record(plan, sample, norm))
            .collect()
    }

    fn sampled_record(&self, plan: &ExtremesPlan, sample: usize, norm: Option<f64>) -> Record {
        let key = plan.stream_key(self.seed, sample);
        let target = plan.draw_target(norm, &mut key.rng("target"));
        let path = StartPath::random(self.start, target, &mut key.rng("direction"));
        let memory = sampled_memory(plan, &path.target, key.rng("noise"));
        self.record(memory.as_ref(), &path, &key, &Journal::default())
    }

    /// The record of a memory of sign patterns, all stored: the finite-N theory of flipped starts where the noise
    /// fluctuates. [`sampled`](Self::sampled) too stores as many patterns as this is asked for.
    fn flipped_record(&self, task: &Task, sample: usize) -> Record {
        let key = StreamKey::new(self.seed)
            .with_text("theory of", &task.ensemble)
            .with_integer("size", task.size as u64)
            .with_integer("pattern_count", task.pattern_count as u64)
            .with_integer("sample", sample as u64);
        let seed = key.seed("patterns");
        let (size, count) = (task.size, task.pattern_count);
        let signs = Sampler(Arc::new(Rademacher));
        let memory = AttentionMemory::sample(&signs, size, count, &seed);
        let path = StartPath::random(self.start, memory.pattern(0), &mut key.rng("direction"));
        self.record(&memory, &path, &key, &Journal::default())
    }

    /// Whether the average over the noise leaves a quantity of the task open.
    fn needs_sampling(&self, task: &Task) -> bool {
        let place = Place::of_task(task);
        let is_open = |(&lambda, name)| averaged_basin(&place, self.start, name, lambda).is_none();
        let grid = self.inverse_temperatures.iter();
        grid.flat_map(|lambda| PREDICTED.map(|name| (lambda, name)))
            .any(is_open)
    }
}

impl Experiment for Basin {
    fn settings(&self) -> Settings {
        let mut settings = self.retriever.settings();
        settings.insert("basin.tolerance".to_owned(), json!(self.tolerance));
        // named where it is not the default, so that older results still belong to their jobs
        if self.start != StartKind::Sphere {
            settings.insert("basin.start".to_owned(), json!(self.start));
        }
        settings
    }

    fn needs(&self, size: usize) -> Needs {
        let bytes_per_pattern = self.retriever.composition.bytes_per_pattern(size);
        Needs::new(
            FIRST_ANGLES.len() * self.inverse_temperatures.len(),
            bytes_per_pattern,
        )
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let mut rng = sample
            .task
            .stream_key(self.seed, sample.index)
            .rng("direction");
        let path = StartPath::random(self.start, sample.memory.pattern(0), &mut rng);
        let memory = sample.memory_of(&self.retriever);
        self.record(memory.as_ref(), &path, &sample.stream, sample.journal)
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
            // nearly all directions belong to such a target: rare beside the crossover
            let beyond: Vec<bool> = angles.iter().map(|angle| *angle > 90.0).collect();
            let is_whole = angles.len() == found.len();
            let tailed =
                |name, values: &[f64]| reduce::tailed_mean(name, values, &beyond, is_whole);
            let flags = |name| grid_flags(records, name, position);
            let unconverged = flags("unconverged");
            let undecided = grid_column(records, UNDECIDED, position);
            let undecided: Vec<bool> = undecided.iter().map(|flag| *flag == Some(1.0)).collect();
            let caveat = Caveat::of_searches(&unconverged, &undecided);
            let measured = [
                reduce::probability("basin_probability", &has_basin),
                tailed("theta_c_degrees", &angles),
                reduce::median(task, MEDIAN, &angles),
                tailed("cos_theta_c", &cosines),
                reduce::median(task, "cos_theta_c_median", &cosines),
            ];
            quantities.extend(at_lambda(
                lambda,
                measured.map(|found| found.under(&caveat)),
            ));
            let of_search = [
                reduce::probability("non_monotone", &flags("non_monotone")),
                reduce::probability("unconverged", &unconverged),
            ];
            quantities.extend(at_lambda(lambda, of_search));
        }
        quantities
    }

    fn resolution(&self, quantity: &Quantity) -> Option<f64> {
        match quantity.name.as_str() {
            "theta_c_degrees" | MEDIAN => Some(self.tolerance),
            "cos_theta_c" | "cos_theta_c_median" => {
                let cosine = quantity.value()?;
                Some(self.tolerance.to_radians() * (1.0 - cosine * cosine).sqrt())
            }
            _ => None,
        }
    }

    /// None off the isotropic ensembles, beside other memories than attention, and for flipped starts among more patterns
    /// than are stored.
    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        if !(self.retriever.is_attention_descent() && self.needs_sampling(task)) {
            return None;
        }
        let (patterns, measure): (f64, Box<dyn Fn(usize) -> Record + Sync + 'a>) =
            if self.start == StartKind::Flipped {
                stores_all(task).then_some(())?;
                let one = move |sample| self.flipped_record(task, sample);
                (task.pattern_count as f64, Box::new(one))
            } else {
                let plan = theory_plan(task)?;
                let one = move |sample| self.sampled_record(&plan, sample, None);
                (drawn_patterns(task), Box::new(one))
            };
        Some(SampledTheory {
            experiment: self,
            seed: self.seed,
            version: THEORY_VERSION,
            samples: basin_samples(task),
            patterns,
            measure,
        })
    }

    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        let (Some(lambda), true) = (
            at.coordinate("lambda"),
            self.retriever.is_attention_descent(),
        ) else {
            return Prediction::default();
        };
        let of_basin: fn(Option<f64>) -> Option<f64> = match quantity {
            "basin_probability" => |basin| Some(flag(basin.is_some())),
            "theta_c_degrees" | MEDIAN => |basin| basin.map(f64::to_degrees),
            "cos_theta_c" | "cos_theta_c_median" => |basin| basin.map(f64::cos),
            _ => return Prediction::default(),
        };
        let infinite_size = limit(at, self.start, lambda)
            .and_then(Result::ok)
            .and_then(of_basin);
        if let Some(averaged) = averaged_basin(at, self.start, quantity, lambda) {
            return Prediction {
                infinite_size,
                finite_size: Some(averaged.value),
                finite_size_error: Some(averaged.error),
            };
        }
        let sampled = at.simulated().and_then(Task::sampled_theory);
        let found = sampled.unwrap_or_default().iter().find(|found| {
            found.name == quantity && found.coordinates.get("lambda") == Some(&lambda)
        });
        Prediction {
            infinite_size,
            finite_size: found.and_then(Quantity::value),
            finite_size_error: found.and_then(|found| found.standard_error),
        }
    }

    /// θ_c against λ, its median (some samples lie far from the others: the mean moves more) or the mean over flipped signs: a panel
    /// for each load with the limit N = ∞ and its saturation at the angle of the nearest pattern, a colour for each size with
    /// the finite-N theory.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        // flipped signs come in steps, and so do medians: means tell more
        let (quantity, label) = match self.start {
            StartKind::Flipped => ("theta_c_degrees", axes::MEAN_BASIN_ANGLE),
            StartKind::Sphere | StartKind::Gaussian => (MEDIAN, axes::MEDIAN_BASIN_ANGLE),
        };
        let grid = Grid::CoordinateAndMeasured("lambda", CURVE_POINTS);
        let panel = || {
            let nearest = LineView::new(
                "nearest pattern",
                Look::grey(Stroke::Dotted, 1.4),
                exact(|at| self.nearest_pattern(at)),
                "angle of the nearest pattern, N = ∞",
            );
            let limit = exact(|at| self.limit(at, at.coordinate("lambda")?));
            let limit = CurveView::new("N = ∞", Look::grey(Stroke::Dashed, 1.6), grid, limit);
            let look = Look::new(Stroke::Solid, 1.4);
            let theory = CurveView::new("finite-N theory", look, grid, at_size(self, quantity));
            let keys = || vec![view::load(), view::size()];
            let angle = AxisView {
                ticks: Some(15.0),
                ..AxisView::new(label)
            };
            let mut panel = PanelView::new(
                axes::inverse_temperature(),
                angle.over(|_, largest| (0.0, if largest > 90.0 { 180.0 } else { 90.0 })),
                vec![Data::new(quantity)],
                vec![
                    Pass::new(vec![view::load()], vec![Part::Level(nearest), limit.part()]),
                    Pass::new(keys(), vec![theory.part()]),
                    Pass::new(keys(), vec![view::points()]),
                ],
            );
            panel.with_unmeasured = true;
            panel
        };
        let title = sweep.title();
        let panels = Picture::Panels(
            view::per_load(sweep, panel),
            Arrangement::Rows(2),
            PANEL_SIZE,
        );
        let mut views = vec![View::new(KIND.name, title.clone(), panels)];
        let sizes = || sweep.tasks.iter().map(|task| task.size);
        let ends = sizes().min().zip(sizes().max());
        if ends.is_some_and(|(smallest, largest)| largest >= LONG_SWEEP * smallest) {
            let panels = view::per_load(sweep, || self.against_size(quantity, label));
            let picture = Picture::Panels(panels, Arrangement::Rows(2), PANEL_SIZE);
            views.push(View::new("basin-sizes", title, picture));
        }
        views
    }
}

/// From which factor between the sizes on θ_c is shown against N as well.
const LONG_SWEEP: usize = 10;
pub(crate) const MEDIAN: &str = "theta_c_degrees_median";
const PANEL_SIZE: Option<(f64, f64)> = Some((620.0, 480.0));
/// λ of the theory curves besides the measured ones; where theory is sampled it speaks at those of the job only.
const CURVE_POINTS: usize = 121;

impl Basin {
    /// θ_c against N, a colour for each λ, over the finite-N theory and its limit.
    fn against_size(&self, quantity: &'static str, label: &'static str) -> PanelView<'_> {
        let curve = CurveView::finite_size(Grid::TowardsInfinity, at_size(self, quantity));
        let passes = towards_limit(
            || view::coordinate("lambda", "λ"),
            curve,
            exact(|at| self.limit(at, at.coordinate("lambda")?)),
            "N = ∞",
        );
        let y = AxisView::new(label);
        PanelView::new(axes::size_to_limit(), y, vec![Data::new(quantity)], passes)
    }

    /// θ_c at N = ∞ in degrees, where theory knows a basin.
    fn limit(&self, at: &Place<'_>, lambda: f64) -> Option<f64> {
        if !self.retriever.is_attention_descent() {
            return None;
        }
        let angle = limit(at, self.start, lambda)?.ok()??;
        Some(angle.to_degrees())
    }

    /// Where θ_c saturates, in degrees: at the angle of the nearest pattern; `None` where there is no
    /// basin at any λ.
    fn nearest_pattern(&self, at: &Place<'_>) -> Option<f64> {
        let mut grid = self.inverse_temperatures.iter();
        if !grid.any(|&lambda| self.limit(at, lambda).is_some()) {
            return None;
        }
        let condensed = at.theory()?.condensation_inverse_temperature(at.load, 1.0);
        self.limit(at, FAR_BEYOND * condensed.ok()?)
    }
}

/// In units of λ_*(α): θ_c no longer changes there.
const FAR_BEYOND: f64 = 100.0;

/// θ_c at N = ∞ in radians for these starts, `None` in it where there is no basin; `None` without a
/// theory of the patterns.
fn limit(
    at: &Place<'_>,
    start: StartKind,
    lambda: f64,
) -> Option<Result<Option<f64>, TheoryError>> {
    let ensemble = at.theory()?;
    Some(match start {
        // g/√N is a random direction of length 1 as N → ∞
        StartKind::Sphere | StartKind::Gaussian => ensemble.basin_angle(at.load, lambda),
        StartKind::Flipped => ensemble.pattern_basin_angle(at.load, lambda),
    })
}
