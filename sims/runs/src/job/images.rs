//! The images that a job takes its patterns from.

use std::path::PathBuf;
use std::sync::Arc;

use crate::job::draft::{Draft, Source};
use crate::job::error::JobError;
use crate::job::preparation::{DATA_KEYS, data_patterns};
use crate::section::Section;
use dam_memory::ensembles::{Images, PatternEnsemble};
use dam_memory::images::{ImageFormat, ImageSet};
use schemars::JsonSchema;
use serde::Deserialize;

/// IDX labels that the job does not bound: those of MNIST and Fashion-MNIST.
const DEFAULT_CLASSES: usize = 10;
/// A label is a byte.
const MOST_CLASSES: usize = 256;

/// Patterns that are images.
pub(crate) const IMAGES: Source = Source {
    name: Images::NAME,
    about: "real images, drawn without repetition from a set",
    sections: &[Section::of::<ImageKeys>("patterns"), DATA_KEYS],
    read: read_images,
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct ImageKeys {
    /// The file of images, or the files of a CIFAR set.
    #[schemars(example = &"images-idx3-ubyte.gz")]
    path: Option<Paths>,
    /// The file of their labels.
    #[schemars(example = &"labels-idx1-ubyte.gz")]
    labels: Option<String>,
    /// The format of the files.
    format: Option<ImageFormat>,
    /// How many classes the labels have.
    #[schemars(example = 10)]
    classes: Option<usize>,
}

/// One file or several that make one set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Paths {
    One(String),
    Several(Vec<String>),
}

impl Paths {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(path) => std::slice::from_ref(path),
            Self::Several(paths) => paths,
        }
    }
}

/// Reads and checks the images of `[patterns]`.
fn read_images(draft: &Draft<'_>) -> Result<Arc<dyn PatternEnsemble>, JobError> {
    let section: ImageKeys = draft.section("patterns")?.unwrap_or_default();
    let set = section.image_set(draft)?;
    data_patterns(draft, set)
}

impl ImageKeys {
    fn image_set(&self, draft: &Draft<'_>) -> Result<ImageSet, JobError> {
        let error = |key: &str, message: &str| draft.error("patterns", key, message.to_owned());
        let Some(paths) = &self.path else {
            let message = "missing; give the file of images (scripts/fetch_images.py fetches \
                           MNIST digits and Fashion-MNIST)";
            return Err(error("path", message));
        };
        let paths: Vec<PathBuf> = paths
            .as_slice()
            .iter()
            .map(|path| draft.beside(path))
            .collect();
        let [first, ..] = paths.as_slice() else {
            return Err(error("path", "the list is empty; name at least one file"));
        };
        let labels = self.labels.iter().map(|path| draft.beside(path));
        for path in paths.iter().cloned().chain(labels) {
            // a pipe would be waited for without end; what is missing is told by the reader
            if path.exists() && !path.is_file() {
                return Err(error(
                    "path",
                    &format!("{} is not a regular file", path.display()),
                ));
            }
        }
        let format = self.format.unwrap_or_default();
        if format == ImageFormat::Idx {
            if paths.len() > 1 {
                let message = "several files make one set in the CIFAR formats only; name one";
                return Err(error("path", message));
            }
            let classes = self.classes.unwrap_or(DEFAULT_CLASSES);
            if classes == 0 || classes > MOST_CLASSES {
                let message = format!("{classes} lies outside 1 … {MOST_CLASSES}");
                return Err(error("classes", &message));
            }
            let labels = self.labels.as_ref().map(|path| draft.beside(path));
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
            ("labels", self.labels.is_some()),
            ("classes", self.classes.is_some()),
        ] {
            if is_there {
                return Err(error(key, "CIFAR files hold their labels; delete this key"));
            }
        }
        ImageSet::read_cifar(&paths, format).map_err(|failed| error("path", &failed.to_string()))
    }
}
