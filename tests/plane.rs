//! The experiments on the plane and on spheres: energy landscapes, basins, separation bounds.

use dam::sims::{Measurement, Quantity, Record};

use crate::folder::{Folder, assert_contains, job, refused_changes};
use crate::measurements::{self, measure};

const LANDSCAPE: &str = job!("plane": "energy-landscape", seed 2, "gaussian"; r#"
pattern_count = 4
beta = 20
training_steps = [0, 3]

[memory]
separation = ["softmax", "sparsemax"]

[plane]
resolution = 12

[dynamics]
max_steps = 1000

[sampling]
samples = 20
"#);

fn numbers(record: &Record, name: &str) -> Vec<f64> {
    match &record[name] {
        Measurement::List(values) => values.iter().map(|value| value.unwrap()).collect(),
        Measurement::Number(value) => vec![value.unwrap()],
    }
}

fn mean(quantities: &[Quantity], name: &str, separation: &str, steps: f64) -> f64 {
    let steps = ("training_steps", steps);
    measurements::mean(quantities, name, ("separation", separation), steps)
}

#[test]
fn the_landscape_before_training_is_the_energy_of_the_ordinary_model() {
    let measured = measure(LANDSCAPE);
    let (task, records, quantities) = &measured.tasks[0];
    assert!(task.is_counted());
    let memories = numbers(&records[0], "memories");
    let field = numbers(&records[0], "field softmax training_steps=0");
    assert_eq!(field.len(), 144);
    for (index, energy) in field.iter().enumerate() {
        let place = |index: usize| -3.0 + 0.25 + 0.5 * index as f64;
        let (x, y) = (place(index % 12), place(index / 12));
        let sum: f64 = memories
            .chunks(2)
            .map(|memory| (20.0 * (memory[0] * x + memory[1] * y)).exp())
            .sum();
        let expected = 0.5 * (x * x + y * y) - sum.ln() / 20.0;
        assert!((energy - expected).abs() < 1e-10, "{energy} {expected}");
    }
    // only the first sample keeps what the figure shows
    assert!(!records[1].contains_key("memories"));
    for separation in ["softmax", "sparsemax"] {
        for steps in [0.0, 3.0] {
            let minima = mean(quantities, "minima", separation, steps);
            assert!((1.0..=6.0).contains(&minima), "{minima}");
        }
    }
    let support = |separation| mean(quantities, "support", separation, 0.0);
    assert!(support("sparsemax") <= support("softmax") + 1e-12);
}

/// arg max always ends at a memory, softmax at small β at none.
#[test]
fn basins_cover_the_plane_for_arg_max_and_vanish_at_small_beta() {
    let job = LANDSCAPE
        .replace("energy-landscape", "basins-2d")
        .replace("\"sparsemax\"", "\"argmax\"")
        .replace("beta = 20", "beta = 0.1")
        .replace("[dynamics]\nmax_steps = 1000\n", "")
        .replace("resolution = 12", "resolution = 20\nupdates = 8");
    let measured = measure(&job);
    let (_, records, quantities) = &measured.tasks[0];
    for steps in [0.0, 3.0] {
        assert_eq!(mean(quantities, "reached_share", "argmax", steps), 1.0);
        assert!(mean(quantities, "reached_share", "softmax", steps) < 0.01);
    }
    let reached = mean(quantities, "reached_memories", "argmax", 0.0);
    assert!((1.0..=4.0).contains(&reached), "{reached}");
    let field = numbers(&records[0], "field argmax training_steps=0");
    assert!(field.iter().all(|memory| (0.0..4.0).contains(memory)));
}

#[test]
fn a_run_draws_a_panel_for_each_separation_and_step() {
    let folder = Folder::finished(LANDSCAPE);
    let figure = folder.read("results/plane.energy-landscape.csv");
    let panels: std::collections::BTreeSet<&str> = figure
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(panels.len(), 4);
    assert_contains(&figure, &["memories", "contour 1"]);
    let again = folder.succeed(&["run", "job.toml"]);
    assert!(again.contains("training_steps"), "{again}");
}

#[test]
fn separations_of_random_points_follow_theory_and_codes_reach_the_known_optimum() {
    let measured = measure(job!("bound": "separation-bound", seed 1, "spherical"; "
size = [3, 4]
pattern_count = [8, 10, 24]
[sampling]
samples = 60
"));
    // the law of the closest pair holds up to O(1/P)
    measured.assert_theory("random_separation", 4.0);
    let mut compared = 0;
    for (task, _, quantities) in &measured.tasks {
        let best = quantities
            .iter()
            .find(|q| q.name == "best_separation")
            .unwrap();
        if let Some(known) = measured.theory(task, best).finite_size {
            assert!((best.mean.unwrap() - known).abs() < 1e-8, "{task:?}");
            compared += 1;
        }
    }
    assert!(compared >= 5, "{compared}");
}

#[test]
fn settings_without_a_meaning_on_the_plane_are_refused() {
    refused_changes(
        LANDSCAPE,
        r#"
        "sparsemax" | "polynomial-10" | no energy
        [memory] | [memory]\nsimilarity = "cosine" | kernels are learned here
        resolution = 12 | resolution = 1 | plane.resolution
        resolution = 12 | updates = 3 | plane.updates
        resolution = 12 | learning_rate = 0 | plane.learning_rate
        [0, 3] | [0, 1.5] | sweep.training_steps
        beta = 20 | beta = 20\nsize = 3 | sweep.size
"#,
    );
}
