//! The event history: what ActionTrail knows of the calls that were made, in the schema of the service (ActionTrail
//! developer guide, "Management event structure"). It lives as long as the process and is not part of the saved state.
//!
//! Calls that read or write contents (objects, logs) are data events: the history does not hold them, but a trail may
//! select those of OSS.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::actiontrail::{self, DataEvent};
use crate::cloud::{AccessKey, CloudState, Principal};
use crate::gateway::route::Service;
use crate::http::{Call, Reply};
use crate::{ram, rpc};

/// How many events are kept; older ones make room.
const CAPACITY: usize = 10_000;

/// Parameters that prove who calls, or carry a secret: no event shows them.
const HIDDEN: &[&str] = &[
    "AccessKeyId",
    "Action",
    "Format",
    "OIDCToken",
    "OSSAccessKeyId",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
    "security-token",
];

/// Operations on contents.
const DATA: &[&str] = &[
    "PutObject",
    "GetObject",
    "HeadObject",
    "GetObjectMeta",
    "DeleteObject",
    "DeleteMultipleObjects",
    "CopyObject",
    "AppendObject",
    "PutObjectAcl",
    "GetObjectAcl",
    "PutObjectTagging",
    "GetObjectTagging",
    "DeleteObjectTagging",
    "InitiateMultipartUpload",
    "UploadPart",
    "UploadPartCopy",
    "ListParts",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
    "ListObjects",
    "ListObjectsV2",
    "ListObjectVersions",
    "PutLogs",
    "GetLogs",
    "GetLogsV2",
];

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// Counts from 1 and never repeats.
    pub(crate) seq: u64,
    /// The account that was acted in.
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) time: OffsetDateTime,
    /// Whether the service is the same in every region.
    pub(crate) global: bool,
    pub(crate) write: bool,
    /// The event as clients see it.
    pub(crate) value: Arc<Value>,
}

/// The latest events of all accounts, oldest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    last: u64,
    events: VecDeque<Event>,
    /// When deliveries were last caught up with, by the service clock.
    pub(crate) settled: Option<OffsetDateTime>,
    /// Worked out from all trails; nothing when one may have changed since.
    pub(crate) trails: Option<TrailIndex>,
}

/// What spares each request a look at all trails of all accounts.
#[derive(Debug, Clone)]
pub(crate) struct TrailIndex {
    /// When the next delivery of any trail falls due, by the service clock.
    pub(crate) next_delivery: OffsetDateTime,
    /// The accounts that have organization trails.
    pub(crate) organization: Vec<String>,
}

impl History {
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter()
    }

    fn push(&mut self, mut event: Event) {
        self.last += 1;
        event.seq = self.last;
        if self.events.len() >= CAPACITY {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }
}

/// Notes a call that was answered, refusals by policy included.
pub(crate) fn record(cloud: &mut CloudState, service: Service, call: &Call, write: bool, reply: &Reply) {
    if call.action.is_empty() || call.caller.account.is_empty() {
        return;
    }
    if DATA.contains(&call.action.as_str()) {
        if service == Service::Oss {
            record_data(cloud, call, write, reply);
        }
        return;
    }
    let (account, region) = (call.caller.account.clone(), call.region.clone());
    let value = Arc::new(describe(cloud, service, call, write, reply));
    let global = is_global(service);
    cloud.events.push(Event { seq: 0, account, region, time: call.now, global, write, value });
}

const fn is_global(service: Service) -> bool {
    matches!(service, Service::Ram | Service::ResourceManager | Service::Sts)
}

/// Hands an operation on an object to the trails of the bucket's owner that select such.
fn record_data(cloud: &mut CloudState, call: &Call, write: bool, reply: &Reply) {
    let Some(bucket) = call.container.as_deref() else { return };
    let Some(owner) = cloud.oss.bucket(bucket).map(|bucket| bucket.owner.clone()) else { return };
    let resource = format!("acs:oss:{}:{owner}:{bucket}{}", call.region, call.path);
    let event = DataEvent {
        account: &owner,
        region: &call.region,
        service: "Oss",
        name: &call.action,
        write,
        resource: &resource,
    };
    actiontrail::deliver_data_event(cloud, &event, |cloud| {
        let mut value = describe(cloud, Service::Oss, call, write, reply);
        value["eventCategory"] = json!("Data");
        value["recipientAccountId"] = json!(owner);
        value
    });
}

/// The event of a call, as clients see it.
fn describe(cloud: &CloudState, service: Service, call: &Call, write: bool, reply: &Reply) -> Value {
    let mut event = json!({
        "eventId": uuid::Uuid::new_v4().to_string().to_uppercase(),
        "eventVersion": "1",
        "eventCategory": "Management",
        "eventType": "ApiCall",
        "eventRW": if write { "Write" } else { "Read" },
        "eventName": call.action,
        "serviceName": service_name(service),
        "eventSource": call.host,
        "apiVersion": api_version(service),
        "eventTime": rpc::timestamp(call.now),
        "acsRegion": call.region,
        "requestId": call.request_id,
        "recipientAccountId": call.caller.account,
        "sourceIpAddress": "127.0.0.1",
        "userAgent": call.header("user-agent").unwrap_or(""),
        "isGlobal": is_global(service),
        "userIdentity": identity(cloud, call),
        "additionalEventData": { "Scheme": "http" },
    });
    let parameters = parameters(call);
    event["requestParameterJson"] = json!(Value::Object(parameters.clone()).to_string());
    event["requestParameters"] = Value::Object(parameters);
    if let Some((kind, name)) = resource(service, call) {
        event["referencedResources"] = json!({ kind: [name] });
        event["resourceType"] = json!(kind);
        event["resourceName"] = json!(name);
    }
    if let Some(code) = &reply.error {
        event["errorCode"] = json!(code);
        event["errorMessage"] = json!(message(reply));
    }
    event
}

/// Notes what ActionTrail does for a delivery to a bucket: it assumes its role and asks where the bucket is.
pub(crate) fn record_delivery(
    cloud: &mut CloudState,
    account: &str,
    region: &str,
    bucket: &str,
    time: OffsetDateTime,
) {
    for (service, name, parameter) in [
        ("Sts", "AssumeRole", ("RoleSessionName", "actiontrail")),
        ("Oss", "GetBucketLocation", ("bucket", bucket)),
    ] {
        let identity =
            json!({ "type": "system", "accountId": account, "userName": "actiontrail.aliyuncs.com" });
        let event = json!({
            "eventId": uuid::Uuid::new_v4().to_string().to_uppercase(),
            "eventVersion": "1",
            "eventCategory": "Management",
            "eventType": "ApiCall",
            "eventRW": "Read",
            "eventName": name,
            "serviceName": service,
            "eventSource": format!("{}.{region}.aliyuncs.com", service.to_lowercase()),
            "eventTime": rpc::timestamp(time),
            "acsRegion": region,
            "requestId": uuid::Uuid::new_v4().to_string().to_uppercase(),
            "recipientAccountId": account,
            "sourceIpAddress": "actiontrail.aliyuncs.com",
            "userAgent": "actiontrail.aliyuncs.com",
            "userIdentity": identity,
            "requestParameters": { parameter.0: parameter.1 },
        });
        cloud.events.push(Event {
            seq: 0,
            account: account.to_owned(),
            region: region.to_owned(),
            time,
            global: false,
            write: false,
            value: Arc::new(event),
        });
    }
}

const fn service_name(service: Service) -> &'static str {
    match service {
        Service::ActionTrail => "Actiontrail",
        Service::Sts => "Sts",
        Service::Ram => "Ram",
        Service::ResourceManager => "ResourceManager",
        Service::Oss => "Oss",
        Service::Sls => "Sls",
    }
}

fn api_version(service: Service) -> &'static str {
    match service {
        Service::Oss => "2019-05-17",
        Service::Sls => "2020-12-30",
        other => other.versions().first().copied().unwrap_or(""),
    }
}

fn parameters(call: &Call) -> Map<String, Value> {
    let shown = |name: &str| {
        let lower = name.to_ascii_lowercase();
        !HIDDEN.contains(&name) && !lower.starts_with("x-oss-") && lower != "signature" && lower != "expires"
    };
    let query = call.query.iter().filter(|(name, _)| shown(name));
    query.map(|(name, value)| (name.clone(), json!(value.as_deref().unwrap_or("")))).collect()
}

fn identity(cloud: &CloudState, call: &Call) -> Value {
    let account = &call.caller.account;
    let Some(AccessKey { principal, .. }) = cloud.access_keys.get(&call.caller.access_key) else {
        return json!({ "type": "unknown", "accountId": account });
    };
    let state = cloud.accounts.get(account).map(|account| &account.ram);
    let (kind, id, name) = match principal {
        Principal::Root => ("root-account", account.clone(), "root".to_owned()),
        Principal::User { name } => {
            let user = state.and_then(|state| state.users.get(name));
            let id = user.map_or_else(|| ram::numeric_id(account, name), |user| user.user_id.clone());
            ("ram-user", id, name.clone())
        }
        Principal::Role { role, session } => {
            let known = state.and_then(|state| state.roles.get(role));
            let id = known.map_or_else(|| ram::numeric_id(account, role), |role| role.role_id.clone());
            ("assumed-role", format!("{id}:{session}"), format!("{role}:{session}"))
        }
    };
    json!({
        "type": kind,
        "accountId": account,
        "principalId": id,
        "userName": name,
        "accessKeyId": call.caller.access_key,
        "sessionContext": { "attributes": {
            "creationDate": rpc::timestamp(call.now), "mfaAuthenticated": "false" } },
    })
}

/// What a call is about.
fn resource(service: Service, call: &Call) -> Option<(&'static str, &str)> {
    let named = |parameter: &str| call.param(parameter).filter(|name| !name.is_empty());
    match service {
        Service::ActionTrail => Some(("ACS::ActionTrail::Trail", named("Name").or(named("TrailName"))?)),
        Service::Ram | Service::ResourceManager => Some(("ACS::RAM::Role", named("RoleName")?)),
        Service::Sts => Some(("ACS::RAM::Role", named("RoleArn")?.rsplit('/').next()?)),
        Service::Oss => Some(("ACS::OSS::Bucket", call.container.as_deref()?)),
        Service::Sls => Some(("ACS::SLS::Project", call.container.as_deref()?)),
    }
}

/// The message of an error answer in JSON; errors in XML show their code only.
fn message(reply: &Reply) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let text = body["Message"].as_str().or(body["errorMessage"].as_str());
    text.or(reply.error.as_deref()).unwrap_or("").to_owned()
}
