//! Lines of equal height of numbers on a grid, by marching squares.

use std::collections::BTreeMap;

/// An edge of the grid: its lower left node (column, row) and whether it is horizontal.
type Edge = (usize, usize, bool);

/// The lines along which the bilinear surface of `values` (row by row, at the nodes x × y) has height `level`; closed ones
/// end where they begin. In the four-fold meeting of a saddle the mean of the cell decides.
///
/// # Panics
/// If there is not one value per node.
pub(crate) fn contour_lines(
    x: &[f64],
    y: &[f64],
    values: &[f64],
    level: f64,
) -> Vec<Vec<(f64, f64)>> {
    assert_eq!(values.len(), x.len() * y.len(), "one value per node");
    let value = |column: usize, row: usize| values[row * x.len() + column];
    let is_high = |column: usize, row: usize| value(column, row) >= level;
    let mut neighbours: BTreeMap<Edge, Vec<Edge>> = BTreeMap::new();
    let mut connect = |a: Edge, b: Edge| {
        neighbours.entry(a).or_default().push(b);
        neighbours.entry(b).or_default().push(a);
    };
    for row in 0..y.len().saturating_sub(1) {
        for column in 0..x.len().saturating_sub(1) {
            let bottom = (column, row, true);
            let top = (column, row + 1, true);
            let left = (column, row, false);
            let right = (column + 1, row, false);
            let corners = [
                is_high(column, row),
                is_high(column + 1, row),
                is_high(column + 1, row + 1),
                is_high(column, row + 1),
            ];
            let sides = [bottom, right, top, left];
            let crossed: Vec<Edge> = (0..4)
                .filter(|&side| corners[side] != corners[(side + 1) % 4])
                .map(|side| sides[side])
                .collect();
            match crossed[..] {
                [a, b] => connect(a, b),
                [bottom, right, top, left] => {
                    let sum = value(column, row)
                        + value(column + 1, row)
                        + value(column + 1, row + 1)
                        + value(column, row + 1);
                    // a high middle joins the high corners: the lines cut off the low ones
                    if (0.25 * sum >= level) == corners[0] {
                        connect(bottom, right);
                        connect(top, left);
                    } else {
                        connect(bottom, left);
                        connect(top, right);
                    }
                }
                _ => {}
            }
        }
    }
    let place = |&(column, row, is_horizontal): &Edge| {
        let (next_column, next_row) = if is_horizontal {
            (column + 1, row)
        } else {
            (column, row + 1)
        };
        let (low, high) = (value(column, row), value(next_column, next_row));
        let fraction = (level - low) / (high - low);
        (
            x[column] + fraction * (x[next_column] - x[column]),
            y[row] + fraction * (y[next_row] - y[row]),
        )
    };
    let chains = chains(neighbours);
    chains
        .iter()
        .map(|chain| chain.iter().map(place).collect())
        .collect()
}

/// Walks the pairs into lines: open ones from their ends, then closed ones.
fn chains(mut neighbours: BTreeMap<Edge, Vec<Edge>>) -> Vec<Vec<Edge>> {
    let mut chains = Vec::new();
    loop {
        let end = neighbours.iter().find(|(_, others)| others.len() == 1);
        let any = end.or_else(|| neighbours.iter().next());
        let Some((&start, _)) = any else {
            return chains;
        };
        let mut chain = vec![start];
        let mut here = start;
        while let Some(next) = take_pair(&mut neighbours, here) {
            chain.push(next);
            here = next;
        }
        chains.push(chain);
    }
}

/// Takes one of the pairs of `edge` out and returns its other end.
fn take_pair(neighbours: &mut BTreeMap<Edge, Vec<Edge>>, edge: Edge) -> Option<Edge> {
    let next = neighbours.get_mut(&edge)?.pop()?;
    for (from, to) in [(edge, next), (next, edge)] {
        if let Some(others) = neighbours.get_mut(&from) {
            if let Some(position) = others.iter().position(|&other| other == to) {
                others.swap_remove(position);
            }
            if others.is_empty() {
                neighbours.remove(&from);
            }
        }
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(count: u32, f: impl Fn(f64, f64) -> f64) -> (Vec<f64>, Vec<f64>) {
        let nodes: Vec<f64> = (0..count)
            .map(|index| -2.0 + 4.0 * f64::from(index) / f64::from(count - 1))
            .collect();
        let values = nodes
            .iter()
            .flat_map(|&y| nodes.iter().map(move |&x| (x, y)))
            .map(|(x, y)| f(x, y))
            .collect();
        (nodes, values)
    }

    #[test]
    fn a_paraboloid_has_closed_circles() {
        let (nodes, values) = grid(81, |x, y| x * x + y * y);
        let lines = contour_lines(&nodes, &nodes, &values, 1.7);
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!(line.first(), line.last());
        assert!(line.len() > 100);
        for (x, y) in line {
            assert!((x * x + y * y - 1.7).abs() < 2e-3, "{x} {y}");
        }
        let length: f64 = line
            .windows(2)
            .map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1))
            .sum();
        let circumference = std::f64::consts::TAU * 1.7_f64.sqrt();
        assert!((length / circumference - 1.0).abs() < 1e-3, "{length}");
    }

    #[test]
    fn two_wells_have_two_lines_below_the_saddle_and_one_above() {
        let (nodes, values) = grid(60, |x, y| (x * x - 1.0).powi(2) + y * y);
        for (level, count) in [(0.5, 2), (1.5, 1)] {
            let lines = contour_lines(&nodes, &nodes, &values, level);
            assert_eq!(lines.len(), count, "level {level}");
            assert!(lines.iter().all(|line| line.first() == line.last()));
        }
        // lines that leave the grid end at its border
        let (nodes, values) = grid(9, |x, y| x + 0.1 * y);
        let lines = contour_lines(&nodes, &nodes, &values, 0.05);
        assert_eq!(lines.len(), 1);
        let ends = [lines[0][0], lines[0][lines[0].len() - 1]];
        assert!(ends.iter().all(|(_, y)| y.abs() > 2.0 - 1e-12), "{ends:?}");
        assert!(contour_lines(&nodes, &nodes, &values, 9.0).is_empty());
    }
}
