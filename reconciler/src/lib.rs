//! The objects of an audit trail at Alibaba Cloud, and one way to make each of them what is wanted.
//!
//! Each object is an [`Object`]: its settings, four calls (describe, create, send a setting, delete) and one question, which of
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
//! | [`tags`] | which tags are the vendor's |
//! | [`sls`] | what the objects of a project share |
//! | [`trail`], … | one object each |

pub mod alert;
pub mod bucket_document;
pub mod bucket_worm;
mod creation;
pub mod dashboard;
pub mod data_events;
pub mod delivery_role;
pub mod driver;
pub mod evidence;
pub mod failure;
pub mod history_job;
pub mod object;
pub mod oss_account_public_access_block;
pub mod oss_bucket;
pub mod record;
pub mod scope;
pub mod service_linked_role;
pub mod sls;
pub mod sls_index;
pub mod sls_logstore;
pub mod sls_project;
pub mod storage_region;
pub mod tags;
pub mod trail;

#[cfg(test)]
mod tests;

pub use driver::{create, delete, read, update};
pub use failure::{Failed, Failure, Problem};
pub use object::{Deletion, Freshness, Object, Phase, Schedule};
pub use scope::Scope;

/// A scope whose client can call nothing.
#[cfg(test)]
pub(crate) fn test_scope() -> Scope {
    let keys = alibaba::credentials::Chain::new(alibaba::credentials::Sources::default());
    let client = alibaba::Client::new(alibaba::Config::new(keys)).unwrap();
    Scope { client, account: "1234567890123456".into(), region: "cn-hangzhou".into() }
}
