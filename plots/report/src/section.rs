//! The part of the page that belongs to one job.

use std::fmt::Write;

use dam_plots::{PlotError, draw};
use dam_runs::job::Job;
use dam_runs::results::{Comparison, Results};
use serde_json::{Value, json};

use crate::escape::{attributes, data_address, html};
use crate::figures::Drawn;
use crate::histograms::histograms;
use crate::provenance::provenance;
use crate::residuals::residuals;
use crate::table::Table;
use crate::verdict::{reasons, sentence};

/// A job with its results.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The job.
    pub job: &'a Job,
    /// The text of its file.
    pub job_text: &'a str,
    /// The line that simulates it.
    pub command: String,
    /// Its finished tasks.
    pub results: &'a Results,
    /// What its results file holds, where there is one.
    pub merged: Option<&'a Results>,
    /// What theory says of them: the rows that `dam compare` prints.
    pub comparisons: &'a [Comparison],
    /// The same as it prints them.
    pub table: Table,
}

/// An entry, drawn.
pub(crate) struct Section<'a> {
    pub entry: &'a Entry<'a>,
    number: usize,
    pub figures: Vec<Drawn>,
    residuals: Option<Drawn>,
}

impl<'a> Section<'a> {
    /// Draws the figures of an entry, the `number`-th of the page.
    pub fn new(entry: &'a Entry<'a>, number: usize) -> Result<Self, PlotError> {
        let drawn = draw(entry.job, entry.results)?;
        let figures = drawn.iter().map(|(stem, figure)| {
            let identifier = format!("figure-{number}-{stem}");
            Drawn::new(identifier, &format!("{}, {stem}", entry.job.name), figure)
        });
        let residuals = residuals(entry.comparisons).map(|figure| {
            let name = format!("{}, deviations from theory", entry.job.name);
            Drawn::new(format!("deviations-{number}"), &name, &figure)
        });
        Ok(Self {
            entry,
            number,
            figures: figures.collect::<Result<_, _>>()?,
            residuals: residuals.transpose()?,
        })
    }

    /// What links of the page lead to.
    pub fn anchor(&self) -> String {
        format!("job-{}", self.number)
    }

    /// What the scripts need.
    pub fn data(&self) -> Value {
        let drawn = self.figures.iter().chain(&self.residuals);
        let figures: serde_json::Map<String, Value> = drawn
            .map(|drawn| (drawn.identifier.clone(), drawn.data().clone()))
            .collect();
        json!({
            "figures": figures,
            "histograms": histograms(&self.entry.results.tasks),
            "ensemble": self.theory(),
        })
    }

    /// The ensemble whose theory follows sliders: one without parameters, which a page cannot state.
    pub fn theory(&self) -> Option<&'static str> {
        let job = self.entry.job;
        let theory = job.ensemble.theory()?;
        job.ensemble_parameters.is_empty().then(|| theory.name())
    }

    /// What is missing of the results; empty where nothing is.
    pub fn missing(&self) -> String {
        let missing = self.entry.results.missing_tasks;
        let all = self.entry.job.tasks.len();
        match missing {
            0 => String::new(),
            _ if missing == all => format!("None of its {all} tasks is finished."),
            _ => format!("{missing} of {all} tasks are not finished and not shown."),
        }
    }

    /// The whole part.
    pub fn html(&self, program: &str) -> String {
        let Entry {
            job,
            results,
            comparisons,
            ..
        } = *self.entry;
        let mut text = format!(
            "<section class=\"job\" id=\"{}\" data-entry=\"{}\">\n<h1>{}: {} of {} patterns</h1>\n",
            self.anchor(),
            self.number,
            html(&job.name),
            html(job.kind),
            html(job.ensemble.name())
        );
        let _ = writeln!(
            text,
            "<p class=\"verdict\">{}</p>",
            html(&sentence(comparisons))
        );
        let missing = self.missing();
        if !missing.is_empty() {
            let _ = writeln!(
                text,
                "<p class=\"incomplete\" role=\"note\">Incomplete: {}</p>",
                html(&missing)
            );
        }
        text.extend(self.figures.iter().map(Drawn::html));
        text.push_str("<div class=\"live\"></div>\n");
        text.push_str(&self.measurements());
        if let Some(residuals) = &self.residuals {
            text.push_str("<h2>Deviations from theory</h2>\n");
            text.push_str(&residuals.html());
        }
        if !results.tasks.is_empty() {
            text.push_str("<div class=\"samples\"></div>\n");
        }
        text.push_str(&self.origin(program));
        text.push_str("</section>\n");
        text
    }

    fn measurements(&self) -> String {
        let Entry {
            results,
            comparisons,
            table,
            ..
        } = self.entry;
        if table.rows.is_empty() {
            return String::new();
        }
        let mut text = String::from("<h2>Measurement and theory</h2>\n");
        for finding in &results.findings {
            let _ = writeln!(text, "<p class=\"finding\">{}</p>", html(finding));
        }
        for warning in &results.warnings {
            let _ = writeln!(text, "<p class=\"warning\">Warning: {}</p>", html(warning));
        }
        let reasons = reasons(comparisons);
        if !reasons.is_empty() {
            let _ = writeln!(
                text,
                "<p>Off theory, marked ▸ in the table:</p>\n<ul>\n{reasons}</ul>"
            );
        }
        let _ = writeln!(
            text,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Measurement and theory\">{}</div>",
            table.html(comparisons)
        );
        text
    }

    /// How to make the results again, and where these come from.
    fn origin(&self, program: &str) -> String {
        let Entry {
            job,
            job_text,
            command,
            results,
            merged,
            ..
        } = self.entry;
        let name = format!("{}.csv", job.name);
        let csv = results.table(results.comparisons(job.experiment.as_ref()));
        let address = data_address("text/csv;charset=utf-8", csv.as_bytes());
        let link = attributes(&[("download", &name), ("href", &address)]);
        format!(
            "<h2>Where this comes from</h2>\n{}<p><a{link}>{} ({} bytes)</a>: all quantities with all digits</p>\n\
             <h3>How to make it again</h3>\n<pre tabindex=\"0\">{}</pre>\n<pre tabindex=\"0\">{}</pre>\n",
            provenance(results, *merged, job.seed, program),
            html(&name),
            csv.len(),
            html(job_text),
            html(command)
        )
    }
}
