//! Figures as their user writes them: files, bytes, csv and refusals.

use std::fs;

use dam_plots::PlotError;
use dam_plots::drawing::read_figure_csv;
use dam_plots::figure::{
    Across, Annotation, Axis, Color, CrossLine, Curve, Dash, DataPoint, Figure, Format, HeatMap,
    MapColors, Origin, Panel, Placement, Points, Region, Steps, Stroke, series_style,
};

fn curve(name: &str) -> Curve {
    let points = (0..=40)
        .map(f64::from)
        .map(|i| (i / 40.0, (i / 7.0).sin() / 3.0))
        .collect();
    Curve::new(name, points, Stroke::new(Color::BLUE, Dash::DashDot))
}

fn panel_of(layers: Vec<Curve>) -> Panel {
    let mut panel = Panel::new(Axis::new("λ"), Axis::new("α_{1}(λ)"));
    for layer in layers {
        panel.add(layer);
    }
    panel
}

/// One layer of each kind.
pub(crate) fn full_figure() -> Figure {
    let mut first = panel_of(vec![curve("α_{c}^{lb}, \"quoted\"")]);
    first.add(Points::new(
        "measured",
        vec![
            DataPoint::new(0.1, 0.1),
            DataPoint {
                x: 1.0 / 3.0,
                y: 0.2,
                x_interval: Some((0.3, 0.4)),
                y_interval: Some((-0.1, 0.25)),
                is_open: false,
            },
        ],
        series_style(2).2,
        Color::GREEN,
    ));
    first.add(CrossLine::new(
        "ln 2",
        Across::Horizontal(2f64.ln()),
        Stroke::solid(Color::GREY),
    ));
    first.add(CrossLine::new(
        "λ_{×}",
        Across::Vertical(0.5),
        Stroke::new(Color::GREY, Dash::Dotted),
    ));
    first.add(Region::new(
        "retrieval",
        vec![(0.0, 0.0), (0.5, 0.3), (1.0, 0.0)],
        Color::ORANGE,
    ));
    first.add(Annotation::new("here", Placement::Centre(0.8, 0.5)));
    let mut second = Panel::new(Axis::new("x"), Axis::new("y"));
    second.add(HeatMap {
        name: "map".to_owned(),
        value_label: "m".to_owned(),
        x_edges: vec![0.0, 1.0, 3.0],
        y_edges: vec![-1.0, 0.0],
        values: vec![Some(1e-300), None],
        value_range: None,
        colors: MapColors::Viridis,
    });
    let mut third = Panel::new(Axis::new("P").logarithmic(), Axis::new("count"));
    third.add(Steps {
        name: "histogram".to_owned(),
        edges: vec![1.0, 10.0, 1e4],
        heights: vec![3.0, 5.0],
        stroke: Stroke::solid(Color::BLUE),
        filled: true,
        in_legend: true,
    });
    Figure::stacked(vec![first, second, third]).with_title("All of them")
}

#[test]
fn three_complete_files_appear_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let inner = directory.path().join("new/folder");
    let files = full_figure().write(&inner, "figure").unwrap();
    let names: Vec<_> = files
        .iter()
        .map(|file| file.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["figure.svg", "figure.png", "figure.csv"]);
    assert_eq!(fs::read_dir(&inner).unwrap().count(), 3);
    let svg = fs::read_to_string(&files[0]).unwrap();
    assert!(svg.starts_with("<svg width=\"800\"") && svg.trim_end().ends_with("</svg>"));
    let png = fs::read(&files[1]).unwrap();
    assert_eq!(&png[1..4], b"PNG");
    // width in the header chunk: twice the 800 px of the figure
    assert_eq!(u32::from_be_bytes(png[16..20].try_into().unwrap()), 1600);
}

/// What a reader finds with `file`, exiftool, pdfinfo or an editor, years later.
#[test]
fn every_format_says_what_the_figure_was_made_from() {
    let directory = tempfile::tempdir().unwrap();
    let mut figure = full_figure().made_from(Origin {
        source: "job <one> (crossover, seed 3)".to_owned(),
        samples: "20 in each of 7 tasks".to_owned(),
    });
    figure.title = Some("λ_{×} & α".to_owned());
    figure.note = Some("Bars: one standard error.".to_owned());
    figure.formats = Format::ALL.to_vec();
    let files = figure.write(directory.path(), "figure").unwrap();
    let holding = |extension: &str, parts: &[&[u8]]| {
        let mut files = files.iter();
        let path = files.find(|path| path.extension().is_some_and(|own| own == extension));
        let bytes = fs::read(path.unwrap()).unwrap();
        for &part in parts {
            assert!(
                bytes.windows(part.len()).any(|place| place == part),
                "{extension}: {}",
                String::from_utf8_lossy(part)
            );
        }
    };
    let description = "Samples: 20 in each of 7 tasks. Bars: one standard error.";
    let element = format!("<dc:description>{description}</dc:description>");
    holding(
        "svg",
        &[
            b"<dc:title>\xce\xbb_\xc3\x97 &amp; \xce\xb1</dc:title>",
            element.as_bytes(),
            b"<dc:source>job &lt;one> (crossover, seed 3)</dc:source>",
            b"<dc:creator>dense-associative-memory ",
        ],
    );
    let chunk = format!("iTXtDescription\0\0\0\0\0{description}");
    holding(
        "png",
        &[
            chunk.as_bytes(),
            b"iTXtSource\0\0\0\0\0job <one> (crossover, seed 3)",
        ],
    );
    let subject = format!("/Subject ({description})");
    holding(
        "pdf",
        &[subject.as_bytes(), b"/Keywords (job <one> (crossover"],
    );
    let comment = format!("% Description: {description}\n% Source: job <one>");
    holding("pgf", &[comment.as_bytes()]);
}

#[test]
fn the_same_figure_gives_the_same_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let first = full_figure().write(directory.path(), "first").unwrap();
    let second = full_figure().write(directory.path(), "second").unwrap();
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(
            fs::read(first).unwrap(),
            fs::read(second).unwrap(),
            "{}",
            first.display()
        );
    }
    let mut other = full_figure();
    other.title = Some("Another".to_owned());
    let other = other.write(directory.path(), "other").unwrap();
    assert_ne!(fs::read(&first[1]).unwrap(), fs::read(&other[1]).unwrap());
}

#[test]
fn the_csv_returns_every_number_exactly() {
    let directory = tempfile::tempdir().unwrap();
    let figure = full_figure();
    let files = figure.write(directory.path(), "figure").unwrap();
    let rows = read_figure_csv(&files[2]).unwrap();
    assert_eq!(rows, figure.rows());
    // 41 points of the curve, 2 points, 2 lines, 3 corners, 1 annotation, 2 cells, 2 bins
    assert_eq!(rows.len(), 53);
    let header = fs::read_to_string(&files[2]).unwrap();
    assert!(header.starts_with("panel,layer,x,y,x_low,x_high,y_low,y_high,value,kind,open,color,"));
    let measured: Vec<_> = rows.iter().filter(|row| row.kind == "points").collect();
    assert_eq!(measured[1].x, Some(1.0 / 3.0));
    assert_eq!(
        (measured[1].y_low, measured[1].y_high),
        (Some(-0.1), Some(0.25))
    );
    assert_eq!(measured[0].y_low, None);
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("occupied");
    fs::write(&file, "a file").unwrap();
    let error = full_figure()
        .write(&file.join("inside"), "figure")
        .unwrap_err();
    assert!(matches!(error, PlotError::Io { .. }), "{error}");
    assert!(error.to_string().contains("occupied"), "{error}");
    // a directory in the place of the finished file
    fs::create_dir(directory.path().join("figure.png")).unwrap();
    fs::write(directory.path().join("figure.png/inside"), "").unwrap();
    let error = full_figure().write(directory.path(), "figure").unwrap_err();
    assert!(error.to_string().contains("figure.png"), "{error}");
    let left: Vec<_> = fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("tmp"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    for stem in ["", "a/b", ".."] {
        let error = full_figure().write(directory.path(), stem).unwrap_err();
        assert!(matches!(error, PlotError::InvalidStem { .. }), "{error}");
    }
}

#[test]
fn what_cannot_be_drawn_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let refusal = |panel: Panel| {
        let error = Figure::new(panel)
            .write(directory.path(), "figure")
            .unwrap_err();
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
        error
    };
    let mut empty = curve("bare");
    empty.points.clear();
    let error = refusal(panel_of(vec![empty]));
    assert!(
        matches!(&error, PlotError::EmptyLayer { layer } if layer == "bare"),
        "{error}"
    );

    let mut broken = curve("broken");
    broken.points[3].1 = f64::NAN;
    let error = refusal(panel_of(vec![broken]));
    assert!(
        matches!(error, PlotError::NotFinite { index: 3, .. }),
        "{error}"
    );

    let error = refusal(panel_of(vec![curve("twin"), curve("twin")]));
    assert!(
        matches!(&error, PlotError::DuplicateLayer { layer, .. } if layer == "twin"),
        "{error}"
    );

    let error = refusal(panel_of(vec![]));
    assert!(
        matches!(error, PlotError::NothingToDraw { panel: 1 }),
        "{error}"
    );

    let mut logarithmic = panel_of(vec![curve("sine")]);
    logarithmic.y_axis = logarithmic.y_axis.logarithmic();
    let error = refusal(logarithmic);
    assert!(
        matches!(&error, PlotError::NotPositive { layer, .. } if layer == "sine"),
        "{error}"
    );

    let mut missed = panel_of(vec![]);
    let point = DataPoint::with_y_interval(0.0, 1.0, 1.1, 1.2);
    missed.add(Points::new(
        "missed",
        vec![point],
        series_style(0).2,
        Color::BLACK,
    ));
    let error = refusal(missed);
    assert!(
        matches!(error, PlotError::IntervalMissesValue { .. }),
        "{error}"
    );

    let error = refusal(panel_of(vec![curve("α_{c")]));
    assert!(matches!(error, PlotError::Markup { .. }), "{error}");

    let error = refusal(panel_of(vec![curve("sine")]).with_title("long-title-".repeat(20)));
    assert!(matches!(error, PlotError::DoesNotFit { .. }), "{error}");

    let mut huge = Figure::new(panel_of(vec![curve("sine")]));
    huge.panel_size = (1e5, 1e5);
    let error = huge.write(directory.path(), "figure").unwrap_err();
    assert!(matches!(error, PlotError::InvalidSize { .. }), "{error}");
    let error = Figure::stacked(vec![])
        .write(directory.path(), "figure")
        .unwrap_err();
    assert!(matches!(error, PlotError::NoPanels), "{error}");
}

#[test]
fn an_empty_panel_with_explicit_ranges_is_drawn() {
    let directory = tempfile::tempdir().unwrap();
    let panel = Panel::new(
        Axis::new("x").with_range(0.0, 1.0),
        Axis::new("y").with_range(0.0, 1.0),
    );
    let files = Figure::new(panel).write(directory.path(), "empty").unwrap();
    assert!(read_figure_csv(&files[2]).unwrap().is_empty());
}
