//! The normalised set kernel of bags.

use dam_layers::BagSet;
use dam_memory::products::dot_in_lanes;
use dam_memory::streams::StreamKey;
use nalgebra::DMatrix;
use rayon::prelude::*;

use super::kernel_logistic::KernelLogistic;
use super::model::{Fold, Model};
use super::spread::spread;

/// Sums at a time in products of instances.
const LANES: usize = 8;
/// γ times the number of features: two instances of standardised features are at |x − y|² ≈ 2 features.
const WIDTHS: [f64; 2] = [0.1, 0.5];
/// The least and the greatest C.
const STRENGTHS: [f64; 2] = [0.1, 1e3];

/// Logistic regression with k(X, Y) = s(X, Y)/√(s(X, X) s(Y, Y)), s(X, Y) = Σ_{x ∈ X, y ∈ Y} exp(−γ|x − y|²) (T. Gärtner et
/// al., ICML 2002), two γ and several C to choose among.
#[derive(Clone, Copy, Debug)]
pub struct SetKernel {
    /// How many settings there are.
    pub settings: usize,
}

impl SetKernel {
    /// C of a setting; every second setting has the other γ.
    fn strength(self, setting: usize) -> f64 {
        spread(STRENGTHS, self.settings.div_ceil(WIDTHS.len()))[setting / WIDTHS.len()]
    }

    /// The scores of the test bags at one setting, given k of all bags of the fold, training bags first.
    fn at(self, fold: Fold<'_>, kernels: &[DMatrix<f64>], setting: usize) -> Vec<Vec<f64>> {
        let kernel = &kernels[setting % WIDTHS.len()];
        let count = fold.training.len();
        let gram = kernel.view((0, 0), (count, count)).into_owned();
        let fit = KernelLogistic::new(gram, &fold.training_labels(), self.strength(setting));
        let score = |bag: usize| fit.score((0..count).map(|other| kernel[(bag, other)]));
        vec![(count..count + fold.test.len()).map(score).collect()]
    }
}

impl Model for SetKernel {
    fn name(&self) -> &'static str {
        "set-kernel"
    }

    fn setting_count(&self) -> usize {
        self.settings
    }

    fn scores(&self, fold: Fold<'_>, setting: usize, _: usize, _: &StreamKey) -> Vec<Vec<f64>> {
        self.at(fold, &kernels(fold), setting)
    }

    fn all_scores(&self, fold: Fold<'_>, _: &StreamKey) -> Vec<Vec<Vec<f64>>> {
        let kernels = kernels(fold);
        (0..self.settings)
            .map(|setting| self.at(fold, &kernels, setting))
            .collect()
    }
}

/// k of all bags of a fold at each γ, training bags first.
fn kernels(fold: Fold<'_>) -> Vec<DMatrix<f64>> {
    let bags: Vec<Instances<'_>> = fold
        .training
        .iter()
        .chain(fold.test)
        .map(|&bag| Instances::new(fold.set, bag))
        .collect();
    let sums: Vec<Vec<[f64; WIDTHS.len()]>> = (0..bags.len())
        .into_par_iter()
        .map(|row| {
            let others = bags[..=row].iter();
            others.map(|other| bags[row].sums(other)).collect()
        })
        .collect();
    let at =
        |width: usize, row: usize, column: usize| sums[row.max(column)][row.min(column)][width];
    (0..WIDTHS.len())
        .map(|width| {
            DMatrix::from_fn(bags.len(), bags.len(), |row, column| {
                let norm = at(width, row, row) * at(width, column, column);
                at(width, row, column) / norm.sqrt()
            })
        })
        .collect()
}

/// The instances of a bag, each with its |x|².
struct Instances<'a>(Vec<(&'a [f64], f64)>);

impl<'a> Instances<'a> {
    fn new(set: &'a BagSet, bag: usize) -> Self {
        let rows = set.bag(bag).chunks_exact(set.size);
        Self(
            rows.map(|row| (row, dot_in_lanes::<LANES>(row, row)))
                .collect(),
        )
    }

    /// s at each γ.
    fn sums(&self, others: &Self) -> [f64; WIDTHS.len()] {
        let mut sums = [0.0; WIDTHS.len()];
        for (row, square) in &self.0 {
            for (other, other_square) in &others.0 {
                let product = dot_in_lanes::<LANES>(row, other);
                let distance = (square + other_square - 2.0 * product).max(0.0) / row.len() as f64;
                for (sum, width) in sums.iter_mut().zip(WIDTHS) {
                    *sum += (-width * distance).exp();
                }
            }
        }
        sums
    }
}
