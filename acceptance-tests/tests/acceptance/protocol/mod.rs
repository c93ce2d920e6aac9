//! The plugin as Terraform sees it: its schema and the examples, the provider block, keys that Terraform drops, and what
//! is left after an apply that did not end as it should.

mod interruption;
mod places;
mod provider_block;
mod schema;
mod unknown_keys;
