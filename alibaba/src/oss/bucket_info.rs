//! The description of a bucket.

use super::encryption::Encryption;
use crate::xml::{Element, XmlError};

/// What one call tells about a bucket: all but lifecycle, policy, tags, TLS settings and retention.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BucketInfo {
    /// The name.
    pub name: String,
    /// `oss-<region>`.
    pub location: Option<String>,
    /// `YYYY-MM-DDThh:mm:ss.000Z`.
    pub creation_date: Option<String>,
    /// Public host.
    pub extranet_endpoint: Option<String>,
    /// Host inside the region.
    pub intranet_endpoint: Option<String>,
    /// Storage class.
    pub storage_class: Option<String>,
    /// `LRS` or `ZRS`.
    pub redundancy_type: Option<String>,
    /// `Enabled`, `Suspended`, or never set.
    pub versioning: Option<String>,
    /// The ACL.
    pub acl: Option<String>,
    /// The account that owns it.
    pub owner_id: Option<String>,
    /// Resource group.
    pub resource_group_id: Option<String>,
    /// `Enabled` or `Disabled`.
    pub access_monitor: Option<String>,
    /// Whether public access is blocked for the bucket.
    pub block_public_access: Option<bool>,
    /// Default encryption, if there is one.
    pub server_side_encryption: Option<Encryption>,
    /// `Enabled` or `Disabled`.
    pub transfer_acceleration: Option<String>,
    /// Bucket that receives access logs.
    pub log_bucket: Option<String>,
    /// Where in that bucket.
    pub log_prefix: Option<String>,
}

impl BucketInfo {
    /// Reads the description of the bucket `asked` for.
    pub(super) fn read(root: &Element, asked: &str) -> Result<Self, XmlError> {
        let bucket = root.child_of("Bucket")?;
        bucket.is_about("Name", asked)?;
        // Without these, a bucket would look open, or like one of somebody else.
        bucket.child_of("AccessControlList")?.required("Grant")?;
        bucket.child_of("Owner")?.required("ID")?;
        let of = |child: &str, name: &str| bucket.get(child).and_then(|child| child.text(name));
        Ok(Self {
            name: bucket.required("Name")?,
            location: bucket.text("Location"),
            creation_date: bucket.text("CreationDate"),
            extranet_endpoint: bucket.text("ExtranetEndpoint"),
            intranet_endpoint: bucket.text("IntranetEndpoint"),
            storage_class: bucket.text("StorageClass"),
            redundancy_type: bucket.text("DataRedundancyType"),
            versioning: bucket.text("Versioning"),
            acl: of("AccessControlList", "Grant"),
            owner_id: of("Owner", "ID"),
            resource_group_id: bucket.text("ResourceGroupId"),
            access_monitor: bucket.text("AccessMonitor"),
            block_public_access: bucket.truth("BlockPublicAccess"),
            server_side_encryption: bucket.get("ServerSideEncryptionRule").and_then(Encryption::read),
            transfer_acceleration: bucket.text("TransferAcceleration"),
            // The element has nothing to do with the access policy.
            log_bucket: of("BucketPolicy", "LogBucket"),
            log_prefix: of("BucketPolicy", "LogPrefix"),
        })
    }
}
