//! The laws from which patterns are drawn: of any ensemble of the theory, by its structure.

mod components;
mod covariance;
mod data_set;
mod draw;
mod file;
mod images;
mod law;
mod manifold;
mod sphere;

use std::sync::Arc;

use dam_theory::laws::CovarianceLaw;
use dam_theory::{ENSEMBLES, Ensemble, NormLaw, Parameters, Structure, TheoryError};
use rand_xoshiro::Xoshiro256PlusPlus;

use covariance::{Pairs, Spectrum};
use manifold::Manifold;
use sphere::{Normal, Signs, Sphere};

pub use data_set::{DataPatterns, DataSet};
pub(crate) use draw::draw_tiles;
pub use draw::{pattern_law, sample_patterns};
pub use file::Filed;
pub use images::Images;
pub use law::{DrawTile, Drawn, FillTile, PatternEnsemble, PatternLaw};

/// Patterns drawn from an ensemble of the theory: ours, or one from another crate.
#[derive(Clone, Debug)]
pub struct Sampler(pub Arc<dyn Ensemble>);

impl PatternEnsemble for Sampler {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn theory(&self) -> Option<&Arc<dyn Ensemble>> {
        Some(&self.0)
    }

    fn has_fixed_norm(&self) -> bool {
        self.0.structure().norm_law() == NormLaw::Fixed
    }

    fn has_signs(&self) -> bool {
        matches!(self.0.structure(), Structure::Signs)
    }

    fn check_size(&self, size: usize) -> Result<(), TheoryError> {
        match self.0.structure() {
            Structure::Sphere
            | Structure::Normal
            | Structure::Signs
            | Structure::Components(_)
            | Structure::Covariance(CovarianceLaw::Pairs(_)) => Ok(()),
            Structure::Covariance(CovarianceLaw::Spectrum(law)) => law.check_size(size as f64),
            Structure::Covariance(CovarianceLaw::Manifold(law)) => {
                manifold::check_size(*law, size as f64)
            }
        }
    }

    fn prepare(&self, size: usize, rng: &mut Xoshiro256PlusPlus) -> Box<dyn PatternLaw> {
        match self.0.structure() {
            Structure::Sphere => Box::new(Sphere),
            Structure::Normal => Box::new(Normal),
            Structure::Signs => Box::new(Signs),
            Structure::Components(_) => Box::new(components::Components {
                ensemble: Arc::clone(&self.0),
            }),
            Structure::Covariance(CovarianceLaw::Pairs(law)) => Box::new(Pairs { law: *law }),
            Structure::Covariance(CovarianceLaw::Spectrum(law)) => {
                Box::new(Spectrum::new(law.clone()))
            }
            Structure::Covariance(CovarianceLaw::Manifold(law)) => {
                Box::new(Manifold::new(*law, size, rng))
            }
        }
    }
}

/// The names of the ensembles that can be simulated.
pub fn pattern_ensemble_names() -> Vec<&'static str> {
    ENSEMBLES.iter().map(|kind| kind.name).collect()
}

/// The ensemble of a name and its parameters.
///
/// # Errors
/// As [`dam_theory::ensemble_with`]: an unknown name, an unknown or missing parameter, or one
/// outside its domain.
pub fn pattern_ensemble(
    name: &str,
    parameters: &Parameters,
) -> Result<Arc<dyn PatternEnsemble>, TheoryError> {
    Ok(Arc::new(Sampler(dam_theory::ensemble_with(
        name, parameters,
    )?)))
}
