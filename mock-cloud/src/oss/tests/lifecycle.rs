//! Lifecycle rules: what is taken, what is refused with which code, and what expiry does.

use http::Method;
use time::Duration;

use super::{BUCKET, Cloud, Seen};

fn rules(rules: &[&str]) -> String {
    format!("<LifecycleConfiguration>{}</LifecycleConfiguration>", rules.concat())
}

fn rule(id: &str, prefix: &str, actions: &str) -> String {
    format!("<Rule><ID>{id}</ID><Prefix>{prefix}</Prefix><Status>Enabled</Status>{actions}</Rule>")
}

const EXPIRE: &str = "<Expiration><Days>400</Days></Expiration>";
const ABORT: &str = "<AbortMultipartUpload><Days>7</Days></AbortMultipartUpload>";
const OVERLAP: &[(&str, &str)] = &[("x-oss-allow-same-action-overlap", "true")];

fn step(days: u32, class: &str) -> String {
    format!("<Transition><Days>{days}</Days><StorageClass>{class}</StorageClass></Transition>")
}

fn put(cloud: &mut Cloud, items: &[&str]) -> Seen {
    cloud.put("/?lifecycle", &rules(items))
}

#[test]
fn a_full_rule_comes_back_as_it_was_put() {
    let mut cloud = Cloud::with_bucket();
    let actions = "<Tag><Key>k1</Key><Value>v1</Value></Tag><Tag><Key>k2</Key><Value>v2</Value></Tag>\
        <Filter><ObjectSizeGreaterThan>500</ObjectSizeGreaterThan><ObjectSizeLessThan>64000</ObjectSizeLessThan>\
        <Not><Prefix>AliyunLogs/keep/</Prefix><Tag><Key>hold</Key><Value>yes</Value></Tag></Not></Filter>\
        <Expiration><Days>1095</Days></Expiration>\
        <Transition><Days>30</Days><StorageClass>IA</StorageClass><IsAccessTime>false</IsAccessTime></Transition>\
        <Transition><Days>90</Days><StorageClass>Archive</StorageClass></Transition>\
        <NoncurrentVersionExpiration><NoncurrentDays>400</NoncurrentDays></NoncurrentVersionExpiration>\
        <NoncurrentVersionTransition><NoncurrentDays>30</NoncurrentDays><StorageClass>IA</StorageClass></NoncurrentVersionTransition>";
    let document = rules(&[&rule("tiering", "AliyunLogs/", actions)]);
    cloud.put("/?lifecycle", &document).ok();
    assert_eq!(cloud.get("/?lifecycle").ok().text.split_once("?>\n").unwrap().1, document);
    cloud.delete("/?lifecycle").ok();
    assert_eq!(cloud.get("/?lifecycle").error(), (404, "NoSuchLifecycle"));
}

#[test]
fn element_order_is_free_and_ids_are_made() {
    let mut cloud = Cloud::with_bucket();
    let body = "<LifecycleConfiguration><Rule><Expiration><Days>400</Days></Expiration><Status>Enabled</Status></Rule></LifecycleConfiguration>";
    cloud.put("/?lifecycle", body).ok();
    let seen = cloud.get("/?lifecycle").ok();
    assert!(!seen.element("ID").unwrap().is_empty());
    assert!(seen.text.contains("<Prefix/>"), "{}", seen.text);
}

#[test]
fn order_of_rules() {
    let mut cloud = Cloud::with_bucket();
    put(&mut cloud, &[&rule("z", "z/", EXPIRE), &rule("a", "a/", EXPIRE)]).ok();
    let position = |seen: &Seen, id: &str| seen.text.find(&format!("<ID>{id}</ID>")).unwrap();
    let seen = cloud.get("/?lifecycle").ok();
    assert!(position(&seen, "z") < position(&seen, "a"));
    cloud.switches.set("oss_lifecycle_order", "by_id").unwrap();
    let seen = cloud.get("/?lifecycle").ok();
    assert!(position(&seen, "a") < position(&seen, "z"));
}

#[test]
fn single_rules_that_are_refused() {
    let mut cloud = Cloud::with_bucket();
    let with_tag = format!("<Tag><Key>a</Key><Value/></Tag>{ABORT}");
    let long = "x".repeat(256);
    let size = |inner: &str, action: &str| format!("<Filter>{inner}</Filter>{action}");
    let cases: Vec<(String, &str, &str)> = vec![
        (rule("r", "", ""), "MalformedXML", "0015-00000231"),
        (rule("r", "", "<Expiration/>"), "MalformedXML", "0015-00000231"),
        (rule("r", "", "<Expiration><Days>ten</Days></Expiration>"), "MalformedXML", "0015-00000231"),
        (rule("r", "", "<Expiration><Days>0</Days></Expiration>"), "InvalidArgument", ""),
        (rule(&long, "", EXPIRE), "InvalidArgument", ""),
        (
            rule(
                "r",
                "",
                "<Expiration><Days>1</Days><CreatedBeforeDate>2027-01-01T00:00:00.000Z</CreatedBeforeDate></Expiration>",
            ),
            "InvalidRequest",
            "0014-00000061",
        ),
        (
            rule(
                "r",
                "",
                "<Expiration><CreatedBeforeDate>2027-01-01T00:00:01.000Z</CreatedBeforeDate></Expiration>",
            ),
            "InvalidArgument",
            "",
        ),
        (
            rule(
                "r",
                "",
                &format!(
                    "<Expiration><CreatedBeforeDate>2027-01-01T00:00:00Z</CreatedBeforeDate></Expiration>{}",
                    step(30, "IA")
                ),
            ),
            "InvalidRequest",
            "0014-00000080",
        ),
        (
            rule(
                "r",
                "",
                "<Expiration><Days>3</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
            ),
            "MalformedXML",
            "0015-00000231",
        ),
        (rule("r", "", &step(30, "Standard")), "InvalidArgument", ""),
        (rule("r", "", &step(30, "Glacier")), "InvalidArgument", ""),
        (rule("r", "", &(step(30, "Archive") + &step(30, "IA"))), "InvalidArgument", ""),
        (rule("r", "", &(step(30, "IA") + &step(60, "IA"))), "InvalidArgument", ""),
        (rule("r", "", &(step(400, "IA") + EXPIRE)), "InvalidArgument", ""),
        (
            rule(
                "r",
                "",
                "<Transition><Days>30</Days><StorageClass>IA</StorageClass><IsAccessTime>true</IsAccessTime></Transition>",
            ),
            "MalformedXML",
            "0015-00000231",
        ),
        (rule("r", "", &with_tag), "MalformedXML", "0015-00000231"),
        (
            rule("r", "", &size("<ObjectSizeLessThan>9</ObjectSizeLessThan>", ABORT)),
            "MalformedXML",
            "0015-00000231",
        ),
        (
            rule(
                "r",
                "",
                &size(
                    "<ObjectSizeGreaterThan>9</ObjectSizeGreaterThan><ObjectSizeLessThan>9</ObjectSizeLessThan>",
                    EXPIRE,
                ),
            ),
            "MalformedXML",
            "0015-00000231",
        ),
        (rule("r", "a/", &size("<Not><Prefix>a/b</Prefix></Not>", ABORT)), "InvalidRequest", "0014-00000034"),
        (rule("r", "a/", &size("<Not><Prefix>a/</Prefix></Not>", EXPIRE)), "MalformedXML", "0015-00000231"),
        (rule("r", "a/", &size("<Not><Prefix>b/</Prefix></Not>", EXPIRE)), "MalformedXML", "0015-00000231"),
        (
            "<Rule><ID>r</ID><Status>On</Status><Expiration><Days>1</Days></Expiration></Rule>".into(),
            "MalformedXML",
            "0015-00000231",
        ),
        (String::new(), "MalformedXML", "0015-00000231"),
    ];
    for (body, code, ec) in cases {
        let seen = put(&mut cloud, &[&body]);
        assert_eq!(seen.error(), (400, code), "{body}");
        assert_eq!(seen.header("x-oss-ec"), ec, "{body}");
    }
    assert_eq!(put(&mut cloud, &[&rule("r", "", "")]).element("ErrorDetail"), Some("Action is missing"));
    let seen = put(&mut cloud, &[&rule("r", "", &(step(30, "Archive") + &step(60, "IA")))]);
    assert_eq!(
        seen.element("Message"),
        Some(
            "Days in the Transition action for StorageClass Archive must be more than the Transition action for StorageClass IA"
        )
    );
    assert!(cloud.state.buckets[BUCKET].lifecycle.is_none());
}

#[test]
fn rules_that_do_not_go_together() {
    let mut cloud = Cloud::with_bucket();
    let whole = rule("whole", "", EXPIRE);
    let below = rule("below", "logs/", EXPIRE);
    let tagged = rule("tagged", "", &format!("<Tag><Key>a</Key><Value>1</Value></Tag>{}", step(30, "IA")));
    let aborts = rule("aborts", "", ABORT);
    let ec = |cloud: &mut Cloud, items: &[&str], headers: &[(&'static str, &str)]| {
        let seen = cloud.with(Method::PUT, "/?lifecycle", headers, &rules(items));
        (seen.status.as_u16(), seen.header("x-oss-ec").to_owned())
    };
    assert_eq!(ec(&mut cloud, &[&whole, &aborts], &[]), (400, "0014-00000085".into()));
    assert_eq!(ec(&mut cloud, &[&whole, &below], &[]), (400, "0014-00000084".into()));
    assert_eq!(ec(&mut cloud, &[&whole, &tagged], &[]).0, 200);
    assert_eq!(ec(&mut cloud, &[&whole, &below, &aborts], OVERLAP).0, 200);
    let more = rule("more", "logs/", ABORT);
    assert_eq!(ec(&mut cloud, &[&aborts, &more], OVERLAP), (400, "0014-00000084".into()));
    assert_eq!(ec(&mut cloud, &[&rule("same", "a/", EXPIRE), &rule("same", "b/", EXPIRE)], &[]).0, 400);
    let many: Vec<String> = (0..1001).map(|n| rule(&format!("r{n}"), &format!("p{n:04}/"), EXPIRE)).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(ec(&mut cloud, &many[..1000], &[]).0, 200);
    assert_eq!(ec(&mut cloud, &many, &[]).0, 400);
}

#[test]
fn rules_by_access_time_need_access_tracking() {
    let mut cloud = Cloud::with_bucket();
    let monitor = |status: &str| {
        format!("<AccessMonitorConfiguration><Status>{status}</Status></AccessMonitorConfiguration>")
    };
    cloud.put("/?accessmonitor", &monitor("Enabled")).ok();
    let action = "<Transition><Days>30</Days><StorageClass>IA</StorageClass><IsAccessTime>true</IsAccessTime><ReturnToStdWhenVisit>true</ReturnToStdWhenVisit></Transition>";
    put(&mut cloud, &[&rule("r", "", action)]).ok();
    assert_eq!(cloud.get("/?lifecycle").element("AtimeBase"), Some("1768465800"));
    assert_eq!(
        cloud.put("/?accessmonitor", &monitor("Disabled")).error(),
        (400, "AccessMonitorDisableNotAllowed")
    );
    cloud.delete("/?lifecycle").ok();
    cloud.put("/?accessmonitor", &monitor("Disabled")).ok();
}

#[test]
fn a_cold_bucket_takes_rules_to_warmer_classes() {
    for class in ["Archive", "ColdArchive", "DeepColdArchive"] {
        let mut cloud = Cloud::new();
        let made = format!(
            "<CreateBucketConfiguration><StorageClass>{class}</StorageClass></CreateBucketConfiguration>"
        );
        cloud.put("/", &made).ok();
        put(&mut cloud, &[&rule("r", "old/", &(step(7, "IA") + &step(40, "ColdArchive")))]).ok();
    }
}

#[test]
fn dates_may_stand_in_any_order() {
    let mut cloud = Cloud::with_bucket();
    let date = |date: &str| format!("<CreatedBeforeDate>{date}T00:00:00.000Z</CreatedBeforeDate>");
    let to = |class: &str, day: &str| {
        format!("<Transition>{}<StorageClass>{class}</StorageClass></Transition>", date(day))
    };
    let earlier = to("IA", "2025-06-02") + &to("Archive", "2025-06-01");
    put(&mut cloud, &[&rule("r", "a/", &earlier)]).ok();
    let same_day = format!("<Expiration>{}</Expiration>{}", date("2025-06-02"), to("IA", "2025-06-02"));
    put(&mut cloud, &[&rule("r", "a/", &same_day)]).ok();
}

#[test]
fn an_exclusion_has_a_prefix_or_a_tag_or_is_void() {
    let mut cloud = Cloud::with_bucket();
    let not = |inner: &str| format!("<Filter><Not>{inner}</Not></Filter>{}", step(7, "IA"));
    let tag = "<Tag><Key>hold</Key><Value>legal</Value></Tag>";
    for prefix in ["", "logs/"] {
        put(&mut cloud, &[&rule("r", prefix, &not(&format!("<Prefix></Prefix>{tag}")))]).ok();
        put(&mut cloud, &[&rule("r", prefix, &not(tag))]).ok();
        // An exclusion of nothing is an empty element, as SDKs write them: void.
        put(&mut cloud, &[&rule("r", prefix, &not("<Prefix></Prefix>"))]).ok();
        assert!(!cloud.get("/?lifecycle").ok().text.contains("<Not>"));
    }
}

#[test]
fn expiry_runs_once_a_day() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/logs/a.gz", "x").ok();
    cloud.put("/other", "x").ok();
    cloud.post("/logs/part?uploads", "").ok();
    put(&mut cloud, &[&rule("r", "logs/", "<Expiration><Days>2</Days></Expiration><AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>")]).ok();
    cloud.pass(Duration::days(2));
    assert!(
        cloud.get("/logs/a.gz").status.is_success(),
        "two days after the upload it is 08:30, the run was at 00:00"
    );
    assert!(!cloud.get("/?uploads").text.contains("<Upload>"));
    cloud.pass(Duration::days(1));
    assert_eq!(cloud.get("/logs/a.gz").error(), (404, "NoSuchKey"));
    cloud.get("/other").ok();
}

#[test]
fn expiry_keeps_versions_and_retention() {
    let mut cloud = Cloud::with_bucket();
    cloud
        .put("/?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        .ok();
    cloud.put("/a", "one").ok();
    put(&mut cloud, &[&rule("r", "", "<Expiration><Days>1</Days></Expiration><NoncurrentVersionExpiration><NoncurrentDays>10</NoncurrentDays></NoncurrentVersionExpiration>")]).ok();
    cloud.pass(Duration::days(3));
    assert_eq!(cloud.get("/a").error(), (404, "NoSuchKey"));
    let versions = cloud.get("/?versions").ok();
    assert_eq!(
        (versions.text.matches("<DeleteMarker>").count(), versions.text.matches("<Version>").count()),
        (1, 1)
    );
    cloud.post("/?worm", "<InitiateWormConfiguration><RetentionPeriodInDays>30</RetentionPeriodInDays></InitiateWormConfiguration>").ok();
    let id = cloud.get("/?worm").element("WormId").unwrap().to_owned();
    cloud.post(&format!("/?wormId={id}"), "").ok();
    cloud.pass(Duration::days(15));
    assert_eq!(cloud.get("/?versions").text.matches("<Version>").count(), 1, "protected until day 30");
    cloud.pass(Duration::days(20));
    assert_eq!(cloud.get("/?versions").text.matches("<Version>").count(), 0);
}
