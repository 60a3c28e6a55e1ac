//! The update's side of `compare.py`, which runs this program beside the other libraries:
//! reads requests from standard input, one JSON object a line, and answers each with one.

mod limits;

use std::fs;
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

use dam_memory::attention::Precision;
use dam_memory::kernel::{Batch, ComputedIn, Number, Parallelism, Pass, StateSummary, Workspace};
use dam_memory::patterns::{Patterns, huge_pages};
use limits::{Limits, Memory};
use serde::Deserialize;
use serde_json::json;

/// How long updates are repeated before they are timed.
const WARM_UP: Duration = Duration::from_millis(100);

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Request {
    /// Reads patterns (native numbers, row-major) and states (doubles) from files.
    Load {
        precision: Precision,
        size: usize,
        patterns: String,
        states: String,
        inverse_temperature: f64,
    },
    /// Updates once, then again and again for `seconds`, and answers with the median time.
    Update { threads: usize, seconds: f64 },
    /// Writes the means of the last update (doubles) to a file.
    Write { means: String },
    /// Measures the machine.
    Limits { threads: usize },
}

enum Loaded {
    Single(Patterns<f32>),
    /// Computed with in double precision.
    Mixed(Patterns<f32>),
    Double(Patterns<f64>),
}

#[derive(Default)]
struct States {
    components: Vec<f64>,
    inverse_temperatures: Vec<f64>,
    targets: Vec<usize>,
    means: Vec<f64>,
    summaries: Vec<StateSummary>,
    workspace: Workspace,
}

#[derive(Default)]
struct Bench {
    patterns: Option<Loaded>,
    states: States,
    memory: Option<Memory>,
}

/// Numbers of `BYTES` bytes each from a file.
fn read<const BYTES: usize, T>(path: &str, number: fn([u8; BYTES]) -> T) -> io::Result<Vec<T>> {
    let bytes = fs::read(path)?;
    let (numbers, _) = bytes.as_chunks();
    let mut values = huge_pages::with_capacity(numbers.len());
    values.extend(numbers.iter().map(|&bytes| number(bytes)));
    Ok(values)
}

impl Bench {
    fn answer(&mut self, request: Request) -> io::Result<serde_json::Value> {
        Ok(match request {
            Request::Load {
                precision,
                size,
                patterns,
                states,
                inverse_temperature,
            } => {
                self.patterns = None;
                self.patterns = Some(match precision {
                    Precision::F32 => Loaded::Single(Patterns::from_rows(
                        size,
                        read(&patterns, f32::from_ne_bytes)?,
                    )),
                    Precision::Mixed => Loaded::Mixed(Patterns::from_rows(
                        size,
                        read(&patterns, f32::from_ne_bytes)?,
                    )),
                    Precision::F64 => Loaded::Double(Patterns::from_rows(
                        size,
                        read(&patterns, f64::from_ne_bytes)?,
                    )),
                });
                let components: Vec<f64> = read(&states, f64::from_ne_bytes)?;
                let batch = components.len() / size;
                self.states = States {
                    inverse_temperatures: vec![inverse_temperature; batch],
                    targets: vec![0; batch],
                    means: vec![0.0; components.len()],
                    summaries: vec![StateSummary::default(); batch],
                    components,
                    workspace: Workspace::default(),
                };
                json!({ "batch": batch })
            }
            Request::Update { threads, seconds } => {
                json!({ "seconds": self.time(threads, Duration::from_secs_f64(seconds)) })
            }
            Request::Write { means } => {
                let bytes: Vec<u8> = self
                    .states
                    .means
                    .iter()
                    .flat_map(|x| x.to_ne_bytes())
                    .collect();
                fs::write(means, bytes)?;
                json!({})
            }
            Request::Limits { threads } => {
                let Limits {
                    single,
                    double,
                    bandwidth,
                    issue,
                } = self.memory.get_or_insert_with(Memory::new).limits(threads);
                json!({ "f32": single, "f64": double, "bandwidth": bandwidth, "issue": issue })
            }
        })
    }

    /// The median time of an update on so many threads.
    fn time(&mut self, threads: usize, least: Duration) -> f64 {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads can be started");
        pool.install(|| {
            // New threads share a core until the system moves them apart, as it does early in a
            // long run.
            let start = Instant::now();
            while start.elapsed() < WARM_UP {
                self.update(threads);
            }
            let start = Instant::now();
            let mut times = Vec::new();
            while times.is_empty() || start.elapsed() < least {
                let start = Instant::now();
                self.update(threads);
                times.push(start.elapsed().as_secs_f64());
            }
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
    }

    fn update(&mut self, threads: usize) {
        match &self.patterns {
            Some(Loaded::Single(patterns)) => self.states.update::<f32, f32>(patterns, threads),
            Some(Loaded::Mixed(patterns)) => self.states.update::<f64, f32>(patterns, threads),
            Some(Loaded::Double(patterns)) => self.states.update::<f64, f64>(patterns, threads),
            None => panic!("load patterns first"),
        }
    }
}

impl States {
    fn update<T: Number, U: ComputedIn<T>>(&mut self, patterns: &Patterns<U>, threads: usize) {
        let parallelism = if threads == 1 {
            Parallelism::Sequential
        } else {
            Parallelism::Chunks
        };
        let batch = Batch {
            states: &self.components,
            inverse_temperatures: &self.inverse_temperatures,
            targets: &self.targets,
            seeds: None,
        };
        // Without seeds no pattern is left out: all libraries do the same work.
        Pass {
            source: patterns,
            batch,
            parallelism,
        }
        .run_in::<T>(&mut self.workspace, &mut self.means, &mut self.summaries);
    }
}

fn main() -> io::Result<()> {
    let mut bench = Bench::default();
    for line in io::stdin().lock().lines() {
        let answer = bench.answer(serde_json::from_str(&line?)?)?;
        let mut output = io::stdout().lock();
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}
