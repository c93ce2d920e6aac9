//! Where a bucket's access logs go, and which extra fields its real-time logs have.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::documents::{LOG_FIELDS, LOGGING};
use super::error::Error;
use super::request::{Answer, Request, done, gone};
use super::xml;

/// Access logging of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Logging {
    /// The bucket that logs go to.
    pub target_bucket: String,
    /// Beginning of their keys.
    #[serde(default)]
    pub target_prefix: String,
    /// The role that writes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logging_role: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BucketLoggingStatus {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logging_enabled: Option<Logging>,
}

/// PutBucketLogging: the target must be a bucket of the same account and region, possibly the bucket itself
/// (OSS API reference, PutBucketLogging); an empty document switches logging off.
pub(super) fn put(request: &mut Request<'_>) -> Answer {
    let status: BucketLoggingStatus = request.document(&LOGGING)?;
    let source = request.owned()?.clone();
    if let Some(logging) = &status.logging_enabled {
        let refuse = |status, message: &str| Error::new(status, "InvalidTargetBucketForLogging", message);
        let target = request.state.buckets.get(&logging.target_bucket);
        match target {
            None => {
                return Err(refuse(StatusCode::BAD_REQUEST, "The target bucket for logging does not exist."));
            }
            Some(target) if target.owner != source.owner => {
                return Err(refuse(
                    StatusCode::FORBIDDEN,
                    "Put bucket log requester is not target bucket owner.",
                ));
            }
            Some(target) if target.location != source.location => {
                return Err(refuse(
                    StatusCode::BAD_REQUEST,
                    "The target bucket for logging must be in the same region.",
                ));
            }
            Some(_) => {}
        }
    }
    request.owned()?.logging = status.logging_enabled;
    done()
}

/// GetBucketLogging: an empty document when it is off.
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let logging_enabled = request.owned()?.logging.clone();
    xml::reply(LOGGING.root, &BucketLoggingStatus { logging_enabled })
}

/// DeleteBucketLogging.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    request.owned()?.logging = None;
    gone()
}

/// Extra fields of real-time logs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LogFields {
    /// Request headers.
    pub header_set: HeaderSet,
    /// Request parameters.
    pub param_set: ParamSet,
}

/// Names of request headers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeaderSet {
    /// The names; the element is lower case.
    pub header: Vec<String>,
}

/// Names of request parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ParamSet {
    /// The names; the element is lower case.
    pub parameter: Vec<String>,
}

/// PutUserDefinedLogFieldsConfig (OSS API reference).
pub(super) fn put_fields(request: &mut Request<'_>) -> Answer {
    let fields: LogFields = request.document(&LOG_FIELDS)?;
    request.owned()?.user_defined_log_fields = Some(fields);
    done()
}

/// GetUserDefinedLogFieldsConfig.
pub(super) fn get_fields(request: &mut Request<'_>) -> Answer {
    match request.owned()?.user_defined_log_fields.clone() {
        Some(fields) => xml::reply(LOG_FIELDS.root, &fields),
        None => Err(Error::new(
            StatusCode::NOT_FOUND,
            "NoSuchUserDefinedLogFieldsConfig",
            "The bucket has no user defined log fields.",
        )),
    }
}

/// DeleteUserDefinedLogFieldsConfig.
pub(super) fn delete_fields(request: &mut Request<'_>) -> Answer {
    request.owned()?.user_defined_log_fields = None;
    gone()
}
