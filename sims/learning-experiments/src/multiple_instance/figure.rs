//! The areas of all models: a panel for each set, or against the size of the bags.

use dam_runs::task::Task;
use dam_runs::view::{
    self, Along, AxisView, Data, Legend, PanelView, Pass, Picture, Row, RowsPanel, Sweep, View,
    literal, short_number,
};

use super::experiment::{AREA, KIND, MultipleInstance, made_by, title};
use super::made_bags::{POSITIVES, SIZE};
use super::networks::BASELINE;

/// Panels in a row.
const COLUMNS: usize = 2;
/// Panels of a figure: more have no room in one.
const MOST_PANELS: usize = 6;
/// Width and height of a panel against the size of the bags.
const SIZE_PANEL: (f64, f64) = (600.0, 420.0);
const LABEL: &str = "area under the curve";

impl MultipleInstance {
    pub(super) fn figure<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let distinct = |name: &str| {
            let mut values: Vec<f64> = sweep
                .tasks
                .iter()
                .filter_map(|task| number(task, name))
                .collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            values
        };
        let folds = format!("{} folds × {} repeats", self.protocol.folds, sweep.samples);
        if distinct(SIZE).len() > 1 {
            let panels = distinct(POSITIVES).into_iter().map(against_size).collect();
            let arrangement = view::Arrangement::Rows(COLUMNS);
            let picture = Picture::Panels(panels, arrangement, Some(SIZE_PANEL));
            let first = sweep.tasks.first();
            let name = first.map_or_else(String::new, |task| literal(&task.ensemble));
            let note = format!("Corrected error of {folds}.");
            return vec![View::new(KIND.name, name, picture).noted(note)];
        }
        let figures = sweep.tasks.chunks(MOST_PANELS).enumerate();
        let figure = |(place, tasks)| {
            let stem = match place {
                0 => KIND.name.to_owned(),
                _ => format!("{}-{}", KIND.name, place + 1),
            };
            View::new(stem, "", self.rows(tasks)).noted(format!(
                "Bars: 95 % by the corrected error of {folds}. Dashed: {BASELINE}."
            ))
        };
        figures.map(figure).collect()
    }

    /// A panel for each set, one row a model: its mean area, its interval and, as a line across, the area of the network without
    /// retrieval.
    fn rows<'a>(&'a self, tasks: &'a [Task]) -> Picture<'a> {
        let names = self.models.iter().map(|model| model.name().to_owned());
        let names: Vec<String> = names.collect();
        let panel = |task| RowsPanel {
            task,
            title: literal(&title(task)),
            rows: names.clone(),
            quantity: AREA,
            label: "model",
            reference: Some(BASELINE),
        };
        Picture::Rows {
            x: AxisView::new(LABEL),
            panels: tasks.iter().map(panel).collect(),
            columns: COLUMNS,
        }
    }
}

/// A number that the set of a task was made by.
fn number(task: &Task, name: &str) -> Option<f64> {
    let found = made_by(task).into_iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value)
}

/// All models against the size of the bags, at so many positive instances.
fn against_size<'a>(positives: f64) -> PanelView<'a> {
    let axis = AxisView::new("instances of a bag").logarithmic();
    let mut panel = PanelView::new(
        (axis, Along::Coordinate(SIZE, 0.0)),
        AxisView::new(LABEL),
        vec![Data::new(AREA)],
        vec![Pass::new(
            vec![view::label("model")],
            vec![view::guide(), view::points()],
        )],
    )
    .titled(format!("positive instances: {}", short_number(positives)))
    .only(move |row: &Row<'_>| row.coordinate(POSITIVES) == Some(positives))
    .with_legend(Legend::Right);
    panel.side_by_side = true;
    panel
}
