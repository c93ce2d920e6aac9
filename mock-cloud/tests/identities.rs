//! Who may do what, from outside: identities that are made through the API, strangers, and the policies that let them in.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod support;

use mock_cloud::Options;
use serde_json::{Value, json};

use support::{Cloud, Signing, exchange};

#[test]
fn permissions_are_enforced_and_refusals_are_events() {
    let cloud = Cloud::start(Options::default());
    let user = json!({ "user_id": "200000000000000009", "policies": ["AliyunActionTrailReadOnlyAccess"] });
    let key = json!({ "account": "1000000000000001", "secret": "s", "principal": { "type": "user", "name": "auditor" } });
    let path = "/v1/accounts/1000000000000001/ram/users/auditor";
    assert_eq!(cloud.admin("PUT", path, &user).0, 200);
    assert_eq!(cloud.admin("PUT", "/v1/access_keys/auditor-key", &key).0, 200);
    let host = "actiontrail.cn-hangzhou.aliyuncs.com";
    let ask = |action: &str, query: &str| {
        let signing = Signing { id: Some("auditor-key"), secret: Some("s"), ..Signing::default() };
        exchange(&cloud.address(), &cloud.signed(host, action, query, &signing)).unwrap()
    };
    assert_eq!(ask("DescribeTrails", "").status, 200);
    let refused = ask("DeleteTrail", "Name=audit-trail");
    assert_eq!((refused.status, refused.code().as_str()), (403, "NoPermission"));
    assert_eq!(refused.json()["AccessDeniedDetail"]["AuthAction"], "actiontrail:DeleteTrail");
    let events = ask("LookupEvents", "").json()["Events"].clone();
    assert_eq!(
        (&events[0]["eventName"], &events[0]["errorCode"]),
        (&json!("DeleteTrail"), &json!("NoPermission"))
    );
    assert_eq!(events[0]["userIdentity"]["userName"], "auditor");
    cloud.stop();
}

const RAM: &str = "ram.aliyuncs.com";

#[test]
fn an_identity_with_few_permissions_is_made_through_the_api() {
    let cloud = Cloud::start(Options::default());
    let ram = |action: &str, parameters: &[(&str, &str)]| {
        let answer = cloud.ask(RAM, action, parameters, &Signing::default()).unwrap();
        assert_eq!(answer.status, 200, "{action}: {answer:?}");
        answer.json()
    };
    let user = ("UserName", "reader");
    let document =
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject"],"Resource":"*"}]}"#;
    ram("CreateUser", &[user]);
    ram("CreatePolicy", &[("PolicyName", "read"), ("PolicyDocument", document)]);
    ram("AttachPolicyToUser", &[user, ("PolicyName", "read"), ("PolicyType", "Custom")]);
    let key = ram("CreateAccessKey", &[user])["AccessKey"].clone();
    let (id, secret) = (key["AccessKeyId"].as_str().unwrap(), key["AccessKeySecret"].as_str().unwrap());
    let reader = || Signing { id: Some(id), secret: Some(secret), ..Signing::default() };
    let status = |method: &str, target: &str, body: &str, signing: Option<&Signing<'_>>| {
        cloud.oss(method, "few-permissions", target, body, signing).unwrap().status
    };
    assert_eq!(status("PUT", "/", "", Some(&Signing::default())), 200);
    assert_eq!(status("PUT", "/key", "text", Some(&Signing::default())), 200);
    assert_eq!(status("GET", "/key", "", Some(&reader())), 200);
    assert_eq!(status("PUT", "/key", "other", Some(&reader())), 403);
    let more = document.replace("oss:GetObject", "oss:*");
    let version = [("PolicyName", "read"), ("PolicyDocument", more.as_str()), ("SetAsDefault", "true")];
    ram("CreatePolicyVersion", &version);
    assert_eq!(status("PUT", "/key", "other", Some(&reader())), 200);
    ram("UpdateAccessKey", &[user, ("UserAccessKeyId", id), ("Status", "Inactive")]);
    assert_eq!(status("GET", "/key", "", Some(&reader())), 403);
    let (_, log) = cloud.admin("GET", "/v1/requests", &Value::Null);
    assert!(!log.to_string().contains(secret));
    cloud.stop();
}

#[test]
fn strangers_come_in_where_a_bucket_says_so() {
    let cloud = Cloud::start(Options { members: 1, ..Options::default() });
    let member = (cloud.handle().account_id().parse::<u64>().unwrap() + 1).to_string();
    let key = json!({ "account": member, "secret": "s", "principal": { "type": "root" } });
    assert_eq!(cloud.admin("PUT", "/v1/access_keys/member-key", &key).0, 200);
    let own = Signing::default();
    let stranger = Signing { id: Some("member-key"), secret: Some("s"), ..Signing::default() };
    let status = |method: &str, target: &str, body: &str, signing: Option<&Signing<'_>>| {
        cloud.oss(method, "let-in", target, body, signing).unwrap().status
    };
    assert_eq!(status("PUT", "/", "", Some(&own)), 200);
    assert_eq!(status("PUT", "/key", "text", Some(&own)), 200);
    assert_eq!(status("GET", "/key", "", Some(&stranger)), 403);
    let policy = |principal: &str| {
        json!({ "Version": "1", "Statement": [{ "Effect": "Allow", "Principal": [principal],
            "Action": ["oss:GetObject"], "Resource": ["acs:oss:*:*:let-in/*"] }] })
        .to_string()
    };
    assert_eq!(status("PUT", "/?policy", &policy(&member), Some(&own)), 200);
    assert_eq!(status("GET", "/key", "", Some(&stranger)), 200);
    assert_eq!(status("GET", "/?acl", "", Some(&stranger)), 403);
    assert_eq!(status("GET", "/key", "", None), 403);
    assert_eq!(status("PUT", "/?policy", &policy("*"), Some(&own)), 403, "public access is blocked");
    assert_eq!(status("DELETE", "/?publicAccessBlock", "", Some(&own)), 204);
    assert_eq!(status("PUT", "/?policy", &policy("*"), Some(&own)), 200);
    assert_eq!(status("GET", "/key", "", None), 200);
    assert_eq!(status("PUT", "/key", "other", None), 403);
    cloud.stop();
}
