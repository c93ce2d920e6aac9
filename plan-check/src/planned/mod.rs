//! What there is before and after a plan, object by object, whichever provider and however many resources declare it.

mod alerts;
mod buckets;
mod lifecycle;
mod logs;
mod others;
mod source;
mod trails;

use std::collections::BTreeMap;

pub(crate) use alerts::{AlertView, relative as relative_seconds};
pub(crate) use buckets::BucketView;
pub(crate) use lifecycle::ends_early;
pub(crate) use logs::{IndexView, LogstoreView, ProjectView};
pub(crate) use others::{Block, Recipient, RoleView, Selectors, ServiceRole, StorageRegion};
pub(crate) use trails::TrailView;

pub(crate) use source::{Accounts, Source};

use source::{BUCKETS, LOGSTORES, PROJECTS, ROLES, TRAILS};

/// Whether something is made of a type of resources here.
pub(crate) fn is_known(r#type: &str) -> bool {
    [
        TRAILS,
        BUCKETS,
        PROJECTS,
        LOGSTORES,
        ROLES,
        buckets::SETTINGS,
        logs::INDEXES,
        alerts::ALERTS,
        others::OTHERS,
    ]
    .iter()
    .any(|types| types.contains(&r#type))
}

/// Everything at one time.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    /// By account and name.
    pub(crate) trails: BTreeMap<String, TrailView>,
    /// By name.
    pub(crate) buckets: BTreeMap<String, BucketView>,
    /// By name.
    pub(crate) projects: BTreeMap<String, ProjectView>,
    /// By project and name.
    pub(crate) logstores: BTreeMap<String, LogstoreView>,
    /// By project and logstore.
    pub(crate) indexes: BTreeMap<String, IndexView>,
    /// By project and name.
    pub(crate) alerts: BTreeMap<String, AlertView>,
    /// By ARN in lower case.
    pub(crate) roles: BTreeMap<String, RoleView>,
    /// By account.
    pub(crate) blocks: BTreeMap<String, Block>,
    /// By account.
    pub(crate) storage_regions: BTreeMap<String, StorageRegion>,
    /// By account and trail.
    pub(crate) selectors: BTreeMap<String, Selectors>,
    /// By kind and id.
    pub(crate) recipients: BTreeMap<String, Recipient>,
    /// By account and service.
    pub(crate) service_roles: BTreeMap<String, ServiceRole>,
}

impl Planned {
    pub(crate) fn new(source: Source<'_, '_>) -> Self {
        Self {
            trails: trails::read(source),
            buckets: buckets::read(source),
            projects: logs::projects(source),
            logstores: logs::logstores(source),
            indexes: logs::indexes(source),
            alerts: alerts::read(source),
            roles: others::roles(source),
            blocks: others::blocks(source),
            storage_regions: others::storage_regions(source),
            selectors: others::selectors(source),
            recipients: others::recipients(source),
            service_roles: others::service_roles(source),
        }
    }
}
