//! Simple Log Service: projects, what is in them, and the records of an account.

mod alert;
mod call;
mod dashboard;
pub(crate) mod errors;
mod index;
mod logstore;
mod project;
mod record;
mod shard;
mod tags;

pub use call::Sls;
pub use index::{Index, IndexKey, IndexLine};
pub use logstore::{EncryptConf, Logstore, LogstoreSettings, UserCmkInfo};
pub use project::{NewProject, Project, ProjectChange};
pub use record::Record;
pub use shard::{Position, Shard};

#[cfg(test)]
mod tests;
