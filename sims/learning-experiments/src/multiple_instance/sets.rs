//! Sets of bags with their names, and their instances as patterns.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use dam_layers::BagSet;
use dam_memory::ensembles::{FillTile, PatternEnsemble, PatternLaw};
use dam_memory::sampling::{Sampled, Tile};
use dam_runs::job::{Drawn, Point};
use dam_theory::{Parameter, Parameters};
use rand_xoshiro::Xoshiro256PlusPlus;
use sha2::{Digest, Sha256};

/// The name of the random streams of all sets: the same numbers under another name give the same results.
const STREAM_NAME: &str = "bags";
/// The parameter of a set that tells its contents.
const DIGEST: &str = "sha256";
/// Bytes of each of the numbers in which the digest stands.
const WORD: usize = 4;

/// A set of bags with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedSet {
    /// The name in tables.
    pub name: String,
    /// The bags.
    pub set: BagSet,
    /// SHA-256 of labels, sizes and features as eight numbers of 32 bits, and what else tells it apart.
    pub parameters: Parameters,
}

impl NamedSet {
    /// A set, told apart by its contents.
    pub fn new(name: impl Into<String>, set: BagSet) -> Self {
        let mut hash = Sha256::new();
        hash.update((set.size as u64).to_le_bytes());
        for (bag, &label) in set.labels.iter().enumerate() {
            hash.update([u8::from(label)]);
            hash.update((set.bags.rows().of(bag).len() as u64).to_le_bytes());
        }
        for value in &set.rows {
            hash.update((value + 0.0).to_le_bytes());
        }
        let digest = hash.finalize();
        let (words, _) = digest.as_slice().as_chunks::<WORD>();
        let words = words
            .iter()
            .map(|&word| f64::from(u32::from_be_bytes(word)));
        let parameters = Parameters::from([(
            DIGEST.to_owned(),
            Parameter::from(words.collect::<Vec<f64>>()),
        )]);
        Self {
            name: name.into(),
            set,
            parameters,
        }
    }

    /// The same set with one number more that it was made by.
    #[must_use]
    pub fn with(mut self, name: &str, value: f64) -> Self {
        self.parameters
            .insert(name.to_owned(), Parameter::from(value));
        self
    }

    /// The point of a job whose patterns are the instances.
    pub(super) fn point(self: &Arc<Self>) -> Point {
        let drawn: Drawn = (
            Arc::new(Instances(Arc::clone(self))),
            self.parameters.clone(),
        );
        Point::of_patterns(drawn, self.set.size, self.set.bags.row_count())
    }

    /// How many bags are positive, and how many negative.
    pub fn class_sizes(&self) -> [usize; 2] {
        let positive = self.set.labels.iter().filter(|&&label| label).count();
        [positive, self.set.labels.len() - positive]
    }

    /// How many bags stand in another set too, instance for instance.
    pub fn shared_bags(&self, other: &Self) -> usize {
        let known: HashSet<u64> = other.fingerprints().collect();
        self.fingerprints()
            .filter(|bag| known.contains(bag))
            .count()
    }

    /// A number for each bag that no other bag has, but by a chance of 2⁻⁶⁴.
    fn fingerprints(&self) -> impl Iterator<Item = u64> {
        (0..self.set.labels.len()).map(|bag| {
            let mut hasher = DefaultHasher::new();
            for value in self.set.bag(bag) {
                value.to_bits().hash(&mut hasher);
            }
            hasher.finish()
        })
    }
}

/// The instances of a set of bags, in its order.
#[derive(Clone, Debug)]
struct Instances(Arc<NamedSet>);

impl PatternEnsemble for Instances {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn stream_name(&self) -> &str {
        STREAM_NAME
    }

    fn has_fixed_norm(&self) -> bool {
        false
    }

    fn given_size(&self) -> Option<usize> {
        Some(self.0.set.size)
    }

    fn largest_count(&self) -> Option<usize> {
        Some(self.0.set.bags.row_count())
    }

    fn prepare(&self, _: usize, _: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        Box::new(self.clone())
    }
}

impl FillTile for Instances {
    fn fill<T: Sampled>(&self, size: usize, tile: Tile<'_>, rows: &mut [T]) {
        let values = &self.0.set.rows[tile.first_pattern() * size..];
        for (number, &value) in rows.iter_mut().zip(values) {
            *number = T::from_f64(value);
        }
    }
}

impl PatternLaw for Instances {}
