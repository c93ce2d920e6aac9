//! The settings of a bucket that fit into a line each: ACL, versioning, encryption, public access, tags, TLS, access
//! tracking, resource group, transfer acceleration, request payment. And the account's public access block.

use std::collections::BTreeMap;

use http::Method;

use super::call::{Call, Oss};
use super::encryption::Encryption;
use crate::error::Error;
use crate::xml::{Element, XmlError};

/// Which TLS versions and ciphers the bucket's host accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpsConfig {
    /// `TLSv1.0` to `TLSv1.3`; an empty list lifts the restriction.
    pub tls_versions: Vec<String>,
    /// Which ciphers; unset leaves them as they are.
    pub cipher_suite: Option<CipherSuite>,
}

/// Which ciphers the bucket's host accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CipherSuite {
    /// Whether ciphers are restricted at all.
    pub enable: bool,
    /// The vendor's hardened set, instead of the lists below.
    pub strong_cipher_suite: bool,
    /// Ciphers up to TLS 1.2.
    pub custom_cipher_suites: Vec<String>,
    /// Ciphers of TLS 1.3.
    pub tls13_custom_cipher_suites: Vec<String>,
}

fn texts(element: &Element, name: &str) -> Vec<String> {
    element.all(name).map(|child| child.text.clone()).filter(|text| !text.is_empty()).collect()
}

impl HttpsConfig {
    fn read(root: &Element) -> Result<Self, XmlError> {
        let tls = root.child_of("TLS")?;
        let tls = tls.truth_of("Enable")?.then_some(tls);
        Ok(Self {
            tls_versions: tls.map(|tls| texts(tls, "TLSVersion")).unwrap_or_default(),
            cipher_suite: root.get("CipherSuite").map(|suite| CipherSuite {
                enable: suite.truth("Enable") == Some(true),
                strong_cipher_suite: suite.truth("StrongCipherSuite") == Some(true),
                custom_cipher_suites: texts(suite, "CustomCipherSuite"),
                tls13_custom_cipher_suites: texts(suite, "TLS13CustomCipherSuite"),
            }),
        })
    }

    fn write(&self) -> Element {
        let tls = Element::new("TLS").leaf("Enable", !self.tls_versions.is_empty());
        let tls = self.tls_versions.iter().fold(tls, |tls, version| tls.leaf("TLSVersion", version));
        let root = Element::new("HttpsConfiguration").child(tls);
        let Some(suite) = &self.cipher_suite else { return root };
        let mut element = Element::new("CipherSuite").leaf("Enable", suite.enable);
        if suite.enable {
            element = element.leaf("StrongCipherSuite", suite.strong_cipher_suite);
        }
        for cipher in &suite.custom_cipher_suites {
            element = element.leaf("CustomCipherSuite", cipher);
        }
        for cipher in &suite.tls13_custom_cipher_suites {
            element = element.leaf("TLS13CustomCipherSuite", cipher);
        }
        root.child(element)
    }
}

const BLOCK: &str = "PublicAccessBlockConfiguration";

/// A document with one value in it.
fn single(root: &str, name: &str, value: impl ToString) -> Element {
    Element::new(root).leaf(name, value)
}

impl Oss {
    /// The bucket's ACL.
    pub async fn get_bucket_acl(&self, bucket: &str) -> Result<String, Error> {
        let call = Call::get("GetBucketAcl", bucket).query("acl", "");
        let read = |root: &Element| root.child_of("AccessControlList")?.required("Grant");
        self.read(call, "AccessControlPolicy", read).await
    }

    /// Sets the bucket's ACL. On a bucket that is not there the service would make one, so look first.
    pub async fn put_bucket_acl(&self, bucket: &str, acl: &str) -> Result<(), Error> {
        self.write(Call::put("PutBucketAcl", bucket).query("acl", "").header("x-oss-acl", acl))
            .await
            .map(drop)
    }

    /// `Enabled`, `Suspended`, or never set.
    pub async fn get_bucket_versioning(&self, bucket: &str) -> Result<Option<String>, Error> {
        let call = Call::get("GetBucketVersioning", bucket).query("versioning", "");
        self.read(call, "VersioningConfiguration", |root| Ok(root.text("Status"))).await
    }

    /// Sets versioning to `Enabled` or `Suspended`.
    pub async fn put_bucket_versioning(&self, bucket: &str, status: &str) -> Result<(), Error> {
        let body = single("VersioningConfiguration", "Status", status);
        self.write(Call::put("PutBucketVersioning", bucket).query("versioning", "").body(body))
            .await
            .map(drop)
    }

    /// Default encryption, if there is one.
    pub async fn get_bucket_encryption(&self, bucket: &str) -> Result<Option<Encryption>, Error> {
        let call = Call::get("GetBucketEncryption", bucket).query("encryption", "");
        let read = |root: &Element| {
            root.get("ApplyServerSideEncryptionByDefault").unwrap_or(root).required("SSEAlgorithm")?;
            Ok(Encryption::read(root))
        };
        let (unset, root) = ("NoSuchServerSideEncryptionRule", "ServerSideEncryptionRule");
        Ok(self.read_if_set(call, unset, root, read).await?.flatten())
    }

    /// Sets default encryption.
    pub async fn put_bucket_encryption(&self, bucket: &str, encryption: &Encryption) -> Result<(), Error> {
        let call = Call::put("PutBucketEncryption", bucket).query("encryption", "").body(encryption.write());
        self.write(call).await.map(drop)
    }

    /// Whether public access is blocked for the bucket.
    pub async fn get_bucket_public_access_block(&self, bucket: &str) -> Result<bool, Error> {
        let call = Call::get("GetBucketPublicAccessBlock", bucket).query("publicAccessBlock", "");
        self.read(call, BLOCK, read_block).await
    }

    /// Blocks public access for the bucket, or stops blocking it.
    pub async fn put_bucket_public_access_block(&self, bucket: &str, block: bool) -> Result<(), Error> {
        let call = Call::put("PutBucketPublicAccessBlock", bucket).query("publicAccessBlock", "");
        self.write(call.body(write_block(block))).await.map(drop)
    }

    /// Whether public access is blocked for the whole account.
    pub async fn get_public_access_block(&self) -> Result<bool, Error> {
        let call = Call::new("GetPublicAccessBlock", Method::GET, None).query("publicAccessBlock", "");
        self.read(call, BLOCK, read_block).await
    }

    /// Blocks public access for the whole account, or stops blocking it.
    pub async fn put_public_access_block(&self, block: bool) -> Result<(), Error> {
        let call = Call::new("PutPublicAccessBlock", Method::PUT, None).query("publicAccessBlock", "");
        self.write(call.body(write_block(block))).await.map(drop)
    }

    /// Forgets the account's setting, which stops blocking; fine if there is none.
    pub async fn delete_public_access_block(&self) -> Result<(), Error> {
        let call = Call::new("DeletePublicAccessBlock", Method::DELETE, None).query("publicAccessBlock", "");
        self.write(call).await.map(drop)
    }

    /// The bucket's tags.
    pub async fn get_bucket_tags(&self, bucket: &str) -> Result<BTreeMap<String, String>, Error> {
        let read = |root: &Element| {
            let tags = root.child_of("TagSet")?.all("Tag");
            tags.map(|tag| Ok((tag.required("Key")?, tag.text("Value").unwrap_or_default()))).collect()
        };
        self.read(Call::get("GetBucketTags", bucket).query("tagging", ""), "Tagging", read).await
    }

    /// Replaces all tags of the bucket.
    pub async fn put_bucket_tags(&self, bucket: &str, tags: &BTreeMap<String, String>) -> Result<(), Error> {
        if tags.is_empty() {
            return self.write(Call::delete("DeleteBucketTags", bucket).query("tagging", "")).await.map(drop);
        }
        let set = tags.iter().fold(Element::new("TagSet"), |set, (key, value)| {
            set.child(Element::new("Tag").leaf("Key", key).leaf("Value", value))
        });
        let call =
            Call::put("PutBucketTags", bucket).query("tagging", "").body(Element::new("Tagging").child(set));
        self.write(call).await.map(drop)
    }

    /// Which TLS versions are accepted, if that was ever set.
    pub async fn get_bucket_https_config(&self, bucket: &str) -> Result<Option<HttpsConfig>, Error> {
        let call = Call::get("GetBucketHttpsConfig", bucket).query("httpsConfig", "");
        self.read_if_set(call, "NoSuchHttpsConfig", "HttpsConfiguration", HttpsConfig::read).await
    }

    /// Sets which TLS versions are accepted. Plain HTTP is another matter: a bucket policy denies that.
    pub async fn put_bucket_https_config(&self, bucket: &str, config: &HttpsConfig) -> Result<(), Error> {
        let call = Call::put("PutBucketHttpsConfig", bucket).query("httpsConfig", "").body(config.write());
        self.write(call).await.map(drop)
    }

    /// `Enabled` or `Disabled`.
    pub async fn get_bucket_access_monitor(&self, bucket: &str) -> Result<String, Error> {
        let call = Call::get("GetBucketAccessMonitor", bucket).query("accessmonitor", "");
        self.read(call, "AccessMonitorConfiguration", |root| root.required("Status")).await
    }

    /// Sets access tracking to `Enabled` or `Disabled`.
    pub async fn put_bucket_access_monitor(&self, bucket: &str, status: &str) -> Result<(), Error> {
        let body = single("AccessMonitorConfiguration", "Status", status);
        self.write(Call::put("PutBucketAccessMonitor", bucket).query("accessmonitor", "").body(body))
            .await
            .map(drop)
    }

    /// The bucket's resource group; none where the region has no such thing.
    pub async fn get_bucket_resource_group(&self, bucket: &str) -> Result<Option<String>, Error> {
        let call = Call::get("GetBucketResourceGroup", bucket).query("resourceGroup", "");
        let read = |root: &Element| root.required("ResourceGroupId");
        self.read_if_set(call, "NotImplemented", "BucketResourceGroupConfiguration", read).await
    }

    /// Moves the bucket into a resource group; an empty id is the account's default group.
    pub async fn put_bucket_resource_group(&self, bucket: &str, id: &str) -> Result<(), Error> {
        let body = single("BucketResourceGroupConfiguration", "ResourceGroupId", id);
        self.write(Call::put("PutBucketResourceGroup", bucket).query("resourceGroup", "").body(body))
            .await
            .map(drop)
    }

    /// Switches transfer acceleration on or off. [`Oss::get_bucket_info`] tells which.
    pub async fn put_bucket_transfer_acceleration(&self, bucket: &str, enabled: bool) -> Result<(), Error> {
        let body = single("TransferAccelerationConfiguration", "Enabled", enabled);
        let call = Call::put("PutBucketTransferAcceleration", bucket).query("transferAcceleration", "");
        self.write(call.body(body)).await.map(drop)
    }

    /// Who pays for requests: `BucketOwner` or `Requester`.
    pub async fn get_bucket_request_payment(&self, bucket: &str) -> Result<String, Error> {
        let call = Call::get("GetBucketRequestPayment", bucket).query("requestPayment", "");
        self.read(call, "RequestPaymentConfiguration", |root| root.required("Payer")).await
    }

    /// Lets `BucketOwner` or `Requester` pay for requests.
    pub async fn put_bucket_request_payment(&self, bucket: &str, payer: &str) -> Result<(), Error> {
        let body = single("RequestPaymentConfiguration", "Payer", payer);
        self.write(Call::put("PutBucketRequestPayment", bucket).query("requestPayment", "").body(body))
            .await
            .map(drop)
    }
}

fn read_block(root: &Element) -> Result<bool, XmlError> {
    root.truth_of("BlockPublicAccess")
}

fn write_block(block: bool) -> Element {
    single(BLOCK, "BlockPublicAccess", block)
}
