//! A loss and its gradient in the features.

use rayon::prelude::*;

use crate::error::KernelLearningError;
use crate::loss::{Couplings, FeatureScale, SeparationLoss, Value};
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::Patterns;
use dam_memory::products::{Factor, multiply, multiply_by_own_transpose};

/// A loss of M features of D components.
#[derive(Clone, Debug, PartialEq)]
pub struct SeparationEvaluation {
    /// Its value.
    pub loss: f64,
    /// max_{μ<ν} û_μ·û_ν of the normalised features.
    pub largest_cosine: f64,
    /// Its derivatives by the features, M×D, row-major.
    pub gradient: Vec<f64>,
}

impl SeparationLoss {
    /// The loss of `features` and its gradient.
    ///
    /// ```
    /// use dam_memory::patterns::Patterns;
    /// use dam_learning::{LossForm, SeparationLoss};
    /// let loss = SeparationLoss::normalised(LossForm::Average { sharpness: 2.0 });
    /// // an equilateral triangle is the simplex of three points
    /// let height = 0.75_f64.sqrt();
    /// let triangle = Patterns::from_rows(2, vec![1.0, 0.0, -0.5, height, -0.5, -height]);
    /// let found = loss.evaluate(&triangle)?;
    /// assert!((found.loss + 6.0).abs() < 1e-14 && (found.largest_cosine + 0.5).abs() < 1e-15);
    /// assert!(found.gradient.iter().all(|derivative| derivative.abs() < 1e-14));
    /// # Ok::<(), dam_learning::KernelLearningError>(())
    /// ```
    ///
    /// # Errors
    /// Fewer than two features; a zero feature where features are normalised.
    pub fn evaluate(
        &self,
        features: &Patterns<f64>,
    ) -> Result<SeparationEvaluation, KernelLearningError> {
        let (count, size) = (features.count(), features.size());
        let mut evaluator = Evaluator::new(*self, count, size, Parallelism::Chunks)?;
        let value = evaluator.evaluate(features.as_slice())?;
        let mut gradient = vec![0.0; count * size];
        match evaluator.gradient() {
            FeatureGradient::All(rows) => gradient.copy_from_slice(rows),
            FeatureGradient::Pair(pair, rows) => {
                for (feature, row) in pair.into_iter().zip(rows.chunks_exact(size)) {
                    gradient[feature * size..][..size].copy_from_slice(row);
                }
            }
        }
        Ok(SeparationEvaluation {
            loss: value.loss,
            largest_cosine: value.largest_cosine,
            gradient,
        })
    }
}

/// The derivatives of a loss by the features.
#[derive(Clone, Copy, Debug)]
pub(super) enum FeatureGradient<'a> {
    /// Of all features.
    All(&'a [f64]),
    /// Of these two; the others have none.
    Pair([usize; 2], &'a [f64]),
}

/// Evaluates a loss again and again in the same memory.
#[derive(Debug)]
pub(super) struct Evaluator {
    loss: SeparationLoss,
    count: usize,
    size: usize,
    parallelism: Parallelism,
    norms: Vec<f64>,
    directions: Vec<f64>,
    gram: Vec<f64>,
    spare: Vec<f64>,
    couplings: Couplings,
    gradient: Vec<f64>,
}

impl Evaluator {
    pub(super) fn new(
        loss: SeparationLoss,
        count: usize,
        size: usize,
        parallelism: Parallelism,
    ) -> Result<Self, KernelLearningError> {
        if count < 2 {
            return Err(KernelLearningError::TooFewMemories { count });
        }
        Ok(Self {
            loss,
            count,
            size,
            parallelism,
            norms: vec![1.0; count],
            directions: vec![0.0; count * size],
            gram: vec![0.0; count * count],
            spare: Vec::new(),
            couplings: Couplings::Matrix,
            gradient: vec![0.0; count * size],
        })
    }

    pub(super) fn parallelism(&self) -> Parallelism {
        self.parallelism
    }

    /// The value at `features`; the gradient is kept.
    pub(super) fn evaluate(&mut self, features: &[f64]) -> Result<Value, KernelLearningError> {
        self.directions.copy_from_slice(features);
        if self.loss.scale == FeatureScale::Normalised {
            self.normalise()?;
        }
        multiply_by_own_transpose(
            self.size,
            &self.directions,
            &mut self.gram,
            self.parallelism,
        );
        let (value, couplings) = self.loss.couple(
            self.count,
            &mut self.gram,
            &mut self.spare,
            self.parallelism,
        );
        self.couplings = couplings;
        match couplings {
            Couplings::Matrix => {
                multiply(
                    Factor::new(self.count, &self.gram),
                    Factor::new(self.size, &self.directions),
                    &mut self.gradient,
                    self.parallelism,
                );
                self.gradient_of_features();
            }
            Couplings::Pair {
                first,
                second,
                strength,
            } => self.differentiate_pair(first, second, strength),
        }
        Ok(value)
    }

    /// The gradient at the features that were evaluated last.
    pub(super) fn gradient(&self) -> FeatureGradient<'_> {
        match self.couplings {
            Couplings::Matrix => FeatureGradient::All(&self.gradient),
            Couplings::Pair { first, second, .. } => {
                FeatureGradient::Pair([first, second], &self.gradient[..2 * self.size])
            }
        }
    }

    /// M.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    fn normalise(&mut self) -> Result<(), KernelLearningError> {
        let rows = self.directions.chunks_exact_mut(self.size);
        for (memory, (direction, norm)) in rows.zip(&mut self.norms).enumerate() {
            *norm = normalise(direction);
            if *norm == 0.0 {
                return Err(KernelLearningError::ZeroFeature { memory });
            }
        }
        Ok(())
    }

    /// The gradient in û becomes that in Φ: tangential, divided by |Φ|.
    fn gradient_of_features(&mut self) {
        if self.loss.scale == FeatureScale::Raw {
            return;
        }
        let size = self.size;
        let directions = self.directions.par_chunks_exact(size);
        let tangential = |(gradient, (direction, norm)): (&mut [f64], (&[f64], &f64))| {
            make_tangential(gradient, direction, *norm);
        };
        if self.parallelism == Parallelism::Chunks {
            self.gradient
                .par_chunks_exact_mut(size)
                .zip(directions.zip(&self.norms))
                .with_min_len(16)
                .for_each(tangential);
        } else {
            let directions = self.directions.chunks_exact(size);
            self.gradient
                .chunks_exact_mut(size)
                .zip(directions.zip(&self.norms))
                .for_each(tangential);
        }
    }

    fn differentiate_pair(&mut self, first: usize, second: usize, strength: f64) {
        let size = self.size;
        let direction = |feature: usize| &self.directions[feature * size..][..size];
        let pair = [(first, second), (second, first)];
        for (gradient, (own, other)) in self.gradient.chunks_exact_mut(size).zip(pair) {
            let components = gradient
                .iter_mut()
                .zip(direction(own))
                .zip(direction(other));
            for ((gradient, own), other) in components {
                *gradient = strength * (other - own);
            }
            if self.loss.scale == FeatureScale::Normalised {
                make_tangential(gradient, direction(own), self.norms[own]);
            }
        }
    }
}

/// The cosines between rows of `size` values, a square matrix; 0 for zero rows.
pub fn cosines(size: usize, rows: &[f64]) -> Vec<f64> {
    let mut directions = rows.to_vec();
    for direction in directions.chunks_exact_mut(size) {
        normalise(direction);
    }
    let count = rows.len() / size;
    let mut cosines = vec![0.0; count * count];
    multiply_by_own_transpose(size, &directions, &mut cosines, Parallelism::Sequential);
    cosines
}

/// Divides a row by its norm, which is returned; a zero row stays zero.
pub(super) fn normalise(row: &mut [f64]) -> f64 {
    let norm = sum_of_products(row, row).sqrt();
    if norm > 0.0 {
        let inverse = norm.recip();
        for component in row {
            *component *= inverse;
        }
    }
    norm
}

fn make_tangential(gradient: &mut [f64], direction: &[f64], norm: f64) {
    let radial = sum_of_products(gradient, direction);
    let inverse = norm.recip();
    for (gradient, direction) in gradient.iter_mut().zip(direction) {
        *gradient = (*gradient - radial * direction) * inverse;
    }
}

/// |x|², in fixed chunks.
pub(super) fn squared_norm(numbers: &[f64], parallelism: Parallelism) -> f64 {
    const CHUNK: usize = 1 << 14;
    let chunks: Vec<f64> = match parallelism {
        Parallelism::Sequential => numbers
            .chunks(CHUNK)
            .map(|chunk| sum_of_products(chunk, chunk))
            .collect(),
        Parallelism::Chunks => numbers
            .par_chunks(CHUNK)
            .map(|chunk| sum_of_products(chunk, chunk))
            .collect(),
    };
    chunks.iter().sum()
}

/// x·y in eight independent sums, which vectorise.
pub(super) fn sum_of_products(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (x_blocks, x_rest) = x.as_chunks::<8>();
    let (y_blocks, y_rest) = y.as_chunks::<8>();
    for (x, y) in x_blocks.iter().zip(y_blocks) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    let rest: f64 = x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f64>() + rest
}
