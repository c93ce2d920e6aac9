//! The attributes of `alitrail_oss_bucket`, and what the service makes of them.

use std::collections::{BTreeMap, BTreeSet};

use alibaba::Arn;
use alibaba::oss::Encryption;
use plugin::{Attr, Model};
use reconciler::Scope;
use reconciler::oss_bucket::Settings;

use super::check::{key_id, tags, tls_versions};
use crate::check;
use crate::oss_bucket_lifecycle::retention_days;
use crate::scope::Regional;

/// Attributes of `alitrail_oss_bucket`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "oss/buckets/{bucket}")]
pub struct BucketModel {
    /// Name: 3 to 63 lower-case letters, digits and hyphens, starting and ending with a letter or digit. Unique among
    /// all customers of the service, and blocked for 4 to 8 hours after the bucket is deleted.
    #[attr(required, replace, identity, check = check::bucket_name)]
    pub bucket: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// Storage class of objects that are written without one. Cannot be changed; lifecycle rules move objects to colder
    /// classes.
    #[attr(
        default = "Standard",
        replace,
        one_of("Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive")
    )]
    pub storage_class: Attr<String>,
    /// Whether objects are stored in one zone (`LRS`) or across several (`ZRS`). Unset, it is decided when the bucket is
    /// made: `ZRS` where region and storage class offer it, else `LRS`. Setting `ZRS` on an `LRS` bucket converts it in
    /// place, which takes hours for a full bucket: raise `timeouts.update`. There is no way back.
    #[attr(
        keeps = "the cheaper kind cannot be had again and the safer one is not offered everywhere",
        one_of("LRS", "ZRS"),
        samples("ZRS", "LRS"),
        remote = "/DataRedundancyType"
    )]
    pub redundancy_type: Attr<String>,
    /// Who may reach the bucket without a policy. The public ones need `block_public_access = false`.
    #[attr(
        default = "private",
        one_of("private", "public-read", "public-read-write"),
        samples("private", "public-read"),
        remote = "/ACL"
    )]
    pub acl: Attr<String>,
    /// Refuse public ACLs and public policies, and ignore those that exist.
    #[attr(default = true, samples(true, false), remote = "/BlockPublicAccess")]
    pub block_public_access: Attr<bool>,
    /// Whether overwritten and deleted objects are kept as old versions. Once enabled it can only be suspended.
    #[attr(
        default = "Enabled",
        one_of("Enabled", "Suspended"),
        samples("Enabled", "Suspended"),
        remote = "/Versioning"
    )]
    pub versioning: Attr<String>,
    /// How new objects are encrypted.
    #[attr(
        defaults,
        samples(
            {"sse_algorithm": "KMS", "kms_master_key_id": "9468da86-3509-4f8d-a61e-6eab1eac0001", "kms_data_encryption": "SM4"},
            {"sse_algorithm": "KMS", "kms_master_key_id": "9468da86-3509-4f8d-a61e-6eab1eac0002"}
        ),
        remote = "/ServerSideEncryptionRule",
        wire(
            {"SSEAlgorithm": "KMS", "KMSMasterKeyID": "9468da86-3509-4f8d-a61e-6eab1eac0001", "KMSDataEncryption": "SM4"},
            {"SSEAlgorithm": "KMS", "KMSMasterKeyID": "9468da86-3509-4f8d-a61e-6eab1eac0002"}
        )
    )]
    pub server_side_encryption: Attr<EncryptionModel>,
    /// Which versions of TLS the bucket accepts. Plain HTTP is a matter of the bucket policy.
    #[attr(defaults)]
    pub https_config: Attr<HttpsConfigModel>,
    /// Whether the service tracks when objects were last accessed, which lifecycle rules by access time need. Cannot be
    /// disabled while there are such rules.
    #[attr(
        default = "Disabled",
        one_of("Enabled", "Disabled"),
        samples("Enabled", "Disabled"),
        remote = "/AccessMonitor"
    )]
    pub access_monitor: Attr<String>,
    /// Whether the bucket is also served by the hosts `oss-accelerate.aliyuncs.com` and `oss-accelerate-overseas.aliyuncs.com`,
    /// which are faster from afar. What goes through them costs extra, and who may do what stays the same. Switching takes
    /// effect within 30 minutes.
    #[attr(default = false, samples(false, true), remote = "/TransferAcceleration")]
    pub transfer_acceleration: Attr<bool>,
    /// Tags, at most 20. All others are removed.
    #[attr(optional, check = tags, samples({"owner": "security"}, {"owner": "somebody", "extra": ""}), remote = "/Tags")]
    pub tags: Attr<BTreeMap<String, String>>,
    /// Resource group. Unset, the bucket stays in the group it is in, which is the account's default group unless
    /// somebody moves it.
    #[attr(
        keeps = "only the service knows the id of the account's default group",
        check = check::resource_group,
        samples("rg-acfmw3ty5yaaaaa", "rg-acfmw3ty5ybbbbb"),
        remote = "/ResourceGroupId"
    )]
    pub resource_group_id: Attr<String>,
    /// Warn, with every refresh and plan, of a lifecycle rule that deletes objects or old versions earlier than this many days
    /// after they were written, whoever made it and whichever objects it is for. It is a warning also with
    /// `evidence_changes = "deny"`, because an error would stand in the way of the repair. Looking takes one more call,
    /// with the permission `oss:GetBucketLifecycle`.
    #[attr(optional, state_only, zero_unset, check = retention_days)]
    pub minimum_retention_days: Attr<i64>,
    /// On destroy, delete everything in the bucket first: objects, old versions, delete markers and unfinished uploads.
    /// Otherwise only an empty bucket can be destroyed.
    #[attr(default = false, state_only)]
    pub force_destroy: Attr<bool>,
    /// Refuse to destroy or replace the bucket. Lifting it takes an apply of its own.
    #[attr(default = false, state_only)]
    pub deletion_protection: Attr<bool>,
    /// ARN of the bucket as policies write it, without a region.
    #[attr(computed)]
    pub arn: Attr<String>,
    /// Public host of the region, without the bucket.
    #[attr(computed)]
    pub extranet_endpoint: Attr<String>,
    /// Host of the region inside the vendor's network, without the bucket.
    #[attr(computed)]
    pub intranet_endpoint: Attr<String>,
    /// When the bucket was made.
    #[attr(computed)]
    pub creation_date: Attr<String>,
    /// Account that owns the bucket.
    #[attr(computed)]
    pub owner: Attr<String>,
    /// The region as the service spells it: `oss-<region>`.
    #[attr(computed)]
    pub location: Attr<String>,
}

/// How new objects are encrypted.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    algorithm, encryption_algorithm, sse, type = "Write `sse_algorithm`.",
    kms_key_id, kms_key, kms_key_arn, kms_master_key, kms_master_key_arn, key_id, cmk_id, cmk_key_id =
        "Write `kms_master_key_id`.",
    data_encryption, kms_data_encryption_algorithm = "Write `kms_data_encryption`.",
    enabled, enable, status = "New objects are always encrypted; write `sse_algorithm` to say how.",
    bucket_key_enabled = "The service has no bucket keys; write `kms_master_key_id` for the key.",
    rule: object, apply_server_side_encryption_by_default: object =
        "Write `sse_algorithm` and `kms_master_key_id` directly."
))]
pub struct EncryptionModel {
    /// `AES256` and `SM4` use keys of the service; `KMS` a key of Key Management Service.
    #[attr(default = "AES256", one_of("AES256", "KMS", "SM4"))]
    pub sse_algorithm: Attr<String>,
    /// Id of the key, with `KMS`. Default: a key that the service manages.
    #[attr(optional, check = key_id)]
    pub kms_master_key_id: Attr<String>,
    /// `SM4` encrypts objects with SM4 instead of AES256, with `KMS`.
    #[attr(optional, one_of("SM4"))]
    pub kms_data_encryption: Attr<String>,
}

/// Which versions of TLS a bucket accepts.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    min_tls, min_tls_version, minimum_tls_version, tls_version, tls_minimum_version =
        "Write all the versions that are accepted: `tls_versions = [\"TLSv1.2\", \"TLSv1.3\"]`.",
    tls: object = "Write `tls_versions`.",
    versions: strings, tls_protocols: strings = "Write `tls_versions`.",
    enabled, enable = "An empty set accepts all versions: write `tls_versions = []` for off.",
    https_only =
        "Refusing plain HTTP is a matter of the bucket policy; `tls_versions` says which versions of TLS are accepted."
))]
pub struct HttpsConfigModel {
    /// The versions: `TLSv1.0` to `TLSv1.3`. An empty set accepts all that the service does.
    #[attr(
        default = ["TLSv1.2", "TLSv1.3"],
        empty_means = "all versions",
        check = tls_versions,
        samples(["TLSv1.2", "TLSv1.3"], ["TLSv1.3"]),
        remote = "/HttpsConfig/TLS/TLSVersion"
    )]
    pub tls_versions: Attr<BTreeSet<String>>,
}

impl BucketModel {
    /// How messages name the bucket.
    pub(super) fn label(&self) -> String {
        format!("bucket {:?}", self.name())
    }

    pub(super) fn name(&self) -> &str {
        self.bucket.as_str().unwrap_or_default()
    }

    pub(super) fn is_public(&self) -> bool {
        self.acl.as_str().is_some_and(|acl| acl != "private")
    }

    pub(super) fn is_set(flag: &Attr<bool>) -> bool {
        flag.get().copied().unwrap_or_default()
    }

    /// The settings that the model says. No tags means that all are removed.
    pub(super) fn settings(&self) -> Settings {
        let text = |value: &Attr<String>| value.get().cloned();
        let encryption = self.server_side_encryption.get().and_then(|stated| {
            Some(Encryption {
                sse_algorithm: text(&stated.sse_algorithm)?,
                kms_master_key_id: text(&stated.kms_master_key_id),
                kms_data_encryption: text(&stated.kms_data_encryption),
            })
        });
        Settings {
            storage_class: text(&self.storage_class),
            redundancy_type: text(&self.redundancy_type),
            acl: text(&self.acl),
            block_public_access: self.block_public_access.get().copied(),
            versioning: text(&self.versioning),
            server_side_encryption: encryption,
            tls_versions: self.https_config.get().and_then(|config| config.tls_versions.get()).cloned(),
            access_monitor: text(&self.access_monitor),
            transfer_acceleration: self.transfer_acceleration.get().copied(),
            tags: Some(self.tags.get().cloned().unwrap_or_default()),
            resource_group_id: text(&self.resource_group_id),
            described: None,
        }
    }

    /// The model of a bucket as it is seen. `self` is what the state or the plan has.
    pub(super) fn read_from(&self, seen: &Settings, scope: &Scope) -> Self {
        let seen = seen.clone();
        let encryption = seen.server_side_encryption.map(|rule| EncryptionModel {
            sse_algorithm: rule.sse_algorithm.into(),
            kms_master_key_id: rule.kms_master_key_id.into(),
            kms_data_encryption: rule.kms_data_encryption.into(),
        });
        let https_config =
            seen.tls_versions.map(|versions| HttpsConfigModel { tls_versions: versions.into() });
        let mut model = Self {
            storage_class: seen.storage_class.into(),
            redundancy_type: seen.redundancy_type.into(),
            acl: seen.acl.into(),
            block_public_access: seen.block_public_access.into(),
            versioning: seen.versioning.into(),
            server_side_encryption: encryption.into(),
            https_config: https_config.into(),
            access_monitor: seen.access_monitor.into(),
            transfer_acceleration: seen.transfer_acceleration.into(),
            tags: seen.tags.filter(|tags| !tags.is_empty()).into(),
            resource_group_id: seen.resource_group_id.into(),
            arn: Arn::regional("oss", "*", &scope.account, self.name()).to_string().into(),
            ..self.clone()
        };
        if let Some(info) = seen.described {
            model.extranet_endpoint = info.extranet_endpoint.into();
            model.intranet_endpoint = info.intranet_endpoint.into();
            model.creation_date = info.creation_date.into();
            model.owner = info.owner_id.into();
            model.location = info.location.into();
        }
        model
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
