//! Measures the tasks of a job in the test's own process.

use std::collections::BTreeMap;
use std::sync::Mutex;

use dam::memory::ensembles::pattern_law;
use dam::memory::kernel::Parallelism;
use dam::runs::experiment::Sample;
use dam::runs::journal::Journal;
use dam::runs::place::Place;
use dam::runs::schedule::{Schedule, Threads, Work};
use dam::sims::{AttentionMemory, Job, Prediction, Quantity, Record, Task};

/// A validated job and, for each of its tasks, the records and quantities.
pub struct Measured {
    pub job: Job,
    pub tasks: Vec<(Task, Vec<Record>, Vec<Quantity>)>,
}

/// Simulates every task of the job that `text` states.
pub fn measure(text: &str) -> Measured {
    let job = Job::parse("test.toml".as_ref(), text, &dam::experiments::catalogue()).unwrap();
    let tasks = job
        .tasks
        .iter()
        .map(|task| {
            let one = |index| {
                let stream = task.stream_key(job.seed, index);
                let seed = stream.seed("patterns");
                let (size, count) = (task.size, task.pattern_count);
                let law = pattern_law(job.ensemble.as_ref(), size, &seed);
                let memory = &AttentionMemory::sample_in(
                    job.precision,
                    job.ensemble.as_ref(),
                    size,
                    count,
                    &seed,
                );
                job.experiment.measure(&Sample {
                    task,
                    index,
                    law: law.as_ref(),
                    memory,
                    revealed: None,
                    ensemble: job.ensemble.as_ref(),
                    stream,
                    journal: &Journal::default(),
                })
            };
            let records: Vec<Record> = (0..job.samples).map(one).collect();
            let quantities = job.experiment.measured(task, &records);
            tell_theory(&job, task);
            (task.clone(), records, quantities)
        })
        .collect();
    Measured { job, tasks }
}

/// Samples the theory of a task, where it is sampled.
fn tell_theory(job: &Job, task: &Task) {
    let Some(theory) = job.experiment.sampled_theory(task) else {
        return;
    };
    let records = Mutex::new(BTreeMap::new());
    let work = Work {
        subject: 0,
        samples: 0..theory.samples,
        parallelism: Parallelism::Sequential,
    };
    let one = |_: &Work, sample| {
        let record = (theory.measure)(sample);
        records.lock().unwrap().insert(sample, record);
        Ok(())
    };
    Threads::new(2).unwrap().run(&[work], &one).unwrap();
    let records: Vec<Record> = records.into_inner().unwrap().into_values().collect();
    task.tell_theory(theory.experiment.quantities(task, &records));
}

/// The job of a text and the quantities of its first task.
pub fn measured(text: &str) -> (Job, Vec<Quantity>) {
    let mut measured = measure(text);
    let (_, _, quantities) = measured.tasks.remove(0);
    (measured.job, quantities)
}

/// The quantities of a name that were measured on a label's value and at a coordinate's.
pub fn matching<'a>(
    quantities: &'a [Quantity],
    name: &str,
    (label, word): (&str, &str),
    (coordinate, value): (&str, f64),
) -> Vec<&'a Quantity> {
    quantities
        .iter()
        .filter(|quantity| {
            quantity.name == name
                && quantity.labels[label] == word
                && quantity.coordinates[coordinate] == value
        })
        .collect()
}

/// The mean of the first of them.
pub fn mean(
    quantities: &[Quantity],
    name: &str,
    label: (&str, &str),
    coordinate: (&str, f64),
) -> f64 {
    matching(quantities, name, label, coordinate)[0]
        .mean
        .unwrap()
}

impl Measured {
    /// What theory says of a quantity.
    pub fn theory(&self, task: &Task, quantity: &Quantity) -> Prediction {
        let place = Place::of(task, quantity);
        self.job.experiment.predict(&place, &quantity.name)
    }

    /// All quantities of a name, in the order of the tasks, each with (measured − theory at N)/error.
    pub fn deviations(&self, name: &str) -> Vec<(Task, Quantity, f64)> {
        let mut found = Vec::new();
        for (task, _, quantities) in &self.tasks {
            for quantity in quantities.iter().filter(|quantity| quantity.name == name) {
                let theory = self.theory(task, quantity).finite_size;
                let deviation = theory.map_or(f64::NAN, |theory| {
                    (quantity.value().unwrap() - theory) / quantity.standard_error.unwrap()
                });
                found.push((task.clone(), quantity.clone(), deviation));
            }
        }
        assert!(!found.is_empty(), "no quantity is named {name}");
        found
    }

    /// Every deviation of a name from the theory at N stays within `bound` standard errors.
    pub fn assert_theory(&self, name: &str, bound: f64) {
        for (task, quantity, deviation) in self.deviations(name) {
            assert!(
                deviation.abs() < bound,
                "{name} of {task:?} deviates by {deviation} errors: {quantity:?}"
            );
        }
    }
}
