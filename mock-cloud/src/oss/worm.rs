//! Retention that nobody can shorten: the bucket's WORM policy with its 24 hours to think it over, and the default
//! retention of single objects.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::documents::{OBJECT_WORM, WORM, WORM_EXTENSION};
use super::error::Error;
use super::request::{Answer, Request, done, gone, random_id};
use super::state::Bucket;
use super::timestamp::Timestamp;
use super::{switches, xml};
use crate::http::Reply;

/// Longest retention, 70 years (OSS API reference, InitiateBucketWorm).
const MAX_DAYS: i64 = 25_550;

/// How long a policy may stay in progress before it lapses.
pub(super) const GRACE: Duration = Duration::hours(24);

/// The retention policy of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Worm {
    /// Its id, 32 hexadecimal digits.
    pub worm_id: String,
    /// InProgress or Locked.
    pub state: String,
    /// How long objects are kept from their last change.
    pub retention_period_in_days: i64,
    /// When it was initiated.
    pub creation_date: Timestamp,
    /// When it lapses unless it is completed; only while in progress (assumed meaning).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration_date: Option<Timestamp>,
}

impl Bucket {
    /// Whether the retention policy protects an object last changed at `modified` (OSS developer guide, "Retention
    /// policies": protection starts while the policy is in progress).
    pub(super) fn protects(&self, modified: Timestamp, now: OffsetDateTime) -> bool {
        self.worm
            .as_ref()
            .is_some_and(|worm| modified.0 + Duration::days(worm.retention_period_in_days) > now)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Retention {
    retention_period_in_days: i64,
}

fn checked_days(days: i64) -> Result<i64, Error> {
    if (1..=MAX_DAYS).contains(&days) { Ok(days) } else { Err(invalid()) }
}

fn invalid() -> Error {
    Error::new(StatusCode::BAD_REQUEST, "InvalidWORMConfiguration", "Invalid WORM Configuration.")
}

fn missing(message: &str) -> Error {
    Error::new(StatusCode::NOT_FOUND, "NoSuchWORMConfiguration", message)
}

fn locked() -> Error {
    Error::new(StatusCode::FORBIDDEN, "WORMConfigurationLocked", "The WORM Configuration is locked.")
}

/// InitiateBucketWorm: starts the 24 hours (OSS API reference).
pub(super) fn initiate(request: &mut Request<'_>) -> Answer {
    let wanted: Retention = request.document(&WORM)?;
    let days = checked_days(wanted.retention_period_in_days)?;
    let exclusive = request.switches.is(&switches::WORM_VERSIONING, "exclusive");
    let now = request.call.now;
    let bucket = request.owned()?;
    if bucket.worm.is_some() {
        return Err(Error::new(
            StatusCode::CONFLICT,
            "WORMConfigurationAlreadyExists",
            "The WORM Configuration already exists.",
        ));
    }
    // Code assumed: a suspended bucket and one with object retention cannot get a policy.
    let versioned = bucket.versioning.as_deref();
    if versioned == Some("Suspended") || exclusive && versioned.is_some() || bucket.object_worm.is_some() {
        return Err(Error::new(
            StatusCode::CONFLICT,
            "InvalidBucketState",
            "The versioning or object retention of the bucket does not go with a retention policy.",
        ));
    }
    let worm_id = random_id().to_uppercase();
    bucket.worm = Some(Worm {
        worm_id: worm_id.clone(),
        state: "InProgress".to_owned(),
        retention_period_in_days: days,
        creation_date: Timestamp(now),
        expiration_date: Some(Timestamp(now + GRACE)),
    });
    Ok(Reply::empty(StatusCode::OK).with_header("x-oss-worm-id", &worm_id))
}

/// AbortBucketWorm: only while in progress.
pub(super) fn abort(request: &mut Request<'_>) -> Answer {
    let bucket = request.owned()?;
    match &bucket.worm {
        None => Err(missing("The WORM Configuration does not exist")),
        Some(worm) if worm.state == "Locked" => Err(locked()),
        Some(_) => {
            bucket.worm = None;
            gone()
        }
    }
}

/// The policy with the id in the query.
fn named<'a>(request: &'a mut Request<'_>) -> Result<&'a mut Worm, Error> {
    let id = request.call.param("wormId").unwrap_or("").to_owned();
    let worm = request.owned()?.worm.as_mut();
    worm.filter(|worm| worm.worm_id == id).ok_or_else(|| missing("The specified WORM ID does not exist"))
}

/// CompleteBucketWorm: locks the policy for good.
pub(super) fn complete(request: &mut Request<'_>) -> Answer {
    let worm = named(request)?;
    if worm.state == "Locked" {
        return Err(locked());
    }
    worm.state = "Locked".to_owned();
    worm.expiration_date = None;
    done()
}

/// ExtendBucketWorm: a locked policy, to more days only (refused while in progress with the same code, assumed).
pub(super) fn extend(request: &mut Request<'_>) -> Answer {
    let wanted: Retention = request.document(&WORM_EXTENSION)?;
    let days = checked_days(wanted.retention_period_in_days)?;
    let worm = named(request)?;
    if worm.state != "Locked" || days <= worm.retention_period_in_days {
        return Err(invalid());
    }
    worm.retention_period_in_days = days;
    done()
}

/// GetBucketWorm; a lapsed policy is gone (assumed: 404 as if there never was one).
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    match request.owned()?.worm.clone() {
        Some(worm) => xml::reply("WormConfiguration", &worm),
        None => Err(missing("The WORM Configuration does not exist")),
    }
}

/// Retention of single objects by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ObjectWorm {
    /// Enabled; there is no way back.
    pub object_worm_enabled: String,
    /// What new objects get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<ObjectWormRule>,
}

/// The default rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ObjectWormRule {
    /// What new objects get.
    pub default_retention: DefaultRetention,
}

/// Mode and length of the default retention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DefaultRetention {
    /// COMPLIANCE or GOVERNANCE.
    pub mode: String,
    /// Days, or
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<i64>,
}

/// PutBucketObjectWormConfiguration: needs versioning, goes not with a bucket policy (OSS API reference; codes of the
/// state refusals assumed). The configuration is kept; single objects are not locked by it here.
pub(super) fn put_object_worm(request: &mut Request<'_>) -> Answer {
    let config: ObjectWorm = request.document(&OBJECT_WORM)?;
    if request.call.header("content-md5").is_none() {
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            "MissingArgument",
            "Missing Some Required Arguments.",
        )
        .detail("ArgumentName", "Content-MD5"));
    }
    let retention = config.rule.as_ref().map(|rule| &rule.default_retention);
    let valid = retention.is_none_or(|rule| {
        let length = match (rule.days, rule.years) {
            (Some(days), None) => (1..=36_500).contains(&days),
            (None, Some(years)) => (1..=100).contains(&years),
            _ => false,
        };
        length && matches!(rule.mode.as_str(), "COMPLIANCE" | "GOVERNANCE")
    });
    if config.object_worm_enabled != "Enabled" || !valid {
        return Err(Error::malformed(
            "ObjectWormEnabled must be Enabled, with one of Days and Years and a Mode",
        ));
    }
    let bucket = request.owned()?;
    if !bucket.is_versioned() || bucket.worm.is_some() {
        return Err(Error::new(
            StatusCode::CONFLICT,
            "InvalidBucketState",
            "Object retention needs versioning and no retention policy on the bucket.",
        ));
    }
    bucket.object_worm = Some(config);
    done()
}

/// GetBucketObjectWormConfiguration (code when unset assumed).
pub(super) fn get_object_worm(request: &mut Request<'_>) -> Answer {
    match request.owned()?.object_worm.clone() {
        Some(config) => xml::reply(OBJECT_WORM.root, &config),
        None => Err(Error::new(
            StatusCode::NOT_FOUND,
            "NoSuchObjectWormConfiguration",
            "The bucket has no object WORM configuration.",
        )),
    }
}
