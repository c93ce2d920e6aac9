//! Access logging of a bucket: which bucket receives the log of its requests.

use super::call::{Call, Oss};
use crate::error::Error;
use crate::xml::{Element, XmlError};

/// Where the access log of a bucket goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BucketLogging {
    /// The bucket that receives it: of the same account and region.
    pub target_bucket: String,
    /// Beginning of the log objects' names.
    pub target_prefix: Option<String>,
    /// Name of the RAM role that writes them; unset is the service's own.
    pub logging_role: Option<String>,
}

impl BucketLogging {
    pub(super) fn read(root: &Element) -> Result<Option<Self>, XmlError> {
        let Some(enabled) = root.get("LoggingEnabled") else { return Ok(None) };
        Ok(Some(Self {
            target_bucket: enabled.required("TargetBucket")?,
            target_prefix: enabled.text("TargetPrefix"),
            logging_role: enabled.text("LoggingRole"),
        }))
    }

    pub(super) fn write(&self) -> Element {
        Element::new("BucketLoggingStatus").child(
            Element::new("LoggingEnabled")
                .leaf("TargetBucket", &self.target_bucket)
                .leaf("TargetPrefix", self.target_prefix.as_deref().unwrap_or_default())
                .leaf_if("LoggingRole", self.logging_role.as_ref()),
        )
    }
}

impl Oss {
    /// Where the bucket's access log goes, if it is kept.
    pub async fn get_bucket_logging(&self, bucket: &str) -> Result<Option<BucketLogging>, Error> {
        let call = Call::get("GetBucketLogging", bucket).query("logging", "");
        self.read(call, "BucketLoggingStatus", BucketLogging::read).await
    }

    /// Keeps an access log, or sends it somewhere else.
    pub async fn put_bucket_logging(&self, bucket: &str, logging: &BucketLogging) -> Result<(), Error> {
        let call = Call::put("PutBucketLogging", bucket).query("logging", "").body(logging.write());
        self.write(call).await.map(drop)
    }

    /// Stops the access log; fine if there is none.
    pub async fn delete_bucket_logging(&self, bucket: &str) -> Result<(), Error> {
        self.write(Call::delete("DeleteBucketLogging", bucket).query("logging", "")).await.map(drop)
    }
}
