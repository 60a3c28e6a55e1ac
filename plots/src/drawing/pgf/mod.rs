//! Figures as source of pgfplots: LaTeX sets the labels in the fonts of the document, and everything can be changed.

mod layers;
mod map;
mod text;

use std::collections::BTreeSet;
use std::fmt::Write;

use super::resolve::{ResolvedAxis, resolved_axes};
use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Figure, HeatMap, Layer, LegendPlacement, MapColors, Metadata, Panel, Scale, Ticks,
};
pub(super) use map::MapImage;
use text::label;

/// Points of TeX per pixel of a figure on paper, whose letters of 15 px are 8 pt.
const POINTS_PER_PIXEL: f64 = 8.0 / 15.0;
/// Width of a figure that is made for no column of text: one column.
const MILLIMETRES: f64 = 86.0;
/// Room for the labels left of a panel and right of it, in millimetres.
const LABEL_WIDTH: f64 = 15.0;
/// The same for the bar of a map.
const BAR_WIDTH: f64 = 21.0;
/// Room for the labels below a panel and above it, in millimetres.
const LABEL_HEIGHT: f64 = 15.0;

/// Entries beside each other in a legend below its panel, and the height of a row in millimetres.
const LEGEND_COLUMNS: usize = 2;
const LEGEND_ROW: f64 = 4.0;

/// What makes the file usable.
const OPENING: &str = "\
% Source of pgfplots. In the preamble of the document:
%   \\usepackage{amsmath,pgfplots}
%   \\pgfplotsset{compat=1.16}
%   \\usepgfplotslibrary{groupplots}
% and where the figure belongs: \\input{this file}.
";

/// A figure as TeX, with the images that it includes: `stem` names them.
pub(super) fn pgf(
    figure: &Figure,
    metadata: &Metadata,
    stem: &str,
) -> Result<(String, Vec<MapImage>), PlotError> {
    figure.validate()?;
    let columns = figure.arrangement.columns(figure.panels.len());
    let rows = figure.panels.len().div_ceil(columns);
    let has_map = figure.panels.iter().any(|panel| bar(panel).is_some());
    let cell = figure
        .millimetres
        .unwrap_or(MILLIMETRES * columns.min(2) as f64)
        / columns as f64;
    let beside = LABEL_WIDTH + if has_map { BAR_WIDTH } else { 0.0 };
    let width = cell - beside;
    let (across, up) = figure.panel_size;
    let height = (cell * up / across - LABEL_HEIGHT).max(0.5 * width);
    let below = LABEL_HEIGHT + figure.panels.iter().map(legend_height).fold(0.0, f64::max);
    let mut tex = String::from(OPENING);
    for (name, text) in metadata.entries() {
        let _ = writeln!(tex, "% {name}: {}", text.replace('\n', " "));
    }
    tex.push_str("\\begin{tikzpicture}\n");
    for color in colors(figure) {
        let Color { red, green, blue } = color;
        let _ = writeln!(
            tex,
            "\\definecolor{{{}}}{{RGB}}{{{red},{green},{blue}}}",
            name(color)
        );
    }
    let _ = writeln!(
        tex,
        "\\begin{{groupplot}}[\n  group style={{group size={columns} by {rows}, horizontal sep={beside}mm, vertical sep={below}mm}},\n  scale only axis, scaled ticks=false, width={width:.2}mm, height={height:.2}mm,\n  clip marker paths=true, axis on top, tick align=inside,\n  label style={{font=\\footnotesize}}, tick label style={{font=\\footnotesize}},\n  title style={{font=\\footnotesize, yshift=-1ex}},\n  legend style={{font=\\scriptsize, draw=none, fill=white, fill opacity=0.8, text opacity=1}},\n  legend cell align=left,\n]"
    );
    let mut images = Vec::new();
    for (index, panel) in figure.panels.iter().enumerate() {
        panel_tex(&mut tex, panel, index, &mut images, stem)?;
    }
    tex.push_str("\\end{groupplot}\n\\end{tikzpicture}\n");
    Ok((tex, images))
}

fn panel_tex(
    tex: &mut String,
    panel: &Panel,
    index: usize,
    images: &mut Vec<MapImage>,
    stem: &str,
) -> Result<(), PlotError> {
    let (x, y) = resolved_axes(panel, index + 1)?;
    tex.push_str("\\nextgroupplot[\n");
    if let Some(title) = &panel.title {
        let _ = writeln!(tex, "  title={},", label(title)?);
    }
    axis_tex(tex, 'x', &panel.x_axis, &x)?;
    axis_tex(tex, 'y', &panel.y_axis, &y)?;
    let has_entries = panel.layers.iter().any(Layer::in_legend);
    if has_entries && panel.legend != LegendPlacement::Hidden {
        let place = match panel.legend {
            LegendPlacement::OutsideRight => format!(
                "legend style={{at={{(0.5,0)}}, yshift=-{LABEL_HEIGHT}mm, anchor=north, legend columns={LEGEND_COLUMNS}}}"
            ),
            _ => format!("legend pos={}", layers::freest_corner(panel, &x, &y)),
        };
        let _ = writeln!(tex, "  {place},");
    }
    if let Some(map) = bar(panel) {
        let (low, high) = map.shown_range();
        let _ = writeln!(
            tex,
            "  colorbar, colormap/viridis, point meta min={low}, point meta max={high},\n  colorbar style={{width=2mm, ylabel={}}},",
            label(&map.value_label)?
        );
    }
    tex.push_str("]\n");
    let shows_legend = panel.legend != LegendPlacement::Hidden;
    for layer in &panel.layers {
        if let Layer::HeatMap(map) = layer {
            let name = format!("{stem}.map-{}.png", images.len() + 1);
            let image = MapImage::new(map, name, [&x, &y]);
            tex.push_str(&image.tex());
            images.push(image);
        } else {
            tex.push_str(&layers::layer_tex(layer, panel, [&x, &y], shows_legend)?);
        }
    }
    Ok(())
}

fn axis_tex(
    tex: &mut String,
    letter: char,
    axis: &Axis,
    resolved: &ResolvedAxis,
) -> Result<(), PlotError> {
    let (low, high) = (resolved.low, resolved.high);
    let _ = writeln!(
        tex,
        "  {letter}label={}, {letter}min={low}, {letter}max={high},",
        label(&axis.label)?
    );
    if axis.scale == Scale::Log10 {
        let _ = writeln!(tex, "  {letter}mode=log,");
    }
    match &axis.ticks {
        Ticks::Automatic if axis.scale == Scale::Log10 && resolved.ticks.len() > 1 => {}
        Ticks::None => {
            let _ = writeln!(tex, "  {letter}tick=\\empty,");
        }
        Ticks::Automatic | Ticks::At(_) => {
            let places: Vec<String> = resolved
                .ticks
                .iter()
                .map(|(at, _)| at.to_string())
                .collect();
            let labels = resolved.ticks.iter().map(|(_, text)| label(text));
            let labels: Vec<String> = labels.collect::<Result<_, _>>()?;
            let _ = writeln!(
                tex,
                "  {letter}tick={{{}}}, {letter}ticklabels={{{}}},",
                places.join(","),
                labels.join(",")
            );
        }
    }
    Ok(())
}

/// Millimetres of a legend that stands below its panel.
fn legend_height(panel: &Panel) -> f64 {
    let entries = panel
        .layers
        .iter()
        .filter(|layer| layer.in_legend())
        .count();
    match panel.legend {
        LegendPlacement::OutsideRight if entries > 0 => {
            LEGEND_ROW * (entries.div_ceil(LEGEND_COLUMNS) + 1) as f64
        }
        _ => 0.0,
    }
}

/// The map whose colours a bar explains.
fn bar(panel: &Panel) -> Option<&HeatMap> {
    panel.layers.iter().find_map(|layer| match layer {
        Layer::HeatMap(map) if map.colors == MapColors::Viridis => Some(map),
        _ => None,
    })
}

/// The colours of lines, points, areas and text.
fn colors(figure: &Figure) -> BTreeSet<Color> {
    let layers = figure.panels.iter().flat_map(|panel| &panel.layers);
    layers.filter_map(layers::color).collect()
}

/// What the file calls a colour.
fn name(Color { red, green, blue }: Color) -> String {
    format!("dam{red:02x}{green:02x}{blue:02x}")
}

/// Pixels of the figure as points of TeX.
fn points(pixels: f64) -> String {
    format!("{:.2}pt", pixels * POINTS_PER_PIXEL)
}
