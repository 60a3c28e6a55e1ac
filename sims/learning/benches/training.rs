//! Times training steps on the memories and the start that a script writes, a line of input at a
//! time.
//!
//! `training_against_torch.py` drives it in turns with PyTorch. Arguments: the files of memories,
//! weights and bias (little-endian f64; `-` for no bias), d, the loss (`average`, `maximum`,
//! `u-hop-plus`), the optimiser (`descent`, `adam`). Each line of input holds a number of steps to
//! make; the answer is the seconds that they took and the loss and |∇L| after them.

use std::io::{BufRead, Write};
use std::time::Instant;

use dam_learning::{
    FeatureMap, LossForm, Optimiser, Projection, SeparationLoss, Trainer, Training,
};
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::Patterns;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` without a script passes no files
    let [memories, weights, bias, input_size, form, optimiser] = arguments.as_slice() else {
        println!("run scripts/benches/training_against_torch.py");
        return;
    };
    let input_size = input_size.parse().expect("d is a number");
    let memories = Patterns::from_rows(input_size, read(memories));
    let mut start = FeatureMap::from_weights(input_size, read(weights));
    if bias != "-" {
        start = start.with_bias(read(bias));
    }
    let training = Training {
        loss: SeparationLoss::normalised(match form.as_str() {
            "average" => LossForm::Average { sharpness: 2.0 },
            "maximum" => LossForm::Maximum { sharpness: 2.0 },
            "u-hop-plus" => LossForm::UHopPlus { temperature: 0.1 },
            other => panic!("unknown loss {other}"),
        }),
        optimiser: match optimiser.as_str() {
            "descent" => Optimiser::gradient_descent(1.0),
            "adam" => Optimiser::adam(1e-3),
            other => panic!("unknown optimiser {other}"),
        },
        projection: Projection::None,
        epochs: 0,
        tolerance: 0.0,
        parallelism: Parallelism::Chunks,
    };
    let mut trainer = Trainer::new(&training, &memories, start).expect("the script fits");
    for line in std::io::stdin().lock().lines() {
        let steps: usize = line
            .expect("text")
            .trim()
            .parse()
            .expect("a number of steps");
        let started = Instant::now();
        for _ in 0..steps {
            trainer.step().expect("training goes on");
        }
        let seconds = started.elapsed().as_secs_f64();
        let state = trainer.state();
        println!("{seconds:e} {:e} {:e}", state.loss, state.gradient_norm);
        std::io::stdout().flush().expect("the script listens");
    }
}

fn read(path: &str) -> Vec<f64> {
    let bytes = std::fs::read(path).expect("the script has written it");
    let (numbers, _) = bytes.as_chunks::<8>();
    numbers.iter().copied().map(f64::from_le_bytes).collect()
}
