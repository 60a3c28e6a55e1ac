//! Axes: label, range, scale, and the choice and wording of their ticks.

/// What part of the axis a panel shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Just wide enough for the layers, with a small margin.
    Automatic,
    /// From the first to the second value; layers are cut off at these.
    Explicit(f64, f64),
}

/// How positions follow from values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// In proportion.
    Linear,
    /// In proportion to the logarithm; values must be positive.
    Log10,
}

/// Which values an axis marks.
#[derive(Debug, Clone, PartialEq)]
pub enum Ticks {
    /// Round values: multiples of 1, 2 or 5 times a power of ten, or powers of ten on a long logarithmic axis.
    Automatic,
    /// The given values with their labels (markup); those outside the range are not shown.
    At(Vec<(f64, String)>),
    /// None.
    None,
}

/// One axis of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What is measured along it, with its unit if it has one (markup).
    pub label: String,
    /// What part is shown.
    pub range: Range,
    /// How positions follow from values.
    pub scale: Scale,
    /// Which values are marked.
    pub ticks: Ticks,
    /// Whether only whole numbers have a meaning along it, so that automatic ticks mark no others.
    pub is_whole: bool,
}

impl Axis {
    /// A linear axis with automatic range and ticks.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            range: Range::Automatic,
            scale: Scale::Linear,
            ticks: Ticks::Automatic,
            is_whole: false,
        }
    }

    /// The same axis from `low` to `high`.
    #[must_use]
    pub fn with_range(mut self, low: f64, high: f64) -> Self {
        self.range = Range::Explicit(low, high);
        self
    }

    /// The same axis on a logarithmic scale.
    #[must_use]
    pub fn logarithmic(mut self) -> Self {
        self.scale = Scale::Log10;
        self
    }

    /// The same axis, of whole numbers.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.is_whole = true;
        self
    }

    /// The same axis with other ticks.
    #[must_use]
    pub fn with_ticks(mut self, ticks: Ticks) -> Self {
        self.ticks = ticks;
        self
    }
}
