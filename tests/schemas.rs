//! JSON Schemas of job files and results, and new job files.

use std::fs;
use std::path::Path;

use dam::sims::Job;
use jsonschema::Validator;
use serde_json::Value;

use crate::folder::{Folder, QUICK_JOB, assert_contains, changed};

/// What `dam schema` prints with these words.
fn schema(words: &[&str]) -> Validator {
    let text = Folder::new().succeed(&[&["schema"], words].concat());
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn job(text: &str) -> Value {
    toml::from_str(text).unwrap()
}

fn complaints(validator: &Validator, value: &Value) -> Vec<String> {
    let found = validator.iter_errors(value);
    found
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect()
}

#[test]
fn every_shipped_job_fits_the_schema_of_its_experiment() {
    let folders = ["sims/jobs", "sims/validation"];
    let files = folders.iter().flat_map(|folder| {
        let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        files.map(|file| file.unwrap().path())
    });
    let jobs: Vec<_> = files
        .map(|path| (fs::read_to_string(&path).unwrap(), path))
        .collect();
    assert!(jobs.len() > 50, "{}", jobs.len());
    let any = schema(&[]);
    for (text, path) in jobs {
        let job = job(&text);
        let experiment = job["job"]["experiment"].as_str().unwrap();
        let found = complaints(&schema(&[experiment]), &job);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
        assert!(any.is_valid(&job), "{}", path.display());
    }
}

#[test]
fn slips_do_not_fit_the_schema() {
    let validator = schema(&["retrieval"]);
    assert!(validator.is_valid(&job(QUICK_JOB)));
    for (from, to) in [
        ("ensemble = \"gaussian\"", "ensemble = \"gausian\""),
        ("samples = ", "sample = "),
        ("seed = ", "seeds = "),
        ("[sampling]", "[samplings]"),
        ("experiment = \"retrieval\"", "experiment = \"basin\""),
        ("alpha = ", "alfa = "),
        (
            "[sampling]",
            "[dynamics]\ncriterion = \"weights\"\n[sampling]",
        ),
        ("[sampling]", "[dynamics]\nmax_steps = 0.5\n[sampling]"),
        ("[sampling]", "[crossover]\n[sampling]"),
    ] {
        let text = changed(QUICK_JOB, from, to);
        assert!(!validator.is_valid(&job(&text)), "{to}");
    }
}

#[test]
fn a_new_job_of_every_experiment_is_read_as_it_is_and_fits_its_schema() {
    let catalogue = dam::experiments::catalogue();
    for kind in catalogue.kinds() {
        let text = Folder::new().succeed(&["job", "new", kind.name]);
        let read = Job::parse(Path::new("new.toml"), &text, &catalogue);
        let read = read.unwrap_or_else(|error| panic!("{}: {error}\n{text}", kind.name));
        assert_eq!(read.kind, kind.name);
        let found = complaints(&schema(&[kind.name]), &job(&text));
        assert!(found.is_empty(), "{}: {found:#?}\n{text}", kind.name);
        // what stands behind a # may be used
        let uncommented = uncommented(&text);
        let found = complaints(&schema(&[kind.name]), &job(&uncommented));
        assert!(found.is_empty(), "{}: {found:#?}\n{uncommented}", kind.name);
    }
}

/// The text with every key that has a value.
fn uncommented(text: &str) -> String {
    let is_key = |line: &str| {
        let parts = line.split_once(" = ");
        parts.is_some_and(|(key, value)| {
            key.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !value.starts_with('…')
        })
    };
    let lines = text.lines().map(|line| {
        let bare = line.strip_prefix("# ");
        bare.filter(|line| is_key(line)).unwrap_or(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_new_crossover_says_what_its_keys_mean() {
    let text = Folder::new().succeed(&["job", "new", "crossover"]);
    assert_contains(&text, "\n[crossover]");
    assert_contains(
        &text,
        "\n# maximum = 1000.0  # A sample that is not retrieved",
    );
    assert_contains(&text, "\n# criterion = \"weight\"  # ");
    assert_contains(&text, "\nalpha = [0.1, 0.15]  # load α = ln P/N");
    Folder::with_job(&text).succeed(&["run", "job.toml", "--dry-run"]);
}

#[test]
fn results_fit_their_schema() {
    let folder = Folder::finished(QUICK_JOB);
    let results: Value = serde_json::from_str(&folder.read("results/curve.results.json")).unwrap();
    let validator = schema(&["--results"]);
    let found = complaints(&validator, &results);
    assert!(found.is_empty(), "{found:#?}");
    let mut other = results.clone();
    other["tasks"][0]["quantities"][0]["count"] = "many".into();
    assert!(!validator.is_valid(&other));
}

#[test]
fn an_unknown_experiment_is_named() {
    for words in [
        ["job", "new", "crossovr"].as_slice(),
        &["schema", "crossovr"],
    ] {
        let text = Folder::new().fail(2, words);
        assert_contains(&text, "crossovr");
        assert_contains(&text, "crossover");
    }
}
