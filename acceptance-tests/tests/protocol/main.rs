//! The plugin as Terraform sees it: its schema and the examples, and what is left after an apply that did not end as it
//! should.

mod interruption;
mod schema;
