use time::macros::datetime;

use super::*;
use crate::cloud::{Account, Principal};
use crate::gateway::request::tests::request;
use crate::ram::Role;

const ME: &str = "1000000000000001";
const WALL: OffsetDateTime = datetime!(2026-01-15 08:30:00 UTC);

fn cloud(trusted: &str) -> CloudState {
    let mut cloud = CloudState::default();
    let mut account = Account::default();
    let document = json!({ "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "Service": [trusted] } }] });
    let role: Role = serde_json::from_value(json!({ "role_id": "3", "create_date": "2026-01-01T00:00:00Z",
        "assume_role_policy_document": document.to_string() }))
    .unwrap();
    account.ram.roles.insert("runner".into(), role);
    cloud.accounts.insert(ME.into(), account);
    cloud
}

/// Asks with a header, if any; gives status and body.
fn ask(
    cloud: &mut CloudState,
    tokens: &mut Tokens,
    line: &str,
    header: Option<(&str, &str)>,
) -> (u16, String) {
    let headers: Vec<(&str, &str)> = [("host", "127.0.0.1")].into_iter().chain(header).collect();
    let request = request(line, &headers, "");
    assert!(action(&request).is_some(), "{line}");
    let reply = answer(cloud, tokens, &request, WALL);
    (reply.status.as_u16(), String::from_utf8(reply.body.to_vec()).unwrap())
}

const CREDENTIALS: &str = "GET /latest/meta-data/ram/security-credentials/";
const TTL: Option<(&str, &str)> = Some(("x-aliyun-ecs-metadata-token-ttl-seconds", "60"));

#[test]
fn a_token_opens_the_metadata_and_gives_the_role_and_its_credentials() {
    let (mut cloud, mut tokens) = (cloud(SERVICE), Tokens::default());
    assert_eq!(ask(&mut cloud, &mut tokens, CREDENTIALS, None).0, 401, "no version 1");
    for bad in [None, Some(("x-aliyun-ecs-metadata-token-ttl-seconds", "0"))] {
        assert_eq!(ask(&mut cloud, &mut tokens, "PUT /latest/api/token", bad).0, 400);
    }
    let (status, token) = ask(&mut cloud, &mut tokens, "PUT /latest/api/token", TTL);
    assert_eq!(status, 200);
    let header = ("x-aliyun-ecs-metadata-token", token.as_str());
    let token = Some(header);
    assert_eq!(ask(&mut cloud, &mut tokens, CREDENTIALS, token), (200, "runner".to_owned()));
    let (status, document) = ask(&mut cloud, &mut tokens, &format!("{CREDENTIALS}runner"), token);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!((status, &document["Code"]), (200, &json!("Success")));
    assert_eq!(document["Expiration"], "2026-01-15T09:30:00Z");
    let key = &cloud.access_keys[document["AccessKeyId"].as_str().unwrap()];
    assert_eq!(key.secret.expose(), document["AccessKeySecret"]);
    assert_eq!(key.token.as_ref().unwrap().expose(), document["SecurityToken"]);
    assert_eq!(key.principal, Principal::Role { role: "runner".into(), session: INSTANCE.into() });
    assert_eq!(ask(&mut cloud, &mut tokens, &format!("{CREDENTIALS}other"), token).0, 404);
    let late = request(CREDENTIALS, &[("host", "127.0.0.1"), header], "");
    let reply = answer(&mut cloud, &mut tokens, &late, WALL + time::Duration::minutes(2));
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "tokens end");
}

#[test]
fn an_instance_without_a_role_has_no_credentials() {
    let (mut cloud, mut tokens) = (cloud("fc.aliyuncs.com"), Tokens::default());
    let (_, token) = ask(&mut cloud, &mut tokens, "PUT /latest/api/token", TTL);
    let token = Some(("x-aliyun-ecs-metadata-token", token.as_str()));
    assert_eq!(ask(&mut cloud, &mut tokens, CREDENTIALS, token).0, 404);
}

#[test]
fn an_address_gives_credentials_of_any_role_that_there_is() {
    let (mut cloud, mut tokens) = (cloud("fc.aliyuncs.com"), Tokens::default());
    let (status, document) = ask(&mut cloud, &mut tokens, &format!("GET /credentials/{ME}/runner"), None);
    assert!(status == 200 && document.contains("\"SecurityToken\""), "{document}");
    assert_eq!(ask(&mut cloud, &mut tokens, &format!("GET /credentials/{ME}/none"), None).0, 404);
    let service = request("GET /?Action=GetCallerIdentity", &[("host", "127.0.0.1")], "");
    assert_eq!(action(&service), None);
}
