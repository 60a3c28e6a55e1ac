//! Memories that know of their patterns only the products with the directions visited.

use dam_memory::dynamics::{Retriever, Start, StopReason};
use dam_memory::revealed::ExtremesPlan;
use dam_memory::streams::StreamKey;
use dam_theory::finite_size::PatternCount;

fn plan(ensemble: &str, size: usize, load: f64, tolerance: f64) -> ExtremesPlan {
    let patterns = PatternCount::from_load(load, size as f64).unwrap();
    let ensemble = dam_theory::ensemble(ensemble).unwrap();
    ExtremesPlan::new(&ensemble, size, patterns, tolerance).unwrap()
}

/// The state of length √N at an angle to the first axis, in the plane of the first two.
fn state(size: usize, degrees: f64) -> Vec<f64> {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let mut state = vec![0.0; size];
    state[0] = cosine * (size as f64).sqrt();
    state[1] = sine * (size as f64).sqrt();
    state
}

/// No noise of rounding, of integrals or of directions too short to be drawn keeps a descent going.
#[test]
fn descents_among_directed_patterns_come_to_rest() {
    for (ensemble, size) in [("spherical", 500), ("spherical", 2000), ("gaussian", 2000)] {
        let plan = plan(ensemble, size, 0.2, 0.1);
        let streams = StreamKey::new(4);
        let memory = plan.directed_memory(&state(size, 0.0), streams.rng("noise"));
        let starts: Vec<Start> = [20.0, 45.0, 54.0, 55.0, 56.0, 58.0, 70.0, 90.0]
            .map(|degrees| Start {
                state: state(size, degrees),
                // at λ = 1 a lost state falls to 0 algebraically, in any memory
                inverse_temperature: 0.95,
                target: 0,
            })
            .into();
        let retriever = Retriever::default();
        for (start, arrival) in starts
            .iter()
            .zip(retriever.arrivals(&memory, &starts, &streams))
        {
            println!(
                "{ensemble} {size} {:.2}: {} steps, |∇E|/√N = {:.2e}, weight {:.3e}, {} drawn",
                (start.state[0] / (size as f64).sqrt()).acos().to_degrees(),
                arrival.steps,
                arrival.gradient_norm,
                arrival.outcome.target_weight,
                memory.revealed_count()
            );
            assert_eq!(arrival.reason, StopReason::Converged);
            assert!(arrival.steps < 2000);
        }
    }
}
