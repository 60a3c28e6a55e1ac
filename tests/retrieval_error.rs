//! Memories side by side: retrieval error against M, noise and training steps.

use std::process::Command;

use dam::sims::{AttentionMemory, Measurement, Record};

use crate::folder::{self, Folder, assert_contains, first_line};
use crate::measurements::{Measured, measure};

const SPHERICAL: &str = "ensemble = \"spherical\"\n[sweep]\nsize = 12\n";

/// A job with the text of `[patterns]` and `[sweep]`, and lines of `[comparison]`.
fn job(experiment: &str, patterns_and_sweep: &str, comparison: &str) -> String {
    format!(
        "[job]\nname = \"errors\"\nexperiment = \"{experiment}\"\nseed = 3\n[patterns]\n\
         {patterns_and_sweep}\n[comparison]\n{comparison}\n[sampling]\nsamples = 4\n"
    )
}

/// The digits in the repository, pooled to 7×7.
fn digits() -> String {
    let path = format!(
        "{}/sims/data/mnist-1500-images-idx3-ubyte.gz",
        env!("CARGO_MANIFEST_DIR")
    );
    format!(
        "ensemble = \"images\"\npath = {path:?}\npooling = 4\nvalidation_share = 0.3\n[sweep]\n"
    )
}

/// The numbers of one model over the grid of a task, in its sample 0.
fn list(record: &Record, name: &str) -> Vec<f64> {
    match record.get(name) {
        Some(Measurement::List(values)) => values.iter().map(|value| value.unwrap()).collect(),
        other => panic!("{name}: {other:?}"),
    }
}

fn first_record(measured: &Measured) -> &Record {
    &measured.tasks[0].1[0]
}

/// z_μ from a pattern and a query.
type Logits<'a> = Box<dyn Fn(&[f64], &[f64]) -> f64 + 'a>;

#[test]
fn errors_of_uncorrupted_queries_are_those_summed_by_hand() {
    let sweep = format!("{SPHERICAL}pattern_count = 7");
    let comparison = "models = [\"dense\", \"cosine@3\", \"euclidean\", \"manhattan\"]\n\
                      beta = 0.2\ncorruption = \"mask\"\nlevel = 0";
    let measured = measure(&job("memory-capacity", &sweep, comparison));
    let (task, records, quantities) = &measured.tasks[0];
    let seed = task.stream_key(3, 0).seed("patterns");
    let job = &measured.job;
    let memory = AttentionMemory::sample_in(job.precision, job.ensemble.as_ref(), 12, 7, &seed);
    let patterns: Vec<Vec<f64>> = (0..7).map(|pattern| memory.pattern(pattern)).collect();
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let sum = |a: &[f64], b: &[f64], f: fn(f64) -> f64| -> f64 {
        a.iter().zip(b).map(|(a, b)| f(a - b)).sum()
    };
    let models: [(&str, Logits<'_>); 4] = [
        ("dense", Box::new(|a, b| 0.2 * dot(a, b))),
        // |ξ|² = N
        ("cosine@3", Box::new(|a, b| 3.0 * dot(a, b) / 12.0)),
        ("euclidean", Box::new(|a, b| -0.1 * sum(a, b, |x| x * x))),
        ("manhattan", Box::new(|a, b| -0.2 * sum(a, b, f64::abs))),
    ];
    for (name, logit) in models {
        let mut expected = 0.0;
        for pattern in &patterns {
            let weights: Vec<f64> = patterns.iter().map(|p| logit(p, pattern).exp()).collect();
            let total: f64 = weights.iter().sum();
            for component in 0..12 {
                let columns = weights.iter().zip(&patterns);
                let mean: f64 = columns.map(|(w, p)| w * p[component]).sum();
                expected += (mean / total - pattern[component]).powi(2) / 7.0;
            }
        }
        let found = list(&records[0], &format!("squared_error {name}"))[0];
        assert!(
            (found / expected - 1.0).abs() < 1e-11,
            "{name}: {found} {expected}"
        );
        assert_eq!(list(&records[0], &format!("accuracy {name}")), [1.0]);
    }
    // mean and error over the four samples
    let errors: Vec<f64> = records
        .iter()
        .map(|r| list(r, "squared_error dense")[0])
        .collect();
    let mean = errors.iter().sum::<f64>() / 4.0;
    let variance = errors.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 3.0;
    let quantity = quantities
        .iter()
        .find(|q| q.name == "squared_error" && q.labels["model"] == "dense")
        .unwrap();
    assert!((quantity.mean.unwrap() / mean - 1.0).abs() < 1e-14);
    assert!((quantity.standard_error.unwrap() / (variance / 4.0).sqrt() - 1.0).abs() < 1e-12);
}

#[test]
fn the_three_experiments_agree_where_they_meet() {
    let models = "models = [\"dense\", \"cosine-tuned\", \"average-loss\", \"maximum-loss-tuned\", \
                  \"u-hop-plus\", \"random-kernel\"]\ncorruption = \"dropout\"";
    let sweep = format!("{}pattern_count = 20", digits());
    let capacity = measure(&job(
        "memory-capacity",
        &sweep,
        &format!("{models}\nlevel = 0.3\ntraining_steps = 5"),
    ));
    let noise = measure(&job(
        "noise-robustness",
        &format!("{sweep}\nnoise = [0, 0.3, 0.6]"),
        &format!("{models}\ntraining_steps = 5"),
    ));
    let steps = measure(&job(
        "training-steps",
        &format!("{sweep}\ntraining_steps = [0, 5, 2]"),
        &format!("{models}\nlevel = 0.3"),
    ));
    let (one, by_noise, by_steps) = (
        first_record(&capacity),
        first_record(&noise),
        first_record(&steps),
    );
    for name in one.keys() {
        let value = list(one, name);
        assert_eq!(value.len(), 1);
        assert_eq!(value[0], list(by_noise, name)[1], "{name}");
        // rising: 0, 2, 5
        assert_eq!(value[0], list(by_steps, name)[2], "{name}");
    }
    // at the start of its training a kernel is the random one
    let error = |name: &str| list(by_steps, &format!("squared_error {name}"));
    assert_eq!(error("average-loss")[0], error("random-kernel")[0]);
    assert_eq!(error("random-kernel")[0], error("random-kernel")[2]);
    assert_eq!(error("dense")[0], error("dense")[2]);
    let loss = list(by_steps, "separation_loss average-loss");
    assert!(loss[0] > loss[1] && loss[1] > loss[2], "{loss:?}");
    assert!(!by_steps.contains_key("separation_loss random-kernel"));
}

#[test]
fn a_tuned_beta_comes_from_the_grid_and_helps() {
    let comparison = "models = [\"cosine\", \"cosine-tuned\", \"polynomial-10\"]\n\
                      beta_grid = [100, 1, 10, 1000]";
    let sweep = format!("{}pattern_count = 60", digits());
    let measured = measure(&job("memory-capacity", &sweep, comparison));
    for record in &measured.tasks[0].1 {
        let beta = list(record, "beta cosine-tuned")[0];
        assert!([1.0, 10.0, 100.0, 1000.0].contains(&beta));
        let error = |name: &str| list(record, &format!("squared_error {name}"))[0];
        assert!(error("cosine-tuned") < error("cosine"));
    }
    let findings = {
        let folder = Folder::with_job(&job("memory-capacity", &sweep, comparison));
        folder.succeed(&["run", "job.toml"])
    };
    assert!(
        findings.contains("M = 60: squared errors, least first: "),
        "{findings}"
    );
    let pair = "cosine-tuned against cosine (difference of squared errors): has less at M = 60";
    assert!(findings.contains(pair), "{findings}");
}

#[test]
fn a_run_writes_a_labelled_table_figures_and_findings_for_any_thread_count() {
    let comparison = "models = [\"cosine-tuned\", \"average-loss\", \"maximum-loss\"]";
    let sweep = format!(
        "{}pattern_count = [5, 10]\ntraining_steps = [0, 3]",
        digits()
    );
    let text = job("training-steps", &sweep, comparison);
    let folder = Folder::with_job(&text);
    let printed = folder.succeed(&["run", "job.toml", "--threads", "2"]);
    assert_contains(
        &printed,
        &[
            "Least squared error, of 4 points: ",
            "The best learned kernel against cosine-tuned",
            "average-loss against maximum-loss",
            "M = 10, 3 training steps",
        ],
    );
    let table = folder.read("results/errors.csv");
    assert!(
        first_line(&table).contains(",training_steps,model,theory_finite_size,"),
        "{table}"
    );
    for name in [
        "training-steps-5",
        "training-steps-10",
        "training-steps-loss",
    ] {
        assert!(folder.path(&format!("results/errors.{name}.png")).exists());
    }
    let single = Folder::new();
    single.write("job.toml", &text);
    single.succeed(&["run", "job.toml", "--threads", "1"]);
    assert_eq!(single.read("results/errors.csv"), table);
    // the table for people, from the results
    let script = format!("{}/scripts/image_tables.py", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3")
        .arg(script)
        .arg(folder.path("results/errors.results.json"))
        .output()
        .unwrap();
    let markdown = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        markdown.contains("**N = 49, M = 10, training_steps = 3"),
        "{markdown}"
    );
    assert!(markdown.contains("| average-loss | "), "{markdown}");
}

#[test]
fn bad_comparisons_are_refused() {
    let sweep = format!("{SPHERICAL}pattern_count = 5");
    let refused = |experiment: &str, sweep: &str, comparison: &str, expected: &[&str]| {
        folder::refused(&job(experiment, sweep, comparison), expected);
    };
    let capacity = |comparison: &str, expected: &[&str]| {
        refused("memory-capacity", &sweep, comparison, expected);
    };
    let dense = "models = [\"dense\"]";
    capacity("beta = 2", &["comparison.models", "empty"]);
    capacity(
        "models = [\"denes\"]",
        &["comparison.models", "denes", "u-hop-plus"],
    );
    capacity(
        "models = [\"dense\", \"dense\"]",
        &["comparison.models", "twice"],
    );
    capacity(
        &format!("{dense}\nlevel = 1"),
        &["comparison.level", "[0, 1)"],
    );
    capacity(
        &format!("{dense}\ncorruption = \"rain\""),
        &["comparison.corruption", "dropout"],
    );
    capacity(
        &format!("{dense}\nbeta = 0"),
        &["comparison.beta", "positive"],
    );
    capacity(
        &format!("{dense}\nbeta_grid = []"),
        &["comparison.beta_grid", "empty"],
    );
    capacity(
        &format!("{dense}\nbeta_grid = [-1]"),
        &["comparison.beta_grid", "-1"],
    );
    capacity(
        &format!("{dense}\nfeature_size = 0"),
        &["comparison.feature_size"],
    );
    let rate = format!("{dense}\naverage_learning_rate = -1");
    capacity(&rate, &["comparison.average_learning_rate", "-1"]);
    let noise = format!("{sweep}\nnoise = [0.1]");
    refused("memory-capacity", &noise, dense, &["sweep.noise", "delete"]);
    let level = format!("{dense}\nlevel = 0.2");
    refused(
        "noise-robustness",
        &noise,
        &level,
        &["comparison.level", "delete"],
    );
    let negative = format!("{sweep}\nnoise = [-0.1]");
    refused(
        "noise-robustness",
        &negative,
        dense,
        &["sweep.noise", "-0.1"],
    );
    let steps = format!("{sweep}\ntraining_steps = [1.5]");
    refused(
        "training-steps",
        &steps,
        dense,
        &["sweep.training_steps", "1.5"],
    );
    let few = format!("{}pattern_count = 460", digits());
    let tuned = "models = [\"cosine-tuned\"]";
    refused(
        "memory-capacity",
        &few,
        tuned,
        &["sweep.pattern_count", "460", "450"],
    );
    let folder = Folder::new();
    let text = job("memory-capacity", &sweep, dense);
    folder.write(
        "job.toml",
        &text.replace("[comparison]\nmodels = [\"dense\"]\n", ""),
    );
    assert!(
        folder
            .fail(2, &["run", "job.toml"])
            .contains("comparison.models")
    );
}
