//! A network of every layer, as the tests take it apart.

use dam_layers::{
    Associated, Association, AssociationGradient, AssociationInput, Bags, Initial, LayerNorm,
    Linear, Parameters, Rows, Span, UpdateSteps, logistic_loss, relu, relu_backward,
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
    embedding: Linear,
    map: Option<Linear>,
    norm: LayerNorm,
    keys: Linear,
    values: Linear,
    queries: Span,
    betas: Span,
    head: Linear,
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
        let network = Self {
            association,
            embedding: linear(own, "embedding", [INPUTS, WIDTH]),
            map: kind.has_map.then(|| linear(own, "kernel", [WIDTH, WIDTH])),
            norm: LayerNorm::new(own, "norm", WIDTH),
            keys: linear(own, "keys", [WIDTH, HEADS * HIDDEN]),
            values: linear(own, "values", [WIDTH, HEADS * PATTERN]),
            queries: own.add("queries", &[2, HEADS * HIDDEN], uniform),
            betas: own.add("betas", &[HEADS], Initial::Constant(1.2)),
            head: linear(own, "head", [HEADS * PATTERN, 1]),
            parameters,
        };
        let Self {
            mut parameters,
            norm,
            ..
        } = network;
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

    /// Loss and slopes where every state of a bag has the label of the bag's parity.
    pub fn run(
        &self,
        parameters: &[f64],
        input: &[f64],
        bags: &Bags,
        mask: Option<&[f64]>,
    ) -> Outcome {
        let mut own = Buffers::default();
        self.embedding
            .forward(parameters, input, &mut own.instances);
        relu(&mut own.instances);
        let mapped = match &self.map {
            Some(map) => {
                map.forward(parameters, &own.instances, &mut own.mapped);
                &own.mapped
            }
            None => &own.instances,
        };
        self.norm.forward(parameters, mapped, &mut own.normed);
        self.keys.forward(parameters, &own.normed, &mut own.keys);
        self.values
            .forward(parameters, &own.instances, &mut own.values);
        let of = AssociationInput {
            keys: &own.keys,
            values: &own.values,
            queries: self.queries.of(parameters),
            betas: self.betas.of(parameters),
            stored: bags.rows(),
            states: Rows::shared(2),
            mask,
        };
        let mut found = Associated::default();
        self.association.forward(&of, &mut found);
        own.pooled.clone_from(&found.output);
        relu(&mut own.pooled);
        let mut scores = Vec::new();
        self.head.forward(parameters, &own.pooled, &mut scores);
        let losses = scores.iter().enumerate();
        let losses: Vec<_> = losses
            .map(|(row, &score)| logistic_loss(score, row % 3 == 0))
            .collect();
        let of_scores: Vec<f64> = losses.iter().map(|(_, slope)| *slope).collect();

        let mut slopes = vec![0.0; parameters.len()];
        let mut of_pooled = vec![0.0; own.pooled.len()];
        self.head.backward(
            parameters,
            &own.pooled,
            &of_scores,
            &mut slopes,
            Some(&mut of_pooled),
        );
        relu_backward(&own.pooled, &mut of_pooled);
        let mut back = AssociationGradient::default();
        self.association
            .backward(&of, &found, &of_pooled, &mut back);
        self.queries
            .of_mut(&mut slopes)
            .copy_from_slice(&back.queries);
        self.betas.of_mut(&mut slopes).copy_from_slice(&back.betas);
        let zeros = || vec![0.0; own.instances.len()];
        let (mut of_instances, mut of_normed, mut of_mapped) = (zeros(), zeros(), zeros());
        self.values.backward(
            parameters,
            &own.instances,
            &back.values,
            &mut slopes,
            Some(&mut of_instances),
        );
        self.keys.backward(
            parameters,
            &own.normed,
            &back.keys,
            &mut slopes,
            Some(&mut of_normed),
        );
        let of_map_output = if self.map.is_some() {
            &mut of_mapped
        } else {
            &mut of_instances
        };
        self.norm
            .backward(parameters, mapped, &of_normed, &mut slopes, of_map_output);
        if let Some(map) = &self.map {
            map.backward(
                parameters,
                &own.instances,
                &of_mapped,
                &mut slopes,
                Some(&mut of_instances),
            );
        }
        relu_backward(&own.instances, &mut of_instances);
        let mut of_input = vec![0.0; input.len()];
        self.embedding.backward(
            parameters,
            input,
            &of_instances,
            &mut slopes,
            Some(&mut of_input),
        );
        Outcome {
            loss: losses.iter().map(|(loss, _)| loss).sum(),
            branch: branch(&own, &found),
            scores,
            slopes,
            of_input,
        }
    }

    pub fn mask_length(&self, bags: &Bags) -> usize {
        self.association.mask_length(bags.rows(), Rows::shared(2))
    }
}

#[derive(Default)]
struct Buffers {
    instances: Vec<f64>,
    mapped: Vec<f64>,
    normed: Vec<f64>,
    keys: Vec<f64>,
    values: Vec<f64>,
    pooled: Vec<f64>,
}

fn branch(own: &Buffers, found: &Associated) -> Branch {
    let places = (0..found.row_count()).flat_map(|row| (0..HEADS).map(move |head| (row, head)));
    let weights = places.flat_map(|(row, head)| {
        let steps = 0..=found.steps(row, head);
        steps.flat_map(move |step| found.weights(row, head, step))
    });
    Branch {
        rectifiers: own
            .instances
            .iter()
            .chain(&own.pooled)
            .map(|number| *number > 0.0)
            .collect(),
        supports: weights.map(|weight| *weight > 0.0).collect(),
    }
}

pub fn input(bags: &Bags) -> Vec<f64> {
    numbers(bags.row_count() * INPUTS, "input")
}
