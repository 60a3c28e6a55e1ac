//! The collapsed retrieval curves.

use std::path::PathBuf;

use dam::plots::drawing::refuse_foreign_figure;
use dam::plots::special::{CollapsePanel, CollapsedCurve, collapse_figure};
use dam::sims::{Collapse, Store};

use crate::terminal::error::CommandError;

/// Draws a panel per load; returns the paths written.
pub fn write(store: &Store, collapses: &[Collapse]) -> Result<Vec<PathBuf>, CommandError> {
    let panels: Vec<CollapsePanel> = collapses
        .iter()
        .map(|collapse| CollapsePanel {
            load: collapse.alpha,
            lambda_c: (collapse.fit.rho_c, collapse.fit.rho_c_error),
            nu: (collapse.fit.nu, collapse.fit.nu_error),
            zeta: (collapse.fit.zeta, collapse.fit.zeta_error),
            quality: collapse.fit.quality,
            curves: collapse
                .sizes
                .iter()
                .enumerate()
                .map(|(row, &size)| CollapsedCurve {
                    size,
                    points: collapse.scaled.x[row]
                        .iter()
                        .zip(&collapse.scaled.y[row])
                        .zip(&collapse.scaled.dy[row])
                        .map(|((&x, &y), &dy)| (x, y, dy))
                        .collect(),
                })
                .collect(),
        })
        .collect();
    let ensemble = collapses
        .first()
        .map_or("", |collapse| collapse.ensemble.as_str());
    let stem = store.figure_stem("collapse");
    refuse_foreign_figure(store.directory(), &stem)?;
    Ok(collapse_figure(ensemble, &panels)?.write(store.directory(), &stem)?)
}
