//! What is wrong with a file of ours, so that its samples are computed again.

use std::fmt;
use std::path::PathBuf;

use crate::schedule::ranges;

/// A file whose samples do not all count.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: FlawKind,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq)]
pub enum FlawKind {
    /// A power cut, a full disk.
    CutShort,
    /// Its digest does not agree with what it holds. These samples are lost; `None` where all are.
    Damaged(Option<Vec<usize>>),
    /// It has no digest, being of an earlier build, and holds what a run cannot have written.
    Unfit(String),
    /// It has no digest, and means or medians that are not those of its samples.
    Altered,
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ", self.path.display())?;
        match &self.kind {
            FlawKind::CutShort => formatter.write_str("is cut short; it does not count"),
            FlawKind::Damaged(lost) => {
                formatter.write_str("is damaged (it does not agree with its digest): ")?;
                match lost.as_deref() {
                    None => formatter.write_str("all its samples are computed again"),
                    Some([]) => formatter.write_str("its samples are whole"),
                    Some(lost) => {
                        let text = |range: std::ops::Range<usize>| match range.len() {
                            1 => range.start.to_string(),
                            _ => format!("{}–{}", range.start, range.end - 1),
                        };
                        let lost: Vec<String> = ranges(lost).into_iter().map(text).collect();
                        write!(formatter, "samples {} are computed again", lost.join(", "))
                    }
                }
            }
            FlawKind::Altered => formatter.write_str(
                "states means or medians that its samples do not have: they are made anew",
            ),
            FlawKind::Unfit(reason) => {
                write!(formatter, "{reason}: these samples are computed again")
            }
        }
    }
}
