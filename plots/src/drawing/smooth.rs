//! A smooth curve through few computed points.

/// Points of the curve in each interval between two knots.
const PARTS: u32 = 8;

/// The curve through `knots` (x, y), x strictly rising: the piecewise cubic that has a continuous slope and is monotone wherever
/// the knots are, so that it adds no bump of its own.
///
/// The slope at a knot is the weighted harmonic mean of the two chords, 0 where they differ in sign (F. N. Fritsch and
/// J. Butland, SIAM J. Sci. Stat. Comput. 5, 300 (1984)); at the ends that of the parabola through three knots, limited to keep
/// the shape. Fewer than three knots are joined by a line.
///
/// ```
/// let curve = dam_plots::drawing::smooth_curve(&[(0.0, 0.0), (1.0, 1.0), (3.0, 9.0)]);
/// assert_eq!(curve[0], (0.0, 0.0));
/// assert!(curve.contains(&(1.0, 1.0)) && curve.ends_with(&[(3.0, 9.0)]));
/// ```
pub fn smooth_curve(knots: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if knots.len() < 3 {
        return knots.to_vec();
    }
    let width = |index: usize| knots[index + 1].0 - knots[index].0;
    let chord = |index: usize| (knots[index + 1].1 - knots[index].1) / width(index);
    let last = knots.len() - 1;
    let slopes: Vec<f64> = (0..knots.len())
        .map(|index| match index {
            0 => end_slope([width(0), width(1)], [chord(0), chord(1)]),
            _ if index == last => end_slope(
                [width(last - 1), width(last - 2)],
                [chord(last - 1), chord(last - 2)],
            ),
            _ => inner_slope(
                [width(index - 1), width(index)],
                [chord(index - 1), chord(index)],
            ),
        })
        .collect();
    let mut curve = Vec::with_capacity(last * PARTS as usize + 1);
    for index in 0..last {
        let ((x, y), width) = (knots[index], width(index));
        let (first, second) = (slopes[index], slopes[index + 1]);
        let rise = chord(index);
        for part in 0..PARTS {
            let t = f64::from(part) / f64::from(PARTS);
            let bend = 3.0 * rise - 2.0 * first - second + t * (first + second - 2.0 * rise);
            curve.push((x + t * width, y + t * width * (first + t * bend)));
        }
    }
    curve.push(knots[last]);
    curve
}

fn inner_slope([before, after]: [f64; 2], [left, right]: [f64; 2]) -> f64 {
    if left * right <= 0.0 {
        return 0.0;
    }
    let (left_weight, right_weight) = (2.0 * after + before, after + 2.0 * before);
    (left_weight + right_weight) / (left_weight / left + right_weight / right)
}

/// From the end inwards.
fn end_slope([near, far]: [f64; 2], [first, second]: [f64; 2]) -> f64 {
    let slope = ((2.0 * near + far) * first - near * second) / (near + far);
    if slope * first <= 0.0 {
        0.0
    } else if first * second <= 0.0 && slope.abs() > 3.0 * first.abs() {
        3.0 * first
    } else {
        slope
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.interpolate.PchipInterpolator`.
    #[test]
    fn the_curve_is_that_of_scipy() {
        let knots = [
            (0.0, 0.0),
            (1.0, 2.0),
            (1.5, 2.2),
            (3.0, 2.1),
            (4.0, 3.0),
            (6.0, 7.0),
        ];
        let curve = smooth_curve(&knots);
        assert_eq!(curve.len(), 5 * 8 + 1);
        for (x, expected) in [
            (0.25, 0.714_655_172_413_793_1),
            (0.5, 1.305_747_126_436_781_5),
            (1.25, 2.138_793_103_448_276_3),
            (2.25, 2.15),
            (3.5, 2.401_102_941_176_470_4),
            (5.0, 4.614_460_784_313_726),
            (5.75, 6.337_519_148_284_313),
        ] {
            let found = curve.iter().find(|point| (point.0 - x).abs() < 1e-12);
            assert!(
                (found.map_or(0.0, |point| point.1) - expected).abs() < 1e-14,
                "{x}"
            );
        }
    }

    #[test]
    fn twenty_knots_of_a_crossover_curve_leave_no_visible_corner() {
        let function = |x: f64| 0.2 + x.ln() / x;
        let knots: Vec<(f64, f64)> = (0..20)
            .map(|index| 20.0 * 500_f64.powf(f64::from(index) / 19.0))
            .map(|size| (size.ln(), function(size)))
            .collect();
        for (x, y) in smooth_curve(&knots) {
            assert!((y - function(x.exp())).abs() < 3e-4, "{x}");
        }
        assert_eq!(smooth_curve(&knots[..2]), &knots[..2]);
    }
}
