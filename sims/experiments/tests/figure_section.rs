//! `[figure]`: how a job asks for its figures.

use dam_runs::view::{Format, Width};

use crate::memories::job;

fn section(keys: &str) -> Result<dam_runs::Job, String> {
    let text = format!("[figure]\n{keys}");
    job("crossover", &text, "").map_err(|error| error.to_string())
}

#[test]
fn width_ranges_and_formats_are_read_and_no_number_depends_on_them() {
    let asked =
        section("width = \"single\"\nx_range = [0, 0.1]\nformats = [\"pdf\", \"svg\"]").unwrap();
    assert_eq!(asked.figure.width, Some(Width::Single));
    assert_eq!(Width::Double.millimetres(), 178.0);
    assert_eq!(asked.figure.x_range, Some([0.0, 0.1]));
    assert_eq!(asked.figure.formats, Some(vec![Format::Pdf, Format::Svg]));
    let plain = job("crossover", "", "").unwrap();
    assert_eq!(asked.settings, plain.settings);
}

#[test]
fn what_makes_no_sense_is_named() {
    for (keys, expected) in [
        ("x_range = [1, 0]", "[1, 0] is no range"),
        ("formats = []", "names no format"),
        ("width = \"triple\"", "triple"),
        ("colour = 1", "colour"),
    ] {
        let message = section(keys).map(drop).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }
}
