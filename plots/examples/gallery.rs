//! Renders one of each kind of figure into a folder, to be looked at: `cargo run --example gallery -- FOLDER`.

use std::path::PathBuf;

use dam_plots::figure::{
    Across, Annotation, Axis, Color, CrossLine, Curve, Dash, DataPoint, Figure, HeatMap, MapColors,
    Panel, Placement, Points, Region, Steps, Stroke, series_style,
};
use dam_plots::special::{Plane, basins, phase_diagram, rate_functions};
use dam_theory::{ENSEMBLES, Ensemble};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| std::env::temp_dir().join("dam-gallery"), PathBuf::from);
    let ensembles = ENSEMBLES
        .iter()
        .filter(|kind| kind.keys.is_empty())
        .map(|kind| kind.ensemble(&[].into()))
        .collect::<Result<Vec<_>, _>>()?;
    for ensemble in &ensembles {
        let stem = format!("phase-diagram-{}", ensemble.name());
        phase_diagram(ensemble.as_ref(), Plane::default())?.write(&folder, &stem)?;
        let stem = format!("basins-{}", ensemble.name());
        basins(ensemble.as_ref(), &[0.1, 0.2, 0.3, 0.4])?.write(&folder, &stem)?;
    }
    let all: Vec<&dyn Ensemble> = ensembles.iter().map(AsRef::as_ref).collect();
    for (stem, figure) in [
        ("rate-functions", rate_functions(&all)?),
        ("layers", layers()),
        ("many-series", many_series()),
        ("side-by-side", side_by_side()),
        ("stacked", stacked()),
    ] {
        for file in figure.write(&folder, stem)? {
            println!("{}", file.display());
        }
    }
    Ok(())
}

fn sampled(low: f64, high: f64, count: u32, function: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    (0..=count)
        .map(|index| low + (high - low) * f64::from(index) / f64::from(count))
        .map(|x| (x, function(x)))
        .collect()
}

fn layers() -> Figure {
    let mut panel = Panel::new(
        Axis::new("inverse temperature λ").with_range(0.0, 2.0),
        Axis::new("load α").with_range(0.0, 1.0),
    );
    let typical = sampled(
        0.0,
        2.0,
        200,
        |l| if l < 1.0 { l - l * l / 2.0 } else { 0.5 },
    );
    let condensation = sampled(0.0, 2.0, 200, |l| l * l / 2.0);
    let floor = [(0.0, 0.0), (2.0, 0.0)];
    panel.add(Region::between("retrieval", &floor, &typical, Color::BLUE));
    panel.add(Curve::new(
        "α_{1}(λ)",
        typical.clone(),
        Stroke::solid(Color::BLUE),
    ));
    panel.add(Curve::new(
        "α_{*}(λ)",
        condensation,
        Stroke::new(Color::VERMILION, Dash::Dashed),
    ));
    panel.add(CrossLine::new(
        "ln 2",
        Across::Horizontal(2f64.ln()),
        Stroke::new(Color::GREY, Dash::Dotted),
    ));
    panel.add(CrossLine::new(
        "λ_{×}",
        Across::Vertical(1.0),
        Stroke::new(Color::GREEN, Dash::DashDot),
    ));
    panel.add(Annotation::new("ln 2", Placement::LeftOf(1.95, 0.72)));
    let corners = floor.iter().chain(typical.iter().rev()).copied().collect();
    panel.add(Annotation::new(
        "retrieval\nα < α_{c}^{lb}",
        Placement::Within(corners),
    ));
    Figure::new(panel).with_title("α_{c}^{lb}, λ_× and e^{−x_{i}^{2}/2σ^2}")
}

fn many_series() -> Figure {
    let mut panel = Panel::new(Axis::new("1/N"), Axis::new("λ_{×}"));
    for index in 0..9 {
        let (color, dash, marker) = series_style(index);
        let level = 0.1 + 0.13 * index as f64;
        let curve = sampled(0.0, 0.05, 100, |x| level + 4.0 * x - 30.0 * x * x);
        let points = curve
            .iter()
            .skip(40)
            .step_by(10)
            .map(|&(x, y)| DataPoint {
                x,
                y,
                x_interval: Some((x - 0.0005, x + 0.0005)),
                y_interval: Some((y - 0.02, y + 0.03)),
                is_open: false,
            })
            .collect();
        panel.add(Curve::new(
            format!("α = {level:.2}"),
            curve,
            Stroke::new(color, dash),
        ));
        panel.add(Points::new(
            format!("α = {level:.2}, measured"),
            points,
            marker,
            color,
        ));
    }
    Figure::new(panel)
}

fn side_by_side() -> Figure {
    let mut map = Panel::new(Axis::new("λ"), Axis::new("α")).with_title("(a) heat map");
    let edges = |count: u32, length: f64| -> Vec<f64> {
        (0..=count)
            .map(|i| length * f64::from(i) / f64::from(count))
            .collect()
    };
    let values = (0..40 * 30)
        .map(|index| {
            let (column, row) = (f64::from(index % 40), f64::from(index / 40));
            let hidden = (column - 30.0).hypot(row - 20.0) < 3.0;
            (!hidden).then(|| (column / 8.0).sin() * (row / 10.0).cos())
        })
        .collect();
    map.add(HeatMap {
        name: "overlap".to_owned(),
        value_label: "overlap m".to_owned(),
        x_edges: edges(40, 2.0),
        y_edges: edges(30, 0.6),
        values,
        value_range: None,
        colors: MapColors::Viridis,
    });
    let mut histogram =
        Panel::new(Axis::new("θ_{c} (degrees)"), Axis::new("count")).with_title("(b) steps");
    let bins = edges(30, 90.0);
    let heights = bins
        .iter()
        .take(30)
        .map(|x| (1000.0 * (-(x - 50.0) * (x - 50.0) / 300.0).exp()).round())
        .collect();
    histogram.add(Steps {
        name: "samples".to_owned(),
        edges: bins,
        heights,
        stroke: Stroke::solid(Color::BLUE),
        filled: true,
        in_legend: true,
    });
    Figure::side_by_side(vec![map, histogram]).with_title("Two panels")
}

fn stacked() -> Figure {
    let mut decades = Panel::new(
        Axis::new("pattern count P").logarithmic(),
        Axis::new("probability of failure").logarithmic(),
    );
    for index in 0..3 {
        let (color, dash, _) = series_style(index);
        let power = 1.0 + index as f64;
        let curve = sampled(0.0, 6.0, 60, |exponent| exponent)
            .into_iter()
            .map(|(exponent, _)| (10f64.powf(exponent), 10f64.powf(-power * exponent)))
            .collect();
        decades.add(Curve::new(
            format!("P^{{−{power:.0}}}"),
            curve,
            Stroke::new(color, dash),
        ));
    }
    let mut short = Panel::new(Axis::new("N").logarithmic(), Axis::new("time (s)"));
    let points = [20.0, 40.0, 60.0, 120.0]
        .map(|size: f64| DataPoint::with_y_interval(size, size * 4e4, size * 3.5e4, size * 5e4));
    let (color, _, marker) = series_style(3);
    short.add(Points::new("measured", points.to_vec(), marker, color));
    Figure::stacked(vec![decades, short])
}
