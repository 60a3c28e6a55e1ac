//! Squared error and accuracy of the memories against M, noise or training steps.

use dam_runs::record::{Measurement, Record};
use dam_runs::task::Task;
use dam_runs::view::{
    self, Along, Arrangement, AxisView, Data, Floor, GuideView, Legend, Look, NamedPoints,
    PanelView, Part, Pass, Picture, Stroke, Sweep, View, literal, standard_error,
};

use crate::memory_comparison::{Against, RetrievalError, column_name};

/// Errors below are drawn here: a logarithmic axis has no 0.
const SMALLEST_ERROR: f64 = 1e-6;

fn error_axis() -> AxisView {
    AxisView::new("squared error (below 10^{−6} at 10^{−6})").logarithmic()
}

impl RetrievalError {
    /// All M in one figure; against noise and training steps one for each task, and last the losses while kernels are trained.
    pub(super) fn figures<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let kind = sweep.kind;
        let Some(first) = sweep.tasks.first() else {
            return Vec::new();
        };
        if self.against == Against::PatternCount {
            let title = title(sweep, first.size, "");
            return vec![panels_view(kind.to_owned(), title, self.panels())];
        }
        let of_task = |task: &'a Task| {
            let pattern_count = task.pattern_count;
            let panels = self.panels().into_iter();
            let panels = panels.map(|panel| panel.only(move |row| row.task == task));
            panels_view(
                format!("{kind}-{pattern_count}"),
                title(sweep, task.size, &format!(", M = {pattern_count}")),
                panels.collect(),
            )
        };
        let mut views: Vec<View<'a>> = sweep.tasks.iter().map(of_task).collect();
        if self.against == Against::TrainingSteps {
            views.push(self.loss_view(sweep));
        }
        views
    }

    /// Panels of squared error and accuracy, against training steps also of the separation loss.
    fn panels(&self) -> Vec<PanelView<'_>> {
        let panel = |axis, quantity, legend| {
            let look = Look::new(Stroke::Round, 1.2);
            let guide = Part::Guide(GuideView {
                data: 0,
                look,
                in_legend: false,
            });
            let parts = vec![guide, view::points()];
            PanelView::new(
                self.along(),
                axis,
                vec![Data::new(quantity).with_bars(standard_error)],
                vec![Pass::new(vec![view::label("model")], parts)],
            )
            .with_legend(legend)
        };
        let mut panels = Vec::new();
        if self.against == Against::TrainingSteps {
            // first, since the legend of the last panel lists what stands there only
            let axis = AxisView::new("separation loss");
            panels.push(panel(axis, "separation_loss", Legend::Hidden));
        }
        let error = panel(error_axis(), "squared_error", Legend::Hidden);
        panels.push(error.above(Floor::Raise(SMALLEST_ERROR)));
        let axis = AxisView::share("share with the right arg max");
        panels.push(panel(axis, "accuracy", Legend::Right));
        panels
    }

    fn along(&self) -> (AxisView, Along) {
        let key = self.against.key();
        match self.against {
            Against::PatternCount => (AxisView::new("memories M").logarithmic(), Along::Count),
            Against::Noise => {
                let corruption = self.corruption.name();
                let axis = AxisView::new(format!("level of the corruption ({corruption})"));
                (axis, Along::Coordinate(key, 0.0))
            }
            Against::TrainingSteps => (
                AxisView::new("training steps N"),
                Along::Coordinate(key, 0.0),
            ),
        }
    }

    /// The squared error of each sample against its separation loss, for all learned kernels and
    /// numbers of steps (U-Hop, Figs. 2 and 7).
    fn loss_view<'a>(&'a self, sweep: Sweep<'a>) -> View<'a> {
        View {
            stem: format!("{}-loss", sweep.kind),
            title: format!("{}: every sample", literal(sweep.name)),
            picture: Picture::Scatter {
                x: AxisView::new("separation loss"),
                y: error_axis(),
                series: Box::new(|record| self.losses(record)),
            },
        }
    }

    /// (loss, squared error) of every model at every number of steps.
    fn losses(&self, record: &Record) -> Vec<NamedPoints> {
        let points = |model| {
            let column = |name| match record.get(&column_name(name, model)) {
                Some(Measurement::List(values)) => values.clone(),
                _ => Vec::new(),
            };
            let losses = column("separation_loss").into_iter();
            let pairs = losses.zip(column("squared_error"));
            pairs
                .filter_map(|(loss, error)| Some((loss?, error?.max(SMALLEST_ERROR))))
                .collect()
        };
        let models = self.models.iter();
        models
            .map(|model| (literal(model.name()), points(model)))
            .collect()
    }
}

fn title(sweep: Sweep<'_>, size: usize, load: &str) -> String {
    format!(
        "{}: N = {size}{load}, {} samples, bars: one standard error",
        literal(sweep.name),
        sweep.samples
    )
}

fn panels_view(stem: String, title: String, panels: Vec<PanelView<'_>>) -> View<'_> {
    View {
        stem,
        title,
        picture: Picture::Panels(panels, Arrangement::SideBySide, Some((620.0, 480.0))),
    }
}
