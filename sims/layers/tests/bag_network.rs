//! Networks over bags: slopes, bits, and that they learn.

use dam_layers::{
    BagNetwork, BagSet, Bags, Batch, Decay, HopfieldOptions, HopfieldPooling, MaxPooling,
    MeanPooling, NetworkTrace, Parameters, Pooling, Schedule, Trainer, Training, UpdateSteps,
    check_gradient,
};
use dam_learning::{LossForm, SeparationLoss};
use dam_memory::streams::StreamKey;

use crate::numbers;

const SIZE: usize = 5;

const WIDTH: usize = 8;

fn build<P: Pooling>(pooling: impl FnOnce(&mut Parameters) -> P) -> (Parameters, BagNetwork<P>) {
    let mut parameters = Parameters::new(StreamKey::new(4));
    let pooling = pooling(&mut parameters);
    let network = BagNetwork::new(&mut parameters, "", [SIZE, WIDTH], pooling);
    (parameters, network)
}

fn hopfield(parameters: &mut Parameters) -> HopfieldPooling {
    let options = HopfieldOptions {
        num_heads: 2,
        alpha: 1.5,
        kernel_size: Some(8),
        update_steps: UpdateSteps::Exactly(1),
        dropout: 0.3,
        ..HopfieldOptions::default()
    };
    HopfieldPooling::new(parameters, "pooling", WIDTH, &options, 2, true).unwrap()
}

/// Bags of 1 to 9 instances; label 1 where one of them has a large first number.
fn set(count: usize) -> BagSet {
    let sizes: Vec<usize> = (0..count).map(|bag| 1 + bag * 7 % 9).collect();
    let bags = Bags::of_sizes(sizes);
    let mut rows = numbers(bags.row_count() * SIZE, "rows");
    let labels: Vec<bool> = (0..count).map(|bag| bag % 2 == 0).collect();
    for (bag, &label) in labels.iter().enumerate() {
        let first = bags.rows().of(bag).start;
        rows[first * SIZE] += if label { 2.0 } else { 0.0 };
    }
    BagSet {
        size: SIZE,
        rows,
        bags,
        labels,
    }
}

fn check_slopes<P: Pooling>(pooling: impl FnOnce(&mut Parameters) -> P) {
    let (mut parameters, network) = build(pooling);
    for (number, drawn) in parameters
        .values_mut()
        .iter_mut()
        .zip(numbers(2000, "more"))
    {
        *number += 0.4 * drawn;
    }
    let set = set(5);
    let length = network.pooling().mask_length(&set.bags);
    let rng = &mut StreamKey::new(1).rng("mask");
    let mut mask = Vec::new();
    network.pooling().dropout().draw(length, rng, &mut mask);
    let batch = Batch {
        rows: &set.rows,
        bags: &set.bags,
        mask: Some(&mask),
    };
    let run = |at: &[f64], slopes: &mut [f64]| {
        let trace = &mut NetworkTrace::default();
        network.loss(at, batch, &set.labels, trace, slopes)
    };
    let values = parameters.values();
    let mut slopes = vec![0.0; values.len()];
    run(values, &mut slopes);
    let function = |at: &[f64]| (run(at, &mut vec![0.0; at.len()]), ());
    let check = check_gradient(values, &slopes, 1e-6, function);
    assert!(check.worst <= 1e-8, "{check:?}");
    let large = slopes.iter().filter(|slope| slope.abs() > 1e-4);
    assert!(large.count() > values.len() / 2);
}

#[test]
fn slopes_of_the_loss_are_those_of_central_differences() {
    check_slopes(hopfield);
    check_slopes(|_| MeanPooling::plain(WIDTH));
    check_slopes(|_| MaxPooling { size: WIDTH });
    check_slopes(|parameters| MeanPooling::attention(parameters, "pooling", WIDTH, 4));
    check_slopes(|parameters| MeanPooling::gated(parameters, "pooling", WIDTH, 4));
}

#[test]
fn a_network_learns_with_the_same_bits_each_time_and_scores_bags_alone_as_together() {
    let set = set(60);
    let members: Vec<usize> = (0..60).collect();
    let training = Training {
        schedule: Schedule::new(1e-2, Decay::Exponential { factor: 0.97 }),
        weight_decay: 0.01,
        longest_gradient: 1.0,
        batch_size: 8,
    };
    let learn = |epochs: usize| {
        let (mut parameters, network) = build(hopfield);
        let mut trainer = Trainer::new(&network, &parameters, training, StreamKey::new(9));
        let losses: Vec<f64> = (0..epochs)
            .map(|epoch| trainer.run_epoch(&mut parameters, &set, &members, epoch))
            .collect();
        (losses, parameters)
    };
    let (losses, parameters) = learn(40);
    assert!(losses[0] > 0.6 && losses[39] < 0.2, "{losses:?}");
    assert_eq!(learn(2).0, losses[..2]);
    let (_, network) = build(hopfield);
    let trace = &mut NetworkTrace::default();
    let batch = Batch {
        rows: &set.rows,
        bags: &set.bags,
        mask: None,
    };
    let scores = network.scores(parameters.values(), batch, trace).to_vec();
    let right = scores
        .iter()
        .zip(&set.labels)
        .filter(|(score, label)| (**score > 0.0) == **label);
    assert!(right.count() >= 57);
    for (bag, score) in scores.iter().enumerate() {
        let rows = set.bag(bag);
        let bags = Bags::of_sizes([rows.len() / SIZE]);
        let alone = Batch {
            rows,
            bags: &bags,
            mask: None,
        };
        assert_eq!(network.scores(parameters.values(), alone, trace), [*score]);
    }
}

#[test]
fn a_separation_loss_goes_down_by_its_own_slopes() {
    let (mut parameters, network) = build(hopfield);
    let set = set(20);
    let loss = SeparationLoss::normalised(LossForm::Average { sharpness: 5.0 });
    let batch = Batch {
        rows: &set.rows,
        bags: &set.bags,
        mask: None,
    };
    let run = |at: &[f64], slopes: &mut [f64]| {
        let trace = &mut NetworkTrace::default();
        network.separation(at, batch, &loss, trace, slopes).unwrap()
    };
    let values = parameters.values();
    let mut slopes = vec![0.0; values.len()];
    let before = run(values, &mut slopes);
    let function = |at: &[f64]| (run(at, &mut vec![0.0; at.len()]), ());
    let check = check_gradient(values, &slopes, 1e-6, function);
    assert!(check.worst <= 1e-8, "{check:?}");
    // nothing beyond Φ and what comes before it is touched
    for block in parameters.blocks() {
        let is_touched = block.span.of(&slopes).iter().any(|slope| *slope != 0.0);
        let is_before = ["embedding", "pooling.hopfield.kernel"];
        let is_before = is_before.iter().any(|name| block.name.starts_with(name));
        assert_eq!(is_touched, is_before, "{}", block.name);
    }
    let training = Training {
        schedule: Schedule::new(1e-2, Decay::Constant),
        weight_decay: 0.0,
        longest_gradient: f64::INFINITY,
        batch_size: 8,
    };
    let members: Vec<usize> = (0..20).collect();
    let mut trainer = Trainer::new(&network, &parameters, training, StreamKey::new(9));
    for epoch in 0..10 {
        trainer
            .run_separation_epoch(&mut parameters, &set, &members, epoch, &loss)
            .unwrap();
    }
    assert!(run(parameters.values(), &mut slopes) < before - 1.0);
}
