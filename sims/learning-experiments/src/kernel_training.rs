//! Loss curves of kernel learning.

use crate::shared::learners::LEARNER;
use crate::shared::training_curve::{TrainingCurve, TrainingPanel, fixed, task_title};
use dam_learning::{FeatureScale, Learner, LossForm};
use dam_memory::streams::Settings;
use dam_runs::catalogue::Kind;
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::quantity::Quantity;
use dam_runs::record::Record;
use dam_runs::swept::{PATTERN_COUNT, SIZE, TRAINING_STEPS};
use dam_runs::task::Task;
use dam_runs::view::{LineValue, Sweep, View, literal};
use dam_theory::bounds::code_angle_bounds;

/// What is recorded.
const NAMES: [&str; 3] = ["loss", "largest_cosine", "gradient_norm"];

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "kernel-training",
    about: "loss, largest cosine and gradient norm while feature maps are learned",
    sections: &[LEARNER],
    sweep: &[PATTERN_COUNT, SIZE, TRAINING_STEPS],
    read: |draft| TrainingCurve::configure(draft, KernelTraining),
};

/// Learns feature maps of the stored patterns and records loss, largest cosine of two features and |∇L| at some epochs
/// (Hu, Wu and Liu, arXiv:2410.23126, Fig. 5; Wu et al., arXiv:2404.03827, Figs. 5 and 8).
#[derive(Clone, Debug)]
pub struct KernelTraining(pub TrainingCurve);

impl Experiment for KernelTraining {
    fn settings(&self) -> Settings {
        self.0.settings()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        self.0.record(sample, NAMES, |_, trainer| {
            let state = trainer.state();
            [state.loss, state.largest_cosine, state.gradient_norm].map(Some)
        })
    }

    fn quantities(&self, _: &Task, records: &[Record]) -> Vec<Quantity> {
        self.0.quantities(records, &NAMES)
    }

    /// For each task a column: a panel per loss, then the largest cosine of two features; at the losses their minimum at the regular
    /// simplex, at the cosines the smallest that a code can have.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let form = |learner: &Learner| learner.training.loss.form.name();
        let mut forms: Vec<&'static str> = Vec::new();
        for learner in &self.0.learners {
            if !forms.contains(&form(learner)) {
                forms.push(form(learner));
            }
        }
        let mut panels = Vec::new();
        for &name in &forms {
            let is_own = |learner: &&Learner| form(learner) == name;
            let own: Vec<&Learner> = self.0.learners.iter().filter(is_own).collect();
            panels.extend(sweep.tasks.iter().map(|task| TrainingPanel {
                task,
                title: format!("{}: {}", task_title(task), literal(name)),
                label: format!("{} loss", literal(name)),
                quantity: "loss",
                // beside other losses, the cosines name all curves
                names_curves: forms.len() == 1,
                limits: loss_limits(task, &own),
                learners: own.clone(),
            }));
        }
        let all: Vec<&Learner> = self.0.learners.iter().collect();
        panels.extend(sweep.tasks.iter().map(|task| TrainingPanel {
            task,
            title: task_title(task),
            label: "largest cosine of two features".to_owned(),
            quantity: "largest_cosine",
            names_curves: true,
            limits: cosine_limits(task, &all),
            learners: all.clone(),
        }));
        vec![self.0.view(KIND.name, sweep, panels)]
    }
}

fn loss_limits<'a>(task: &Task, learners: &[&Learner]) -> Vec<(String, LineValue<'a>)> {
    let mut minima: Vec<f64> = Vec::new();
    for learner in learners {
        let loss = learner.training.loss;
        let is_known = loss.scale == FeatureScale::Normalised
            && !matches!(loss.form, LossForm::UHopPlusAsPublished { .. });
        let minimum = is_known.then(|| loss.simplex_minimum(task.pattern_count));
        minima.extend(
            minimum
                .flatten()
                .filter(|minimum| !minima.contains(minimum)),
        );
    }
    let named = |minimum| format!("regular simplex ({minimum:.3})").replace('-', "−");
    let limit = |minimum| (named(minimum), fixed(minimum));
    minima.into_iter().map(limit).collect()
}

fn cosine_limits<'a>(task: &Task, learners: &[&Learner]) -> Vec<(String, LineValue<'a>)> {
    let mut sizes: Vec<usize> = Vec::new();
    for learner in learners {
        let size = learner.feature_size(task.size);
        if !sizes.contains(&size) {
            sizes.push(size);
        }
    }
    let limit = |size| {
        // in the plane and beyond: no code has a larger least angle
        let (_, angle) = code_angle_bounds(size, task.pattern_count).ok()?;
        Some((format!("bound on codes, D = {size}"), fixed(angle.cos())))
    };
    sizes.into_iter().filter_map(limit).collect()
}
