//! Which memories a learned kernel puts close to each other.

use crate::shared::learners::LEARNER;
use crate::shared::ranks::{correlation, ranks};
use crate::shared::training_curve::{TrainingCurve, TrainingPanel, fixed, stored, task_title};
use dam_learning::{Learner, cosines};
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record, column, list};
use dam_runs::reduce;
use dam_runs::swept::{PATTERN_COUNT, SIZE, TRAINING_STEPS};
use dam_runs::task::Task;
use dam_runs::view::{DirectionPanel, LineValue, Picture, Sweep, View, literal};

/// What is recorded of each learner and epoch; the first only of labelled patterns.
const NAMES: [&str; 3] = ["same_label_share", "neighbour_rank", "rank_correlation"];
/// What is recorded once of labelled patterns.
const WITHOUT_MAP: [&str; 2] = ["input_same_label_share", "chance_same_label_share"];

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "semantic-neighbours",
    about: "which memories a learned map puts close: labels, ranks, rank correlation",
    sections: &[LEARNER],
    sweep: &[PATTERN_COUNT, SIZE, TRAINING_STEPS],
    read: SemanticNeighbours::configure,
};

/// Learns feature maps of the stored patterns and looks at the nearest neighbour of each in the learned space (largest
/// cosine of the features; Hu, Wu and Liu, arXiv:2410.23126, Fig. 4):
///
/// * `same_label_share`: the share of patterns whose neighbour has their label; `input_same_label_share` is that of the
///   patterns themselves, `chance_same_label_share` what random neighbours would give;
/// * `neighbour_rank`: how many of the other patterns are less similar to the pattern (by cosine, before the map) than its
///   neighbour is, as a share, averaged: 1 where neighbours stay neighbours, ½ by chance;
/// * `rank_correlation`: Spearman's, between the cosines of all pairs before and after the map.
#[derive(Clone, Debug)]
pub struct SemanticNeighbours(pub TrainingCurve);

impl SemanticNeighbours {
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let (experiment, points) = TrainingCurve::configure(draft, Self)?;
        if points.iter().any(|point| point.pattern_count < 3) {
            let message = "2 patterns are each other's neighbours; store 3 at least".to_owned();
            return Err(draft.error("sweep", "pattern_count", message));
        }
        Ok((experiment, points))
    }
}

impl Experiment for SemanticNeighbours {
    fn settings(&self) -> Settings {
        self.0.settings()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let count = sample.task.pattern_count;
        let labels: Option<Vec<u8>> = (0..count).map(|index| sample.law.label(index)).collect();
        let memories = stored(sample);
        let before = cosines(memories.size(), memories.as_slice());
        let ranks_before = ranks(&pairs(count, &before));
        let mut record = self.0.record(sample, NAMES, |_, trainer| {
            let after = cosines(trainer.feature_size(), trainer.features());
            let neighbours = neighbours(count, &after);
            [
                labels
                    .as_deref()
                    .map(|labels| same_label_share(labels, &neighbours)),
                Some(neighbour_rank(count, &before, &neighbours)),
                Some(correlation(&ranks_before, &ranks(&pairs(count, &after)))),
            ]
        });
        if let Some(labels) = &labels {
            let number = |value| Measurement::Number(Some(value));
            let share = same_label_share(labels, &neighbours(count, &before));
            record.insert(WITHOUT_MAP[0].to_owned(), number(share));
            record.insert(WITHOUT_MAP[1].to_owned(), number(chance(labels)));
        }
        if sample.index == 0 {
            self.keep_picture(sample, labels.as_deref(), &mut record);
        }
        record
    }

    fn quantities(&self, _: &Task, records: &[Record]) -> Vec<Quantity> {
        let has_labels = records
            .iter()
            .any(|record| record.contains_key(WITHOUT_MAP[0]));
        let names = if has_labels { &NAMES[..] } else { &NAMES[1..] };
        let mut quantities = self.0.quantities(records, names);
        if has_labels {
            for name in WITHOUT_MAP {
                let values = reduce::present(&column(records, name));
                quantities.push(reduce::mean(name, &values));
            }
        }
        quantities
    }

    /// For each task a column of panels: labels shared with the nearest neighbour (labelled patterns only), its rank before the map,
    /// and the rank correlation of all pairs; and the directions of two-dimensional features.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let rows = [
            (NAMES[0], "neighbours of the same label"),
            (NAMES[1], "rank of the neighbour"),
            (NAMES[2], "rank correlation of all pairs"),
        ];
        let limits = |name| match name {
            "same_label_share" => vec![
                (
                    "cosine before the map".to_owned(),
                    LineValue::Measured(WITHOUT_MAP[0]),
                ),
                ("chance".to_owned(), LineValue::Measured(WITHOUT_MAP[1])),
            ],
            "neighbour_rank" => vec![("chance".to_owned(), fixed(0.5))],
            _ => vec![("chance".to_owned(), fixed(0.0))],
        };
        let panels = rows.into_iter().flat_map(|(quantity, label)| {
            sweep.tasks.iter().map(move |task| TrainingPanel {
                task,
                title: task_title(task),
                label: label.to_owned(),
                quantity,
                learners: self.0.learners.iter().collect(),
                // the last row, with the most room, names the curves
                names_curves: quantity == NAMES[2],
                limits: limits(quantity),
            })
        });
        let of_record = Box::new(|task: &Task, record: &Record| self.directions(task, record));
        let directions = View::new(
            format!("{}-directions", KIND.name),
            sweep.title(),
            Picture::Directions(of_record),
        )
        .noted("The first sample.");
        vec![self.0.view(KIND.name, sweep, panels.collect()), directions]
    }
}

/// The name under which a record keeps the directions of a learner's features.
fn angle_column(learner: &Learner) -> String {
    format!("angle {}", learner.name)
}

impl SemanticNeighbours {
    /// What a record keeps of the features of every learner in two dimensions.
    fn directions(&self, task: &Task, record: &Record) -> Vec<DirectionPanel> {
        let Some(labels) = whole_list(record, "label") else {
            return Vec::new();
        };
        let panel = |learner: &Learner| {
            let angles = whole_list(record, &angle_column(learner))?;
            Some(DirectionPanel {
                title: format!("{}: {}", task_title(task), literal(&learner.name)),
                features: angles.into_iter().zip(labels.iter().copied()).collect(),
            })
        };
        self.0.learners.iter().filter_map(panel).collect()
    }
    /// The directions of the first sample's features after the last epoch, for learners of two features.
    fn keep_picture(&self, sample: &Sample<'_>, labels: Option<&[u8]>, record: &mut Record) {
        let has_two = |learner: &&Learner| learner.feature_size(sample.task.size) == 2;
        let learners = self.0.learners.iter().filter(has_two);
        for learner in learners {
            let Some(features) = self.0.last_features(learner, sample) else {
                continue;
            };
            let angle = |feature: &[f64]| feature[1].atan2(feature[0]);
            let angles = features.chunks_exact(2).map(angle);
            record.insert(angle_column(learner), list(angles));
        }
        if let Some(labels) = labels {
            record.insert(
                "label".to_owned(),
                list(labels.iter().map(|&label| f64::from(label))),
            );
        }
    }
}

/// A list without gaps.
fn whole_list(record: &Record, name: &str) -> Option<Vec<f64>> {
    match record.get(name)? {
        Measurement::List(values) => values.iter().copied().collect(),
        Measurement::Number(_) => None,
    }
}

/// For each row of a square matrix the other column with the largest value, the first of equals.
fn neighbours(count: usize, cosines: &[f64]) -> Vec<usize> {
    let nearest = |(row, cosines): (usize, &[f64])| {
        let others = (0..count).filter(|&other| other != row);
        others
            .reduce(|best, other| {
                if cosines[other] > cosines[best] {
                    other
                } else {
                    best
                }
            })
            .expect("there are two patterns")
    };
    cosines
        .chunks_exact(count)
        .enumerate()
        .map(nearest)
        .collect()
}

fn same_label_share(labels: &[u8], neighbours: &[usize]) -> f64 {
    let pairs = labels.iter().zip(neighbours);
    let same = pairs.filter(|&(label, &neighbour)| *label == labels[neighbour]);
    same.count() as f64 / labels.len() as f64
}

/// The share of ordered pairs with equal labels.
fn chance(labels: &[u8]) -> f64 {
    let mut counts = [0_usize; 256];
    for &label in labels {
        counts[usize::from(label)] += 1;
    }
    let pairs = |&count: &usize| count * count.saturating_sub(1);
    let same: usize = counts.iter().map(pairs).sum();
    same as f64 / (labels.len() * (labels.len() - 1)) as f64
}

fn neighbour_rank(count: usize, before: &[f64], neighbours: &[usize]) -> f64 {
    let rows = before.chunks_exact(count).enumerate().zip(neighbours);
    let ranks = rows.map(|((row, cosines), &neighbour)| {
        let is_less =
            |&(other, cosine): &(usize, &f64)| other != row && *cosine < cosines[neighbour];
        cosines.iter().enumerate().filter(is_less).count() as f64 / (count as f64 - 2.0)
    });
    ranks.sum::<f64>() / count as f64
}

/// The entries below the diagonal.
fn pairs(count: usize, matrix: &[f64]) -> Vec<f64> {
    let rows = matrix.chunks_exact(count).enumerate();
    rows.flat_map(|(row, values)| &values[..row])
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_shares_and_ranks_are_those_of_a_small_case() {
        // four patterns; cosines before and after
        let before = [
            1.0, 0.9, 0.1, 0.2, //
            0.9, 1.0, 0.3, 0.4, //
            0.1, 0.3, 1.0, 0.8, //
            0.2, 0.4, 0.8, 1.0,
        ];
        assert_eq!(neighbours(4, &before), [1, 0, 3, 2]);
        let labels = [7, 7, 1, 2];
        assert_eq!(same_label_share(&labels, &[1, 0, 3, 2]), 0.5);
        assert_eq!(chance(&labels), 2.0 / 12.0);
        assert_eq!(neighbour_rank(4, &before, &[1, 0, 3, 2]), 1.0);
        // the farthest: 0 of the two others are less similar
        assert_eq!(neighbour_rank(4, &before, &[2, 2, 0, 0]), 0.0);
        assert_eq!(
            pairs(3, &[0.0, 9.0, 9.0, 1.0, 0.0, 9.0, 2.0, 3.0, 0.0]),
            [1.0, 2.0, 3.0]
        );
    }
}
