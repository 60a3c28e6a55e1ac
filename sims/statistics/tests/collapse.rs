//! Data collapse of curves whose exponents are known.

use dam_statistics::StatisticsError;
use dam_statistics::collapse::{
    Collapse, CollapseData, Fit, Parameter, Settings, collapse, parametric_resamples,
};

use crate::reference::gaussians;

const RHO_C: f64 = 0.5;
const NU: f64 = 1.3;
const ZETA: f64 = -0.4;
const SIZES: [f64; 4] = [16.0, 32.0, 64.0, 128.0];
const EXACT: [f64; 3] = [RHO_C, NU, ZETA];

/// Noisy curves of a known transition, each size with a grid of its own that narrows with L, times
/// 1 + b/L.
fn synthetic(seed: u64, relative_error: f64, correction: f64) -> CollapseData {
    narrowing(0.4, seed, relative_error, correction)
}

/// The same on grids that narrow as a power of L.
fn narrowing(power: f64, seed: u64, relative_error: f64, correction: f64) -> CollapseData {
    let (mut rho, mut a, mut da) = (Vec::new(), Vec::new(), Vec::new());
    for (row, size) in SIZES.into_iter().enumerate() {
        let count = 9 + 2 * row;
        let half = 0.09 * (SIZES[0] / size).powf(power);
        let grid = (0..count).map(|k| 0.505 + half * (2.0 * k as f64 / (count - 1) as f64 - 1.0));
        let grid: Vec<f64> = grid.collect();
        let amplitude = size.powf(ZETA / NU) * (1.0 + correction / size);
        let error = relative_error * amplitude;
        let noise = gaussians(count, 1000 * seed + row as u64);
        let curve = grid.iter().zip(noise).map(|(rho, noise)| {
            let x = size.powf(1.0 / NU) * (rho - RHO_C);
            amplitude * (1.5 + (0.5 * x).tanh()) + error * noise
        });
        a.push(curve.collect());
        da.push(vec![error; count]);
        rho.push(grid);
    }
    CollapseData::new(SIZES.to_vec(), rho, a, da).unwrap()
}

fn found(data: &CollapseData, settings: &Settings, resamples: usize) -> Collapse {
    resampled(data, settings, resamples, 1)
}

fn resampled(data: &CollapseData, settings: &Settings, count: usize, seed: u64) -> Collapse {
    collapse(data, settings, &parametric_resamples(data, count, seed)).unwrap()
}

/// The share of sets in which a fit lies within so many of its errors or contours.
fn coverage(fits: &[Fit], parameter: usize, place: usize, errors: f64) -> f64 {
    let parameter = Parameter::ALL[parameter];
    let is_covered = |fit: &&Fit| {
        let of = fit.of(parameter);
        (of[0] - EXACT[parameter as usize]).abs() <= errors * of[place]
    };
    fits.iter().filter(is_covered).count() as f64 / fits.len() as f64
}

/// Errors by resampling, of both qualities, and the contour of the spline hold the right value in
/// 68 and 95 % of 200 sets, within three standard deviations of that share and of the errors of
/// twenty resamples, which each set draws anew: the same for all would make all errors too small, or
/// too large, together.
#[test]
fn errors_cover_what_they_say() {
    let both: Vec<Collapse> = (0..200)
        .map(|seed| {
            let data = narrowing(0.0, seed, 0.02, 0.0);
            resampled(&data, &Settings::plain(), 20, seed)
        })
        .collect();
    let lines: Vec<Fit> = both.iter().map(|both| both.lines.clone()).collect();
    let spline: Vec<Fit> = both.into_iter().map(|both| both.spline).collect();
    for (name, fits, place) in [
        ("lines, resampled", &lines, 1),
        ("spline, resampled", &spline, 1),
        ("spline, contour", &spline, 2),
    ] {
        for parameter in 0..EXACT.len() {
            for (errors, low, high) in [(1.0, 0.55, 0.8), (1.96, 0.88, 0.995)] {
                let share = coverage(fits, parameter, place, errors);
                assert!(
                    (low..=high).contains(&share),
                    "{name}: {share} of parameter {parameter} within {errors}"
                );
            }
        }
    }
    for fits in [lines, spline] {
        let mean = fits.iter().map(|fit| fit.quality).sum::<f64>() / fits.len() as f64;
        assert!((0.8..1.1).contains(&mean), "S = {mean}");
    }
}

#[test]
fn parameters_can_be_fixed_started_and_bounded() {
    let data = synthetic(3, 0.01, 0.0);
    let mut settings = Settings::plain();
    let nu = settings.of(Parameter::Nu);
    (nu.start, nu.is_free) = (Some(NU), false);
    settings.of(Parameter::Zeta).start = Some(-0.35);
    settings.of(Parameter::RhoC).bounds = [0.45, 0.55];
    let fixed = found(&data, &settings, 20).spline;
    assert_eq!(fixed.of(Parameter::Nu), [NU, 0.0, 0.0]);
    assert_eq!(fixed.free, [Parameter::RhoC, Parameter::Zeta]);
    let free = found(&data, &Settings::plain(), 20).spline;
    // what is known narrows the others
    assert!(fixed.of(Parameter::RhoC)[2] < free.of(Parameter::RhoC)[2]);
    settings.of(Parameter::RhoC).bounds = [0.45, 0.49];
    let bound = collapse(&data, &settings, &[]).unwrap_err();
    assert_eq!(
        bound,
        StatisticsError::AtBound {
            quantity: "rho_c",
            bound: 0.49
        }
    );
    settings.of(Parameter::RhoC).start = Some(0.6);
    assert!(matches!(
        collapse(&data, &settings, &[]),
        Err(StatisticsError::ScalingParameter {
            quantity: "rho_c",
            domain: "within its bounds",
            ..
        })
    ));
}

/// Curves times 1 + 4/L: without the correction S says that something is missing, with it b is found.
#[test]
fn a_correction_to_scaling_is_seen_in_the_quality_and_found() {
    let data = synthetic(5, 0.004, 4.0);
    let plain = found(&data, &Settings::plain(), 20).spline;
    let mut settings = Settings::plain();
    settings.of(Parameter::Amplitude).is_free = true;
    let corrected = found(&data, &settings, 20).spline;
    assert!(
        corrected.quality < 0.8 * plain.quality,
        "{plain:?} {corrected:?}"
    );
    let [b, error, _] = corrected.of(Parameter::Amplitude);
    assert!(
        (b - 4.0).abs() < 4.0 * error && error < 2.0,
        "{b} ± {error}"
    );
    let [zeta, error, _] = corrected.of(Parameter::Zeta);
    assert!((zeta - ZETA).abs() < 4.0 * error, "{zeta} ± {error}");
}

/// λ_c moves by 0.3 ln L/L.
#[test]
fn a_logarithmic_shift_is_found() {
    let plain = synthetic(7, 0.001, 0.0);
    let moved = plain
        .rho
        .iter()
        .zip(SIZES)
        .map(|(row, size)| row.iter().map(|rho| rho + 0.3 * size.ln() / size).collect());
    let data = CollapseData {
        rho: moved.collect(),
        ..plain
    };
    let mut settings = Settings::plain();
    settings.of(Parameter::Shift).is_free = true;
    let found = found(&data, &settings, 20).spline;
    let [shift, error, _] = found.of(Parameter::Shift);
    assert!(
        (shift - 0.3).abs() < 4.0 * error && error < 0.06,
        "{shift} ± {error}"
    );
}

/// Bond percolation on the square lattice, simulated by `scripts/percolation.py`: p_c = 1/2, ν = 4/3,
/// and ζ = 0 for a probability.
#[test]
fn percolation_has_its_exact_exponents_within_errors() {
    let text = include_str!("../references/percolation.csv");
    let mut rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .map(|field| field.parse().unwrap())
                .collect()
        })
        .collect();
    rows.sort_by(|left, right| left[0].total_cmp(&right[0]));
    let sizes: Vec<&[Vec<f64>]> = rows.chunk_by(|left, right| left[0] == right[0]).collect();
    assert_eq!(sizes.len(), 5);
    assert!(sizes.windows(2).all(|pair| pair[0].len() != pair[1].len()));
    let column = |column: usize| {
        let column = |size: &&[Vec<f64>]| size.iter().map(|row| row[column]).collect();
        sizes.iter().map(column).collect()
    };
    let of_sizes = sizes.iter().map(|size| size[0][0]).collect();
    let data = CollapseData::new(of_sizes, column(1), column(2), column(3)).unwrap();
    let found = found(&data, &Settings::plain(), 60);
    for fit in [found.lines, found.spline] {
        assert!((0.5..1.6).contains(&fit.quality), "{fit:?}");
        for (parameter, exact, largest) in [
            (Parameter::RhoC, 0.5, 0.004),
            (Parameter::Nu, 4.0 / 3.0, 0.15),
            (Parameter::Zeta, 0.0, 0.01),
        ] {
            let [value, error, _] = fit.of(parameter);
            assert!(
                (value - exact).abs() < 2.5 * error && error < largest,
                "{fit:?}"
            );
        }
    }
}

#[test]
fn data_that_do_not_tell_a_parameter_are_refused() {
    let grid = || (0..11).map(f64::from).collect::<Vec<f64>>();
    let flat = |value: f64| vec![vec![value; 11]; 3];
    let sizes = || SIZES[..3].to_vec();
    // one constant for all sizes: any ρ_c and ν collapse it
    let data = CollapseData::new(sizes(), vec![grid(); 3], flat(1.0), flat(0.1)).unwrap();
    let result = collapse(&data, &Settings::plain(), &[]);
    assert!(
        matches!(result, Err(StatisticsError::Undetermined { .. })),
        "{result:?}"
    );
    // curves that do not touch
    let apart = (0..3).map(|row| grid().iter().map(|x| x + 100.0 * f64::from(row)).collect());
    let curves = vec![grid(), grid(), grid()];
    let data = CollapseData::new(sizes(), apart.collect(), curves, flat(0.1)).unwrap();
    collapse(&data, &Settings::plain(), &[]).unwrap_err();
    // a transition beyond the scan
    let all = synthetic(1, 0.01, 0.0);
    let kept = |rows: &[Vec<f64>]| rows.iter().map(|row| row[..4].to_vec()).collect::<Vec<_>>();
    let beyond = CollapseData::new(
        all.sizes.clone(),
        kept(&all.rho),
        kept(&all.a),
        kept(&all.da),
    );
    let result = collapse(&beyond.unwrap(), &Settings::plain(), &[]);
    assert!(
        matches!(
            result,
            Err(StatisticsError::OutsideScan { .. } | StatisticsError::Undetermined { .. })
        ),
        "{result:?}"
    );
}

#[test]
fn curves_are_checked() {
    let row = || vec![vec![1.0, 2.0]; 2];
    let new =
        |sizes: &[f64], rho, a, da| CollapseData::new(sizes.to_vec(), rho, a, da).unwrap_err();
    assert!(matches!(
        new(&[1.0, -2.0], row(), row(), row()),
        StatisticsError::InvalidEntry {
            quantity: "l",
            column: 1,
            ..
        }
    ));
    assert!(matches!(
        new(
            &[1.0, 2.0],
            row(),
            vec![vec![1.0, f64::NAN], vec![1.0, 1.0]],
            row()
        ),
        StatisticsError::InvalidEntry {
            quantity: "a",
            row: 0,
            column: 1,
            ..
        }
    ));
    assert!(matches!(
        new(&[1.0], row(), row(), row()),
        StatisticsError::Shape {
            quantity: "rho",
            ..
        }
    ));
    let one = || vec![vec![1.0, 2.0]];
    assert_eq!(new(&[1.0], one(), one(), one()), StatisticsError::NoOverlap);
}
