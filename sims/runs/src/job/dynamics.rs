//! Section `[dynamics]`.

use std::sync::Arc;

use dam_memory::dynamics::criterion::Criterion;
use dam_memory::dynamics::{DYNAMICS, Dynamics, GradientDescent, Retriever};

use super::draft::Draft;
use super::error::JobError;
use super::file::CriterionName;
use crate::suggestion::did_you_mean;

impl Draft<'_> {
    /// The memory, the dynamics and the criterion of the job: sections `[memory]` and `[dynamics]`.
    ///
    /// # Errors
    /// [`JobError::Value`].
    pub fn retriever(&self) -> Result<Retriever, JobError> {
        let (dynamics, composition) = (self.dynamics()?, self.composition()?);
        dynamics
            .fits(&composition)
            .map_err(|reason| self.error("dynamics", "kind", reason.to_owned()))?;
        Ok(Retriever {
            dynamics,
            criterion: self.criterion()?,
            composition,
        })
    }

    /// As [`retriever`](Self::retriever), for an experiment that searches among verdicts and records no trajectories.
    ///
    /// # Errors
    /// [`JobError::Value`], also for dynamics whose verdicts are those of chance.
    pub fn searching_retriever(&self) -> Result<Retriever, JobError> {
        self.no_recording()?;
        let retriever = self.retriever()?;
        if retriever.dynamics.averaged_from().is_none() {
            return Ok(retriever);
        }
        let message = format!(
            "experiment = \"{}\" narrows down where a verdict changes, and the verdicts of a state that fluctuates change by \
             chance; measure with experiment = \"retrieval\", or set \"{}\"",
            self.job.experiment, DYNAMICS[0].name
        );
        Err(self.error("dynamics", "kind", message))
    }

    /// How states move.
    ///
    /// # Errors
    /// [`JobError::Value`] for an unknown kind, a key that it does not read, and a value that will not do.
    pub fn dynamics(&self) -> Result<Arc<dyn Dynamics>, JobError> {
        let section = &self.dynamics_section;
        let name = section.kind.as_deref().unwrap_or(DYNAMICS[0].name);
        let Some(kind) = DYNAMICS.iter().find(|kind| kind.name == name) else {
            let known: Vec<&str> = DYNAMICS.iter().map(|kind| kind.name).collect();
            let near = did_you_mean(name, known.iter().copied());
            let message = format!(
                "unknown dynamics {name:?}; known: {}{near}",
                known.join(", ")
            );
            return Err(self.error("dynamics", "kind", message));
        };
        if let Some(key) = section.keys.unknown(kind.keys) {
            let common = ["kind", "criterion", "distance", "recorded_samples"];
            let own = kind.keys.iter().map(|key| key.name);
            let known: Vec<&str> = own.chain(common).collect();
            let near = did_you_mean(key, known.iter().copied());
            let known = known.join(", ");
            let message = format!("unknown key; kind = \"{name}\" reads {known}{near}");
            return Err(self.error("dynamics", key, message));
        }
        (kind.read)(&section.keys).map_err(|error| self.error("dynamics", error.key, error.message))
    }

    /// The descent of an experiment that needs one.
    ///
    /// # Errors
    /// As [`dynamics`](Self::dynamics), and for dynamics that do not descend.
    pub fn descent(&self) -> Result<GradientDescent, JobError> {
        self.dynamics()?.as_descent().ok_or_else(|| {
            let message = format!(
                "experiment = \"{}\" needs fixed points; set \"{}\" or delete this key",
                self.job.experiment, DYNAMICS[0].name
            );
            self.error("dynamics", "kind", message)
        })
    }

    /// Refuses an η outside (0, 1].
    ///
    /// # Errors
    /// [`JobError::Value`].
    pub fn step_size(&self, section: &str, value: f64) -> Result<(), JobError> {
        GradientDescent::check_step_size(value)
            .map_err(|message| self.error(section, "step_size", message))
    }

    fn no_recording(&self) -> Result<(), JobError> {
        if self.dynamics_section.recorded_samples > 0 {
            return Err(self.error(
                "dynamics",
                "recorded_samples",
                "trajectories are recorded by experiment = \"retrieval\" only".to_owned(),
            ));
        }
        Ok(())
    }

    /// The iteration to a fixed point of an experiment that asks for no target.
    ///
    /// # Errors
    /// As [`descent`](Self::descent), and where a criterion is given.
    pub fn iteration(&self) -> Result<GradientDescent, JobError> {
        self.no_recording()?;
        let descent = self.descent()?;
        if self.criterion()? == Criterion::Weight {
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
