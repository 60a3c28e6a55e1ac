//! Samples that do not meet their own criterion are said, and give no number where all of them fail.

use dam_runs::Job;
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record};
use dam_runs::reduce;
use dam_runs::results::{TaskResult, warnings};

use crate::memories::{job, quantities};

fn named<'a>(quantities: &'a [Quantity], name: &str) -> &'a Quantity {
    quantities.iter().find(|one| one.name == name).unwrap()
}

/// What the first task of a job measures, and the sentences about it.
fn said_of(job: &Job) -> (Vec<Quantity>, Vec<String>) {
    let quantities = quantities(job);
    let result = TaskResult {
        task: job.tasks[0].clone(),
        quantities: quantities.clone(),
        samples: Vec::new(),
        wall_seconds: 0.0,
    };
    (quantities, warnings(&[result]))
}

fn said(experiment: &str, sections: &str, lambda: &str) -> (Vec<Quantity>, Vec<String>) {
    said_of(&job(experiment, sections, lambda).unwrap())
}

#[test]
fn crossovers_of_descents_that_never_arrive_are_no_numbers() {
    for dynamics in ["max_steps = 1", "step_size = 1e-12\nmax_steps = 50"] {
        let (found, said) = said("crossover", &format!("[dynamics]\n{dynamics}"), "");
        for name in ["lambda_crossover", "lambda_crossover_median"] {
            let crossover = named(&found, name);
            assert_eq!(crossover.value(), None, "{dynamics}");
            assert_eq!((crossover.standard_error, crossover.lower), (None, None));
            assert_eq!(crossover.reservations(), "3 of 3 samples did not converge");
        }
        // that of the targets does not hang on descents
        assert!(named(&found, "squared_norm").value().is_some());
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].contains("3 of 3 samples did not converge"),
            "{said:?}"
        );
        assert!(said[0].contains("raise max_steps") && said[0].contains("no number"));
    }
    let (found, said) = said("crossover", "", "");
    assert!(named(&found, "lambda_crossover").value().is_some());
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn censored_crossovers_name_the_bound_to_raise() {
    let (found, said) = said("crossover", "[crossover]\nmaximum = 0.1", "");
    assert_eq!(named(&found, "lambda_crossover").value(), None);
    assert_eq!(named(&found, "censored").value(), Some(1.0));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("3 of 3 samples are censored"), "{said:?}");
    assert!(
        said[0].contains("raise [crossover] maximum (0.1)"),
        "{said:?}"
    );
}

#[test]
fn every_experiment_that_descends_says_what_did_not_converge() {
    let grid = "lambda = [0.3]";
    for (experiment, name, lambda) in [
        ("retrieval", "overlap", grid),
        ("basin", "theta_c_degrees", grid),
        ("all-patterns", "retrieved_fraction", grid),
        ("one-step", "lambda_crossover", "step_size = [1]"),
        ("scaled-dot-product", "scaled_crossover", ""),
    ] {
        let (found, said) = if experiment == "scaled-dot-product" {
            scaled()
        } else {
            said(experiment, "[dynamics]\nmax_steps = 1", lambda)
        };
        assert_eq!(named(&found, name).value(), None, "{experiment}");
        assert!(
            said[0].contains("did not converge"),
            "{experiment}: {said:?}"
        );
    }
}

fn scaled() -> (Vec<Quantity>, Vec<String>) {
    let text = "[job]\nname = \"s\"\nexperiment = \"scaled-dot-product\"\n[patterns]\nensemble = \"gaussian\"\n\
                [dynamics]\nmax_steps = 1\n[sampling]\nsamples = 3\n[sweep]\nscaled_alpha = [0.5]\nsize = [36]\n";
    said_of(&Job::parse("s.toml".as_ref(), text, &dam_experiments::catalogue()).unwrap())
}

/// A mean with a censored sample is none, and no median stands in its place.
#[test]
fn a_censored_sample_leaves_no_mean() {
    let job = job("crossover", "", "").unwrap();
    let mean = reduce::mean("x", &[1.0, 2.0, f64::INFINITY]);
    assert_eq!((mean.value(), mean.standard_error), (None, None));
    let median = reduce::median(&job.tasks[0], "x", &[1.0, 2.0, f64::INFINITY]);
    assert_eq!(median.value(), Some(2.0));
}

#[test]
fn a_curve_between_two_lambdas_that_one_point_shows_has_no_middle() {
    let job = job("retrieval", "", "lambda = [0.25, 0.3, 0.35, 0.4]").unwrap();
    let record = |retrieved: [bool; 4]| {
        let flags = retrieved.map(|retrieved| Some(f64::from(u8::from(retrieved))));
        let zeros = Measurement::List(vec![Some(0.0); 4]);
        let mut record: Record = [
            "overlap",
            "squared_norm",
            "distance",
            "steps",
            "unconverged",
        ]
        .map(|name| (name.to_owned(), zeros.clone()))
        .into();
        record.insert("retrieved".to_owned(), Measurement::List(flags.to_vec()));
        record
    };
    let half = |first: usize, second: usize| {
        let of = |sample| record([false, sample < first, sample < second, true]);
        let records: Vec<Record> = (0..40).map(of).collect();
        let found = job.experiment.quantities(&job.tasks[0], &records);
        let mut halves = found.iter().filter(|found| found.name == "lambda_half");
        halves.next().and_then(Quantity::value)
    };
    assert_eq!(half(0, 30), None);
    assert_eq!(half(0, 1), None);
    let between = half(3, 30).unwrap();
    assert!(0.3 < between && between < 0.35, "{between}");
}
