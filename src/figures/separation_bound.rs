//! The minimal separation of optimised and of random points against M, between its bounds.

use dam::plots::figure::{DataPoint, literal};
use dam::plots::{SeparationPanel, separation_bound_figure};
use dam::sims::{Job, Results};
use dam::theory::TheoryError;
use dam::theory::bounds::{code_angle_bounds, code_separation_bounds};

use super::{Drawn, measured, quantities, sizes_between};

/// A panel for each N.
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let mut panels: Vec<SeparationPanel> = Vec::new();
    for result in &results.tasks {
        let dimension = result.task.size as f64;
        let count = result.task.pattern_count as f64;
        let position = panels
            .iter()
            .position(|panel| panel.dimension == dimension)
            .unwrap_or_else(|| {
                panels.push(SeparationPanel {
                    dimension,
                    closed_bounds: [Vec::new(), Vec::new()],
                    tight_bounds: [Vec::new(), Vec::new()],
                    best: Vec::new(),
                    random: Vec::new(),
                });
                panels.len() - 1
            });
        let panel = &mut panels[position];
        let best = quantities(result, "best_separation").find_map(|quantity| quantity.mean);
        panel
            .best
            .extend(best.map(|separation| DataPoint::new(count, separation)));
        let random = quantities(result, "random_separation").find_map(measured);
        panel.random.extend(
            random.map(|(value, low, high)| DataPoint::with_y_interval(count, value, low, high)),
        );
        let (lower, upper) = code_angle_bounds(result.task.size, result.task.pattern_count)?;
        for (bounds, angle) in panel.tight_bounds.iter_mut().zip([lower, upper]) {
            bounds.push((count, 1.0 - angle.cos()));
        }
    }
    for panel in &mut panels {
        for bounds in &mut panel.tight_bounds {
            bounds.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        panel.closed_bounds = closed_bounds(panel)?;
    }
    if panels.is_empty() {
        return Ok(None);
    }
    let title = format!("{} random points", literal(job.ensemble.name()));
    Ok(Some(separation_bound_figure(&title, &panels)?))
}

/// The closed forms between the smallest and the largest M; the upper one where it says something.
fn closed_bounds(panel: &SeparationPanel) -> Result<[Vec<(f64, f64)>; 2], TheoryError> {
    let counts = || panel.best.iter().map(|point| point.x);
    let smallest = counts().fold(f64::INFINITY, f64::min);
    let largest = counts().fold(0.0, f64::max);
    let (mut lower, mut upper) = (Vec::new(), Vec::new());
    for count in sizes_between(smallest, largest) {
        let bounds = code_separation_bounds(panel.dimension, count.ln())?;
        lower.push((count, bounds.lower));
        if bounds.upper <= 2.0 {
            upper.push((count, bounds.upper));
        }
    }
    Ok([lower, upper])
}
