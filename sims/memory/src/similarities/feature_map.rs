//! The feature map Φ(x) = Wx + b.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal, Uniform};

use crate::kernel::Parallelism;
use crate::patterns::Patterns;
use crate::products::{Factor, multiply};

/// Φ(x) = Wx + b: R^d → R^D, which induces the kernel K(x, y) = Φ(x)·Φ(y) (U-Hop, arXiv:2404.03827,
/// eq. 2.1, has b = 0).
///
/// ```
/// use dam_memory::similarities::feature_map::FeatureMap;
/// let linear = FeatureMap::from_weights(2, vec![1.0, 1.0, 0.0, 2.0, 1.0, 0.0]);
/// let map = linear.with_bias(vec![0.0, 0.0, 1.0]);
/// assert_eq!((map.input_size(), map.feature_size()), (2, 3));
/// assert_eq!(map.feature(&[3.0, 1.0]), [4.0, 2.0, 4.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMap {
    input_size: usize,
    /// W, row-major.
    pub weights: Vec<f64>,
    /// b, where the map is affine.
    pub bias: Option<Vec<f64>>,
}

impl FeatureMap {
    /// The linear map of the row-major D×d matrix W.
    ///
    /// # Panics
    /// If `input_size` (d) is 0 or does not divide the number of weights, or there is no weight.
    pub fn from_weights(input_size: usize, weights: Vec<f64>) -> Self {
        assert!(
            input_size > 0 && !weights.is_empty() && weights.len().is_multiple_of(input_size),
            "{} weights do not make whole rows of {input_size}",
            weights.len()
        );
        Self {
            input_size,
            weights,
            bias: None,
        }
    }

    /// The affine map with bias b of D components.
    ///
    /// # Panics
    /// If b does not have D components.
    #[must_use]
    pub fn with_bias(mut self, bias: Vec<f64>) -> Self {
        assert_eq!(bias.len(), self.feature_size(), "b has D components");
        self.bias = Some(bias);
        self
    }

    /// Φ(x) = x.
    pub fn identity(size: usize) -> Self {
        let mut weights = vec![0.0; size * size];
        weights.iter_mut().step_by(size + 1).for_each(|w| *w = 1.0);
        Self::from_weights(size, weights)
    }

    /// W with independent standard normal entries, b = 0: the start of U-Hop.
    pub fn standard_normal(input_size: usize, feature_size: usize, rng: &mut impl Rng) -> Self {
        let weights = StandardNormal.sample_iter(rng);
        Self::from_weights(
            input_size,
            weights.take(input_size * feature_size).collect(),
        )
    }

    /// W and b with independent entries uniform on [−1/√d, 1/√d], the start of linear layers in
    /// common libraries (after He et al. 2015, with gain 1/√3): the start of U-Hop+.
    ///
    /// # Panics
    /// If there is no input.
    pub fn kaiming_uniform(input_size: usize, feature_size: usize, rng: &mut impl Rng) -> Self {
        let bound = (input_size as f64).sqrt().recip();
        let law = Uniform::new_inclusive(-bound, bound).expect("a finite bound");
        let mut draw = |count: usize| -> Vec<f64> { (0..count).map(|_| law.sample(rng)).collect() };
        let weights = draw(input_size * feature_size);
        let bias = draw(feature_size);
        Self::from_weights(input_size, weights).with_bias(bias)
    }

    /// d.
    pub fn input_size(&self) -> usize {
        self.input_size
    }

    /// D.
    pub fn feature_size(&self) -> usize {
        self.weights.len() / self.input_size
    }

    /// W, row-major, D×d.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// b, where the map is affine.
    pub fn bias(&self) -> Option<&[f64]> {
        self.bias.as_deref()
    }

    /// Φ(x), D components.
    ///
    /// # Panics
    /// If x does not have d components.
    pub fn feature(&self, input: &[f64]) -> Vec<f64> {
        assert_eq!(input.len(), self.input_size, "the input has d components");
        self.features(input, Parallelism::Sequential)
    }

    /// Φ of each row of `inputs` (B×d, row-major): B×D, row-major.
    ///
    /// # Panics
    /// If the inputs are not whole rows of d components.
    pub fn features(&self, inputs: &[f64], parallelism: Parallelism) -> Vec<f64> {
        let mut features = vec![0.0; inputs.len() / self.input_size * self.feature_size()];
        self.write_features(inputs, &mut features, parallelism);
        features
    }

    /// The features of stored patterns.
    ///
    /// # Panics
    /// If the patterns do not have d components.
    pub fn map_patterns(
        &self,
        patterns: &Patterns<f64>,
        parallelism: Parallelism,
    ) -> Patterns<f64> {
        assert_eq!(
            patterns.size(),
            self.input_size,
            "patterns have d components"
        );
        Patterns::from_rows(
            self.feature_size(),
            self.features(patterns.as_slice(), parallelism),
        )
    }

    /// Φ of every input (row-major), written into `features`.
    ///
    /// # Panics
    /// If the inputs are not whole rows of d numbers.
    pub fn write_features(&self, inputs: &[f64], features: &mut [f64], parallelism: Parallelism) {
        assert!(
            inputs.len().is_multiple_of(self.input_size),
            "{} values do not make whole inputs of {}",
            inputs.len(),
            self.input_size
        );
        multiply(
            Factor::new(self.input_size, inputs),
            Factor::transposed(self.input_size, &self.weights),
            features,
            parallelism,
        );
        if let Some(bias) = &self.bias {
            for feature in features.chunks_exact_mut(bias.len()) {
                for (value, bias) in feature.iter_mut().zip(bias) {
                    *value += bias;
                }
            }
        }
    }
}
