//! Theory in the page: what axes mean.

use dam_runs::view::axes;

/// What the labels of axes stand for, where theory has it as an argument or a value.
const MEANINGS: [(&str, &str); 7] = [
    (axes::SIZE, "size"),
    (axes::INVERSE_SIZE, "inverse size"),
    (axes::LOAD, "load"),
    (axes::INVERSE_TEMPERATURE, "inverse temperature"),
    (axes::CROSSOVER, "inverse temperature"),
    (axes::MEDIAN_BASIN_ANGLE, "basin angle"),
    (axes::MEAN_BASIN_ANGLE, "basin angle"),
];

/// What stands along an axis of this label; none where theory does not speak of it.
pub fn meaning(label: &str) -> Option<&'static str> {
    let found = MEANINGS.iter().find(|(known, _)| *known == label);
    found.map(|(_, meaning)| *meaning)
}
