//! Measured crossovers against independent simulations and the theory.

use dam::sims::{Experiment, Job, Memory, Quantity, Sample};

/// The job of a text and the quantities of its first task, simulated here.
pub fn measured(text: &str) -> (Job, Vec<Quantity>) {
    let job = Job::parse("test.toml".as_ref(), text).unwrap();
    let task = &job.tasks[0];
    let experiment: &dyn Experiment = job.experiment.as_ref();
    let records: Vec<_> = (0..job.samples)
        .map(|index| {
            let seed = task.stream_key(job.seed, index).seed("patterns");
            let (size, count) = (task.size, task.pattern_count);
            let memory = Memory::sample(job.ensemble, size, count, job.precision, &seed);
            experiment.measure(&Sample {
                task,
                index,
                memory: &memory,
            })
        })
        .collect();
    let quantities = experiment.quantities(task, &records);
    (job, quantities)
}

/// Mean crossover and its standard error over the samples of the first task of a job.
fn crossover(ensemble: &str, alpha: f64, size: usize, samples: usize) -> (f64, f64) {
    let (_, quantities) = measured(&format!(
        "[job]\nname = \"test\"\nexperiment = \"crossover\"\n[patterns]\nensemble = \
         \"{ensemble}\"\n[sweep]\nalpha = [{alpha}]\nsize = [{size}]\n[sampling]\nsamples = \
         {samples}\n"
    ));
    let quantity = quantities
        .iter()
        .find(|quantity| quantity.name == "lambda_crossover")
        .unwrap();
    (quantity.mean.unwrap(), quantity.standard_error.unwrap())
}

fn assert_agree((value, error): (f64, f64), (expected, expected_error): (f64, f64)) {
    let z = (value - expected) / error.hypot(expected_error);
    assert!(
        z.abs() < 4.0,
        "{value} ± {error} against {expected} ± {expected_error}: z = {z}"
    );
}

// The values were measured by an independent implementation (bisection in λ of the attention
// update, mean over the samples, standard error in the last digit).
#[test]
fn spherical_crossovers_agree_with_an_independent_simulation() {
    assert_agree(crossover("spherical", 0.2, 32, 200), (0.3313, 3e-4));
    assert_agree(crossover("spherical", 0.3, 26, 200), (0.5070, 3e-4));
}

/// At finite N the crossover lies above λ₁ and falls towards it.
#[test]
fn crossovers_fall_towards_the_infinite_size_threshold() {
    let threshold = dam::theory::ensemble("spherical")
        .unwrap()
        .typical_inverse_temperature(0.2)
        .unwrap();
    let small = crossover("spherical", 0.2, 16, 100);
    let large = crossover("spherical", 0.2, 28, 100);
    assert!(small.0 - large.0 > 4.0 * small.1.hypot(large.1));
    assert!(large.0 - threshold > 4.0 * large.1);
}
