//! Memories that know of their patterns only the products with the directions visited, against those with all components.

use dam_experiments::catalogue;
use dam_memory::attention::AttentionMemory;
use dam_memory::ensembles::pattern_law;
use dam_memory::memory::Memory;
use dam_memory::patterns::Patterns;
use dam_memory::revealed::{ExtremesPlan, RevealedMemory};
use dam_memory::streams::StreamKey;
use dam_runs::experiment::Sample;
use dam_runs::job::Job;
use dam_runs::journal::Journal;
use dam_runs::quantity::Quantity;
use dam_runs::record::Record;
use dam_theory::finite_size::PatternCount;

use crate::extremes::{assert_same_means, find, kolmogorov, state, update};

fn plan(ensemble: &str, size: usize, load: f64, tolerance: f64) -> ExtremesPlan {
    let patterns = PatternCount::from_load(load, size as f64).unwrap();
    let ensemble = dam_theory::ensemble(ensemble).unwrap();
    ExtremesPlan::new(&ensemble, size, patterns, tolerance).unwrap()
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// What four updates in a row tell, the last one with the weights of the one before: states of one descent, whose
/// directions depend on the patterns.
fn descent(memory: &RevealedMemory, size: usize, lambda: f64) -> Vec<f64> {
    let start = state(size, 65.0);
    let (first, told) = update(memory, &start, lambda);
    let (second, _) = update(memory, &first, lambda);
    let (third, then) = update(memory, &second, lambda);
    let size = size as f64;
    vec![
        told.energy.unwrap(),
        told.target_weight.ln(),
        dot(&first, &first) / size,
        dot(&first, &start) / size,
        dot(&second, &second) / size,
        dot(&second, &first) / size,
        dot(&third, &second) / size,
        then.energy.unwrap(),
        then.target_weight.ln().max(-40.0),
        then.participation,
    ]
}

const NAMES: [&str; 10] = [
    "E at the start",
    "ln of the target's weight",
    "norm of the first update",
    "first on start",
    "norm of the second",
    "second on first",
    "third on second",
    "E of the second",
    "ln of the target's weight at the second",
    "participation",
];

#[test]
fn descents_have_the_law_of_those_among_whole_patterns() {
    // exact for Gaussian patterns at any N, of the order 1/N for those on the sphere
    for (ensemble, size, samples) in [("gaussian", 60, 1500), ("spherical", 160, 800)] {
        let (load, lambda) = (0.3, 0.9);
        let plan = plan(ensemble, size, load, 0.25);
        let target = state(size, 0.0);
        let (mut whole, mut directed) = (Vec::new(), Vec::new());
        for sample in 0..samples {
            let noise = |name| StreamKey::new(sample).rng(name);
            let memory = plan.revealed_memory(&target, noise("whole"));
            whole.push(descent(&memory, size, lambda));
            let memory = plan.directed_memory(&target, noise("directed"));
            directed.push(descent(&memory, size, lambda));
            assert!(memory.revealed_count() > 0 && memory.largest_left_out() < 0.250_01);
        }
        println!("{ensemble}");
        assert_same_means(&NAMES, &whole, &directed);
        for (column, name) in NAMES.iter().enumerate() {
            let values = |rows: &[Vec<f64>]| rows.iter().map(|row| row[column]).collect();
            let distance = kolmogorov(values(&whole), values(&directed));
            // exceeded with probability 2 e^{−2·4} = 7e-4
            assert!(distance < 2.0, "{ensemble}, {name}: {distance}");
        }
    }
}

/// Records of an experiment among patterns held in one way or another.
fn records(
    job: &Job,
    samples: usize,
    tolerance: f64,
    memory: impl Fn(&ExtremesPlan, &[f64], &StreamKey) -> Box<dyn Memory>,
) -> Vec<Record> {
    let task = &job.tasks[0];
    let ensemble = task.theory().unwrap();
    let plan = ExtremesPlan::new(&ensemble, task.size, task.patterns().unwrap(), tolerance);
    let plan = plan.unwrap();
    let one = |index| {
        let stream = task.stream_key(job.seed, index);
        let target = plan.draw_target(None, &mut stream.rng("target"));
        let held = memory(&plan, &target, &stream);
        let alone = AttentionMemory::from(Patterns::from_rows(task.size, target));
        let law = pattern_law(job.ensemble.as_ref(), task.size, &stream.seed("law"));
        job.experiment.measure(&Sample {
            task,
            index,
            memory: &alone,
            revealed: Some(held.as_ref()),
            law: law.as_ref(),
            ensemble: job.ensemble.as_ref(),
            stream,
            journal: &Journal::default(),
        })
    };
    (0..samples).map(one).collect()
}

fn job(experiment: &str, ensemble: &str, sweep: &str) -> Job {
    let text = format!(
        "[job]\nname = \"m\"\nexperiment = \"{experiment}\"\n[patterns]\nensemble = \"{ensemble}\"\n[sweep]\n{sweep}"
    );
    Job::parse("job.toml".as_ref(), &text, &catalogue()).unwrap()
}

/// The same targets beside stored patterns, whole ones that are revealed, and directed ones at two tolerances.
fn assert_same(job: &Job, names: &[&str], samples: usize) {
    let quantities = |tolerance: f64, is_directed: bool| -> Vec<Quantity> {
        let records = records(job, samples, tolerance, |plan, target, stream| {
            let noise = stream.rng(if is_directed { "directed" } else { "stored" });
            if is_directed {
                Box::new(plan.directed_memory(target, noise))
            } else {
                assert!(plan.stores_all());
                Box::new(plan.stored_memory(target, noise))
            }
        });
        job.experiment.quantities(&job.tasks[0], &records)
    };
    let stored = quantities(0.002, false);
    let [coarse, fine] = [0.2, 0.1].map(|tolerance| quantities(tolerance, true));
    for name in names {
        for other in [&coarse, &fine] {
            crate::extremes::assert_agree(find(other, name), find(&stored, name));
        }
    }
}

#[test]
fn basins_among_directed_patterns_are_those_among_stored_ones() {
    for ensemble in ["spherical", "gaussian"] {
        let job = job(
            "basin",
            ensemble,
            "alpha = [0.2]\nsize = [44]\nlambda = [0.8]",
        );
        assert_same(&job, &["theta_c_degrees", "cos_theta_c"], 120);
    }
}

#[test]
fn gaussian_crossovers_through_condensation_are_those_of_stored_patterns() {
    let job = job("crossover", "gaussian", "alpha = [0.28]\nsize = [32]");
    assert_same(&job, &["lambda_crossover_median"], 250);
}
