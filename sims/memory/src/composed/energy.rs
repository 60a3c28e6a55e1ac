//! The energy that the update of a composition never increases, where there is one.

use crate::composed::AssociativeMemory;
use crate::similarities::Similarity;

/// Relative difference of norms that counts as rounding.
const EQUAL_NORMS: f64 = 1e-12;

impl AssociativeMemory {
    /// The energy of each of B states, up to which T never goes uphill: with Ψ* the conjugate of
    /// the separation,
    ///
    /// ```text
    /// dot, kernel   E(x) = ½⟨Φ(x), Φ(x)⟩ − Ψ*(β K(Ξ, x))/β      E(T(x)) ≤ E(x) − ½|Φ(T(x)) − Φ(x)|²
    /// euclidean     E(x) = −Ψ*(β K(Ξ, x))/β                      the same with Φ(x) = x
    /// cosine        E(x) = −Ψ*(β K(Ξ, x))/β                      where all |ξ| are equal
    /// ```
    ///
    /// for any W, affine too. (K is linear in x or in x and |x|², and Ψ* convex with gradient p.
    /// On the sphere of the cosine T(x)/|T(x)| maximises the tangent of Ψ*, if T(x) is parallel to
    /// the mean of the directions.) `None` where there is none: polynomial separation (its weights
    /// are no gradient), Manhattan (its optimum is a weighted median, not the mean), cosine with
    /// different norms, hetero-associative memories.
    ///
    /// Source: U-Hop (arXiv:2404.03827) eq. 2.8 for kernel and α-entmax; Ramsauer et al. 2021 for
    /// dot and softmax.
    ///
    /// # Panics
    /// If `states` does not hold whole states of d components, or β is not positive.
    pub fn energies(&self, states: &[f64], beta: f64) -> Option<Vec<f64>> {
        assert!(beta > 0.0, "an energy needs β > 0");
        if !self.has_energy() {
            return None;
        }
        let mut products = self.products(states);
        products *= beta;
        let quadratic: Vec<f64> = match self.similarity {
            Similarity::Dot | Similarity::Kernel => self
                .features(states)
                .column_iter()
                .map(|features| 0.5 * features.norm_squared())
                .collect(),
            _ => vec![0.0; products.ncols()],
        };
        products
            .as_slice()
            .chunks_exact(self.pattern_count())
            .zip(quadratic)
            .map(|(z, quadratic)| Some(quadratic - self.separation.conjugate(z)? / beta))
            .collect()
    }

    /// The energy of one state: see [`energies`](Self::energies).
    ///
    /// # Panics
    /// If the state does not have d components, or β is not positive.
    pub fn energy(&self, state: &[f64], beta: f64) -> Option<f64> {
        Some(self.energies(state, beta)?[0])
    }

    /// Whether the update of this composition has an energy.
    pub fn has_energy(&self) -> bool {
        let is_gradient = self.separation.conjugate(&[0.0]).is_some();
        let goes_downhill = match self.similarity {
            Similarity::Dot | Similarity::Kernel | Similarity::Euclidean => true,
            Similarity::Cosine => self.has_equal_norms(),
            Similarity::Manhattan => false,
        };
        is_gradient && goes_downhill && self.is_auto_associative()
    }

    fn has_equal_norms(&self) -> bool {
        let norm = |pattern| self.memory.squared_norm(pattern);
        let first = norm(0);
        (1..self.pattern_count())
            .all(|pattern| (norm(pattern) - first).abs() <= EQUAL_NORMS * first)
    }
}
