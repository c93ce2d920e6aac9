use super::*;

const HTTPS_ONLY: &str = r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":["oss:*"],"Principal":["*"],
    "Resource":["acs:oss:*:1:audit","acs:oss:*:1:audit/*"],"Condition":{"Bool":{"acs:SecureTransport":["false"]}}}]}"#;

#[test]
fn how_a_policy_is_written_says_nothing() {
    for other in [
        r#"{"Statement":{"Action":"OSS:*","Condition":{"Bool":{"acs:SecureTransport":false}},"Effect":"Deny","Principal":"*",
            "Resource":["acs:oss:*:1:audit/*","acs:oss:*:1:audit"]},"Version":"1"}"#,
        &HTTPS_ONLY.replace("\"*\"", "\"\\u002a\""),
        &HTTPS_ONLY.replace("\"false\"", "\"False\""),
        &HTTPS_ONLY.replace("\"Bool\"", "\"bool\""),
        // No principals are all of them.
        &HTTPS_ONLY.replace("\"Principal\":[\"*\"]", "\"Principal\":[]"),
    ] {
        assert!(same(HTTPS_ONLY, other), "{other}");
    }
    for other in [
        HTTPS_ONLY.replace("Deny", "Allow"),
        HTTPS_ONLY.replace("\"oss:*\"", "\"oss:*\",\"oss:Get*\""),
        HTTPS_ONLY.replace("audit/*", "Audit/*"),
        HTTPS_ONLY.replace("\"Principal\"", "\"NotPrincipal\""),
        HTTPS_ONLY.replace("\"Effect\"", "\"Sid\":\"x\",\"Effect\""),
        HTTPS_ONLY.replace("\"false\"", "\"true\""),
    ] {
        assert!(!same(HTTPS_ONLY, &other), "{other}");
    }
    // What is not a policy has no other meaning than its JSON.
    assert!(same("{}", "{ }") && !same("no", "no"));
}

#[test]
fn the_order_of_statements_says_nothing() {
    let statement = |action: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"{action}","Principal":"1","Resource":"acs:oss:*:1:audit/*"}}"#
        )
    };
    let policy = |one: &str, two: &str| {
        format!(r#"{{"Version":"1","Statement":[{},{}]}}"#, statement(one), statement(two))
    };
    assert!(same(&policy("oss:GetObject", "oss:PutObject"), &policy("oss:PutObject", "oss:getobject")));
    assert!(!same(&policy("oss:GetObject", "oss:PutObject"), &policy("oss:PutObject", "oss:PutObject")));
}

#[test]
fn what_is_missing_is_named() {
    let statement = r#"{"Effect":"Deny","Action":"oss:*","Principal":"*","Resource":"acs:oss:*:1:audit"}"#;
    let policy = |statement: &str| format!(r#"{{"Version":"1","Statement":[{statement}]}}"#);
    assert!(Document::parse(&policy(statement)).is_ok());
    for (text, says) in [
        ("[]".to_owned(), "expected a map"),
        ("{".to_owned(), "This is not JSON"),
        (policy(statement).replace("\"1\"", "1"), "Version"),
        (policy(""), "no Statement"),
        (policy("1"), "Statement 1 of the policy is not an object"),
        (policy(&statement.replace("Deny", "deny")), "Statement 1 of the policy needs Effect"),
        (
            policy(&format!("{statement},{}", statement.replace("Action", "Do"))),
            "Statement 2 of the policy needs Action",
        ),
        (policy(&statement.replace("\"*\"", "{}")), "needs Principal"),
        (policy(&statement.replace("\"acs:oss:*:1:audit\"", "{}")), "needs Resource"),
        (policy(&statement.replace("\"Effect\"", "\"NotAction\":\"x\",\"Effect\"")), "Action and NotAction"),
        (policy(&statement.replace("\"Effect\"", "\"Condition\":\"x\",\"Effect\"")), "Condition"),
    ] {
        let error = Document::parse(&text).unwrap_err();
        assert!(error.contains(says), "{text}: {error}");
    }
}

#[test]
fn patterns_fit() {
    for (pattern, text) in [
        ("*", ""),
        ("a*", "a"),
        ("*b*", "abc"),
        ("a?c", "abc"),
        ("oss:Get*Acl", "oss:GetBucketAcl"),
        ("", ""),
    ] {
        assert!(fits(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [("a", "ab"), ("a?", "a"), ("*b", "abc"), ("", "a"), ("a*c", "ab")] {
        assert!(!fits(pattern, text), "{pattern} {text}");
    }
}
