//! How long things live under rules.

use time::macros::date;

use super::super::check::When;
use super::super::retention::{Kept, Shortened, check_minimum, concerns, early_deletions, shortened};
use super::*;

fn too_early(minimum: i64, given: &Json) -> Vec<String> {
    let mut found = Diagnostics::new();
    check_minimum(minimum, &rules(given), date!(2027 - 01 - 01), &mut found);
    found.0.into_iter().map(|message| format!("{}: {}", message.path, message.detail)).collect()
}

#[test]
fn a_minimum_holds_for_objects_and_old_versions() {
    let given = json!({
        "x": {"expiration": {"days": 180}, "noncurrent_version_expiration": {"days": 30}},
        "off": {"prefix": "o/", "status": "Disabled", "expiration": {"days": 1}},
        "parts": {"prefix": "p/", "abort_multipart_upload": {"days": 1}},
        "markers": {"prefix": "m/", "expiration": {"expired_object_delete_marker": true}},
    });
    assert_eq!(too_early(30, &given), [""; 0]);
    let found = too_early(365, &given);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("rules[\"x\"].expiration: It deletes objects (180 days), while"),
        "{}",
        found[0]
    );
    assert!(found[1].starts_with("rules[\"x\"].noncurrent_version_expiration:"), "{}", found[1]);
}

#[test]
fn a_date_keeps_for_as_long_as_it_is_past() {
    let given = json!({"x": {"expiration": {"created_before_date": "2026-01-01"}}});
    assert_eq!(too_early(365, &given), [""; 0]);
    assert_eq!(too_early(366, &given).len(), 1);
    assert_eq!(too_early(1, &json!({"x": {"expiration": {"created_before_date": "2028-01-01"}}})).len(), 1);
}

#[test]
fn what_is_deleted_early_is_said_with_its_days() {
    let given = json!({
        "all": {"expiration": {"days": 7}, "noncurrent_version_expiration": {"days": 1}},
        "day": {"prefix": "a/", "expiration": {"created_before_date": "2026-12-01"}},
        "late": {"prefix": "b/", "expiration": {"days": 180}},
    });
    let early = early_deletions(180, &rules(&given), date!(2027 - 01 - 01));
    assert_eq!(
        early.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "rule \"all\" deletes objects 7 days after their last change",
            "rule \"all\" deletes old versions after 1 day",
            "rule \"day\" deletes objects that were last changed before 2026-12-01",
        ]
    );
}

#[test]
fn a_rule_concerns_a_prefix_that_overlaps_its_own() {
    let concerned = |rule: Json| concerns(&rules(&json!({ "x": rule }))["x"], "logs/");
    for rule in [json!({}), json!({"prefix": "lo"}), json!({"prefix": "logs/2027/"})] {
        assert!(concerned(rule.clone()), "{rule}");
    }
    for rule in [
        json!({"prefix": "other/"}),
        json!({"tags": {"k": "v"}}),
        json!({"filter": {"not": [{"prefix": "logs/"}]}}),
    ] {
        assert!(!concerned(rule.clone()), "{rule}");
    }
}

/// From the rules before to the rules after: what is deleted earlier.
fn earlier(before: &Json, after: &Json) -> Vec<(String, Kept, Option<String>, String)> {
    shortened(&rules(before), &rules(after))
        .into_iter()
        .map(|change| {
            (change.rule, change.kept, change.before.map(|when| when.to_string()), change.after.to_string())
        })
        .collect()
}

#[test]
fn fewer_days_are_earlier_and_more_are_not() {
    let days = |days: i64| json!({"x": {"expiration": {"days": days}}});
    assert_eq!(
        earlier(&days(400), &days(300)),
        [("x".to_owned(), Kept::Objects, Some("400 days".to_owned()), "300 days".to_owned())]
    );
    assert!(earlier(&days(300), &days(400)).is_empty());
    assert!(earlier(&days(300), &days(300)).is_empty());
    let never = json!({"x": {"transitions": {"IA": {"days": 30}}}});
    assert_eq!(earlier(&never, &days(300)), [("x".to_owned(), Kept::Objects, None, "300 days".to_owned())]);
    assert!(earlier(&days(300), &never).is_empty());
}

#[test]
fn another_id_or_a_narrower_rule_loses_nothing() {
    let whole = json!({"x": {"expiration": {"days": 300}}});
    for same in [
        json!({"y": {"expiration": {"days": 300}}}),
        json!({"x": {"prefix": "a/", "expiration": {"days": 300}}}),
        json!({"x": {"tags": {"k": "v"}, "expiration": {"days": 300}}}),
        json!({"x": {"status": "Disabled", "expiration": {"days": 1}}}),
    ] {
        assert!(earlier(&whole, &same).is_empty(), "{same}");
    }
}

#[test]
fn a_wider_rule_or_one_in_force_again_is_earlier() {
    let after = json!({"x": {"expiration": {"days": 300}}});
    for before in [
        json!({"x": {"prefix": "a/", "expiration": {"days": 300}}}),
        json!({"x": {"tags": {"k": "v"}, "expiration": {"days": 300}}}),
        json!({"x": {"filter": {"object_size_less_than": 9}, "expiration": {"days": 300}}}),
        json!({"x": {"status": "Disabled", "expiration": {"days": 300}}}),
    ] {
        assert_eq!(earlier(&before, &after).len(), 1, "{before}");
    }
}

#[test]
fn a_rule_that_goes_may_have_kept_what_a_wider_one_deletes() {
    let both = json!({
        "all": {"expiration": {"days": 100}},
        "evidence": {"prefix": "a/", "expiration": {"days": 400}},
    });
    let all = json!({"all": {"expiration": {"days": 100}}});
    assert_eq!(
        shortened(&rules(&both), &rules(&all)),
        [Shortened {
            rule: "all".to_owned(),
            kept: Kept::Objects,
            part: Some("a/".to_owned()),
            before: Some(When::Days(400)),
            after: When::Days(100),
        }]
    );
    // The longer prefix wins the other way round too.
    assert!(earlier(&all, &both).is_empty());
    let off = json!({
        "all": {"expiration": {"days": 100}},
        "evidence": {"prefix": "a/", "status": "Disabled", "expiration": {"days": 400}},
    });
    assert_eq!(earlier(&both, &off).len(), 1);
    let destructive_changes = destructive_changes::destructive_changes(&planned(&both), Some(&planned(&all)));
    let said = "objects whose names begin with \"a/\" are deleted after 100 days; before: after 400 days";
    assert!(destructive_changes[0].detail.contains(said), "{}", destructive_changes[0].detail);
}

#[test]
fn a_later_day_deletes_more() {
    let until = |day: &str| json!({"x": {"expiration": {"created_before_date": day}}});
    assert!(earlier(&until("2027-01-01"), &until("2026-01-01")).is_empty());
    assert_eq!(earlier(&until("2026-01-01"), &until("2027-01-01")).len(), 1);
}

#[test]
fn the_loss_says_from_when_to_when() {
    let before = planned(&json!({"x": {"noncurrent_version_expiration": {"days": 400}}}));
    let after = planned(&json!({"x": {"noncurrent_version_expiration": {"days": 30}}}));
    let destructive_changes = destructive_changes::destructive_changes(&before, Some(&after));
    assert_eq!(destructive_changes.len(), 1);
    assert_eq!(destructive_changes[0].summary, "bucket \"audit\" deletes old versions earlier");
    assert!(
        destructive_changes[0].detail.contains("deleted after 30 days; before: after 400 days"),
        "{}",
        destructive_changes[0].detail
    );
    assert!(
        destructive_changes::destructive_changes(&before, None).is_empty(),
        "without rules everything stays"
    );
}
