//! What the OSS service remembers. Names are the service's own, so the admin API shows and takes buckets in the
//! spelling of the API reference. Objects and uploads live beside the buckets, which keeps a bucket's document small.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::address;
use super::lifecycle::Lifecycle;
use super::logging::{LogFields, Logging};
use super::multipart::Upload;
use super::objects::Version;
use super::redundancy::Transition;
use super::settings::{Encryption, HttpsConfig};
use super::timestamp::Timestamp;
use super::website::{Cors, Referer, Website};
use super::worm::{ObjectWorm, Worm};

/// All buckets of all accounts, their objects, and what outlives them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Buckets by name.
    pub buckets: BTreeMap<String, Bucket>,
    /// Objects by bucket and key, the newest version first.
    pub objects: BTreeMap<String, BTreeMap<String, Vec<Version>>>,
    /// Unfinished multipart uploads by bucket and upload id.
    pub uploads: BTreeMap<String, BTreeMap<String, Upload>>,
    /// Names of deleted buckets and until when they stay taken.
    pub held_names: BTreeMap<String, Timestamp>,
    /// Accounts whose account-wide Block Public Access is on.
    pub account_public_access_block: BTreeMap<String, bool>,
    /// The day up to which lifecycle rules have run.
    pub lifecycle_ran: Option<Timestamp>,
    /// What reads still show of recently written buckets while writes are made visible late.
    #[serde(skip)]
    pub(super) shadows: BTreeMap<String, (OffsetDateTime, Option<Bucket>)>,
}

/// A bucket with all its settings.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Bucket {
    /// Account id of the owner.
    pub owner: String,
    /// `oss-` and the region id.
    pub location: String,
    /// When it was made.
    pub creation_date: Timestamp,
    /// Standard, IA, Archive, ColdArchive or DeepColdArchive.
    pub storage_class: String,
    /// LRS or ZRS.
    pub data_redundancy_type: String,
    /// private, public-read or public-read-write.
    #[serde(rename = "ACL")]
    pub acl: String,
    /// Whether public ACLs and policies are refused and ignored.
    pub block_public_access: bool,
    /// Enabled or Suspended; nothing when it was never set.
    #[serde(default)]
    pub versioning: Option<String>,
    /// Default encryption.
    #[serde(default)]
    pub server_side_encryption_rule: Option<Encryption>,
    /// Lifecycle rules.
    #[serde(default)]
    pub lifecycle: Option<Lifecycle>,
    /// TLS versions and cipher suites.
    #[serde(default)]
    pub https_config: Option<HttpsConfig>,
    /// Tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Enabled or Disabled.
    #[serde(default = "disabled")]
    pub access_monitor: String,
    /// The resource group it belongs to.
    pub resource_group_id: String,
    /// Bucket policy, as the text that was put.
    #[serde(default)]
    pub policy: Option<String>,
    /// Access logging.
    #[serde(default)]
    pub logging: Option<Logging>,
    /// Extra fields of real-time logs.
    #[serde(default)]
    pub user_defined_log_fields: Option<LogFields>,
    /// Retention policy of the whole bucket.
    #[serde(default)]
    pub worm: Option<Worm>,
    /// Retention of single objects.
    #[serde(default)]
    pub object_worm: Option<ObjectWorm>,
    /// Cross-origin rules.
    #[serde(default)]
    pub cors: Option<Cors>,
    /// Static website.
    #[serde(default)]
    pub website: Option<Website>,
    /// Hotlink protection.
    #[serde(default)]
    pub referer: Option<Referer>,
    /// Transfer acceleration; nothing when it was never set.
    #[serde(default)]
    pub transfer_acceleration: Option<bool>,
    /// BucketOwner or Requester.
    #[serde(default = "bucket_owner")]
    pub request_payment: String,
    /// Redundancy transition tasks, oldest first.
    #[serde(default)]
    pub redundancy_transitions: Vec<Transition>,
}

fn disabled() -> String {
    "Disabled".to_owned()
}

fn bucket_owner() -> String {
    "BucketOwner".to_owned()
}

impl Bucket {
    /// The region it is in.
    pub fn region(&self) -> &str {
        address::region(&self.location)
    }

    /// Whether versions are kept from now on.
    pub fn is_versioned(&self) -> bool {
        self.versioning.as_deref() == Some("Enabled")
    }

    /// A new private bucket with the service's defaults (OSS API reference, PutBucket).
    pub fn new(owner: &str, region: &str, now: OffsetDateTime) -> Bucket {
        Bucket {
            owner: owner.to_owned(),
            location: super::address::location(region),
            creation_date: Timestamp(now),
            storage_class: "Standard".to_owned(),
            data_redundancy_type: "LRS".to_owned(),
            acl: "private".to_owned(),
            block_public_access: true,
            versioning: None,
            server_side_encryption_rule: None,
            lifecycle: None,
            https_config: None,
            tags: BTreeMap::new(),
            access_monitor: disabled(),
            resource_group_id: default_resource_group(owner),
            policy: None,
            logging: None,
            user_defined_log_fields: None,
            worm: None,
            object_worm: None,
            cors: None,
            website: None,
            referer: None,
            transfer_acceleration: None,
            request_payment: bucket_owner(),
            redundancy_transitions: Vec::new(),
        }
    }
}

/// The id of an account's default resource group (assumed form: the real one is an opaque id of the same length).
pub(crate) fn default_resource_group(account: &str) -> String {
    let tail: String = account.chars().rev().take(11).collect::<Vec<_>>().into_iter().rev().collect();
    format!("rg-acfm{tail:0>11}")
}

impl State {
    /// The bucket of that name, if it exists.
    pub fn bucket(&self, name: &str) -> Option<&Bucket> {
        self.buckets.get(name)
    }

    /// Whether public ACLs and policies of a bucket have no effect.
    pub(crate) fn public_access_blocked(&self, bucket: &Bucket) -> bool {
        bucket.block_public_access
            || self.account_public_access_block.get(&bucket.owner).copied().unwrap_or(false)
    }
}
