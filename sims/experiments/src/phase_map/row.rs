//! A row of the map from the crossovers of its samples.

use dam_runs::quantity::Quantity;
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_statistics::BootstrapMethod;

/// By how much the share of samples may differ between neighbouring λ of a row.
const LARGEST_STEP: f64 = 0.125;
/// Neighbouring λ of a row are at least this many tolerances of the search apart.
const LEAST_DISTANCE: f64 = 8.0;

/// The λ of the grid (ascending) and, as long as the share of samples with λ_× ≤ λ differs by more than ⅛ between two
/// neighbours, the λ halfway between them; none closer than eight times the tolerance of the searches.
pub(super) fn refined(grid: &[f64], crossovers: &[f64], tolerance: f64) -> Vec<f64> {
    let share = |lambda: f64| {
        let below = crossovers.iter().filter(|&&at| at <= lambda).count();
        below as f64 / crossovers.len() as f64
    };
    let mut row = grid.to_vec();
    let mut index = 0;
    while index + 1 < row.len() {
        let (low, high) = (row[index], row[index + 1]);
        let is_wide = high - low >= 2.0 * LEAST_DISTANCE * tolerance;
        if is_wide && share(high) - share(low) > LARGEST_STEP {
            row.insert(index + 1, f64::midpoint(low, high));
        } else {
            index += 1;
        }
    }
    row
}

/// The λ from which this share of samples retrieves, between ordered crossovers as the median lies at ½; without numbers
/// where a resample has none.
pub(super) fn quantile(task: &Task, name: &str, crossovers: &[f64], share: f64) -> Quantity {
    // by number, since the bootstrap takes finite values only
    let numbers: Vec<f64> = (0..crossovers.len()).map(|index| index as f64).collect();
    let method = BootstrapMethod::BiasCorrectedAccelerated;
    reduce::statistic(task, name, &numbers, method, |chosen: &[f64]| {
        let mut values: Vec<f64> = chosen
            .iter()
            .map(|&number| crossovers[reduce::whole(number)])
            .collect();
        values.sort_by(f64::total_cmp);
        let place = share * (values.len() - 1) as f64;
        let below = reduce::whole(place.floor());
        let fraction = place - place.floor();
        let (low, high) = (values[below], values[(below + 1).min(values.len() - 1)]);
        if fraction == 0.0 {
            low
        } else {
            low + fraction * (high - low)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_refined_where_the_share_changes_and_no_finer_than_searches_are() {
        let grid = [0.1, 0.2, 0.3, 0.4];
        // four samples between 0.2 and 0.3, of which two lie as close together as the tolerance
        let crossovers = [0.21, 0.25001, 0.25002, 0.29, f64::INFINITY];
        let row = refined(&grid, &crossovers, 1e-4);
        assert!(row.is_sorted() && grid.iter().all(|lambda| row.contains(lambda)));
        let inside = |&&lambda: &&f64| 0.2 < lambda && lambda < 0.3;
        assert_eq!(row.len(), 4 + row.iter().filter(inside).count());
        let gap = row.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(gap.fold(1.0, f64::min) >= 8e-4);
        for pair in row.windows(2) {
            let step = crossovers
                .iter()
                .filter(|&&at| pair[0] < at && at <= pair[1])
                .count();
            assert!(
                step as f64 <= 0.125 * 5.0 || pair[1] - pair[0] < 16e-4,
                "{pair:?}"
            );
        }
        let even = refined(&grid, &[0.15, 0.15], 0.1);
        assert_eq!(even, grid);
    }
}
