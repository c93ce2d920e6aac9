//! One change of one object.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A change, with everything that is needed to make it. Ordered as changes are made in an account: first what protects an
/// archive and keeps it, then what makes logs useful, and the trail last, so that nothing is recorded into a place that is open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// No public access to a bucket, whatever its ACL and policy say.
    BlockPublicAccess {
        /// The bucket.
        bucket: String,
    },
    /// A private ACL.
    MakePrivate {
        /// The bucket.
        bucket: String,
    },
    /// Old versions are kept.
    EnableVersioning {
        /// The bucket.
        bucket: String,
    },
    /// A statement of the bucket's policy that denies plain HTTP, besides those that are there.
    RefusePlainHttp {
        /// The bucket.
        bucket: String,
    },
    /// Lifecycle rules that delete what a trail delivers do so after at least these days; all other rules stay.
    KeepObjects {
        /// The bucket.
        bucket: String,
        /// The rules that delete too early, by id.
        rules: Vec<String>,
        /// Days.
        days: i64,
    },
    /// A retention policy that lapses after 24 hours unless a person completes it.
    LockArchive {
        /// The bucket.
        bucket: String,
        /// Days.
        days: i64,
    },
    /// A logstore keeps logs for at least these days.
    KeepLogs {
        /// The project.
        project: String,
        /// The logstore.
        logstore: String,
        /// Days.
        days: i64,
    },
    /// A logstore can be searched.
    MakeSearchable {
        /// The project.
        project: String,
        /// The logstore.
        logstore: String,
    },
    /// An alert over the logstore of a trail.
    Alert {
        /// The project.
        project: String,
        /// The logstore.
        logstore: String,
        /// Name of the alert, which is this program's own.
        name: String,
        /// What people see.
        title: String,
        /// The search.
        query: String,
    },
    /// Where events of global services are stored.
    StoreGlobalEvents {
        /// The region.
        region: String,
    },
    /// A trail records all events of all regions.
    WidenTrail {
        /// The trail.
        trail: String,
    },
    /// A trail logs.
    StartLogging {
        /// The trail.
        trail: String,
    },
}

impl Change {
    /// The API call that makes it.
    #[must_use]
    pub const fn call(&self) -> &'static str {
        match self {
            Self::BlockPublicAccess { .. } => "PutBucketPublicAccessBlock",
            Self::MakePrivate { .. } => "PutBucketAcl",
            Self::EnableVersioning { .. } => "PutBucketVersioning",
            Self::RefusePlainHttp { .. } => "PutBucketPolicy",
            Self::KeepObjects { .. } => "PutBucketLifecycle",
            Self::LockArchive { .. } => "InitiateBucketWorm",
            Self::KeepLogs { .. } => "UpdateLogStore",
            Self::MakeSearchable { .. } => "CreateIndex",
            Self::Alert { .. } => "CreateAlert",
            Self::StoreGlobalEvents { .. } => "UpdateGlobalEventsStorageRegion",
            Self::WidenTrail { .. } => "UpdateTrail",
            Self::StartLogging { .. } => "StartLogging",
        }
    }

    /// The RAM action that it needs.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::BlockPublicAccess { .. } => "oss:PutBucketPublicAccessBlock",
            Self::MakePrivate { .. } => "oss:PutBucketAcl",
            Self::EnableVersioning { .. } => "oss:PutBucketVersioning",
            Self::RefusePlainHttp { .. } => "oss:PutBucketPolicy",
            Self::KeepObjects { .. } => "oss:PutBucketLifecycle",
            Self::LockArchive { .. } => "oss:InitiateBucketWorm",
            Self::KeepLogs { .. } => "log:UpdateLogStore",
            Self::MakeSearchable { .. } => "log:CreateIndex",
            Self::Alert { .. } => "log:CreateJob",
            Self::StoreGlobalEvents { .. } => "actiontrail:UpdateGlobalEventsStorageRegion",
            Self::WidenTrail { .. } => "actiontrail:UpdateTrail",
            Self::StartLogging { .. } => "actiontrail:StartLogging",
        }
    }

    /// What it changes.
    #[must_use]
    pub fn object(&self) -> String {
        match self {
            Self::BlockPublicAccess { bucket }
            | Self::MakePrivate { bucket }
            | Self::EnableVersioning { bucket }
            | Self::RefusePlainHttp { bucket }
            | Self::KeepObjects { bucket, .. }
            | Self::LockArchive { bucket, .. } => format!("bucket {bucket}"),
            Self::KeepLogs { project, logstore, .. } | Self::MakeSearchable { project, logstore } => {
                format!("logstore {project}/{logstore}")
            }
            Self::Alert { project, name, .. } => format!("alert {project}/{name}"),
            Self::StoreGlobalEvents { .. } => "the account".to_owned(),
            Self::WidenTrail { trail } | Self::StartLogging { trail } => format!("trail {trail}"),
        }
    }

    /// What it costs, or makes irreversible.
    #[must_use]
    pub const fn note(&self) -> Option<&'static str> {
        match self {
            Self::EnableVersioning { .. } => Some(
                "Old versions are stored and paid for. Versioning can be suspended later, and never removed.",
            ),
            Self::LockArchive { .. } => Some(
                "The lock lapses after 24 hours unless a person completes it, after which nobody can delete objects \
                 before their time.",
            ),
            Self::KeepLogs { .. } | Self::KeepObjects { .. } => {
                Some("What is kept longer is paid for longer.")
            }
            Self::MakeSearchable { .. } => Some("Index traffic and index storage are paid for."),
            Self::Alert { .. } => Some(
                "Incidents show in the alert centre. For messages, attach an action policy to the alert.",
            ),
            Self::WidenTrail { .. } => Some("More events are delivered, stored and paid for."),
            Self::StoreGlobalEvents { .. } => Some("Holds for events from now on, for the whole account."),
            Self::BlockPublicAccess { .. }
            | Self::MakePrivate { .. }
            | Self::RefusePlainHttp { .. }
            | Self::StartLogging { .. } => None,
        }
    }
}

/// A change of an account with what it was planned for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The account.
    pub account: String,
    /// The region of the object.
    pub region: String,
    /// The rules that ask for it.
    pub rules: Vec<String>,
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// What was there when it was planned; null for nothing.
    pub before: Value,
    /// What is to be there.
    pub after: Value,
}
