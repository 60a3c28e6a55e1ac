//! The least angles that are proven to be the largest possible, and the best ones known.

use std::f64::consts::{FRAC_PI_2, PI};

/// What is known of the largest least angle of M points on S^{d−1}.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownOptimum {
    /// The angle in radians.
    pub angle: f64,
    /// Whether it is proven.
    pub status: OptimumStatus,
}

/// Whether an angle is proven to be the largest possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptimumStatus {
    /// No code has a larger least angle.
    Proven,
    /// No code with a larger least angle is known.
    BestKnown,
}

impl OptimumStatus {
    /// In words.
    pub fn description(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::BestKnown => "best known",
        }
    }
}

/// Proven beyond the families, (d, M, degrees): Schütte and van der Waerden 1951 (M = 7, 8, 9),
/// Danzer 1963 (10, 11), Fejes Tóth 1943 (12), Musin and Tarasov 2012, 2015 (13, 14), Robinson 1961
/// (24) for d = 3; Bachoc and Vallentin 2009 for (4, 10); Andreev 1999 for (4, 120); Levenshtein's
/// bound for the others.
const PROVEN: [(usize, usize, f64); 15] = [
    (3, 7, 77.8695421),
    (3, 8, 74.8584922),
    (3, 9, 70.5287794),
    (3, 10, 66.1468220),
    (3, 11, 63.4349488),
    (3, 12, 63.4349488),
    (3, 13, 57.1367031),
    (3, 14, 55.6705700),
    (3, 24, 43.6907671),
    (4, 10, 80.4059318),
    (4, 120, 36.0),
    (5, 16, 78.4630410),
    (6, 27, 75.5224878),
    (7, 56, 70.5287794),
    (8, 240, 60.0),
];

/// Best known, (d, M, degrees), after the tables of N. J. A. Sloane and others.
const BEST_KNOWN: [(usize, usize, f64); 5] = [
    (3, 15, 53.6578501),
    (3, 16, 52.2443957),
    (3, 20, 47.4310362),
    (3, 30, 38.5971159),
    (4, 24, 60.0),
];

/// The largest least angle known for M points on S^{d−1}: exact for d = 2 (360°/M), M ≤ d + 1
/// (simplex, arccos(−1/(M−1))) and d + 2 ≤ M ≤ 2d (90°, cross-polytope); to 1e-7 degrees from
/// tables beyond.
///
/// ```
/// use dam_learning::codes::{OptimumStatus, known_optimum};
/// let icosahedron = known_optimum(3, 12).expect("twelve points are in the table");
/// assert_eq!(icosahedron.status, OptimumStatus::Proven);
/// assert!((icosahedron.angle.to_degrees() - 63.4349488).abs() < 1e-7);
/// assert!(known_optimum(3, 57).is_none());
/// ```
pub fn known_optimum(dimension: usize, count: usize) -> Option<KnownOptimum> {
    if dimension < 2 || count < 2 {
        return None;
    }
    let proven = |angle| KnownOptimum {
        angle,
        status: OptimumStatus::Proven,
    };
    if dimension == 2 {
        return Some(proven(2.0 * PI / count as f64));
    }
    if count <= dimension + 1 {
        return Some(proven((-1.0 / (count as f64 - 1.0)).acos()));
    }
    if count <= 2 * dimension {
        return Some(proven(FRAC_PI_2));
    }
    let listed = |table: &[(usize, usize, f64)]| {
        let row = table
            .iter()
            .find(|row| (row.0, row.1) == (dimension, count));
        row.map(|row| row.2.to_radians())
    };
    listed(&PROVEN).map(proven).or_else(|| {
        listed(&BEST_KNOWN).map(|angle| KnownOptimum {
            angle,
            status: OptimumStatus::BestKnown,
        })
    })
}
