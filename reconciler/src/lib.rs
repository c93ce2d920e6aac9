//! The objects of an audit trail at Alibaba Cloud, and one way to make each of them what is wanted.
//!
//! Each object is an [`Object`]: its settings, five calls (describe, create, send a setting, delete) and one question, which of
//! its settings are not yet as wanted. The driver ([`create`], [`read`], [`update`], [`delete`]) does the rest in the same
//! way for all: it looks for what exists, creates once, finds out what became of a creation whose answer was lost, tells of
//! every step that was reached, waits until a write shows, and looks again. What went wrong is a typed [`Failed`].
//!
//! Knows the services through `alibaba`, and no Terraform: the provider makes plans, state and diagnostics out of it, and the
//! audit and the remediator call the same objects.
//!
//! | module | room for |
//! |---|---|
//! | [`scope`] | the account and region that an object belongs to |
//! | [`object`] | what an object has to say for itself |
//! | [`driver`] | create, read, update, delete |
//! | `creation` | creations that are answered, and those that are not |
//! | [`failure`] | what can go wrong, typed |
//! | [`evidence`] | which calls can lose evidence, as data |
//! | [`sls`] | what the objects of a project share |
//! | [`trail`], … | one object each |

pub mod alert;
mod creation;
pub mod dashboard;
pub mod driver;
pub mod evidence;
pub mod failure;
pub mod object;
pub mod record;
pub mod scope;
pub mod sls;
pub mod trail;

pub use driver::{create, delete, read, update};
pub use failure::{Failed, Failure, Problem};
pub use object::{Deletion, Freshness, Object, Phase, Schedule};
pub use scope::Scope;
