//! Section `[memory]`: how memories are composed.

use std::sync::Arc;

use dam_memory::CompositionError;
use dam_memory::composed::Composition;
use dam_memory::separations::separation;
use dam_memory::similarities::similarity;

use super::draft::Draft;
use super::error::JobError;
use super::file::{MemorySection, Names};
use crate::section::Section;
use crate::suggestion::did_you_mean;

/// What memories are made of.
pub const MEMORY: Section = Section::of::<MemorySection>("memory");

impl Draft<'_> {
    /// Every similarity of `[memory]` with every separation; those of `default` where it names none.
    ///
    /// # Errors
    /// [`JobError::Value`] for unknown names, and for parts that do not go together.
    pub fn compositions(&self, default: &Composition) -> Result<Vec<Composition>, JobError> {
        let memory = self.section::<MemorySection>("memory")?.unwrap_or_default();
        let (mut similarities, mut separations) = (
            vec![Arc::clone(default.similarity())],
            vec![Arc::clone(default.separation())],
        );
        if let Some(names) = &memory.similarity {
            similarities = self.parts("similarity", names, similarity)?;
        }
        if let Some(names) = &memory.separation {
            separations = self.parts("separation", names, separation)?;
        }
        let mut compositions = Vec::new();
        for similarity in &similarities {
            for separation in &separations {
                let composition = Composition::new(Arc::clone(similarity), Arc::clone(separation))
                    .map_err(|error| self.error("memory", "separation", error.to_string()))?;
                compositions.push(composition);
            }
        }
        Ok(compositions)
    }

    /// As [`compositions`](Self::compositions), for an experiment that learns no kernel; attention where `[memory]` names
    /// no parts.
    ///
    /// # Errors
    /// As [`compositions`](Self::compositions), and for a kernel.
    pub fn unlearned_compositions(&self) -> Result<Vec<Composition>, JobError> {
        let compositions = self.compositions(&Composition::default())?;
        let is_kernel = |found: &Composition| found.similarity().takes_feature_map();
        if compositions.iter().any(is_kernel) {
            let message = "no kernel is learned here, and unlearned it is dot; delete it";
            return Err(self.error("memory", "similarity", message.to_owned()));
        }
        Ok(compositions)
    }

    /// The one memory of an experiment that compares none.
    pub(super) fn composition(&self) -> Result<Composition, JobError> {
        let mut compositions = self.unlearned_compositions()?;
        if compositions.len() > 1 {
            let message = format!(
                "experiment = \"{}\" measures one memory; name one similarity and one separation",
                self.job.experiment
            );
            return Err(self.error("memory", "", message));
        }
        Ok(compositions.remove(0))
    }

    /// The parts of a memory that a key names: at least one, each once.
    fn parts<Part: PartialEq + ?Sized>(
        &self,
        key: &str,
        names: &Names,
        read: fn(&str) -> Result<Arc<Part>, CompositionError>,
    ) -> Result<Vec<Arc<Part>>, JobError> {
        let mut parts: Vec<Arc<Part>> = Vec::new();
        for name in names.as_slice() {
            let part = read(name).map_err(|error| {
                let near = match &error {
                    CompositionError::Unknown { known, .. } => {
                        did_you_mean(name, known.iter().copied())
                    }
                    _ => String::new(),
                };
                self.error("memory", key, format!("{error}{near}"))
            })?;
            if parts.contains(&part) {
                let message = format!("{name:?} stands there twice; name each once");
                return Err(self.error("memory", key, message));
            }
            parts.push(part);
        }
        if parts.is_empty() {
            let message = "the list is empty; name at least one".to_owned();
            return Err(self.error("memory", key, message));
        }
        Ok(parts)
    }
}
