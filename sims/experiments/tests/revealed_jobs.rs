//! `[patterns] storage`: jobs whose patterns are revealed, at any load.

use dam_experiments::catalogue;
use dam_runs::job::Job;
use dam_runs::place::Place;
use dam_runs::quantity::Quantity;
use dam_runs::results::{Comparison, Results, compare};
use dam_runs::task::{BEYOND, Task};

fn job(experiment: &str, patterns: &str, sweep: &str, samples: usize) -> Result<Job, String> {
    let text = format!(
        "[job]\nname = \"m\"\nexperiment = \"{experiment}\"\n[patterns]\n{patterns}\n\
         [sampling]\nsamples = {samples}\n[sweep]\n{sweep}"
    );
    Job::parse("job.toml".as_ref(), &text, &catalogue()).map_err(|error| error.to_string())
}

fn run(job: &Job) -> Results {
    let folder = tempfile::tempdir().unwrap();
    dam_runs::complete(job, folder.path(), 2).unwrap()
}

fn found<'a>(quantities: &'a [Quantity], name: &str) -> &'a Quantity {
    quantities.iter().find(|found| found.name == name).unwrap()
}

#[test]
fn auto_reveals_what_no_machine_holds_and_nothing_else() {
    let spherical = "ensemble = \"spherical\"";
    let parsed = job(
        "crossover",
        spherical,
        "alpha = [0.2]\nsize = [40, 200, 500]",
        2,
    )
    .unwrap();
    let revealed: Vec<bool> = parsed
        .tasks
        .iter()
        .map(|task| task.revealed.is_some())
        .collect();
    assert_eq!(revealed, [false, true, true]);
    let [small, large, huge] = &parsed.tasks[..] else {
        panic!("three sizes");
    };
    // P = e^8 is a number, e^40 and e^100 are none of 2⁵³ or less
    assert_eq!((small.whole_count(), small.count()), (Some(2981), 2981.0));
    assert_eq!((large.pattern_count, huge.whole_count()), (BEYOND, None));
    assert_eq!([large.log_count(), huge.log_count()], [40.0, 100.0]);
    assert_eq!(huge.title(), "α = 0.2, N = 500, P = e^100");
    assert_eq!(Place::of_task(huge).patterns(), huge.patterns());
    // files of earlier jobs keep their names
    let text = serde_json::to_string(small).unwrap();
    assert!(!text.contains("revealed"), "{text}");
    assert_ne!(large.identifier(), huge.identifier());
    // another ε is another task
    let other = |tolerance: f64| -> Task {
        let patterns = format!("{spherical}\nstorage = \"revealed\"\ntolerance = {tolerance}");
        let sweep = "alpha = [0.2]\nsize = [40]";
        job("crossover", &patterns, sweep, 2).unwrap().tasks[0].clone()
    };
    assert_ne!(other(0.1).identifier(), other(0.2).identifier());
    // what is not revealed is refused as ever
    let refused = |experiment, patterns: &str, sweep: &str| {
        let message = job(experiment, patterns, sweep, 2).map(drop).unwrap_err();
        assert!(message.contains("lower alpha or size"), "{message}");
    };
    refused(
        "crossover",
        "ensemble = \"rademacher\"",
        "alpha = [0.2]\nsize = [200]",
    );
    refused(
        "crossover",
        "ensemble = \"spherical\"\nstorage = \"stored\"",
        "alpha = [0.2]\nsize = [200]",
    );
    refused(
        "all-patterns",
        spherical,
        "alpha = [0.2]\nsize = [200]\nlambda = [0.5]",
    );
    refused("crossover", spherical, "alpha = [3.0]\nsize = [2000]");
    let message = job(
        "basin",
        spherical,
        "alpha = [0.1]\nsize = [20000]\nlambda = [1.0]",
        2,
    );
    assert!(message.unwrap_err().contains("up to N = 10000"));
}

/// Basins at λ = 0.8 and P = 2981: drawn patterns decide them, so that they are evidence.
#[test]
fn revealed_basins_are_those_of_stored_patterns_and_are_checked_at_half_the_tolerance() {
    let sweep = "alpha = [0.2]\nsize = [40]\nlambda = [0.8]";
    let stored = run(&job("basin", "ensemble = \"spherical\"", sweep, 200).unwrap());
    let patterns = "ensemble = \"spherical\"\nstorage = \"revealed\"\ntolerance = 0.2";
    let revealed = run(&job("basin", patterns, sweep, 200).unwrap());
    let [stored, revealed] = [&stored, &revealed].map(|results| &results.tasks[0].quantities);
    for name in ["theta_c_degrees", "cos_theta_c"] {
        let (one, other) = (found(stored, name), found(revealed, name));
        let error = one
            .standard_error
            .unwrap()
            .hypot(other.standard_error.unwrap());
        let z = (one.mean.unwrap() - other.mean.unwrap()) / error;
        assert!(z.abs() < 4.0 && error < 1.0, "{name}: {z}");
        assert!(other.caveats.is_empty());
    }
    let mean = |name| found(revealed, name).mean.unwrap();
    assert!(mean("left_out") > 0.02 && mean("left_out") <= 0.200_01);
    assert!(mean("revealed_patterns") > 10.0 && mean("noise_averaged") < 0.5);
    let check = found(revealed, "half_tolerance_deviation");
    assert_eq!(check.count, 50);
    assert!(check.mean.unwrap() < 4.0, "{check:?}");
}

#[test]
fn what_is_theory_by_construction_says_so_and_has_no_deviation() {
    for experiment in ["crossover", "phase-map", "retrieval", "one-step"] {
        let grid = match experiment {
            "crossover" => "",
            "one-step" => "step_size = [1.0]",
            _ => "lambda = [0.22, 0.24, 0.26, 0.3]",
        };
        let sweep = format!("alpha = [0.2]\nsize = [600]\n{grid}");
        let parsed = job(experiment, "ensemble = \"gaussian\"", &sweep, 12).unwrap();
        let results = run(&parsed);
        let quantities = &results.tasks[0].quantities;
        assert_eq!(
            found(quantities, "noise_averaged").mean,
            Some(1.0),
            "{experiment}"
        );
        let rows: Vec<Comparison> = compare(parsed.experiment.as_ref(), &results);
        let with_theory = rows.iter().filter(|row| row.theory.finite_size.is_some());
        let mut seen = 0;
        for row in with_theory {
            assert_eq!(row.deviation, None, "{experiment}, {}", row.quantity.name);
            let words = row.quantity.reservations();
            assert!(
                words.contains("theory by construction"),
                "{experiment}: {words}"
            );
            seen += 1;
        }
        assert!(seen > 0, "{experiment}");
    }
}
