//! Files of the page that are not made here.

/// The plotting library: axes, zoom and pointer.
pub const UPLOT: &str = include_str!("../vendor/uPlot.iife.min.js");
pub const UPLOT_STYLE: &str = include_str!("../vendor/uPlot.min.css");
pub const UPLOT_LICENSE: &str = include_str!("../vendor/LICENSE-uPlot.txt");
/// `theory/wasm` as `scripts/wasm.sh` compiles and packs it.
pub const THEORY: &[u8] = include_bytes!("../theory/theory.wasm.gz");
/// Our own.
pub const STYLE: &str = include_str!("../page/style.css");
pub const SCRIPTS: [&str; 6] = [
    include_str!("../page/layers.js"),
    include_str!("../page/maps.js"),
    include_str!("../page/panel.js"),
    include_str!("../page/samples.js"),
    include_str!("../page/theory.js"),
    include_str!("../page/main.js"),
];
