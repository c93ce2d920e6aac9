//! The `alitrail` command as a library: each subcommand is a module with its arguments and a `run` function.

pub mod audit;
pub mod check_plan;
pub mod cloud;
pub mod demo;
pub mod doctor;
pub mod exceptions;
pub mod failure;
pub mod lint;
pub mod merge;
pub mod mock;
pub mod policy;
pub mod remediate;
pub mod report;
pub mod rules;
pub mod selection;
pub mod steps;
mod table;
