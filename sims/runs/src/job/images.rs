//! The images that a job takes its patterns from.

use std::path::PathBuf;
use std::sync::Arc;

use crate::job::draft::Draft;
use crate::job::error::JobError;
use dam_memory::ensembles::Images;
use dam_memory::images::{ImageFormat, ImageSet, Preparation, PreparationError};

/// IDX labels that the job does not bound: those of MNIST and Fashion-MNIST.
const DEFAULT_CLASSES: usize = 10;
/// A label is a byte.
const MOST_CLASSES: usize = 256;

impl Draft<'_> {
    /// Refuses the keys of images where the patterns are drawn from another ensemble.
    pub(super) fn no_image_keys(&self) -> Result<(), JobError> {
        let keys = self.patterns.image_keys();
        match keys.iter().find(|(_, is_there)| *is_there) {
            Some((key, _)) => Err(self.error(
                "patterns",
                key,
                "belongs to ensemble = \"images\"; delete it or set that ensemble".to_owned(),
            )),
            None => Ok(()),
        }
    }

    /// Reads and checks the images of `[patterns]`.
    pub(super) fn images(&self) -> Result<Arc<Images>, JobError> {
        let section = &self.patterns;
        let set = self.image_set()?;
        let defaults = Preparation::default();
        let preparation = Preparation {
            pooling: section.pooling.unwrap_or(defaults.pooling),
            centering: section.centering.unwrap_or(defaults.centering),
            normalization: section.normalization.unwrap_or(defaults.normalization),
        };
        let share = section.validation_share.unwrap_or(Images::VALIDATION_SHARE);
        if !(0.0..1.0).contains(&share) {
            let message = format!("{share} lies outside [0, 1), the share of images kept apart");
            return Err(self.error("patterns", "validation_share", message));
        }
        let images = Images::new(set, preparation, share, self.job.seed).map_err(|error| {
            let key = match error {
                PreparationError::Pooling { .. } => "pooling",
                PreparationError::Blank { .. } => "normalization",
            };
            self.error("patterns", key, error.to_string())
        })?;
        Ok(Arc::new(images))
    }

    fn image_set(&self) -> Result<ImageSet, JobError> {
        let section = &self.patterns;
        let error = |key: &str, message: &str| self.error("patterns", key, message.to_owned());
        let Some(paths) = &section.path else {
            let message = "missing; give the file of images (scripts/fetch_images.py fetches \
                           MNIST digits and Fashion-MNIST)";
            return Err(error("path", message));
        };
        let paths: Vec<PathBuf> = paths
            .as_slice()
            .iter()
            .map(|path| self.beside(path))
            .collect();
        let [first, ..] = paths.as_slice() else {
            return Err(error("path", "the list is empty; name at least one file"));
        };
        let format = section.format.unwrap_or_default();
        if format == ImageFormat::Idx {
            if paths.len() > 1 {
                let message = "several files make one set in the CIFAR formats only; name one";
                return Err(error("path", message));
            }
            let classes = section.classes.unwrap_or(DEFAULT_CLASSES);
            if classes == 0 || classes > MOST_CLASSES {
                let message = format!("{classes} lies outside 1 … {MOST_CLASSES}");
                return Err(error("classes", &message));
            }
            let labels = section.labels.as_ref().map(|path| self.beside(path));
            return ImageSet::read_idx(first, labels.as_deref(), classes).map_err(|failed| {
                let key = if labels.as_deref() == Some(failed.path()) {
                    "labels"
                } else {
                    "path"
                };
                error(key, &failed.to_string())
            });
        }
        for (key, is_there) in [
            ("labels", section.labels.is_some()),
            ("classes", section.classes.is_some()),
        ] {
            if is_there {
                return Err(error(key, "CIFAR files hold their labels; delete this key"));
            }
        }
        ImageSet::read_cifar(&paths, format).map_err(|failed| error("path", &failed.to_string()))
    }

    /// A path of the job file: relative ones start from its folder.
    fn beside(&self, path: &str) -> PathBuf {
        self.folder().join(path)
    }
}
