//! Samples whose patterns are drawn only where states come near them: how they are measured, and what is known of the part
//! that was left to the average.

use dam_memory::attention::AttentionMemory;
use dam_memory::ensembles::pattern_law;
use dam_memory::memory::Memory;
use dam_memory::patterns::Patterns;
use dam_memory::revealed::ExtremesPlan;
use dam_memory::streams::StreamKey;

use crate::caveat::Caveat;
use crate::experiment::{Experiment, Sample};
use crate::job::Job;
use crate::journal::Journal;
use crate::quantity::Quantity;
use crate::record::{Measurement, Record, column};
use crate::reduce;
use crate::task::Task;

/// The largest δ √max(1, λN) that a sample left to the average at any state.
const LEFT_OUT: &str = "left_out";
/// Noise patterns that a sample drew.
const DRAWN: &str = "revealed_patterns";
/// The share of samples that drew none.
const AVERAGED: &str = "noise_averaged";
/// The largest |deviation| of any quantity between the samples and those at ε/2, in standard errors of both.
const DEVIATION: &str = "half_tolerance_deviation";
/// One sample in so many is measured again at ε/2, with a disorder of its own.
const CHECKED: usize = 4;
/// Before the names of what such a sample measures.
const PREFIX: &str = "half_tolerance ";
/// The deviation that asks for a smaller ε.
const LARGEST_DEVIATION: f64 = 4.0;
/// The fewest samples at ε/2 of which a deviation is told.
const FEWEST: usize = 20;

/// The record of a sample at ε = `tolerance`.
pub(crate) fn measure(job: &Job, task: &Task, index: usize, tolerance: f64) -> Record {
    let stream = task.stream_key(job.seed, index);
    let mut record = one(job, task, index, &stream, tolerance);
    if index % CHECKED == CHECKED - 1 {
        let stream = stream.with_text("accuracy", "half the tolerance");
        let accurate = one(job, task, index, &stream, 0.5 * tolerance);
        let named = accurate.into_iter();
        record.extend(named.map(|(name, value)| (format!("{PREFIX}{name}"), value)));
    }
    record
}

fn one(job: &Job, task: &Task, index: usize, stream: &StreamKey, tolerance: f64) -> Record {
    let plan = task
        .theory()
        .zip(task.patterns())
        .and_then(|(ensemble, patterns)| {
            ExtremesPlan::new(&ensemble, task.size, patterns, tolerance).ok()
        })
        .expect("the job was checked: isotropic patterns, N ≥ 3, at least two of them");
    let target = plan.draw_target(None, &mut stream.rng("target"));
    let alone = AttentionMemory::from(Patterns::from_rows(task.size, target.clone()));
    let law = pattern_law(job.ensemble.as_ref(), task.size, &stream.seed("patterns"));
    let noise = stream.rng("noise");
    // such samples take seconds at most
    let journal = &Journal::default();
    let measure = |memory: &dyn Memory| {
        job.experiment.measure(&Sample {
            task,
            index,
            memory: &alone,
            revealed: Some(memory),
            law: law.as_ref(),
            ensemble: job.ensemble.as_ref(),
            stream: stream.clone(),
            journal,
        })
    };
    let (mut record, left_out, drawn) = if plan.stores_all() {
        let memory = plan.stored_memory(&target, noise);
        (measure(&memory), 0.0, (memory.pattern_count() - 1) as f64)
    } else {
        let memory = plan.revealed_memory(&target, noise);
        let record = measure(&memory);
        (
            record,
            memory.largest_left_out(),
            memory.revealed_count() as f64,
        )
    };
    for (name, value) in [(LEFT_OUT, left_out), (DRAWN, drawn)] {
        record.insert(name.to_owned(), Measurement::Number(Some(value)));
    }
    record
}

/// The quantities of the experiment, with what is known of the average; where no sample drew a pattern they are theory by
/// construction, and say so.
pub(crate) fn quantities(
    experiment: &dyn Experiment,
    task: &Task,
    records: &[Record],
) -> Vec<Quantity> {
    let measured = experiment.measured(task, records);
    let drawn = reduce::present(&column(records, DRAWN));
    let averaged: Vec<bool> = drawn.iter().map(|&drawn| drawn == 0.0).collect();
    let accurate: Vec<Record> = records.iter().filter_map(accurate).collect();
    let known = [
        reduce::mean(LEFT_OUT, &reduce::present(&column(records, LEFT_OUT))),
        reduce::mean(DRAWN, &drawn),
        reduce::probability(AVERAGED, &averaged),
        deviation(&measured, experiment, task, &accurate),
    ];
    let construction = Caveat::by_construction(&averaged);
    let measured = measured.into_iter();
    measured
        .map(|quantity| quantity.under(&construction))
        .chain(known)
        .collect()
}

/// What a sample measured at ε/2, where it was.
fn accurate(record: &Record) -> Option<Record> {
    let named = record.iter();
    let own: Record = named
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone())))
        .collect();
    (!own.is_empty()).then_some(own)
}

fn deviation(
    measured: &[Quantity],
    experiment: &dyn Experiment,
    task: &Task,
    accurate: &[Record],
) -> Quantity {
    let empty = reduce::empty(DEVIATION, accurate.len());
    if accurate.len() < FEWEST {
        return empty;
    }
    let others = experiment.measured(task, accurate);
    let of_pair = |one: &Quantity| {
        let is_same = |other: &&Quantity| {
            (&other.name, &other.coordinates, &other.labels)
                == (&one.name, &one.coordinates, &one.labels)
        };
        let other = others.iter().find(is_same)?;
        // a share that no sample differs in has no error to judge by
        let errors = [one.standard_error?, other.standard_error?];
        let error = errors[0].hypot(errors[1]);
        (errors.iter().all(|&error| error > 0.0))
            .then_some((one.value()? - other.value()?).abs() / error)
    };
    let largest = measured.iter().filter_map(of_pair).reduce(f64::max);
    let found = Quantity {
        mean: largest,
        ..empty
    };
    found.under(&Caveat::at_half_tolerance(
        largest.is_some_and(|largest| largest > LARGEST_DEVIATION),
    ))
}
