//! Rules on their way to the service and back.

use super::super::check::same_date;
use super::super::wire::{from_wire, to_wire};
use super::*;

#[test]
fn rules_come_back_as_they_were_planned() {
    let planned = rules(&json!({
        "tiering": {
            "prefix": "AliyunLogs/",
            "tags": {"k1": "v1"},
            "filter": {
                "object_size_greater_than": 500,
                "not": [{"prefix": "AliyunLogs/keep/", "tag": {"key": "hold", "value": "yes"}}]
            },
            "transitions": {"IA": {"days": 30}, "Archive": {"days": 90}, "DeepColdArchive": {"days": 365}},
            "expiration": {"days": 1095},
            "noncurrent_version_transitions": {"IA": {"days": 30, "is_access_time": true}},
            "noncurrent_version_expiration": {"days": 400}
        },
        "tagged": {
            "filter": {"not": [{"tag": {"key": "hold", "value": "legal"}}]}, "transitions": {"IA": {"days": 7}}
        },
        "parts": {"abort_multipart_upload": {"created_before_date": "2027-01-01"}},
        "markers": {"prefix": "tmp/", "status": "Disabled", "expiration": {"expired_object_delete_marker": true}},
    }));
    assert_eq!(from_wire(to_wire(&planned)), planned);
}

#[test]
fn classes_are_sent_from_warm_to_cold_and_flags_only_when_they_say_something() {
    let planned = rules(&json!({"x": {"transitions": {"Archive": {"days": 90}, "IA": {"days": 30}}}}));
    let sent = to_wire(&planned);
    let classes: Vec<_> = sent[0].transitions.iter().map(|step| step.storage_class.as_str()).collect();
    assert_eq!(classes, ["IA", "Archive"]);
    assert_eq!(sent[0].transitions[0].is_access_time, None);
    assert_eq!(sent[0].status, "Enabled");
    assert_eq!(sent[0].expiration, None);
}

#[test]
fn both_spellings_of_a_day_are_one() {
    let planned = rules(&json!({"x": {"expiration": {"created_before_date": "2027-01-01"}}}));
    let sent = to_wire(&planned);
    let expiration = sent[0].expiration.clone().unwrap();
    assert_eq!(expiration.created_before_date.as_deref(), Some("2027-01-01T00:00:00.000Z"));
    // The older element means the same, and other clients write midnight without milliseconds.
    let legacy = alibaba::oss::Expiration {
        created_before_date: None,
        date: Some("2027-01-01T00:00:00Z".to_owned()),
        ..expiration
    };
    let rule = alibaba::oss::LifecycleRule { expiration: Some(legacy), ..sent[0].clone() };
    assert_eq!(from_wire(vec![rule]), planned);
    let value = |text: &str| plugin::value::Value::from(text);
    assert!(same_date(&value("2027-01-01"), &value("2027-01-01T00:00:00.000Z")));
    assert!(!same_date(&value("2027-01-01"), &value("2027-01-02")));
    assert!(!same_date(&value("soon"), &value("soon")));
}
