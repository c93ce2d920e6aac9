use serde_json::{Value as Json, json};

use super::*;

fn model(effect: &str, action: &str, principal: &str, resource: &str, condition: Json) -> PolicyModel {
    let mut statement =
        json!({"Effect": effect, "Action": action, "Principal": principal, "Resource": resource});
    if !condition.is_null() {
        statement["Condition"] = condition;
    }
    PolicyModel {
        bucket: "audit".into(),
        policy: json!({"Version": "1", "Statement": [statement]}).to_string().into(),
        ..PolicyModel::default()
    }
}

fn is_refused(model: &PolicyModel) -> bool {
    let mut found = Diagnostics::new();
    check(model, &mut found);
    found.has_error()
}

fn allow(principal: &str, condition: Json) -> PolicyModel {
    model("Allow", "oss:GetObject", principal, "acs:oss:*:1:audit/*", condition)
}

#[test]
fn a_public_policy_is_refused_unless_it_is_asked_for() {
    let open = allow("*", Json::Null);
    assert!(is_refused(&open));
    assert!(!is_refused(&PolicyModel { allow_public_access: true.into(), ..open.clone() }));
    assert!(!is_refused(&PolicyModel { allow_public_access: Attr::UNKNOWN, ..open }));
    assert!(!is_refused(&allow("1234567890123456", Json::Null)));
    assert!(!is_refused(&model("Deny", "oss:*", "*", "*", Json::Null)));
    // An exception from an allowance is for everybody else.
    let all_but = PolicyModel {
        policy: open_text().replace("Principal", "NotPrincipal").into(),
        ..allow("1", Json::Null)
    };
    assert!(is_refused(&all_but));
}

fn open_text() -> String {
    allow("1", Json::Null).policy.into_option().unwrap()
}

#[test]
fn what_limits_an_allowance_is_what_the_service_counts() {
    for (operator, key, value, refused) in [
        ("StringEquals", "acs:SourceVpc", "vpc-1", false),
        ("StringEquals", "acs:sourcevpcid", "vpc-1", false),
        ("StringEquals", "acs:SourceVpc", "vpc-*", true),
        ("StringLike", "acs:SourceVpc", "vpc-1", true),
        ("StringEquals", "acs:AccessId", "LTAI1", false),
        ("IpAddress", "acs:SourceIp", "10.0.0.0/8", false),
        ("IpAddress", "acs:SourceIp", "10.1.2.3", false),
        ("IpAddress", "acs:SourceIp", "0.0.0.0/0", true),
        ("IpAddress", "acs:SourceIp", "fc00::/32", false),
        ("IpAddress", "acs:SourceIp", "fc00::/8", true),
        ("NotIpAddress", "acs:SourceIp", "10.0.0.0/8", true),
        ("Bool", "acs:SecureTransport", "true", true),
    ] {
        assert_eq!(
            is_refused(&allow("*", json!({operator: {key: [value]}}))),
            refused,
            "{operator} {key} {value}"
        );
    }
}

fn caller() -> CallerIdentity {
    CallerIdentity {
        identity_type: "AssumedRoleUser".into(),
        account_id: "1234567890123456".into(),
        arn: "acs:sts::1234567890123456:assumed-role/deploy/terraform".into(),
        role_id: Some("300000000000000001".into()),
        ..CallerIdentity::default()
    }
}

fn locks(model: &PolicyModel) -> Option<bool> {
    lock_out(model, Some(&caller())).map(|message| message.severity == plugin::Severity::Error)
}

#[test]
fn a_policy_that_nobody_can_take_back_is_refused() {
    let deny = |action: &str, principal: &str, resource: &str| {
        locks(&model("Deny", action, principal, resource, Json::Null))
    };
    let bucket = "acs:oss:*:1234567890123456:audit";
    for principal in
        ["*", "1234567890123456", "300000000000000001", "arn:sts::1234567890123456:assumed-role/deploy/*"]
    {
        assert_eq!(deny("oss:*", principal, bucket), Some(true), "{principal}");
    }
    for principal in ["9234567890123456", "arn:sts::1234567890123456:assumed-role/other/*"] {
        assert_eq!(deny("oss:*", principal, bucket), None, "{principal}");
    }
    assert_eq!(deny("oss:PutBucketPolicy", "*", "*"), Some(true));
    assert_eq!(deny("oss:Put*", "*", "acs:oss:*:*:aud*"), Some(true));
    assert_eq!(deny("oss:DeleteObject", "*", bucket), None);
    assert_eq!(deny("oss:*", "*", "acs:oss:*:1234567890123456:audit/*"), None, "its objects only");
    assert_eq!(deny("oss:*", "*", "acs:oss:*:1234567890123456:other"), None);
    assert_eq!(locks(&model("Allow", "oss:*", "1", bucket, Json::Null)), None);
    let all_but = model("Deny", "oss:*", "9234567890123456", bucket, Json::Null);
    let all_but = PolicyModel {
        policy: all_but.policy.as_str().unwrap().replace("Principal", "NotPrincipal").into(),
        ..all_but
    };
    assert_eq!(locks(&all_but), Some(true), "everybody but somebody else");
}

#[test]
fn conditions_may_or_may_not_lock_out() {
    let deny = |condition: Json| model("Deny", "oss:*", "*", "*", condition);
    assert_eq!(locks(&deny(json!({"Bool": {"acs:SecureTransport": ["false"]}}))), None, "TLS is spoken here");
    let elsewhere = deny(json!({"NotIpAddress": {"acs:SourceIp": ["10.0.0.0/8"]}}));
    assert_eq!(locks(&elsewhere), Some(false), "a warning");
    assert_eq!(locks(&PolicyModel { allow_lockout: true.into(), ..elsewhere }), None);
    // Without knowing the caller, only what concerns everybody is judged.
    assert!(lock_out(&deny(Json::Null), None).is_some());
    assert!(lock_out(&model("Deny", "oss:*", "1234567890123456", "*", Json::Null), None).is_none());
}
