//! Folds of a cross-validation with the same share of both classes.

use rand::seq::SliceRandom;

use dam_memory::streams::StreamKey;

/// Parts the members into `count` folds; each class is shuffled and dealt out in turn, so that folds differ by one member
/// of each class at most.
///
/// # Panics
/// If there are no folds.
pub fn stratified_folds(
    labels: &[bool],
    members: &[usize],
    count: usize,
    key: &StreamKey,
) -> Vec<Vec<usize>> {
    assert!(count > 0, "there are folds");
    let mut rng = key.rng("folds");
    let mut folds = vec![Vec::new(); count];
    let mut next = 0;
    for class in [true, false] {
        let mut own: Vec<usize> = members
            .iter()
            .copied()
            .filter(|&member| labels[member] == class)
            .collect();
        own.shuffle(&mut rng);
        for member in own {
            folds[next % count].push(member);
            next += 1;
        }
    }
    folds
}
