//! Section `[dynamics]`.

use dam_memory::dynamics::GradientDescent;
use dam_memory::dynamics::criterion::Criterion;

use super::draft::Draft;
use super::error::JobError;
use super::file::CriterionName;

impl Draft<'_> {
    /// The dynamics and the criterion of the job.
    pub fn dynamics(&self) -> Result<(GradientDescent, Criterion), JobError> {
        let section = &self.dynamics_section;
        let step_size = section.step_size;
        self.step_size("dynamics", step_size)?;
        self.positive("dynamics", "tolerance", section.tolerance)?;
        if section.max_steps == 0 {
            let message = "0 allows no update; the default is 20000".to_owned();
            return Err(self.error("dynamics", "max_steps", message));
        }
        let descent = GradientDescent {
            step_size,
            tolerance: section.tolerance,
            max_steps: section.max_steps,
        };
        Ok((descent, self.criterion()?))
    }

    /// Refuses an η outside (0, 1].
    pub fn step_size(&self, section: &str, value: f64) -> Result<(), JobError> {
        if value > 0.0 && value <= 1.0 {
            return Ok(());
        }
        let message = format!("{value} lies outside (0, 1]; 1 is the attention update");
        Err(self.error(section, "step_size", message))
    }

    /// The dynamics of an experiment that records no trajectories.
    pub fn unrecorded_dynamics(&self) -> Result<(GradientDescent, Criterion), JobError> {
        if self.dynamics_section.recorded_samples > 0 {
            return Err(self.error(
                "dynamics",
                "recorded_samples",
                "trajectories are recorded by experiment = \"retrieval\" only".to_owned(),
            ));
        }
        self.dynamics()
    }

    /// The iteration to a fixed point of an experiment that asks for no target.
    pub fn iteration(&self) -> Result<GradientDescent, JobError> {
        let (descent, criterion) = self.unrecorded_dynamics()?;
        if criterion == Criterion::Weight {
            return Ok(descent);
        }
        let message = format!(
            "experiment = \"{}\" has no target to retrieve; delete this key",
            self.job.experiment
        );
        Err(self.error("dynamics", "criterion", message))
    }

    fn criterion(&self) -> Result<Criterion, JobError> {
        match (
            self.dynamics_section.criterion,
            self.dynamics_section.distance,
        ) {
            (CriterionName::Weight, None) => Ok(Criterion::Weight),
            (CriterionName::Weight, Some(_)) => Err(self.error(
                "dynamics",
                "distance",
                "belongs to criterion = \"distance\"; delete it or set that criterion".to_owned(),
            )),
            (CriterionName::Distance, bound) => {
                let bound = bound.unwrap_or(0.1);
                if bound > 0.0 && bound < 1.0 {
                    return Ok(Criterion::Distance(bound));
                }
                Err(self.error(
                    "dynamics",
                    "distance",
                    format!("{bound} lies outside (0, 1), the range of |x − ξ|²/|ξ|²"),
                ))
            }
        }
    }

    /// The samples of each task whose trajectories are recorded.
    pub fn recorded_samples(&self) -> usize {
        self.dynamics_section.recorded_samples
    }
}
