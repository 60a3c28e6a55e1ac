//! `dam theory`: closed forms and finite-N theory as tables.

mod basin;
mod bound;
mod crossover;
mod inverse;
mod thresholds;

commands! {
    thresholds,
    inverse,
    basin,
    /// Rigorous bounds on the number of patterns
    #[command(subcommand)]
    bound,
    crossover,
}
