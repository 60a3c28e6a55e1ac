//! Retrieval over the plane of inverse temperature and load, from the crossovers of the samples.

mod lines;
mod row;

use dam_memory::ensembles::PatternEnsemble;
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Needs, Sample, SampledTheory};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity, at_lambda};
use dam_runs::record::{Record, censored_as_infinite, column};
use dam_runs::reduce;
use dam_runs::swept::{ALPHA, LAMBDA, SIZE};
use dam_runs::task::Task;
use dam_runs::view::{Sweep, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::all_patterns::{ALL_RETRIEVED, AllPatterns};
use crate::basin::{self, Basin};
use crate::crossover::{self, CROSSOVER, Crossover, unconverged};
use crate::retrieval::{HALF, PROBABILITY, Retrieval};
use dam_runs::job::MEMORY;
use dam_runs::section::Section;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "phase-map",
    about: "retrieval, of the typical pattern or of all, or θ_c over the plane of λ and α: a map for each N",
    sections: &[
        MEMORY,
        Section::of::<PhaseMapSection>("phase-map"),
        crossover::SECTION,
        basin::SECTION,
    ],
    sweep: &[ALPHA, SIZE, LAMBDA],
    read: PhaseMap::configure,
};

/// The λ at which a quarter and three quarters of the samples retrieve.
const QUARTER: &str = "lambda_quarter";
const THREE_QUARTERS: &str = "lambda_three_quarters";

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PhaseMapSection {
    /// What the map shows.
    of: Of,
}

/// What a map shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Of {
    /// The share of samples that retrieve ξ¹.
    #[default]
    Typical,
    /// The share of samples that retrieve all their patterns.
    All,
    /// The basin angle θ_c.
    Basins,
}

/// Rows of a map of the plane (λ, α), each from one search per sample.
///
/// A sample that retrieves at λ does so at every larger one: its verdicts at all λ follow from its λ_×, which
/// [`Crossover`] finds. The share of samples with λ_× ≤ λ is the map, its quantiles at ¼, ½ and ¾ are the contours, so that
/// a map costs what the crossovers cost. Of all patterns λ_× is the largest of any. θ_c is searched by [`Basin`] at each λ
/// of the grid. Samples whose verdicts are not monotone are counted in `non_monotone`.
#[derive(Clone, Debug)]
pub struct PhaseMap {
    /// λ of the rows' probabilities, ascending.
    inverse_temperatures: Vec<f64>,
    mapped: Mapped,
}

/// What is searched, and whose theory it is.
#[derive(Clone, Debug)]
enum Mapped {
    Typical(Crossover, Retrieval),
    All(Crossover, AllPatterns),
    Basins(Basin, Crossover),
}

impl PhaseMap {
    /// Sections `[memory]`, `[dynamics]`, `[phase-map]`, and `[crossover]` or `[basin]`; sweeps `alpha`, `size` and `lambda`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let section = draft
            .section::<PhaseMapSection>(KIND.name)?
            .unwrap_or_default();
        let mut inverse_temperatures = draft.grid("lambda")?;
        inverse_temperatures.sort_by(f64::total_cmp);
        if inverse_temperatures.len() < 2 {
            let message = "one value makes no map; give at least two".to_owned();
            return Err(draft.error("sweep", "lambda", message));
        }
        let crossover = Crossover::from_sections(draft)?;
        let retriever = crossover.retriever.clone();
        let lambdas = inverse_temperatures.clone();
        let (mapped, points) = match section.of {
            Of::Typical => {
                let retrieval = Retrieval {
                    retriever,
                    inverse_temperatures: lambdas,
                    recorded_samples: 0,
                };
                draft.reveals_with(&crossover.retriever);
                let points = draft.exponential_loads()?;
                (Mapped::Typical(crossover, retrieval), points)
            }
            Of::All => {
                let all = AllPatterns::new(retriever, lambdas);
                (Mapped::All(crossover, all), draft.exponential_loads()?)
            }
            Of::Basins => {
                let basin = Basin::from_sections(draft, lambdas)?;
                let (_, points) = draft.exponential_loads_with("lambda")?;
                (Mapped::Basins(basin, crossover), points)
            }
        };
        let experiment = Self {
            inverse_temperatures,
            mapped,
        };
        Ok((Box::new(experiment), points))
    }

    /// λ_¼, λ_½ and λ_¾, and the share of samples that retrieve at the λ of the row.
    fn row(
        &self,
        crossover: &Crossover,
        probability: &str,
        task: &Task,
        records: &[Record],
    ) -> Vec<Quantity> {
        let found = column(records, CROSSOVER);
        let caveats = crossover.caveats(&found, unconverged(|name| column(records, name)));
        let under = |quantity: Quantity| caveats.iter().fold(quantity, Quantity::under);
        let crossovers = censored_as_infinite(&found);
        let quantile = |name, share| under(row::quantile(task, name, &crossovers, share));
        let mut quantities = vec![
            quantile(QUARTER, 0.25),
            under(reduce::median(task, HALF, &crossovers)),
            quantile(THREE_QUARTERS, 0.75),
        ];
        for lambda in row::refined(&self.inverse_temperatures, &crossovers, crossover.tolerance) {
            let retrieved: Vec<bool> = crossovers.iter().map(|&at| at <= lambda).collect();
            let share = under(reduce::probability(probability, &retrieved));
            quantities.extend(at_lambda(lambda, [share]));
        }
        let flags = |name| {
            let values = reduce::present(&column(records, name)).into_iter();
            values.map(|value| value != 0.0).collect::<Vec<bool>>()
        };
        let censored: Vec<bool> = found.iter().map(Option::is_none).collect();
        quantities.extend([
            reduce::probability("censored", &censored),
            reduce::probability("non_monotone", &flags("non_monotone")),
            reduce::probability("unconverged", &flags("unconverged")),
        ]);
        quantities
    }
}

impl Experiment for PhaseMap {
    fn settings(&self) -> Settings {
        let (mut settings, of) = match &self.mapped {
            Mapped::Typical(crossover, _) => (crossover.settings(), "typical"),
            Mapped::All(crossover, _) => (crossover.settings(), "all"),
            Mapped::Basins(basin, _) => (basin.settings(), "basins"),
        };
        settings.insert("phase-map.of".to_owned(), json!(of));
        settings
    }

    fn needs(&self, size: usize) -> Needs {
        match &self.mapped {
            Mapped::Typical(crossover, _) => crossover.needs(size),
            Mapped::All(crossover, _) => crossover.needs_of_all(size),
            Mapped::Basins(basin, _) => basin.needs(size),
        }
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        match &self.mapped {
            Mapped::Typical(crossover, _) => crossover.measure(sample),
            Mapped::All(crossover, _) => crossover.measure_all(sample),
            Mapped::Basins(basin, _) => basin.measure(sample),
        }
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        match &self.mapped {
            Mapped::Typical(crossover, _) => self.row(crossover, PROBABILITY, task, records),
            Mapped::All(crossover, _) => self.row(crossover, ALL_RETRIEVED, task, records),
            Mapped::Basins(basin, _) => basin.quantities(task, records),
        }
    }

    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        match &self.mapped {
            Mapped::Typical(crossover, _) => crossover.sampled_theory(task),
            Mapped::All(..) => None,
            Mapped::Basins(basin, _) => basin.sampled_theory(task),
        }
    }

    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        match &self.mapped {
            Mapped::Typical(crossover, _) if quantity == HALF && !at.task.has_fixed_norm() => {
                crossover.predict(at, "lambda_crossover_median")
            }
            Mapped::Typical(_, retrieval) => retrieval.predict(at, quantity),
            Mapped::All(_, all) if quantity == HALF => lines::half_of_all(all, at),
            Mapped::All(_, all) => all.predict(at, quantity),
            Mapped::Basins(basin, _) => basin.predict(at, quantity),
        }
    }

    fn resolution(&self, quantity: &Quantity) -> Option<f64> {
        match &self.mapped {
            Mapped::Typical(..) | Mapped::All(..) => None,
            Mapped::Basins(basin, _) => basin.resolution(quantity),
        }
    }

    fn boundary(&self, _: &dyn PatternEnsemble) -> Option<&'static str> {
        match &self.mapped {
            Mapped::Typical(..) | Mapped::All(..) => Some(HALF),
            Mapped::Basins(..) => None,
        }
    }

    /// A map for each N: the share of samples that retrieve, with its contours at ¼, ½ (with error bars) and ¾, or the median
    /// θ_c; on it the thresholds of N = ∞, the names of the phases, and the finite-N theory.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        self.map_views(sweep)
    }
}
