//! Real images: read from the files in which they are commonly distributed, checked, and turned
//! into patterns.

mod cifar;
mod error;
mod file;
mod idx;
mod preparation;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use error::ImageError;
pub(crate) use file::Stream;
pub use preparation::{
    Centering, Normalization, Pictures, Preparation, PreparationError, PreparedImages,
};

/// The file formats that can be read; gzip is recognised by its first bytes.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ImageFormat {
    /// IDX: MNIST, Fashion-MNIST, EMNIST.
    #[default]
    Idx,
    /// The binary version of CIFAR-10.
    #[serde(rename = "cifar-10")]
    Cifar10,
    /// The binary version of CIFAR-100; labels are the 100 fine ones.
    #[serde(rename = "cifar-100")]
    Cifar100,
}

/// Images of equal shape, with or without labels, in the order of their files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageSet {
    shape: ImageShape,
    pixels: Vec<u8>,
    labels: Option<Vec<u8>>,
}

/// The shape of one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageShape {
    /// 1 (grey) or 3 (red, green, blue), one plane after the other.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl ImageShape {
    /// Values of one image.
    pub fn size(self) -> usize {
        self.channels * self.height * self.width
    }
}

impl ImageSet {
    /// Reads an IDX file of images and, if given, the IDX file of their labels, which must lie in
    /// 0 … `classes` − 1.
    ///
    /// The images are unsigned bytes in three dimensions (magic number 2051), the labels in one
    /// (2049); both may be compressed with gzip.
    ///
    /// # Errors
    /// [`ImageError`] naming the file: not there, not IDX, another element type or number of
    /// dimensions, no image, cut short, bytes too many, damaged gzip data, as many labels as
    /// images missing, or a label out of range.
    ///
    /// ```no_run
    /// use dam_memory::images::{ImageSet, Pictures};
    /// use std::path::Path;
    /// let images = Path::new("data/mnist/mnist-10000-images-idx3-ubyte.gz");
    /// let labels = Path::new("data/mnist/mnist-10000-labels-idx1-ubyte.gz");
    /// let digits = ImageSet::read_idx(images, Some(labels), 10)?;
    /// assert_eq!(digits.shape().size(), 784);
    /// # Ok::<(), dam_memory::images::ImageError>(())
    /// ```
    pub fn read_idx(
        images: &Path,
        labels: Option<&Path>,
        classes: usize,
    ) -> Result<Self, ImageError> {
        let (shape, pixels) = idx::read_images(images)?;
        let count = pixels.len() / shape.size();
        let labels = labels
            .map(|path| idx::read_labels(path, images, count, classes))
            .transpose()?;
        Ok(Self {
            shape,
            pixels,
            labels,
        })
    }

    /// Reads the binary version of CIFAR-10 (`format` [`ImageFormat::Cifar10`]: records of a label
    /// and 3072 bytes) or CIFAR-100 (a coarse and a fine label before the bytes), from one file or
    /// several in the order given. Images are 32×32 in three planes; labels are the (fine) classes.
    ///
    /// # Errors
    /// [`ImageError`] naming the file: not there, not whole records, no record, damaged gzip data,
    /// or a label out of range.
    ///
    /// # Panics
    /// If `format` is [`ImageFormat::Idx`].
    pub fn read_cifar(paths: &[PathBuf], format: ImageFormat) -> Result<Self, ImageError> {
        let (pixels, labels) = cifar::read(paths, format)?;
        Ok(Self {
            shape: cifar::SHAPE,
            pixels,
            labels: Some(labels),
        })
    }

    /// The bytes of an image, counted from 0: plane by plane, row by row.
    ///
    /// # Panics
    /// If there is no such image.
    pub fn image(&self, index: usize) -> &[u8] {
        let size = self.shape.size();
        &self.pixels[index * size..][..size]
    }
}

impl Pictures for ImageSet {
    fn shape(&self) -> ImageShape {
        self.shape
    }

    fn count(&self) -> usize {
        self.pixels.len() / self.shape.size()
    }

    fn labels(&self) -> Option<&[u8]> {
        self.labels.as_deref()
    }

    fn unit(&self) -> f64 {
        u8::MAX.into()
    }

    fn sum(&self, image: usize, first: usize, length: usize) -> f64 {
        let pixels = &self.image(image)[first..][..length];
        pixels
            .iter()
            .map(|&pixel| u32::from(pixel))
            .sum::<u32>()
            .into()
    }

    fn digest(&self, hash: &mut Sha256) {
        hash.update(&self.pixels);
    }
}
