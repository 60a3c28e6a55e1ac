//! Nested cross-validations as a job: a task is a set of bags, a sample one cross-validation with folds and weights of its own.

use std::sync::Arc;

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Conclusions, Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record, list};
use dam_runs::reduce;
use dam_runs::results::TaskResult;
use dam_runs::task::Task;
use dam_runs::view::{Sweep, View};
use dam_statistics::{StatisticsError, mean, standard_deviation, student_factor};
use dam_theory::Parameter;

use super::comparison::{Comparison, compare, corrected_error};
use super::interval::{Interval, symmetric, within_one};
use super::model::Model;
use super::networks::{BASELINE, Recipe};
use super::protocol::{FoldResult, Protocol, judge};
use super::sections::{Asked, SECTIONS};
use super::sets::NamedSet;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "multiple-instance-learning",
    about: "how well networks and other models tell bags apart, by nested cross-validation",
    sections: SECTIONS,
    sweep: &[],
    read: MultipleInstance::configure,
};

/// Seconds that a network of width w spends an instance and epoch, for each of the f·w + 3w² products of its maps.
const SECONDS_OF_A_PRODUCT: f64 = 6e-10;

/// What is measured on a test fold.
type OfFold = fn(&FoldResult) -> f64;

/// The columns of a record that are scores, each a list with a number for every fold, and the intervals of their means.
const SCORES: [(&str, OfFold, Interval); 3] = [
    (AREA, |fold| fold.score.area, within_one),
    ("accuracy", |fold| fold.score.accuracy, within_one),
    ("log_loss", |fold| fold.score.log_loss, symmetric),
];
/// The other columns.
const CHOICES: [(&str, OfFold); 2] = [
    ("setting", |fold| fold.setting as f64),
    (EPOCHS, |fold| fold.stages as f64),
];
/// The area under the curve of true against false positives.
pub(super) const AREA: &str = "area";
const EPOCHS: &str = "epochs";
/// The quantity of paired differences of areas, and what names the other model.
pub(super) const DIFFERENCE: &str = "area_difference";
pub(super) const AGAINST: &str = "against";
/// The quantity of the spread that papers print.
const SPREAD: &str = "area_deviation_over_repeats";

/// Judges models on sets of bags by repeated nested cross-validation (S. Varma and R. Simon, BMC Bioinformatics 7, 91 (2006)):
/// all models of a repeat see the same folds, settings and epochs are chosen by the same inner folds, errors of means and
/// paired differences are those of Nadeau and Bengio.
#[derive(Debug)]
pub struct MultipleInstance {
    /// The sets of bags, one for each task.
    pub sets: Vec<Arc<NamedSet>>,
    /// What is compared.
    pub models: Vec<Box<dyn Model>>,
    /// What networks share.
    pub recipe: Recipe,
    /// How bags are parted.
    pub protocol: Protocol,
    settings: Settings,
}

impl MultipleInstance {
    /// Sections `[bags]`, `[learning]`, `[grid]` and `[validation]`; nothing is swept.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let asked = Asked::read(draft)?;
        let points = asked.sets.iter().map(NamedSet::point).collect();
        let experiment = Self {
            sets: asked.sets,
            models: asked.models,
            recipe: asked.recipe,
            protocol: asked.protocol,
            settings: asked.settings,
        };
        Ok((Box::new(experiment), points))
    }

    /// The set of a task.
    pub(super) fn set_of(&self, task: &Task) -> Option<&NamedSet> {
        let is_own = |set: &&Arc<NamedSet>| {
            set.name == task.ensemble && set.parameters == task.ensemble_parameters
        };
        self.sets.iter().find(is_own).map(Arc::as_ref)
    }

    /// The areas of a model over the folds of all repeats.
    pub(super) fn areas(records: &[Record], model: &str) -> Vec<f64> {
        of_folds(records, AREA, model).concat()
    }

    /// How one model does against another, fold by fold.
    pub(super) fn comparison(
        &self,
        records: &[Record],
        [first, second]: [&str; 2],
    ) -> Option<Comparison> {
        let folds = self.protocol.folds;
        compare(
            &Self::areas(records, first),
            &Self::areas(records, second),
            folds,
        )
        .ok()
    }

    /// What a model is compared with: the network without retrieval, and what differs from it by Stage I alone.
    pub(super) fn references<'a>(&'a self, model: &'a dyn Model) -> Vec<&'a str> {
        let references = [Some(BASELINE), model.control()];
        let is_there = |name: &&str| self.models.iter().any(|other| other.name() == *name);
        references
            .into_iter()
            .flatten()
            .filter(|name| *name != model.name())
            .filter(is_there)
            .collect()
    }

    /// A mean over folds with its corrected error and interval.
    fn corrected(
        &self,
        name: &str,
        values: &[f64],
        repeats: usize,
        interval: Interval,
    ) -> Quantity {
        let empty = reduce::empty(name, repeats);
        let found = || -> Result<Quantity, StatisticsError> {
            let error = corrected_error(values, self.protocol.folds)?;
            let reach = student_factor(reduce::CONFIDENCE, values.len())?;
            let value = mean(values)?;
            let ends = value.map(|value| interval(value, reach * error));
            Ok(Quantity {
                mean: value,
                standard_error: Some(error),
                lower: ends.map(|ends| ends[0]),
                upper: ends.map(|ends| ends[1]),
                ..empty.clone()
            })
        };
        found().unwrap_or(empty.clone())
    }

    /// The quantities of one model.
    fn quantities_of(&self, model: &dyn Model, records: &[Record]) -> Vec<Quantity> {
        let repeats = records.len();
        let folds = |column: &str| of_folds(records, column, model.name());
        let mut quantities: Vec<Quantity> = SCORES
            .iter()
            .map(|(column, _, interval)| {
                self.corrected(column, &folds(column).concat(), repeats, *interval)
            })
            .collect();
        let means = |column: &str| -> Vec<f64> {
            let of_repeats = folds(column).into_iter();
            of_repeats
                .filter_map(|values| mean(&values).ok().flatten())
                .collect()
        };
        quantities.push(Quantity {
            mean: standard_deviation(&means(AREA)).ok().flatten(),
            ..reduce::empty(SPREAD, repeats)
        });
        quantities.push(reduce::mean(EPOCHS, &means(EPOCHS)));
        for reference in self.references(model) {
            let (own, other) = (
                Self::areas(records, model.name()),
                Self::areas(records, reference),
            );
            let differences: Vec<f64> = own.iter().zip(&other).map(|(a, b)| a - b).collect();
            let difference = self.corrected(DIFFERENCE, &differences, repeats, symmetric);
            quantities.push(difference.labelled(AGAINST, &reference));
        }
        let name = model.name();
        quantities
            .into_iter()
            .map(|quantity| quantity.labelled("model", &name))
            .collect()
    }
}

/// The set of a task, with the numbers that it was made by: "digits (bag size 10, positives 1)".
pub(super) fn title(task: &Task) -> String {
    let numbers = made_by(task);
    if numbers.is_empty() {
        return task.ensemble.clone();
    }
    let numbers: Vec<String> = numbers
        .iter()
        .map(|(name, value)| format!("{} {value}", name.replace('_', " ")))
        .collect();
    format!("{} ({})", task.ensemble, numbers.join(", "))
}

/// The numbers that the set of a task was made by.
pub(super) fn made_by(task: &Task) -> Vec<(&str, f64)> {
    let numbers = task.ensemble_parameters.iter();
    numbers
        .filter_map(|(name, value)| match value {
            Parameter::Number(value) => Some((name.as_str(), *value)),
            Parameter::List(_) => None,
        })
        .collect()
}

/// The name under which a record keeps a number for each fold of a model.
fn column_name(column: &str, model: &str) -> String {
    format!("{column} {model}")
}

/// A column of a model, repeat by repeat; empty where a record has no such column.
fn of_folds(records: &[Record], column: &str, model: &str) -> Vec<Vec<f64>> {
    let name = column_name(column, model);
    let folds = |record: &Record| match record.get(&name) {
        Some(Measurement::List(values)) => reduce::present(values),
        _ => Vec::new(),
    };
    records.iter().map(folds).collect()
}

impl Experiment for MultipleInstance {
    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn seconds(&self, task: &Task) -> Option<f64> {
        let set = self.set_of(task)?;
        let width = self.recipe.width as f64;
        let products = width * (set.set.size as f64 + 3.0 * width);
        let inner = self.protocol.inner_folds as f64;
        let networks = self.models.iter().filter(|model| model.stage_count() > 1);
        let epochs: f64 = networks
            .map(|model| {
                let settings = model.setting_count() as f64;
                // every inner fold is left out once, and each setting sees the others
                (settings * (inner - 1.0) + 1.0) * model.stage_count() as f64
            })
            .sum();
        let instances = set.set.bags.row_count() as f64 * (self.protocol.folds as f64 - 1.0);
        Some(SECONDS_OF_A_PRODUCT * products * instances * epochs)
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let Some(set) = self.set_of(sample.task) else {
            return Record::new();
        };
        let judged = judge(
            &set.set,
            &self.models,
            self.protocol,
            &sample.stream,
            sample.journal,
        );
        let columns = self.models.iter().zip(&judged).flat_map(|(model, folds)| {
            let scores = SCORES.map(|(column, of_fold, _)| (column, of_fold));
            scores.into_iter().chain(CHOICES).map(|(column, of_fold)| {
                let name = column_name(column, model.name());
                (name, list(folds.iter().map(of_fold)))
            })
        });
        columns.collect()
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let numbers = made_by(task);
        let placed = |quantity: Quantity| {
            let at = |quantity: Quantity, (name, value): &(&str, f64)| quantity.at(name, *value);
            numbers.iter().fold(quantity, at)
        };
        let models = self.models.iter();
        models
            .flat_map(|model| self.quantities_of(model.as_ref(), records))
            .map(placed)
            .collect()
    }

    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        self.figure(sweep)
    }

    fn conclude(&self, tasks: &[TaskResult]) -> Conclusions {
        Conclusions {
            findings: self.find(tasks),
            ..Conclusions::default()
        }
    }
}
