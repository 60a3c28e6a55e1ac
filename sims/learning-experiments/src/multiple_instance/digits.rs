//! Bags of images of digits, positive where the target digit is among them.

use std::sync::Arc;

use dam_memory::images::{ImageSet, Pictures, Preparation, PreparedImages};
use dam_runs::job::{Draft, JobError};
use dam_runs::section::Section;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use schemars::JsonSchema;
use serde::Deserialize;

use super::bag_kind::{BagKind, SECTION};
use super::made_bags::{Instances, MADE, made_sets};
use super::sets::NamedSet;

/// Bags and instances where the job does not say.
const USUAL: (usize, usize) = (200, 10);
/// The digits.
const CLASSES: usize = 10;

/// Images of digits (IDX); a bag is positive where some show the target (M. Ilse, J. Tomczak and M. Welling,
/// arXiv:1802.04712). No image comes again before all of its kind, target or not, have come.
pub(super) const DIGITS: BagKind = BagKind {
    name: "digits",
    about: "images of digits, one of which is the target",
    sections: &[MADE, Section::of::<DigitKeys>(SECTION)],
    read,
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct DigitKeys {
    /// The IDX file of images.
    #[schemars(example = &"images-idx3-ubyte.gz")]
    path: Option<String>,
    /// The IDX file of their labels.
    #[schemars(example = &"labels-idx1-ubyte.gz")]
    labels: Option<String>,
    /// The digit that makes a bag positive.
    #[schemars(example = 9)]
    target: Option<u8>,
    /// Side of the blocks of pixels that are averaged.
    #[schemars(example = 1)]
    pooling: Option<usize>,
}

fn read(draft: &Draft<'_>) -> Result<Vec<NamedSet>, JobError> {
    let section: DigitKeys = draft.section(SECTION)?.unwrap_or_default();
    let error = |key: &str, message: String| draft.error(SECTION, key, message);
    let (Some(path), Some(labels)) = (&section.path, &section.labels) else {
        let key = if section.path.is_none() {
            "path"
        } else {
            "labels"
        };
        let message = "missing; give the IDX files of images and labels, relative to the job file";
        return Err(error(key, message.to_owned()));
    };
    let target = section.target.unwrap_or(9);
    if usize::from(target) >= CLASSES {
        return Err(error("target", format!("{target} is no digit from 0 to 9")));
    }
    let [path, labels] = [path, labels].map(|path| draft.beside(path));
    let set = ImageSet::read_idx(&path, Some(&labels), CLASSES).map_err(|failed| {
        let key = if failed.path() == labels {
            "labels"
        } else {
            "path"
        };
        error(key, failed.to_string())
    })?;
    let of_kind = |is_target: bool| -> Vec<usize> {
        let labels = set.labels().unwrap_or_default().iter().enumerate();
        labels
            .filter(|(_, label)| (**label == target) == is_target)
            .map(|(index, _)| index)
            .collect()
    };
    let kinds = [false, true].map(of_kind);
    if kinds.iter().any(Vec::is_empty) {
        let message = format!("the images show {target} everywhere or nowhere; choose another");
        return Err(error("target", message));
    }
    let preparation = Preparation {
        pooling: section.pooling.unwrap_or(1),
        ..Preparation::default()
    };
    let prepared = PreparedImages::new(set, preparation)
        .map_err(|failed| error("pooling", failed.to_string()))?;
    let (size, rows) = (prepared.size(), Arc::new(prepared.rows()));
    made_sets(draft, DIGITS.name, USUAL, |_| Digits {
        size,
        rows: Arc::clone(&rows),
        kinds: kinds.clone().map(|images| Deck { images, next: 0 }),
    })
}

/// The images, target or not.
struct Digits {
    size: usize,
    rows: Arc<Vec<f64>>,
    kinds: [Deck; 2],
}

/// Images in random order, shuffled again when all have come.
struct Deck {
    images: Vec<usize>,
    next: usize,
}

impl Deck {
    fn draw(&mut self, rng: &mut Xoshiro256PlusPlus) -> usize {
        let place = self.next % self.images.len();
        if place == 0 {
            self.images.shuffle(rng);
        }
        self.next += 1;
        self.images[place]
    }
}

impl Instances for Digits {
    fn size(&self) -> usize {
        self.size
    }

    fn draw(&mut self, is_positive: bool, rng: &mut Xoshiro256PlusPlus, row: &mut [f64]) {
        let image = self.kinds[usize::from(is_positive)].draw(rng);
        row.copy_from_slice(&self.rows[image * self.size..(image + 1) * self.size]);
    }
}
