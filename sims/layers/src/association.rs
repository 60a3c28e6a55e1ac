//! Retrieval of values by keys: head by head, bag by bag, for any number of states a bag.

use dam_memory::products::{add_scaled, dot, dot_in_lanes};
use dam_memory::separations::entmax::{entmax, entmax_backward, entmax_conjugate};

use crate::bags::Pairing;

/// Sums of a product side by side.
const LANES: usize = 4;

/// How many extra steps T a state makes before it retrieves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum UpdateSteps {
    /// T; 0 is attention.
    Exactly(usize),
    /// Until |pᵗ − pᵗ⁻¹| ≤ `tolerance`, for each state on its own.
    Converged {
        /// The largest change of the weights.
        tolerance: f64,
        /// The largest T.
        at_most: usize,
    },
}

/// The association of states q (queries) with keys K and values V,
///
/// ```text
/// pᵗ = α-entmax(β K qᵗ),   qᵗ⁺¹ = Kᵀ pᵗ   for t = 0 … T−1,   o = Vᵀ (m∘p^T)
/// ```
///
/// head by head: each has its block of columns of keys, values and queries. K: rows × (heads ·
/// hidden size), V: rows × (heads · pattern size), q: states × (heads · hidden size), all
/// row-major; m is a dropout mask. U-Hop (arXiv:2404.03827) eq. 3.1 with Ramsauer et al. 2021
/// (arXiv:2008.02217) eq. 10.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// Heads.
    pub heads: usize,
    /// Columns of a head of keys and queries.
    pub hidden_size: usize,
    /// Columns of a head of values.
    pub pattern_size: usize,
    /// T.
    pub steps: UpdateSteps,
    /// α ≥ 1: 1 is softmax, 2 sparsemax.
    pub alpha: f64,
    /// Whether each bag has one more row whose key and value are 0, with the last weight.
    pub has_zero: bool,
}

/// What an [`Association`] retrieves from, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct AssociationInput<'a> {
    /// K.
    pub keys: &'a [f64],
    /// V.
    pub values: &'a [f64],
    /// q.
    pub queries: &'a [f64],
    /// β of each head.
    pub betas: &'a [f64],
    /// Which queries retrieve from which rows of keys and values, and m.
    pub pairing: Pairing<'a>,
}

/// One state and head of [`Associated`].
#[derive(Clone, Copy, Debug, PartialEq)]
struct Retrieval {
    /// Where its states q⁰ … q^T begin.
    states: usize,
    /// Where its weights p⁰ … p^T begin, `count` each.
    weights: usize,
    count: usize,
    /// T.
    steps: usize,
    /// Where its factors begin in the mask.
    factors: usize,
}

/// What [`Association::forward`] finds, with what the way back needs; its storage is used again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Associated {
    /// o, one row for each state of each bag, bag after bag: heads · pattern size columns.
    pub output: Vec<f64>,
    heads: usize,
    hidden_size: usize,
    /// Row after row, head after head.
    retrievals: Vec<Retrieval>,
    states: Vec<f64>,
    weights: Vec<f64>,
}

/// The slopes of an [`Association`]; their storage is used again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssociationGradient {
    /// Of the keys.
    pub keys: Vec<f64>,
    /// Of the values.
    pub values: Vec<f64>,
    /// Of the queries.
    pub queries: Vec<f64>,
    /// Of β of each head.
    pub betas: Vec<f64>,
    of_weights: Vec<f64>,
    of_state: Vec<f64>,
}

/// Whether there are weights of these numbers.
fn is_finite(products: &[f64]) -> bool {
    products.iter().all(|product| product.is_finite())
}

/// The rows that a bag and head have in a matrix.
#[derive(Clone, Copy)]
struct Block {
    /// Where the first begins.
    first: usize,
    /// Between the beginnings of two.
    stride: usize,
    count: usize,
    size: usize,
}

impl Block {
    fn row(self, numbers: &[f64], index: usize) -> &[f64] {
        &numbers[self.first + index * self.stride..][..self.size]
    }

    fn row_mut(self, numbers: &mut [f64], index: usize) -> &mut [f64] {
        &mut numbers[self.first + index * self.stride..][..self.size]
    }
}

/// A state with a head: its rows in all matrices.
struct Place {
    keys: Block,
    values: Block,
    /// Where its query begins.
    query: usize,
    /// Where its output begins.
    output: usize,
    head: usize,
}

impl Association {
    /// All states with all heads, in the order of [`Associated::retrievals`].
    fn places<'a>(&'a self, of: &AssociationInput<'a>) -> impl Iterator<Item = Place> + 'a {
        let Pairing { stored, states, .. } = of.pairing;
        let bags = of.pairing.bag_count();
        let (hidden, pattern) = (self.hidden_size, self.pattern_size);
        let [key_stride, value_stride] = [hidden, pattern].map(|size| size * self.heads);
        let block = move |bag: usize, stride: usize, size: usize, head: usize| {
            let rows = stored.of(bag);
            Block {
                first: rows.start * stride + head * size,
                stride,
                count: rows.len(),
                size,
            }
        };
        let all = (0..bags).flat_map(move |bag| states.of(bag).map(move |state| (bag, state)));
        all.enumerate().flat_map(move |(row, (bag, state))| {
            (0..self.heads).map(move |head| Place {
                keys: block(bag, key_stride, hidden, head),
                values: block(bag, value_stride, pattern, head),
                query: state * key_stride + head * hidden,
                output: row * value_stride + head * pattern,
                head,
            })
        })
    }

    /// How many factors a mask of dropout has: one for each weight p^T, state after state, head
    /// after head.
    pub fn mask_length(&self, pairing: &Pairing<'_>) -> usize {
        let zero = usize::from(self.has_zero);
        let count =
            |bag: usize| pairing.states.of(bag).len() * (pairing.stored.of(bag).len() + zero);
        let counts = (0..pairing.bag_count()).map(count);
        counts.sum::<usize>() * self.heads
    }

    fn check(&self, of: &AssociationInput<'_>) {
        let Pairing {
            stored,
            states,
            mask,
        } = of.pairing;
        let [hidden, pattern] = [self.hidden_size, self.pattern_size].map(|size| self.heads * size);
        let bags = stored.bag_count().zip(states.bag_count());
        assert!(
            of.keys.len() == stored.row_count() * hidden
                && of.values.len() == stored.row_count() * pattern
                && of.queries.len() == states.row_count() * hidden
                && of.betas.len() == self.heads
                && bags.is_none_or(|(stored, states)| stored == states)
                && mask.is_none_or(|mask| mask.len() == self.mask_length(&of.pairing)),
            "keys, values, queries and mask have the rows and bags that are said"
        );
    }

    /// Retrieves for every state; where β K q is not finite, all weights are NaN.
    ///
    /// # Panics
    /// If the shapes do not fit, or a bag with states has nothing stored.
    pub fn forward(&self, of: &AssociationInput<'_>, found: &mut Associated) {
        self.check(of);
        found.heads = self.heads;
        found.hidden_size = self.hidden_size;
        found.retrievals.clear();
        found.states.clear();
        found.weights.clear();
        found.output.clear();
        let columns = self.heads * self.pattern_size;
        found.output.resize(of.pairing.output_rows() * columns, 0.0);
        for place in self.places(of) {
            let query = &of.queries[place.query..][..self.hidden_size];
            let retrieval = self.retrieve(of.keys, place.keys, query, of.betas[place.head], found);
            let output = &mut found.output[place.output..][..self.pattern_size];
            let weights = &found.weights[retrieval.last()..][..place.values.count];
            for (index, weight) in weights.iter().enumerate() {
                let factor = of
                    .pairing
                    .mask
                    .map_or(1.0, |mask| mask[retrieval.factors + index]);
                add_scaled(output, factor * weight, place.values.row(of.values, index));
            }
            found.retrievals.push(retrieval);
        }
    }

    /// The weights of one state and head, and its states on the way.
    fn retrieve(
        &self,
        keys: &[f64],
        block: Block,
        query: &[f64],
        beta: f64,
        found: &mut Associated,
    ) -> Retrieval {
        let mut retrieval = Retrieval {
            states: found.states.len(),
            weights: found.weights.len(),
            count: block.count + usize::from(self.has_zero),
            steps: 0,
            factors: found
                .retrievals
                .last()
                .map_or(0, |last| last.factors + last.count),
        };
        found.states.extend_from_slice(query);
        loop {
            let state = &found.states[found.states.len() - block.size..];
            self.push_products([keys, state], block, beta, &mut found.weights);
            let last = retrieval.last();
            let weights = &mut found.weights[last..];
            if is_finite(weights) {
                entmax(weights, self.alpha);
            } else {
                weights.fill(f64::NAN);
            }
            if self.has_arrived(&retrieval, &found.weights[retrieval.weights..]) {
                return retrieval;
            }
            let next = found.states.len();
            found.states.resize(next + block.size, 0.0);
            for (index, &weight) in found.weights[last..][..block.count].iter().enumerate() {
                add_scaled(&mut found.states[next..], weight, block.row(keys, index));
            }
            retrieval.steps += 1;
        }
    }

    /// Whether the weights p⁰ … pᵗ end here.
    fn has_arrived(&self, retrieval: &Retrieval, weights: &[f64]) -> bool {
        match self.steps {
            UpdateSteps::Exactly(steps) => retrieval.steps == steps,
            UpdateSteps::Converged { at_most, .. } if retrieval.steps == at_most => true,
            UpdateSteps::Converged { .. } if retrieval.steps == 0 => false,
            UpdateSteps::Converged { tolerance, .. } => {
                let (before, last) = weights.split_at(weights.len() - retrieval.count);
                let before = &before[before.len() - retrieval.count..];
                let squares = before.iter().zip(last).map(|(a, b)| (a - b) * (a - b));
                squares.sum::<f64>().sqrt() <= tolerance
            }
        }
    }

    /// The energies E(q) = ½|q|² − Ψ_α(β K q)/β of q⁰ … q^T, state after state, head after head:
    /// every step lowers it by at least ½|qᵗ⁺¹ − qᵗ|² (as
    /// [`ComposedMemory::energies`](dam_memory::composed::ComposedMemory::energies)).
    ///
    /// # Panics
    /// If nothing was found of this input.
    pub fn energies(&self, of: &AssociationInput<'_>, found: &Associated) -> Vec<Vec<f64>> {
        self.check(of);
        let mut products = Vec::new();
        let mut energy = |place: &Place, state: &[f64]| {
            let beta = of.betas[place.head];
            products.clear();
            self.push_products([of.keys, state], place.keys, beta, &mut products);
            let potential = if is_finite(&products) {
                entmax_conjugate(&products, self.alpha)
            } else {
                f64::NAN
            };
            0.5 * dot(state, state) - potential / beta
        };
        let places = self.places(of).enumerate();
        let energies = places.map(|(index, place)| {
            let (row, head) = (index / self.heads, index % self.heads);
            let steps = 0..=found.steps(row, head);
            steps
                .map(|step| energy(&place, found.state(row, head, step)))
                .collect()
        });
        energies.collect()
    }

    /// Appends β K q, and 0 of the row of zeros.
    fn push_products(
        &self,
        [keys, state]: [&[f64]; 2],
        block: Block,
        beta: f64,
        products: &mut Vec<f64>,
    ) {
        let product = |index| beta * dot_in_lanes::<LANES>(block.row(keys, index), state);
        products.extend((0..block.count).map(product));
        products.extend(self.has_zero.then_some(0.0));
    }

    /// Replaces the slopes by those of what was found, from the slopes of its output.
    ///
    /// ```text
    /// g_p = m∘(V g_o),   g_V += (m∘p^T) g_oᵀ,   for t = T … 0:
    ///     g_θ = s∘(g_p − s·g_p/Σs),   g_β += g_θ·K qᵗ,   g_K += β g_θ qᵗᵀ,   g_q = β Kᵀ g_θ
    ///     if t > 0:  g_p = K g_q,   g_K += pᵗ⁻¹ g_qᵀ
    /// ```
    ///
    /// # Panics
    /// As [`forward`](Self::forward), whose input this must be.
    pub fn backward(
        &self,
        of: &AssociationInput<'_>,
        found: &Associated,
        gradient: &[f64],
        slopes: &mut AssociationGradient,
    ) {
        self.check(of);
        assert_eq!(
            gradient.len(),
            found.output.len(),
            "a slope for each output"
        );
        slopes.clear(of);
        slopes.of_state.resize(self.hidden_size, 0.0);
        for (place, retrieval) in self.places(of).zip(&found.retrievals) {
            let outward = &gradient[place.output..][..self.pattern_size];
            let last = &found.weights[retrieval.last()..][..retrieval.count];
            slopes.of_weights.clear();
            for (index, weight) in last[..place.values.count].iter().enumerate() {
                let factor = of
                    .pairing
                    .mask
                    .map_or(1.0, |mask| mask[retrieval.factors + index]);
                let value = place.values.row(of.values, index);
                let slope = factor * dot_in_lanes::<LANES>(outward, value);
                slopes.of_weights.push(slope);
                let of_value = place.values.row_mut(&mut slopes.values, index);
                add_scaled(of_value, factor * weight, outward);
            }
            // of the row of zeros
            slopes.of_weights.resize(retrieval.count, 0.0);
            self.back_through_steps(of, &place, *retrieval, found, slopes);
        }
    }

    /// From the slopes of the last weights to those of keys, β and query.
    fn back_through_steps(
        &self,
        of: &AssociationInput<'_>,
        place: &Place,
        retrieval: Retrieval,
        found: &Associated,
        slopes: &mut AssociationGradient,
    ) {
        let (size, beta) = (self.hidden_size, of.betas[place.head]);
        let weights = |step: usize| {
            &found.weights[retrieval.weights + step * retrieval.count..][..retrieval.count]
        };
        for step in (0..=retrieval.steps).rev() {
            entmax_backward(weights(step), self.alpha, &mut slopes.of_weights);
            let state = &found.states[retrieval.states + step * size..][..size];
            slopes.of_state.fill(0.0);
            for index in 0..place.keys.count {
                let slope = slopes.of_weights[index];
                let key = place.keys.row(of.keys, index);
                slopes.betas[place.head] += slope * dot_in_lanes::<LANES>(key, state);
                let of_key = place.keys.row_mut(&mut slopes.keys, index);
                add_scaled(of_key, beta * slope, state);
                add_scaled(&mut slopes.of_state, beta * slope, key);
            }
            if step > 0 {
                let before = &weights(step - 1)[..place.keys.count];
                for (index, &weight) in before.iter().enumerate() {
                    let key = place.keys.row(of.keys, index);
                    slopes.of_weights[index] = dot_in_lanes::<LANES>(&slopes.of_state, key);
                    let of_key = place.keys.row_mut(&mut slopes.keys, index);
                    add_scaled(of_key, weight, &slopes.of_state);
                }
                slopes.of_weights[place.keys.count..].fill(0.0);
            }
        }
        let of_query = &mut slopes.queries[place.query..][..size];
        add_scaled(of_query, 1.0, &slopes.of_state);
    }
}

impl Retrieval {
    /// Where the weights p^T begin.
    fn last(&self) -> usize {
        self.weights + self.steps * self.count
    }
}

impl Associated {
    /// How many rows the output has.
    pub fn row_count(&self) -> usize {
        self.retrievals.len() / self.heads.max(1)
    }

    /// How many heads.
    pub fn heads(&self) -> usize {
        self.heads
    }

    fn retrieval(&self, row: usize, head: usize) -> Retrieval {
        assert!(head < self.heads, "there are {} heads", self.heads);
        self.retrievals[row * self.heads + head]
    }

    /// T of a row of the output in a head.
    ///
    /// # Panics
    /// If there is no such row or head.
    pub fn steps(&self, row: usize, head: usize) -> usize {
        self.retrieval(row, head).steps
    }

    /// pᵗ of a row of the output in a head: the attention map at t = T.
    ///
    /// # Panics
    /// If there is no such row, head or step.
    pub fn weights(&self, row: usize, head: usize, step: usize) -> &[f64] {
        let retrieval = self.retrieval(row, head);
        assert!(step <= retrieval.steps, "it made {} steps", retrieval.steps);
        &self.weights[retrieval.weights + step * retrieval.count..][..retrieval.count]
    }

    /// qᵗ of a row of the output in a head.
    ///
    /// # Panics
    /// If there is no such row, head or step.
    pub fn state(&self, row: usize, head: usize, step: usize) -> &[f64] {
        let retrieval = self.retrieval(row, head);
        assert!(step <= retrieval.steps, "it made {} steps", retrieval.steps);
        &self.states[retrieval.states + step * self.hidden_size..][..self.hidden_size]
    }
}

impl AssociationGradient {
    /// 0 everywhere, in the shapes of an input.
    fn clear(&mut self, of: &AssociationInput<'_>) {
        let shapes = [
            of.keys.len(),
            of.values.len(),
            of.queries.len(),
            of.betas.len(),
        ];
        let slopes = [
            &mut self.keys,
            &mut self.values,
            &mut self.queries,
            &mut self.betas,
        ];
        for (slopes, length) in slopes.into_iter().zip(shapes) {
            slopes.clear();
            slopes.resize(length, 0.0);
        }
    }
}
