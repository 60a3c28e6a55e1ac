//! The index of several jobs.

use std::fmt::Write;

use crate::escape::html;
use crate::section::Section;
use crate::verdict::{sigma, worst};

/// A row for each job: its first figure, what it is, how far theory is, what is missing; nothing for one job.
pub fn index(sections: &[Section<'_>]) -> String {
    if sections.len() < 2 {
        return String::new();
    }
    let mut text = String::from(
        "<nav aria-label=\"Jobs\"><table class=\"gallery\"><thead><tr><th scope=\"col\">figure</th>\
         <th scope=\"col\">job</th><th scope=\"col\">experiment</th><th scope=\"col\">farthest from theory</th>\
         <th scope=\"col\">missing tasks</th><th scope=\"col\">merged</th></tr></thead><tbody>\n",
    );
    for section in sections {
        let entry = section.entry;
        let thumbnail = section.figures.first();
        let thumbnail = thumbnail.map_or_else(String::new, super::figures::Drawn::thumbnail);
        let farthest = worst(entry.comparisons).map(|(_, deviation)| sigma(deviation));
        let all = entry.job.tasks.len();
        let missing = match entry.results.missing_tasks {
            0 => format!("none of {all}"),
            missing => format!("<b>{missing} of {all}</b>"),
        };
        let merged = entry.merged.and_then(|merged| merged.provenance.as_ref());
        let _ = writeln!(
            text,
            "<tr><td><a href=\"#{anchor}\" tabindex=\"-1\" aria-hidden=\"true\">{thumbnail}</a></td>\
             <th scope=\"row\"><a href=\"#{anchor}\">{}</a></th><td>{} of {} patterns</td>\
             <td class=\"number\">{}</td><td>{missing}</td><td>{}</td></tr>",
            html(&entry.job.name),
            html(entry.job.kind),
            html(entry.job.ensemble.name()),
            farthest.as_deref().unwrap_or("–"),
            html(merged.map_or("", |provenance| &provenance.date)),
            anchor = section.anchor(),
        );
    }
    text.push_str("</tbody></table></nav>\n");
    text
}
