//! A verdict that is foreseen is the verdict of the fixed point.
#![expect(clippy::unwrap_used, reason = "tests")]

use dam_sims::{
    Criterion, GradientDescent, Memory, Precision, Start, StopReason, StreamKey, pattern_ensemble,
    verdicts,
};
use dam_theory::Parameters;

/// λ on both sides of the crossover of a sample, as close as 1e-6.
fn close_probes(memory: &Memory, descent: GradientDescent, criterion: Criterion) -> Vec<f64> {
    let target = memory.pattern(0);
    let is_retrieved = |lambda: f64| {
        let start = Start {
            state: target.clone(),
            inverse_temperature: lambda,
            target: 0,
        };
        criterion.is_retrieved(&descent.descend(memory, &[start])[0], &target)
    };
    let (mut low, mut high) = (1e-3, 8.0);
    while high - low > 1e-6 {
        let middle = 0.5 * (low + high);
        if is_retrieved(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    let centre = 0.5 * (low + high);
    [-0.3, -0.1, -3e-2, -1e-2, -1e-3, -1e-4, -1e-5, -1e-6]
        .iter()
        .flat_map(|shift| [centre * (1.0 + shift), centre * (1.0 - shift)])
        .collect()
}

#[test]
fn no_verdict_changes_and_most_steps_are_saved() {
    let (mut steps, mut full_steps, mut foreseen, mut count) = (0, 0, 0, 0);
    for (ensemble, size, pattern_count) in [
        ("spherical", 24, 122),
        ("spherical", 32, 602),
        ("gaussian", 24, 122),
        ("gaussian", 40, 600),
        ("rademacher", 28, 270),
        ("uniform", 30, 400),
    ] {
        for (criterion, step_size) in [
            (Criterion::Weight, 1.0),
            (Criterion::Weight, 0.3),
            (Criterion::Distance(0.1), 1.0),
        ] {
            for sample in 0..4 {
                let seed = StreamKey::new(sample).seed("patterns");
                let law = pattern_ensemble(ensemble, &Parameters::new()).unwrap();
                let memory =
                    Memory::sample(law.as_ref(), size, pattern_count, Precision::F64, &seed);
                let descent = GradientDescent {
                    step_size,
                    tolerance: 1e-9,
                    max_steps: 100_000,
                };
                let starts: Vec<Start> = close_probes(&memory, descent, criterion)
                    .into_iter()
                    .map(|inverse_temperature| Start {
                        state: memory.pattern(0),
                        inverse_temperature,
                        target: 0,
                    })
                    .collect();
                let arrivals = descent.descend(&memory, &starts);
                for ((retrieved, early), full) in verdicts(&descent, criterion, &memory, &starts)
                    .iter()
                    .zip(&arrivals)
                {
                    assert_eq!(
                        *retrieved,
                        criterion.is_retrieved(full, &memory.pattern(0)),
                        "{ensemble}, N = {size}, {criterion:?}, sample {sample}: {early:?}"
                    );
                    assert!(early.steps <= full.steps);
                    foreseen += usize::from(early.reason == StopReason::Foreseen);
                    steps += early.steps;
                    full_steps += full.steps;
                    count += 1;
                }
            }
        }
    }
    println!("{foreseen} of {count} foreseen, {steps} of {full_steps} steps");
    assert!(
        2 * foreseen > count,
        "{foreseen} of {count} verdicts foreseen"
    );
    assert!(
        3 * steps < 2 * full_steps,
        "{steps} of {full_steps} steps made"
    );
}
