//! Making, finding and deleting buckets.

use http::Method;
use time::Duration;

use super::{BUCKET, Cloud};

fn config(class: &str, redundancy: &str) -> String {
    format!(
        "<CreateBucketConfiguration><StorageClass>{class}</StorageClass><DataRedundancyType>{redundancy}</DataRedundancyType></CreateBucketConfiguration>"
    )
}

#[test]
fn a_new_bucket_has_the_defaults_of_the_service() {
    let mut cloud = Cloud::new();
    let seen = cloud.put("/", "").ok();
    assert_eq!(seen.header("location"), format!("/{BUCKET}"));
    let info = cloud.get("/?bucketInfo").ok();
    for (name, value) in [
        ("Name", BUCKET),
        ("Location", "oss-cn-hangzhou"),
        ("StorageClass", "Standard"),
        ("DataRedundancyType", "LRS"),
        ("Grant", "private"),
        ("BlockPublicAccess", "true"),
        ("AccessMonitor", "Disabled"),
        ("SSEAlgorithm", "None"),
        ("CreationDate", "2026-01-15T08:30:00.000Z"),
        ("ExtranetEndpoint", "oss-cn-hangzhou.aliyuncs.com"),
        ("IntranetEndpoint", "oss-cn-hangzhou-internal.aliyuncs.com"),
        ("ID", "1234567890123456"),
        ("TransferAcceleration", "Disabled"),
    ] {
        assert_eq!(info.element(name), Some(value), "{name}");
    }
    assert_eq!(info.element("Versioning"), None);
    assert!(info.element("ResourceGroupId").unwrap().starts_with("rg-"));
    assert!(info.text.contains("<BucketPolicy><LogBucket/><LogPrefix/></BucketPolicy>"), "{}", info.text);
    assert_eq!(
        cloud.get("/?location").element("LocationConstraint"),
        Some("oss-cn-hangzhou"),
        "no namespace"
    );
}

#[test]
fn headers_and_body_of_put_bucket_are_kept() {
    let mut cloud = Cloud::new();
    let headers = [
        ("x-oss-acl", "private"),
        ("x-oss-resource-group-id", "rg-acfmw3ty5yaaaaa"),
        ("x-oss-bucket-tagging", "env=prod&team=a%20b"),
        ("x-oss-server-side-encryption", "KMS"),
    ];
    cloud.with(Method::PUT, "/", &headers, &config("IA", "ZRS")).ok();
    let bucket = &cloud.state.buckets[BUCKET];
    assert_eq!((bucket.storage_class.as_str(), bucket.data_redundancy_type.as_str()), ("IA", "ZRS"));
    assert_eq!(bucket.resource_group_id, "rg-acfmw3ty5yaaaaa");
    assert_eq!(bucket.tags["team"], "a b");
    assert_eq!(bucket.server_side_encryption_rule.as_ref().unwrap().sse_algorithm, "KMS");
}

#[test]
fn impossible_wishes_are_refused() {
    let mut cloud = Cloud::new();
    let mut refused = |headers: &[(&'static str, &str)], body: &str| {
        let seen = cloud.with(Method::PUT, "/", headers, body);
        assert!(cloud.state.buckets.is_empty());
        (seen.status.as_u16(), seen.reply.error.unwrap())
    };
    assert_eq!(refused(&[("x-oss-acl", "open")], ""), (400, "InvalidArgument".into()));
    assert_eq!(refused(&[("x-oss-acl", "public-read")], ""), (403, "AccessDenied".into()));
    assert_eq!(
        refused(&[("x-oss-resource-group-id", "group")], ""),
        (400, "ResourceGroupIdPreCheckError".into())
    );
    assert_eq!(refused(&[], &config("Hot", "LRS")), (400, "InvalidArgument".into()));
    assert_eq!(refused(&[], &config("ColdArchive", "ZRS")), (400, "InvalidArgument".into()));
    assert_eq!(refused(&[], "<Wrong/>"), (400, "MalformedXML".into()));
    let call = cloud.call(Method::PUT, "Bad_Name", "/");
    assert_eq!(cloud.send(&call).error(), (400, "InvalidBucketName"));
}

#[test]
fn putting_a_bucket_again() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/", "").ok();
    let taken = |cloud: &mut Cloud, body: &str| {
        let seen = cloud.put("/", body);
        assert_eq!(seen.error(), (409, "BucketAlreadyExists"));
        seen
    };
    taken(&mut cloud, &config("IA", "LRS"));
    taken(&mut cloud, &config("Standard", "ZRS"));
    cloud.region = "cn-beijing".into();
    assert_eq!(taken(&mut cloud, "").header("x-oss-ec"), "0015-00000227");
    cloud.account = "6543210987654321".into();
    assert_eq!(taken(&mut cloud, "").header("x-oss-ec"), "0015-00000104");
    cloud.account = "1234567890123456".into();
    cloud.region = "cn-hangzhou".into();
    let mut call = cloud.call(Method::PUT, BUCKET, "/");
    call.caller.arn = "acs:ram::1234567890123456:user/dev".into();
    assert_eq!(cloud.send(&call).error(), (409, "BucketAlreadyExists"));
}

#[test]
fn a_deleted_name_is_held() {
    let mut cloud = Cloud::with_bucket();
    assert_eq!(cloud.delete("/").ok().status, 204);
    assert_eq!(cloud.delete("/").error(), (404, "NoSuchBucket"));
    let seen = cloud.put("/", "");
    assert_eq!((seen.error(), seen.header("x-oss-ec")), ((409, "BucketAlreadyExists"), "0015-00000103"));
    cloud.pass(Duration::hours(4));
    cloud.put("/", "").ok();
    cloud.switches.set("oss_name_hold", "off").unwrap();
    cloud.delete("/").ok();
    cloud.put("/", "").ok();
}

#[test]
fn others_and_other_endpoints_are_kept_out() {
    let mut cloud = Cloud::with_bucket();
    cloud.region = "eu-central-1".into();
    let seen = cloud.get("/?bucketInfo");
    assert_eq!((seen.error(), seen.header("x-oss-ec")), ((403, "AccessDenied"), "0003-00001403"));
    assert_eq!(seen.element("Endpoint"), Some("oss-cn-hangzhou.aliyuncs.com"));
    assert_eq!(seen.element("Bucket"), Some(BUCKET));
    cloud.switches.set("oss_info_from_any_endpoint", "true").unwrap();
    cloud.get("/?bucketInfo").ok();
    assert_eq!(cloud.get("/?acl").error(), (403, "AccessDenied"));
    cloud.region = "cn-hangzhou".into();
    cloud.account = "6543210987654321".into();
    for target in ["/?bucketInfo", "/?acl", "/?lifecycle", "/", "/key"] {
        assert_eq!(cloud.get(target).error(), (403, "AccessDenied"), "{target}");
    }
    assert_eq!(cloud.delete("/").error(), (403, "AccessDenied"));
}

#[test]
fn buckets_are_listed_over_regions_and_pages() {
    let mut cloud = Cloud::new();
    for (name, region) in [("aa-1", "cn-hangzhou"), ("aa-2", "eu-central-1"), ("bb-1", "cn-hangzhou")] {
        cloud.region = region.into();
        let call = cloud.call(Method::PUT, name, "/");
        cloud.send(&call).ok();
    }
    cloud.account = "6543210987654321".into();
    let call = cloud.call(Method::PUT, "foreign", "/");
    cloud.send(&call).ok();
    cloud.account = "1234567890123456".into();
    let all = cloud.service(Method::GET, "/", "").ok();
    assert_eq!(all.text.matches("<Name>").count(), 3);
    assert_eq!(all.element("IsTruncated"), None);
    assert!(all.text.contains("<Region>eu-central-1</Region>"));
    let first = cloud.service(Method::GET, "/?max-keys=1&prefix=aa-", "").ok();
    assert_eq!((first.element("IsTruncated"), first.element("NextMarker")), (Some("true"), Some("aa-1")));
    let second = cloud.service(Method::GET, "/?max-keys=1&prefix=aa-&marker=aa-1", "").ok();
    assert_eq!((second.element("IsTruncated"), second.element("Name")), (Some("false"), Some("aa-2")));
    assert_eq!(cloud.service(Method::GET, "/?max-keys=1001", "").error(), (400, "InvalidArgument"));
    assert_eq!(cloud.service(Method::GET, "/?tag-value=x", "").error(), (400, "InvalidArgument"));
}

#[test]
fn the_number_of_buckets_is_limited() {
    let mut cloud = Cloud::new();
    let create = |cloud: &mut Cloud, number: usize| {
        let call = cloud.call(Method::PUT, &format!("bucket-{number}"), "/");
        cloud.send(&call)
    };
    for number in 0..100 {
        create(&mut cloud, number).ok();
    }
    assert_eq!(create(&mut cloud, 100).error(), (400, "TooManyBuckets"));
    cloud.switches.set("quotas", "off").unwrap();
    create(&mut cloud, 100).ok();
}

#[test]
fn redundancy_changes_by_a_task() {
    let mut cloud = Cloud::with_bucket();
    let start = "/?redundancyTransition&x-oss-target-redundancy-type=ZRS";
    assert_eq!(cloud.post("/?redundancyTransition&x-oss-target-redundancy-type=LRS", "").error().0, 400);
    let id = cloud.post(start, "").ok().element("TaskId").unwrap().to_owned();
    assert_eq!(cloud.post(start, "").error(), (409, "BucketDataRedundancyTransitionTaskAlreadyExist"));
    let task = format!("/?redundancyTransition&x-oss-redundancy-transition-taskid={id}");
    let seen = cloud.get(&task).ok();
    assert_eq!((seen.element("Status"), seen.element("StartTime")), (Some("Queueing"), None));
    cloud.pass(Duration::minutes(61));
    let seen = cloud.get(&task).ok();
    assert_eq!((seen.element("Status"), seen.element("ProcessPercentage")), (Some("Processing"), Some("50")));
    assert_eq!(seen.element("EstimatedRemainingTime"), Some("1"));
    assert_eq!(cloud.delete(&task).error(), (409, "BucketDataRedundancyTransitionTaskStatusConflict"));
    assert_eq!(cloud.delete("/").error().0, 409);
    assert_eq!(cloud.get("/?bucketInfo").element("DataRedundancyType"), Some("LRS"));
    cloud.pass(Duration::hours(2));
    assert_eq!(cloud.get(&task).element("Status"), Some("Finished"));
    assert_eq!(cloud.get("/?bucketInfo").element("DataRedundancyType"), Some("ZRS"));
    let list = cloud.service(Method::GET, "/?redundancyTransition&continuation-token=&max-keys=10", "").ok();
    assert_eq!(list.element("TaskId"), Some(id.as_str()));
    assert_eq!(cloud.post(start, "").error(), (400, "BucketDataRedundancyTransitionTaskNotSupport"));
    cloud.delete(&task).ok();
    assert_eq!(cloud.get(&task).error(), (404, "BucketDataRedundancyTransitionTaskNotExist"));
    cloud.delete("/").ok();
}
