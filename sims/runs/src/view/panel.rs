//! One panel: its axes, what is measured, how its legend stands.

use super::names::short_number;
use super::part::Pass;
use super::row::{Filter, Row, Theory};
use super::sweep::Sweep;
use crate::place::Place;
use crate::quantity::Quantity;

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
    /// The horizontal axis is cut to where measurements lie between these two values, and a margin.
    pub focus: Option<(f64, f64)>,
    /// Whether colours and markers are counted among its own series, not among those of all panels.
    pub with_own_styles: bool,
    /// Whether series that all stand at one place of the horizontal axis are set side by side.
    pub side_by_side: bool,
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
            focus: None,
            with_own_styles: false,
            side_by_side: false,
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

    /// Shows fewer rows: those that this filter takes too.
    pub fn restrict(&mut self, filter: impl Fn(&Row<'_>) -> bool + Send + Sync + 'a) {
        let known = self.filter.take();
        self.filter = Some(Box::new(move |row| {
            filter(row) && known.as_ref().is_none_or(|known| known(row))
        }));
    }

    /// The same panel with another fate of small values.
    #[must_use]
    pub fn above(mut self, floor: Floor) -> Self {
        self.floor = floor;
        self
    }

    /// The same panel, cut to where something happens: where values lie between these two.
    #[must_use]
    pub fn focused(mut self, between: (f64, f64)) -> Self {
        self.focus = Some(between);
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
            Self::Load if place.count.is_infinite() => Some(place.load),
            Self::Load => Some(place.count.ln() / place.size),
            Self::Count => Some(place.count),
            Self::Coordinate(name, shift) => Some(place.coordinate(name)? + shift),
        }
    }
}

/// The range that an axis shows, of the least and the greatest measured value.
pub type Shown = fn(f64, f64) -> (f64, f64);

/// An axis.
#[derive(Clone, Debug)]
pub struct AxisView {
    /// What is measured along it, with its unit.
    pub label: String,
    /// Whether it is logarithmic.
    pub is_logarithmic: bool,
    /// What it shows, given the least and the greatest measured value; all where there is none.
    pub range: Option<Shown>,
    /// The distance of its ticks where that is not to be chosen.
    pub ticks: Option<f64>,
    /// Whether only whole numbers have a meaning along it.
    pub is_whole: bool,
}

impl AxisView {
    /// A linear axis that shows everything.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            is_logarithmic: false,
            range: None,
            ticks: None,
            is_whole: false,
        }
    }

    /// As far below a value as `reach` is above it, in the scale of the axis: an error as large as the value has no
    /// logarithm.
    pub fn below(&self, value: f64, reach: f64) -> f64 {
        if self.is_logarithmic {
            value * value / (value + reach)
        } else {
            value - reach
        }
    }

    /// The same axis, logarithmic.
    #[must_use]
    pub fn logarithmic(mut self) -> Self {
        self.is_logarithmic = true;
        self
    }

    /// The same axis, of whole numbers.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.is_whole = true;
        self
    }

    /// The same axis over a range that depends on the least and the greatest measured value.
    #[must_use]
    pub fn over(mut self, range: Shown) -> Self {
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
    /// What its error bars are.
    pub bars: Bars,
    /// What it is shown relative to: value/theory − 1 is drawn.
    pub reference: Option<Theory<'a>>,
    /// Which of its rows are meant; all where there is none.
    pub filter: Option<Filter<'a>>,
}

/// How far error bars reach.
#[derive(Clone, Copy, Debug)]
pub struct Bars {
    /// The ends, where the samples give any.
    pub ends: fn(&Quantity) -> Option<(f64, f64)>,
    /// What a bar means, for the reader.
    pub meaning: &'static str,
}

/// One standard error either way: what bars mean where nothing else is said.
const STANDARD_ERROR: Bars = Bars {
    ends: |quantity| {
        let (value, error) = (quantity.value()?, quantity.standard_error?);
        Some((value - error, value + error))
    },
    meaning: "one standard error",
};

/// One standard error of a share: the Wilson interval, which has a length at 0 and 1 too.
const SHARE_ERROR: Bars = Bars {
    ends: |quantity| {
        let (share, count) = (quantity.mean?, quantity.count as f64);
        let centre = (share + 0.5 / count) / (1.0 + 1.0 / count);
        let variance = share * (1.0 - share) / count + 0.25 / (count * count);
        let half = variance.sqrt() / (1.0 + 1.0 / count);
        // rounding must not leave the share outside
        Some(((centre - half).min(share), (centre + half).max(share)))
    },
    meaning: "one standard error (Wilson)",
};

/// One standard deviation over the samples either way.
pub const STANDARD_DEVIATION: Bars = Bars {
    ends: |quantity| {
        let deviation = quantity.standard_error? * (quantity.count as f64).sqrt();
        let mean = quantity.mean?;
        Some((mean - deviation, mean + deviation))
    },
    meaning: "one standard deviation",
};

impl<'a> Data<'a> {
    /// A quantity with one standard error, where the samples give one.
    pub fn new(quantity: &str) -> Self {
        Self {
            quantity: quantity.to_owned(),
            bars: STANDARD_ERROR,
            reference: None,
            filter: None,
        }
    }

    /// The share of samples for which something happened.
    pub fn share(quantity: &str) -> Self {
        Self::new(quantity).with_bars(SHARE_ERROR)
    }

    /// The same quantity with other error bars.
    #[must_use]
    pub fn with_bars(mut self, bars: Bars) -> Self {
        self.bars = bars;
        self
    }

    /// The same quantity over theory, less 1.
    #[must_use]
    pub fn relative_to(mut self, theory: Theory<'a>) -> Self {
        self.reference = Some(theory);
        self
    }

    /// Some rows of the quantity.
    #[must_use]
    pub fn only(mut self, filter: impl Fn(&Row<'_>) -> bool + Send + Sync + 'a) -> Self {
        self.filter = Some(Box::new(filter));
        self
    }

    /// Value and ends of the error bar of a row.
    pub fn shown(&self, row: &Row<'_>) -> Option<(f64, Option<(f64, f64)>)> {
        let value = row.quantity.value()?;
        let ends = (self.bars.ends)(row.quantity);
        let Some(theory) = &self.reference else {
            return Some((value, ends));
        };
        let (expected, error) = theory(&row.place())?;
        // the error of sampled theory adds to that of the measurement
        let scatter = value / expected * error.unwrap_or(0.0) / expected;
        let relative = value / expected - 1.0;
        let reach = |end: f64| ((end - value) / expected).hypot(scatter);
        let ends = ends.map(|(low, high)| (relative - reach(low), relative + reach(high)));
        Some((relative, ends))
    }
}

/// A panel for each load of the sweep, titled with it where there are several.
pub fn per_load<'a>(sweep: Sweep<'a>, panel: impl Fn() -> PanelView<'a>) -> Vec<PanelView<'a>> {
    let mut loads: Vec<String> = Vec::new();
    for task in sweep.tasks {
        let load = short_number(task.alpha);
        if !loads.contains(&load) {
            loads.push(load);
        }
    }
    if loads.len() < 2 {
        return vec![panel()];
    }
    let of_load = |load: String| {
        let title = format!("α = {load}");
        let is_own = move |row: &Row<'_>| short_number(row.task.alpha) == load;
        panel().titled(title).only(is_own)
    };
    loads.into_iter().map(of_load).collect()
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
