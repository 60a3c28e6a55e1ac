//! A verdict that is foreseen is the verdict of the fixed point.

use dam_memory::attention::AttentionMemory;
use dam_memory::dynamics::criterion::Criterion;
use dam_memory::dynamics::{GradientDescent, Retriever, Start, StopReason};
use dam_memory::ensembles::pattern_ensemble;
use dam_memory::streams::StreamKey;
use dam_theory::Parameters;

/// Shifts of λ from the critical one, over its value.
const SHIFTS: [f64; 8] = [0.3, 0.1, 3e-2, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

/// Starts at `state` with λ on both sides of the value at which retrieval begins, and the shift of
/// each.
fn close_probes(
    memory: &AttentionMemory,
    descent: GradientDescent,
    criterion: Criterion,
    state: &[f64],
) -> Vec<(f64, Start)> {
    let target = memory.pattern(0);
    let start = |inverse_temperature: f64| Start {
        state: state.to_vec(),
        inverse_temperature,
        target: 0,
    };
    let (mut low, mut high) = (1e-3, 8.0);
    while high - low > 1e-6 {
        let middle = 0.5 * (low + high);
        let arrival = &descent.descend(memory, &[start(middle)])[0];
        if criterion.is_retrieved(arrival, &target) {
            high = middle;
        } else {
            low = middle;
        }
    }
    let centre = 0.5 * (low + high);
    SHIFTS
        .iter()
        .flat_map(|&shift| [(shift, 1.0 + shift), (shift, 1.0 - shift)])
        .map(|(shift, factor)| (shift, start(centre * factor)))
        .collect()
}

/// What foresight did to many descents.
#[derive(Debug, Default)]
struct Count {
    descents: usize,
    foreseen: usize,
    steps: usize,
    full_steps: usize,
    /// Shifts of changed verdicts.
    changed: Vec<f64>,
}

impl Count {
    fn add(
        &mut self,
        memory: &AttentionMemory,
        descent: GradientDescent,
        criterion: Criterion,
        state: &[f64],
    ) {
        let (shifts, starts): (Vec<f64>, Vec<Start>) =
            close_probes(memory, descent, criterion, state)
                .into_iter()
                .unzip();
        let arrivals = descent.descend(memory, &starts);
        let found =
            Retriever::attention(descent, criterion).verdicts(memory, &starts, &StreamKey::new(1));
        for ((shift, (retrieved, early)), full) in shifts.iter().zip(&found).zip(&arrivals) {
            if *retrieved != criterion.is_retrieved(full, &memory.pattern(0)) {
                self.changed.push(*shift);
            }
            assert!(early.steps <= full.steps);
            self.foreseen += usize::from(early.reason == StopReason::Foreseen);
            self.steps += early.steps;
            self.full_steps += full.steps;
            self.descents += 1;
        }
    }
}

/// Ensembles with some N and P each.
type Shapes<'a> = [(&'a str, &'a [(usize, usize)])];

/// Each ensemble, N and P.
fn each<'a>(shapes: &'a Shapes<'a>) -> impl Iterator<Item = (&'a str, usize, usize)> {
    let of = |&(ensemble, shapes): &(&'a str, &'a [(usize, usize)])| {
        shapes
            .iter()
            .map(move |&(size, count)| (ensemble, size, count))
    };
    shapes.iter().flat_map(of)
}

fn descent(step_size: f64) -> GradientDescent {
    GradientDescent {
        step_size,
        tolerance: 1e-9,
        max_steps: 100_000,
    }
}

fn memory(ensemble: &str, size: usize, count: usize, sample: u64) -> AttentionMemory {
    let law = pattern_ensemble(ensemble, &Parameters::new()).unwrap();
    let seed = StreamKey::new(sample).seed("patterns");
    AttentionMemory::sample(law.as_ref(), size, count, &seed)
}

#[test]
fn no_verdict_changes_and_most_steps_are_saved() {
    let mut count = Count::default();
    for (ensemble, size, pattern_count) in each(&[
        ("spherical", &[(10, 7), (24, 122), (32, 602)]),
        ("gaussian", &[(16, 25), (24, 122), (40, 600)]),
        ("rademacher", &[(28, 270)]),
        ("uniform", &[(30, 400)]),
    ]) {
        for (criterion, step_size) in [
            (Criterion::Weight, 1.0),
            (Criterion::Weight, 0.3),
            (Criterion::Distance(0.1), 1.0),
        ] {
            for sample in 0..4 {
                let memory = memory(ensemble, size, pattern_count, sample);
                count.add(&memory, descent(step_size), criterion, &memory.pattern(0));
            }
        }
    }
    assert_eq!(count.changed, [0.0; 0], "{count:?}");
    assert!(2 * count.foreseen > count.descents, "{count:?}");
    assert!(3 * count.steps < 2 * count.full_steps, "{count:?}");
}

/// Such a start relaxes in many directions at first, which hides the slow one that decides.
#[test]
fn away_from_the_target_no_verdict_changes_but_next_to_the_critical_inverse_temperature() {
    let mut count = Count::default();
    for (ensemble, size, pattern_count) in each(&[
        ("spherical", &[(10, 7), (24, 122)]),
        ("gaussian", &[(16, 25)]),
        ("rademacher", &[(24, 122)]),
    ]) {
        for step_size in [1.0, 0.3] {
            for (sample, cosine) in (0..6).flat_map(|sample| [(sample, 0.95_f64), (sample, 0.7)]) {
                let memory = memory(ensemble, size, pattern_count, sample);
                let pair = [memory.pattern(0), memory.pattern(1)];
                let sine = (1.0 - cosine * cosine).sqrt();
                let state: Vec<f64> = (0..size)
                    .map(|component| cosine * pair[0][component] + sine * pair[1][component])
                    .collect();
                count.add(&memory, descent(step_size), Criterion::Weight, &state);
            }
        }
    }
    assert!(
        count.changed.iter().all(|&shift| shift <= 1e-5),
        "{count:?}"
    );
    assert!(100 * count.changed.len() < count.descents, "{count:?}");
    assert!(5 * count.steps < 4 * count.full_steps, "{count:?}");
}
