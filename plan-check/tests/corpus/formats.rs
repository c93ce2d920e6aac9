//! The documents themselves: plans and states, of either program and of versions to come, and what is sensitive in them.

use baseline::{Profile, Selection, Verdict};
use plan_check::Error;
use serde_json::{Value, json};

use super::plan::{Plan, check, checked, options, set, with};
use super::planned::{alicloud, alitrail};

fn error(text: &str) -> Error {
    plan_check::check(text, &Selection::new(Profile::Baseline), &options(false)).unwrap_err()
}

#[test]
fn another_version_or_another_document_is_told() {
    assert!(
        error(r#"{"format_version":"2.0","planned_values":{}}"#)
            .to_string()
            .starts_with("format_version \"2.0\" is not known")
    );
    assert!(matches!(error(r#"{"format_version":"2.1","planned_values":7}"#), Error::Version { .. }));
    for (text, words) in [
        ("", "EOF"),
        ("PK\u{3}\u{4}", "expected value"),
        ("[]", "it is a list"),
        (r#"{"version":4,"terraform_version":"1.9.0","resources":[]}"#, "no format_version"),
        (r#"{"format_version":"1.2","errored":true,"planned_values":{}}"#, "ended with an error"),
    ] {
        let error = error(text).to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
    let unknown_members =
        json!({"format_version": "1.99", "planned_values": {"root_module": {"new": 1}}, "more": []});
    assert_eq!(check(&unknown_members, true).len(), check(&Plan::default().json(), true).len());
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let text = format!("\u{feff}{}", Plan::default().json());
    assert!(plan_check::check(&text, &Selection::new(Profile::Baseline), &options(false)).is_ok());
}

/// The same values as a state.
fn state(plan: &Value) -> Value {
    json!({ "format_version": "1.0", "terraform_version": "1.13.0", "values": plan["planned_values"] })
}

#[test]
fn a_state_is_judged_by_what_it_says_and_changes_nothing() {
    for mut planned in [alitrail(), alicloud()] {
        let clean = checked(&state(&Plan::create(&planned).json()), false);
        assert_eq!(with(&clean.report.findings, &[Verdict::Fail, Verdict::Unknown]), [""; 0]);
        assert_eq!(clean.resources, planned.len());
        let trail = planned.keys().find(|address| address.contains("trail.audit")).unwrap().clone();
        set(&mut planned, &trail, "/status", json!("Disable"));
        let stopped = check(&state(&Plan::create(&planned).json()), false);
        assert_eq!(with(&stopped, &[Verdict::Fail]), ["AT-01", "AT-04"]);
    }
}

#[test]
fn providers_of_any_registry_are_read_and_others_are_not() {
    let mut plan = Plan::create(&alicloud()).json();
    let first = |plan: &Value| with(&check(plan, false), &[Verdict::Pass]).len();
    let all = first(&plan);
    for (provider, expected) in [
        ("registry.terraform.io/hashicorp/alicloud", all),
        ("registry.opentofu.org/aliyun/alicloud", all),
        ("mirror.example.com/team/alicloud", all),
        ("registry.terraform.io/team/fork", 0),
    ] {
        for change in plan["resource_changes"].as_array_mut().unwrap() {
            change["provider_name"] = json!(provider);
        }
        for resource in plan["planned_values"]["root_module"]["resources"].as_array_mut().unwrap() {
            resource["provider_name"] = json!(provider);
        }
        assert_eq!(first(&plan), expected, "{provider}");
    }
}

#[test]
fn data_sources_and_deposed_objects_are_no_resources() {
    let mut plan = Plan { before: alicloud(), ..Plan::default() }.json();
    for change in plan["resource_changes"].as_array_mut().unwrap() {
        change["deposed"] = json!("abcdef01");
    }
    assert_eq!(check(&plan, false), []);
    for change in plan["resource_changes"].as_array_mut().unwrap() {
        change.as_object_mut().unwrap().remove("deposed");
        change["mode"] = json!("data");
    }
    assert_eq!(check(&plan, false), []);
}

#[test]
fn a_plan_that_is_narrowed_leaves_the_rest_as_it_is() {
    let mut plan = Plan::change(&alicloud(), &alicloud()).json();
    plan["resource_changes"].as_array_mut().unwrap().retain(|change| change["type"] == "alicloud_log_store");
    let findings = check(&plan, false);
    assert_eq!(with(&findings, &[Verdict::Fail]), [""; 0]);
    assert!(with(&findings, &[Verdict::Pass]).contains(&"AT-01".to_owned()));
}

#[test]
fn a_plan_with_deferred_changes_says_that_it_is_a_part() {
    let mut plan = Plan::default().json();
    assert!(!checked(&plan, false).is_incomplete);
    plan["complete"] = json!(false);
    assert!(checked(&plan, false).is_incomplete);
}

#[test]
fn sensitive_values_are_not_printed() {
    let mut before = alicloud();
    set(&mut before, "alicloud_oss_bucket_acl.archive", "/acl", json!("public-read"));
    let mut plan = Plan::change(&before, &before);
    plan.after.remove("alicloud_log_store.audit");
    plan.sensitive.insert("alicloud_oss_bucket.archive".into(), json!({ "bucket": true }));
    plan.sensitive.insert("alicloud_oss_bucket_policy.archive".into(), json!({ "policy": true }));
    plan.after.get_mut("alicloud_oss_bucket_policy.archive").unwrap()["policy"] = json!(
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["*"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:*:archive/hidden-place/*"]}]}"#
    );
    plan.sensitive
        .insert("alicloud_actiontrail_trail.audit".into(), json!({ "trail_name": true, "name": true }));
    let findings = plan.check();
    let text = serde_json::to_string(&findings).unwrap();
    assert!(with(&findings, &[Verdict::Fail]).contains(&"OS-01".to_owned()), "{text}");
    assert!(text.contains("(sensitive)"), "{text}");
    for finding in &findings {
        for text in [Some(&finding.message), finding.remedy.as_ref(), Some(&finding.resource.id)]
            .into_iter()
            .flatten()
        {
            assert!(!text.contains("hidden-place"), "{text}");
            let words: Vec<&str> =
                text.split(|c: char| !c.is_alphanumeric() && !"._[]\"".contains(c)).collect();
            assert!(!words.contains(&"archive") && !words.contains(&"audit"), "{text}");
        }
    }
}
