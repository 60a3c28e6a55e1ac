//! Where a figure comes from, as the metadata of its files say it.

use super::Figure;
use super::markup::plain;

/// The program that draws.
const SOFTWARE: &str = concat!("dense-associative-memory ", env!("CARGO_PKG_VERSION"));

/// What a figure was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The job with its experiment and seed, or the command.
    pub source: String,
    /// How many samples there are, in words.
    pub samples: String,
}

impl Origin {
    /// A figure of formulas alone.
    pub fn theory(command: &str) -> Self {
        Self {
            source: command.to_owned(),
            samples: "none: theory".to_owned(),
        }
    }
}

/// What the metadata of every format say, as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// The title; empty where the figure has none.
    pub(crate) title: String,
    /// Samples, then what stands below the figure.
    pub(crate) description: String,
    /// The job or the command; empty where it is not known.
    pub(crate) source: String,
}

impl Metadata {
    pub(crate) fn of(figure: &Figure) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(plain).unwrap_or_default();
        let (source, samples) = match &figure.origin {
            Some(origin) => (
                origin.source.clone(),
                format!("Samples: {}.", origin.samples),
            ),
            None => Default::default(),
        };
        let sentences = [samples, text(&figure.note)];
        let said: Vec<&str> = sentences
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        Self {
            title: text(&figure.title),
            description: said.join(" "),
            source,
        }
    }

    /// Those that are known, under the names that png, pdf and Dublin Core share.
    pub(crate) fn entries(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("Title", self.title.as_str()),
            ("Description", &self.description),
            ("Source", &self.source),
            ("Software", SOFTWARE),
        ];
        all.into_iter()
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }
}
