//! Poolings without a memory: means, weighted or not, and maxima.

use dam_memory::products::{add_scaled, dot};
use dam_memory::separations::entmax::entmax_backward;
use dam_memory::separations::softmax::softmax;

use crate::activation::Tanh;
use crate::gate::Gate;
use crate::layer::{Chain, ChainTrace};
use crate::linear::Linear;
use crate::network::{Batch, Pooling};
use crate::parameters::{Parameters, named};

/// Σ a_i h_i over the rows h_i of a bag, a = softmax of their scores or all equal (M. Ilse, J. M.
/// Tomczak, M. Welling, arXiv:1802.04712, eqs 7–9).
#[derive(Debug)]
pub struct MeanPooling {
    size: usize,
    scores: Option<Chain>,
}

/// What happens in a [`MeanPooling`].
#[derive(Debug, Default)]
pub struct MeanTrace {
    scores: ChainTrace,
    weights: Vec<f64>,
    output: Vec<f64>,
    of_weights: Vec<f64>,
}

/// The largest number of each column, of equals that of the first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPooling {
    /// Numbers of a row.
    pub size: usize,
}

/// What happens in a [`MaxPooling`].
#[derive(Debug, Default)]
pub struct MaxTrace {
    /// Where each output comes from.
    places: Vec<usize>,
    output: Vec<f64>,
}

impl MeanPooling {
    /// The mean: a_i = 1/n.
    pub fn plain(size: usize) -> Self {
        Self { size, scores: None }
    }

    /// Attention, a_i ∝ exp wᵀ tanh(V h_i + b), with `hidden` numbers of V h: blocks
    /// `{name}.hidden` and `{name}.score`.
    pub fn attention(parameters: &mut Parameters, name: &str, size: usize, hidden: usize) -> Self {
        let first = Linear::new(parameters, &named(name, "hidden"), [size, hidden]);
        let chain = Chain::default().with(first).with(Tanh::new(hidden));
        Self::scored(parameters, name, chain, [size, hidden])
    }

    /// Gated attention, a_i ∝ exp wᵀ [tanh(V h_i + b)∘σ(U h_i + c)]: V over U in `{name}.hidden`.
    pub fn gated(parameters: &mut Parameters, name: &str, size: usize, hidden: usize) -> Self {
        let first = Linear::new(parameters, &named(name, "hidden"), [size, 2 * hidden]);
        let chain = Chain::default().with(first).with(Gate { size: hidden });
        Self::scored(parameters, name, chain, [size, hidden])
    }

    fn scored(
        parameters: &mut Parameters,
        name: &str,
        chain: Chain,
        [size, hidden]: [usize; 2],
    ) -> Self {
        let score = Linear::new(parameters, &named(name, "score"), [hidden, 1]);
        Self {
            size,
            scores: Some(chain.with(score)),
        }
    }
}

impl Pooling for MeanPooling {
    type Trace = MeanTrace;

    fn output_size(&self) -> usize {
        self.size
    }

    fn forward(&self, parameters: &[f64], batch: Batch<'_>, trace: &mut MeanTrace) {
        let rows = batch.bags.row_count();
        assert_eq!(batch.rows.len(), rows * self.size, "rows of these bags");
        trace.weights.clear();
        match &self.scores {
            Some(scores) => {
                scores.forward(parameters, batch.rows, &mut trace.scores);
                trace
                    .weights
                    .extend_from_slice(trace.scores.output(batch.rows));
            }
            None => trace.weights.resize(rows, 0.0),
        }
        trace.output.clear();
        for bag in 0..batch.bags.count() {
            let rows = batch.bags.rows().of(bag);
            assert!(!rows.is_empty(), "a bag has rows");
            let weights = &mut trace.weights[rows.clone()];
            softmax(weights);
            let begin = trace.output.len();
            trace.output.resize(begin + self.size, 0.0);
            let rows = &batch.rows[rows.start * self.size..];
            for (row, weight) in rows.chunks_exact(self.size).zip(weights) {
                add_scaled(&mut trace.output[begin..], *weight, row);
            }
        }
    }

    fn output<'a>(&self, trace: &'a MeanTrace) -> &'a [f64] {
        &trace.output
    }

    fn backward(
        &self,
        parameters: &[f64],
        batch: Batch<'_>,
        trace: &mut MeanTrace,
        gradient: &[f64],
        slopes: &mut [f64],
        of_rows: &mut [f64],
    ) {
        trace.of_weights.clear();
        for (bag, gradient) in gradient.chunks_exact(self.size).enumerate() {
            let rows = batch.bags.rows().of(bag);
            for row in rows.clone() {
                let place = row * self.size..(row + 1) * self.size;
                trace
                    .of_weights
                    .push(dot(&batch.rows[place.clone()], gradient));
                add_scaled(&mut of_rows[place], trace.weights[row], gradient);
            }
            let of_weights = &mut trace.of_weights[rows.clone()];
            entmax_backward(&trace.weights[rows], 1.0, of_weights);
        }
        if let Some(scores) = &self.scores {
            let (rows, of_scores) = (batch.rows, &trace.of_weights);
            let own = &mut trace.scores;
            scores.backward(parameters, rows, own, of_scores, slopes, Some(of_rows));
        }
    }
}

impl Pooling for MaxPooling {
    type Trace = MaxTrace;

    fn output_size(&self) -> usize {
        self.size
    }

    fn forward(&self, _: &[f64], batch: Batch<'_>, trace: &mut MaxTrace) {
        trace.places.clear();
        for bag in 0..batch.bags.count() {
            let rows = batch.bags.rows().of(bag);
            assert!(!rows.is_empty(), "a bag has rows");
            let largest = |column: usize| {
                let places = rows.clone().map(|row| row * self.size + column);
                let larger = |best: usize, place: usize| {
                    if batch.rows[place] > batch.rows[best] {
                        place
                    } else {
                        best
                    }
                };
                places.reduce(larger).expect("a bag has rows")
            };
            trace.places.extend((0..self.size).map(largest));
        }
        trace.output.clear();
        let numbers = trace.places.iter().map(|&place| batch.rows[place]);
        trace.output.extend(numbers);
    }

    fn output<'a>(&self, trace: &'a MaxTrace) -> &'a [f64] {
        &trace.output
    }

    fn backward(
        &self,
        _: &[f64],
        _: Batch<'_>,
        trace: &mut MaxTrace,
        gradient: &[f64],
        _: &mut [f64],
        of_rows: &mut [f64],
    ) {
        for (&place, slope) in trace.places.iter().zip(gradient) {
            of_rows[place] += slope;
        }
    }
}
