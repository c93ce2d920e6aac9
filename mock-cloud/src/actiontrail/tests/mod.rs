//! Trails as the API reference describes them, one behaviour at a time.

use http::StatusCode;
use serde_json::{Value, json};
use time::Duration;

use super::*;
use crate::cloud::Account;
use crate::gateway::route::Service;
use crate::oss::Bucket;
use crate::ram::Role;

mod delivery;
mod events;

const ME: &str = "1000000000000001";
const OTHER: &str = "1000000000000002";
const PROJECT: &str = "acs:log:cn-hangzhou:1000000000000001:project/audit";
const DEFAULT_ROLE: &str = "acs:ram::1000000000000001:role/aliyunserviceroleforactiontrail";

struct Cloud {
    cloud: CloudState,
    region: &'static str,
    account: &'static str,
    passed: Duration,
}

impl Cloud {
    /// An account with two buckets and a log project in Hangzhou.
    fn new() -> Self {
        let mut cloud = CloudState::default();
        cloud.accounts.insert(ME.to_owned(), Account::default());
        let mut cloud = Self { cloud, region: "cn-hangzhou", account: ME, passed: Duration::ZERO };
        cloud.bucket("audit-bucket", ME);
        cloud.bucket("other-bucket", ME);
        cloud.project(ME);
        cloud
    }

    fn bucket(&mut self, name: &str, owner: &str) {
        let now = time::macros::datetime!(2026-01-15 08:00:00 UTC);
        self.cloud.oss.buckets.insert(name.to_owned(), Bucket::new(owner, "cn-hangzhou", now));
    }

    fn project(&mut self, account: &str) {
        let projects = &mut self.cloud.region_mut(account, "cn-hangzhou").sls.projects;
        projects.insert("audit".to_owned(), crate::sls::Project::default());
    }

    fn raw(&mut self, method: Method, action: &str, parameters: &[(&str, &str)]) -> Reply {
        let mut call = Call::test(self.account, method, "/?Format=JSON");
        call.action = action.to_owned();
        call.region = self.region.to_owned();
        call.now += self.passed;
        let pairs = parameters.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
        call.query.extend(pairs);
        super::advance(&mut self.cloud, call.now);
        let reply = handle(&mut self.cloud, &call);
        let write = !["Describe", "Get", "Lookup"].iter().any(|verb| action.starts_with(verb));
        crate::events::record(&mut self.cloud, Service::ActionTrail, &call, write, &reply);
        reply
    }

    fn ok(&mut self, action: &str, parameters: &[(&str, &str)]) -> Value {
        let get = ["StopLogging", "GetGlobalEventsStorageRegion"].contains(&action);
        let method = if get { Method::GET } else { Method::POST };
        let reply = self.raw(method, action, parameters);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(reply.status, StatusCode::OK, "{action} {parameters:?}: {body}");
        body
    }

    fn err(&mut self, action: &str, parameters: &[(&str, &str)]) -> (u16, String) {
        let reply = self.raw(Method::POST, action, parameters);
        (reply.status.as_u16(), reply.error.unwrap_or_else(|| format!("{action} {parameters:?} succeeded")))
    }

    fn create(&mut self) -> Value {
        self.ok(
            "CreateTrail",
            &[("Name", "audit-trail"), ("OssBucketName", "audit-bucket"), ("SlsProjectArn", PROJECT)],
        )
    }

    fn list(&mut self, parameters: &[(&str, &str)]) -> Vec<Value> {
        self.ok("DescribeTrails", parameters)["TrailList"].as_array().unwrap().clone()
    }

    fn status(&mut self) -> Value {
        self.ok("GetTrailStatus", &[("Name", "audit-trail")])
    }

    fn role(&mut self, account: &str, name: &str, service: &str, policies: &[&str]) -> String {
        let role = Role {
            role_id: "300000000000000001".to_owned(),
            assume_role_policy_document: json!({ "Version": "1", "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": [service] } }] })
            .to_string(),
            description: String::new(),
            max_session_duration: 3600,
            create_date: time::macros::datetime!(2026-01-15 08:00:00 UTC),
            update_date: None,
            service_linked: false,
            policies: policies.iter().map(|policy| (*policy).to_owned()).collect(),
            attach_dates: BTreeMap::new(),
            tags: BTreeMap::new(),
        };
        self.cloud.accounts.entry(account.to_owned()).or_default().ram.roles.insert(name.to_owned(), role);
        format!("acs:ram::{account}:role/{}", name.to_lowercase())
    }
}

fn error(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn a_new_trail_is_fresh_and_has_its_logstore_and_role() {
    let mut cloud = Cloud::new();
    let made = cloud.create();
    for (field, value) in [
        ("Name", "audit-trail"),
        ("HomeRegion", "cn-hangzhou"),
        ("TrailRegion", "All"),
        ("EventRW", "Write"),
        ("OssBucketName", "audit-bucket"),
        ("OssKeyPrefix", ""),
        ("OssWriteRoleArn", ""),
        ("SlsProjectArn", PROJECT),
        ("SlsWriteRoleArn", DEFAULT_ROLE),
        ("MaxComputeProjectArn", ""),
        ("MaxComputeWriteRoleArn", ""),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    assert!(made.get("Status").is_none() && made.get("TrailArn").is_none());
    let seen = &cloud.list(&[("NameList", "audit-trail")])[0];
    assert_eq!(seen["Status"], "Fresh");
    assert_eq!(seen["IsShadowTrail"], 0);
    assert_eq!(seen["IsOrganizationTrail"], false);
    assert_eq!(seen["OssBucketLocation"], "oss-cn-hangzhou");
    assert_eq!(seen["TrailArn"], "acs:actiontrail:cn-hangzhou:1000000000000001:trail/audit-trail");
    assert_eq!(seen["CreateTime"], "2026-01-15T08:30:00Z");
    assert!(seen.get("StartLoggingTime").is_none());
    assert!(crate::sls::has_logstore(&cloud.cloud, ME, "cn-hangzhou", "audit", "actiontrail_audit-trail"));
    let role = &cloud.cloud.accounts[ME].ram.roles["AliyunServiceRoleForActionTrail"];
    assert!(role.service_linked && role.assume_role_policy_document.contains("actiontrail.aliyuncs.com"));
    assert_eq!(cloud.status()["IsLogging"], false);
}

#[test]
fn parameters_are_validated() {
    let mut cloud = Cloud::new();
    cloud.cloud.switches.set("allow_trail_without_destination", "false").unwrap();
    let bucket = ("OssBucketName", "audit-bucket");
    let name = ("Name", "audit-trail");
    for (parameters, expected) in [
        (&[bucket][..], error(400, "MissingName")),
        (&[("Name", "short"), bucket], error(400, "InvalidTrailNameException")),
        (&[("Name", "1audit-trail"), bucket], error(400, "InvalidTrailNameException")),
        (&[("Name", "Audit-trail"), bucket], error(400, "InvalidTrailNameException")),
        (&[name], error(400, "InvalidDeliveryConfigurationException")),
        (&[name, bucket, ("OssKeyPrefix", "a/b")], error(400, "InvalidPrefixException")),
        (&[name, bucket, ("OssKeyPrefix", "/leading")], error(400, "InvalidPrefixException")),
        (&[name, bucket, ("EventRW", "Write-test")], error(400, "InvalidQueryParameter")),
        (&[name, bucket, ("TrailRegion", "cn-nowhere")], error(400, "InvalidQueryParameter")),
        (&[name, bucket, ("TrailRegion", "all")], error(400, "InvalidQueryParameter")),
        (&[name, bucket, ("IsOrganizationTrail", "yes")], error(400, "InvalidQueryParameter")),
        (&[name, bucket, ("IsOrganizationTrail", "True")], error(400, "NotAllowCreateOrganizationTrail")),
        (&[name, ("OssBucketName", "no-such-bucket")], error(404, "BucketDoesNotExistException")),
        (&[name, ("SlsProjectArn", "audit")], error(400, "InvalidQueryParameter")),
        (
            &[name, ("SlsProjectArn", &PROJECT.replace("audit", "none"))],
            error(400, "SlsProjectDoesNotExistException"),
        ),
        (
            &[name, ("MaxComputeProjectArn", "acs:odps:cn-hangzhou:1000000000000001:project/x")],
            error(400, "InvalidQueryParameter"),
        ),
    ] {
        assert_eq!(cloud.err("CreateTrail", parameters), expected, "{parameters:?}");
    }
    cloud.create();
    assert_eq!(cloud.err("CreateTrail", &[name, bucket]), error(400, "TrailAlreadyExistsException"));
    assert_eq!(cloud.err("CreateTrail", &[("Name", "other-trail"), bucket]), error(400, "RepeatOssBucket"));
    cloud.region = "cn-beijing";
    assert_eq!(cloud.err("CreateTrail", &[name, bucket]), error(400, "TrailAlreadyExistsException"));
    cloud.region = "cn-nowhere";
    assert_eq!(cloud.err("DescribeTrails", &[]), error(404, "InvalidRegion.NotFound"));
}

#[test]
fn quotas_hold_unless_switched_off() {
    let mut cloud = Cloud::new();
    for number in 1..=5 {
        let name = format!("audit-trail-{number}");
        cloud.ok("CreateTrail", &[("Name", &name), ("SlsProjectArn", PROJECT)]);
    }
    let sixth = [("Name", "audit-trail-6"), ("SlsProjectArn", PROJECT)];
    assert_eq!(cloud.err("CreateTrail", &sixth), error(403, "MaximumNumberOfTrailsExceededException"));
    cloud.region = "cn-beijing";
    cloud.ok("CreateTrail", &sixth);
    cloud.region = "cn-hangzhou";
    cloud.cloud.switches.set("quotas", "off").unwrap();
    cloud.ok("CreateTrail", &[("Name", "audit-trail-7"), ("SlsProjectArn", PROJECT)]);
    let bucket = ("OssBucketName", "audit-bucket");
    cloud.ok("CreateTrail", &[("Name", "first-in-bucket"), bucket]);
    let second = [("Name", "second-in-bucket"), bucket];
    assert_eq!(cloud.err("CreateTrail", &second), error(400, "RepeatOssBucket"));
    cloud.cloud.switches.set("repeat_oss_bucket", "accepted").unwrap();
    cloud.ok("CreateTrail", &second);
}

#[test]
fn update_merges_or_replaces() {
    let mut cloud = Cloud::new();
    cloud.create();
    let changed =
        cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("EventRW", "Write"), ("OssKeyPrefix", "prefix")]);
    assert_eq!((&changed["EventRW"], &changed["OssBucketName"]), (&json!("Write"), &json!("audit-bucket")));
    let changed =
        cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("OssBucketName", ""), ("OssKeyPrefix", "")]);
    assert_eq!((&changed["OssBucketName"], &changed["OssWriteRoleArn"]), (&json!(""), &json!("")));
    cloud.cloud.switches.set("update_trail_empty", "keep").unwrap();
    let changed = |cloud: &mut Cloud, prefix| {
        cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("OssKeyPrefix", prefix)])["OssKeyPrefix"].clone()
    };
    assert_eq!(
        ["prefix", "", " ", ""].map(|prefix| changed(&mut cloud, prefix)),
        ["prefix", "prefix", "", ""]
    );
    cloud.cloud.switches.set("update_trail", "replace").unwrap();
    let changed = cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("OssBucketName", "other-bucket")]);
    assert_eq!((&changed["EventRW"], &changed["SlsProjectArn"]), (&json!("Write"), &json!("")));
    cloud.cloud.switches.set("allow_trail_without_destination", "false").unwrap();
    let only_events = [("Name", "audit-trail"), ("EventRW", "All")];
    assert_eq!(cloud.err("UpdateTrail", &only_events), error(400, "InvalidDeliveryConfigurationException"));
    assert_eq!(cloud.err("UpdateTrail", &[("Name", "none-such")]), error(404, "TrailNotFoundException"));
    assert_eq!(cloud.list(&[])[0]["OssBucketName"], "other-bucket");
}

#[test]
fn start_and_stop() {
    let mut cloud = Cloud::new();
    cloud.create();
    let name = [("Name", "audit-trail")];
    cloud.ok("StartLogging", &name);
    assert_eq!(cloud.list(&[])[0]["Status"], "Enable");
    assert_eq!(cloud.status()["StartLoggingTime"], "2026-01-15T08:30:00Z");
    assert_eq!(cloud.err("StopLogging", &name), error(400, "UnsupportedHTTPMethod"));
    cloud.passed += Duration::minutes(2);
    cloud.ok("StopLogging", &name);
    let stopped = cloud.status();
    assert_eq!(
        (&stopped["IsLogging"], &stopped["StopLoggingTime"]),
        (&json!(false), &json!("2026-01-15T08:32:00Z"))
    );
    assert_eq!(cloud.list(&[])[0]["Status"], "Disable");
    cloud.cloud.switches.set("stop_logging_method", "any").unwrap();
    assert_eq!(cloud.raw(Method::POST, "StopLogging", &name).status, StatusCode::OK);
    for action in ["StartLogging", "GetTrailStatus", "DeleteTrail"] {
        assert_eq!(
            cloud.err(action, &[("Name", "none-such")]),
            error(404, "TrailNotFoundException"),
            "{action}"
        );
    }
    cloud.ok("DeleteTrail", &name);
    assert!(cloud.list(&[]).is_empty());
    assert!(crate::sls::has_logstore(&cloud.cloud, ME, "cn-hangzhou", "audit", "actiontrail_audit-trail"));
}

#[test]
fn deliveries_follow_the_service_clock_and_stop_when_a_destination_is_gone() {
    let mut cloud = Cloud::new();
    cloud.create();
    cloud.ok("StartLogging", &[("Name", "audit-trail")]);
    assert!(cloud.status().get("LatestDeliveryTime").is_none());
    cloud.passed += Duration::seconds(30);
    assert_eq!(cloud.status()["LatestDeliveryTime"], "2026-01-15T08:30:22Z");
    cloud.passed += Duration::minutes(11);
    let status = cloud.status();
    assert_eq!(status["LatestDeliveryTime"], "2026-01-15T08:40:22Z");
    assert_eq!(status["LatestDeliveryLogServiceTime"], "2026-01-15T08:41:22Z");
    assert_eq!((&status["OssBucketStatus"], &status["LatestDeliveryError"]), (&json!(true), &json!("")));
    cloud.cloud.oss.buckets.remove("audit-bucket");
    cloud.passed += Duration::minutes(30);
    let status = cloud.status();
    assert_eq!((&status["OssBucketStatus"], &status["SlsLogStoreStatus"]), (&json!(false), &json!(true)));
    assert_eq!(status["LatestDeliveryTime"], "2026-01-15T08:40:22Z");
    assert!(status["LatestDeliveryError"].as_str().unwrap().contains("does not exist"), "{status}");
    assert_eq!(status["LatestDeliveryLogServiceTime"], "2026-01-15T09:11:22Z");
    cloud.cloud.region_mut(ME, "cn-hangzhou").sls.projects.clear();
    let status = cloud.status();
    assert_eq!(status["SlsLogStoreStatus"], false);
    assert!(!status["LatestDeliveryLogServiceError"].as_str().unwrap().is_empty());
}

#[test]
fn shadows_appear_elsewhere_when_asked_for() {
    let mut cloud = Cloud::new();
    cloud.create();
    cloud.region = "us-west-1";
    assert!(cloud.list(&[]).is_empty());
    let shadow = &cloud.list(&[("IncludeShadowTrails", "True")])[0];
    assert_eq!((&shadow["IsShadowTrail"], &shadow["Region"]), (&json!(1), &json!("us-west-1")));
    assert_eq!(shadow["HomeRegion"], "cn-hangzhou");
    assert_eq!(cloud.err("DeleteTrail", &[("Name", "audit-trail")]), error(404, "TrailNotFoundException"));
    cloud.cloud.switches.set("trail_from_other_regions", "found").unwrap();
    cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("TrailRegion", "cn-hangzhou,eu-west-1")]);
    assert!(cloud.list(&[("IncludeShadowTrails", "true")]).is_empty());
    cloud.region = "eu-west-1";
    assert_eq!(cloud.list(&[("IncludeShadowTrails", "true"), ("NameList", "audit-trail,another")]).len(), 1);
    assert!(cloud.list(&[("IncludeShadowTrails", "true"), ("NameList", "another")]).is_empty());
    assert_eq!(cloud.err("DescribeTrails", &[("NameList", "X")]), error(400, "InvalidTrailNameException"));
}

#[test]
fn organization_trails_are_one_per_account_and_listed_when_asked_for() {
    let mut cloud = Cloud::new();
    for (id, admin) in [(ME, true), (OTHER, false)] {
        let account = cloud.cloud.accounts.entry(id.to_owned()).or_default();
        account.organization_id = Some("rd-test".to_owned());
        account.organization_admin = admin;
    }
    let wide = |name| [("Name", name), ("SlsProjectArn", PROJECT), ("IsOrganizationTrail", "true")];
    cloud.ok("CreateTrail", &wide("wide-trail"));
    let second = cloud.err("CreateTrail", &wide("wider-trail"));
    assert_eq!(second, error(400, "MaximumNumberOfOrganizationTrailExceeded"));
    cloud.cloud.switches.set("quotas", "off").unwrap();
    cloud.ok("CreateTrail", &wide("wider-trail"));
    cloud.ok("DeleteTrail", &[("Name", "wider-trail")]);
    cloud.ok("CreateTrail", &[("Name", "own-trail"), ("SlsProjectArn", PROJECT)]);
    let names = |list: Vec<Value>| -> Vec<String> {
        list.iter().map(|trail| trail["Name"].as_str().unwrap().to_owned()).collect()
    };
    let wide_only = [("IncludeOrganizationTrail", "true")];
    assert_eq!(names(cloud.list(&[])), ["own-trail"]);
    assert_eq!(names(cloud.list(&wide_only)), ["wide-trail"]);
    assert_eq!(cloud.list(&wide_only)[0]["OrganizationId"], "rd-test");
    let by_name = [("NameList", "wide-trail")];
    assert_eq!(names(cloud.list(&by_name)), ["wide-trail"], "its owner finds it by its name alone");
    cloud.account = OTHER;
    assert_eq!(names(cloud.list(&by_name)), [""; 0], "a member does not");
    cloud.account = ME;
    cloud.cloud.switches.set("describe_organization", "selector").unwrap();
    assert_eq!(names(cloud.list(&by_name)), [""; 0]);
    cloud.cloud.switches.set("describe_organization", "include").unwrap();
    assert_eq!(names(cloud.list(&wide_only)), ["own-trail", "wide-trail"]);
    assert_eq!(cloud.err("GetTrailStatus", &[("Name", "wide-trail")]), error(404, "TrailNotFoundException"));
    cloud.ok("GetTrailStatus", &[("Name", "wide-trail"), ("IsOrganizationTrail", "true")]);
    cloud.account = OTHER;
    assert_eq!(names(cloud.list(&wide_only)), ["wide-trail"]);
    assert_eq!(cloud.err("DeleteTrail", &[("Name", "wide-trail")]), error(404, "TrailNotFoundException"));
}

#[test]
fn destinations_elsewhere_need_a_role_that_trusts_the_service() {
    let mut cloud = Cloud::new();
    cloud.bucket("their-bucket", OTHER);
    let base = [("Name", "audit-trail"), ("OssBucketName", "their-bucket")];
    let denied = error(403, "InsufficientBucketPolicyException");
    assert_eq!(cloud.err("CreateTrail", &base), denied);
    let with = |role| [base[0], base[1], ("OssWriteRoleArn", role)];
    let nobody = "acs:ram::1000000000000002:role/nobody";
    assert_eq!(cloud.err("CreateTrail", &with(nobody)), error(403, "NeedOssRamAuthorize"));
    let wrong = cloud.role(OTHER, "Wrong", "ecs.aliyuncs.com", &["P"]);
    assert_eq!(cloud.err("CreateTrail", &with(&wrong)), denied);
    let delivery = "1000000000000001@actiontrail.aliyuncs.com";
    let bare = cloud.role(OTHER, "Bare", delivery, &[]);
    assert_eq!(cloud.err("CreateTrail", &with(&bare)), denied);
    let right = cloud.role(OTHER, "Right", delivery, &["AliyunActionTrailDeliveryPolicy"]);
    assert_eq!(cloud.ok("CreateTrail", &with(&right))["OssWriteRoleArn"], right);
    let theirs = PROJECT.replace(ME, OTHER);
    cloud.project(OTHER);
    let base = [("Name", "other-trail"), ("SlsProjectArn", theirs.as_str())];
    assert_eq!(cloud.err("CreateTrail", &base), error(403, "InsufficientSlsPolicyException"));
    cloud.ok("CreateTrail", &[base[0], base[1], ("SlsWriteRoleArn", &right)]);
    assert!(crate::sls::has_logstore(&cloud.cloud, OTHER, "cn-hangzhou", "audit", "actiontrail_other-trail"));
}

#[test]
fn switches_change_answers() {
    let mut cloud = Cloud::new();
    for (name, value) in [
        ("echo_oss_write_role", "true"),
        ("allow_trail_without_destination", "false"),
        ("default_event_rw", "All"),
        ("trail_region_list", "refuse"),
        ("status_before_start", "empty"),
    ] {
        cloud.cloud.switches.set(name, value).unwrap();
    }
    let made = cloud.create();
    assert_eq!((&made["OssWriteRoleArn"], &made["EventRW"]), (&json!(DEFAULT_ROLE), &json!("All")));
    assert_eq!(cloud.status()["LatestDeliveryTime"], "");
    let bare = [("Name", "bare-trail")];
    assert_eq!(cloud.err("CreateTrail", &bare), error(400, "InvalidDeliveryConfigurationException"));
    let bucket = ("OssBucketName", "other-bucket");
    let list = [("Name", "list-trail"), ("TrailRegion", "cn-hangzhou,cn-beijing"), bucket];
    assert_eq!(cloud.err("CreateTrail", &list), error(400, "InvalidQueryParameter"));
}

#[test]
fn a_trail_may_be_made_by_its_name_alone() {
    let mut cloud = Cloud::new();
    let name = ("Name", "bare-trail");
    let made = cloud.ok("CreateTrail", &[name]);
    for (field, value) in
        [("EventRW", "Write"), ("TrailRegion", "All"), ("OssBucketName", ""), ("OssWriteRoleArn", "")]
    {
        assert_eq!(made[field], value, "{field}");
    }
    cloud.ok("UpdateTrail", &[name, ("EventRW", "All")]);
    let changed = cloud.ok("UpdateTrail", &[name, ("SlsProjectArn", PROJECT)]);
    assert_eq!((&changed["EventRW"], &changed["SlsWriteRoleArn"]), (&json!("All"), &json!(DEFAULT_ROLE)));
    assert_eq!(cloud.list(&[("NameList", "bare-trail")])[0]["SlsProjectArn"], PROJECT);
    // The last destination stays.
    let last = [name, ("SlsProjectArn", "")];
    assert_eq!(cloud.err("UpdateTrail", &last), error(400, "InvalidDeliveryConfigurationException"));
}

#[test]
fn regions_and_unknown_actions() {
    let mut cloud = Cloud::new();
    let regions = cloud.ok("DescribeRegions", &[("AcceptLanguage", "en-US")]);
    let first = &regions["Regions"]["Region"][0];
    assert_eq!(first["RegionEndpoint"], "actiontrail.cn-hangzhou.aliyuncs.com");
    assert_eq!(first["LocalName"], "China (Hangzhou)");
    assert_eq!(
        cloud.err("DescribeRegions", &[("AcceptLanguage", "fr")]),
        error(400, "InvalidAcceptLanguage")
    );
    assert_eq!(cloud.err("PutEventSelectors", &[]), error(404, "InvalidAction.NotFound"));
}
