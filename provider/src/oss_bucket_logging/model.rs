//! The attributes of `alitrail_oss_bucket_logging`: a bucket, and where the log of its requests goes.

use alibaba::oss::BucketLogging;
use plugin::{Attr, Model};

use super::check::{role, target_prefix};
use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_oss_bucket_logging`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "oss/buckets/{bucket}")]
pub struct LoggingModel {
    /// Bucket whose requests are logged.
    #[attr(required, replace, identity, check = check::bucket_name)]
    pub bucket: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// Bucket that receives the log, of the same account and region. Best another one: delivering into the bucket itself
    /// is logged in turn.
    #[attr(
        required,
        check = check::bucket_name,
        samples("access-logs-one", "access-logs-two"),
        remote = "/Logging/TargetBucket"
    )]
    pub target_bucket: Attr<String>,
    /// Beginning of the log objects' names, such as `"archive/"`. Default: none.
    #[attr(optional, check = target_prefix, samples("one/", "two/"), remote = "/Logging/TargetPrefix")]
    pub target_prefix: Attr<String>,
    /// Name of the RAM role that writes the log. Default: the service writes as itself.
    #[attr(
        optional,
        check = role,
        samples("AliyunOSSLoggingDefaultRole", "access-log-writer"),
        remote = "/Logging/LoggingRole"
    )]
    pub logging_role: Attr<String>,
}

impl LoggingModel {
    /// How messages name it.
    pub(super) fn label(&self) -> String {
        format!("access log of bucket {:?}", self.name())
    }

    pub(super) fn name(&self) -> &str {
        self.bucket.as_str().unwrap_or_default()
    }

    /// What the service is told.
    pub(super) fn wanted(&self) -> BucketLogging {
        BucketLogging {
            target_bucket: self.target_bucket.get().cloned().unwrap_or_default(),
            target_prefix: self.target_prefix.get().cloned(),
            logging_role: self.logging_role.get().cloned(),
        }
    }

    /// The model as the service describes it.
    pub(super) fn read_from(&self, logging: BucketLogging) -> Self {
        Self {
            target_bucket: logging.target_bucket.into(),
            target_prefix: logging.target_prefix.into(),
            logging_role: logging.logging_role.into(),
            ..self.clone()
        }
    }
}
