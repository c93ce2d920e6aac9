//! Rules that the service would refuse, and what is said about them.

use super::*;

#[test]
fn the_whole_language_is_accepted() {
    let rules = json!({
        "tiering": {
            "prefix": "AliyunLogs/",
            "tags": {"k1": "v1"},
            "filter": {
                "object_size_greater_than": 500, "object_size_less_than": 64000,
                "not": [{"prefix": "AliyunLogs/keep/", "tag": {"key": "hold", "value": "yes"}}]
            },
            "transitions": {
                "IA": {"days": 30}, "Archive": {"days": 90}, "ColdArchive": {"days": 180}, "DeepColdArchive": {"days": 365}
            },
            "expiration": {"days": 1095},
            "noncurrent_version_transitions": {"IA": {"days": 30}},
            "noncurrent_version_expiration": {"days": 400}
        },
        "parts": {"prefix": "parts/", "abort_multipart_upload": {"created_before_date": "2027-01-01"}},
        "markers": {"prefix": "tmp/", "status": "Disabled", "expiration": {"expired_object_delete_marker": true}},
        "dates": {
            "prefix": "d/",
            "transitions": {"IA": {"created_before_date": "2027-01-01"}},
            "expiration": {"created_before_date": "2028-01-01T00:00:00.000Z"}
        },
        "atime": {
            "prefix": "a/",
            "transitions": {"IA": {"days": 30, "is_access_time": true, "return_to_std_when_visit": true, "allow_small_file": true}}
        },
    });
    assert_eq!(wrong(&config(&rules)), [""; 0]);
}

/// Each wrong rule `x` and the message about it.
#[test]
fn each_mistake_is_named_with_its_place() {
    let expire = |days: i64| json!({ "days": days });
    let table = [
        (json!({}), "rules[\"x\"]: Lifecycle rule \"x\": no action"),
        (json!({"transitions": {}}), "rules[\"x\"]: Lifecycle rule \"x\": no action"),
        (
            json!({"status": "On", "expiration": expire(9)}),
            "rules[\"x\"].status: Invalid rules[\"x\"].status",
        ),
        (
            json!({"expiration": expire(0)}),
            "rules[\"x\"].expiration.days: Invalid rules[\"x\"].expiration.days",
        ),
        (json!({"expiration": {}}), "rules[\"x\"].expiration: Lifecycle rule \"x\": expiration has no time"),
        (
            json!({"expiration": {"expired_object_delete_marker": false}}),
            "rules[\"x\"].expiration: Lifecycle rule \"x\": expiration has no time",
        ),
        (
            json!({"expiration": {"days": 9, "expired_object_delete_marker": true}}),
            "rules[\"x\"].expiration: Lifecycle rule \"x\": expiration has more than one time",
        ),
        (
            json!({"abort_multipart_upload": {"days": 9, "created_before_date": "2027-01-01"}}),
            "rules[\"x\"].abort_multipart_upload: Lifecycle rule \"x\": abort_multipart_upload has more than one time",
        ),
        (
            json!({"expiration": {"created_before_date": "2027-01-01T08:00:00Z"}}),
            "rules[\"x\"].expiration.created_before_date: Invalid rules[\"x\"].expiration.created_before_date",
        ),
        (
            json!({"transitions": {"IA": {}}}),
            "rules[\"x\"].transitions[\"IA\"]: Lifecycle rule \"x\": the transition to IA has no time",
        ),
        (
            json!({"transitions": {"Standard": {"days": 9}}}),
            "rules[\"x\"].transitions[\"Standard\"]: Lifecycle rule \"x\": unknown storage class",
        ),
        (
            json!({"transitions": {"IA": {"days": 30}}, "expiration": {"created_before_date": "2027-01-01"}}),
            "rules[\"x\"].transitions[\"IA\"]: Lifecycle rule \"x\": days and dates mixed",
        ),
        (
            json!({"transitions": {"IA": {"days": 90}, "Archive": {"days": 60}}}),
            "rules[\"x\"].transitions[\"Archive\"]: Lifecycle rule \"x\": storage classes in the wrong order",
        ),
        (
            json!({"transitions": {"IA": {"days": 90}, "Archive": {"days": 90}}}),
            "rules[\"x\"].transitions[\"Archive\"]: Lifecycle rule \"x\": storage classes in the wrong order",
        ),
        (
            json!({"transitions": {"IA": {"days": 90}}, "expiration": expire(90)}),
            "rules[\"x\"].expiration: Lifecycle rule \"x\": deleted before moved",
        ),
        (
            json!({"noncurrent_version_transitions": {"IA": {"days": 90}}, "noncurrent_version_expiration": expire(30)}),
            "rules[\"x\"].noncurrent_version_expiration: Lifecycle rule \"x\": deleted before moved",
        ),
        (
            json!({"transitions": {"IA": {"days": 30, "return_to_std_when_visit": true}}}),
            "rules[\"x\"].transitions[\"IA\"].return_to_std_when_visit: Lifecycle rule \"x\": nothing to return from",
        ),
        (
            json!({"filter": {"object_size_less_than": 9}, "transitions": {"IA": {"days": 30, "allow_small_file": true}}}),
            "rules[\"x\"].transitions[\"IA\"].allow_small_file: Lifecycle rule \"x\": two limits for sizes",
        ),
        (
            json!({"filter": {"object_size_greater_than": 9, "object_size_less_than": 9}, "expiration": expire(9)}),
            "rules[\"x\"].filter: Lifecycle rule \"x\": sizes in the wrong order",
        ),
        (
            json!({"filter": {"object_size_less_than": 9}, "abort_multipart_upload": expire(9)}),
            "rules[\"x\"].filter: Lifecycle rule \"x\": object sizes with abort_multipart_upload",
        ),
        (
            json!({"filter": {"not": [{"prefix": "a"}]}, "expiration": {"expired_object_delete_marker": true}}),
            "rules[\"x\"].filter.not: Lifecycle rule \"x\": exclusions with expired_object_delete_marker",
        ),
        (
            json!({"prefix": "a/", "filter": {"not": [{"prefix": "b/"}]}, "expiration": expire(9)}),
            "rules[\"x\"].filter.not[0].prefix: Lifecycle rule \"x\": exclusion outside of the rule",
        ),
        (
            json!({"prefix": "a/", "filter": {"not": [{"prefix": "a/"}]}, "expiration": expire(9)}),
            "rules[\"x\"].filter.not[0].prefix: Lifecycle rule \"x\": exclusion outside of the rule",
        ),
        (
            json!({"prefix": "a/", "filter": {"not": [{}]}, "expiration": expire(9)}),
            "rules[\"x\"].filter.not[0]: Lifecycle rule \"x\": exclusion without a condition",
        ),
        (
            json!({"tags": {"k": "v"}, "filter": {"not": [{"prefix": "a", "tag": {"key": "k", "value": "w"}}]}, "expiration": expire(9)}),
            "rules[\"x\"].filter.not[0].tag: Lifecycle rule \"x\": exclusion by a tag of the rule",
        ),
        (
            json!({"tags": {"k": "v"}, "abort_multipart_upload": expire(9)}),
            "rules[\"x\"].tags: Lifecycle rule \"x\": tags with abort_multipart_upload",
        ),
    ];
    for (rule, expected) in table {
        assert_eq!(wrong(&config(&json!({ "x": rule }))), [expected], "{rule}");
    }
    assert_eq!(wrong(&config(&json!({}))), ["rules: No lifecycle rules"]);
    let long = "i".repeat(256);
    let messages = wrong(&config(&json!({ long: {"expiration": {"days": 9}} })));
    assert!(messages[0].ends_with("impossible id"), "{messages:?}");
}

#[test]
fn the_offending_pair_is_in_the_text() {
    let config = config(&json!({"x": {"transitions": {"IA": {"days": 90}, "Archive": {"days": 60}}}}));
    let mut found = Diagnostics::new();
    check::check(&config, &mut found);
    assert!(
        found.0[0].detail.contains("Archive (60 days) does not come after IA (90 days)"),
        "{}",
        found.0[0].detail
    );
}

#[test]
fn overlaps_name_both_rules() {
    let whole = json!({"expiration": {"days": 400}});
    let part = json!({"prefix": "a/", "expiration": {"days": 500}});
    let abort = json!({"abort_multipart_upload": {"days": 7}});
    let nested = config(&json!({"one": whole, "two": part}));
    assert_eq!(wrong(&nested), ["rules[\"two\"].expiration: Lifecycle rules \"one\" and \"two\" overlap"]);
    let allowed = LifecycleModel { allow_same_action_overlap: true.into(), ..nested };
    assert_eq!(wrong(&allowed), [""; 0]);

    // Different actions on the whole bucket: the same objects, which the service takes only when it is asked to.
    let same = config(&json!({"one": whole, "two": abort}));
    assert_eq!(
        wrong(&same),
        ["rules[\"two\"]: Lifecycle rules \"one\" and \"two\" are for the same objects"]
    );

    let aborts =
        config(&json!({"one": abort, "two": {"prefix": "a/", "abort_multipart_upload": {"days": 7}}}));
    let aborts = LifecycleModel { allow_same_action_overlap: true.into(), ..aborts };
    let expected = "rules[\"two\"].abort_multipart_upload: Lifecycle rules \"one\" and \"two\" overlap";
    assert_eq!(wrong(&aborts), [expected]);

    let apart = config(&json!({"one": {"prefix": "b/", "expiration": {"days": 400}}, "two": part}));
    assert_eq!(wrong(&apart), [""; 0]);
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let mut unknown =
        config(&json!({"x": {"transitions": {"IA": {"days": 90}}, "expiration": {"days": 90}}}));
    let rules = unknown.rules.into_option().unwrap();
    let rule = RuleModel {
        expiration: model::ExpirationModel { days: plugin::Attr::UNKNOWN, ..Default::default() }.into(),
        ..rules["x"].clone()
    };
    unknown.rules = BTreeMap::from([("x".to_owned(), rule)]).into();
    let mut found = Diagnostics::new();
    check::check(&unknown, &mut found);
    assert_eq!(found, Diagnostics::new());
}

/// What the service takes, as the tests of the vendor's own provider show.
#[test]
fn what_the_service_takes_is_not_refused() {
    let date = |date: &str| json!({ "created_before_date": date });
    let by_tag = json!({"not": [{"tag": {"key": "hold", "value": "legal"}}]});
    let to_ia = json!({"IA": {"days": 7}});
    let taken = [
        json!({"prefix": "a/", "transitions": {"IA": date("2025-06-02"), "Archive": date("2025-06-01")}}),
        json!({"transitions": {"IA": date("2025-06-02"), "ColdArchive": date("2025-06-02")}}),
        json!({"filter": by_tag, "transitions": to_ia}),
        json!({"prefix": "a/", "filter": by_tag, "transitions": to_ia}),
        json!({"filter": {"not": [{"prefix": "a/"}]}, "transitions": to_ia}),
    ];
    for rule in taken {
        assert_eq!(wrong(&config(&json!({ "x": rule }))), [""; 0], "{rule}");
    }
}

/// By date, what is deleted before it would be moved is no fault of the request, but hardly meant.
#[test]
fn a_date_of_deletion_before_a_move_is_a_warning() {
    let date = json!({"created_before_date": "2025-06-01"});
    let config = config(&json!({"x": {"transitions": {"IA": date}, "expiration": date}}));
    let mut found = Diagnostics::new();
    check::check(&config, &mut found);
    assert!(!found.has_error());
    assert_eq!(found.0[0].summary, "Lifecycle rule \"x\": deleted before moved");
}

#[test]
fn moves_to_a_class_that_is_not_colder_than_the_buckets_own_are_a_warning() {
    let rules = rules(&json!({"x": {
        "transitions": {"IA": {"days": 30}, "Archive": {"days": 60}, "ColdArchive": {"days": 90}},
        "noncurrent_version_transitions": {"IA": {"days": 30}},
    }}));
    let wrong = |born: &str| {
        let mut found = Diagnostics::new();
        class_check::check("audit", born, &rules, &mut found);
        assert!(!found.has_error());
        found.0.into_iter().map(|message| message.path.to_string()).collect::<Vec<_>>()
    };
    let (now, old) = ("rules[\"x\"].transitions", "rules[\"x\"].noncurrent_version_transitions");
    assert!(wrong("Standard").is_empty());
    assert_eq!(wrong("IA"), [format!("{now}[\"IA\"]"), format!("{old}[\"IA\"]")]);
    assert_eq!(wrong("Archive").len(), 3);
    assert_eq!(wrong("DeepColdArchive").len(), 4);
}

#[test]
fn what_needs_an_approval_is_told() {
    let notified =
        |rule: Json| class_check::approvals(&rules(&json!({ "x": rule }))).map(|message| message.detail);
    let by_access = |class: &str| json!({"transitions": {class: {"days": 30, "is_access_time": true}}});
    assert_eq!(notified(by_access("IA")), None);
    assert!(
        notified(by_access("Archive"))
            .unwrap()
            .contains("\"x\" moves to Archive by the time of the last access")
    );
    assert_eq!(notified(json!({"transitions": {"Archive": {"days": 30}}})), None);
    let without = |count: usize| {
        let not: Vec<Json> = (0..count).map(|at| json!({"prefix": format!("p{at}/")})).collect();
        notified(json!({"expiration": {"days": 400}, "filter": {"not": not}}))
    };
    assert_eq!(without(1), None);
    assert!(without(2).unwrap().contains("has 2 exclusions"));
}

#[test]
fn a_bucket_has_at_most_a_thousand_rules() {
    let many = |count: usize| {
        let rule =
            |at| (format!("rule-{at}"), json!({"prefix": format!("{at}/"), "expiration": {"days": 400}}));
        wrong(&config(&Json::Object((0..count).map(rule).collect())))
    };
    assert_eq!(many(1000), [""; 0]);
    assert_eq!(many(1001), ["rules: Too many lifecycle rules"]);
}
