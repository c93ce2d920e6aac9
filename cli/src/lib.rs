//! The `alitrail` command as a library: each subcommand is a module with its arguments and a `run` function.
//! [`terraform`] and [`admin`] are also what the acceptance tests drive Terraform and the mock cloud with.

pub mod admin;
pub mod demo;
pub mod failure;
pub mod mock;
pub mod steps;
pub mod terraform;
