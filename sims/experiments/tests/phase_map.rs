//! `phase-map`: what a map says is what retrieval at each of its λ says of the same samples.

use dam_experiments::catalogue;
use dam_runs::job::Job;
use dam_runs::place::Place;
use dam_runs::quantity::Quantity;
use dam_runs::record::{Record, column, grid_column};

use crate::memories::records;

const LAMBDAS: &str = "lambda = [0.2, 0.35, 0.4, 0.45, 0.5, 0.6, 0.8, 1.2]";

fn job(experiment: &str, ensemble: &str, sections: &str, sweep: &str) -> Job {
    let text = format!(
        "[job]\nname = \"m\"\nexperiment = \"{experiment}\"\n[patterns]\nensemble = \"{ensemble}\"\n\
         [sampling]\nsamples = 40\n[sweep]\nalpha = [0.2]\n{sweep}\n{sections}"
    );
    Job::parse("job.toml".as_ref(), &text, &catalogue()).unwrap()
}

fn found(quantities: &[Quantity], name: &str, lambda: Option<f64>) -> Quantity {
    let is_it = |quantity: &&Quantity| {
        quantity.name == name && quantity.coordinates.get("lambda").copied() == lambda
    };
    quantities.iter().find(is_it).unwrap().clone()
}

/// Where the searches of the map and the verdicts of another experiment on the same samples differ at a λ further from λ_×
/// than the tolerance of the searches.
fn contradictions(map: &[Record], other: &[Record], flags: &str, lambdas: &[f64]) -> usize {
    let crossovers = column(map, "lambda_crossover");
    let mut wrong = 0;
    for (position, &lambda) in lambdas.iter().enumerate() {
        let verdicts = grid_column(other, flags, position);
        for (crossover, verdict) in crossovers.iter().zip(verdicts) {
            let at = crossover.unwrap_or(f64::INFINITY);
            let is_clear = (lambda - at).abs() > 1e-4;
            wrong += usize::from(is_clear && (at <= lambda) != (verdict == Some(1.0)));
        }
    }
    wrong
}

#[test]
fn a_map_of_the_typical_pattern_says_what_retrieval_says() {
    let lambdas = [0.2, 0.35, 0.4, 0.45, 0.5, 0.6, 0.8, 1.2];
    for ensemble in ["spherical", "gaussian", "rademacher"] {
        let sweep = format!("size = [24]\n{LAMBDAS}");
        let map = job("phase-map", ensemble, "", &sweep);
        let retrieval = job("retrieval", ensemble, "", &sweep);
        let crossover = job("crossover", ensemble, "", "size = [24]");
        let searched = records(&map, 40);
        // the searches are those of the crossovers, and cost what they cost
        assert_eq!(searched, records(&crossover, 40));
        let wrong = contradictions(&searched, &records(&retrieval, 40), "retrieved", &lambdas);
        assert_eq!(wrong, 0, "{ensemble}");
        let quantities = map.experiment.quantities(&map.tasks[0], &searched);
        let share = |lambda| found(&quantities, "retrieval_probability", Some(lambda)).mean;
        let crossovers = column(&searched, "lambda_crossover");
        let below = |lambda: f64| {
            crossovers
                .iter()
                .flatten()
                .filter(|&&at| at <= lambda)
                .count()
        };
        assert_eq!(share(0.4), Some(below(0.4) as f64 / 40.0));
        let [low, half, high] = ["lambda_quarter", "lambda_half", "lambda_three_quarters"]
            .map(|name| found(&quantities, name, None).value().unwrap());
        assert!(low < half && half < high, "{ensemble}");
    }
}

#[test]
fn a_map_of_all_patterns_says_what_starts_at_all_of_them_say() {
    let lambdas = [0.2, 0.35, 0.4, 0.45, 0.5, 0.6, 0.8, 1.2];
    for ensemble in ["spherical", "gaussian", "rademacher"] {
        let sweep = format!("size = [20]\n{LAMBDAS}");
        let map = job("phase-map", ensemble, "[phase-map]\nof = \"all\"", &sweep);
        let all = job("all-patterns", ensemble, "", &sweep);
        let searched = records(&map, 40);
        let wrong = contradictions(&searched, &records(&all, 40), "all_retrieved", &lambdas);
        assert_eq!(wrong, 0, "{ensemble}");
        let typical = records(&job("crossover", ensemble, "", "size = [20]"), 40);
        let [largest, typical] =
            [&searched, &typical].map(|records| column(records, "lambda_crossover"));
        // of all patterns the first is one
        for (largest, typical) in largest.iter().zip(&typical) {
            let largest = largest.unwrap_or(f64::INFINITY);
            assert!(typical.is_some_and(|typical| typical <= largest + 1e-4));
        }
    }
}

#[test]
fn a_map_of_basins_says_what_basins_say() {
    let sweep = "size = [20]\nlambda = [0.4, 0.6, 0.8]";
    let map = job(
        "phase-map",
        "spherical",
        "[phase-map]\nof = \"basins\"",
        sweep,
    );
    let basin = job("basin", "spherical", "", sweep);
    let searched = records(&map, 10);
    assert_eq!(searched, records(&basin, 10));
    // intervals are resampled by the name of the experiment
    let values = |job: &Job| -> Vec<(String, Option<f64>)> {
        let quantities = job.experiment.quantities(&job.tasks[0], &searched);
        let named = quantities.iter();
        named
            .map(|found| (found.name.clone(), found.value()))
            .collect()
    };
    assert_eq!(values(&map), values(&basin));
}

#[test]
fn the_contour_at_one_half_lies_on_the_finite_size_theory() {
    for (ensemble, samples) in [("spherical", 400), ("gaussian", 400)] {
        let map = job(
            "phase-map",
            ensemble,
            "",
            &format!("size = [32]\n{LAMBDAS}"),
        );
        let quantities = map
            .experiment
            .quantities(&map.tasks[0], &records(&map, samples));
        let half = found(&quantities, "lambda_half", None);
        let (value, error) = (half.value().unwrap(), half.standard_error.unwrap());
        let theory = map
            .experiment
            .predict(&Place::of_task(&map.tasks[0]), "lambda_half");
        let expected = theory.finite_size.unwrap();
        let allowed = 4.0 * error + theory.finite_size_error.unwrap_or(0.0);
        assert!(
            (value - expected).abs() < allowed,
            "{ensemble}: {value} ± {error}, {expected}"
        );
        assert!(error < 0.03 * value, "{ensemble}: {error} tells nothing");
    }
}
