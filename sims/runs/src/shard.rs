//! Parts of a job for several processes: each takes some of the samples of every task.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::job::Job;
use crate::subject::{Subject, WORK_OF_A_SECOND};

/// P·N summed over samples up to which a subject stays whole: too little for files of parts.
const WHOLE_WORK: f64 = WORK_OF_A_SECOND;
/// More parts than any array of a cluster has.
pub const MOST_SHARDS: u32 = 100_000;
/// What an engine tells each of its workers: the number, the first number, the distance of numbers, and how many there are.
const NUMBERED: [[&str; 4]; 2] = [
    [
        "SLURM_ARRAY_TASK_ID",
        "SLURM_ARRAY_TASK_MIN",
        "SLURM_ARRAY_TASK_STEP",
        "SLURM_ARRAY_TASK_COUNT",
    ],
    ["OMPI_COMM_WORLD_RANK", "", "", "OMPI_COMM_WORLD_SIZE"],
];
/// Numbers of workers that do not say how many there are.
const UNCOUNTED: [&str; 3] = ["HQ_TASK_ID", "SLURM_ARRAY_TASK_ID", "OMPI_COMM_WORLD_RANK"];

/// Part `index` of `count` equal parts of a job's samples; `1/1` is the whole job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

/// What is dealt to shards: samples of equal work.
struct Lot {
    work: f64,
    samples: usize,
}

/// What one shard takes of each lot, and the work of all shards.
struct Dealt {
    ranges: Vec<Range<usize>>,
    loads: Vec<f64>,
}

impl Shard {
    /// The whole job.
    pub const WHOLE: Self = Self { index: 1, count: 1 };

    /// Whether this is the whole job.
    pub fn is_whole(self) -> bool {
        self.count == 1
    }

    /// The part that an engine gives to this process by its environment: of a Slurm array (numbered from 0, from 1 or
    /// otherwise) or of Open MPI; with a `count` also of HyperQueue, whose tasks are numbered from 0 or 1.
    ///
    /// ```
    /// use dam_runs::shard::Shard;
    /// let rank = |name: &str| match name {
    ///     "OMPI_COMM_WORLD_RANK" => Some("2".to_owned()),
    ///     "OMPI_COMM_WORLD_SIZE" => Some("8".to_owned()),
    ///     _ => None,
    /// };
    /// assert_eq!(Shard::from_environment(None, rank).unwrap().to_string(), "3/8");
    /// ```
    ///
    /// # Errors
    /// What is missing or no number there.
    pub fn from_environment(
        count: Option<usize>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let number = |name: &str| -> Result<Option<usize>, String> {
            let Some(text) = variable(name) else {
                return Ok(None);
            };
            let found = text.trim().parse().ok();
            found
                .map(Some)
                .ok_or(format!("{name} is {text:?}, not a number"))
        };
        if let Some(count) = count {
            for name in UNCOUNTED {
                if let Some(number) = number(name)? {
                    // one to one from 0 … k − 1, and from 1 … k
                    return Self::new(number % count.max(1) + 1, count);
                }
            }
        }
        for [name, first, step, counted] in NUMBERED {
            if let (Some(found), Some(count)) = (number(name)?, number(counted)?) {
                let (first, step) = (number(first)?.unwrap_or(0), number(step)?.unwrap_or(1));
                let place = found.checked_sub(first).map(|place| place / step.max(1));
                let index =
                    place.ok_or(format!("{name} = {found} lies below its first, {first}"))?;
                return Self::new(index + 1, count);
            }
        }
        let names = NUMBERED.map(|[name, _, _, counted]| format!("{name} with {counted}"));
        Err(format!(
            "neither {} is set; give i/k, or auto/k where only {} is",
            names.join(" nor "),
            UNCOUNTED[0]
        ))
    }

    fn new(index: usize, count: usize) -> Result<Self, String> {
        if (1..=count).contains(&index) && count <= MOST_SHARDS as usize {
            return Ok(Self { index, count });
        }
        Err(format!(
            "a shard is i/k with 1 ≤ i ≤ k ≤ {MOST_SHARDS}, such as 2/3; not {index}/{count}"
        ))
    }

    /// The samples of each task that belong to this shard, and those of each task's theory; empty where it has none. All k
    /// shards together have each sample once, and about the same work; they do not depend on what is finished.
    pub(crate) fn ranges(self, job: &Job) -> [Vec<Range<usize>>; 2] {
        let mut ranges = self.deal(&lots(job)).ranges;
        let theories = ranges.split_off(job.tasks.len());
        [ranges, theories]
    }

    /// Deals lots in order of falling work. Each shard takes a share of the samples of a lot; those left over, and a lot that
    /// stays whole, go where the least work is.
    fn deal(self, lots: &[Lot]) -> Dealt {
        let total = |&lot: &usize| lots[lot].work * lots[lot].samples as f64;
        let mut order: Vec<usize> = (0..lots.len()).collect();
        order.sort_by(|one, other| total(other).total_cmp(&total(one)));
        let mut loads = vec![0.0_f64; self.count];
        let mut ranges = vec![0..0; lots.len()];
        for place in order {
            let Lot { work, samples } = lots[place];
            let mut lightest: Vec<usize> = (0..self.count).collect();
            lightest.sort_by(|&one, &other| loads[one].total_cmp(&loads[other]));
            let mut taken = vec![samples / self.count; self.count];
            if total(&place) <= WHOLE_WORK {
                taken.fill(0);
                taken[lightest[0]] = samples;
            } else {
                for &shard in &lightest[..samples % self.count] {
                    taken[shard] += 1;
                }
            }
            let start = taken[..self.index - 1].iter().sum();
            ranges[place] = start..start + taken[self.index - 1];
            for (load, taken) in loads.iter_mut().zip(taken) {
                *load += work * taken as f64;
            }
        }
        Dealt { ranges, loads }
    }
}

/// The time that `count` equal workers would take if each did an equal part of the work, over that of the one with the most
/// by the shards of a job.
///
/// # Panics
/// For `count` = 0.
pub fn efficiency(job: &Job, count: usize) -> f64 {
    let loads = Shard { index: 1, count }.deal(&lots(job)).loads;
    let most = loads.iter().copied().fold(0.0, f64::max);
    loads.iter().sum::<f64>() / (count as f64 * most)
}

/// The samples of all tasks, and then those of their theories.
fn lots(job: &Job) -> Vec<Lot> {
    let lot = |subject: Option<Subject<'_>>| Lot {
        work: subject.as_ref().map_or(0.0, Subject::work),
        samples: subject.as_ref().map_or(0, Subject::samples),
    };
    let tasks = || job.tasks.iter();
    let measured = tasks().map(|task| lot(Some(Subject::measurement(job, task))));
    let theories = tasks().map(|task| lot(Subject::theory(job, task)));
    measured.chain(theories).collect()
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<usize>().ok();
        let parts = text.split_once('/');
        let parts = parts.and_then(|(index, count)| Some((number(index)?, number(count)?)));
        let (index, count) = parts.unwrap_or_default();
        Self::new(index, count).map_err(|refusal| match parts {
            Some(_) => refusal,
            None => "a shard is i/k with 1 ≤ i ≤ k, such as 2/3".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn lots() -> Vec<Lot> {
        let work = [8e6, 3e6, 1e3, 2e5, 7e5, 12.0];
        let samples = [300, 300, 300, 17, 40, 5];
        let lots = work.into_iter().zip(samples);
        lots.map(|(work, samples)| Lot { work, samples }).collect()
    }

    #[test]
    fn shards_have_each_sample_once_and_cheap_lots_whole() {
        for count in [1, 2, 7, 64, 500] {
            let mut ends = vec![0; 6];
            for index in 1..=count {
                let dealt = Shard { index, count }.deal(&lots());
                for (place, range) in dealt.ranges.iter().enumerate() {
                    assert_eq!(
                        range.start, ends[place],
                        "lot {place}, shard {index}/{count}"
                    );
                    ends[place] = range.end;
                    let is_whole = range.len() == lots()[place].samples;
                    assert!(range.is_empty() || is_whole || ![2, 5].contains(&place));
                }
            }
            assert_eq!(ends, [300, 300, 300, 17, 40, 5]);
        }
    }

    #[test]
    fn the_environment_of_an_engine_says_which_shard() {
        let shard = |count, variables: &[(&str, &str)]| {
            let found = Shard::from_environment(count, |name| {
                let variable = variables.iter().find(|(known, _)| *known == name);
                variable.map(|(_, value)| (*value).to_owned())
            });
            found.map(|shard| shard.to_string())
        };
        for first in [0, 1, 5] {
            let id = (first + 6).to_string();
            let array = [
                ("SLURM_ARRAY_TASK_ID", id.as_str()),
                ("SLURM_ARRAY_TASK_MIN", &first.to_string()),
                ("SLURM_ARRAY_TASK_COUNT", "4"),
                ("SLURM_ARRAY_TASK_STEP", "2"),
            ];
            assert_eq!(shard(None, &array).unwrap(), "4/4");
        }
        let queued = |id: usize| shard(Some(3), &[("HQ_TASK_ID", &id.to_string())]).unwrap();
        assert_eq!([0, 1, 2].map(queued), ["1/3", "2/3", "3/3"]);
        assert_eq!([1, 2, 3].map(queued), ["2/3", "3/3", "1/3"]);
        let refusal = shard(None, &[("HQ_TASK_ID", "1")]).unwrap_err();
        assert!(refusal.contains("auto/k"), "{refusal}");
        assert!(shard(Some(0), &[("HQ_TASK_ID", "1")]).is_err());
        assert!(shard(None, &[("OMPI_COMM_WORLD_RANK", "x")]).is_err());
    }
}
