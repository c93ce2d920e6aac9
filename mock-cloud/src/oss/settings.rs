//! How a bucket protects what is in it and on the way to it: versioning, default encryption, TLS versions.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::documents::{ENCRYPTION, HTTPS, VERSIONING};
use super::error::Error;
use super::request::{Answer, Request, done, gone};
use super::{switches, xml};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VersioningConfiguration {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

/// PutBucketVersioning: Enabled or Suspended, never back to unset (OSS API reference, PutBucketVersioning).
pub(super) fn put_versioning(request: &mut Request<'_>) -> Answer {
    let config: VersioningConfiguration = request.document(&VERSIONING)?;
    let status = config.status.filter(|status| !status.is_empty());
    let Some(status) = status else {
        return Err(Error::argument("Status", "", "The Versioning element must be specified."));
    };
    if !matches!(status.as_str(), "Enabled" | "Suspended") {
        return Err(Error::malformed("Status must be Enabled or Suspended"));
    }
    let exclusive = request.switches.is(&switches::WORM_VERSIONING, "exclusive");
    let bucket = request.owned()?;
    // A retention policy cannot be undone by suspending (OSS developer guide, "Retention policies").
    if status == "Suspended" && (bucket.worm.is_some() || bucket.object_worm.is_some())
        || exclusive && bucket.worm.is_some()
    {
        return Err(Error::new(
            StatusCode::CONFLICT,
            "InvalidBucketState",
            "The bucket has a retention policy, so its versioning cannot be set to this status.",
        ));
    }
    bucket.versioning = Some(status);
    done()
}

/// GetBucketVersioning: an empty element when it was never set.
pub(super) fn get_versioning(request: &mut Request<'_>) -> Answer {
    let status = request.owned()?.versioning.clone();
    xml::reply(VERSIONING.root, &VersioningConfiguration { status })
}

/// Default encryption of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// AES256, KMS or SM4.
    #[serde(rename = "SSEAlgorithm")]
    pub sse_algorithm: String,
    /// Key to encrypt with, only for KMS; nothing or empty is the key that OSS manages.
    #[serde(rename = "KMSMasterKeyID", default, skip_serializing_if = "Option::is_none")]
    pub kms_master_key_id: Option<String>,
    /// SM4, only for KMS; nothing is AES256.
    #[serde(rename = "KMSDataEncryption", default, skip_serializing_if = "Option::is_none")]
    pub kms_data_encryption: Option<String>,
}

impl Encryption {
    /// Refuses combinations that the service refuses (OSS API reference, PutBucketEncryption, "Error codes").
    /// Whether the key exists is not checked (assumed: it shows at the first object).
    pub(super) fn check(&self) -> Result<(), Error> {
        let set = |value: &Option<String>| value.as_deref().is_some_and(|text| !text.is_empty());
        let refuse = |code: &str, message: &str| Error::new(StatusCode::BAD_REQUEST, code, message);
        if !matches!(self.sse_algorithm.as_str(), "AES256" | "KMS" | "SM4") {
            return Err(refuse(
                "InvalidEncryptionAlgorithmError",
                "The Encryption request you specified is not valid. Supported value: AES256/SM4/KMS.",
            ));
        }
        if self.sse_algorithm != "KMS" && set(&self.kms_master_key_id) {
            let key = self.kms_master_key_id.as_deref().unwrap_or("");
            let message = "KMSMasterKeyID is not applicable if the default sse algorithm is not KMS";
            return Err(Error::argument("KMSMasterKeyID", key, message));
        }
        // SM4 with another algorithm than KMS is refused alike (assumed).
        if set(&self.kms_data_encryption)
            && (self.kms_data_encryption.as_deref() != Some("SM4") || self.sse_algorithm != "KMS")
        {
            return Err(refuse(
                "InvalidDataEncryptionAlgorithmError",
                "The KMS Data Encryption request you specified is not valid. Supported value:SM4",
            ));
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EncryptionRule {
    apply_server_side_encryption_by_default: Encryption,
}

/// PutBucketEncryption (OSS API reference).
pub(super) fn put_encryption(request: &mut Request<'_>) -> Answer {
    let rule: EncryptionRule = request.document(&ENCRYPTION)?;
    let mut rule = rule.apply_server_side_encryption_by_default;
    rule.check()?;
    rule.kms_data_encryption = rule.kms_data_encryption.filter(|value| !value.is_empty());
    rule.kms_master_key_id = rule.kms_master_key_id.filter(|value| !value.is_empty());
    request.owned()?.server_side_encryption_rule = Some(rule);
    done()
}

/// GetBucketEncryption.
pub(super) fn get_encryption(request: &mut Request<'_>) -> Answer {
    let status = match request.switches.get(&switches::ENCRYPTION_UNSET_STATUS) {
        "400" => StatusCode::BAD_REQUEST,
        _ => StatusCode::NOT_FOUND,
    };
    match request.owned()?.server_side_encryption_rule.clone() {
        Some(rule) => {
            xml::reply(ENCRYPTION.root, &EncryptionRule { apply_server_side_encryption_by_default: rule })
        }
        None => Err(Error::new(
            status,
            "NoSuchServerSideEncryptionRule",
            "The server side encryption configuration was not found",
        )),
    }
}

/// DeleteBucketEncryption: also succeeds when nothing is set.
pub(super) fn delete_encryption(request: &mut Request<'_>) -> Answer {
    request.owned()?.server_side_encryption_rule = None;
    gone()
}

/// TLS settings of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HttpsConfig {
    /// Which TLS versions are let in.
    #[serde(rename = "TLS", default)]
    pub tls: Tls,
    /// Which cipher suites are let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cipher_suite: Option<CipherSuite>,
}

/// TLS versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tls {
    /// Whether versions are restricted.
    #[serde(rename = "Enable", default)]
    pub enable: bool,
    /// TLSv1.0 to TLSv1.3.
    #[serde(rename = "TLSVersion", default, skip_serializing_if = "Vec::is_empty")]
    pub tls_version: Vec<String>,
}

/// Cipher suites.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CipherSuite {
    /// Whether suites are restricted.
    #[serde(default)]
    pub enable: bool,
    /// The service's hardened set.
    #[serde(default)]
    pub strong_cipher_suite: bool,
    /// Suites up to TLS 1.2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_cipher_suite: Vec<String>,
    /// Suites of TLS 1.3.
    #[serde(rename = "TLS13CustomCipherSuite", default, skip_serializing_if = "Vec::is_empty")]
    pub tls13_custom_cipher_suite: Vec<String>,
}

/// PutBucketHttpsConfig: versions with Enable true (OSS API reference; codes of the refusals assumed). Beside Enable false
/// they are void, but stored: acceptance tests of the vendor's provider read them again.
pub(super) fn put_https(request: &mut Request<'_>) -> Answer {
    let config: HttpsConfig = request.document(&HTTPS)?;
    let versions = &config.tls.tls_version;
    if config.tls.enable && versions.is_empty() {
        return Err(Error::malformed("TLSVersion is needed with Enable true"));
    }
    let known = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
    if let Some(unknown) = versions.iter().find(|version| !known.contains(&version.as_str())) {
        return Err(Error::argument("TLSVersion", unknown, "No such TLS version exists."));
    }
    if let Some(suite) = &config.cipher_suite {
        let custom = !suite.custom_cipher_suite.is_empty() || !suite.tls13_custom_cipher_suite.is_empty();
        // Assumed: suites of one's own are void beside the service's.
        if suite.enable && !suite.strong_cipher_suite && !custom {
            return Err(Error::malformed(
                "StrongCipherSuite or custom cipher suites are needed with Enable true",
            ));
        }
    }
    request.owned()?.https_config = Some(config);
    done()
}

/// GetBucketHttpsConfig.
pub(super) fn get_https(request: &mut Request<'_>) -> Answer {
    let lenient = request.switches.is(&switches::HTTPS_UNSET, "disabled");
    let config = match request.owned()?.https_config.clone() {
        Some(config) => config,
        None if lenient => HttpsConfig { tls: Tls::default(), cipher_suite: None },
        None => {
            return Err(Error::new(
                StatusCode::NOT_FOUND,
                "NoSuchHttpsConfig",
                "The bucket has no https configuration.",
            ));
        }
    };
    xml::reply(HTTPS.root, &config)
}
