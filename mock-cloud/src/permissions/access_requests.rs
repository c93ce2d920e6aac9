//! Which action on which resource a call stands for, in the words of RAM policies (vendor documentation, the RAM
//! authorization page of each service). Where no resource type is published, the resource is `*`.

use serde_json::Value;

use crate::cloud::CloudState;
use crate::gateway::route::Service;
use crate::http::Call;
use crate::oss::{copying, wanted_acl};
use crate::ram::evaluate::AccessRequest;

/// What a call needs permission for; nothing when everybody may make it.
pub(super) fn access_requests(cloud: &CloudState, service: Service, call: &Call) -> Vec<AccessRequest> {
    if call.action.is_empty() || call.action == "GetCallerIdentity" {
        return Vec::new();
    }
    let account = &call.caller.account;
    let (action, resource) = match service {
        Service::ActionTrail => (format!("actiontrail:{}", call.action), actiontrail(account, call)),
        Service::Sts => (format!("sts:{}", call.action), call.param("RoleArn").unwrap_or("*").to_owned()),
        Service::Ram => (format!("ram:{}", call.action), ram(account, call)),
        // Roles belong to RAM, whichever service is asked for them.
        Service::ResourceManager if call.action.contains("Role") => {
            (format!("ram:{}", call.action), ram(account, call))
        }
        Service::ResourceManager => (format!("resourcemanager:{}", call.action), "*".to_owned()),
        Service::Oss => return oss(cloud, call),
        Service::Sls => {
            let owner =
                super::resources::place(cloud, service, call).map_or(account.as_str(), |place| place.owner);
            (format!("log:{}", sls_action(&call.action)), sls(owner, call))
        }
    };
    vec![AccessRequest { action, resource }]
}

fn actiontrail(account: &str, call: &Call) -> String {
    let named = ["UpdateTrail", "DeleteTrail", "GetTrailStatus", "StartLogging", "StopLogging"];
    let name = match call.action.as_str() {
        action if named.contains(&action) => call.param("Name").unwrap_or("*"),
        "CreateTrail" | "DescribeTrails" => "*",
        _ => return "*".to_owned(),
    };
    format!("acs:actiontrail:{}:{account}:trail/{name}", call.region)
}

fn ram(account: &str, call: &Call) -> String {
    let named = |kind: &str, parameter: &str| {
        call.param(parameter).map(|name| format!("acs:ram:*:{account}:{kind}/{name}"))
    };
    named("role", "RoleName")
        .or_else(|| named("user", "UserName"))
        .or_else(|| named("policy", "PolicyName"))
        .unwrap_or_else(|| "*".to_owned())
}

/// OSS operations whose permission has another name than the operation itself.
const OSS_ACTIONS: &[(&str, &str)] = &[
    ("HeadObject", "GetObject"),
    ("GetObjectMeta", "GetObject"),
    ("ListObjectsV2", "ListObjects"),
    ("DeleteMultipleObjects", "DeleteObject"),
    ("CopyObject", "PutObject"),
    ("UploadPartCopy", "PutObject"),
    ("AppendObject", "PutObject"),
    ("InitiateMultipartUpload", "PutObject"),
    ("UploadPart", "PutObject"),
    ("CompleteMultipartUpload", "PutObject"),
    ("PutBucketTags", "PutBucketTagging"),
    ("GetBucketTags", "GetBucketTagging"),
    ("DeleteBucketTags", "DeleteBucketTagging"),
];

fn oss(cloud: &CloudState, call: &Call) -> Vec<AccessRequest> {
    let name = |operation: &str| {
        let known = OSS_ACTIONS.iter().find(|(from, _)| *from == operation);
        format!("oss:{}", known.map_or(operation, |(_, to)| to))
    };
    let bucket = call.container.as_deref();
    let owner = bucket.and_then(|bucket| cloud.oss.bucket(bucket)).map(|bucket| bucket.owner.as_str());
    let owner = owner.unwrap_or(&call.caller.account);
    let place = match bucket {
        None => "*".to_owned(),
        Some(bucket) if call.action == "DeleteMultipleObjects" => format!("{bucket}/*"),
        Some(bucket) if call.path != "/" => format!("{bucket}{}", call.path),
        Some(bucket) => bucket.to_owned(),
    };
    let ask = |action: String| AccessRequest { action, resource: format!("acs:oss:*:{owner}:{place}") };
    let mut access_requests = vec![ask(name(&call.action))];
    // A new bucket may bring its ACL with it, which is a permission of its own.
    if call.action == "PutBucket" && wanted_acl(call).is_some() {
        access_requests.push(ask("oss:PutBucketAcl".to_owned()));
    }
    // A copy reads its source.
    if matches!(call.action.as_str(), "CopyObject" | "UploadPartCopy")
        && let Some(source) = copying::named(call)
    {
        let owner = cloud.oss.bucket(&source.bucket).map_or(owner, |bucket| bucket.owner.as_str());
        let resource = format!("acs:oss:*:{owner}:{}/{}", source.bucket, source.key);
        access_requests.push(AccessRequest { action: "oss:GetObject".to_owned(), resource });
    }
    access_requests
}

/// SLS operations whose permission has another name than the operation itself.
fn sls_action(operation: &str) -> String {
    match operation {
        "PutLogs" => "PostLogStoreLogs".to_owned(),
        "GetLogs" | "GetLogsV2" => "GetLogStoreLogs".to_owned(),
        "MergeShard" => "MergeShards".to_owned(),
        "GetCursor" => "GetCursorOrData".to_owned(),
        // Alerts are jobs.
        "ListAlerts" => "ListJobs".to_owned(),
        other if other.ends_with("Alert") => other.replace("Alert", "Job"),
        other => other.to_owned(),
    }
}

fn sls(account: &str, call: &Call) -> String {
    let body = || serde_json::from_slice::<Value>(&call.body).unwrap_or_default();
    let said = |fields: &[&str]| {
        let body = body();
        fields.iter().find_map(|field| body[*field].as_str().map(str::to_owned))
    };
    let project = call.container.clone().or_else(|| said(&["projectName"]));
    let project = project.unwrap_or_else(|| "*".to_owned());
    let mut segments = call.path.trim_matches('/').split('/');
    let (first, second) = (segments.next().unwrap_or(""), segments.next());
    let kind = match first {
        "logstores" => "logstore",
        "dashboards" => "dashboard",
        "savedsearches" => "savedsearch",
        "alerts" | "jobs" => "job",
        "logging" => return format!("acs:log:{}:{account}:project/{project}/logging", call.region),
        "resources" => return format!("acs:log:*:{account}:resource/{}", second.unwrap_or("*")),
        _ => return format!("acs:log:{}:{account}:project/{project}", call.region),
    };
    let fields = ["logstoreName", "dashboardName", "savedsearchName", "name"];
    let name = second.map(str::to_owned).or_else(|| said(&fields)).unwrap_or_else(|| "*".to_owned());
    format!("acs:log:{}:{account}:project/{project}/{kind}/{name}", call.region)
}
