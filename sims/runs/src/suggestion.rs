//! The known word that a misspelt one is near to.

/// Likeness of two words from which on one is taken for the other: one or two slips.
const LIKENESS: f64 = 0.7;

/// `; did you mean "crossover"?`, or nothing where no known word is near.
///
/// ```
/// use dam_runs::suggestion::did_you_mean;
/// let known = ["crossover", "retrieval"];
/// assert_eq!(did_you_mean("crosover", known), "; did you mean \"crossover\"?");
/// assert_eq!(did_you_mean("entropy", known), "");
/// ```
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let word = word.to_lowercase();
    let likeness = |known: &'a str| {
        let likeness = strsim::normalized_damerau_levenshtein(&word, &known.to_lowercase());
        (likeness, known)
    };
    let near = known.into_iter().map(likeness);
    let near = near.filter(|(likeness, _)| *likeness >= LIKENESS);
    near.max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| format!("; did you mean {known:?}?"))
        .unwrap_or_default()
}
