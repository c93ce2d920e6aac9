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
    let nobody =
        PolicyModel { policy: open_text().replace("\"1\",\"R", "[],\"R").into(), ..allow("1", Json::Null) };
    assert!(is_refused(&nobody), "no principals are all of them: {:?}", nobody.policy);
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
        ("ipAddress", "acs:SourceIp", "10.1.2.3", false),
        ("stringequals", "acs:SourceVpc", "vpc-1", false),
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

#[test]
fn the_grammar_of_bucket_policies_is_asked_for() {
    let text = open_text();
    assert_eq!(policy(&text), Ok(()));
    for element in ["Action", "Principal", "Resource"] {
        let opposite = text.replace(&format!("\"{element}\""), &format!("\"Not{element}\""));
        let why = policy(&opposite).unwrap_err();
        assert!(why.contains(&format!("has Not{element}.")), "{why}");
        let both = text.replace(&format!("\"{element}\""), &format!("\"Not{element}\":\"x\",\"{element}\""));
        assert!(policy(&both).is_err(), "{both}");
    }
    let single = text.replace(['[', ']'], "");
    assert!(policy(&single).unwrap_err().contains("Statement = [{ … }]"));
}

#[test]
fn misspelt_principals_and_resources_are_corrected() {
    let of = |principal: &str, resource: &str| {
        policy(
            &model("Allow", "oss:GetObject", principal, resource, Json::Null).policy.into_option().unwrap(),
        )
    };
    let role = "arn:sts::1:assumed-role/Deploy/*";
    let objects = "acs:oss:*:1:audit/Logs/*";
    for (principal, resource) in
        [("1", objects), (role, "*"), ("arn:sts::*:*/*/*", "acs:oss:*:1:audit/Logs/")]
    {
        assert_eq!(of(principal, resource), Ok(()), "{principal} {resource}");
    }
    for (principal, right) in [
        ("1 ", "1"),
        ("1/", "1"),
        ("ARN:STS::1:assumed-role/Deploy/*", role),
        ("\tarn:sts::1:assumed-role/Deploy/*", role),
    ] {
        let why = of(principal, objects).unwrap_err();
        assert!(why.contains(&format!("Write {right:?}.")), "{why}");
    }
    for resource in ["acs:OSS:*:1:audit/Logs/*", "acs:oss:*:1:audit/Logs/* ", " Acs:oss:*:1:audit/Logs/*"] {
        let why = of("1", resource).unwrap_err();
        assert!(why.contains(&format!("Write {objects:?}.")), "{why}");
    }
}

#[test]
fn an_address_needs_a_network_beside_it() {
    let addresses = |effect: &str, condition: Json| {
        addresses(&model(effect, "oss:GetObject", "*", "acs:oss:*:1:audit/*", condition))
    };
    let alone = json!({"IpAddress": {"acs:SourceIp": ["203.0.113.0/24"]}});
    let notified = addresses("Allow", alone.clone()).unwrap();
    assert!(notified.severity == plugin::Severity::Error && notified.path == Path::attribute("policy"));
    assert!(
        notified.detail.contains("StringNotLike") && notified.detail.contains("acs:SourceVpc"),
        "{}",
        notified.detail
    );
    assert!(addresses("Deny", json!({"NotIpAddress": {"acs:sourceip": "203.0.113.9"}})).is_some());
    for network in [
        json!({"StringNotLike": {"acs:SourceVpc": ["vpc-*"]}}),
        json!({"StringEquals": {"acs:sourceVpc": ["vpc-1"]}}),
    ] {
        let mut both = alone.clone();
        both.as_object_mut().unwrap().extend(network.as_object().unwrap().clone());
        assert_eq!(addresses("Allow", both), None);
    }
    assert_eq!(addresses("Allow", Json::Null), None);
}

#[test]
fn a_large_policy_is_a_warning() {
    let of_size = |bytes: usize| PolicyModel { policy: "x".repeat(bytes).into(), ..PolicyModel::default() };
    assert_eq!(size(&of_size(16 * 1024)), None);
    let notified = size(&of_size(16 * 1024 + 1)).unwrap();
    assert!(notified.severity == plugin::Severity::Warning && notified.detail.contains("16385 bytes"));
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
    for (operator, value) in [("Bool", "false"), ("bool", "False"), ("BOOL", "FALSE")] {
        let plain_http = deny(json!({operator: {"acs:SecureTransport": [value]}}));
        assert_eq!(locks(&plain_http), None, "TLS is spoken here: {operator} {value}");
    }
    let elsewhere = deny(json!({"NotIpAddress": {"acs:SourceIp": ["10.0.0.0/8"]}}));
    assert_eq!(locks(&elsewhere), Some(false), "a warning");
    assert_eq!(locks(&PolicyModel { allow_lockout: true.into(), ..elsewhere }), None);
    // Without knowing the caller, only what concerns everybody is judged.
    assert!(lock_out(&deny(Json::Null), None).is_some());
    assert!(lock_out(&model("Deny", "oss:*", "1234567890123456", "*", Json::Null), None).is_none());
}
