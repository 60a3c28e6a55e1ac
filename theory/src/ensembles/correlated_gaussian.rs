//! Gaussian patterns of a given covariance.

use std::sync::Arc;

use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::families::covariance::GaussianCovariance;
use crate::kind::{Key, KeyValue, Kind};
use crate::laws::covariance::CovarianceLaw;
use crate::laws::pairs::CorrelatedPairs;
use crate::laws::spectrum::GaussianSpectrum;
use crate::parameters::Parameters;

const VARIANCE_RATIO: Key = Key {
    name: "variance_ratio",
    symbol: "b",
    about: "ratio b ≥ 1 of the two eigenvalues of the covariance",
    value: KeyValue::Number,
};

const SPECTRUM: Key = Key {
    name: "spectrum",
    symbol: "LIST",
    about: "K eigenvalues of the covariance, `0.5,0.5,1,2`, of mean 1; each stands for N/K of them",
    value: KeyValue::List,
};

/// Its entry in the list of ensembles: a covariance by one of two keys.
pub(super) const KIND: Kind = Kind {
    name: "correlated-gaussian",
    about: "Gaussian of a given covariance",
    keys: &[VARIANCE_RATIO, SPECTRUM],
    build,
};

fn build(parameters: &Parameters) -> Result<Arc<dyn Ensemble>, TheoryError> {
    let law = if KIND.only_key(parameters)?.name == SPECTRUM.name {
        CovarianceLaw::Spectrum(GaussianSpectrum::new(SPECTRUM.list(parameters)?)?)
    } else {
        CovarianceLaw::Pairs(CorrelatedPairs::new(VARIANCE_RATIO.number(parameters)?)?)
    };
    let ensemble = GaussianCovariance::new(KIND.name, parameters.clone(), law);
    Ok(Arc::new(ensemble))
}
