//! Samples that were interrupted go on where they stood, with the numbers of those that were not.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use dam_runs::experiment::{Experiment, Needs, Sample};
use dam_runs::job::Job;
use dam_runs::journal::{Answers, Journal};
use dam_runs::plan::plan;
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record};
use dam_runs::reduce;
use dam_runs::results::{Results, Store, StoreError};
use dam_runs::run::{Interrupt, Progress, run};
use dam_runs::schedule::Threads;
use dam_runs::shard::Shard;
use dam_runs::task::Task;

use crate::memories::{job, record};

#[test]
fn a_search_that_was_interrupted_anywhere_ends_with_the_same_record() {
    for (experiment, lambda) in [
        ("crossover", ""),
        ("basin", "lambda = [0.3, 0.5, 1.0]"),
        ("all-patterns", "lambda = [0.3, 0.6]"),
        ("phase-map", "lambda = [0.2, 0.3, 0.5]"),
    ] {
        let job = job(experiment, "", lambda).unwrap();
        for sample in 0..3 {
            let journal = Journal::default();
            let whole = record(&job, sample, &journal);
            let answers = journal.answers();
            assert!(answers.len() > 1, "{experiment} has steps");
            for left_out in answers.keys() {
                let mut known = answers.clone();
                known.remove(left_out);
                let journal = Journal::from(known);
                assert_eq!(record(&job, sample, &journal), whole, "{experiment}");
                assert_eq!(journal.answers(), answers, "{experiment}");
            }
        }
    }
}

#[test]
fn an_answer_of_another_kind_is_found_again() {
    let journal = Journal::from(Answers::from([("1".to_owned(), "no number".into())]));
    assert_eq!(journal.once(&1, || 2.5), 2.5);
    assert_eq!(journal.once(&1, || 0.0), 2.5);
    // of a number that JSON has not nothing is kept
    assert!(journal.once(&2, || f64::NAN).is_nan());
    assert_eq!(journal.once(&2, || 3.0), 3.0);
}

/// Two steps; between them the run is interrupted, where it is told to be.
#[derive(Debug)]
struct TwoSteps {
    first_steps: Arc<AtomicUsize>,
    interrupt: Option<Arc<Between>>,
}

/// Interrupts a run and waits until it has left.
#[derive(Debug)]
struct Between {
    interrupt: Interrupt,
    folder: PathBuf,
    copy: PathBuf,
    left: Mutex<bool>,
    has_left: std::sync::Condvar,
}

impl Experiment for TwoSteps {
    fn needs(&self, _: usize) -> Needs {
        Needs::new(1, 0)
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let first: f64 = sample.journal.once(&"first", || {
            self.first_steps.fetch_add(1, Ordering::Relaxed);
            0.1 + sample.index as f64
        });
        if let Some(between) = &self.interrupt {
            between.interrupt.store(true, Ordering::Relaxed);
            let left = between.left.lock().unwrap();
            drop(between.has_left.wait_while(left, |left| !*left).unwrap());
        }
        let second: f64 = sample.journal.once(&"second", || first / 3.0);
        Record::from([("ratio".to_owned(), Measurement::Number(Some(second)))])
    }

    fn quantities(&self, _: &Task, records: &[Record]) -> Vec<Quantity> {
        let ratios = dam_runs::record::column(records, "ratio");
        vec![reduce::mean("ratio", &reduce::present(&ratios))]
    }
}

impl Progress for Between {
    fn abandoned(&self, saved: Result<(), StoreError>) {
        saved.unwrap();
        copy(&self.folder, &self.copy);
        *self.left.lock().unwrap() = true;
        self.has_left.notify_all();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &name);
        } else {
            fs::copy(&path, name).unwrap();
        }
    }
}

/// What a run of three samples leaves; `None` where it was interrupted.
fn results(
    folder: &Path,
    first_steps: &Arc<AtomicUsize>,
    between: Option<&Arc<Between>>,
) -> Option<Results> {
    let read = job("crossover", "", "").unwrap();
    let job = Job {
        experiment: Box::new(TwoSteps {
            first_steps: Arc::clone(first_steps),
            interrupt: between.cloned(),
        }),
        ..read
    };
    let store = Store::new(folder, &job);
    let memory = 1 << 30;
    let plans = plan(&job, &store.survey(&job).unwrap(), Shard::WHOLE, 1, memory).unwrap();
    store.prepare().unwrap();
    let schedule = Threads::new(1).unwrap();
    let is_done = match between {
        Some(between) => {
            let interrupt = &between.interrupt;
            run(&job, &store, &plans, &schedule, interrupt, between.as_ref())
        }
        None => run(&job, &store, &plans, &schedule, &Interrupt::new(false), &()),
    };
    is_done
        .unwrap()
        .then(|| store.merge(&job, &store.survey(&job).unwrap()))
}

#[test]
fn an_interrupted_run_keeps_what_its_long_samples_have_found() {
    let folder = tempfile::tempdir().unwrap();
    let steps = || Arc::new(AtomicUsize::new(0));
    let path = |name: &str| folder.path().join(name);
    let whole = results(&path("whole"), &steps(), None).unwrap();
    let between = Arc::new(Between {
        interrupt: Interrupt::new(false),
        folder: path("stopped"),
        copy: path("left"),
        left: Mutex::new(false),
        has_left: std::sync::Condvar::new(),
    });
    let first_steps = steps();
    let stopped = results(&path("stopped"), &first_steps, Some(&between));
    assert!(stopped.is_none(), "one of three samples was begun");
    assert_eq!(first_steps.load(Ordering::Relaxed), 1);
    let resumed = results(&path("left"), &first_steps, None).unwrap();
    assert_eq!(
        first_steps.load(Ordering::Relaxed),
        3,
        "those of the others"
    );
    let samples = |results: &Results| results.tasks[0].samples.clone();
    assert_eq!(samples(&resumed), samples(&whole));
}

#[test]
fn searches_of_one_sample_with_other_steps_do_not_answer_each_other() {
    let sizes = |sizes: &str| job("one-step", "", &format!("step_size = {sizes}")).unwrap();
    let [both, first, second] = ["[1.0, 0.01]", "[1.0]", "[0.01]"].map(sizes);
    for sample in 0..3 {
        let updates = |job: &Job| match &record(job, sample, &Journal::default())["updates"] {
            Measurement::List(values) => values.clone(),
            Measurement::Number(_) => unreachable!("one for each step size"),
        };
        assert_eq!(updates(&both), [updates(&first), updates(&second)].concat());
        assert_ne!(updates(&first), updates(&second));
    }
}
