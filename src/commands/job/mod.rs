//! `dam job`: job files.

mod new;

commands! {
    new,
}
