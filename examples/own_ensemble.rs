//! An ensemble of one's own, named by a job file: independent components with the triangular law on [−√6, √6].

use std::sync::Arc;

use dam::runs::results::compare;
use dam::runs::{Job, complete};
use dam::theory::Kind;
use dam::theory::families::IndependentComponents;
use dam::theory::laws::ComponentLaw;
use dam::theory::numbers::graded_nodes;

const EDGE: f64 = 2.449_489_742_783_178; // √6

const TRIANGULAR: Kind = Kind {
    name: "triangular",
    about: "independent components, with the triangular law on [−√6, √6]",
    keys: &[],
    build: |_| Ok(Arc::new(IndependentComponents::new(Triangular))),
};

/// The sum of two uniform variables, of unit variance: with x = √6 h/2
///
/// ```text
/// K(h) = 2 ln(sinh x / x)        K'(h) = √6 (coth x − 1/x)
/// ```
#[derive(Debug)]
struct Triangular;

impl ComponentLaw for Triangular {
    fn name(&self) -> &'static str {
        TRIANGULAR.name
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        let x = 0.5 * EDGE * field.abs();
        if x < 0.05 {
            return x * x / 3.0 * (1.0 - x * x / 30.0 + x.powi(4) * 2.0 / 945.0);
        }
        2.0 * (x - (2.0 * x).ln() + (-(-2.0 * x).exp()).ln_1p())
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        let x = 0.5 * EDGE * field;
        if x.abs() < 0.05 {
            return EDGE * x / 3.0 * (1.0 - x * x / 15.0 + x.powi(4) * 2.0 / 315.0);
        }
        EDGE * (1.0 / x.tanh() - 1.0 / x)
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        let weigh = |(y, weight)| (y, weight * (EDGE - y) / 3.0);
        graded_nodes(EDGE, 0.5, 40).into_iter().map(weigh).collect()
    }

    fn upper_tail(&self, value: f64) -> f64 {
        (EDGE - value).max(0.0).powi(2) / 12.0
    }
}

const JOB: &str = "job = { name = 'own', experiment = 'crossover' }
patterns = { ensemble = 'triangular' }
sweep = { alpha = [0.15], size = [16, 20, 24] }
sampling = { samples = 50 }";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalogue = dam::experiments::catalogue().with_ensemble(TRIANGULAR);
    let job = Job::parse("own.toml".as_ref(), JOB, &catalogue)?;
    let folder = tempfile::tempdir()?;
    let results = complete(&job, folder.path(), 2)?;
    for row in compare(job.experiment.as_ref(), &results) {
        let (name, size) = (&row.quantity.name, row.task.size);
        println!(
            "N = {size}: {name} = {:?}, theory {:?}",
            row.quantity.value(),
            row.theory.finite_size
        );
    }
    Ok(())
}
