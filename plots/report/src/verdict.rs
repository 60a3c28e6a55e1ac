//! How the measurements of a job stand to theory, in a line.

use dam_runs::results::Comparison;
use dam_runs::view::short_number;

use crate::escape::html;

/// From how many standard errors on a value is off theory: by chance 1 of 370 is.
const OFF: f64 = 3.0;

/// Whether a value is off theory.
pub fn is_off(row: &Comparison) -> bool {
    row.deviation.is_some_and(|deviation| deviation.abs() > OFF)
}

/// The row that is farthest from theory, in standard errors.
pub fn worst(rows: &[Comparison]) -> Option<(&Comparison, f64)> {
    let judged = rows.iter().filter_map(|row| Some((row, row.deviation?)));
    judged.max_by(|(_, one), (_, other)| one.abs().total_cmp(&other.abs()))
}

/// A number of standard errors, with its sign.
pub fn sigma(deviation: f64) -> String {
    let sign = if deviation < 0.0 { "−" } else { "+" };
    format!("{sign}{:.1} σ", deviation.abs())
}

/// The line below the title.
pub fn sentence(rows: &[Comparison]) -> String {
    let Some((farthest, deviation)) = worst(rows) else {
        let speaks = rows.iter().any(Comparison::has_theory);
        let text = if speaks {
            "Theory speaks of the limit N = ∞ here: there is no deviation in standard errors."
        } else if rows.is_empty() {
            "Nothing is measured yet."
        } else {
            "Theory says nothing of these quantities: measured values alone."
        };
        return text.to_owned();
    };
    let judged = rows.iter().filter(|row| row.deviation.is_some()).count();
    let off = rows.iter().filter(|row| is_off(row)).count();
    let values = if judged == 1 { "value" } else { "values" };
    let within = if off == 0 {
        format!("All of {judged} {values} lie within {OFF} standard errors of finite-N theory")
    } else {
        format!(
            "{off} of {judged} {values} {} off finite-N theory by more than {OFF} standard errors \
             (chance alone: 1 of 370)",
            if off == 1 { "is" } else { "are" }
        )
    };
    format!(
        "{within}; the farthest is {} off: {}.",
        sigma(deviation),
        place(farthest)
    )
}

/// The values off theory, each with the reason that the project knows.
pub fn reasons(rows: &[Comparison]) -> String {
    let item = |row: &Comparison| {
        let known = row.quantity.reservations();
        let reason = if known.is_empty() {
            "no reason is known to the results"
        } else {
            &known
        };
        format!(
            "<li><b>{}</b> {}: {}</li>\n",
            sigma(row.deviation.unwrap_or_default()),
            html(&place(row)),
            html(reason)
        )
    };
    rows.iter().filter(|row| is_off(row)).map(item).collect()
}

/// What was measured, and where.
fn place(row: &Comparison) -> String {
    let task = &row.task;
    let mut at = Vec::new();
    match (task.alpha, task.pattern_count) {
        (_, Some(count)) if task.is_counted => at.push(format!("P = {count}")),
        (Some(alpha), _) => at.push(format!("α = {}", short_number(alpha))),
        _ => {}
    }
    at.push(format!("N = {}", task.size));
    let coordinates = row.quantity.coordinates.iter();
    at.extend(coordinates.map(|(name, &value)| format!("{name} = {}", short_number(value))));
    let labels = row.quantity.labels.iter();
    at.extend(labels.map(|(name, value)| format!("{name} = {value}")));
    format!("{} at {}", row.quantity.name, at.join(", "))
}
