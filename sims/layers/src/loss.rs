//! Losses of what a network says, with their slopes.

use dam_learning::{KernelLearningError, SeparationLoss};
use dam_memory::patterns::Patterns;
use dam_memory::products::add_scaled;
use dam_memory::separations::softmax::softmax;

use crate::bags::Bags;

/// ln(1 + e^s) − y s of a score s, y ∈ {0, 1}, and its slope σ(s) − y.
///
/// ```
/// let (loss, slope) = dam_layers::logistic_loss(0.0, true);
/// assert_eq!((loss, slope), (2.0_f64.ln(), -0.5));
/// ```
pub fn logistic_loss(score: f64, label: bool) -> (f64, f64) {
    // of the right answer, which never overflows
    let (margin, sign) = if label { (score, -1.0) } else { (-score, 1.0) };
    let small = (-margin.abs()).exp();
    let loss = (-margin).max(0.0) + small.ln_1p();
    let wrong = if margin >= 0.0 {
        small / (1.0 + small)
    } else {
        (1.0 + small).recip()
    };
    (loss, sign * wrong)
}

/// −ln softmax(s)_c of the scores s of all classes, which become its slopes softmax(s) − e_c.
///
/// # Panics
/// If there is no such class.
pub fn cross_entropy(scores: &mut [f64], class: usize) -> f64 {
    let score = scores[class];
    let loss = softmax(scores) - score;
    scores[class] -= 1.0;
    loss
}

/// ½|x − y|² of numbers x, which become its slopes x − y.
///
/// # Panics
/// If x and y are not equally long.
pub fn squared_error(numbers: &mut [f64], targets: &[f64]) -> f64 {
    assert_eq!(numbers.len(), targets.len(), "one target for each number");
    let mut sum = 0.0;
    for (number, target) in numbers.iter_mut().zip(targets) {
        *number -= target;
        sum += *number * *number;
    }
    0.5 * sum
}

/// The sum over the bags of a separation loss of their features (rows of `size` numbers, such as
/// Φ(y)); its slopes are added to `slopes`. A bag of one row contributes nothing. Stage I of U-Hop
/// (arXiv:2404.03827) and U-Hop+ (arXiv:2410.23126) minimises it.
///
/// # Errors
/// [`KernelLearningError::ZeroFeature`] where features are normalised, with the row within its bag.
///
/// # Panics
/// If the rows are not those of the bags.
pub fn separation_loss(
    loss: &SeparationLoss,
    size: usize,
    rows: &[f64],
    bags: &Bags,
    slopes: &mut [f64],
) -> Result<f64, KernelLearningError> {
    assert!(rows.len() == bags.row_count() * size && slopes.len() == rows.len());
    let mut sum = 0.0;
    for bag in 0..bags.count() {
        let own = bags.rows().of(bag);
        if own.len() > 1 {
            let place = own.start * size..own.end * size;
            let features = Patterns::from_rows(size, rows[place.clone()].to_vec());
            let found = loss.evaluate(&features)?;
            add_scaled(&mut slopes[place], 1.0, &found.gradient);
            sum += found.loss;
        }
    }
    Ok(sum)
}
