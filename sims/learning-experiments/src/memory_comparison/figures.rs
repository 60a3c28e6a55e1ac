//! Squared error and accuracy of the memories against M, noise or training steps.

use dam_runs::record::{Measurement, Record};
use dam_runs::task::Task;
use dam_runs::view::{
    self, Along, Arrangement, AxisView, Data, Floor, GuideView, Legend, Look, NamedPoints,
    PanelView, Part, Pass, Picture, Row, Stroke, Sweep, View, axes, literal,
};

use crate::memory_comparison::model::Base;
use crate::memory_comparison::{Against, Model, RetrievalError, column_name};

/// Series that a panel can tell apart.
const MOST_SERIES: usize = 8;
/// Errors below are drawn here: a logarithmic axis has no 0.
pub(super) const SMALLEST_ERROR: f64 = 1e-6;

pub(super) fn error_axis() -> AxisView {
    AxisView::new("squared error (below 10^{−6} at 10^{−6})").logarithmic()
}

impl RetrievalError {
    /// All M in one figure; against noise and training steps one for each task; against training steps also the errors against M
    /// at each number of steps, and last the losses while kernels are trained.
    pub(super) fn figures<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let kind = sweep.kind;
        let Some(first) = sweep.tasks.first() else {
            return Vec::new();
        };
        if self.against == Against::PatternCount {
            let title = title(sweep, first.size, "");
            return vec![self.panels_view(kind.to_owned(), title, self.panels())];
        }
        let of_task = |task: &'a Task| {
            let pattern_count = task.pattern_count;
            let mut panels = self.panels();
            for panel in &mut panels {
                panel.restrict(move |row| row.task == task);
            }
            self.panels_view(
                format!("{kind}-{pattern_count}"),
                title(sweep, task.size, &format!(", M = {pattern_count}")),
                panels,
            )
        };
        let mut views: Vec<View<'a>> = sweep.tasks.iter().map(of_task).collect();
        if self.against == Against::TrainingSteps {
            if sweep.tasks.len() > 1 {
                views.push(self.load_view(sweep, first.size));
            }
            views.push(self.loss_view(sweep));
        }
        views
    }

    /// The models in groups that a panel can tell apart, with what they have in common.
    fn groups(&self) -> Vec<(&'static str, Vec<String>)> {
        let is_learned = |model: &Model| matches!(model.base(), Base::Kernel(_));
        let group = |learned: bool, tuned: bool| -> Vec<String> {
            let models = self.models.iter();
            let own = models.filter(|m| is_learned(m) == learned && m.is_tuned() == tuned);
            own.map(|model| model.name().to_owned()).collect()
        };
        let (given, tuned) = (group(false, false), group(false, true));
        let kernels = [group(true, false), group(true, true)].concat();
        let groups = if self.models.len() <= MOST_SERIES {
            vec![("", [given, tuned, kernels].concat())]
        } else if given.len() + tuned.len() <= MOST_SERIES {
            vec![("no kernel", [given, tuned].concat()), ("kernels", kernels)]
        } else {
            vec![
                ("no kernel, one β", given),
                ("no kernel, tuned β", tuned),
                ("kernels", kernels),
            ]
        };
        groups
            .into_iter()
            .filter(|(_, models)| !models.is_empty())
            .collect()
    }

    /// A row of panels of squared error and one of accuracy, against training steps also of the separation loss; a column for each
    /// group of models.
    fn panels(&self) -> Vec<PanelView<'_>> {
        let mut rows: Vec<(AxisView, &str, Floor)> = Vec::new();
        if self.against == Against::TrainingSteps {
            rows.push((
                AxisView::new("separation loss"),
                "separation_loss",
                Floor::None,
            ));
        }
        rows.push((error_axis(), "squared_error", Floor::Raise(SMALLEST_ERROR)));
        let accuracy = AxisView::share("share with the right arg max");
        rows.push((accuracy, "accuracy", Floor::None));
        let last = rows.len() - 1;
        let mut panels = Vec::new();
        for (place, (axis, quantity, floor)) in rows.into_iter().enumerate() {
            for (name, models) in self.groups() {
                let look = Look::new(Stroke::Round, 1.2);
                let guide = Part::Guide(GuideView {
                    data: 0,
                    look,
                    in_legend: false,
                });
                let is_own = move |row: &Row<'_>| {
                    let model = row.quantity.labels.get("model");
                    model.is_some_and(|model| models.contains(model))
                };
                let mut panel = PanelView::new(
                    self.along(),
                    axis.clone(),
                    vec![Data::new(quantity)],
                    vec![Pass::new(
                        vec![view::label("model")],
                        vec![guide, view::points()],
                    )],
                )
                .titled(if place == 0 { name } else { "" })
                .only(is_own)
                .above(floor)
                .with_legend(if place == last {
                    Legend::Right
                } else {
                    Legend::Hidden
                });
                panel.with_own_styles = true;
                panel.side_by_side = true;
                panels.push(panel);
            }
        }
        panels
    }

    fn panels_view<'a>(&self, stem: String, title: String, panels: Vec<PanelView<'a>>) -> View<'a> {
        // one group: its panels side by side
        let groups = self.groups().len();
        let columns = if groups == 1 { panels.len() } else { groups };
        let arrangement = Arrangement::Rows(columns);
        View::new(
            stem,
            title,
            Picture::Panels(panels, arrangement, Some((560.0, 400.0))),
        )
    }

    fn along(&self) -> (AxisView, Along) {
        match self.against {
            Against::PatternCount => axes::pattern_count(),
            Against::Noise => {
                let corruption = self.corruption.name();
                let axis = AxisView::new(format!("level of the corruption ({corruption})"));
                (axis, Along::Coordinate(self.against.key(), 0.0))
            }
            Against::TrainingSteps => axes::training_steps(false),
        }
    }

    /// The squared error against M, a panel for each number of training steps (U-Hop, Figs. 9–16).
    fn load_view<'a>(&'a self, sweep: Sweep<'a>, size: usize) -> View<'a> {
        let last = self.training_steps.len() - 1;
        let panel = |(place, &steps): (usize, &usize)| {
            let steps = steps as f64;
            let parts = vec![view::guide(), view::points()];
            let title = match steps {
                1.0 => "1 training step".to_owned(),
                _ => format!("{steps} training steps"),
            };
            let legend = if place == last {
                Legend::Right
            } else {
                Legend::Hidden
            };
            PanelView::new(
                axes::pattern_count(),
                error_axis(),
                vec![Data::new("squared_error")],
                vec![Pass::new(vec![view::label("model")], parts)],
            )
            .titled(title)
            .only(move |row| row.coordinate(self.against.key()) == Some(steps))
            .above(Floor::Raise(SMALLEST_ERROR))
            .with_legend(legend)
        };
        let panels = self.training_steps.iter().enumerate().map(panel).collect();
        let picture = Picture::Panels(panels, Arrangement::Rows(3), Some((560.0, 400.0)));
        let stem = format!("{}-loads", sweep.kind);
        View::new(stem, title(sweep, size, ""), picture)
    }

    /// The squared error of each sample against its separation loss, for all learned kernels and
    /// numbers of steps (U-Hop, Figs. 2 and 7).
    fn loss_view<'a>(&'a self, sweep: Sweep<'a>) -> View<'a> {
        let picture = Picture::Scatter {
            x: AxisView::new("separation loss"),
            y: error_axis(),
            series: Box::new(|record| self.losses(record)),
        };
        let view = View::new(format!("{}-loss", sweep.kind), sweep.title(), picture);
        view.noted("A point for every sample and number of training steps.")
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
    format!("{}, N = {size}{load}", sweep.title())
}
