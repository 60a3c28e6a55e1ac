//! `[memory]` in experiments that descend: other memories than attention, and silence of its theory.

use dam_experiments::catalogue;
use dam_memory::attention::AttentionMemory;
use dam_memory::ensembles::pattern_law;
use dam_runs::experiment::Sample;
use dam_runs::job::{Job, JobError};
use dam_runs::journal::Journal;
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity};
use dam_runs::record::Record;

pub fn job(experiment: &str, memory: &str, lambda: &str) -> Result<Job, JobError> {
    let text = format!(
        "[job]\nname = \"m\"\nexperiment = \"{experiment}\"\n[patterns]\nensemble = \"spherical\"\n\
         [memory]\n{memory}\n[sampling]\nsamples = 3\n[sweep]\nalpha = [0.1]\nsize = [30]\n{lambda}"
    );
    Job::parse("job.toml".as_ref(), &text, &catalogue())
}

pub fn records(job: &Job, samples: usize) -> Vec<Record> {
    let one = |index| record(job, index, &Journal::default());
    (0..samples).map(one).collect()
}

/// A sample of the first task, with what is known of it.
pub fn record(job: &Job, index: usize, journal: &Journal) -> Record {
    let task = &job.tasks[0];
    let stream = task.stream_key(job.seed, index);
    let seed = stream.seed("patterns");
    let ensemble = job.ensemble.as_ref();
    let memory = AttentionMemory::sample(ensemble, task.size, task.pattern_count, &seed);
    job.experiment.measure(&Sample {
        task,
        index,
        memory: &memory,
        revealed: None,
        law: pattern_law(ensemble, task.size, &seed).as_ref(),
        ensemble,
        stream,
        journal,
    })
}

pub fn quantities(job: &Job) -> Vec<Quantity> {
    quantities_of(job, 3)
}

fn quantities_of(job: &Job, samples: usize) -> Vec<Quantity> {
    let records = records(job, samples);
    job.experiment.quantities(&job.tasks[0], &records)
}

fn value(quantities: &[Quantity], name: &str, lambda: Option<f64>) -> f64 {
    let is_it = |quantity: &&Quantity| {
        quantity.name == name && quantity.coordinates.get("lambda").copied() == lambda
    };
    quantities.iter().find(is_it).unwrap().value().unwrap()
}

/// ξ¹ is a fixed point of entmax from β Δ = 1/(α − 1) on, with Δ = |ξ¹|² − max ξ¹·ξ^ν, and its weight is beyond ½ before.
#[test]
fn the_crossover_of_entmax_lies_below_its_margin() {
    let job = job("crossover", "separation = \"entmax-1.5\"", "").unwrap();
    assert_eq!(job.settings["memory.separation"], "entmax-1.5");
    assert_eq!(job.settings["memory.similarity"], "dot");
    let found = quantities(&job);
    let crossover = value(&found, "lambda_crossover", None);
    // P = 20 patterns on the sphere of N = 30: Δ ≈ N/2
    assert!(crossover > 0.02 && crossover < 0.3, "{crossover}");
    for quantity in &found {
        let place = Place::of(&job.tasks[0], quantity);
        let theory = job.experiment.predict(&place, &quantity.name);
        assert_eq!(theory, Prediction::default(), "{}", quantity.name);
    }
}

/// Theory of a quantity of the first task, on which so many samples lie.
fn assert_theory(job: &Job, samples: usize, name: &str) -> Prediction {
    let found = quantities_of(job, samples);
    let measured = found.iter().find(|one| one.name == name).unwrap();
    let place = Place::of(&job.tasks[0], measured);
    let theory = job.experiment.predict(&place, name);
    let z = (measured.value().unwrap() - theory.finite_size.unwrap())
        / measured.standard_error.unwrap();
    assert!(z.abs() < 4.0, "{name}: z = {z}");
    theory
}

/// λ_× of the log-sum-ReLU energy lies on the exact theory at N; the retrieved fraction has one too.
#[test]
fn another_energy_brings_its_own_theory() {
    let memory = "similarity = \"euclidean\"\nseparation = \"log-sum-relu\"";
    let crossover = job("crossover", memory, "").unwrap();
    assert_eq!(crossover.settings["memory.separation"], "log-sum-relu");
    let theory = assert_theory(&crossover, 200, "lambda_crossover");
    let alpha = 0.1_f64;
    let limit = (2.0 * alpha).exp() * (1.0 + (1.0 - (-2.0 * alpha).exp()).sqrt());
    assert!((theory.infinite_size.unwrap() - limit).abs() < 1e-12);

    let all = job("all-patterns", memory, "lambda = [1.5]").unwrap();
    let theory = assert_theory(&all, 100, "retrieved_fraction");
    assert_eq!(theory.infinite_size, Some(0.0));
}

#[test]
fn sparsemax_retrieves_exactly_beyond_its_margin_and_not_at_all_far_below() {
    let grid = "lambda = [0.001, 2.0]";
    let job = job("retrieval", "separation = \"sparsemax\"", grid).unwrap();
    let found = quantities(&job);
    let at = |name, lambda| value(&found, name, Some(lambda));
    assert_eq!(at("retrieval_probability", 0.001), 0.0);
    assert_eq!(at("retrieval_probability", 2.0), 1.0);
    assert!(at("distance", 2.0) < 1e-20);
}

#[test]
fn every_experiment_that_descends_takes_another_memory() {
    let grid = "lambda = [0.5]";
    let memory = "similarity = \"euclidean\"\nseparation = \"top-2\"";
    for (experiment, sweep) in [
        ("basin", grid),
        ("all-patterns", grid),
        ("one-step", "step_size = [1.0, 0.5]"),
    ] {
        let job = job(experiment, memory, sweep).unwrap();
        assert!(!quantities(&job).is_empty(), "{experiment}");
    }
}

#[test]
fn attention_by_name_is_the_default_without_new_settings() {
    let named = job(
        "crossover",
        "similarity = \"dot\"\nseparation = \"softmax\"",
        "",
    )
    .unwrap();
    let default = job("crossover", "", "").unwrap();
    assert_eq!(named.settings, default.settings);
    assert_eq!(records(&named, 3), records(&default, 3));
    assert!(!default.settings.contains_key("memory.separation"));
}

#[test]
fn several_memories_and_kernels_are_refused_where_one_is_measured() {
    let error = |memory| job("crossover", memory, "").unwrap_err().to_string();
    assert!(error("separation = [\"softmax\", \"argmax\"]").contains("measures one memory"));
    assert!(error("similarity = \"kernel\"").contains("no kernel is learned here"));
    assert!(error("separation = \"softmin\"").contains("entmax-1.5"));
}

const GIBBS: &str = "[dynamics]\nkind = \"softmax-gibbs\"\nspace = \"free\"";

/// In R^N the retrieval state is ξ + √T z: m = 1, ρ = 1 + T with T = 1/(2λ).
#[test]
fn gibbs_sweeps_stay_in_the_retrieval_state_of_theory() {
    let job = job("retrieval", GIBBS, "lambda = [0.05, 2.0]").unwrap();
    assert_eq!(job.settings["dynamics.kind"], "softmax-gibbs");
    let found = quantities(&job);
    assert!((value(&found, "overlap", Some(2.0)) - 1.0).abs() < 0.05);
    assert!((value(&found, "squared_norm", Some(2.0)) - 1.25).abs() < 0.05);
    assert!(value(&found, "target_weight", Some(2.0)) > 0.99);
    assert!(value(&found, "target_weight", Some(0.05)) < 0.5);
    let place = Place::of_task(&job.tasks[0]);
    let predicted = |name, lambda| {
        let place = place.clone().at("lambda", lambda);
        job.experiment.predict(&place, name).infinite_size
    };
    assert_eq!(predicted("overlap", 2.0), Some(1.0));
    assert_eq!(predicted("squared_norm", 2.0), Some(1.25));
    assert_eq!(predicted("retrieval_probability", 2.0), Some(1.0));
    // α = .1 > α_sp
    assert_eq!(predicted("overlap", 0.05), None);
    assert_eq!(predicted("retrieval_probability", 0.05), Some(0.0));
}

#[test]
fn gibbs_sweeps_are_refused_where_they_make_no_sense() {
    let refusal = |experiment, memory: &str, sweep| {
        let refused = job(experiment, memory, sweep).map(drop);
        refused.unwrap_err().to_string()
    };
    let grid = "lambda = [0.5]";
    let sparse = format!("separation = \"sparsemax\"\n{GIBBS}");
    let message = refusal("retrieval", &sparse, grid);
    assert!(message.contains("softmax weights"), "{message}");
    for (experiment, sweep) in [("crossover", ""), ("basin", grid), ("all-patterns", grid)] {
        let message = refusal(experiment, GIBBS, sweep);
        assert!(message.contains("by chance"), "{message}");
    }
    let message = refusal("one-step", GIBBS, "step_size = [1.0]");
    assert!(message.contains("needs fixed points"), "{message}");
    let wrong = GIBBS.replace("free", "torus");
    let message = refusal("retrieval", &wrong, grid);
    assert!(message.contains("one of free, sphere"), "{message}");
}
