//! What is to be taken with care in the results of a job, in sentences.

use crate::caveat::Caveat;
use crate::quantity::Quantity;
use crate::results::document::TaskResult;
use crate::task::Task;

/// The same caveat at several places.
struct Group<'a> {
    source: &'static str,
    worst: (&'a Caveat, String),
    places: Vec<String>,
    without_number: usize,
}

/// A sentence for each kind of caveat: at how many places of the sweep, how bad at the worst, what to change.
pub fn warnings(tasks: &[TaskResult]) -> Vec<String> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for result in tasks {
        let theory = result.task.sampled_theory().unwrap_or_default();
        let measured = result.quantities.iter().map(|quantity| ("", quantity));
        let quantities =
            measured.chain(theory.iter().map(|quantity| ("sampled theory: ", quantity)));
        for (source, quantity) in quantities {
            for caveat in &quantity.caveats {
                note(&mut groups, source, &result.task, quantity, caveat);
            }
        }
    }
    groups.iter().map(Group::sentence).collect()
}

fn note<'a>(
    groups: &mut Vec<Group<'a>>,
    source: &'static str,
    task: &Task,
    quantity: &Quantity,
    caveat: &'a Caveat,
) {
    let place = place(task, quantity);
    let is_same = |group: &&mut Group<'_>| {
        let known = group.worst.0;
        group.source == source && known.what == caveat.what && known.mend == caveat.mend
    };
    let Some(group) = groups.iter_mut().find(is_same) else {
        groups.push(Group {
            source,
            worst: (caveat, place.clone()),
            places: vec![place],
            without_number: usize::from(caveat.is_total),
        });
        return;
    };
    let share = |caveat: &Caveat| caveat.affected as f64 / caveat.of as f64;
    if share(caveat) > share(group.worst.0) {
        group.worst = (caveat, place.clone());
    }
    // quantities of one place share their samples
    if !group.places.contains(&place) {
        group.places.push(place);
        group.without_number += usize::from(caveat.is_total);
    }
}

fn place(task: &Task, quantity: &Quantity) -> String {
    let load = if task.is_counted() {
        format!("P = {}", task.pattern_count)
    } else {
        format!("alpha = {}", task.alpha)
    };
    let coordinates = quantity.coordinates.iter();
    let coordinates = coordinates.map(|(name, value)| format!(", {name} = {value}"));
    let labels = quantity.labels.iter();
    let labels = labels.map(|(name, value)| format!(", {name} = {value}"));
    let more: String = coordinates.chain(labels).collect();
    format!("size = {}, {load}{more}", task.size)
}

impl Group<'_> {
    fn sentence(&self) -> String {
        let (worst, place) = &self.worst;
        let place = if self.places.len() == 1 {
            format!("at {place}")
        } else {
            let places = self.places.len();
            format!("at {place}, the worst of {places} such places")
        };
        let without = match self.without_number {
            0 => String::new(),
            1 => "; no number is given where none is left".to_owned(),
            count => format!("; no number is given at {count} places, where none is left"),
        };
        format!("{}{worst} ({place}): {}{without}", self.source, worst.mend)
    }
}
