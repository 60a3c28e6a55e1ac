//! The logistic curve through the retrieval probabilities of theory.

use dam_runs::place::Place;
use dam_runs::quantity::Prediction;
use dam_statistics::{LogisticFit, RetrievalCount};
use dam_theory::finite_size::{CrossoverLaw, Estimate};

use crate::crossover::{mean_crossover, median};

/// Samples that stand for a probability.
const TRIALS: u64 = 1 << 40;

/// λ_½ and the width of the logistic curve p(λ) = 1/(1 + e^{−(λ − λ_½)/w}).
#[derive(Clone, Copy, Debug)]
pub(crate) struct CurveTheory {
    half: Estimate,
    width: Option<Estimate>,
}

impl CurveTheory {
    /// Where |ξ|² = N the curve that maximises the likelihood of the law of λ_× on `grid`, as that of
    /// the samples does; where the grid does not show it, the median and the width of the logistic law
    /// whose standard deviation is that of λ_×. Else the median over samples, and no width, since λ_×
    /// scatters with the target's norm.
    pub(crate) fn at(place: &Place<'_>, grid: &[f64]) -> Option<Self> {
        let Some(law) = mean_crossover(place) else {
            return Some(Self {
                half: median(place)?,
                width: None,
            });
        };
        let (half, width) = fitted(&law, grid).unwrap_or_else(|| {
            let width = 3.0_f64.sqrt() / std::f64::consts::PI * law.deviation;
            (law.median, width)
        });
        Some(Self {
            half: Estimate {
                value: half,
                error: law.median_error,
            },
            width: Some(Estimate {
                value: width,
                error: width * law.deviation_error / law.deviation,
            }),
        })
    }

    pub(crate) fn half(self) -> Prediction {
        Some(self.half).into()
    }

    pub(crate) fn width(self) -> Prediction {
        self.width.into()
    }
}

/// λ_½ and w on the grid.
fn fitted(law: &CrossoverLaw, grid: &[f64]) -> Option<(f64, f64)> {
    let count = |&lambda: &f64| RetrievalCount {
        at: lambda,
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of the trials"
        )]
        successes: (TRIALS as f64 * law.probability(lambda)).round() as u64,
        trials: TRIALS,
    };
    let counts: Vec<RetrievalCount> = grid.iter().map(count).collect();
    let fit = LogisticFit::new(&counts).ok()?;
    (fit.width > 0.0).then_some((fit.midpoint, fit.width))
}
