//! How patterns are held changes no bit, and is chosen by rule.

use dam_memory::attention::{AttentionMemory, Precision, Storage};
use dam_memory::ensembles::{pattern_ensemble_names, pattern_law};
use dam_memory::kernel::{Batch, Parallelism, StateSummary};
use dam_memory::patterns::drawn::RandomPatterns;
use dam_memory::streams::StreamKey;
use dam_runs::job::Job;
use dam_runs::plan::{RunError, TaskPlan, plan};
use dam_runs::record::Record;
use dam_runs::results::{Store, TaskState};
use dam_runs::run::{Interrupt, run};
use dam_runs::schedule::Threads;
use dam_runs::shard::Shard;

use crate::ensembles::pattern_ensemble;

const MIB: u64 = 1 << 20;

fn patterns(name: &str, size: usize, count: usize) -> RandomPatterns {
    let seed = StreamKey::new(31).seed("patterns");
    let law = pattern_law(pattern_ensemble(name).as_ref(), size, &seed);
    RandomPatterns::new(law, size, count, seed)
}

/// Everything that an update of states near the patterns says.
fn update(memory: &AttentionMemory, states: usize) -> (Vec<f64>, Vec<StateSummary>) {
    let targets: Vec<usize> = (0..states)
        .map(|i| i * 257 % memory.pattern_count())
        .collect();
    let starts: Vec<f64> = targets
        .iter()
        .flat_map(|&target| memory.pattern(target))
        .map(|value| 0.9 * value + 0.1)
        .collect();
    let lambdas: Vec<f64> = (0..states).map(|i| 0.2 + 0.1 * i as f64).collect();
    memory.update(Batch {
        states: &starts,
        inverse_temperatures: &lambdas,
        targets: &targets,
        seeds: Some(&targets),
    })
}

fn assert_same(name: &str, size: usize, count: usize, storage: Storage) {
    let patterns = patterns(name, size, count);
    for precision in [Precision::F32, Precision::F64] {
        let alone = Parallelism::Sequential;
        let stored = AttentionMemory::hold(&patterns, precision, Storage::Stored, alone);
        for parallelism in [alone, Parallelism::Chunks] {
            let other = AttentionMemory::hold(&patterns, precision, storage, parallelism);
            for states in [1, 3, 20] {
                assert_eq!(
                    update(&stored, states),
                    update(&other, states),
                    "{name} {size} {count} {precision:?} {storage:?} {states}"
                );
            }
            let state = stored.pattern(1);
            assert_eq!(stored.overlaps(&state), other.overlaps(&state));
            for pattern in [0, 1, 255, 256, count - 1] {
                assert_eq!(stored.pattern(pattern), other.pattern(pattern));
                assert_eq!(stored.squared_norm(pattern), other.squared_norm(pattern));
            }
        }
    }
}

#[test]
fn regenerated_patterns_give_the_bits_of_stored_ones() {
    for name in pattern_ensemble_names() {
        for (size, count) in [(13, 1000), (40, 300)] {
            assert_same(name, size, count, Storage::Regenerated);
        }
    }
    // Several spans of several tiles.
    assert_same("spherical", 5, 40_000, Storage::Regenerated);
}

#[test]
fn signs_as_bits_give_the_bits_of_stored_ones() {
    for (size, count) in [
        (1, 300),
        (13, 1000),
        (40, 700),
        (64, 300),
        (131, 257),
        (5, 40_000),
    ] {
        assert_same("rademacher", size, count, Storage::Bits);
    }
}

#[test]
#[should_panic(expected = "only signs can be held as bits")]
fn other_patterns_than_signs_are_not_held_as_bits() {
    let patterns = patterns("gaussian", 10, 20);
    let _ = AttentionMemory::hold(
        &patterns,
        Precision::F64,
        Storage::Bits,
        Parallelism::Sequential,
    );
}

fn job(experiment: &str, ensemble: &str, sweep: &str, sampling: &str) -> Job {
    let text = format!(
        "[job]\nname = \"test\"\nexperiment = \"{experiment}\"\n[patterns]\nensemble = \
         \"{ensemble}\"\n[sweep]\n{sweep}\n[sampling]\n{sampling}\n"
    );
    Job::parse("test.toml".as_ref(), &text, &dam_experiments::catalogue()).unwrap()
}

fn plans(job: &Job, threads: usize, mebibytes: u64) -> Result<Vec<TaskPlan>, RunError> {
    let folder = tempfile::tempdir().unwrap();
    let survey = Store::new(folder.path(), job).survey(job).unwrap();
    plan(job, &survey, Shard::WHOLE, threads, mebibytes * MIB)
}

/// The samples of a job of one task, run as `plan` is changed to on so many threads.
fn samples(job: &Job, threads: usize, change: impl Fn(&mut TaskPlan)) -> Vec<Record> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), job);
    let survey = store.survey(job).unwrap();
    let mut plans = plan(job, &survey, Shard::WHOLE, threads, 1000 * MIB).unwrap();
    change(&mut plans[0]);
    store.prepare().unwrap();
    let threads = Threads::new(threads).unwrap();
    run(job, &store, &plans, &threads, &Interrupt::new(false), &()).unwrap();
    let TaskState::Finished(result) = store.survey(job).unwrap().states.remove(0) else {
        panic!("the task is finished");
    };
    result.samples
}

#[test]
fn a_job_has_the_same_results_however_patterns_are_held() {
    for (ensemble, storages) in [
        ("spherical", vec![Storage::Stored, Storage::Regenerated]),
        (
            "rademacher",
            vec![Storage::Stored, Storage::Bits, Storage::Regenerated],
        ),
    ] {
        let job = job(
            "crossover",
            ensemble,
            "alpha = [0.2]\nsize = [20]",
            "samples = 4",
        );
        let results: Vec<_> = storages
            .into_iter()
            .flat_map(|storage| [(storage, 1), (storage, 2)])
            .map(|(storage, concurrent_samples)| {
                samples(&job, 2, |plan| {
                    plan.storage = storage;
                    plan.concurrent_samples = concurrent_samples;
                })
            })
            .collect();
        assert!(
            results.windows(2).all(|pair| pair[0] == pair[1]),
            "{ensemble}"
        );
    }
}

#[test]
fn the_end_of_a_task_has_the_same_results_on_any_number_of_threads() {
    // P = 14 765: chunks for up to 8 threads.
    let job = job(
        "retrieval",
        "spherical",
        "alpha = [0.3]\nsize = [32]\nlambda = [0.5, 0.8, 1.2]",
        "samples = 5",
    );
    let alone = samples(&job, 1, |_| ());
    for (threads, at_once) in [(2, (2, 1)), (3, (3, 0)), (4, (4, 1)), (8, (1, 0))] {
        let same = samples(&job, threads, |plan| {
            assert_eq!((plan.concurrent_samples, plan.chunked_samples), at_once);
        });
        assert_eq!(alone, same, "{threads} threads");
    }
}

#[test]
fn storage_and_parallelism_follow_from_memory_and_batch() {
    // P = 162 755: 74.5 MiB in double, 37.3 in single precision.
    let crossover = |ensemble, sampling| {
        job(
            "crossover",
            ensemble,
            "alpha = [0.2]\nsize = [60]",
            sampling,
        )
    };
    let chosen = |job: &Job, threads, mebibytes| {
        let plan = plans(job, threads, mebibytes).unwrap().remove(0);
        (plan.storage, plan.pattern_bytes, plan.concurrent_samples)
    };
    let spherical = crossover("spherical", "samples = 50");
    let bytes = 162_755 * 60 * 8;
    assert_eq!(chosen(&spherical, 2, 1000), (Storage::Stored, bytes, 2));
    // One sample fits, two do not: its chunks in parallel.
    assert_eq!(chosen(&spherical, 2, 150), (Storage::Stored, bytes, 1));
    assert_eq!(chosen(&spherical, 2, 50), (Storage::Regenerated, 0, 2));
    // Fewer samples than threads.
    assert_eq!(chosen(&spherical, 64, 100_000), (Storage::Stored, bytes, 1));
    let single = crossover("spherical", "samples = 50\nprecision = \"f32\"");
    assert_eq!(chosen(&single, 1, 100), (Storage::Stored, bytes / 2, 1));
    // Too few patterns to share: samples in parallel, however few.
    for (count, at_once) in [(2, 2), (3, 3), (50, 8)] {
        let few = job(
            "crossover",
            "spherical",
            "alpha = [0.2]\nsize = [40]",
            &format!("samples = {count}"),
        );
        let plan = plans(&few, 8, 1000).unwrap().remove(0);
        assert_eq!(
            (plan.concurrent_samples, plan.chunked_samples),
            (at_once, 0)
        );
    }

    let signs = crossover("rademacher", "samples = 50");
    let bits = 162_755_u128.next_multiple_of(256) * 60 / 8;
    assert_eq!(chosen(&signs, 2, 100), (Storage::Bits, bits, 2));

    let lambdas = |count| {
        let sweep = format!(
            "alpha = [0.2]\nsize = [60]\nlambda = {{ start = 0.1, stop = 1, count = {count} }}"
        );
        job("retrieval", "spherical", &sweep, "samples = 50")
    };
    assert_eq!(chosen(&lambdas(20), 2, 1000).0, Storage::Stored);
    assert_eq!(chosen(&lambdas(1200), 2, 1000).0, Storage::Regenerated);
    assert_eq!(chosen(&lambdas(1200), 2, 1000).2, 2);
}

#[test]
fn a_measurement_whose_overlaps_do_not_fit_is_refused() {
    let job = job(
        "overlap-statistics",
        "spherical",
        "alpha = [0.3]\nsize = [60]\nlambda = [1]",
        "samples = 2",
    );
    let Err(RunError::Memory { task, needed, .. }) = plans(&job, 1, 1000) else {
        panic!("16 bytes for each of 6.6e7 patterns do not fit");
    };
    assert_eq!((task.size, needed.as_str()), (60, "1017.9 MiB"));
}
