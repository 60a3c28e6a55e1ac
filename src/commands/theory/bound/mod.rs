//! `dam theory bound`: rigorous bounds on the number of patterns.

mod arguments;
mod cells;
mod figure;
mod kernelized;
mod optimal;
mod ramsauer;
mod spherical_code;
mod well_separation;

commands! {
    ramsauer,
    kernelized,
    well_separation,
    spherical_code,
    optimal,
    figure,
}
