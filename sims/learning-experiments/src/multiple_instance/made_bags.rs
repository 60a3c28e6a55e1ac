//! Bags that are made: sizes and numbers of positive instances, of which each combination is a set.

use dam_layers::{BagSet, Bags};
use dam_memory::streams::StreamKey;
use dam_runs::job::{Draft, JobError};
use dam_runs::section::Section;
use rand_xoshiro::Xoshiro256PlusPlus;
use schemars::JsonSchema;
use serde::Deserialize;

use super::bag_kind::SECTION;
use super::sets::NamedSet;

/// The keys that all such kinds read.
pub(super) const SIZE: &str = "bag_size";
pub(super) const POSITIVES: &str = "positives";
/// Fewer bags have no folds.
const FEWEST_BAGS: usize = 4;

/// What all such kinds read.
pub(super) const MADE: Section = Section::of::<MadeBags>(SECTION);

/// Their values.
#[derive(Debug, Deserialize, JsonSchema)]
struct MadeBags {
    /// Number of bags, half of them positive.
    #[schemars(example = 200)]
    bags: Option<usize>,
    /// Instances of a bag; each number makes a set.
    #[schemars(example = 10)]
    bag_size: Option<Counts>,
    /// How many of them make a bag positive.
    #[schemars(example = 1)]
    positives: Option<Counts>,
}

/// One number or several.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Counts {
    One(usize),
    Several(Vec<usize>),
}

impl Counts {
    fn list(self) -> Vec<usize> {
        match self {
            Self::One(count) => vec![count],
            Self::Several(counts) => counts,
        }
    }
}

/// Draws the instances of bags.
pub(super) trait Instances {
    /// Numbers of an instance.
    fn size(&self) -> usize;

    /// Writes an instance that makes a bag positive, or one that does not.
    fn draw(&mut self, is_positive: bool, rng: &mut Xoshiro256PlusPlus, row: &mut [f64]);
}

/// Sets of bags for every combination of sizes and numbers of positive instances; every other bag is positive. `instances`
/// begins anew for each set.
pub(super) fn made_sets<I: Instances>(
    draft: &Draft<'_>,
    name: &str,
    defaults: (usize, usize),
    instances: impl Fn(&mut Xoshiro256PlusPlus) -> I,
) -> Result<Vec<NamedSet>, JobError> {
    let section: Option<MadeBags> = draft.section(SECTION)?;
    let given = section.as_ref().and_then(|section| section.bags);
    let (usual, usual_size) = defaults;
    let count = given.unwrap_or(usual);
    let error = |key: &str, message: String| Err(draft.error(SECTION, key, message));
    if count < FEWEST_BAGS || !count.is_multiple_of(2) {
        let message =
            format!("{count} is no even number of at least {FEWEST_BAGS}: half are positive");
        return error("bags", message);
    }
    let (sizes, positives) = section.map_or((None, None), |of| (of.bag_size, of.positives));
    let sizes = sizes.map_or(vec![usual_size], Counts::list);
    let positives = positives.map_or(vec![1], Counts::list);
    for (key, counts) in [(SIZE, &sizes), (POSITIVES, &positives)] {
        if counts.is_empty() {
            return error(key, "the list is empty; give one number".to_owned());
        }
        for (place, value) in counts.iter().enumerate() {
            if *value == 0 {
                return error(key, "0 is too few; give at least 1".to_owned());
            }
            if counts[..place].contains(value) {
                return error(key, format!("{value} stands there twice; name each once"));
            }
        }
    }
    let (least, most) = (sizes.iter().min(), positives.iter().max());
    if let (Some(least), Some(most)) = (least, most)
        && most > least
    {
        let message = format!("{most} positive instances do not fit into bags of {least}");
        return error(POSITIVES, message);
    }
    let mut sets = Vec::new();
    for &positive in &positives {
        for &size in &sizes {
            let key = StreamKey::new(draft.seed())
                .with_text(SECTION, name)
                .with_integer(SIZE, size as u64)
                .with_integer(POSITIVES, positive as u64);
            let mut rng = key.rng("instances");
            let drawn = instances(&mut rng);
            let set = made(drawn, [count, size, positive], &mut rng);
            let named = NamedSet::new(name, set)
                .with(SIZE, size as f64)
                .with(POSITIVES, positive as f64);
            sets.push(named);
        }
    }
    Ok(sets)
}

/// `count` bags of `size` instances, every other one with `positive` positive ones.
fn made(
    mut instances: impl Instances,
    [count, size, positive]: [usize; 3],
    rng: &mut Xoshiro256PlusPlus,
) -> BagSet {
    let width = instances.size();
    let labels: Vec<bool> = (0..count).map(|bag| bag % 2 == 0).collect();
    let mut rows = vec![0.0; count * size * width];
    for (place, row) in rows.chunks_exact_mut(width).enumerate() {
        let (bag, instance) = (place / size, place % size);
        // their order in a bag has no meaning to any model
        instances.draw(labels[bag] && instance < positive, rng, row);
    }
    BagSet {
        size: width,
        rows,
        bags: Bags::of_sizes(vec![size; count]),
        labels,
    }
}
