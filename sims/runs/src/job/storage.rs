//! How the patterns of a job are held: keys `storage` and `tolerance` of `[patterns]`.

use dam_memory::dynamics::Retriever;

use super::draft::Draft;
use super::error::JobError;
use super::file::Storage;
use super::point::Point;
use crate::task::{BEYOND, Task};

const SECTION: &str = "patterns";
/// The keys of the section besides those of the kind of patterns.
pub(super) const KEYS: [&str; 2] = ["storage", "tolerance"];
/// ε where the job does not say: at most this part of Z, times √max(1, λN), is left to the average at any state.
const TOLERANCE: f64 = 0.1;
/// The largest ln P; more is a slip in the load.
const LARGEST_LOG_COUNT: f64 = 5000.0;
/// The largest N at which patterns are revealed: states and directions are held with all their components.
const LARGEST_SIZE: usize = 10_000;

impl Draft<'_> {
    /// Says that this experiment sees patterns through their products with the states of such descents alone, so that they
    /// may be revealed.
    pub fn reveals_with(&self, retriever: &Retriever) {
        self.can_reveal.set(retriever.is_attention_descent());
    }

    /// How patterns are to be held, with a tolerance that makes sense.
    pub(super) fn storage(&self) -> Result<Storage, JobError> {
        let Some(section) = &self.patterns else {
            return Ok(Storage::default());
        };
        let (storage, tolerance) = (section.storage, section.tolerance);
        let Some(tolerance) = tolerance else {
            return Ok(storage);
        };
        if !matches!(storage, Storage::Revealed | Storage::Auto) {
            let message = "it belongs to storage = \"revealed\" or \"auto\"; delete it".to_owned();
            return Err(self.error(SECTION, "tolerance", message));
        }
        if !(0.001..=0.5).contains(&tolerance) {
            let message = format!(
                "{tolerance} is not between 0.001 and 0.5; 0.1 leaves a tenth of the noise to the average"
            );
            return Err(self.error(SECTION, "tolerance", message));
        }
        Ok(storage)
    }

    /// Whether the points of the sweep may have any P: where patterns are revealed.
    pub(super) fn may_reveal(&self) -> Result<bool, JobError> {
        let asks = matches!(self.storage()?, Storage::Revealed | Storage::Auto);
        Ok(asks && self.can_reveal.get() && self.is_isotropic()?)
    }

    fn is_isotropic(&self) -> Result<bool, JobError> {
        let theory = self.ensemble()?.0.theory();
        Ok(theory.is_some_and(|ensemble| ensemble.structure().is_isotropic()))
    }

    /// The ε of a task whose patterns are revealed; none where they are not.
    pub(super) fn revealed(&self, task: &Task) -> Result<Option<f64>, JobError> {
        let asked = self.patterns.as_ref().and_then(|section| section.tolerance);
        let tolerance = asked.unwrap_or(TOLERANCE);
        let storage = self.storage()?;
        let is_meant = match storage {
            Storage::Revealed => true,
            Storage::Auto => task.whole_count().is_none(),
            Storage::Stored | Storage::Regenerated => false,
        };
        if !is_meant {
            return Ok(None);
        }
        if storage == Storage::Revealed {
            self.check_revealed()?;
        }
        if task.size > LARGEST_SIZE {
            let message = format!(
                "patterns are revealed up to N = {LARGEST_SIZE}; at N = {} theory is all there is: lower it",
                task.size
            );
            return Err(self.error("sweep", "size", message));
        }
        Ok(Some(tolerance))
    }

    fn check_revealed(&self) -> Result<(), JobError> {
        let message = if !self.is_isotropic()? {
            format!(
                "\"revealed\" draws isotropic patterns, \"spherical\" or \"gaussian\", not {:?}; use \"auto\"",
                self.ensemble()?.0.name()
            )
        } else if !self.can_reveal.get() {
            format!(
                "\"revealed\" shows what descents of attention from ξ¹ or around it meet; experiment = \"{}\" asks for more \
                 here; use \"auto\"",
                self.job.experiment
            )
        } else {
            return Ok(());
        };
        Err(self.error(SECTION, "storage", message))
    }

    /// P, or [`BEYOND`] where it is more than 2⁵³ and patterns may be revealed.
    pub(super) fn any_pattern_count(
        &self,
        alpha: f64,
        size: usize,
        count: f64,
    ) -> Result<usize, JobError> {
        let is_beyond = count > 2.0_f64.powi(53) && alpha * size as f64 <= LARGEST_LOG_COUNT;
        if is_beyond && self.may_reveal()? {
            return Ok(BEYOND);
        }
        self.pattern_count("alpha", alpha, size, count)
    }

    /// Whether a point has at most `maximum` patterns.
    pub(super) fn is_allowed(point: &Point, maximum: u64) -> bool {
        point.pattern_count != BEYOND && point.pattern_count as u64 <= maximum
    }
}
