//! The least angles that are proven to be the largest possible, and the best ones known.

use std::f64::consts::{FRAC_PI_2, PI};

use OptimumStatus::{BestKnown, Proven};

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

/// Beyond the families, (d, M, degrees, whether it is proven). Proven: Schütte and van der Waerden
/// 1951 (M = 7, 8, 9), Danzer 1963 (10, 11), Fejes Tóth 1943 (12), Musin and Tarasov 2012, 2015
/// (13, 14), Robinson 1961 (24) for d = 3; Bachoc and Vallentin 2009 for (4, 10); de Laat,
/// Leijenhorst and de Muinck Keizer, arXiv:2404.18794, for (4, 24); Andreev 1999 for (4, 120);
/// Levenshtein's bound for the others.
/// Best known: the tables of N. J. A. Sloane and others.
const TABLE: [(usize, usize, f64, OptimumStatus); 20] = [
    (3, 7, 77.8695421, Proven),
    (3, 8, 74.8584922, Proven),
    (3, 9, 70.5287794, Proven),
    (3, 10, 66.1468220, Proven),
    (3, 11, 63.4349488, Proven),
    (3, 12, 63.4349488, Proven),
    (3, 13, 57.1367031, Proven),
    (3, 14, 55.6705700, Proven),
    (3, 24, 43.6907671, Proven),
    (4, 10, 80.4059318, Proven),
    (4, 24, 60.0, Proven),
    (4, 120, 36.0, Proven),
    (5, 16, 78.4630410, Proven),
    (6, 27, 75.5224878, Proven),
    (7, 56, 70.5287794, Proven),
    (8, 240, 60.0, Proven),
    (3, 15, 53.6578501, BestKnown),
    (3, 16, 52.2443957, BestKnown),
    (3, 20, 47.4310362, BestKnown),
    (3, 30, 38.5971159, BestKnown),
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
    let status = Proven;
    let proven = |angle| KnownOptimum { angle, status };
    if dimension == 2 {
        return Some(proven(2.0 * PI / count as f64));
    }
    if count <= dimension + 1 {
        return Some(proven((-1.0 / (count as f64 - 1.0)).acos()));
    }
    if count <= 2 * dimension {
        return Some(proven(FRAC_PI_2));
    }
    let row = TABLE
        .iter()
        .find(|row| (row.0, row.1) == (dimension, count));
    row.map(|&(_, _, degrees, status)| KnownOptimum {
        angle: degrees.to_radians(),
        status,
    })
}
