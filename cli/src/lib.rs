//! The `alitrail` command as a library: each subcommand is a module with its arguments and a `run` function.

pub mod demo;
pub mod failure;
pub mod mock;
pub mod steps;
