//! Hand-made plans with the verdicts that are right for them. Every case is one line: what is otherwise than in a configuration in
//! which nothing is wrong, and what follows.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

mod changes;
mod formats;
mod plan;
mod planned;
mod references;
mod rules;
