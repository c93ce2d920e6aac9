//! Values that are not known before the apply, and where they will come from.

use baseline::Verdict;
use serde_json::{Value, json};

use super::plan::{Plan, check, with};
use super::planned::alicloud;

/// Everything that names another object does so by a reference, and nothing is made yet.
fn new() -> Plan {
    let mut plan = Plan::create(&alicloud());
    for (address, argument, reference) in [
        ("alicloud_actiontrail_trail.audit", "oss_bucket_name", "alicloud_oss_bucket.archive.id"),
        ("alicloud_actiontrail_trail.audit", "sls_project_arn", "alicloud_log_project.events.project_name"),
        ("alicloud_oss_bucket_acl.archive", "bucket", "alicloud_oss_bucket.archive.bucket"),
        ("alicloud_oss_bucket_public_access_block.archive", "bucket", "alicloud_oss_bucket.archive.bucket"),
        ("alicloud_oss_bucket_policy.archive", "bucket", "alicloud_oss_bucket.archive.id"),
        ("alicloud_oss_bucket_logging.archive", "bucket", "alicloud_oss_bucket.archive.id"),
        ("alicloud_oss_bucket_versioning.archive", "bucket", "alicloud_oss_bucket.archive.id"),
        ("alicloud_oss_bucket_server_side_encryption.archive", "bucket", "alicloud_oss_bucket.archive.id"),
        ("alicloud_oss_bucket_worm.archive", "bucket", "alicloud_oss_bucket.archive.id"),
        ("alicloud_oss_bucket_https_config.archive", "bucket", "alicloud_oss_bucket.archive.id"),
        ("alicloud_log_store.audit", "project_name", "alicloud_log_project.events.project_name"),
        ("alicloud_log_store_index.audit", "project", "alicloud_log_project.events.project_name"),
    ] {
        refer(&mut plan, address, argument, &[reference, reference.rsplit_once('.').unwrap().0]);
    }
    // The name of the bucket is random, and the owner known when it is made.
    let bucket = plan.after.get_mut("alicloud_oss_bucket.archive").unwrap().as_object_mut().unwrap();
    bucket.remove("bucket");
    bucket.remove("owner");
    bucket.remove("id");
    plan.unknown.insert(
        "alicloud_oss_bucket.archive".into(),
        json!({ "bucket": true, "owner": true, "id": true, "location": true }),
    );
    plan
}

fn refer(plan: &mut Plan, address: &str, argument: &str, references: &[&str]) {
    plan.after.get_mut(address).unwrap().as_object_mut().unwrap().remove(argument);
    let member = |map: &mut std::collections::BTreeMap<String, Value>, value: Value| {
        map.entry(address.to_owned()).or_insert_with(|| json!({}))[argument] = value;
    };
    member(&mut plan.unknown, json!(true));
    member(&mut plan.expressions, json!({ "references": references }));
}

#[test]
fn a_plan_of_new_objects_is_judged_by_what_they_refer_to() {
    let findings = new().check();
    // The policy names the bucket by a name that it will not have.
    assert_eq!(with(&findings, &[Verdict::Fail]), ["OS-02"]);
    assert_eq!(with(&findings, &[Verdict::Unknown]), [""; 0]);
    let mut open = new();
    open.after.get_mut("alicloud_oss_bucket_acl.archive").unwrap()["acl"] = json!("public-read");
    open.after.get_mut("alicloud_log_store.audit").unwrap()["retention_period"] = json!(30);
    let findings = open.check();
    assert_eq!(with(&findings, &[Verdict::Fail]), ["OS-01", "OS-02", "SL-01"]);
    let found = findings.iter().find(|finding| finding.rule == "OS-01").unwrap();
    assert_eq!(found.resource.id, "alicloud_oss_bucket.archive", "{found:?}");
}

#[test]
fn what_refers_to_nothing_that_is_planned_stays_unknown() {
    let mut plan = new();
    refer(&mut plan, "alicloud_actiontrail_trail.audit", "oss_bucket_name", &["local.bucket"]);
    let findings = plan.check();
    assert!(with(&findings, &[Verdict::Unknown]).contains(&"AT-05".to_owned()));
    assert!(!with(&findings, &[Verdict::Fail]).contains(&"AT-05".to_owned()));
}

/// A plan of one trail in a module, and of buckets elsewhere.
fn nested(trail: &Value, module: &Value, calls: &Value, buckets: &[(&str, Value, &str)]) -> Value {
    let mut changes = vec![json!({
        "address": format!("{}.alicloud_actiontrail_trail.t", trail["module"].as_str().unwrap()),
        "module_address": trail["module"], "mode": "managed", "type": "alicloud_actiontrail_trail", "name": "t",
        "provider_name": "registry.opentofu.org/aliyun/alicloud",
        "change": { "actions": ["create"], "before": null,
            "after": { "trail_name": "t", "status": "Enable", "event_rw": "All", "trail_region": "All", "sls_project_arn": null },
            "after_unknown": { "oss_bucket_name": true } },
    })];
    for (module, index, acl) in buckets {
        let mut change = json!({
            "address": format!("{module}alicloud_oss_bucket.b{}", if index.is_null() { String::new() } else { format!("[{index}]") }),
            "module_address": module.trim_end_matches('.'), "mode": "managed", "type": "alicloud_oss_bucket", "name": "b",
            "provider_name": "registry.opentofu.org/aliyun/alicloud",
            "change": { "actions": ["create"], "before": null, "after": { "acl": acl }, "after_unknown": { "bucket": true, "id": true } },
        });
        if !index.is_null() {
            change["index"] = index.clone();
        }
        if module.is_empty() {
            change.as_object_mut().unwrap().remove("module_address");
        }
        changes.push(change);
    }
    json!({ "format_version": "1.1", "resource_changes": changes, "planned_values": { "root_module": {} },
        "configuration": { "root_module": { "module_calls": calls, "resources": module } } })
}

fn trail_resource(references: &[&str]) -> Value {
    json!({ "address": "alicloud_actiontrail_trail.t", "mode": "managed", "type": "alicloud_actiontrail_trail", "name": "t",
        "expressions": { "oss_bucket_name": { "references": references } } })
}

fn bucket_resource() -> Value {
    json!({ "address": "alicloud_oss_bucket.b", "mode": "managed", "type": "alicloud_oss_bucket", "name": "b",
        "expressions": { "acl": { "references": ["var.acl"] } } })
}

/// The bucket that OS-01 finds to be open.
fn open_bucket(plan: &Value) -> Vec<String> {
    let findings = check(plan, false);
    let open = findings.iter().filter(|finding| finding.rule == "OS-01" && finding.verdict == Verdict::Fail);
    open.map(|finding| finding.location.as_ref().unwrap().address.clone().unwrap()).collect()
}

#[test]
fn a_variable_leads_to_the_module_that_calls_and_an_output_into_the_one_that_is_called() {
    let trail = json!({ "module": "module.trail" });
    let calls = json!({
        "trail": { "expressions": { "bucket": { "references": ["module.archive.name", "module.archive"] } },
            "module": { "resources": [trail_resource(&["var.bucket"])] } },
        "archive": { "module": {
            "outputs": { "name": { "expression": { "references": ["alicloud_oss_bucket.b.id", "alicloud_oss_bucket.b"] } } },
            "resources": [bucket_resource()] } },
    });
    let plan = nested(&trail, &json!([]), &calls, &[("module.archive.", Value::Null, "public-read")]);
    assert_eq!(open_bucket(&plan), ["module.archive.alicloud_oss_bucket.b"]);
}

#[test]
fn instances_are_found_by_key_and_by_the_same_key() {
    let buckets = [("", json!("a.b"), "private"), ("", json!("c"), "public-read")];
    let module = json!([bucket_resource()]);
    let called = |references: &[&str]| {
        json!({ "trail": { "expressions": { "bucket": { "references": references } },
            "module": { "resources": [trail_resource(&["var.bucket"])] } } })
    };
    let trail = json!({ "module": "module.trail" });
    let by_key = |key: &str| {
        let reference = format!("alicloud_oss_bucket.b[\"{key}\"]");
        let plan = nested(
            &trail,
            &module,
            &called(&[&format!("{reference}.id"), &reference, "alicloud_oss_bucket.b"]),
            &buckets,
        );
        open_bucket(&plan)
    };
    assert_eq!(by_key("c"), ["alicloud_oss_bucket.b[\"c\"]"]);
    assert_eq!(by_key("a.b"), [""; 0]);
    // Without a key, it could be any of them.
    let plan = nested(&trail, &module, &called(&["alicloud_oss_bucket.b"]), &buckets);
    assert_eq!(open_bucket(&plan), [""; 0]);
    assert!(with(&check(&plan, false), &[Verdict::Unknown]).contains(&"AT-05".to_owned()));
}

#[test]
fn settings_of_instances_belong_to_the_instance_with_their_key() {
    let mut plan = Plan::default();
    for (key, acl) in [("a", "private"), ("b", "public-read")] {
        plan.after.insert(format!("alicloud_oss_bucket.x[\"{key}\"]"), json!({}));
        plan.unknown
            .insert(format!("alicloud_oss_bucket.x[\"{key}\"]"), json!({ "bucket": true, "acl": true }));
        let setting = format!("alicloud_oss_bucket_acl.x[\"{key}\"]");
        plan.after.insert(setting.clone(), json!({ "acl": acl }));
        plan.unknown.insert(setting.clone(), json!({ "bucket": true }));
        plan.expressions.insert(
            setting,
            json!({ "bucket": { "references": ["alicloud_oss_bucket.x", "each.key"] }, "acl": { "references": ["each.value"] } }),
        );
        let trail = format!("alicloud_actiontrail_trail.t[\"{key}\"]");
        plan.after.insert(
            trail.clone(),
            json!({ "trail_name": format!("trail-{key}"), "status": "Enable", "event_rw": "All", "trail_region": "All" }),
        );
        plan.unknown.insert(trail.clone(), json!({ "oss_bucket_name": true }));
        plan.expressions.insert(
            trail,
            json!({ "oss_bucket_name": { "references": ["alicloud_oss_bucket.x", "each.key"] } }),
        );
    }
    let findings = plan.check();
    let open: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.rule == "OS-01" && finding.verdict == Verdict::Fail)
        .map(|finding| finding.resource.id.as_str())
        .collect();
    assert_eq!(open, ["alicloud_oss_bucket.x[\"b\"]"]);
}
