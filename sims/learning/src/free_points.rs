//! Free points on a sphere under the U-Hop+ loss, without a map.

use rayon::prelude::*;

use crate::codes::{CodeSearch, SphericalCode, TEMPERATURES, cool};
use crate::evaluation::{Evaluator, FeatureGradient};
use crate::loss::{LossForm, SeparationLoss};
use dam_memory::kernel::Parallelism;

/// The code of largest least angle that the U-Hop+ loss of free points finds: L-BFGS from each
/// random start of `search` while τ falls from 0.03 to 3e-4, as in
/// [`optimise_code`](crate::codes::optimise_code), whose potential has one sum over all pairs in
/// place of U-Hop+'s mean over points.
///
/// ```
/// use dam_learning::codes::CodeSearch;
/// use dam_learning::separate_free_points;
/// let search = CodeSearch {
///     dimension: 3,
///     count: 12,
///     restarts: 4,
///     seed: 1,
/// };
/// let icosahedron = separate_free_points(&search);
/// assert!((icosahedron.least_angle() - 2_f64.atan()).abs() < 1e-6);
/// ```
///
/// # Panics
/// If the dimension or the count is below 2 or there is no restart.
pub fn separate_free_points(search: &CodeSearch) -> SphericalCode {
    search.assert_possible();
    let found: Vec<SphericalCode> = (0..search.restarts)
        .into_par_iter()
        .map(|restart| separate(search, restart))
        .collect();
    found
        .into_iter()
        .max_by(|first, second| first.least_angle().total_cmp(&second.least_angle()))
        .expect("there is a start")
}

fn separate(search: &CodeSearch, restart: usize) -> SphericalCode {
    let mut coordinates = search.random_start(restart);
    cool(
        search.dimension,
        &TEMPERATURES,
        &mut coordinates,
        |temperature, position, gradient| {
            let loss = SeparationLoss::normalised(LossForm::UHopPlus { temperature });
            // τ L is a smoothed cosine
            let mut evaluator = Evaluator::new(
                loss,
                search.count,
                search.dimension,
                Parallelism::Sequential,
            )
            .expect("there are two points");
            let value = evaluator
                .evaluate(position)
                .expect("the search never meets the origin");
            if let FeatureGradient::All(rows) = evaluator.gradient() {
                for (gradient, row) in gradient.iter_mut().zip(rows) {
                    *gradient = temperature * row;
                }
            }
            temperature * value.loss
        },
    );
    SphericalCode::from_coordinates(search.dimension, coordinates)
}
