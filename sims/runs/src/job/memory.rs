//! Section `[memory]`: how a memory is composed, for experiments that compare compositions.

use std::fmt::Display;
use std::str::FromStr;

use dam_memory::composed::Composition;
use dam_memory::separations::Separation;
use dam_memory::similarities::Similarity;

use super::draft::Draft;
use super::error::JobError;
use super::file::{MemorySection, Names};

impl Draft<'_> {
    /// Every similarity of `[memory]` with every separation; the given similarity and softmax where
    /// it names none.
    pub fn compositions(
        &self,
        default_similarity: Similarity,
    ) -> Result<Vec<Composition>, JobError> {
        let memory = self.section::<MemorySection>("memory")?.unwrap_or_default();
        let similarity = memory.similarity.as_ref();
        let separation = memory.separation.as_ref();
        let similarities = self.parts("similarity", similarity, &[default_similarity])?;
        let separations = self.parts("separation", separation, &[Separation::Softmax])?;
        let mut compositions = Vec::new();
        for &similarity in &similarities {
            for &separation in &separations {
                let composition = Composition::new(similarity, separation)
                    .map_err(|error| self.error("memory", "separation", error.to_string()))?;
                compositions.push(composition);
            }
        }
        Ok(compositions)
    }

    /// The parts of a memory that a key names: at least one, each once.
    fn parts<Part: FromStr<Err: Display> + Clone + PartialEq>(
        &self,
        key: &str,
        names: Option<&Names>,
        default: &[Part],
    ) -> Result<Vec<Part>, JobError> {
        let Some(names) = names else {
            return Ok(default.to_vec());
        };
        let mut parts: Vec<Part> = Vec::new();
        for name in names.as_slice() {
            let part = name
                .parse()
                .map_err(|error| self.error("memory", key, format!("{error}")))?;
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
