//! Patterns that are real images, drawn without repetition from a set.

use std::sync::Arc;

use dam_theory::TheoryError;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::ensembles::law::{FillTile, PatternEnsemble, PatternLaw};
use crate::images::{ImageSet, Normalization, Preparation, PreparationError, PreparedImages};
use crate::sampling::{Sampled, Tile};
use crate::streams::Settings;
use crate::streams::StreamKey;

/// Distinct images of a set in random order; each disorder sample has its own.
///
/// The set is split once, at random: parameters such as β are tuned on images of the validation
/// part, which are never among the stored patterns.
#[derive(Clone, Debug)]
pub struct Images {
    prepared: Arc<PreparedImages>,
    /// SHA-256 of shape and pixels, in hexadecimal.
    digest: String,
    validation_share: f64,
    stored: Arc<[u32]>,
    validation: Arc<[u32]>,
}

impl Images {
    /// The name in job files and columns.
    pub const NAME: &'static str = "images";
    /// The share of the images that is kept for validation where the job does not say.
    pub const VALIDATION_SHARE: f64 = 0.2;

    /// Splits a set by the stream of `seed`: round(`validation_share` · images) are for validation.
    ///
    /// # Errors
    /// [`PreparationError`] where the images cannot be prepared so.
    ///
    /// # Panics
    /// If `validation_share` lies outside [0, 1) or there are more than 2³² images.
    pub fn new(
        set: ImageSet,
        preparation: Preparation,
        validation_share: f64,
        seed: u64,
    ) -> Result<Self, PreparationError> {
        assert!(
            (0.0..1.0).contains(&validation_share),
            "a validation share of {validation_share} leaves no image or is negative"
        );
        let count = u32::try_from(set.count()).expect("a set has at most 2³² images");
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
        hash.update(set.pixels());
        let digest = hash.finalize();
        Ok(Self {
            prepared: Arc::new(PreparedImages::new(set, preparation)?),
            digest: hexadecimal(&digest),
            validation_share,
            stored: stored.into(),
            validation: order.into(),
        })
    }

    /// How many images can be stored.
    pub fn stored_count(&self) -> usize {
        self.stored.len()
    }

    /// How many images are kept for validation.
    pub fn validation_count(&self) -> usize {
        self.validation.len()
    }

    fn law(&self, part: &[u32], rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        let mut order = part.to_vec();
        order.shuffle(rng);
        Box::new(ImageLaw {
            prepared: Arc::clone(&self.prepared),
            order,
        })
    }
}

impl PatternEnsemble for Images {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn has_fixed_norm(&self) -> bool {
        self.prepared.preparation().normalization == Normalization::Sphere
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
            ("patterns.images".to_owned(), json!(self.digest)),
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
            domain: "the number of values of one image",
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

/// The images of one disorder sample, in its order.
#[derive(Clone, Debug)]
struct ImageLaw {
    prepared: Arc<PreparedImages>,
    order: Vec<u32>,
}

impl FillTile for ImageLaw {
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

impl PatternLaw for ImageLaw {
    fn label(&self, pattern: usize) -> Option<u8> {
        let labels = self.prepared.set().labels()?;
        Some(labels[self.order[pattern] as usize])
    }
}
