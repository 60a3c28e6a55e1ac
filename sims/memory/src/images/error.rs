//! What can be wrong with a file of images.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::images::ImageFormat;

/// A file of images that cannot be used, with what is wrong and where to get good ones.
#[derive(Debug, Error)]
pub enum ImageError {
    /// The file cannot be opened or read.
    #[error("cannot read the images {}: {source}; {mend}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
        /// Where to get the data.
        mend: &'static str,
    },
    /// The file does not hold what it should.
    #[error("{} {message}; {mend}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
        /// Where to get the data.
        mend: &'static str,
    },
}

impl ImageError {
    /// The file that is wrong.
    pub fn path(&self) -> &Path {
        match self {
            Self::Unreadable { path, .. } | Self::Content { path, .. } => path,
        }
    }

    pub(super) fn content(path: &Path, format: ImageFormat, message: String) -> Self {
        Self::Content {
            path: path.to_owned(),
            message,
            mend: source_of(format),
        }
    }

    pub(super) fn unreadable(path: &Path, format: ImageFormat, source: std::io::Error) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            source,
            mend: source_of(format),
        }
    }
}

/// Where to get files of a format.
fn source_of(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Idx => {
            "scripts/fetch_images.py fetches MNIST digits and Fashion-MNIST; EMNIST: the gzip files \
             of https://www.nist.gov/itl/products-and-services/emnist-dataset"
        }
        ImageFormat::Cifar10 | ImageFormat::Cifar100 => {
            "get the binary version of https://www.cs.toronto.edu/~kriz/cifar.html and unpack it"
        }
    }
}
