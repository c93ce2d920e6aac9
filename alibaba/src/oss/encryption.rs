//! Default encryption of the objects of a bucket.

use crate::xml::Element;

/// Default encryption of new objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Encryption {
    /// `AES256`, `KMS` or `SM4`.
    pub sse_algorithm: String,
    /// The key, with `KMS`; unset is a key that OSS manages.
    pub kms_master_key_id: Option<String>,
    /// `SM4` or unset, with `KMS`.
    pub kms_data_encryption: Option<String>,
}

impl Encryption {
    /// From the element that holds the three values, directly or one level down. `None` says that there is none.
    pub(super) fn read(rule: &Element) -> Option<Self> {
        let rule = rule.get("ApplyServerSideEncryptionByDefault").unwrap_or(rule);
        let sse_algorithm = rule.text("SSEAlgorithm").filter(|name| name != "None")?;
        Some(Self {
            sse_algorithm,
            kms_master_key_id: rule.text("KMSMasterKeyID"),
            kms_data_encryption: rule.text("KMSDataEncryption"),
        })
    }

    pub(super) fn write(&self) -> Element {
        Element::new("ServerSideEncryptionRule").child(
            Element::new("ApplyServerSideEncryptionByDefault")
                .leaf("SSEAlgorithm", &self.sse_algorithm)
                .leaf_if("KMSMasterKeyID", self.kms_master_key_id.as_ref())
                .leaf_if("KMSDataEncryption", self.kms_data_encryption.as_ref()),
        )
    }
}
