//! The energy that the update of a composition never increases, where there is one.

use crate::composed::ComposedMemory;

impl ComposedMemory {
    /// The energy of each of B states, up to which T never goes uphill: with Ψ the potential of
    /// the separation,
    ///
    /// ```text
    /// dot, kernel   E(x) = ½⟨Φ(x), Φ(x)⟩ − Ψ(β K(Ξ, x))/β      E(T(x)) ≤ E(x) − ½|Φ(T(x)) − Φ(x)|²
    /// euclidean     E(x) = −Ψ(β K(Ξ, x))/β                      the same with Φ(x) = x
    /// cosine        E(x) = −Ψ(β K(Ξ, x))/β                      where all |ξ| are equal
    /// ```
    ///
    /// for any W, affine too. (K is linear in x or in x and |x|², and Ψ or e^Ψ convex, with
    /// gradients along p. On the sphere of the cosine T(x)/|T(x)| maximises the tangent of Ψ, if
    /// T(x) is parallel to the mean of the directions.) `None` where there is none: polynomial
    /// separation (its weights are no gradient), Manhattan (its optimum is a weighted median, not
    /// the mean), cosine with different norms, hetero-associative memories.
    ///
    /// Source: U-Hop (arXiv:2404.03827) eq. 2.8 for kernel and α-entmax; Ramsauer et al. 2021 for
    /// dot and softmax.
    ///
    /// # Panics
    /// If `states` does not hold whole states of d components, or β is not positive.
    pub fn energies(&self, states: &[f64], beta: f64) -> Option<Vec<f64>> {
        assert!(beta > 0.0, "an energy needs β > 0");
        let betas = vec![beta; self.count(states)];
        let potentials = self.separated(states, &betas).potentials;
        self.energies_of(states, &potentials).into_iter().collect()
    }

    /// The energies of states whose potentials are known.
    pub(super) fn energies_of(
        &self,
        states: &[f64],
        potentials: &[Option<f64>],
    ) -> Vec<Option<f64>> {
        if !self.has_energy() {
            return vec![None; potentials.len()];
        }
        let quadratic: Vec<f64> = if self.similarity().is_unbounded() {
            self.similarity()
                .features(states, self.size())
                .column_iter()
                .map(|features| 0.5 * features.norm_squared())
                .collect()
        } else {
            vec![0.0; potentials.len()]
        };
        let terms = quadratic.into_iter().zip(potentials);
        terms
            .map(|(quadratic, potential)| Some(quadratic - (*potential)?))
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
        let goes_downhill = || {
            *self
                .goes_downhill
                .get_or_init(|| self.similarity().goes_downhill(&self.patterns))
        };
        self.separation().has_potential() && self.is_auto_associative() && goes_downhill()
    }
}
