//! A memory, how states move in it, and what counts as a retrieval.

use std::sync::Arc;

use dam_theory::Ensemble;
use dam_theory::finite_size::{self, Estimate, PatternCount};
use serde_json::json;

use crate::attention::AttentionMemory;
use crate::composed::Composition;
use crate::dynamics::criterion::Criterion;
use crate::dynamics::{
    Arrival, Departure, Dynamics, GradientDescent, Outlook, RandomMemory, Start, all_arrived,
};
use crate::memory::Memory;
use crate::separations::{FiniteMemory, Separation};
use crate::streams::{Settings, StreamKey};

/// What experiments retrieve with: the kind of memory, the dynamics, and the criterion. By default
/// attention, descended to its fixed points.
#[derive(Clone, Debug)]
pub struct Retriever {
    /// The similarity and the separation.
    pub composition: Composition,
    /// How states move.
    pub dynamics: Arc<dyn Dynamics>,
    /// What counts as a retrieval.
    pub criterion: Criterion,
}

impl Default for Retriever {
    fn default() -> Self {
        Self::attention(GradientDescent::default(), Criterion::Weight)
    }
}

impl Retriever {
    /// The descent of an attention memory.
    pub fn attention(descent: GradientDescent, criterion: Criterion) -> Self {
        Self {
            composition: Composition::default(),
            dynamics: Arc::new(descent),
            criterion,
        }
    }

    /// The memory over patterns that are held already.
    pub fn over<'a>(&self, patterns: &'a AttentionMemory) -> Box<dyn Memory + 'a> {
        self.composition.over(patterns)
    }

    /// Where every start ends.
    ///
    /// # Panics
    /// As [`Dynamics::run`].
    pub fn arrivals(
        &self,
        memory: &dyn Memory,
        starts: &[Start],
        streams: &StreamKey,
    ) -> Vec<Arrival> {
        let from = Departure {
            memory,
            starts,
            streams,
        };
        all_arrived(self.dynamics.run(from, &mut |_| Outlook::Open))
    }

    /// The settings that its numbers depend on, by dotted key of the job file; the memory is named
    /// where it is not attention.
    pub fn settings(&self) -> Settings {
        let mut settings = self.dynamics.settings();
        let mut set = |key: &str, value| settings.insert(key.to_owned(), value);
        set("dynamics.criterion", json!(self.criterion.name()));
        if let Criterion::Distance(bound) = self.criterion {
            set("dynamics.distance", json!(bound));
        }
        if !self.composition.is_attention() {
            let (similarity, separation) =
                (self.composition.similarity(), self.composition.separation());
            set("memory.similarity", json!(similarity.name()));
            set("memory.separation", json!(separation.name()));
        }
        settings
    }

    /// Whether it descends an attention memory, of which most of the theory speaks.
    pub fn is_attention_descent(&self) -> bool {
        self.composition.is_attention() && self.dynamics.as_descent().is_some()
    }

    /// α₁(λ) at N = ∞, up to which a typical pattern of the ensemble is retrieved, where theory
    /// says.
    pub fn typical_threshold(&self, ensemble: &dyn Ensemble, lambda: f64) -> Option<f64> {
        let memory = self.random_memory(ensemble);
        self.dynamics.typical_threshold(memory, lambda)
    }

    /// λ₁(α) at N = ∞, from which a typical pattern of the ensemble is retrieved, where theory
    /// says.
    pub fn typical_inverse_temperature(&self, ensemble: &dyn Ensemble, alpha: f64) -> Option<f64> {
        let memory = self.random_memory(ensemble);
        self.dynamics.typical_inverse_temperature(memory, alpha)
    }

    fn random_memory<'a>(&'a self, ensemble: &'a dyn Ensemble) -> RandomMemory<'a> {
        let composition = &self.composition;
        RandomMemory {
            composition,
            ensemble,
        }
    }

    /// The probability at N that a descent from ξ¹ retrieves it, where the theory of the memory
    /// says: of attention by any criterion, of other separations by weight.
    pub fn retrieval_probability(
        &self,
        ensemble: &dyn Ensemble,
        patterns: PatternCount,
        size: f64,
        lambda: f64,
    ) -> Option<Estimate> {
        if self.is_attention_descent() {
            return finite_size::retrieval_probability(ensemble, patterns, size, lambda).ok()?;
        }
        let at = FiniteMemory {
            ensemble,
            patterns,
            size,
        };
        self.separation_by_weight()?
            .retrieval_probability(at, lambda)
            .map(Estimate::exact)
    }

    /// The mean λ_× at N of descents from ξ¹ in another memory than attention, by weight.
    pub fn mean_crossover(
        &self,
        ensemble: &dyn Ensemble,
        patterns: PatternCount,
        size: f64,
    ) -> Option<f64> {
        let at = FiniteMemory {
            ensemble,
            patterns,
            size,
        };
        self.separation_by_weight()?.mean_crossover(at)
    }

    /// The separation whose theory at N speaks of this descent.
    fn separation_by_weight(&self) -> Option<&dyn Separation> {
        self.dynamics.as_descent()?;
        (self.criterion == Criterion::Weight).then(|| self.composition.separation().as_ref())
    }
}
