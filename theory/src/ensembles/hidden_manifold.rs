//! Gaussian patterns on a random linear manifold.

use std::sync::Arc;

use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::families::covariance::GaussianCovariance;
use crate::kind::{Key, KeyValue, Kind};
use crate::laws::covariance::CovarianceLaw;
use crate::laws::manifold::HiddenManifold;
use crate::parameters::Parameters;

const MANIFOLD_RATIO: Key = Key {
    name: "manifold_ratio",
    symbol: "D/N",
    about: "dimensions of the manifold per component, D/N > 0",
    value: KeyValue::Number,
};

/// Its entry in the list of ensembles.
pub(super) const KIND: Kind = Kind {
    name: "hidden-manifold",
    about: "Gaussian on a random linear manifold of D dimensions",
    keys: &[MANIFOLD_RATIO],
    build,
};

fn build(parameters: &Parameters) -> Result<Arc<dyn Ensemble>, TheoryError> {
    KIND.only_key(parameters)?;
    let law = HiddenManifold::new(MANIFOLD_RATIO.number(parameters)?)?;
    let law = CovarianceLaw::Manifold(law);
    let ensemble = GaussianCovariance::new(KIND.name, parameters.clone(), law);
    Ok(Arc::new(ensemble))
}
