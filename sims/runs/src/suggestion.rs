//! The known word that a misspelt one is near to.

/// Likeness of two words from which on one is taken for the other: one or two slips.
const LIKENESS: f64 = 0.7;
/// Letters that words must begin alike with to be taken for each other, and the least share of the given word.
const LIKE_BEGINNING: (usize, f64) = (4, 0.75);

/// `; did you mean "crossover"?`, or nothing where no known word is near.
///
/// ```
/// use dam_runs::suggestion::did_you_mean;
/// let known = ["crossover", "retrieval"];
/// assert_eq!(did_you_mean("crosover", known), "; did you mean \"crossover\"?");
/// assert_eq!(did_you_mean("retrieve", known), "; did you mean \"retrieval\"?");
/// assert_eq!(did_you_mean("sphere", ["gaussian", "spherical"]), "; did you mean \"spherical\"?");
/// assert_eq!(did_you_mean("gibs", ["descent", "softmax-gibbs"]), "; did you mean \"softmax-gibbs\"?");
/// assert_eq!(did_you_mean("entropy", known), "");
/// ```
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let word = word.to_lowercase();
    let likeness_of = |other: &str| strsim::normalized_damerau_levenshtein(&word, other);
    let likeness = |known: &'a str| {
        let other = known.to_lowercase();
        let is_part = other.split('-').any(|part| likeness_of(part) >= LIKENESS);
        let alike = word.chars().zip(other.chars());
        let alike = alike.take_while(|(one, other)| one == other).count();
        let (least, share) = LIKE_BEGINNING;
        let begins_alike = alike >= least && alike as f64 >= share * word.chars().count() as f64;
        (likeness_of(&other), begins_alike || is_part, known)
    };
    let near = known.into_iter().map(likeness);
    let near = near.filter(|(likeness, is_near, _)| *likeness >= LIKENESS || *is_near);
    near.max_by(|(one, ..), (other, ..)| one.total_cmp(other))
        .map(|(.., known)| format!("; did you mean {known:?}?"))
        .unwrap_or_default()
}
