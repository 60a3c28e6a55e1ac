//! The same numbers for any thread count, shard, restart and damaged file.

use std::process::Child;
use std::time::{Duration, Instant};

use dam::runs::plan::plan_range;
use dam::runs::run::{Interrupt, run};
use dam::runs::schedule::Threads;
use dam::sims::{Job, Store, efficiency};

use crate::bad_input::task_file;
use crate::folder::{Folder, SMALL_JOB};

/// The results file without wall times, its digest and the time of the merge.
fn results(folder: &Folder) -> String {
    let mut document: serde_json::Value =
        serde_json::from_str(&folder.read("results/small.results.json")).unwrap();
    assert!(document["digest"].take().is_string());
    assert!(document["provenance"]["date"].take().is_string());
    for task in document["tasks"].as_array_mut().unwrap() {
        assert!(
            task.as_object_mut()
                .unwrap()
                .remove("wall_seconds")
                .unwrap()
                .is_number()
        );
    }
    document.to_string()
}

/// The same results and the same csv.
#[track_caller]
pub fn assert_same(folder: &Folder, whole: &Folder) {
    assert_eq!(results(folder), results(whole));
    let csv = "results/small.csv";
    assert_eq!(folder.read(csv), whole.read(csv));
}

fn finished(arguments: &[&str]) -> (Folder, String) {
    let folder = Folder::with_job(SMALL_JOB);
    folder.succeed(&[&["run", "job.toml"], arguments].concat());
    let results = results(&folder);
    (folder, results)
}

#[test]
fn one_and_two_threads_give_the_same_results() {
    let (one, expected) = finished(&["--threads", "1"]);
    let (two, found) = finished(&["--threads", "2"]);
    assert_eq!(found, expected);
    for name in [
        "results/small.csv",
        "results/small.crossover.svg",
        "results/small.crossover.csv",
    ] {
        assert_eq!(two.read(name), one.read(name));
    }
}

#[test]
fn three_shards_merged_give_the_results_of_one_run() {
    let (whole, _) = finished(&[]);
    let folder = Folder::with_job(SMALL_JOB);
    for shard in ["3/3", "1/3", "2/3"] {
        let text = folder.succeed(&["run", "job.toml", "--shard", shard]);
        assert!(text.contains("dam merge"), "{text}");
        assert!(!folder.path("results/small.results.json").exists());
    }
    folder.succeed(&["merge", "job.toml"]);
    assert_same(&folder, &whole);
}

#[test]
fn shards_of_the_spherical_sweep_weigh_the_same() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/sims/jobs/spherical-crossover.toml"
    );
    let job = Job::read(path.as_ref(), &dam::experiments::catalogue()).unwrap();
    for (workers, least) in [(8, 0.98), (32, 0.95), (128, 0.9)] {
        let found = efficiency(&job, workers);
        assert!((least..=1.0).contains(&found), "{found} at {workers}");
    }
}

/// One of the tasks is large enough to be divided.
#[test]
fn shards_of_other_counts_go_on_with_each_other_and_give_the_results_of_one_run() {
    let text = SMALL_JOB
        .replace("alpha = [0.2, 0.25]", "alpha = [0.2, 0.3]")
        .replace("size = [12, 16, 20]", "size = [12, 26]")
        .replace("samples = 20", "samples = 35");
    let whole = Folder::finished(&text);
    let folder = Folder::with_job(&text);
    folder.succeed(&["run", "job.toml", "--shard", "2/5"]);
    let checkpoint = |name: &String| name.ends_with(".7-13.partial.json");
    assert!(
        folder.listing().iter().any(checkpoint),
        "{:?}",
        folder.listing()
    );
    for shard in ["3/3", "1/3", "1/3"] {
        folder.succeed(&["run", "job.toml", "--shard", shard]);
    }
    let mut ranked = folder.command(&["run", "job.toml", "--shard", "auto"]);
    ranked
        .env("OMPI_COMM_WORLD_RANK", "1")
        .env("OMPI_COMM_WORLD_SIZE", "3");
    assert!(ranked.status().unwrap().success());
    folder.succeed(&["merge", "job.toml"]);
    assert_same(&folder, &whole);
    assert!(!folder.listing().iter().any(|name| name.contains("partial")));
}

fn job(folder: &Folder) -> Job {
    Job::read(&folder.path("job.toml"), &dam::experiments::catalogue()).unwrap()
}

#[test]
fn three_ranges_of_the_samples_of_every_task_give_the_results_of_one_run() {
    let (whole, _) = finished(&[]);
    let folder = Folder::with_job(SMALL_JOB);
    for range in [13..20, 0..5, 5..13] {
        // as a process of its own would, which began before the others had finished
        let job = job(&folder);
        let store = Store::new(&folder.path("results"), &job);
        let survey = Store::new(&folder.path("nothing"), &job)
            .survey(&job)
            .unwrap();
        let plans: Vec<_> = (0..job.tasks.len())
            .map(|index| plan_range(&job, &survey, index, range.clone(), 2, 1 << 30).unwrap())
            .collect();
        store.prepare().unwrap();
        let threads = Threads::new(2).unwrap();
        let is_done = run(&job, &store, &plans, &threads, &Interrupt::new(false), &()).unwrap();
        assert!(is_done);
        let finished = store.survey(&job).unwrap().finished();
        assert_eq!(finished, if range == (5..13) { job.tasks.len() } else { 0 });
    }
    folder.succeed(&["merge", "job.toml"]);
    // what is left is the sampled theory of few patterns
    folder.succeed(&["run", "job.toml"]);
    assert_same(&folder, &whole);
    assert!(!folder.listing().iter().any(|name| name.contains("partial")));
}

#[test]
fn a_finished_job_can_be_given_more_samples_and_fewer() {
    let fifty = SMALL_JOB.replace("samples = 20", "samples = 50");
    let (folder, twenty) = finished(&[]);
    let whole = Folder::finished(&fifty);

    folder.write("job.toml", &fifty);
    let plan = folder.succeed(&["run", "job.toml", "--dry-run"]);
    assert!(plan.contains(" 30 ") && !plan.contains(" 50 "), "{plan}");
    folder.succeed(&["run", "job.toml"]);
    assert_same(&folder, &whole);

    folder.write("job.toml", SMALL_JOB);
    let task = task_file(&folder, "alpha0.2-size12");
    let before = folder.read(&task);
    let output = folder.dam(&["run", "job.toml"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("the first 20 of each count"), "{text}");
    assert_eq!(results(&folder), twenty);
    assert_eq!(folder.read(&task), before);
}

/// The bins reach as far as the overlaps of all samples.
#[test]
fn an_experiment_whose_samples_depend_on_their_number_is_refused_another() {
    let text = "[job]\nname = \"bins\"\nexperiment = \"overlap-statistics\"\n[patterns]\nensemble = \"spherical\"\n\
                [sweep]\nalpha = [0.3]\nsize = [16]\nlambda = [0.5]\n[sampling]\nsamples = 20\n";
    let folder = Folder::finished(text);
    folder.write("job.toml", &text.replace("samples = 20", "samples = 50"));
    let text = folder.fail(2, &["run", "job.toml"]);
    assert!(
        text.contains("sampling.samples: results 20, job 50"),
        "{text}"
    );
}

/// A job long enough to be killed in the middle: about ten seconds on one thread.
fn long_job() -> String {
    SMALL_JOB
        .replace("size = [12, 16, 20]", "size = [16, 20, 24, 28]")
        .replace("samples = 20", "samples = 60")
}

#[test]
fn a_run_killed_twice_and_resumed_gives_the_results_of_one_run() {
    let whole = Folder::finished(&long_job());

    let folder = Folder::with_job(&long_job());
    for _ in 0..2 {
        let mut child = started(&folder);
        child.kill().unwrap();
        assert!(
            !child.wait().unwrap().success(),
            "the run ended before it was killed"
        );
    }
    folder.succeed(&["run", "job.toml"]);
    assert_same(&folder, &whole);
}

/// A run on one thread that has finished a task more than it found.
fn started(folder: &Folder) -> Child {
    let is_finished = |name: &String| name.contains("/task-") && !name.contains("partial");
    let finished = || folder.listing().into_iter().filter(is_finished).count();
    let found = finished();
    let mut command = folder.command(&["run", "job.toml", "--threads", "1"]);
    let child = command.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while finished() == found {
        assert!(Instant::now() < deadline, "no task finished in time");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn a_truncated_task_file_is_noticed_named_and_recomputed() {
    let (folder, expected) = finished(&[]);
    let name = task_file(&folder, "alpha0.2-size16");
    let whole = folder.read(&name);
    for kept in [0, 10, whole.len() / 2, whole.len() - 5] {
        folder.write(&name, &whole[..kept]);
        let output = folder.dam(&["run", "job.toml"]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{text}");
        assert!(text.contains(&name) && text.contains("cut short"), "{text}");
        assert_eq!(text.matches("finished α").count(), 1, "{text}");
        assert_eq!(results(&folder), expected);
    }
}
