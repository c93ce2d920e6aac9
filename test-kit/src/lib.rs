//! What programs and tests need to run real Terraform on the mock cloud: [`terraform`] finds or installs Terraform or
//! OpenTofu, prepares working directories and runs commands in them; [`admin`] is a client of the mock's admin interface.
//!
//! Knows Terraform's command line and the mock's admin interface, and nothing about the provider or its resources.

pub mod admin;
pub mod cloud_variables;
pub mod command_log;
pub mod terraform;
