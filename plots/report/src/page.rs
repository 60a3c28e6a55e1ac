//! The document.

use dam_plots::PlotError;
use serde_json::{Value, json};

use crate::data::{SCRIPTS, STYLE, THEORY, UPLOT, UPLOT_LICENSE, UPLOT_STYLE};
use crate::escape::{base64, html, script};
use crate::gallery::index;
use crate::section::{Entry, Section};

/// How every page begins; nothing else is ever replaced by one.
pub const OPENING: &str = "<!doctype html>\n<!-- a page of dam report -->\n";

/// What the page may load: nothing. Its own styles and scripts stand in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
                      script-src 'unsafe-inline' 'wasm-unsafe-eval'; img-src data:";

/// A page of one or several jobs.
#[derive(Debug)]
pub struct Report<'a> {
    /// The jobs; at least one.
    pub entries: Vec<Entry<'a>>,
    /// The program that makes the page, with its version.
    pub program: &'a str,
    /// Whether theory follows sliders.
    pub with_theory: bool,
}

impl Report<'_> {
    /// The whole document.
    ///
    /// # Errors
    /// [`PlotError`] for results that no figure can hold.
    pub fn html(&self) -> Result<String, PlotError> {
        let numbered = self.entries.iter().enumerate();
        let sections: Vec<Section<'_>> = numbered
            .map(|(number, entry)| Section::new(entry, number))
            .collect::<Result<_, _>>()?;
        let data: Value = sections.iter().map(Section::data).collect();
        let data = json!({ "entries": data });
        let title = match self.entries.as_slice() {
            [entry] => entry.job.name.clone(),
            entries => format!("{} jobs", entries.len()),
        };
        let heading = match self.entries.len() {
            1 => String::new(),
            count => format!("<header><h1>{count} jobs</h1></header>\n"),
        };
        let has_theory = sections.iter().any(|part| part.theory().is_some());
        let theory = if self.with_theory && has_theory {
            let module = base64(THEORY);
            format!("<script type=\"text/plain\" id=\"theory\">{module}</script>\n")
        } else {
            String::new()
        };
        let parts: String = sections
            .iter()
            .map(|part| part.html(self.program))
            .collect();
        Ok(format!(
            "{OPENING}<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <style>\n{UPLOT_STYLE}\n{STYLE}</style>\n</head>\n<body>\n{heading}{index}<main>\n{parts}</main>\n\
             <script type=\"application/json\" id=\"data\">{data}</script>\n{theory}\
             <script>\n/* uPlot:\n{UPLOT_LICENSE}\n*/\n{UPLOT}\n</script>\n\
             <script>\n\"use strict\";\n{scripts}</script>\n</body>\n</html>\n",
            title = html(&title),
            index = index(&sections),
            data = script(&data),
            scripts = SCRIPTS.concat(),
        ))
    }
}
