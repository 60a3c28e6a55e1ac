//! Figures as source of pgfplots.

use std::fs;
use std::path::Path;
use std::process::Command;

use dam_plots::figure::{Axis, Color, DataPoint, Figure, Format, Marker, Panel, Points};

use crate::figures::full_figure;

fn written(mut figure: Figure, directory: &Path) -> String {
    figure.formats = vec![Format::Pgf];
    figure.write(directory, "figure").unwrap();
    fs::read_to_string(directory.join("figure.pgf")).unwrap()
}

#[test]
fn everything_of_the_figure_stands_in_the_source() {
    let directory = tempfile::tempdir().unwrap();
    let source = written(full_figure(), directory.path());
    for part in [
        "group size=1 by 3",
        "xlabel={$\\lambda $}",
        "ylabel={$\\alpha _{\\text{1}}$($\\lambda $)}",
        "xmode=log",
        // an open point with both bars
        "(0.3333333333333333,0.2) += (0.06666666666666671,0.04999999999999999) -= (0.033333333333333326,0.30000000000000004)",
        "fill=white",
        "\\definecolor{dam009e73}{RGB}{0,158,115}",
        "graphics[xmin=",
        "{figure.map-1.png}",
        "const plot",
        "dash pattern=on ",
    ] {
        assert!(source.contains(part), "{part}\n{source}");
    }
    let image = fs::read(directory.path().join("figure.map-1.png")).unwrap();
    assert_eq!(&image[1..4], b"PNG");
    assert_eq!(source, written(full_figure(), directory.path()));
}

#[test]
fn a_label_that_tex_cannot_set_is_named_before_anything_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let mut panel = Panel::new(Axis::new("☃"), Axis::new("y"));
    panel.add(Points::new(
        "p",
        vec![DataPoint::new(0.0, 1.0)],
        Marker::Circle,
        Color::BLUE,
    ));
    let mut figure = Figure::new(panel);
    figure.formats = vec![Format::Pgf];
    let error = figure.write(directory.path(), "figure").unwrap_err();
    assert!(error.to_string().contains('☃'), "{error}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

/// Where there is a LaTeX with pgfplots: the source compiles, and a figure for one column of text fits into it.
#[test]
fn pdflatex_takes_the_source() {
    let has_pgfplots = Command::new("kpsewhich").arg("pgfplots.sty").output();
    if !has_pgfplots.is_ok_and(|found| found.status.success()) {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    written(full_figure().fitted(86.0), directory.path());
    let document = "\\documentclass{article}\n\\usepackage{amsmath,pgfplots}\n\
        \\pgfplotsset{compat=1.16}\n\\usepgfplotslibrary{groupplots}\n\\begin{document}\n\
        \\setbox0\\hbox{\\input{figure.pgf}}\\typeout{width \\the\\wd0}\\box0\n\\end{document}\n";
    fs::write(directory.path().join("document.tex"), document).unwrap();
    let run = Command::new("pdflatex")
        .args(["-interaction=nonstopmode", "-halt-on-error", "document.tex"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{log}");
    let width = log.split("width ").nth(1).unwrap();
    let width: f64 = width.split("pt").next().unwrap().parse().unwrap();
    let millimetres = width / 72.27 * 25.4;
    assert!((70.0..=86.0).contains(&millimetres), "{millimetres}");
}
