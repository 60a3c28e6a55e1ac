//! What stands below a figure: what bars mean, and how many samples there are.

use super::panel::Said;

/// The sentences about all panels of a figure.
pub(super) fn sentences(of_panels: Vec<Said>) -> String {
    let mut all = Said::default();
    for said in of_panels {
        join(&mut all.bars, &said.bars);
        join(&mut all.areas, &said.areas);
        all.has_open |= said.has_open;
        all.has_averaged |= said.has_averaged;
        all.has_sampled_theory |= said.has_sampled_theory;
        all.samples = match (all.samples, said.samples) {
            (Some((least, most)), Some((low, high))) => Some((least.min(low), most.max(high))),
            (known, new) => known.or(new),
        };
    }
    let mut sentences = Vec::new();
    if !all.bars.is_empty() {
        sentences.push(format!("Bars: {}.", all.bars.join(", ")));
    }
    if !all.areas.is_empty() {
        sentences.push(format!("Shaded: {}.", all.areas.join(", ")));
    }
    if all.has_sampled_theory {
        sentences.push("Shaded around theory: what it may be off by.".to_owned());
    }
    if all.has_open {
        let open = "Open symbols: some samples did not converge or are censored.";
        sentences.push(open.to_owned());
    }
    if all.has_averaged {
        let open = "Open symbols met the average of the noise alone: theory by construction.";
        sentences.push(open.to_owned());
    }
    match all.samples {
        Some((1, 1)) => sentences.push("1 sample.".to_owned()),
        Some((least, most)) if least == most => sentences.push(format!("{most} samples.")),
        Some((least, most)) => sentences.push(format!("{least} to {most} samples a point.")),
        None => {}
    }
    sentences.join(" ")
}

fn join(known: &mut Vec<&'static str>, new: &[&'static str]) {
    for meaning in new {
        if !known.contains(meaning) {
            known.push(meaning);
        }
    }
}
