//! Figures as data: what the figures of an experiment show. The experiment states them, `plots` draws them over results.
//!
//! A [`PanelView`] says what is measured ([`Data`]) and what is drawn, as [`Pass`]es over the series: all series of a pass get its
//! parts, one after the other. Series are told apart by [`Key`]s, the texts of their names: the first gives the colour, the last
//! marker and dash. Texts are markup, as in the figures.

mod grid;
mod picture;

pub use grid::Grid;
pub use picture::{Arrangement, DirectionPanel, Picture, PlaneField, PlaneView};

use dam_memory::ensembles::PatternEnsemble;

use crate::place::Place;
use crate::quantity::{JointResult, Quantity};
use crate::task::Task;

/// What the views of a job may depend on besides the experiment.
#[derive(Clone, Copy, Debug)]
pub struct Sweep<'a> {
    /// The job's name.
    pub name: &'a str,
    /// The name of the kind of experiment.
    pub kind: &'a str,
    /// The law of the patterns.
    pub ensemble: &'a dyn PatternEnsemble,
    /// Disorder samples per task.
    pub samples: usize,
    /// The parameter points.
    pub tasks: &'a [Task],
}

/// One figure.
pub struct View<'a> {
    /// What tells it apart from the others in file names.
    pub stem: String,
    /// Text above all panels; empty for none.
    pub title: String,
    /// What it shows.
    pub picture: Picture<'a>,
}

impl<'a> View<'a> {
    /// One panel with its title.
    pub fn of(stem: &str, panel: PanelView<'a>) -> Self {
        Self {
            stem: stem.to_owned(),
            title: String::new(),
            picture: Picture::Panels(vec![panel], Arrangement::SideBySide, None),
        }
    }
}

/// A measured quantity with its task.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// Where it was measured; of what several tasks measure together, one of them.
    pub task: &'r Task,
    /// What was measured.
    pub quantity: &'r Quantity,
}

impl<'r> Row<'r> {
    /// Where theory is asked about it.
    pub fn place(&self) -> Place<'r> {
        Place::of(self.task, self.quantity)
    }

    /// A coordinate.
    pub fn coordinate(&self, name: &str) -> Option<f64> {
        self.quantity.coordinates.get(name).copied()
    }
}

/// The text that a row's series has in its name; none for rows of no series.
pub type Key<'a> = Box<dyn Fn(&Row<'_>) -> Option<String> + Send + Sync + 'a>;
/// Whether a row belongs to the panel.
pub type Filter<'a> = Box<dyn Fn(&Row<'_>) -> bool + Send + Sync + 'a>;
/// What theory says at a place, with its standard error where it is sampled.
pub type Theory<'a> = Box<dyn Fn(&Place<'_>) -> Option<(f64, Option<f64>)> + Send + Sync + 'a>;
/// What the legend says of a series besides its name, given a row of it and what the tasks measure together.
pub type Note<'a> = Box<dyn Fn(&Row<'_>, &[JointResult]) -> Option<String> + Send + Sync + 'a>;

/// One panel.
pub struct PanelView<'a> {
    /// Text above it; empty for none.
    pub title: String,
    /// Horizontal axis.
    pub x: AxisView,
    /// Vertical axis.
    pub y: AxisView,
    /// Where measurements and theory stand along x.
    pub along: Along,
    /// What is measured.
    pub data: Vec<Data<'a>>,
    /// What is drawn, one pass after the other.
    pub passes: Vec<Pass<'a>>,
    /// The rows that it shows; all where there is none.
    pub filter: Option<Filter<'a>>,
    /// What becomes of small values.
    pub floor: Floor,
    /// Whether theory speaks of series without a value to show too.
    pub with_unmeasured: bool,
    /// Where the legend stands.
    pub legend: Legend,
}

impl<'a> PanelView<'a> {
    /// A panel without title, of all rows.
    pub fn new(
        (x, along): (AxisView, Along),
        y: AxisView,
        data: Vec<Data<'a>>,
        passes: Vec<Pass<'a>>,
    ) -> Self {
        Self {
            title: String::new(),
            x,
            y,
            along,
            data,
            passes,
            filter: None,
            floor: Floor::None,
            with_unmeasured: false,
            legend: Legend::Placed,
        }
    }

    /// The same panel with a title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The same panel, of some rows.
    #[must_use]
    pub fn only(mut self, filter: impl Fn(&Row<'_>) -> bool + Send + Sync + 'a) -> Self {
        self.filter = Some(Box::new(filter));
        self
    }

    /// The same panel with another fate of small values.
    #[must_use]
    pub fn above(mut self, floor: Floor) -> Self {
        self.floor = floor;
        self
    }

    /// The same panel with its legend elsewhere.
    #[must_use]
    pub fn with_legend(mut self, legend: Legend) -> Self {
        self.legend = legend;
        self
    }
}

/// What stands along the horizontal axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Along {
    /// N.
    Size,
    /// 1/N.
    InverseSize,
    /// ln P/N of the whole number P, which theory is smooth in.
    Load,
    /// P.
    Count,
    /// A coordinate, shifted by a number.
    Coordinate(&'static str, f64),
}

impl Along {
    /// The abscissa of a place.
    pub fn at(self, place: &Place<'_>) -> Option<f64> {
        match self {
            Self::Size => Some(place.size),
            Self::InverseSize => Some(place.size.recip()),
            Self::Load => Some(place.count.ln() / place.size),
            Self::Count => Some(place.count),
            Self::Coordinate(name, shift) => Some(place.coordinate(name)? + shift),
        }
    }
}

/// An axis.
#[derive(Clone, Debug)]
pub struct AxisView {
    /// What is measured along it, with its unit.
    pub label: String,
    /// Whether it is logarithmic.
    pub is_logarithmic: bool,
    /// What it shows, given the least and the greatest measured value; all where there is none.
    pub range: Option<fn(f64, f64) -> (f64, f64)>,
    /// The distance of its ticks where that is not to be chosen.
    pub ticks: Option<f64>,
}

impl AxisView {
    /// A linear axis that shows everything.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            is_logarithmic: false,
            range: None,
            ticks: None,
        }
    }

    /// The same axis, logarithmic.
    #[must_use]
    pub fn logarithmic(mut self) -> Self {
        self.is_logarithmic = true;
        self
    }

    /// The same axis over a range that depends on the least and the greatest measured value.
    #[must_use]
    pub fn over(mut self, range: fn(f64, f64) -> (f64, f64)) -> Self {
        self.range = Some(range);
        self
    }

    /// A share, from 0 to 1.
    pub fn share(label: impl Into<String>) -> Self {
        Self::new(label).over(|_, _| (-0.03, 1.03))
    }
}

/// A measured quantity of a panel.
pub struct Data<'a> {
    /// Its name.
    pub quantity: String,
    /// Value and error bar, where there is something to show.
    pub bars: Bars,
    /// Which of its rows are meant; all where there is none.
    pub filter: Option<Filter<'a>>,
}

/// The value of a quantity and the ends of its error bar.
pub type Bars = fn(&Quantity) -> Option<(f64, Option<(f64, f64)>)>;

impl<'a> Data<'a> {
    /// A quantity with its 95 % interval, where the samples give one.
    pub fn new(quantity: &str) -> Self {
        Self {
            quantity: quantity.to_owned(),
            bars: |quantity| Some((quantity.value()?, Some((quantity.lower?, quantity.upper?)))),
            filter: None,
        }
    }

    /// The same quantity with other error bars.
    #[must_use]
    pub fn with_bars(mut self, bars: Bars) -> Self {
        self.bars = bars;
        self
    }

    /// Some rows of the quantity.
    #[must_use]
    pub fn only(mut self, filter: impl Fn(&Row<'_>) -> bool + Send + Sync + 'a) -> Self {
        self.filter = Some(Box::new(filter));
        self
    }
}

/// Where samples that agree exactly give no interval, the value stands for it.
pub fn interval_or_exact(quantity: &Quantity) -> Option<(f64, Option<(f64, f64)>)> {
    let value = quantity.value()?;
    let interval = quantity.lower.zip(quantity.upper);
    Some((value, Some(interval.unwrap_or((value, value)))))
}

/// The value, with its interval where the samples give one.
pub fn interval_or_none(quantity: &Quantity) -> Option<(f64, Option<(f64, f64)>)> {
    Some((quantity.value()?, quantity.lower.zip(quantity.upper)))
}

/// The mean and one standard error either way.
pub fn standard_error(quantity: &Quantity) -> Option<(f64, Option<(f64, f64)>)> {
    let (mean, error) = (quantity.mean?, quantity.standard_error.unwrap_or(0.0));
    Some((mean, Some((mean - error, mean + error))))
}

/// The mean and one standard deviation over the samples either way.
pub fn standard_deviation(quantity: &Quantity) -> Option<(f64, Option<(f64, f64)>)> {
    let (mean, error) = (quantity.mean?, quantity.standard_error?);
    let deviation = error * (quantity.count as f64).sqrt();
    Some((mean, Some((mean - deviation, mean + deviation))))
}

/// What becomes of small values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Floor {
    /// They are shown.
    None,
    /// Values up to this one are left out, and error bars end here.
    Hide(f64),
    /// Values below this one are shown here.
    Raise(f64),
}

/// Where the legend of a panel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Legend {
    /// Where there is room.
    Placed,
    /// Right of the panel.
    Right,
    /// Nowhere.
    Hidden,
}

/// Parts that every series gets.
pub struct Pass<'a> {
    /// What tells the series apart; one series where there is none.
    pub by: Vec<Key<'a>>,
    /// What each gets, in this order.
    pub parts: Vec<Part<'a>>,
}

impl<'a> Pass<'a> {
    /// A pass.
    pub fn new(by: Vec<Key<'a>>, parts: Vec<Part<'a>>) -> Self {
        Self { by, parts }
    }
}

/// What is drawn of a series. Names are those of the series with more words behind.
pub enum Part<'a> {
    /// Measurements.
    Points(PointsView<'a>),
    /// A line from point to point.
    Guide(GuideView),
    /// The area of the error bars.
    Band {
        /// Which of the panel's data.
        data: usize,
        /// More words of the name.
        name: &'static str,
    },
    /// A curve of theory.
    Curve(CurveView<'a>),
    /// A horizontal line.
    Level(LineView<'a>),
    /// A vertical line.
    Threshold(LineView<'a>),
}

/// Measurements with error bars.
pub struct PointsView<'a> {
    /// Which of the panel's data.
    pub data: usize,
    /// More words of the name.
    pub name: &'static str,
    /// Their number in the palette, for colour and marker; that of the series where there is none.
    pub tint: Tint,
    /// The number of the marker where it is not that of the series.
    pub marker: Option<usize>,
    /// Whether there are so many that they are drawn small.
    pub is_small: bool,
    /// Whether the legend lists them.
    pub in_legend: bool,
    /// What the legend says of the series besides its name.
    pub note: Option<Note<'a>>,
}

impl Default for PointsView<'_> {
    fn default() -> Self {
        Self {
            data: 0,
            name: "",
            tint: Tint::Series,
            marker: None,
            is_small: false,
            in_legend: true,
            note: None,
        }
    }
}

/// Measurements of the panel's first quantity.
pub fn points<'a>() -> Part<'a> {
    Part::Points(PointsView::default())
}

/// A line from point to point.
#[derive(Clone, Copy, Debug)]
pub struct GuideView {
    /// Which of the panel's data.
    pub data: usize,
    /// How it is drawn.
    pub look: Look,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// A thin line from point to point.
pub fn guide<'a>() -> Part<'a> {
    Part::Guide(GuideView {
        data: 0,
        look: Look::new(Stroke::Series, 1.2),
        in_legend: false,
    })
}

/// The colour of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// That of the series.
    Series,
    /// One of the palette.
    Palette(usize),
    /// Grey.
    Grey,
}

/// How a line is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Not at all.
    Solid,
    /// Long strokes.
    Dashed,
    /// Dots.
    Dotted,
    /// Strokes and dots in turn.
    DashDot,
    /// As the series has it.
    Series,
    /// Solid in the first round of the colours, otherwise in the next.
    Round,
    /// As the series has it, but never solid.
    Interrupted,
}

/// Colour, interruption and width in pixels of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Colour.
    pub tint: Tint,
    /// Interruption.
    pub stroke: Stroke,
    /// Width.
    pub width: f64,
}

impl Look {
    /// A line in the colour of the series.
    pub const fn new(stroke: Stroke, width: f64) -> Self {
        Self {
            tint: Tint::Series,
            stroke,
            width,
        }
    }

    /// A grey line.
    pub const fn grey(stroke: Stroke, width: f64) -> Self {
        Self {
            tint: Tint::Grey,
            stroke,
            width,
        }
    }
}

/// A curve of theory.
pub struct CurveView<'a> {
    /// More words of the name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Where it is computed.
    pub grid: Grid,
    /// What.
    pub theory: Theory<'a>,
    /// What the legend says of all such curves.
    pub legend: &'static str,
    /// Whether the legend lists each of them.
    pub in_legend: bool,
    /// Whether it is drawn smoothly through few places.
    pub is_smooth: bool,
    /// Whether a line joins the points of series that theory knows nothing of.
    pub or_guide: bool,
}

impl<'a> CurveView<'a> {
    /// A curve that the legend explains as `name`.
    pub fn new(name: &'static str, look: Look, grid: Grid, theory: Theory<'a>) -> Self {
        Self {
            name: name.to_owned(),
            look,
            grid,
            theory,
            legend: name,
            in_legend: false,
            is_smooth: false,
            or_guide: false,
        }
    }

    /// As a part of a pass.
    pub fn part(self) -> Part<'a> {
        Part::Curve(self)
    }

    /// The same curve, which the legend lists by its own name.
    #[must_use]
    pub fn listed(mut self) -> Self {
        self.legend = "";
        self.in_legend = true;
        self
    }

    /// The same curve, drawn smoothly through few places.
    #[must_use]
    pub fn smooth(mut self) -> Self {
        self.is_smooth = true;
        self
    }

    /// The same curve, or a line that joins the points.
    #[must_use]
    pub fn or_guide(mut self) -> Self {
        self.or_guide = true;
        self
    }

    /// The same curve with other words in the legend.
    #[must_use]
    pub fn explained(mut self, legend: &'static str) -> Self {
        self.legend = legend;
        self
    }
}

/// A line across the panel.
pub struct LineView<'a> {
    /// More words of the name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Where it stands.
    pub value: LineValue<'a>,
    /// What the legend says of all such lines.
    pub legend: String,
    /// Whether the legend lists each of them.
    pub in_legend: bool,
}

/// Where a line stands.
pub enum LineValue<'a> {
    /// At what theory says of the first row of the series.
    Theory(Theory<'a>),
    /// At the mean of another quantity of the panel's tasks.
    Measured(&'static str),
}

impl<'a> LineView<'a> {
    /// A line that the legend explains as `legend`.
    pub fn new(name: &str, look: Look, theory: Theory<'a>, legend: &str) -> Self {
        Self {
            name: name.to_owned(),
            look,
            value: LineValue::Theory(theory),
            legend: legend.to_owned(),
            in_legend: false,
        }
    }

    /// A grey line that the legend lists by name.
    pub fn listed(name: impl Into<String>, stroke: Stroke, value: LineValue<'a>) -> Part<'a> {
        Part::Level(Self {
            name: name.into(),
            look: Look::grey(stroke, 2.0),
            value,
            legend: String::new(),
            in_legend: true,
        })
    }
}

/// A value that theory gives, without error.
pub fn exact<'a>(theory: impl Fn(&Place<'_>) -> Option<f64> + Send + Sync + 'a) -> Theory<'a> {
    Box::new(move |place| Some((theory(place)?, None)))
}

/// "α = 0.2".
pub fn load<'a>() -> Key<'a> {
    Box::new(|row| Some(format!("α = {}", short_number(row.task.alpha))))
}

/// "N = 40".
pub fn size<'a>() -> Key<'a> {
    Box::new(|row| Some(format!("N = {}", row.task.size)))
}

/// "λ = 0.5", by the name of the coordinate and its symbol.
pub fn coordinate<'a>(name: &'static str, symbol: &'static str) -> Key<'a> {
    Box::new(move |row| {
        Some(format!(
            "{symbol} = {}",
            short_number(row.coordinate(name)?)
        ))
    })
}

/// "√N α = 0.5", by the name of the task's parameter and its symbol.
pub fn parameter<'a>(name: &'static str, symbol: &'static str) -> Key<'a> {
    Box::new(move |row| {
        Some(format!(
            "{symbol} = {}",
            short_number(row.task.parameter(name)?)
        ))
    })
}

/// A label, as it is.
pub fn label<'a>(name: &'static str) -> Key<'a> {
    Box::new(move |row| row.quantity.labels.get(name).map(|label| literal(label)))
}

/// "Spherical patterns".
pub fn ensemble_title(ensemble: &str) -> String {
    format!("{} patterns", literal(&capitalised(ensemble)))
}

/// `name` with a capital first letter.
pub fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A finite number to six digits without trailing zeros.
pub fn short_number(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    format!("{rounded}")
}

/// `text` as markup that shows it unchanged.
pub fn literal(text: &str) -> String {
    let mut markup = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '_' | '^' | '{' | '}' | '\\') {
            markup.push('\\');
        }
        markup.push(character);
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_begin_with_a_capital_and_show_names_as_they_are() {
        assert_eq!(ensemble_title("spherical"), "Spherical patterns");
        assert_eq!(ensemble_title("my_own"), r"My\_own patterns");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(short_number(0.1 + 0.2), "0.3");
        assert_eq!(short_number(40.0), "40");
        assert_eq!(short_number(2.0 / 3.0), "0.666667");
    }
}
