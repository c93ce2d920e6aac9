//! What arrives in bucket and logstore, when, and what keeps it from arriving.

use std::io::Read;

use super::*;

impl Cloud {
    /// A cloud a minute before logging starts, so that preparations are not among the events. Trails record reads, too.
    fn early() -> Self {
        let mut cloud = Self { passed: -Duration::MINUTE, ..Self::new() };
        cloud.cloud.switches.set("default_event_rw", "All").unwrap();
        cloud
    }

    fn keys(&self) -> Vec<String> {
        self.cloud
            .oss
            .objects
            .get("audit-bucket")
            .map(|keys| keys.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// The names of the events in an object.
    fn delivered(&self, key: &str) -> Vec<String> {
        let body = &self.cloud.oss.objects["audit-bucket"][key][0].body.0;
        let mut text = String::new();
        flate2::read::GzDecoder::new(body.as_ref()).read_to_string(&mut text).unwrap();
        let events: Vec<Value> = serde_json::from_str(&text).unwrap();
        events.iter().map(|event| event["eventName"].as_str().unwrap().to_owned()).collect()
    }

    fn after(&mut self, passed: Duration) {
        self.passed += passed;
        let now = time::macros::datetime!(2026-01-15 08:30:00 UTC) + self.passed;
        super::super::advance(&mut self.cloud, now);
    }

    fn start(&mut self) {
        self.passed = Duration::ZERO;
        self.ok("StartLogging", &[("Name", "audit-trail")]);
    }
}

#[test]
fn objects_have_the_documented_keys_and_contents() {
    let mut cloud = Cloud::early();
    cloud.create();
    cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("OssKeyPrefix", "prefix")]);
    cloud.start();
    cloud.ok("DescribeTrails", &[]);
    cloud.region = "us-west-1";
    cloud.ok("DescribeTrails", &[]);
    cloud.after(Duration::seconds(21));
    assert!(cloud.keys().is_empty());
    cloud.after(Duration::seconds(1));
    let keys = cloud.keys();
    let start = |region: &str| {
        format!("prefix/AliyunLogs/Actiontrail/{region}/2026/01/15/Actiontrail_{region}_20260115083022_1002_")
    };
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert!(
        keys[0].starts_with(&start("cn-hangzhou")) && keys[1].starts_with(&start("us-west-1")),
        "{keys:?}"
    );
    assert_eq!(
        cloud.delivered(&keys[0]),
        ["StartLogging", "DescribeTrails", "AssumeRole", "GetBucketLocation"]
    );
    let tail: Vec<&str> = keys[0].rsplit('_').collect();
    let object = &cloud.cloud.oss.objects["audit-bucket"][&keys[0]][0];
    assert_eq!(tail[0], format!("{}.gz", object.etag.to_lowercase()));
    assert_eq!((tail[1], tail[2]), (object.body.0.len().to_string().as_str(), "4"));
}

#[test]
fn the_logstore_gets_each_event_once() {
    let mut cloud = Cloud::early();
    cloud.create();
    cloud.start();
    cloud.after(Duration::minutes(3));
    cloud.ok("DescribeTrails", &[]);
    cloud.after(Duration::minutes(3));
    cloud.after(Duration::minutes(3));
    let logs = &cloud.cloud.region_mut(ME, "cn-hangzhou").sls.logs["audit"]["actiontrail_audit-trail"];
    let count = |name: &str| {
        logs.iter().filter(|log| log.fields["event"].contains(&format!(r#""eventName":"{name}""#))).count()
    };
    assert_eq!((count("StartLogging"), count("DescribeTrails"), count("CreateTrail")), (1, 1, 0));
    assert_eq!(logs[0].fields["__topic__"], "actiontrail_audit_event");
    assert_eq!(logs[0].time, 1_768_465_800);
}

#[test]
fn trails_take_what_they_are_for() {
    let mut cloud = Cloud::early();
    cloud.create();
    cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("EventRW", "Write"), ("TrailRegion", "cn-hangzhou")]);
    cloud.start();
    cloud.ok("DescribeTrails", &[]);
    cloud.region = "us-west-1";
    cloud.ok("EnableInsight", &[("InsightType", "IpInsight")]);
    cloud.after(Duration::minutes(1));
    let keys = cloud.keys();
    assert_eq!(keys.len(), 1, "{keys:?}");
    assert_eq!(cloud.delivered(&keys[0]), ["StartLogging"]);
}

#[test]
fn organization_trails_sort_by_account() {
    let mut cloud = Cloud::early();
    for id in [ME, OTHER] {
        let account = cloud.cloud.accounts.entry(id.to_owned()).or_default();
        account.organization_id = Some("rd-test".to_owned());
        account.organization_admin = id == ME;
    }
    let wide = [("Name", "audit-trail"), ("OssBucketName", "audit-bucket"), ("IsOrganizationTrail", "true")];
    cloud.ok("CreateTrail", &wide);
    cloud.start();
    cloud.account = OTHER;
    cloud.ok("DescribeTrails", &[]);
    cloud.after(Duration::minutes(1));
    let keys = cloud.keys();
    assert!(
        keys[1].starts_with(&format!("AliyunLogs/Actiontrail/rd-test/{OTHER}/cn-hangzhou/2026/01/15/")),
        "{keys:?}"
    );
    assert_eq!(cloud.delivered(&keys[1]), ["DescribeTrails"]);
}

#[test]
fn what_cannot_be_delivered_waits() {
    let mut cloud = Cloud::early();
    let role = cloud.role(ME, "Delivery", "actiontrail.aliyuncs.com", &["AliyunActionTrailDeliveryPolicy"]);
    cloud.ok(
        "CreateTrail",
        &[("Name", "audit-trail"), ("OssBucketName", "audit-bucket"), ("OssWriteRoleArn", &role)],
    );
    cloud.start();
    cloud.cloud.accounts.get_mut(ME).unwrap().ram.roles.get_mut("Delivery").unwrap().policies =
        vec!["AliyunOSSReadOnlyAccess".to_owned()];
    cloud.after(Duration::minutes(1));
    let status = cloud.status();
    assert_eq!((&status["OssBucketStatus"], cloud.keys().len()), (&json!(false), 0));
    assert!(status["LatestDeliveryError"].as_str().unwrap().contains("not allowed"), "{status}");
    cloud.cloud.accounts.get_mut(ME).unwrap().ram.roles.get_mut("Delivery").unwrap().policies =
        vec!["AliyunActionTrailDeliveryPolicy".to_owned()];
    let deny = r#"{"Version":"1","Statement":[{"Effect":"Deny","Principal":["*"],"Action":["oss:*"],"Resource":["acs:oss:*:*:*"]}]}"#;
    cloud.cloud.oss.buckets.get_mut("audit-bucket").unwrap().policy = Some(deny.to_owned());
    cloud.after(Duration::minutes(1));
    assert_eq!(cloud.status()["OssBucketStatus"], false);
    // Another role's refusal is not this one's, and this role is meant whatever the case.
    let other = deny.replace("\"*\"]", r#""arn:sts::1000000000000001:assumed-role/other/*"]"#);
    cloud.cloud.oss.buckets.get_mut("audit-bucket").unwrap().policy = Some(other.clone());
    assert_eq!(cloud.status()["OssBucketStatus"], true);
    cloud.cloud.oss.buckets.get_mut("audit-bucket").unwrap().policy =
        Some(other.replace("other/*", "Delivery/*"));
    assert_eq!(cloud.status()["OssBucketStatus"], false);
    // The calls that configure a trail do not look there.
    cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("OssBucketName", "audit-bucket")]);
    cloud.cloud.oss.buckets.get_mut("audit-bucket").unwrap().policy = None;
    cloud.after(Duration::minutes(5));
    let keys = cloud.keys();
    assert!(cloud.delivered(&keys[0]).contains(&"StartLogging".to_owned()), "{keys:?}");
    assert_eq!(cloud.status()["LatestDeliveryError"], "");
}

#[test]
fn months_may_pass_at_once() {
    let mut cloud = Cloud::early();
    cloud.create();
    cloud.start();
    cloud.after(Duration::days(120));
    assert_eq!(cloud.keys().len(), 2);
    assert_eq!(cloud.status()["LatestDeliveryTime"], "2026-05-15T08:25:22Z");
}

#[test]
fn what_a_bucket_or_project_refuses_shows_in_deliveries() {
    let mut cloud = Cloud::early();
    cloud.create();
    cloud.start();
    let worm = json!({ "WormId": "0".repeat(32), "State": "Locked", "RetentionPeriodInDays": 30,
        "CreationDate": "2026-01-15T08:00:00.000Z" });
    let worm = serde_json::from_value(worm).unwrap();
    cloud.cloud.oss.buckets.get_mut("audit-bucket").unwrap().worm = Some(worm);
    assert_eq!(cloud.status()["LatestDeliveryError"], "");
    cloud.cloud.switches.set("worm_delivery", "refused").unwrap();
    let deny = r#"{"Version":"1","Statement":[{"Effect":"Deny","Principal":["*"],"Action":["log:Post*"],"Resource":["*"]}]}"#;
    let projects = &mut cloud.cloud.region_mut(ME, "cn-hangzhou").sls.projects;
    projects.get_mut("audit").unwrap().policy = Some(deny.to_owned());
    cloud.after(Duration::minutes(6));
    let status = cloud.status();
    assert_eq!(
        status["LatestDeliveryError"],
        "write oss failed, exception: The object you specified is immutable."
    );
    assert_eq!((&status["OssBucketStatus"], &status["SlsLogStoreStatus"]), (&json!(false), &json!(false)));
    assert!(status["LatestDeliveryLogServiceError"].as_str().unwrap().contains("not allowed"), "{status}");
    assert!(cloud.keys().is_empty());
    let worm = cloud.cloud.oss.buckets.get_mut("audit-bucket").unwrap().worm.as_mut().unwrap();
    worm.state = "InProgress".to_owned();
    let error = cloud.status()["LatestDeliveryError"].clone();
    cloud.after(Duration::hours(25));
    assert_eq!(
        (error == "", &cloud.status()["LatestDeliveryError"]),
        (false, &json!("")),
        "it lapses in a day"
    );
    cloud.cloud.region_mut(ME, "cn-hangzhou").sls.projects.remove("audit");
    let status = cloud.status();
    assert!(status["LatestDeliveryLogServiceError"].as_str().unwrap().contains("does not exist"), "{status}");
    cloud.after(Duration::minutes(6));
    assert!(!cloud.keys().is_empty());
}

#[test]
fn data_events_come_to_the_trails_that_select_them() {
    let mut cloud = Cloud::early();
    cloud.create();
    cloud.start();
    let text = r#"[{"ServiceName":"Oss","ReadWriteType":"Write","EventName":{"NotEquals":["DeleteObject"]},
        "ResourceArn":{"Equals":["acs:oss:*:*:other-bucket/a/*"]}}]"#;
    let selectors =
        [("TrailName", "audit-trail"), ("EventSelectors", text), ("TrailRegionIds", "cn-beijing")];
    // Beijing keeps its project when the selector comes to cover the home region only.
    cloud.ok("PutDataEventSelector", &selectors);
    cloud.ok("PutDataEventSelector", &selectors[..2]);
    let mut act_in = |region: &str, action: &str, bucket: &str, key: &str| {
        let mut call = crate::http::Call::test(ME, http::Method::PUT, key);
        call.region = region.to_owned();
        (call.action, call.container) = (action.to_owned(), Some(bucket.to_owned()));
        let reply = crate::http::Reply::empty(http::StatusCode::OK);
        crate::events::record(&mut cloud.cloud, Service::Oss, &call, !action.starts_with("Get"), &reply);
    };
    act_in("cn-beijing", "PutObject", "other-bucket", "/a/elsewhere");
    let mut act = |action: &str, bucket: &str, key: &str| act_in("cn-hangzhou", action, bucket, key);
    act("PutObject", "other-bucket", "/a/first");
    act("PutObject", "other-bucket", "/b/second");
    act("PutObject", "audit-bucket", "/a/third");
    act("GetObject", "other-bucket", "/a/fourth");
    act("DeleteObject", "other-bucket", "/a/fifth");
    let project = "actiontrail-log-1000000000000001-cn-hangzhou";
    let logs = cloud.cloud.region_mut(ME, "cn-hangzhou").sls.logs[project]["actiontrail_audit-trail"].clone();
    assert_eq!(logs.len(), 1, "{logs:?}");
    assert!(cloud.cloud.region(ME, "cn-beijing").is_none_or(|region| region.sls.logs.is_empty()));
    let event: Value = serde_json::from_str(&logs[0].fields["event"]).unwrap();
    assert_eq!((&event["eventCategory"], &event["eventName"]), (&json!("Data"), &json!("PutObject")));
    assert!(cloud.cloud.events.iter().all(|event| event.value["eventName"] != "PutObject"));
}

#[test]
fn a_new_role_takes_a_while_to_be_known() {
    let mut cloud = Cloud::early();
    cloud.cloud.switches.set("ram_lag", "5s").unwrap();
    let role = cloud.role(ME, "Delivery", "actiontrail.aliyuncs.com", &["AliyunActionTrailDeliveryPolicy"]);
    let create =
        [("Name", "audit-trail"), ("OssBucketName", "audit-bucket"), ("OssWriteRoleArn", role.as_str())];
    let delivery = |cloud: &mut Cloud, created, attached| {
        let roles = &mut cloud.cloud.accounts.get_mut(ME).unwrap().ram.roles;
        let role = roles.get_mut("Delivery").unwrap();
        role.create_date = created;
        role.attach_dates.insert("AliyunActionTrailDeliveryPolicy".to_owned(), attached);
    };
    let (now, before) = (time::OffsetDateTime::now_utc(), time::macros::datetime!(2026-01-15 08:00 UTC));
    delivery(&mut cloud, now, before);
    assert_eq!(cloud.err("CreateTrail", &create), error(403, "NeedOssRamAuthorize"));
    delivery(&mut cloud, before, now);
    assert_eq!(cloud.err("CreateTrail", &create), error(403, "InsufficientBucketPolicyException"));
    cloud.cloud.clock.offset_seconds = 6;
    cloud.ok("CreateTrail", &create);
}

#[test]
fn the_services_own_role_is_made_for_those_who_may() {
    let mut cloud = Cloud::new();
    let key = crate::cloud::AccessKey {
        account: ME.to_owned(),
        secret: crate::cloud::Secret::new("secret".to_owned()),
        principal: crate::cloud::Principal::Role { role: "Auditor".to_owned(), session: "s".to_owned() },
        active: true,
        token: None,
        policy: None,
        created: None,
        expires: None,
    };
    cloud.cloud.access_keys.insert("test".to_owned(), key);
    let create = [("Name", "audit-trail"), ("OssBucketName", "audit-bucket")];
    cloud.role(ME, "Auditor", "ecs.aliyuncs.com", &["AliyunActionTrailReadOnlyAccess"]);
    assert_eq!(cloud.err("CreateTrail", &create), error(403, "NeedServiceLinkedRole"));
    assert!(cloud.list(&[]).is_empty());
    cloud.role(ME, "Auditor", "ecs.aliyuncs.com", &["AliyunActionTrailFullAccess"]);
    cloud.create();
    cloud.role(ME, "Auditor", "ecs.aliyuncs.com", &["AliyunActionTrailReadOnlyAccess"]);
    cloud.ok("UpdateTrail", &[("Name", "audit-trail"), ("EventRW", "Write")]);
}
