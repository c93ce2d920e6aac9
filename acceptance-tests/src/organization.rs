//! An organization of many accounts on the mock: built by the clients, then broken at random places, with the rules that each
//! break has to fail. What the audit finds is compared with that.

use std::collections::BTreeSet;

use alibaba::actiontrail::TrailSettings;
use alibaba::credentials::Credentials;
use alibaba::endpoint::Endpoints;
use alibaba::oss::{AbortMultipartUpload, BucketLogging, Encryption, Expiration, LifecycleRule, NewBucket};
use alibaba::sls::{LogstoreSettings, NewProject};
use alibaba::sts::{AssumeRole, MEMBER_ROLE};
use alibaba::{Client, Config, Error};
use serde_json::json;

use crate::{Cloud, REGION};

/// The trail of every account.
const TRAIL: &str = "audit-trail";

/// What no client can set up, and so fails in every account: insights, a lock on the archive, and encryption of the logstore
/// that the service makes.
pub const LEFT: [&str; 3] = ["AT-11", "OS-08", "SL-03"];

/// A way to break the audit trail of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// The trail does not log.
    Stop,
    /// The trail has writing events only.
    WritesOnly,
    /// The trail has the events of one region.
    OneRegion,
    /// The archive keeps no versions.
    Versions,
    /// The archive keeps events for a month.
    ShortArchive,
    /// The archive can be read over plain HTTP.
    PlainHttp,
    /// Everybody may read the archive.
    PublicArchive,
    /// The archive's reads are not logged.
    AccessLog,
    /// The logstore keeps events for a month.
    ShortLogs,
    /// The alerts are off.
    Alerts,
}

impl Break {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Stop,
        Self::WritesOnly,
        Self::OneRegion,
        Self::Versions,
        Self::ShortArchive,
        Self::PlainHttp,
        Self::PublicArchive,
        Self::AccessLog,
        Self::ShortLogs,
        Self::Alerts,
    ];

    /// The rules that fail for it.
    pub const fn rules(self) -> &'static [&'static str] {
        match self {
            Self::Stop => &["AT-01", "AT-04"],
            Self::WritesOnly => &["AT-01", "AT-03"],
            Self::OneRegion => &["AT-01", "AT-02"],
            Self::Versions => &["OS-05"],
            Self::ShortArchive => &["OS-06"],
            Self::PlainHttp => &["OS-02"],
            Self::PublicArchive => &["OS-01"],
            Self::AccessLog => &["OS-03"],
            Self::ShortLogs => &["SL-01"],
            Self::Alerts => &["SL-04", "SL-05"],
        }
    }
}

/// A client of the user of a mock.
pub fn client(cloud: &Cloud) -> Client {
    let endpoints = Endpoints { endpoint_url: Some(cloud.endpoint_url.clone()), ..Endpoints::default() };
    let keys = Credentials::new(&cloud.access_key, cloud.secret_key.as_str());
    Client::new(Config { endpoints, region: Some(REGION.into()), ..Config::new(keys) }).expect("a client")
}

/// A client in a member account.
pub fn member(client: &Client, account: &str) -> Client {
    client.assuming(AssumeRole::of(account, MEMBER_ROLE, "build")).expect("a client")
}

fn bucket(account: &str) -> String {
    format!("archive-{account}")
}

fn project(account: &str) -> String {
    format!("audit-{account}")
}

fn trail(account: &str) -> TrailSettings {
    TrailSettings {
        name: TRAIL.into(),
        oss_bucket_name: Some(bucket(account)),
        sls_project_arn: Some(format!("acs:log:{REGION}:{account}:project/{}", project(account))),
        event_rw: "All".into(),
        trail_region: "All".into(),
        ..TrailSettings::default()
    }
}

fn expiry(days: i64) -> LifecycleRule {
    LifecycleRule {
        id: "archive".into(),
        prefix: "AliyunLogs/".into(),
        status: "Enabled".into(),
        expiration: Some(Expiration { days: Some(days), ..Expiration::default() }),
        abort_multipart_upload: Some(AbortMultipartUpload { days: Some(7), created_before_date: None }),
        ..LifecycleRule::default()
    }
}

fn policy(bucket: &str, transport: bool) -> String {
    let resources = [format!("acs:oss:*:*:{bucket}"), format!("acs:oss:*:*:{bucket}/*")];
    let mut statements = vec![json!({
        "Effect": "Deny", "Principal": ["*"], "Action": ["oss:Delete*"], "Resource": resources,
        "Condition": {"StringNotLike": {"acs:PrincipalARN": ["acs:ram:*:*:role/break-glass"]}},
    })];
    if transport {
        statements.push(json!({
            "Effect": "Deny", "Principal": ["*"], "Action": ["oss:*"], "Resource": resources,
            "Condition": {"Bool": {"acs:SecureTransport": ["false"]}},
        }));
    }
    json!({"Version": "1", "Statement": statements}).to_string()
}

/// Builds everything that the baseline asks of an account, but [`LEFT`].
///
/// # Errors
/// A call that failed.
pub async fn build(client: &Client, account: &str) -> Result<(), Error> {
    let (archive, access) = (bucket(account), format!("access-{account}"));
    let oss = client.oss(REGION);
    for name in [&archive, &access] {
        let encryption = Encryption {
            sse_algorithm: "KMS".into(),
            kms_master_key_id: Some("key-1".into()),
            ..Encryption::default()
        };
        let bucket = NewBucket {
            bucket: name.clone(),
            acl: Some("private".into()),
            server_side_encryption: Some(encryption),
            ..NewBucket::default()
        };
        oss.put_bucket(&bucket).await?;
    }
    oss.put_bucket_public_access_block(&archive, true).await?;
    oss.put_bucket_versioning(&archive, "Enabled").await?;
    let logging = BucketLogging { target_bucket: access, target_prefix: None, logging_role: None };
    oss.put_bucket_logging(&archive, &logging).await?;
    oss.put_bucket_lifecycle(&archive, &[expiry(730)], false).await?;
    oss.put_bucket_policy(&archive, &policy(&archive, true)).await?;
    client.resource_manager().create_service_linked_role("actiontrail.aliyuncs.com").await?;
    let sls = client.sls(REGION);
    for name in [project(account), format!("sls-alert-{account}-{REGION}")] {
        sls.create_project(&NewProject { project_name: name, ..NewProject::default() }).await?;
    }
    let service = client.actiontrail(REGION);
    service.create_trail(&trail(account), false).await?;
    service.start_logging(TRAIL).await?;
    let alert = json!({
        "name": "everything", "displayName": "Everything",
        "schedule": {"type": "FixedRate", "interval": "15m"},
        "configuration": {
            "version": "2.0", "type": "default", "dashboard": "internal-alert-analysis", "threshold": 1,
            "severityConfigurations": [{"severity": 8, "evalCondition": {"condition": "", "countCondition": ""}}],
            "queryList": [{
                "query": "* | select count(1) as cnt", "storeType": "log", "project": project(account),
                "store": format!("actiontrail_{TRAIL}"), "region": REGION, "timeSpanType": "Truncated",
                "start": "-15m", "end": "absolute",
            }],
        },
    });
    sls.create_alert(&project(account), "everything", &alert).await
}

/// Breaks an account.
///
/// # Errors
/// A call that failed.
pub async fn damage(client: &Client, account: &str, breaks: &BTreeSet<Break>) -> Result<(), Error> {
    let (service, oss, sls) = (client.actiontrail(REGION), client.oss(REGION), client.sls(REGION));
    let (archive, project) = (bucket(account), project(account));
    let mut changed = trail(account);
    for one in breaks {
        match one {
            Break::Stop => service.stop_logging(TRAIL).await?,
            Break::WritesOnly => changed.event_rw = "Write".into(),
            Break::OneRegion => changed.trail_region = REGION.into(),
            Break::Versions => oss.put_bucket_versioning(&archive, "Suspended").await?,
            Break::ShortArchive => oss.put_bucket_lifecycle(&archive, &[expiry(30)], false).await?,
            Break::PlainHttp => oss.put_bucket_policy(&archive, &policy(&archive, false)).await?,
            Break::PublicArchive => {
                oss.put_bucket_public_access_block(&archive, false).await?;
                oss.put_bucket_acl(&archive, "public-read").await?;
            }
            Break::AccessLog => oss.delete_bucket_logging(&archive).await?,
            Break::ShortLogs => {
                let settings = LogstoreSettings {
                    logstore_name: format!("actiontrail_{TRAIL}"),
                    ttl: 30,
                    ..LogstoreSettings::default()
                };
                sls.update_logstore(&project, &settings).await?;
            }
            Break::Alerts => sls.switch_alert(&project, "everything", false).await?,
        }
    }
    if changed.event_rw != "All" || changed.trail_region != "All" {
        service.update_trail(&changed).await?;
    }
    Ok(())
}
