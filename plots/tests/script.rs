//! The matplotlib script opens the csv files that figures write.

use std::path::Path;
use std::process::Command;

use dam_plots::figure::{Axis, Color, Curve, DataPoint, Figure, Marker, Panel, Points, Stroke};

#[test]
fn the_script_redraws_a_figure() {
    let imports = Command::new("python3")
        .args(["-c", "import matplotlib, pandas"])
        .output();
    if !imports.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 with matplotlib and pandas is not here");
        return;
    }
    let mut panel = Panel::new(Axis::new("λ"), Axis::new("α"));
    let points = vec![(0.0, 0.0), (1.0, 0.5)];
    panel.add(Curve::new("α_{c}^{lb}", points, Stroke::solid(Color::BLUE)));
    let point = DataPoint::with_y_interval(0.5, 0.3, 0.2, 0.4);
    panel.add(Points::new(
        "measured",
        vec![point],
        Marker::Circle,
        Color::GREEN,
    ));
    let directory = tempfile::tempdir().unwrap();
    let files = Figure::new(panel)
        .write(directory.path(), "figure")
        .unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/plot_figure_csv.py");
    let output = Command::new("python3")
        .arg(script)
        .arg(&files[2])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let pdf = std::fs::read(directory.path().join("figure.pdf")).unwrap();
    assert_eq!(&pdf[..4], b"%PDF");
}
