//! Dropout, optimiser and schedules.

use dam_layers::{AdamW, Decay, Dropout, Initial, Parameters, Schedule, clip};
use dam_memory::streams::StreamKey;

#[test]
fn dropout_keeps_the_mean_and_is_the_same_for_the_same_stream() {
    assert!(Dropout::new(1.0).is_err() && Dropout::new(f64::NAN).is_err());
    let dropout = Dropout::new(0.25).unwrap();
    let draw = |purpose: &str| {
        let mut mask = vec![7.0];
        dropout.draw(20_000, &mut StreamKey::new(1).rng(purpose), &mut mask);
        mask
    };
    let mask = draw("a");
    assert_eq!(mask.len(), 20_000);
    assert!(
        mask.iter()
            .all(|&factor| factor == 0.0 || factor == 1.0 / 0.75)
    );
    let mean = mask.iter().sum::<f64>() / 20_000.0;
    // its standard error is √(r/(1−r)/n) = 0.0041
    assert!((mean - 1.0).abs() < 0.02, "{mean}");
    assert_eq!(mask, draw("a"));
    assert_ne!(mask, draw("b"));
    let mut numbers = [2.0, 3.0];
    Dropout::apply(&[0.0, 2.0], &mut numbers);
    assert_eq!(numbers, [0.0, 6.0]);
}

#[test]
fn blocks_begin_by_key_and_name() {
    let build = |seed: u64, names: [&str; 2]| {
        let mut parameters = Parameters::new(StreamKey::new(seed));
        let law = Initial::Normal { deviation: 0.5 };
        let spans = names.map(|name| parameters.add(name, &[2, 3], law));
        spans.map(|span| span.of(parameters.values()).to_vec())
    };
    let [a, b] = build(1, ["a", "b"]);
    assert_eq!(build(1, ["c", "a"])[1], a);
    assert_ne!(a, b);
    assert_ne!(build(2, ["a", "b"])[0], a);
}

/// AdamW by its formulas, in the order of the paper.
fn adam_w(start: f64, slopes: &[f64], rate: f64, decay: f64) -> f64 {
    let (mut mean, mut square, mut number) = (0.0, 0.0, start);
    for (step, slope) in (1..).zip(slopes) {
        mean = 0.9 * mean + 0.1 * slope;
        square = 0.999 * square + 0.001 * slope * slope;
        number -= rate * decay * number;
        let mean = mean / (1.0 - 0.9_f64.powi(step));
        let square: f64 = square / (1.0 - 0.999_f64.powi(step));
        number -= rate * mean / (square.sqrt() + 1e-8);
    }
    number
}

#[test]
fn adam_w_is_its_formula_and_leaves_fixed_blocks_alone() {
    let mut parameters = Parameters::new(StreamKey::new(1));
    parameters.add("moved", &[1], Initial::Constant(0.7));
    parameters.add_block("fixed", &[1], Initial::Constant(0.7), false);
    let slopes = [0.3, -2.0, 0.4, 1e-3];
    let mut optimiser = AdamW::new(&parameters, 0.1);
    for slope in slopes {
        optimiser.step(0.01, &mut parameters, &[slope, slope]);
    }
    let expected = adam_w(0.7, &slopes, 0.01, 0.1);
    assert!((parameters.values()[0] - expected).abs() < 1e-15);
    assert_eq!(parameters.values()[1], 0.7);
}

#[test]
fn gradients_are_clipped_over_the_blocks_that_are_trained() {
    let mut parameters = Parameters::new(StreamKey::new(1));
    parameters.add("a", &[2], Initial::Constant(0.0));
    parameters.add_block("fixed", &[1], Initial::Constant(0.0), false);
    let mut gradient = [3.0, 4.0, 12.0];
    assert_eq!(clip(&parameters, &mut gradient, 1.0), 5.0);
    assert!((gradient[0] - 0.6).abs() < 1e-15 && gradient[2] == 12.0);
    let before = gradient;
    clip(&parameters, &mut gradient, 1.5);
    assert_eq!(gradient, before);
}

#[test]
fn rates_follow_their_schedules() {
    let rates = |decay: Decay| [0, 1, 5, 10].map(|epoch| Schedule::new(2.0, decay).rate(epoch));
    assert_eq!(rates(Decay::Constant), [2.0; 4]);
    assert_eq!(
        rates(Decay::Exponential { factor: 0.5 }),
        [2.0, 1.0, 0.0625, 2.0 / 1024.0]
    );
    assert_eq!(
        rates(Decay::Steps {
            factor: 0.5,
            every: 5
        }),
        [2.0, 2.0, 1.0, 0.5]
    );
    let cosine = rates(Decay::Cosine { epochs: 10 });
    assert_eq!((cosine[0], cosine[3]), (2.0, 0.0));
    assert!((cosine[2] - 1.0).abs() < 1e-15);
    let rising = Schedule::new(1.0, Decay::Constant).with_warm_up(4);
    assert_eq!(
        [0, 1, 3, 4].map(|epoch| rising.rate(epoch)),
        [0.25, 0.5, 1.0, 1.0]
    );
}
