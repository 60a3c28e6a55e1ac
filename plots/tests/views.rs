//! Figures drawn from views over results.

use dam_plots::draw_view;
use dam_plots::drawing::FigureRow;
use dam_plots::figure::Figure;
use dam_runs::results::Results;
use dam_runs::view::{
    self, Along, AxisView, CurveView, Data, Grid, LineView, Look, PanelView, Part, Pass, Picture,
    RowsPanel, Stroke, View, exact,
};
use serde_json::{Value, json};

/// A finished task with a quantity y at each value of λ, with an interval of ± 0.1 around it.
fn task(alpha: f64, size: usize, values: &[(f64, f64)]) -> Value {
    let quantity = |&(lambda, value): &(f64, f64)| {
        json!({
            "name": "y", "coordinates": {"lambda": lambda}, "mean": value, "median": null,
            "standard_error": 0.05, "lower": value - 0.1, "upper": value + 0.1, "count": 9
        })
    };
    let quantities: Vec<Value> = values.iter().map(quantity).collect();
    json!({
        "task": {
            "experiment": "own", "ensemble": "spherical", "alpha": alpha, "size": size,
            "pattern_count": 3
        },
        "quantities": quantities, "samples": [], "wall_seconds": 0.0
    })
}

fn results(tasks: &[Value]) -> Results {
    serde_json::from_value(json!({
        "format": "dam-results", "schema": 1, "program": "", "name": "test", "settings": {},
        "missing_tasks": 0, "tasks": tasks
    }))
    .unwrap()
}

fn drawn(panel: PanelView<'_>, tasks: &[Value]) -> Option<Figure> {
    draw_view(&View::of("own", panel), &results(tasks)).unwrap()
}

fn layer<'a>(rows: &'a [FigureRow], kind: &str, name: &str) -> Vec<&'a FigureRow> {
    let is_meant = |row: &&FigureRow| row.kind == kind && row.layer == name;
    rows.iter().filter(is_meant).collect()
}

/// Points over theory, a colour for each load, against 1/N.
fn against_inverse_size<'a>() -> PanelView<'a> {
    let theory = CurveView::new(
        "theory",
        Look::new(Stroke::Solid, 2.0),
        Grid::TowardsInfinity,
        exact(|at| Some(at.size)),
    );
    let limit = LineView::new(
        "N = ∞",
        Look::new(Stroke::Dashed, 2.0),
        exact(|at| Some(at.load)),
        "the limit",
    );
    PanelView::new(
        (AxisView::new("1/N"), Along::InverseSize),
        AxisView::new("y"),
        vec![Data::new("y")],
        vec![
            Pass::new(vec![view::load()], vec![Part::Level(limit), theory.part()]),
            Pass::new(vec![view::load()], vec![view::points()]),
        ],
    )
}

#[test]
fn measurements_are_drawn_against_the_inverse_size_over_theory() {
    let tasks = [
        task(0.2, 20, &[(0.5, 0.41)]),
        task(0.2, 40, &[(0.5, 0.35)]),
        task(0.3, 20, &[(0.5, 0.41)]),
    ];
    let rows = drawn(against_inverse_size(), &tasks).unwrap().rows();
    let measured = layer(&rows, "points", "α = 0.2");
    assert_eq!(measured[1].x, Some(0.025));
    // one standard error
    assert_eq!(measured[1].y_low, Some(0.35 - 0.05));
    assert_eq!(measured[1].y_high, Some(0.35 + 0.05));
    assert_eq!(rows[0].note, "Bars: one standard error. 9 samples.");
    assert_eq!(
        (rows[0].x_axis.as_str(), rows[0].y_axis.as_str()),
        ("1/N", "y")
    );
    // the theory is sorted by 1/N and ends at the smallest N
    let theory = layer(&rows, "curve", "α = 0.3, theory");
    assert!(theory.is_sorted_by(|a, b| a.x < b.x));
    assert!((theory.last().unwrap().x.unwrap() - 0.05).abs() < 1e-12);
    assert!((theory[0].y.unwrap() - 2e4).abs() < 1e-6);
    let limit = layer(&rows, "horizontal line", "α = 0.2, N = ∞");
    assert_eq!((limit.len(), limit[0].y), (1, Some(0.2)));
    // lines first, so that the points lie above them
    let is_line = |row: &FigureRow| row.kind != "points" && row.kind != "legend entry";
    let last_line = rows.iter().rposition(is_line);
    let first_point = rows.iter().position(|row| row.kind == "points");
    assert!(last_line < first_point);
}

/// The points over theory, less 1, with their errors.
#[test]
fn residuals_are_relative_to_theory() {
    let panel = PanelView::new(
        (AxisView::new("1/N"), Along::InverseSize),
        AxisView::new("y"),
        vec![Data::new("y").relative_to(exact(|at| Some(at.size / 50.0)))],
        vec![Pass::new(vec![view::load()], vec![view::points()])],
    );
    let rows = drawn(panel, &[task(0.2, 20, &[(0.5, 0.41)])])
        .unwrap()
        .rows();
    let close = |value: Option<f64>, right: f64| (value.unwrap() - right).abs() < 1e-12;
    assert!(close(rows[0].y, 0.41 / 0.4 - 1.0));
    assert!(close(rows[0].y_low, 0.36 / 0.4 - 1.0) && close(rows[0].y_high, 0.46 / 0.4 - 1.0));
}

/// A share has an error at 0 too; points with a caveat are open, and the note says so.
#[test]
fn shares_have_wilson_errors_and_caveats_open_points() {
    let mut with_caveat = task(0.2, 20, &[(0.5, 0.0)]);
    with_caveat["quantities"][0]["caveats"] = json!([
        {"affected": 2, "of": 9, "what": "samples did not converge", "mend": "raise max_steps"}
    ]);
    let panel = PanelView::new(
        (AxisView::new("1/N"), Along::InverseSize),
        AxisView::share("P"),
        vec![Data::share("y")],
        vec![Pass::new(vec![view::load()], vec![view::points()])],
    );
    let rows = drawn(panel, &[with_caveat]).unwrap().rows();
    assert!(rows[0].open && rows[0].note.contains("Open symbols"));
    // (z²/n)/(1 + z²/n) with z = 1, n = 9
    assert_eq!(rows[0].y_low, Some(0.0));
    assert!((rows[0].y_high.unwrap() - 0.1).abs() < 1e-12);
}

/// An axis is cut to where something happens; a single place has no range to be cut to.
#[test]
fn focus_cuts_to_what_is_undecided() {
    let panel = || {
        PanelView::new(
            (AxisView::new("λ"), Along::Coordinate("lambda", 0.0)),
            AxisView::share("P"),
            vec![Data::share("y")],
            vec![Pass::new(vec![view::load()], vec![view::points()])],
        )
        .focused((0.005, 0.995))
    };
    let values = [(0.1, 0.0), (0.4, 0.0), (0.5, 0.5), (0.6, 0.9), (0.9, 1.0)];
    let rows = drawn(panel(), &[task(0.2, 20, &values)]).unwrap().rows();
    let (from, to) = (rows[0].x_from.unwrap(), rows[0].x_to.unwrap());
    assert!(
        (from - 0.468).abs() < 1e-12 && (to - 0.632).abs() < 1e-12,
        "{from} {to}"
    );
    let one = drawn(panel(), &[task(0.2, 20, &[(0.5, 0.5)])]).unwrap();
    let directory = tempfile::tempdir().unwrap();
    one.write(directory.path(), "one").unwrap();
}

#[test]
fn nothing_is_drawn_of_results_without_the_quantity() {
    assert!(drawn(against_inverse_size(), &[task(0.2, 20, &[])]).is_none());
}

#[test]
fn curves_share_colours_by_load_and_thresholds_once() {
    let values = [(0.5, 0.5), (0.3, 0.5), (0.4, 0.5)];
    let threshold = LineView::new(
        "λ_{1}",
        Look::new(Stroke::Dotted, 2.0),
        exact(|at| Some(at.load)),
        "",
    );
    let theory = CurveView::new(
        "theory",
        Look::new(Stroke::Series, 1.2),
        Grid::Coordinate("lambda", 3),
        exact(|_| None),
    );
    let panel = PanelView::new(
        (AxisView::new("λ"), Along::Coordinate("lambda", 0.0)),
        AxisView::share("P"),
        vec![Data::new("y")],
        vec![
            Pass::new(vec![view::load()], vec![Part::Threshold(threshold)]),
            Pass::new(
                vec![view::load(), view::size()],
                vec![theory.or_guide().part(), view::points()],
            ),
        ],
    );
    let tasks = [(0.2, 20), (0.2, 40), (0.3, 20)];
    let tasks = tasks.map(|(alpha, size)| task(alpha, size, &values));
    let figure = drawn(panel, &tasks).unwrap();
    let rows = figure.rows();
    let is_threshold = |row: &&FigureRow| row.kind == "vertical line";
    assert_eq!(rows.iter().filter(is_threshold).count(), 2);
    // without theory a line joins the points, in order of λ
    let guide = layer(&rows, "curve", "α = 0.2, N = 40");
    let abscissae: Vec<_> = guide.iter().map(|row| row.x).collect();
    assert_eq!(abscissae, [Some(0.3), Some(0.4), Some(0.5)]);
    let directory = tempfile::tempdir().unwrap();
    figure.write(directory.path(), "own").unwrap();
}

#[test]
fn rows_show_a_value_for_each_label_with_its_interval_and_one_across_all() {
    let mut measured = task(0.5, 4, &[(1.0, 0.7), (2.0, 0.9)]);
    for (place, name) in ["first", "second"].into_iter().enumerate() {
        measured["quantities"][place]["labels"] = json!({ "model": name });
    }
    let results = results(&[measured]);
    let view = |names: &[&str]| {
        let panel = RowsPanel {
            task: &results.tasks[0].task,
            title: "a set".to_owned(),
            quantity: "y",
            label: "model",
            rows: names.iter().map(|&name| name.to_owned()).collect(),
            reference: Some("second"),
        };
        View::new(
            "own",
            "",
            Picture::Rows {
                x: AxisView::new("y"),
                panels: vec![panel],
                columns: 2,
            },
        )
    };
    let figure = draw_view(&view(&["first", "second"]), &results)
        .unwrap()
        .unwrap();
    let rows = figure.rows();
    let first = layer(&rows, "points", "first");
    assert_eq!(
        (first.len(), first[0].x, first[0].y),
        (1, Some(0.7), Some(2.0))
    );
    assert_eq!(layer(&rows, "vertical line", "second")[0].x, Some(0.9));
    let folder = tempfile::tempdir().unwrap();
    figure.write(folder.path(), "two").unwrap();
    // one row alone has room for its ticks
    let figure = draw_view(&view(&["first"]), &results).unwrap().unwrap();
    figure.write(folder.path(), "one").unwrap();
    assert!(draw_view(&view(&["third"]), &results).unwrap().is_none());
}
