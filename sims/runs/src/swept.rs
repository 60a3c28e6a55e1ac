//! The grids that experiments sweep.

/// A grid that experiments sweep: a key of `[sweep]`.
#[derive(Clone, Copy, Debug)]
pub struct Swept {
    /// The key.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// A grid that new jobs begin with, as it is written in a job file.
    pub example: &'static str,
}

/// α.
pub const ALPHA: Swept = Swept {
    name: "alpha",
    about: "load α = ln P/N",
    example: "[0.1, 0.15]",
};
/// N.
pub const SIZE: Swept = Swept {
    name: "size",
    about: "number of components N",
    example: "[20, 30, 40]",
};
/// λ.
pub const LAMBDA: Swept = Swept {
    name: "lambda",
    about: "inverse temperatures λ, all in every task",
    example: "{ start = 0.2, stop = 0.6, count = 9 }",
};
/// P, by itself.
pub const PATTERN_COUNT: Swept = Swept {
    name: "pattern_count",
    about: "number of stored patterns M",
    example: "[10, 20]",
};
/// Of kernel learning.
pub const TRAINING_STEPS: Swept = Swept {
    name: "training_steps",
    about: "epochs of learning, all in every task",
    example: "[1, 10, 100]",
};
/// β.
pub const BETA: Swept = Swept {
    name: "beta",
    about: "inverse temperatures β, all in every task",
    example: "[1, 4, 16]",
};
