//! The parts of the `alitrail` command that others use too: the acceptance tests drive Terraform through [`terraform`].

pub mod terraform;
