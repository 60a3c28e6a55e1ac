//! How a job asks for its figures: section `[figure]`.

use schemars::JsonSchema;
use serde::Deserialize;

/// A file that a figure is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Vectors.
    Svg,
    /// Pixels.
    Png,
    /// Vectors on a page; letters are outlines.
    Pdf,
    /// Source of pgfplots, for documents of LaTeX.
    Pgf,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Svg, Self::Png, Self::Pdf, Self::Pgf];

    /// How the names of its files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Pgf => "pgf",
        }
    }
}

/// For which column of text a figure is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Width {
    /// One column, 86 mm.
    Single,
    /// Both columns, 178 mm.
    Double,
}

impl Width {
    /// All widths.
    pub const ALL: [Self; 2] = [Self::Single, Self::Double];

    /// The name in job files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Double => "double",
        }
    }

    /// The width on paper.
    pub fn millimetres(self) -> f64 {
        match self {
            Self::Single => 86.0,
            Self::Double => 178.0,
        }
    }
}

/// How figures are drawn; no number depends on it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FigureSettings {
    /// For which column of text; none for the screen.
    #[schemars(example = &"single")]
    pub width: Option<Width>,
    /// Ends of the horizontal axes.
    #[schemars(extend("examples" = [[0.0, 1.0]]))]
    pub x_range: Option<[f64; 2]>,
    /// Ends of the vertical axes.
    #[schemars(extend("examples" = [[0.0, 1.0]]))]
    pub y_range: Option<[f64; 2]>,
    /// The files besides the csv: svg and png unless it says otherwise.
    #[schemars(extend("examples" = [["svg", "pdf"]]))]
    pub formats: Option<Vec<Format>>,
}

impl FigureSettings {
    /// The first key that makes no sense, and why.
    pub(crate) fn fault(&self) -> Option<(&'static str, String)> {
        let ranges = [("x_range", self.x_range), ("y_range", self.y_range)];
        for (key, range) in ranges {
            if let Some([low, high]) = range
                && !(low.is_finite() && high.is_finite() && low < high)
            {
                let message = format!("[{low}, {high}] is no range; give [lowest, highest]");
                return Some((key, message));
            }
        }
        match &self.formats {
            Some(formats) if formats.is_empty() => {
                let message = "names no format; give some of \"svg\", \"png\", \"pdf\", \"pgf\"";
                Some(("formats", message.to_owned()))
            }
            _ => None,
        }
    }
}
