//! The settings that experiments share.

use dam_memory::streams::Settings;
use std::collections::HashSet;

use dam_memory::composed::Composition;
use serde_json::json;

/// The settings of `[memory]` in experiments that compare memories.
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
