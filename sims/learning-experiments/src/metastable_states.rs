//! How many patterns share the weight at the fixed points that queries reach.

use crate::shared::settings::composition_settings;
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record, column, flag, list};
use dam_runs::reduce;
use dam_runs::swept::{BETA, PATTERN_COUNT, SIZE};
use dam_runs::task::Task;
use dam_runs::view::{
    self, Along, Arrangement, AxisView, Data, PanelView, Pass, Picture, Row, Sweep, View, literal,
    short_number,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use dam_memory::composed::Composition;
use dam_memory::dynamics::{Dynamics, GradientDescent, Start, StopReason};
use dam_runs::job::MEMORY;
use dam_runs::section::Section;

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct MetastableStatesSection {
    /// States that are followed in every sample.
    queries: usize,
}

impl Default for MetastableStatesSection {
    fn default() -> Self {
        Self { queries: 100 }
    }
}

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "metastable-states",
    about: "how many patterns share the weight at the fixed points of queries",
    sections: &[
        MEMORY,
        Section::of::<MetastableStatesSection>("metastable-states"),
    ],
    sweep: &[PATTERN_COUNT, SIZE, BETA],
    read: MetastableStates::configure,
};

/// Sends fresh patterns of the ensemble (of a data set those of the validation part) as queries to
/// their fixed points, and counts the patterns in the support there: one is a retrieved memory,
/// more are a metastable state (Ramsauer et al. 2021; U-Hop, arXiv:2404.03827).
///
/// The support is #{p > 0} where weights vanish exactly, else #{p > 0.01}: see
/// [`Separation::support_size`](dam_memory::separations::Separation::support_size).
#[derive(Clone, Debug)]
pub struct MetastableStates {
    /// The iteration.
    pub descent: GradientDescent,
    /// The memories that are compared.
    pub compositions: Vec<Composition>,
    /// The β grid.
    pub inverse_temperatures: Vec<f64>,
    /// Queries per sample.
    pub queries: usize,
}

impl MetastableStates {
    /// Sections `[dynamics]`, `[memory]` and `[metastable-states]`; sweeps `pattern_count` and
    /// `size`, with the grid `beta` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let descent = draft.iteration()?;
        let compositions = draft.unlearned_compositions()?;
        let inverse_temperatures = draft.grid("beta")?;
        let section = draft
            .section::<MetastableStatesSection>("metastable-states")?
            .unwrap_or_default();
        let queries = draft.validation_count("metastable-states", "queries", section.queries)?;
        let points = draft
            .counted_loads()?
            .into_iter()
            .map(|point| point.with_grid("beta", inverse_temperatures.iter().copied()))
            .collect();
        let experiment = Self {
            descent,
            compositions,
            inverse_temperatures,
            queries,
        };
        Ok((Box::new(experiment), points))
    }

    /// Every memory at every β.
    fn cases(&self) -> impl Iterator<Item = (&Composition, f64)> {
        self.compositions.iter().flat_map(|composition| {
            self.inverse_temperatures
                .iter()
                .map(move |&beta| (composition, beta))
        })
    }
}

/// The name under which a record keeps the supports of one memory at one β.
fn column_name(name: &str, composition: &Composition, beta: f64) -> String {
    format!("{name} {composition} beta={beta}")
}

impl Experiment for MetastableStates {
    fn settings(&self) -> Settings {
        let mut settings = self.descent.settings();
        settings.extend(composition_settings(&self.compositions));
        settings.insert("metastable-states.queries".to_owned(), json!(self.queries));
        settings
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let queries = sample.validation_patterns(self.queries);
        let mut record = Record::new();
        for (composition, beta) in self.cases() {
            let memory = composition.memory(sample.memory.clone());
            let starts = Start::at_each(queries.as_slice(), memory.size(), beta);
            let points = self.descent.descend(&memory, &starts);
            let supports = points.iter().map(|point| {
                let weights = memory.weights(&point.state, beta);
                composition.separation().support_size(&weights) as f64
            });
            let unconverged = points
                .iter()
                .map(|point| flag(point.reason == StopReason::MaxSteps));
            record.insert(column_name("support", composition, beta), list(supports));
            record.insert(
                column_name("unconverged", composition, beta),
                Measurement::Number(Some(unconverged.sum::<f64>() / points.len() as f64)),
            );
        }
        record
    }

    /// Per sample the mean over its queries; then mean and error over the samples.
    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for (composition, beta) in self.cases() {
            let name = column_name("support", composition, beta);
            let supports: Vec<Vec<f64>> = records
                .iter()
                .map(|record| match record.get(&name) {
                    Some(Measurement::List(values)) => reduce::present(values),
                    _ => Vec::new(),
                })
                .collect();
            let of_each_sample = |value: &dyn Fn(f64) -> f64| -> Vec<f64> {
                supports
                    .iter()
                    .map(|sizes| {
                        sizes.iter().map(|&size| value(size)).sum::<f64>() / sizes.len() as f64
                    })
                    .collect()
            };
            let shares = column(records, &column_name("unconverged", composition, beta));
            let unconverged = reduce::present(&shares);
            let affected = reduce::whole(unconverged.iter().sum::<f64>() * self.queries as f64);
            let of = self.queries * records.len();
            let caveat = Caveat::unconverged("queries", affected, of);
            let support = reduce::mean("mean_support", &of_each_sample(&|size| size));
            let mut measured = vec![
                support.under(&caveat),
                reduce::mean("unconverged_share", &unconverged),
            ];
            let largest = supports.iter().flatten().copied().fold(1.0, f64::max);
            for size in (1..=task.pattern_count)
                .map(|size| size as f64)
                .take_while(|&size| size <= largest)
            {
                let share = of_each_sample(&|found| flag(found == size));
                let share = reduce::mean("support_share", &share).at("support", size);
                measured.push(share.under(&caveat));
            }
            quantities.extend(measured.into_iter().map(|quantity| {
                quantity
                    .at("beta", beta)
                    .labelled("similarity", composition.similarity())
                    .labelled("separation", composition.separation())
            }));
        }
        quantities
    }

    /// The histogram of the support, a panel for each task and β, memories side by side in each.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let panel = |task: &'a Task, beta: f64| {
            let axis = AxisView::new("patterns in the support").whole();
            PanelView::new(
                (
                    axis.over(|least, largest| (least.min(1.0) - 0.5, largest + 0.5)),
                    Along::Coordinate("support", 0.0),
                ),
                AxisView::share("share of the queries"),
                vec![Data::new("support_share")],
                vec![Pass::new(
                    vec![Box::new(composition_name)],
                    vec![view::guide(), view::points()],
                )],
            )
            .titled(format!(
                "N = {}, M = {}, β = {}",
                task.size,
                task.pattern_count,
                short_number(beta)
            ))
            .only(move |row| row.task == task && row.coordinate("beta") == Some(beta))
        };
        let panels = sweep.tasks.iter().flat_map(|task| {
            let grid = self.inverse_temperatures.iter();
            grid.map(move |&beta| panel(task, beta))
        });
        let size = Some((480.0, 400.0));
        let panels = Picture::Panels(panels.collect(), Arrangement::Rows(3), size);
        vec![View::new(KIND.name, sweep.title(), panels)]
    }
}

/// "dot, softmax".
fn composition_name(row: &Row<'_>) -> Option<String> {
    let labels = ["similarity", "separation"].map(|name| row.quantity.labels.get(name));
    let names: Vec<String> = labels
        .into_iter()
        .flatten()
        .map(|label| literal(label))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}
