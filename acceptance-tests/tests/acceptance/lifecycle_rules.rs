//! Random lifecycle rules: the provider refuses in plan exactly what the service refuses, and what both accept comes
//! back from the service without a difference. The random numbers are the same in every run.

// A test that cannot go on has nobody to hand an error to: it panics, and the panic is its report.
use std::collections::BTreeMap;

use acceptance_tests::{Cloud, Fixture, REGION, full};
use alibaba::oss;
use plugin::schema::object_type;
use plugin::value::Value;
use plugin::{Provider as _, Severity};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use provider::Alitrail;
use serde_json::{Map, Value as Json, json};

const TYPE: &str = "alitrail_oss_bucket_lifecycle";

/// How many random sets of rules are tried.
const SETS: usize = 600;

/// How many of the valid ones go through Terraform.
const BUCKETS: usize = 24;

/// An object of the members that are set.
fn object<const N: usize>(members: [(&str, Option<Json>); N]) -> Json {
    Json::Object(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

fn map(members: Vec<(&'static str, Option<Json>)>) -> Option<Json> {
    let map: Map<String, Json> =
        members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    (!map.is_empty()).then_some(Json::Object(map))
}

/// When something happens: few values, so that the order is often wrong and sometimes right.
fn time() -> impl Strategy<Value = Json> {
    let days = days();
    let dates = vec!["2027-01-01", "2028-01-01", "2029-01-01T00:00:00.000Z"];
    let date = select(dates).prop_map(|date| json!({ "created_before_date": date }));
    prop_oneof![6 => days, 1 => date]
}

fn days() -> impl Strategy<Value = Json> {
    prop_oneof![30 => select(vec![10, 20, 30, 40]), 1 => Just(0)].prop_map(|days| json!({ "days": days }))
}

fn with(mut action: Json, name: &str, value: Option<impl Into<Json>>) -> Json {
    if let Some(value) = value {
        action[name] = value.into();
    }
    action
}

fn transitions() -> impl Strategy<Value = Option<Json>> {
    let warm = (time(), of(any::<bool>()), of(any::<bool>())).prop_map(|(time, access, small)| {
        let returns = access.filter(|access| *access);
        with(
            with(with(time, "is_access_time", access), "return_to_std_when_visit", returns),
            "allow_small_file",
            small,
        )
    });
    let seldom = |probability: f64| proptest::option::weighted(probability, time());
    (of(warm), of(time()), seldom(0.2), seldom(0.2), seldom(0.03)).prop_map(
        |(warm, cool, cold, coldest, wrong)| {
            map(vec![
                ("IA", warm),
                ("Archive", cool),
                ("ColdArchive", cold),
                ("DeepColdArchive", coldest),
                ("Standard", wrong),
            ])
        },
    )
}

fn filter() -> impl Strategy<Value = Option<Json>> {
    let tag = json!({"key": "hold", "value": "yes"});
    let clash = json!({"key": "kind", "value": "log"});
    let not = (select(vec!["a/", "a/b/", "a/b/c/", ""]), of(select(vec![tag, clash])))
        .prop_map(|(prefix, tag)| json!([with(json!({ "prefix": prefix }), "tag", tag)]));
    let size = || of(select(vec![100, 200, 200, 300, 0]).prop_map(Json::from));
    (size(), size(), of(not)).prop_map(|(least, most, not)| {
        map(vec![("object_size_greater_than", least), ("object_size_less_than", most), ("not", not)])
    })
}

fn rule() -> impl Strategy<Value = Json> {
    let marker = Just(json!({ "expired_object_delete_marker": true }));
    let expiration = prop_oneof![4 => time(), 1 => marker];
    let warm = (days(), of(any::<bool>()), of(any::<bool>())).prop_map(|(days, access, small)| {
        with(with(days, "is_access_time", access), "allow_small_file", small)
    });
    let old_moves =
        (of(warm), of(days())).prop_map(|(warm, cool)| map(vec![("IA", warm), ("Archive", cool)]));
    (
        of(select(vec!["a/", "a/b/", "b/", "c/"])),
        of(select(vec!["Enabled", "Disabled"])),
        proptest::option::weighted(0.3, Just(json!({ "kind": "log" }))),
        proptest::option::weighted(0.3, filter()),
        of(expiration),
        proptest::option::weighted(0.5, transitions()),
        of(days()),
        proptest::option::weighted(0.3, old_moves),
        proptest::option::weighted(0.2, time()),
    )
        .prop_map(|(prefix, status, tags, filter, expiration, moves, old, old_moves, abort)| {
            object([
                ("prefix", prefix.map(Json::from)),
                ("status", status.map(Json::from)),
                ("tags", tags),
                ("filter", filter.flatten()),
                ("expiration", expiration),
                ("transitions", moves.flatten()),
                ("noncurrent_version_expiration", old),
                ("noncurrent_version_transitions", old_moves.flatten()),
                ("abort_multipart_upload", abort),
            ])
        })
}

/// Rules by id, and whether overlaps are allowed.
fn sets() -> Vec<(Json, bool)> {
    let rules = prop::collection::vec(rule(), 1..=3).prop_map(|rules| {
        Json::Object((0..).zip(rules).map(|(at, rule): (usize, Json)| (format!("rule-{at}"), rule)).collect())
    });
    let mut runner = TestRunner::deterministic();
    let strategy = (rules, any::<bool>());
    (0..SETS).map(|_| strategy.new_tree(&mut runner).expect("a set").current()).collect()
}

/// Errors of the plan.
fn refused(rules: &Json, overlap: bool) -> Vec<String> {
    let managed = Alitrail::resources();
    let managed = managed.iter().find(|managed| managed.name() == TYPE).expect("the resource");
    let config = json!({"bucket": "rules", "rules": rules, "allow_same_action_overlap": overlap});
    let ty = object_type(&managed.schema().attributes);
    let Value::Map(config) = plugin::value::json::read(config.to_string().as_bytes(), &ty).unwrap() else {
        panic!("an object");
    };
    let messages = managed.validate(config).0.into_iter();
    messages.filter(|message| message.severity == Severity::Error).map(|message| message.summary).collect()
}

/// The rules as the service takes them, by a way of its own.
fn wire(rules: &Json) -> Vec<oss::LifecycleRule> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let date = |action: &Json| {
        let day = action["created_before_date"].as_str()?;
        Some(format!("{}T00:00:00.000Z", &day[..10]))
    };
    let flag = |action: &Json, name: &str| action[name].as_bool();
    let members = |value: &Json| value.as_object().cloned().unwrap_or_default();
    let one = |id: &String, rule: &Json| oss::LifecycleRule {
        id: id.clone(),
        prefix: text(&rule["prefix"]).unwrap_or_default(),
        status: text(&rule["status"]).unwrap_or_else(|| "Enabled".to_owned()),
        tags: members(&rule["tags"]).iter().map(|(key, value)| (key.clone(), text(value).unwrap())).collect(),
        filter: rule["filter"].as_object().map(|filter| oss::Filter {
            object_size_greater_than: filter.get("object_size_greater_than").and_then(Json::as_i64),
            object_size_less_than: filter.get("object_size_less_than").and_then(Json::as_i64),
            not: filter
                .get("not")
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
                .map(|not| oss::Not {
                    prefix: text(&not["prefix"]).unwrap(),
                    tag: not["tag"].as_object().map(|tag| oss::Tag {
                        key: text(&tag["key"]).unwrap(),
                        value: text(&tag["value"]).unwrap(),
                    }),
                })
                .collect(),
        }),
        expiration: rule.get("expiration").map(|action| oss::Expiration {
            days: action["days"].as_i64(),
            created_before_date: date(action),
            date: None,
            expired_object_delete_marker: flag(action, "expired_object_delete_marker"),
        }),
        transitions: members(&rule["transitions"])
            .iter()
            .map(|(class, action)| oss::Transition {
                days: action["days"].as_i64(),
                created_before_date: date(action),
                storage_class: class.clone(),
                is_access_time: flag(action, "is_access_time"),
                return_to_std_when_visit: flag(action, "return_to_std_when_visit"),
                allow_small_file: flag(action, "allow_small_file"),
            })
            .collect(),
        noncurrent_version_expiration: rule
            .get("noncurrent_version_expiration")
            .map(|action| oss::NoncurrentVersionExpiration { noncurrent_days: action["days"].as_i64() }),
        noncurrent_version_transitions: members(&rule["noncurrent_version_transitions"])
            .iter()
            .map(|(class, action)| oss::NoncurrentVersionTransition {
                noncurrent_days: action["days"].as_i64(),
                storage_class: class.clone(),
                is_access_time: flag(action, "is_access_time"),
                return_to_std_when_visit: flag(action, "return_to_std_when_visit"),
                allow_small_file: flag(action, "allow_small_file"),
            })
            .collect(),
        abort_multipart_upload: rule.get("abort_multipart_upload").map(|action| oss::AbortMultipartUpload {
            days: action["days"].as_i64(),
            created_before_date: date(action),
        }),
        atime_base: None,
    };
    rules.as_object().expect("rules").iter().map(|(id, rule)| one(id, rule)).collect()
}

fn client(cloud: &Cloud) -> alibaba::Client {
    let sources = alibaba::credentials::Sources {
        access_key_id: Some(cloud.access_key.clone()),
        secret: Some(alibaba::Secret::from(cloud.secret_key.as_str())),
        ..alibaba::credentials::Sources::default()
    };
    let mut config = alibaba::Config::new(alibaba::credentials::Chain::new(sources));
    config.endpoints.endpoint_url = Some(cloud.endpoint_url.clone());
    alibaba::Client::new(config).expect("client")
}

#[test]
fn the_plan_refuses_what_the_service_refuses_and_nothing_else() {
    let cloud = Cloud::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut accepted, mut different) = (0, Vec::new());
    runtime.block_on(async {
        let oss = client(&cloud).oss(REGION);
        let bucket = oss::NewBucket { bucket: "rules".to_owned(), ..oss::NewBucket::default() };
        oss.put_bucket(&bucket).await.expect("bucket");
        oss.put_bucket_access_monitor("rules", "Enabled").await.expect("access tracking");
        for (rules, overlap) in sets() {
            let in_plan = refused(&rules, overlap);
            let by_service = oss.put_bucket_lifecycle("rules", &wire(&rules), overlap).await.err();
            if in_plan.is_empty() != by_service.is_none() {
                let by_service = by_service.map(|error| error.to_string());
                different
                    .push(format!("{rules}, overlap {overlap}: plan {in_plan:?}, service {by_service:?}"));
            }
            accepted += usize::from(in_plan.is_empty());
        }
    });
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
    assert!(
        (SETS / 20..SETS - SETS / 20).contains(&accepted),
        "{accepted} of {SETS} are valid: that tests little"
    );
}

#[test]
fn valid_rules_come_back_without_a_difference() {
    let fixture = Fixture::new(&full());
    let valid = sets().into_iter().filter(|(rules, overlap)| refused(rules, *overlap).is_empty());
    let valid: BTreeMap<String, (Json, bool)> =
        (0..BUCKETS).zip(valid).map(|(at, set)| (format!("rules-{at:02}"), set)).collect();
    assert_eq!(valid.len(), BUCKETS, "enough valid sets among the random ones");
    let (mut buckets, mut lifecycles) = (Map::new(), Map::new());
    for (name, (rules, overlap)) in valid {
        buckets.insert(name.clone(), json!({"bucket": name, "access_monitor": "Enabled"}));
        let bucket = format!("${{alitrail_oss_bucket.{name}.bucket}}");
        let lifecycle = json!({"bucket": bucket, "rules": rules, "allow_same_action_overlap": overlap});
        lifecycles.insert(name, lifecycle);
    }
    let configuration = json!({"resource": {"alitrail_oss_bucket": buckets, TYPE: lifecycles}});
    fixture.write("main.tf.json", &serde_json::to_string_pretty(&configuration).unwrap());
    fixture.apply();
    fixture.assert_empty("after create");
    fixture.destroy();
}
