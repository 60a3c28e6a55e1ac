//! A network of every layer, as the tests take it apart.

use dam_layers::{
    Associated, Association, AssociationGradient, AssociationInput, Bags, Chain, ChainTrace,
    Initial, LayerNorm, Linear, Pairing, Parameters, Relu, Rows, Span, UpdateSteps, logistic_loss,
};
use dam_memory::streams::StreamKey;

use crate::numbers;

const INPUTS: usize = 5;
pub const WIDTH: usize = 6;
const HEADS: usize = 2;
const HIDDEN: usize = 3;
const PATTERN: usize = 2;

/// What may differ between two of these networks.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub alpha: f64,
    pub steps: UpdateSteps,
    pub has_map: bool,
    pub has_zero: bool,
    pub has_mask: bool,
}

impl Kind {
    pub fn new(alpha: f64, steps: usize, has_map: bool) -> Self {
        Self {
            alpha,
            steps: UpdateSteps::Exactly(steps),
            has_map,
            has_zero: false,
            has_mask: false,
        }
    }
}

/// Linear → ReLU → Φ → LayerNorm → keys, values from the ReLU → association with queries of its own
/// and β → ReLU → linear → score.
pub struct Network {
    pub parameters: Parameters,
    association: Association,
    embedding: Chain,
    keys: Chain,
    values: Chain,
    queries: Span,
    betas: Span,
    head: Chain,
}

/// Scores, slopes and which way the network went.
pub struct Outcome {
    pub scores: Vec<f64>,
    pub loss: f64,
    pub slopes: Vec<f64>,
    pub of_input: Vec<f64>,
    pub branch: Branch,
}

/// Which way a network went.
#[derive(PartialEq)]
pub struct Branch {
    /// Which rectifiers are open.
    pub rectifiers: Vec<bool>,
    /// Which weights are above 0.
    pub supports: Vec<bool>,
}

impl Network {
    pub fn new(kind: Kind, seed: u64) -> Self {
        let mut parameters = Parameters::new(StreamKey::new(seed));
        let own = &mut parameters;
        let uniform = Initial::Uniform { bound: 0.9 };
        let association = Association {
            heads: HEADS,
            hidden_size: HIDDEN,
            pattern_size: PATTERN,
            steps: kind.steps,
            alpha: kind.alpha,
            has_zero: kind.has_zero,
        };
        let linear = |own: &mut Parameters, name: &str, sizes| {
            Linear::starting(own, name, sizes, uniform, Some(uniform))
        };
        let norm = LayerNorm::new(own, "norm", WIDTH);
        let map = kind.has_map.then(|| linear(own, "kernel", [WIDTH, WIDTH]));
        let keys = Chain::default().with_some(map).with(norm);
        let (columns, rows) = (HEADS * PATTERN, HEADS * HIDDEN);
        let network = Self {
            association,
            embedding: Chain::default()
                .with(linear(own, "embedding", [INPUTS, WIDTH]))
                .with(Relu::new(WIDTH)),
            keys: keys.with(linear(own, "keys", [WIDTH, rows])),
            values: Chain::default().with(linear(own, "values", [WIDTH, columns])),
            queries: own.add("queries", &[2, rows], uniform),
            betas: own.add("betas", &[HEADS], Initial::Constant(1.2)),
            head: Chain::default()
                .with(Relu::new(columns))
                .with(linear(own, "head", [columns, 1])),
            parameters: Parameters::new(StreamKey::new(seed)),
        };
        // LayerNorm begins at γ = 1, b = 0, of which nothing could be told
        for span in norm.affine.unwrap() {
            let drawn = numbers(WIDTH, "norm");
            let own = span.of_mut(parameters.values_mut()).iter_mut();
            own.zip(drawn)
                .for_each(|(number, drawn)| *number += 0.5 * drawn);
        }
        Self {
            parameters,
            ..network
        }
    }

    /// Loss and slopes where every third state has the label 1.
    pub fn run(
        &self,
        parameters: &[f64],
        input: &[f64],
        bags: &Bags,
        mask: Option<&[f64]>,
    ) -> Outcome {
        let [mut embedding, mut keys, mut values, mut head] =
            [(); 4].map(|()| ChainTrace::default());
        self.embedding.forward(parameters, input, &mut embedding);
        let instances = embedding.output(input).to_vec();
        self.keys.forward(parameters, &instances, &mut keys);
        self.values.forward(parameters, &instances, &mut values);
        let of = AssociationInput {
            keys: keys.output(&instances),
            values: values.output(&instances),
            queries: self.queries.of(parameters),
            betas: self.betas.of(parameters),
            pairing: Pairing {
                mask,
                ..pairing(bags)
            },
        };
        let mut found = Associated::default();
        self.association.forward(&of, &mut found);
        self.head.forward(parameters, &found.output, &mut head);
        let scores = head.output(&found.output).to_vec();
        let losses = scores.iter().enumerate();
        let losses: Vec<_> = losses
            .map(|(row, &score)| logistic_loss(score, row % 3 == 0))
            .collect();
        let of_scores: Vec<f64> = losses.iter().map(|(_, slope)| *slope).collect();

        let mut slopes = vec![0.0; parameters.len()];
        let own = &mut slopes;
        let [mut of_pooled, mut of_instances, mut of_input] =
            [&found.output, &instances, input].map(|of| vec![0.0; of.len()]);
        let back = Some(of_pooled.as_mut_slice());
        self.head
            .backward(parameters, &found.output, &mut head, &of_scores, own, back);
        let mut back = AssociationGradient::default();
        self.association
            .backward(&of, &found, &of_pooled, &mut back);
        self.queries.of_mut(own).copy_from_slice(&back.queries);
        self.betas.of_mut(own).copy_from_slice(&back.betas);
        for (chain, trace, gradient) in [
            (&self.keys, &mut keys, &back.keys),
            (&self.values, &mut values, &back.values),
        ] {
            let back = Some(of_instances.as_mut_slice());
            chain.backward(parameters, &instances, trace, gradient, own, back);
        }
        let back = Some(of_input.as_mut_slice());
        self.embedding
            .backward(parameters, input, &mut embedding, &of_instances, own, back);
        let rectified = instances.iter().chain(&head.outputs()[0]);
        Outcome {
            loss: losses.iter().map(|(loss, _)| loss).sum(),
            branch: Branch {
                rectifiers: rectified.map(|number| *number > 0.0).collect(),
                supports: supports(&found),
            },
            scores,
            slopes,
            of_input,
        }
    }

    pub fn mask_length(&self, bags: &Bags) -> usize {
        self.association.mask_length(&pairing(bags))
    }
}

/// Two states a bag.
fn pairing(bags: &Bags) -> Pairing<'_> {
    Pairing::new(bags.rows(), Rows::shared(2))
}

/// Which weights of all steps are above 0.
pub fn supports(found: &Associated) -> Vec<bool> {
    let heads = found.heads();
    let places = (0..found.row_count()).flat_map(|row| (0..heads).map(move |head| (row, head)));
    let weights = places.flat_map(|(row, head)| {
        let steps = 0..=found.steps(row, head);
        steps.flat_map(move |step| found.weights(row, head, step))
    });
    weights.map(|weight| *weight > 0.0).collect()
}

pub fn input(bags: &Bags) -> Vec<f64> {
    numbers(bags.row_count() * INPUTS, "input")
}
