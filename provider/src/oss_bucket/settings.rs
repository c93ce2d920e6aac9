//! The settings of a bucket that can be changed: which ones differ, and how each is sent.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use alibaba::Error;
use alibaba::oss::HttpsConfig;
use futures_util::future::join_all;
use plugin::{Attr, Diagnostics};

use super::calls::Buckets;
use super::model::BucketModel;
use crate::fault::fault_at;

/// One setting, with a call of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Block,
    Acl,
    Versioning,
    Encryption,
    Https,
    AccessMonitor,
    Tags,
    ResourceGroup,
    Redundancy,
}

impl Setting {
    const ALL: [Self; 9] = [
        Self::Block,
        Self::Acl,
        Self::Versioning,
        Self::Encryption,
        Self::Https,
        Self::AccessMonitor,
        Self::Tags,
        Self::ResourceGroup,
        Self::Redundancy,
    ];

    /// The settings that are not yet as wanted.
    pub(super) fn open(have: &BucketModel, want: &BucketModel) -> Vec<Self> {
        Self::ALL.into_iter().filter(|setting| !setting.is_met(have, want)).collect()
    }

    fn is_met(self, have: &BucketModel, want: &BucketModel) -> bool {
        fn met<T: PartialEq>(have: &Attr<T>, want: &Attr<T>) -> bool {
            have == want || want.get().is_none()
        }
        match self {
            Self::Block => met(&have.block_public_access, &want.block_public_access),
            Self::Acl => met(&have.acl, &want.acl),
            Self::Versioning => met(&have.versioning, &want.versioning),
            Self::Encryption => met(&have.server_side_encryption, &want.server_side_encryption),
            Self::Https => met(&have.https_config, &want.https_config),
            Self::AccessMonitor => met(&have.access_monitor, &want.access_monitor),
            Self::Tags => have.all_tags() == want.all_tags(),
            Self::ResourceGroup => met(&have.resource_group_id, &want.resource_group_id),
            Self::Redundancy => met(&have.redundancy_type, &want.redundancy_type),
        }
    }

    fn attribute(self) -> &'static str {
        match self {
            Self::Block => "block_public_access",
            Self::Acl => "acl",
            Self::Versioning => "versioning",
            Self::Encryption => "server_side_encryption",
            Self::Https => "https_config",
            Self::AccessMonitor => "access_monitor",
            Self::Tags => "tags",
            Self::ResourceGroup => "resource_group_id",
            Self::Redundancy => "redundancy_type",
        }
    }

    /// Notes that the setting is as wanted now.
    fn reach(self, reached: &mut BucketModel, want: &BucketModel) {
        match self {
            Self::Block => reached.block_public_access.clone_from(&want.block_public_access),
            Self::Acl => reached.acl.clone_from(&want.acl),
            Self::Versioning => reached.versioning.clone_from(&want.versioning),
            Self::Encryption => reached.server_side_encryption.clone_from(&want.server_side_encryption),
            Self::Https => reached.https_config.clone_from(&want.https_config),
            Self::AccessMonitor => reached.access_monitor.clone_from(&want.access_monitor),
            Self::Tags => reached.tags.clone_from(&want.tags),
            Self::ResourceGroup => reached.resource_group_id.clone_from(&want.resource_group_id),
            Self::Redundancy => reached.redundancy_type.clone_from(&want.redundancy_type),
        }
    }

    /// What is sent side by side: lanes of settings that wait for each other. A public ACL is refused until public
    /// access is unblocked, and a bucket is made private before the block is touched.
    fn lanes(open: &[Self], opens: bool) -> Vec<Vec<Self>> {
        let is_access = |setting: &Self| matches!(setting, Self::Block | Self::Acl);
        let mut access: Vec<Self> = open.iter().copied().filter(is_access).collect();
        if !opens {
            access.reverse();
        }
        let others =
            open.iter().copied().filter(|setting| !is_access(setting) && *setting != Self::Redundancy);
        let lanes = others.map(|setting| vec![setting]);
        std::iter::once(access).chain(lanes).filter(|lane| !lane.is_empty()).collect()
    }
}

impl Buckets<'_> {
    /// Brings the bucket from where it is to what is wanted, keeping what is reached; then waits until it shows. What
    /// the service took without effect is sent once more.
    pub(super) async fn bring(&self, doing: &str, from: BucketModel) -> Result<BucketModel, Diagnostics> {
        self.send_open(from).await?;
        let now = self.settled(doing).await?;
        if Setting::open(&now, &self.model).is_empty() {
            return Ok(now);
        }
        self.send_open(now).await?;
        self.settled(doing).await
    }

    async fn send_open(&self, from: BucketModel) -> Result<(), Diagnostics> {
        let open = Setting::open(&from, &self.model);
        // What lives in the state only is as wanted by saying so.
        let reached = Mutex::new(BucketModel {
            minimum_retention_days: self.model.minimum_retention_days.clone(),
            force_destroy: self.model.force_destroy.clone(),
            deletion_protection: self.model.deletion_protection.clone(),
            ..from
        });
        let lanes = Setting::lanes(&open, self.model.is_public());
        let sent = join_all(lanes.into_iter().map(|lane| async {
            for setting in lane {
                self.send_keeping(setting, &reached).await.map_err(|error| (setting, error))?;
            }
            Ok(())
        }));
        let failed: Vec<(Setting, Error)> = sent.await.into_iter().filter_map(Result::err).collect();
        if failed.is_empty() {
            if open.contains(&Setting::Redundancy) {
                // Last, because it takes long.
                let converted = self.send_keeping(Setting::Redundancy, &reached).await;
                return converted.map_err(|error| self.conversion_fault(&error));
            }
            return Ok(());
        }
        let mut diagnostics = Diagnostics::new();
        for (setting, error) in failed {
            let doing = format!("set {} of {}", setting.attribute(), self.model.label());
            diagnostics.extend(fault_at(doing, &error, setting.attribute()));
            if error.is_cancelled() {
                // One Ctrl-C is one message.
                break;
            }
        }
        Err(diagnostics)
    }

    async fn send_keeping(&self, setting: Setting, reached: &Mutex<BucketModel>) -> Result<(), Error> {
        // Of a bucket that was just made nothing is known yet, because there is nothing.
        let is_new = reached.lock().unwrap_or_else(PoisonError::into_inner).https_config.is_null();
        self.send(setting, is_new).await?;
        let mut reached = reached.lock().unwrap_or_else(PoisonError::into_inner);
        setting.reach(&mut reached, &self.model);
        self.cx.keep(&*reached);
        Ok(())
    }

    async fn send(&self, setting: Setting, is_new: bool) -> Result<(), Error> {
        let (oss, name, want) = (self.oss(), self.model.name(), &self.model);
        let text = |value: &Attr<String>| value.get().cloned().unwrap_or_default();
        match setting {
            Setting::Block => {
                let block = BucketModel::is_set(&want.block_public_access);
                self.patiently(is_unknown, || oss.put_bucket_public_access_block(name, block)).await
            }
            Setting::Acl => {
                let acl = text(&want.acl);
                self.patiently(is_unknown_or_still_blocked, || oss.put_bucket_acl(name, &acl)).await
            }
            Setting::Versioning => {
                let status = text(&want.versioning);
                self.patiently(is_unknown, || oss.put_bucket_versioning(name, &status)).await
            }
            Setting::Encryption => match want.encryption() {
                Some(rule) => self.patiently(is_unknown, || oss.put_bucket_encryption(name, &rule)).await,
                None => Ok(()),
            },
            Setting::Https => self.patiently(is_unknown, || self.send_https(want.tls(), is_new)).await,
            Setting::AccessMonitor => {
                let status = text(&want.access_monitor);
                self.patiently(is_unknown, || oss.put_bucket_access_monitor(name, &status)).await
            }
            Setting::Tags => {
                let tags = want.all_tags();
                self.patiently(is_unknown, || oss.put_bucket_tags(name, &tags)).await
            }
            Setting::ResourceGroup => {
                let group = text(&want.resource_group_id);
                self.patiently(is_unknown, || oss.put_bucket_resource_group(name, &group)).await
            }
            Setting::Redundancy => self.convert().await,
        }
    }

    /// The call replaces cipher suites too, which are not managed here and have to stay.
    async fn send_https(&self, versions: BTreeSet<String>, is_new: bool) -> Result<(), Error> {
        let (oss, name) = (self.oss(), self.model.name());
        let before = if is_new { None } else { oss.get_bucket_https_config(name).await? };
        let config = HttpsConfig {
            tls_versions: versions.into_iter().collect(),
            cipher_suite: before.and_then(|config| config.cipher_suite),
        };
        oss.put_bucket_https_config(name, &config).await
    }
}

/// A bucket that is being changed exists: a front end that does not know it yet will.
fn is_unknown(error: &Error) -> bool {
    error.is_not_found()
}

/// Unblocking public access takes some seconds to be known everywhere.
fn is_unknown_or_still_blocked(error: &Error) -> bool {
    is_unknown(error)
        || error.service_error().is_some_and(|error| error.message.contains("public bucket acl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_open() {
        let have = BucketModel {
            acl: "private".into(),
            block_public_access: true.into(),
            versioning: Attr::Null,
            tags: Attr::Null,
            redundancy_type: "LRS".into(),
            ..BucketModel::default()
        };
        let want = BucketModel {
            versioning: "Enabled".into(),
            // Not decided, no tags: nothing to do.
            redundancy_type: Attr::UNKNOWN,
            resource_group_id: Attr::UNKNOWN,
            tags: std::collections::BTreeMap::new().into(),
            ..have.clone()
        };
        assert_eq!(Setting::open(&have, &want), [Setting::Versioning]);
        let mut reached = have;
        Setting::Versioning.reach(&mut reached, &want);
        assert!(Setting::open(&reached, &want).is_empty());
    }

    #[test]
    fn every_setting_is_noticed_reached_and_named_like_its_attribute() {
        let want = BucketModel {
            acl: "public-read".into(),
            block_public_access: false.into(),
            versioning: "Suspended".into(),
            server_side_encryption: super::super::model::EncryptionModel::default().into(),
            https_config: super::super::model::HttpsConfigModel::default().into(),
            access_monitor: "Enabled".into(),
            tags: std::collections::BTreeMap::from([("k".to_owned(), "v".to_owned())]).into(),
            resource_group_id: "rg-1".into(),
            redundancy_type: "ZRS".into(),
            ..BucketModel::default()
        };
        assert_eq!(Setting::open(&BucketModel::default(), &want), Setting::ALL);
        for setting in Setting::ALL {
            let mut reached = BucketModel::default();
            setting.reach(&mut reached, &want);
            assert_eq!(Setting::open(&reached, &want).len(), Setting::ALL.len() - 1, "{setting:?}");
            let attributes = <BucketModel as plugin::Model>::attributes();
            assert!(attributes.iter().any(|attribute| attribute.name == setting.attribute()), "{setting:?}");
        }
    }

    #[test]
    fn access_is_opened_and_closed_in_the_only_order_that_works() {
        let open = [Setting::Block, Setting::Acl, Setting::Tags, Setting::Redundancy];
        assert_eq!(Setting::lanes(&open, true), [vec![Setting::Block, Setting::Acl], vec![Setting::Tags]]);
        assert_eq!(Setting::lanes(&open, false), [vec![Setting::Acl, Setting::Block], vec![Setting::Tags]]);
    }
}
