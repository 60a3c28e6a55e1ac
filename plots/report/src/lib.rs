//! Results as one page for the browser: figures to zoom into, every value beside theory, samples, where they come from.
//!
//! [`Report::html`] is a whole document without anything to load: styles, scripts, data, and the theory of
//! `dam-theory` as WebAssembly are inside. What a page shows is what the library knows already: figures are
//! [`Figure`](dam_plots::figure::Figure)s and their table of rows, tables those of `dam compare`.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod data;
mod escape;
mod figures;
mod gallery;
mod histograms;
mod page;
mod provenance;
mod residuals;
mod section;
mod table;
mod theory;
mod verdict;

pub use page::{OPENING, Report};
pub use section::Entry;
pub use table::{Cell, Table};
