//! Patterns of a data set, drawn from it without repetition.

use std::sync::Arc;

use dam_theory::TheoryError;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::ensembles::law::{FillTile, PatternEnsemble, PatternLaw};
use crate::images::{Normalization, Pictures, Preparation, PreparationError, PreparedImages};
use crate::sampling::{Sampled, Tile};
use crate::streams::Settings;
use crate::streams::StreamKey;

/// The name of the random streams of all data sets, so that the same numbers from another file give
/// the same results.
const STREAM_NAME: &str = "images";

/// A kind of data sets that jobs may name.
pub trait DataSet: Pictures {
    /// The name in job files and columns.
    const NAME: &'static str;
}

/// Distinct patterns of a set in random order; each disorder sample has its own.
///
/// The set is split once, at random: parameters such as β are tuned on patterns of the validation
/// part, which are never among the stored ones. Sets of one length that are read in different ways
/// are split and ordered alike.
#[derive(Clone, Debug)]
pub struct DataPatterns<S> {
    prepared: Arc<PreparedImages<S>>,
    /// SHA-256 of shape and values, in hexadecimal.
    digest: String,
    validation_share: f64,
    has_fixed_norm: bool,
    stored: Arc<[u32]>,
    validation: Arc<[u32]>,
}

impl<S: DataSet + 'static> DataPatterns<S> {
    /// The name in job files and columns.
    pub const NAME: &'static str = S::NAME;
    /// The share of the patterns that is kept for validation where the job does not say.
    pub const VALIDATION_SHARE: f64 = 0.2;

    /// Splits a set by the stream of `seed`: round(`validation_share` · count) are for validation.
    ///
    /// # Errors
    /// [`PreparationError`] where the patterns cannot be prepared so.
    ///
    /// # Panics
    /// If `validation_share` lies outside [0, 1) or there are more than 2³² patterns.
    pub fn new(
        set: S,
        preparation: Preparation,
        validation_share: f64,
        seed: u64,
    ) -> Result<Self, PreparationError> {
        assert!(
            (0.0..1.0).contains(&validation_share),
            "a validation share of {validation_share} leaves no pattern or is negative"
        );
        let count = u32::try_from(set.count()).expect("a set has at most 2³² patterns");
        let mut order: Vec<u32> = (0..count).collect();
        order.shuffle(&mut StreamKey::new(seed).rng("validation split"));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a count that fits"
        )]
        let kept = (validation_share * f64::from(count)).round() as usize;
        let stored = order.split_off(kept.min(order.len() - 1));
        let shape = set.shape();
        let mut hash = Sha256::new();
        for part in [shape.channels, shape.height, shape.width] {
            hash.update((part as u64).to_le_bytes());
        }
        set.digest(&mut hash);
        let digest = hash.finalize();
        let prepared = PreparedImages::new(set, preparation)?;
        Ok(Self {
            has_fixed_norm: preparation.normalization == Normalization::Sphere
                || prepared.is_of_fixed_norm(),
            prepared: Arc::new(prepared),
            digest: hexadecimal(&digest),
            validation_share,
            stored: stored.into(),
            validation: order.into(),
        })
    }

    /// How many patterns can be stored.
    pub fn stored_count(&self) -> usize {
        self.stored.len()
    }

    /// How many patterns are kept for validation.
    pub fn validation_count(&self) -> usize {
        self.validation.len()
    }

    fn law(&self, part: &[u32], rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        let mut order = part.to_vec();
        order.shuffle(rng);
        Box::new(DataLaw {
            prepared: Arc::clone(&self.prepared),
            order,
        })
    }
}

impl<S: DataSet + 'static> PatternEnsemble for DataPatterns<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn stream_name(&self) -> &'static str {
        STREAM_NAME
    }

    fn has_fixed_norm(&self) -> bool {
        self.has_fixed_norm
    }

    fn given_size(&self) -> Option<usize> {
        Some(self.prepared.size())
    }

    fn largest_count(&self) -> Option<usize> {
        Some(self.stored_count())
    }

    fn largest_validation_count(&self) -> Option<usize> {
        Some(self.validation_count())
    }

    fn settings(&self) -> Settings {
        let preparation = self.prepared.preparation();
        Settings::from([
            (format!("patterns.{}", S::NAME), json!(self.digest)),
            ("patterns.pooling".to_owned(), json!(preparation.pooling)),
            (
                "patterns.centering".to_owned(),
                json!(preparation.centering),
            ),
            (
                "patterns.normalization".to_owned(),
                json!(preparation.normalization),
            ),
            (
                "patterns.validation_share".to_owned(),
                json!(self.validation_share),
            ),
        ])
    }

    fn check_size(&self, size: usize) -> Result<(), TheoryError> {
        if size == self.prepared.size() {
            return Ok(());
        }
        Err(TheoryError::Domain {
            quantity: "size",
            value: size as f64,
            domain: "the number of values of one pattern",
        })
    }

    fn prepare(&self, _size: usize, rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        self.law(&self.stored, rng)
    }

    fn prepare_validation(
        &self,
        _size: usize,
        rng: &mut Xoshiro256PlusPlus,
    ) -> Box<dyn PatternLaw> {
        self.law(&self.validation, rng)
    }
}

/// Bytes as lower-case hexadecimal digits.
fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).expect("a nibble is a digit");
    let nibbles = bytes.iter().flat_map(|&byte| [byte >> 4, byte & 15]);
    nibbles.map(digit).collect()
}

/// The patterns of one disorder sample, in its order.
#[derive(Clone, Debug)]
struct DataLaw<S> {
    prepared: Arc<PreparedImages<S>>,
    order: Vec<u32>,
}

impl<S: DataSet> FillTile for DataLaw<S> {
    fn fill<T: Sampled>(&self, size: usize, tile: Tile<'_>, rows: &mut [T]) {
        let images = &self.order[tile.first_pattern()..];
        let mut values = vec![0.0; size];
        for (row, &image) in rows.chunks_exact_mut(size).zip(images) {
            self.prepared.write(image as usize, &mut values);
            for (value, prepared) in row.iter_mut().zip(&values) {
                *value = T::from_f64(*prepared);
            }
        }
    }
}

impl<S: DataSet> PatternLaw for DataLaw<S> {
    fn label(&self, pattern: usize) -> Option<u8> {
        let labels = self.prepared.set().labels()?;
        Some(labels[self.order[pattern] as usize])
    }
}
