//! Figures in the page: the drawing of the library for paper and thumbnails, and the rows of its csv for the scripts.

use dam_plots::PlotError;
use dam_plots::drawing::{Drawing, FigureRow};
use dam_plots::figure::{Figure, Layer, MapColors};
use serde_json::{Map, Value, json};

use crate::escape::{attributes, html, markup, pieces};
use crate::theory::meaning;

/// Attributes of a drawing that say what holds without them.
const DEFAULTS: [&str; 2] = [" opacity=\"1\"", " stroke=\"none\""];

/// A figure with the drawing of it.
#[derive(Debug)]
pub struct Drawn {
    /// What tells it apart from the others of the page.
    pub identifier: String,
    /// The svg document, which has that name.
    drawing: String,
    /// Width and height of the drawing in its own units.
    box_size: (f64, f64),
    data: Shown,
    title: String,
    note: String,
}

/// What the scripts make of a figure.
#[derive(Debug)]
enum Shown {
    /// Lines and points, which they draw anew.
    Moving(Value),
    /// Maps, which stay as they are drawn; values follow the pointer.
    Maps(Value),
}

impl Drawn {
    /// Draws a figure.
    pub fn new(identifier: String, name: &str, figure: &Figure) -> Result<Self, PlotError> {
        let Drawing { svg, areas } = figure.drawing()?;
        // what is so anyway, in every one of thousands of cells
        let document = DEFAULTS
            .iter()
            .fold(svg, |text, default| text.replace(default, ""));
        let label = attributes(&[("id", &identifier), ("role", "img"), ("aria-label", name)]);
        let drawing = document.replacen("<svg", &format!("<svg{label}"), 1);
        let text = |text: &Option<String>| markup(text.as_deref().unwrap_or_default());
        Ok(Self {
            box_size: box_size(&document),
            drawing,
            data: match maps(figure, &areas)? {
                maps if maps.is_empty() => Shown::Moving(data(figure)?),
                maps => Shown::Maps(Value::Array(maps)),
            },
            title: text(&figure.title)?,
            note: text(&figure.note)?,
            identifier,
        })
    }

    /// What the scripts need of it.
    pub fn data(&self) -> &Value {
        match &self.data {
            Shown::Moving(data) | Shown::Maps(data) => data,
        }
    }

    /// The element that holds the figure.
    pub fn html(&self) -> String {
        let kind = match self.data {
            Shown::Moving(_) => "figure moving",
            Shown::Maps(_) => "figure mapped",
        };
        let Self {
            identifier,
            drawing,
            title,
            note,
            ..
        } = self;
        format!(
            "<figure class=\"{kind}\" data-figure=\"{identifier}\">\n\
             <div class=\"drawing\">{drawing}</div>\n\
             <div class=\"plots\"><h3 class=\"plots-title\">{title}</h3></div>\n\
             <figcaption>{note}</figcaption>\n</figure>\n",
            identifier = html(identifier)
        )
    }

    /// The same drawing once more, small.
    pub fn thumbnail(&self) -> String {
        let (width, height) = self.box_size;
        format!(
            "<svg class=\"thumbnail\" viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">\
             <use href=\"#{}\" width=\"{width}\" height=\"{height}\"/></svg>",
            html(&self.identifier)
        )
    }
}

/// Width and height of the coordinates of an svg document.
fn box_size(document: &str) -> (f64, f64) {
    let stated = document.split("viewBox=\"0 0 ").nth(1);
    let stated = stated.and_then(|rest| rest.split('"').next()?.split_once(' '));
    let sizes =
        stated.and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sizes.unwrap_or((4.0, 3.0))
}

/// The maps of the panels: where their axes stand in the drawing, and their cells.
fn maps(figure: &Figure, areas: &[[f64; 4]]) -> Result<Vec<Value>, PlotError> {
    let mut found = Vec::new();
    let rows = figure.rows();
    for ((number, panel), area) in (1..).zip(&figure.panels).zip(areas) {
        let own = rows.iter().find(|row| row.panel == number);
        let map = panel.layers.iter().find_map(|layer| match layer {
            Layer::HeatMap(map) => Some(map),
            _ => None,
        });
        if let (Some(map), Some(first)) = (map, own) {
            let values = map.values.iter().map(|value| value.map(rounded));
            found.push(json!({
                "area": area,
                "title": pieces(panel.title.as_deref().unwrap_or_default())?,
                "x": axis(&first.x_axis, &first.x_scale, first.x_from, first.x_to)?,
                "y": axis(&first.y_axis, &first.y_scale, first.y_from, first.y_to)?,
                "x_edges": map.x_edges.iter().copied().map(rounded).collect::<Vec<_>>(),
                "y_edges": map.y_edges.iter().copied().map(rounded).collect::<Vec<_>>(),
                "values": values.collect::<Vec<_>>(),
                "label": pieces(&map.value_label)?,
                "counts": matches!(map.colors, MapColors::Categories(_)),
            }));
        }
    }
    Ok(found)
}

/// Panels of layers, from the table of rows.
fn data(figure: &Figure) -> Result<Value, PlotError> {
    let rows = figure.rows();
    let mut panels: Vec<Value> = Vec::new();
    for of_panel in rows.chunk_by(|one, next| one.panel == next.panel) {
        let of_layers =
            of_panel.chunk_by(|one, next| one.layer == next.layer && one.kind == next.kind);
        let layers: Vec<Value> = of_layers.map(layer).collect::<Result<_, _>>()?;
        let first = &of_panel[0];
        panels.push(json!({
            "title": pieces(&first.panel_title)?,
            "x": axis(&first.x_axis, &first.x_scale, first.x_from, first.x_to)?,
            "y": axis(&first.y_axis, &first.y_scale, first.y_from, first.y_to)?,
            "layers": layers,
        }));
    }
    let columns = rows.first().map_or(1, |row| row.columns);
    let (width, height) = figure.panel_size;
    Ok(json!({ "columns": columns, "height": height / width, "panels": panels }))
}

fn axis(label: &str, scale: &str, from: Option<f64>, to: Option<f64>) -> Result<Value, PlotError> {
    Ok(json!({
        "label": pieces(label)?,
        "scale": scale,
        "from": from,
        "to": to,
        "meaning": meaning(label),
    }))
}

/// A column of numbers in the table of rows.
type Column = fn(&FigureRow) -> Option<f64>;

/// What the rows of a layer share, and a column for each kind of number that some of them have.
fn layer(rows: &[FigureRow]) -> Result<Value, PlotError> {
    let first = &rows[0];
    let mut layer = Map::new();
    let mut set = |key: &str, value: Value| {
        layer.insert(key.to_owned(), value);
    };
    set("name", pieces(&first.layer)?);
    set("kind", json!(first.kind));
    set("color", json!(first.color));
    set("dash", json!(first.dash));
    set("marker", json!(first.marker));
    set("size", json!(first.size));
    set("opacity", json!(first.opacity));
    set("listed", json!(first.in_legend));
    let is_measured = !first.marker.is_empty();
    let columns: [(&str, Column); 6] = [
        ("x", |row| row.x),
        ("y", |row| row.y),
        ("x_low", |row| row.x_low),
        ("x_high", |row| row.x_high),
        ("y_low", |row| row.y_low),
        ("y_high", |row| row.y_high),
    ];
    for (name, of) in columns {
        let numbers = rows.iter().map(of);
        if numbers.clone().any(|number| number.is_some()) {
            let shown = |number| if is_measured { number } else { rounded(number) };
            set(name, numbers.map(|number| number.map(shown)).collect());
        }
    }
    if rows.iter().any(|row| row.open) {
        set("open", rows.iter().map(|row| row.open).collect());
    }
    Ok(Value::Object(layer))
}

/// Eight digits, which no screen can tell from all.
fn rounded(number: f64) -> f64 {
    format!("{number:.7e}").parse().unwrap_or(number)
}
