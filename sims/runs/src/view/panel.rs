//! One panel: its axes, what is measured, how its legend stands.

use super::part::Pass;
use super::row::{Filter, Row};
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
