//! From the numbers of an image to a pattern: pooling, centring, normalisation.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::images::ImageShape;

/// Images of equal shape, or other rows of numbers.
pub trait Pictures: Debug + Send + Sync {
    /// The shape of the images.
    fn shape(&self) -> ImageShape;

    /// How many images there are.
    fn count(&self) -> usize;

    /// The label of each image, where there are labels.
    fn labels(&self) -> Option<&[u8]>;

    /// The number that stands for 1.
    fn unit(&self) -> f64;

    /// The sum over `length` numbers of an image from the `first` on, plane by plane, row by row.
    fn sum(&self, image: usize, first: usize, length: usize) -> f64;

    /// Adds all numbers to a digest.
    fn digest(&self, hash: &mut Sha256);
}

/// What is subtracted from the pixels of an image.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Centering {
    /// Nothing.
    #[default]
    None,
    /// The middle of the range of a pixel, ½.
    Middle,
    /// The mean of the image's own pixels.
    Image,
    /// The mean image of the whole set, pixel by pixel.
    Set,
}

/// To what length a pattern is brought.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Normalization {
    /// As it is.
    #[default]
    None,
    /// |ξ|² = N, as the spherical ensemble has it.
    Sphere,
}

/// How an image becomes a pattern, in this order:
///
/// ```text
/// number/unit ∈ [0, 1]  →  means over pooling × pooling blocks  →  − centre  →  length
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// Side of the blocks whose mean is taken; 1 keeps every pixel.
    pub pooling: usize,
    /// What is subtracted.
    pub centering: Centering,
    /// To what length patterns are brought.
    pub normalization: Normalization,
}

impl Default for Preparation {
    fn default() -> Self {
        Self {
            pooling: 1,
            centering: Centering::None,
            normalization: Normalization::None,
        }
    }
}

/// Why images cannot be prepared as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreparationError {
    /// The blocks do not tile the image.
    #[error("blocks of {pooling}×{pooling} do not tile images of {height}×{width}")]
    Pooling {
        /// Side of the blocks.
        pooling: usize,
        /// Rows of an image.
        height: usize,
        /// Columns of an image.
        width: usize,
    },
    /// A pattern of length 0 cannot be brought to another length.
    #[error("image {index} is 0 everywhere after centering, so that it has no length to normalise")]
    Blank {
        /// The image, counted from 0.
        index: usize,
    },
}

/// Images or other rows of numbers, prepared on demand.
#[derive(Clone, Debug)]
pub struct PreparedImages<S> {
    set: S,
    preparation: Preparation,
    /// The centre of [`Centering::Set`]; empty otherwise.
    mean: Vec<f64>,
}

impl<S: Pictures> PreparedImages<S> {
    /// Checks that every image can be prepared.
    ///
    /// # Errors
    /// [`PreparationError`] naming what does not go.
    pub fn new(set: S, preparation: Preparation) -> Result<Self, PreparationError> {
        let (pooling, shape) = (preparation.pooling, set.shape());
        let tiles = |side: usize| pooling > 0 && side.is_multiple_of(pooling);
        if !tiles(shape.height) || !tiles(shape.width) {
            return Err(PreparationError::Pooling {
                pooling,
                height: shape.height,
                width: shape.width,
            });
        }
        let mut images = Self {
            set,
            preparation,
            mean: Vec::new(),
        };
        if preparation.centering == Centering::Set {
            images.mean = images.mean_image();
        }
        images.check_lengths()?;
        Ok(images)
    }

    /// Other images of this shape, prepared as these are: their centre is that of this set.
    ///
    /// # Errors
    /// [`PreparationError::Blank`] as [`new`](Self::new).
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn with_set(&self, set: S) -> Result<Self, PreparationError> {
        assert_eq!(set.shape(), self.set.shape(), "images of one shape");
        let images = Self {
            set,
            preparation: self.preparation,
            mean: self.mean.clone(),
        };
        images.check_lengths()?;
        Ok(images)
    }

    /// Whether every image has a length that can be brought to another.
    fn check_lengths(&self) -> Result<(), PreparationError> {
        if self.preparation.normalization != Normalization::Sphere {
            return Ok(());
        }
        let mut pattern = vec![0.0; self.size()];
        for index in 0..self.set.count() {
            self.centred(index, &mut pattern);
            if pattern.iter().all(|&value| value == 0.0) {
                return Err(PreparationError::Blank { index });
            }
        }
        Ok(())
    }

    /// All patterns, one after the other.
    pub fn rows(&self) -> Vec<f64> {
        let size = self.size();
        let mut rows = vec![0.0; size * self.set.count()];
        for (index, row) in rows.chunks_exact_mut(size).enumerate() {
            self.write(index, row);
        }
        rows
    }

    /// The images as they are.
    pub fn set(&self) -> &S {
        &self.set
    }

    pub(crate) fn preparation(&self) -> Preparation {
        self.preparation
    }

    /// N.
    pub fn size(&self) -> usize {
        self.set.shape().size() / self.preparation.pooling.pow(2)
    }

    /// Writes the pattern of an image.
    pub(crate) fn write(&self, index: usize, pattern: &mut [f64]) {
        self.centred(index, pattern);
        if self.preparation.normalization == Normalization::Sphere {
            let squared_length: f64 = pattern.iter().map(|value| value * value).sum();
            let factor = (self.size() as f64 / squared_length).sqrt();
            for value in pattern {
                *value *= factor;
            }
        }
    }

    fn centred(&self, index: usize, pattern: &mut [f64]) {
        self.pooled(index, pattern);
        match self.preparation.centering {
            Centering::None => {}
            Centering::Middle => {
                for value in pattern.iter_mut() {
                    *value -= 0.5;
                }
            }
            Centering::Image => {
                // equal pixels give exactly 0, whatever their sum rounds to
                let first = pattern[0];
                let mean = if pattern.iter().all(|&value| value == first) {
                    first
                } else {
                    pattern.iter().sum::<f64>() / pattern.len() as f64
                };
                for value in pattern {
                    *value -= mean;
                }
            }
            Centering::Set => {
                for (value, mean) in pattern.iter_mut().zip(&self.mean) {
                    *value -= mean;
                }
            }
        }
    }

    fn pooled(&self, index: usize, pattern: &mut [f64]) {
        let (shape, pooling) = (self.set.shape(), self.preparation.pooling);
        let weight = 1.0 / (self.set.unit() * (pooling * pooling) as f64);
        let columns = shape.width / pooling;
        // a block row is `pooling` rows of one plane, since these tile the height
        for (block, value) in pattern.iter_mut().enumerate() {
            let first = block / columns * pooling * shape.width + block % columns * pooling;
            let row = |row: usize| self.set.sum(index, first + row * shape.width, pooling);
            *value = (0..pooling).map(row).sum::<f64>() * weight;
        }
    }

    /// Whether |ξ|² = N exactly for every pattern, as where all components are ±1.
    pub(crate) fn is_of_fixed_norm(&self) -> bool {
        let mut pattern = vec![0.0; self.size()];
        (0..self.set.count()).all(|index| {
            self.write(index, &mut pattern);
            pattern.iter().map(|value| value * value).sum::<f64>() == pattern.len() as f64
        })
    }

    fn mean_image(&self) -> Vec<f64> {
        let mut mean = vec![0.0; self.size()];
        let mut pattern = mean.clone();
        for index in 0..self.set.count() {
            self.pooled(index, &mut pattern);
            for (sum, value) in mean.iter_mut().zip(&pattern) {
                *sum += value;
            }
        }
        for value in &mut mean {
            *value /= self.set.count() as f64;
        }
        mean
    }
}
