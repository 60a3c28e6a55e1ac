//! Epochs of a bag network on the bags and the weights that a script writes, a line of input at a
//! time.
//!
//! `layers_against_torch.py` drives it in turns with PyTorch and takes the time. Arguments: the
//! `.npz` of bags and weights, its width, heads, hidden size, α and bags of a batch. Each line of
//! input holds a number of epochs to make; the answer is the mean loss of the last one.

use std::io::{BufRead, Write};
use std::path::Path;

use dam_layers::{
    BagNetwork, BagSet, Bags, Decay, HopfieldOptions, HopfieldPooling, Normalization, Parameters,
    Schedule, Trainer, Training,
};
use dam_memory::files::read_npz;
use dam_memory::streams::StreamKey;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` without a script passes no archive
    let [archive, sizes @ ..] = arguments.as_slice() else {
        return;
    };
    if !Path::new(archive).is_file() {
        println!("run scripts/benches/layers_against_torch.py");
        return;
    }
    let numbers: Vec<f64> = sizes
        .iter()
        .map(|size| size.parse().expect("a number"))
        .collect();
    let [width, heads, hidden, alpha, batch_size] = numbers[..] else {
        panic!("width, heads, hidden size, α, bags of a batch");
    };
    let set = read_set(Path::new(archive));
    let mut parameters = Parameters::new(StreamKey::new(1));
    let options = HopfieldOptions {
        num_heads: whole(heads),
        hidden_size: Some(whole(hidden)),
        state_pattern_as_static: true,
        normalize_state_pattern: Normalization::None,
        normalize_pattern_projection: Normalization::None,
        alpha,
        ..HopfieldOptions::default()
    };
    let width = whole(width);
    let pooling = HopfieldPooling::new(&mut parameters, "pooling", width, &options, 1, true)
        .expect("the script fits");
    let network = BagNetwork::new(&mut parameters, "", [set.size, width], pooling);
    parameters
        .load(Path::new(archive), ["weights", ""])
        .expect("the script's weights are those of the network");
    let training = Training {
        schedule: Schedule::new(1e-3, Decay::Constant),
        weight_decay: 0.01,
        longest_gradient: 1.0,
        batch_size: whole(batch_size),
    };
    let mut trainer = Trainer::new(&network, &parameters, training, StreamKey::new(1));
    let members: Vec<usize> = (0..set.labels.len()).collect();
    let mut epoch = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("text");
        let epochs: usize = line.trim().parse().expect("a number of epochs");
        let mut loss = f64::NAN;
        for _ in 0..epochs {
            loss = trainer.run_epoch(&mut parameters, &set, &members, epoch);
            epoch += 1;
        }
        println!("{loss:.12e}");
        std::io::stdout().flush().expect("the script listens");
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small whole numbers"
)]
fn whole(number: f64) -> usize {
    number as usize
}

fn read_set(archive: &Path) -> BagSet {
    let arrays = read_npz(archive).expect("an archive of the script");
    let array = |name: &str| {
        let found = arrays.iter().find(|(array, _)| array == name);
        &found.expect("an array of the script").1
    };
    let rows = array("rows");
    let labels = array("labels").values.iter();
    BagSet {
        size: rows.dimensions[1],
        rows: rows.values.clone(),
        bags: Bags::of_sizes(array("sizes").values.iter().map(|&size| whole(size))),
        labels: labels.map(|&label| label > 0.5).collect(),
    }
}
