//! The settings that experiments share.

use dam_memory::streams::Settings;
use std::collections::HashSet;

use dam_memory::composed::Composition;
use dam_memory::dynamics::GradientDescent;
use dam_memory::dynamics::criterion::Criterion;
use serde_json::json;

/// The settings of an iteration to a fixed point.
pub(crate) fn iteration_settings(descent: &GradientDescent) -> Settings {
    Settings::from([
        ("dynamics.step_size".to_owned(), json!(descent.step_size)),
        ("dynamics.tolerance".to_owned(), json!(descent.tolerance)),
        ("dynamics.max_steps".to_owned(), json!(descent.max_steps)),
    ])
}

/// The settings of `[memory]`.
pub(crate) fn composition_settings(compositions: &[Composition]) -> Settings {
    let names = |name: &dyn Fn(&Composition) -> String| {
        let mut names: Vec<String> = compositions.iter().map(name).collect();
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        json!(names)
    };
    Settings::from([
        (
            "memory.similarity".to_owned(),
            names(&|composition| composition.similarity().to_string()),
        ),
        (
            "memory.separation".to_owned(),
            names(&|composition| composition.separation().to_string()),
        ),
    ])
}

/// The settings shared by all experiments that descend to a fixed point.
pub(crate) fn descent_settings(descent: &GradientDescent, criterion: Criterion) -> Settings {
    let (name, distance) = match criterion {
        Criterion::Weight => ("weight", None),
        Criterion::Distance(bound) => ("distance", Some(bound)),
    };
    let mut settings = iteration_settings(descent);
    settings.insert("dynamics.criterion".to_owned(), json!(name));
    if let Some(bound) = distance {
        settings.insert("dynamics.distance".to_owned(), json!(bound));
    }
    settings
}
