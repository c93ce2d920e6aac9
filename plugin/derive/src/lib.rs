//! Derive macros of the crate plugin.
