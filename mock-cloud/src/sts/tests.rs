//! Identities and temporary keys.

use http::Method;
use time::macros::datetime;

use super::*;
use crate::cloud::Account;
use crate::ram::{Role, User};

const ME: &str = "1000000000000001";
const MEMBER: &str = "1000000000000002";
const ROLE: &str = "acs:ram::1000000000000002:role/auditor";
const WALL: OffsetDateTime = datetime!(2026-01-15 08:30:00 UTC);

fn cloud(principal: Principal) -> CloudState {
    let mut cloud = CloudState::default();
    let mut account = Account::default();
    account.ram.users.insert("ci".into(), User::new("200000000000000001".into()));
    cloud.accounts.insert(ME.into(), account);
    let mut member = Account::default();
    let role = Role {
        role_id: "300000000000000001".into(),
        assume_role_policy_document: json!({ "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": { "RAM": [format!("acs:ram::{ME}:root")] } }] })
        .to_string(),
        description: String::new(),
        max_session_duration: 7200,
        create_date: WALL,
        update_date: None,
        service_linked: false,
        policies: vec![],
        attach_dates: std::collections::BTreeMap::new(),
        tags: std::collections::BTreeMap::new(),
    };
    member.ram.roles.insert("Auditor".into(), role);
    cloud.accounts.insert(MEMBER.into(), member);
    let key = AccessKey {
        account: ME.into(),
        secret: Secret::new("s"),
        principal,
        active: true,
        token: None,
        policy: None,
        created: None,
        expires: None,
    };
    cloud.access_keys.insert("test".into(), key);
    cloud
}

fn user() -> Principal {
    Principal::User { name: "ci".into() }
}

fn call(cloud: &CloudState, key: &str, action: &str, parameters: &[(&str, &str)]) -> Call {
    let mut call = Call::test(ME, Method::POST, "/?Format=JSON");
    let holder = &cloud.access_keys[key];
    call.action = action.to_owned();
    call.caller.access_key = key.to_owned();
    call.caller.account.clone_from(&holder.account);
    call.caller.arn = holder.arn();
    call.query.extend(parameters.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))));
    call
}

fn assume(cloud: &mut CloudState, parameters: &[(&str, &str)]) -> Outcome {
    let call = call(cloud, "test", "AssumeRole", parameters);
    assume_role(cloud, &call, WALL)
}

#[test]
fn tells_who_the_caller_is() {
    for (principal, kind, arn, id) in [
        (Principal::Root, "Account", "acs:ram::1000000000000001:root", ME),
        (user(), "RAMUser", "acs:ram::1000000000000001:user/ci", "200000000000000001"),
    ] {
        let mut cloud = cloud(principal);
        let call = call(&cloud, "test", "GetCallerIdentity", &[]);
        let answer: Value = serde_json::from_slice(&handle(&mut cloud, &call).body).unwrap();
        assert_eq!(answer["IdentityType"], kind);
        assert_eq!((&answer["Arn"], &answer["AccountId"]), (&json!(arn), &json!(ME)));
        assert_eq!((&answer["UserId"], &answer["PrincipalId"]), (&json!(id), &json!(id)));
    }
}

#[test]
fn a_role_gives_a_temporary_key() {
    let mut cloud = cloud(user());
    let answer =
        assume(&mut cloud, &[("RoleArn", ROLE), ("RoleSessionName", "tf"), ("DurationSeconds", "900")])
            .unwrap();
    assert_eq!(answer["AssumedRoleUser"]["Arn"], format!("{ROLE}/tf"));
    assert_eq!(answer["AssumedRoleUser"]["AssumedRoleId"], "300000000000000001:tf");
    let credentials = &answer["Credentials"];
    assert_eq!(credentials["Expiration"], "2026-01-15T08:45:00Z");
    let id = credentials["AccessKeyId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("STS."));
    let key = &cloud.access_keys[&id];
    assert_eq!(key.account, MEMBER);
    assert_eq!(key.token.as_ref().unwrap().expose(), credentials["SecurityToken"]);
    assert_eq!(key.expires, Some(datetime!(2026-01-15 08:45:00 UTC)));
    let call = call(&cloud, &id, "GetCallerIdentity", &[]);
    let who: Value = serde_json::from_slice(&handle(&mut cloud, &call).body).unwrap();
    assert_eq!(who["IdentityType"], "AssumedRoleUser");
    assert_eq!(who["Arn"], "acs:ram::1000000000000002:assumed-role/Auditor/tf");
    assert_eq!(who["PrincipalId"], "300000000000000001:tf");
    assert_eq!(who["RoleId"], "300000000000000001");
}

#[test]
fn refuses_with_the_documented_codes() {
    let mut cloud = cloud(user());
    let session = ("RoleSessionName", "tf");
    for (parameters, status, code) in [
        (&[session][..], 400, "MissingRoleArn"),
        (&[("RoleArn", "auditor"), session], 400, "InvalidParameter.RoleArn"),
        (&[("RoleArn", ROLE), ("RoleSessionName", "t")], 400, "InvalidParameter.RoleSessionName"),
        (&[("RoleArn", ROLE), session, ("DurationSeconds", "7201")], 400, "InvalidParameter.DurationSeconds"),
        (&[("RoleArn", ROLE), session, ("DurationSeconds", "899")], 400, "InvalidParameter.DurationSeconds"),
        (&[("RoleArn", ROLE), session, ("ExternalId", "a b")], 400, "InvalidParameter.ExternalId"),
        (&[("RoleArn", ROLE), session, ("Policy", "{")], 400, "InvalidParameter.PolicyGrammar"),
        (&[("RoleArn", "acs:ram::1000000000000002:role/none"), session], 404, "EntityNotExist.Role"),
    ] {
        let error = assume(&mut cloud, parameters).unwrap_err();
        assert_eq!((error.status, error.code.as_str()), (status, code), "{parameters:?}");
    }
    let role = cloud.accounts.get_mut(MEMBER).unwrap().ram.roles.get_mut("Auditor").unwrap();
    role.assume_role_policy_document = role.assume_role_policy_document.replace(ME, MEMBER);
    let error = assume(&mut cloud, &[("RoleArn", ROLE), session]).unwrap_err();
    assert_eq!((error.status, error.code.as_str()), (403, "NoPermission"));
    let mut rooted = self::cloud(Principal::Root);
    let error = assume(&mut rooted, &[("RoleArn", ROLE), session]).unwrap_err();
    assert_eq!((error.status, error.code.as_str()), (403, "NoPermission"));
}

#[test]
fn a_token_of_a_trusted_provider_opens_a_role() {
    use base64::Engine;
    let provider = "acs:ram::1000000000000002:oidc-provider/ci";
    let mut cloud = cloud(user());
    let role = cloud.accounts.get_mut(MEMBER).unwrap().ram.roles.get_mut("Auditor").unwrap();
    role.assume_role_policy_document = json!({ "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "Federated": [provider] },
        "Condition": { "StringEquals": { "oidc:aud": ["sts"] }, "StringLike": { "oidc:sub": "repo:acme/*" } } }] })
    .to_string();
    let token = |subject: &str, end: i64| {
        let claims = json!({ "iss": "https://ci.example", "aud": "sts", "sub": subject, "exp": end });
        let encode = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", encode("{}".into()), encode(claims.to_string()), encode("signature".into()))
    };
    let later = WALL.unix_timestamp() + 60;
    let mut assume = |token: &str, provider: &str| {
        let mut call = Call::test("", Method::POST, "/");
        call.action = UNSIGNED.to_owned();
        for (name, value) in [
            ("OIDCProviderArn", provider),
            ("RoleArn", ROLE),
            ("OIDCToken", token),
            ("RoleSessionName", "ci"),
        ] {
            call.query.push((name.to_owned(), Some(value.to_owned())));
        }
        oidc::assume(&mut cloud, &call, WALL)
    };
    let answer = assume(&token("repo:acme/infra", later), provider).unwrap();
    assert_eq!(answer["OIDCTokenInfo"]["Subject"], "repo:acme/infra");
    assert!(answer["Credentials"]["AccessKeyId"].as_str().unwrap().starts_with("STS."));
    for (token, provider, code) in [
        (token("repo:other/infra", later), provider, "AuthenticationFail.NoPermission"),
        (
            token("repo:acme/infra", later),
            "acs:ram::1000000000000002:oidc-provider/x",
            "AuthenticationFail.NoPermission",
        ),
        (token("repo:acme/infra", 1), provider, "AuthenticationFail.OIDCToken.Expired"),
        ("no token".to_owned(), provider, "InvalidParameter.OIDCToken"),
        (token("repo:acme/infra", later), "ci", "InvalidParameter.OIDCProviderArn"),
    ] {
        assert_eq!(assume(&token, provider).unwrap_err().code, code);
    }
}
