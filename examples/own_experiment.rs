//! An experiment of one's own, run from a job file: how far the overlaps of other patterns with ξ¹ spread.

use std::collections::BTreeMap;

use dam::runs::catalogue::{Configured, Kind};
use dam::runs::experiment::{Experiment, Sample};
use dam::runs::job::{Draft, JobError};
use dam::runs::place::Place;
use dam::runs::quantity::{Prediction, Quantity};
use dam::runs::record::{Measurement, Record, column};
use dam::runs::reduce::{mean, present};
use dam::runs::results::compare;
use dam::runs::swept::{ALPHA, SIZE};
use dam::runs::task::Task;
use dam::runs::{Job, complete};

const KIND: Kind = Kind {
    name: "overlap-spread",
    about: "the variance of √N ξ¹·ξ^μ/N over the other patterns",
    sections: &[],
    sweep: &[ALPHA, SIZE],
    read: |draft: &Draft<'_>| -> Result<Configured, JobError> {
        Ok((Box::new(OverlapSpread), draft.exponential_loads()?))
    },
};

/// Σ_μ (ξ¹·ξ^μ)²/(N (P − 1)), whose mean is 1 where components are independent or isotropic.
#[derive(Debug)]
struct OverlapSpread;

impl Experiment for OverlapSpread {
    fn measure(&self, sample: &Sample<'_>) -> Record {
        let target = sample.memory.pattern(0);
        let others = 1..sample.task.pattern_count;
        let square = |index: usize| {
            let pattern = sample.memory.pattern(index);
            let products = target.iter().zip(&pattern).map(|(a, b)| a * b);
            products.sum::<f64>().powi(2) / target.len() as f64
        };
        let spread = others.clone().map(square).sum::<f64>() / others.len() as f64;
        BTreeMap::from([("spread".to_owned(), Measurement::Number(Some(spread)))])
    }

    fn quantities(&self, _: &Task, records: &[Record]) -> Vec<Quantity> {
        vec![mean("spread", &present(&column(records, "spread")))]
    }

    fn predict(&self, _: &Place<'_>, _: &str) -> Prediction {
        Prediction {
            infinite_size: Some(1.0),
            finite_size: Some(1.0),
            finite_size_error: None,
        }
    }
}

const JOB: &str = "job = { name = 'own', experiment = 'overlap-spread' }
patterns = { ensemble = 'spherical' }
sweep = { alpha = [0.15], size = [16, 24] }
sampling = { samples = 50 }";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalogue = dam::experiments::catalogue().with_experiment(KIND);
    let job = Job::parse("own.toml".as_ref(), JOB, &catalogue)?;
    let folder = tempfile::tempdir()?;
    let results = complete(&job, folder.path(), 2)?;
    for row in compare(job.experiment.as_ref(), &results) {
        let (size, spread) = (row.task.size, &row.quantity);
        println!(
            "N = {size}: {:?} ± {:?}",
            spread.mean, spread.standard_error
        );
    }
    Ok(())
}
