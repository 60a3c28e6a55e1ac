//! What can be wrong with a figure, with the mend.

use std::path::PathBuf;

/// Everything that keeps a figure from being drawn or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// Another file stands where the figure's csv belongs.
    #[error(
        "{} is not the csv of a figure; it is left as it is: move it away or choose another folder",
        path.display()
    )]
    Foreign {
        /// The file that stands where the figure's csv belongs.
        path: PathBuf,
    },
    /// A file of a user's own points cannot be used.
    #[error("{}: {message}", path.display())]
    OwnPoints {
        /// The file.
        path: PathBuf,
        /// What is wrong where, and the mend.
        message: String,
    },

    /// The figure has no panel.
    #[error("the figure has no panel: give it at least one")]
    NoPanels,

    /// A panel has no layer with data, so an automatic axis has nothing to span.
    #[error("panel {panel} has nothing to draw: add a layer, or give both axes an explicit range")]
    NothingToDraw {
        /// Position of the panel in the figure, from 1.
        panel: usize,
    },

    /// A layer holds no point, no polygon corner or no cell.
    #[error("layer \"{layer}\" is empty: leave it out or give it data")]
    EmptyLayer {
        /// Name of the layer.
        layer: String,
    },

    /// Two layers of one kind in one panel share a name, so their csv rows could not be told apart.
    #[error("panel {panel} has two layers of the same kind named \"{layer}\": rename one")]
    DuplicateLayer {
        /// Position of the panel in the figure, from 1.
        panel: usize,
        /// The name used twice.
        layer: String,
    },

    /// A coordinate is NaN or infinite.
    #[error(
        "layer \"{layer}\" has the value {value} at position {index}: every coordinate must be finite"
    )]
    NotFinite {
        /// Name of the layer.
        layer: String,
        /// Position of the point in the layer, from 0.
        index: usize,
        /// The offending number.
        value: f64,
    },

    /// An error bar does not contain its value.
    #[error(
        "layer \"{layer}\": the interval [{low}, {high}] at position {index} does not contain the value {value}"
    )]
    IntervalMissesValue {
        /// Name of the layer.
        layer: String,
        /// Position of the point in the layer, from 0.
        index: usize,
        /// Lower end of the interval.
        low: f64,
        /// The value that should lie inside.
        value: f64,
        /// Upper end of the interval.
        high: f64,
    },

    /// Bin or cell edges do not increase.
    #[error(
        "layer \"{layer}\": the edges must increase strictly, but {previous} is followed by {next}"
    )]
    EdgesNotIncreasing {
        /// Name of the layer.
        layer: String,
        /// An edge.
        previous: f64,
        /// The edge after it.
        next: f64,
    },

    /// The number of values differs from the number of bins or cells.
    #[error("layer \"{layer}\" needs {expected} values for its edges but has {found}")]
    ShapeMismatch {
        /// Name of the layer.
        layer: String,
        /// Number of bins or cells.
        expected: usize,
        /// Number of values.
        found: usize,
    },

    /// A logarithmic axis meets a value that has no logarithm.
    #[error("\"{layer}\" has the value {value} on a logarithmic axis: it must be positive")]
    NotPositive {
        /// Name of the layer or label of the axis.
        layer: String,
        /// The offending number.
        value: f64,
    },

    /// An explicit axis range is empty, reversed or not finite.
    #[error("axis \"{axis}\": the range [{low}, {high}] must be finite with low < high")]
    InvalidRange {
        /// Label of the axis.
        axis: String,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },

    /// A line width, marker size or opacity is out of its domain.
    #[error("layer \"{layer}\": {quantity} is {value}, outside {domain}")]
    InvalidStyle {
        /// Name of the layer.
        layer: String,
        /// Which property.
        quantity: &'static str,
        /// The offending number.
        value: f64,
        /// The allowed values.
        domain: &'static str,
    },

    /// A label cannot be read.
    #[error(
        "label \"{text}\", character {position}: {reason}; write a literal _ ^ {{ }} \\ with a backslash before it"
    )]
    Markup {
        /// The whole label.
        text: String,
        /// Position of the character, from 0.
        position: usize,
        /// What is wrong there.
        reason: &'static str,
    },

    /// The embedded font cannot show a character.
    #[error("label \"{text}\": the font DejaVu Sans has no character '{character}'")]
    MissingCharacter {
        /// The whole label.
        text: String,
        /// The character without a glyph.
        character: char,
    },

    /// pdflatex has no name for a character.
    #[error(
        "label \"{text}\": the character '{character}' has no name in TeX here; write the figure as svg, png or pdf"
    )]
    NotInTex {
        /// The whole label.
        text: String,
        /// The character.
        character: char,
    },

    /// A panel, a title, a legend or an annotation is larger than the room for it.
    #[error(
        "{what} does not fit into the figure: shorten it or enlarge the panels (now {width} × {height} px)"
    )]
    DoesNotFit {
        /// The part and its text.
        what: String,
        /// Width of a panel in pixels.
        width: f64,
        /// Height of a panel in pixels.
        height: f64,
    },

    /// A panel size is not a number of pixels that can be drawn.
    #[error(
        "a figure of {width} × {height} px cannot be drawn: each side must be at least {smallest} px and the area at most {largest_area} px"
    )]
    InvalidSize {
        /// Width of the figure in pixels.
        width: f64,
        /// Height of the figure in pixels.
        height: f64,
        /// Least side of a panel.
        smallest: f64,
        /// Largest area of a figure.
        largest_area: f64,
    },

    /// A file stem is empty or would leave the directory.
    #[error("\"{stem}\" cannot name a file: use a name without path separators")]
    InvalidStem {
        /// The offending stem.
        stem: String,
    },

    /// An input of a ready-made figure lies outside its domain.
    #[error("{quantity} = {value} is outside {domain}")]
    OutsideDomain {
        /// Name and symbol of the quantity.
        quantity: &'static str,
        /// The offending number.
        value: f64,
        /// The allowed values.
        domain: &'static str,
    },

    /// The theory cannot give a value that the figure needs.
    #[error("the theory behind the figure: {0}")]
    Theory(#[from] dam_theory::TheoryError),

    /// A file or directory cannot be created, written or renamed.
    #[error("cannot {action} \"{}\": {source}", path.display())]
    Io {
        /// What was being attempted.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },

    /// A csv file cannot be written or read.
    #[error("csv file \"{}\": {source}", path.display())]
    Csv {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: csv::Error,
    },

    /// The drawing backend gives up.
    #[error("cannot draw \"{}\": {reason}", path.display())]
    Backend {
        /// The file being drawn.
        path: PathBuf,
        /// The backend's own words.
        reason: String,
    },
}
