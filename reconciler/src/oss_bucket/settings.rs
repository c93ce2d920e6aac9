//! The settings of a bucket that can be changed, one row each in [`ROWS`]: how it is called in the configuration, where it
//! stands in the answers, the call that sends it, and what it waits for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use alibaba::Error;
use alibaba::oss::{BucketInfo, Encryption, HttpsConfig};
use futures_util::future::BoxFuture;

use super::Bucket;
use crate::Schedule;
use crate::tags::is_system_tag;

/// The settings of a bucket. Wanted: unset ones stay as they are. Seen: unset ones were never set, or are not known.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Storage class of new objects; fixed at creation.
    pub storage_class: Option<String>,
    /// `LRS` or `ZRS`.
    pub redundancy_type: Option<String>,
    /// The ACL.
    pub acl: Option<String>,
    /// Whether public access is blocked.
    pub block_public_access: Option<bool>,
    /// `Enabled` or `Suspended`.
    pub versioning: Option<String>,
    /// How new objects are encrypted.
    pub server_side_encryption: Option<Encryption>,
    /// The accepted versions of TLS; none is no restriction.
    pub tls_versions: Option<BTreeSet<String>>,
    /// `Enabled` or `Disabled`.
    pub access_monitor: Option<String>,
    /// Whether the accelerated hosts serve it.
    pub transfer_acceleration: Option<bool>,
    /// The tags, without those of the vendor.
    pub tags: Option<BTreeMap<String, String>>,
    /// The resource group.
    pub resource_group_id: Option<String>,
    /// The bucket as the service describes it, where it has been seen.
    pub described: Option<BucketInfo>,
}

/// All that is read of a bucket.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// What one call tells.
    pub info: BucketInfo,
    /// The tags, with those of the vendor.
    pub tags: BTreeMap<String, String>,
    /// Which versions of TLS are accepted.
    pub https: HttpsConfig,
}

impl From<Seen> for Settings {
    fn from(seen: Seen) -> Self {
        let mut settings = Self {
            storage_class: Some(seen.info.storage_class.clone().unwrap_or_else(|| "Standard".to_owned())),
            ..Self::default()
        };
        ROWS.iter().for_each(|row| row.read(&seen, &mut settings));
        settings.described = Some(seen.info);
        settings
    }
}

impl Settings {
    /// The settings of a bucket that was just created with these. What the creating call does not say is not known.
    pub(super) fn as_created(&self, redundancy: &str) -> Self {
        Self {
            redundancy_type: Some(redundancy.to_owned()),
            acl: Some("private".to_owned()),
            block_public_access: None,
            versioning: None,
            tls_versions: None,
            access_monitor: Some("Disabled".to_owned()),
            transfer_acceleration: Some(false),
            ..self.clone()
        }
    }

    /// Whether the ACL lets the world in.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.acl.as_deref().is_some_and(|acl| acl != "private")
    }
}

/// When a setting is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SendPhase {
    /// Side by side with others.
    SideBySide,
    /// ACL and block wait for each other: a public ACL is refused until public access is unblocked, and a bucket is made
    /// private before the block is touched.
    Access,
    /// After all others, because it takes long.
    Last,
}

/// One setting.
struct Row<T: 'static> {
    /// By this name in the configuration.
    name: &'static str,
    get: fn(&Settings) -> &Option<T>,
    get_mut: fn(&mut Settings) -> &mut Option<T>,
    read: fn(&Seen) -> Option<T>,
    /// Sends this value; the settings are those that the bucket has, as far as that is known.
    put: for<'a> fn(&'a Bucket, &'a T, &'a Settings) -> BoxFuture<'a, Result<(), Error>>,
    phase: SendPhase,
    /// Which refusals pass, besides that of a front end that does not know the bucket yet.
    waits_for: fn(&Error) -> bool,
}

const ROWS: &[&dyn AnyRow] = &[
    &Row {
        name: "block_public_access",
        get: |settings| &settings.block_public_access,
        get_mut: |settings| &mut settings.block_public_access,
        // Left out where the region does not know the setting yet, which is the same as not blocking.
        read: |seen| Some(seen.info.block_public_access.unwrap_or(false)),
        put: |bucket, block, _| {
            Box::pin(async { bucket.oss().put_bucket_public_access_block(bucket.name(), *block).await })
        },
        phase: SendPhase::Access,
        waits_for: nothing,
    },
    &Row {
        name: "acl",
        get: |settings| &settings.acl,
        get_mut: |settings| &mut settings.acl,
        read: |seen| seen.info.acl.clone(),
        put: |bucket, acl, _| Box::pin(async { bucket.oss().put_bucket_acl(bucket.name(), acl).await }),
        phase: SendPhase::Access,
        waits_for: the_block_to_be_lifted,
    },
    &Row {
        name: "versioning",
        get: |settings| &settings.versioning,
        get_mut: |settings| &mut settings.versioning,
        read: |seen| seen.info.versioning.clone(),
        put: |bucket, status, _| {
            Box::pin(async { bucket.oss().put_bucket_versioning(bucket.name(), status).await })
        },
        phase: SendPhase::SideBySide,
        waits_for: nothing,
    },
    &Row {
        name: "server_side_encryption",
        get: |settings| &settings.server_side_encryption,
        get_mut: |settings| &mut settings.server_side_encryption,
        read: |seen| seen.info.server_side_encryption.clone(),
        put: |bucket, rule, _| {
            Box::pin(async { bucket.oss().put_bucket_encryption(bucket.name(), rule).await })
        },
        phase: SendPhase::SideBySide,
        waits_for: nothing,
    },
    &Row {
        name: "https_config",
        get: |settings| &settings.tls_versions,
        get_mut: |settings| &mut settings.tls_versions,
        read: |seen| Some(seen.https.tls_versions.iter().cloned().collect()),
        put: |bucket, versions, now| Box::pin(put_https_config(bucket, versions, now)),
        phase: SendPhase::SideBySide,
        waits_for: nothing,
    },
    &Row {
        name: "access_monitor",
        get: |settings| &settings.access_monitor,
        get_mut: |settings| &mut settings.access_monitor,
        read: |seen| Some(seen.info.access_monitor.clone().unwrap_or_else(|| "Disabled".to_owned())),
        put: |bucket, status, _| {
            Box::pin(async { bucket.oss().put_bucket_access_monitor(bucket.name(), status).await })
        },
        phase: SendPhase::SideBySide,
        waits_for: nothing,
    },
    &Row {
        name: "transfer_acceleration",
        get: |settings| &settings.transfer_acceleration,
        get_mut: |settings| &mut settings.transfer_acceleration,
        read: |seen| Some(seen.info.transfer_acceleration.as_deref() == Some("Enabled")),
        put: |bucket, enabled, _| {
            Box::pin(async { bucket.oss().put_bucket_transfer_acceleration(bucket.name(), *enabled).await })
        },
        phase: SendPhase::SideBySide,
        waits_for: nothing,
    },
    &Row {
        name: "tags",
        get: |settings| &settings.tags,
        get_mut: |settings| &mut settings.tags,
        read: |seen| {
            let tags = seen.tags.iter().filter(|(key, _)| !is_system_tag(key));
            Some(tags.map(|(key, value)| (key.clone(), value.clone())).collect())
        },
        put: |bucket, tags, _| Box::pin(async { bucket.oss().put_bucket_tags(bucket.name(), tags).await }),
        phase: SendPhase::SideBySide,
        waits_for: nothing,
    },
    &Row {
        name: "resource_group_id",
        get: |settings| &settings.resource_group_id,
        get_mut: |settings| &mut settings.resource_group_id,
        read: |seen| seen.info.resource_group_id.clone(),
        put: |bucket, group, _| {
            Box::pin(async { bucket.oss().put_bucket_resource_group(bucket.name(), group).await })
        },
        phase: SendPhase::SideBySide,
        waits_for: nothing,
    },
    &Row {
        name: "redundancy_type",
        get: |settings| &settings.redundancy_type,
        get_mut: |settings| &mut settings.redundancy_type,
        read: |seen| Some(seen.info.redundancy_type.clone().unwrap_or_else(|| "LRS".to_owned())),
        put: |bucket, _, _| Box::pin(bucket.convert()),
        phase: SendPhase::Last,
        waits_for: nothing,
    },
];

/// The call replaces cipher suites too, which are not managed here and have to stay.
async fn put_https_config(bucket: &Bucket, versions: &BTreeSet<String>, now: &Settings) -> Result<(), Error> {
    let oss = bucket.oss();
    // Of a bucket that was just created nothing is known yet, because there is nothing.
    let before = match now.tls_versions {
        None => None,
        Some(_) => oss.get_bucket_https_config(bucket.name()).await?,
    };
    let config = HttpsConfig {
        tls_versions: versions.iter().cloned().collect(),
        cipher_suite: before.and_then(|config| config.cipher_suite),
    };
    oss.put_bucket_https_config(bucket.name(), &config).await
}

fn nothing(_: &Error) -> bool {
    false
}

/// Unblocking public access takes some seconds to be known everywhere.
fn the_block_to_be_lifted(error: &Error) -> bool {
    error.service_error().is_some_and(|error| error.message.contains("public bucket acl"))
}

/// A row, whatever the type of its value.
trait AnyRow: Sync {
    fn name(&self) -> &'static str;
    fn phase(&self) -> SendPhase;
    fn waits_for(&self, error: &Error) -> bool;
    fn is_met(&self, have: &Settings, want: &Settings) -> bool;
    fn reach(&self, now: &mut Settings, want: &Settings);
    fn read(&self, seen: &Seen, settings: &mut Settings);
    fn send<'a>(&'a self, bucket: &'a Bucket, now: &'a Settings) -> BoxFuture<'a, Result<(), Error>>;
}

impl<T: Clone + PartialEq + Sync> AnyRow for Row<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn phase(&self) -> SendPhase {
        self.phase
    }

    fn waits_for(&self, error: &Error) -> bool {
        (self.waits_for)(error)
    }

    fn is_met(&self, have: &Settings, want: &Settings) -> bool {
        let want = (self.get)(want);
        want.is_none() || (self.get)(have) == want
    }

    fn reach(&self, now: &mut Settings, want: &Settings) {
        (self.get_mut)(now).clone_from((self.get)(want));
    }

    fn read(&self, seen: &Seen, settings: &mut Settings) {
        *(self.get_mut)(settings) = (self.read)(seen);
    }

    fn send<'a>(&'a self, bucket: &'a Bucket, now: &'a Settings) -> BoxFuture<'a, Result<(), Error>> {
        match (self.get)(&bucket.wanted) {
            Some(value) => (self.put)(bucket, value, now),
            None => Box::pin(async { Ok(()) }),
        }
    }
}

/// A setting that can be changed, with a call of its own.
#[derive(Clone, Copy)]
pub struct Setting(&'static dyn AnyRow);

impl Setting {
    /// Every setting.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| Self(*row))
    }

    /// The settings that are not yet as wanted.
    pub(super) fn open(have: &Settings, want: &Settings) -> Vec<Self> {
        Self::all().filter(|setting| !setting.0.is_met(have, want)).collect()
    }

    /// Its name in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Notes that the setting is as wanted now.
    pub(super) fn reach(self, now: &mut Settings, want: &Settings) {
        self.0.reach(now, want);
    }

    pub(super) async fn send(self, bucket: &Bucket, now: &Settings) -> Result<(), Error> {
        self.0.send(bucket, now).await
    }

    pub(super) fn waits_for(self, error: &Error) -> bool {
        self.0.waits_for(error)
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// What is sent side by side, and what after it. `opens` says that the ACL that is wanted is a public one.
pub(super) fn schedule(open: Vec<Setting>, opens: bool) -> Schedule<Setting> {
    let of = |phase: SendPhase| open.iter().copied().filter(move |setting| setting.0.phase() == phase);
    let mut access: Vec<Setting> = of(SendPhase::Access).collect();
    if !opens {
        access.reverse();
    }
    let others = of(SendPhase::SideBySide).map(|setting| vec![setting]);
    let lanes = std::iter::once(access).chain(others).filter(|lane| !lane.is_empty()).collect();
    Schedule { lanes, last: of(SendPhase::Last).collect() }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
