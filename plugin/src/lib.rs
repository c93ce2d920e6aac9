//! A framework for Terraform providers: process, values, schema, diagnostics, resources. Knows no cloud.
//!
//! The [`guide`] builds a provider step by step.
//!
//! A provider is a type that implements [`Provider`]; its objects implement [`Resource`] or [`DataSource`] over a
//! [`Model`]; [`Server`] answers Terraform's calls with them and [`serve`] is the process around it.
//!
//! ```text
//! serve (handshake, TLS, signals) ─ Server (protocol messages) ─ resource, data_source (life cycle)
//!                                                              └ planning, check, schema (declarations) ─ value, attr
//! ```

extern crate self as plugin;

#[doc = include_str!("../docs/guide.md")]
pub mod guide {}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub mod attr;
pub mod check;
mod context;
mod data_source;
mod diagnostic;
pub mod docs;
pub mod log;
mod path;
mod placement;
pub mod planning;
mod private;
mod provider;
pub mod resource;
pub mod schema;
pub mod serve;
mod server;
mod timeouts;
pub mod unset;
pub mod upgrade;
pub mod value;

pub use attr::{Attr, Field, Flatten, Model, at};
pub use context::Context;
pub use data_source::{DataSource, Readable, RegisteredData};
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use path::{Path, Step};
pub use plugin_derive::Model;
pub use provider::Provider;
pub use resource::{DeletionGuard, Denial, DestructiveChange, Managed, Plan, Registered, Resource};
/// JSON values in declarations; used by the derive macro.
pub use serde_json::json;
pub use server::Server;
pub use timeouts::BLOCK as TIMEOUTS;
