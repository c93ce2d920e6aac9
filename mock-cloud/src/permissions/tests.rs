//! Identities with policies, service by service.

use bytes::Bytes;
use http::Method;

use super::*;
use crate::http::Caller;
use crate::ram::{Policy, User};
use crate::world::{Account, Secret};

const ME: &str = "1000000000000001";

/// An account with a user to whom one document applies.
fn world(document: &str) -> World {
    let mut world = World::default();
    let mut account = Account::default();
    let now = time::macros::datetime!(2026-01-15 08:30:00 UTC);
    let policy = Policy::new(document, "", now);
    account.ram.policies.insert("own".into(), policy);
    let user = User { policies: vec!["own".into()], ..User::new("200000000000000001".into()) };
    account.ram.users.insert("ci".into(), user);
    world.accounts.insert(ME.into(), account);
    let key = AccessKey {
        account: ME.into(),
        secret: Secret::new("s"),
        principal: Principal::User { name: "ci".into() },
        active: true,
        token: None,
        policy: None,
        created: None,
        expires: None,
    };
    world.access_keys.insert("key".into(), key);
    world
}

fn allow(action: &str, resource: &str) -> String {
    json!({ "Version": "1", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": resource }] })
        .to_string()
}

fn call(action: &str, target: &str, container: Option<&str>) -> Call {
    let mut call = Call::test(ME, Method::POST, target);
    call.action = action.to_owned();
    call.container = container.map(str::to_owned);
    call.caller = Caller { account: ME.into(), access_key: "key".into(), arn: String::new() };
    call
}

#[test]
fn refusals_speak_the_language_of_the_service() {
    let world = world(&allow("oss:GetObject", "*"));
    let denied = |service, call: &Call| check(&world, service, call).unwrap_err();
    let error = denied(Service::ActionTrail, &call("StopLogging", "/?Name=audit-trail", None));
    assert_eq!((error.status, error.code.as_str()), (403, "NoPermission"));
    let detail = error.denial.unwrap();
    assert_eq!(detail["AuthAction"], "actiontrail:StopLogging");
    assert_eq!(
        (&detail["NoPermissionType"], &detail["AuthPrincipalDisplayName"]),
        (&json!("ImplicitDeny"), &json!("ci"))
    );
    let error = denied(Service::Oss, &call("PutObject", "/key", Some("logs")));
    assert_eq!((error.status, error.code.as_str()), (403, "AccessDenied"));
    let error = denied(Service::Sls, &call("GetLogStore", "/logstores/audit", Some("p1")));
    assert_eq!((error.status, error.code.as_str()), (401, "Unauthorized"));
    assert_eq!(
        error.message,
        "denied by sts or ram, action: log:GetLogStore, \
         resource: acs:log:cn-hangzhou:1000000000000001:project/p1/logstore/audit"
    );
    assert!(check(&world, Service::Sts, &call("GetCallerIdentity", "/", None)).is_ok());
    assert!(check(&world, Service::Oss, &call("HeadObject", "/key", Some("logs"))).is_ok());
}

#[test]
fn resources_are_named_as_policies_name_them() {
    let mut body = call("CreateLogStore", "/logstores", Some("p1"));
    body.body = Bytes::from_static(br#"{"logstoreName":"fresh"}"#);
    for (service, action, resource, call) in [
        (
            Service::ActionTrail,
            "actiontrail:DeleteTrail",
            "acs:actiontrail:cn-hangzhou:1000000000000001:trail/audit-trail",
            call("DeleteTrail", "/?Name=audit-trail", None),
        ),
        (
            Service::Ram,
            "ram:GetRole",
            "acs:ram:*:1000000000000001:role/r",
            call("GetRole", "/?RoleName=r", None),
        ),
        (
            Service::ResourceManager,
            "ram:GetRole",
            "acs:ram:*:1000000000000001:role/r",
            call("GetRole", "/?RoleName=r", None),
        ),
        (Service::ResourceManager, "resourcemanager:ListAccounts", "*", call("ListAccounts", "/", None)),
        (
            Service::Oss,
            "oss:PutObject",
            "acs:oss:*:1000000000000001:logs/a/b",
            call("UploadPart", "/a/b", Some("logs")),
        ),
        (
            Service::Oss,
            "oss:PutBucketTagging",
            "acs:oss:*:1000000000000001:logs",
            call("PutBucketTags", "/", Some("logs")),
        ),
        (
            Service::Sls,
            "log:CreateLogStore",
            "acs:log:cn-hangzhou:1000000000000001:project/p1/logstore/fresh",
            body,
        ),
        (
            Service::Sls,
            "log:UpdateJob",
            "acs:log:cn-hangzhou:1000000000000001:project/p1/job/a",
            call("UpdateAlert", "/alerts/a", Some("p1")),
        ),
        (
            Service::Sls,
            "log:GetProject",
            "acs:log:cn-hangzhou:1000000000000001:project/p1",
            call("GetProject", "/", Some("p1")),
        ),
    ] {
        let exact = world(&allow(action, resource));
        assert_eq!(check(&exact, service, &call), Ok(()), "{action} {resource}");
        let other = world(&allow(action, "acs:none"));
        assert!(check(&other, service, &call).is_err(), "{action} {resource}");
    }
}

#[test]
fn sessions_and_directories_narrow() {
    let mut world = world(&allow("*", "*"));
    let stop = call("StopLogging", "/?Name=audit-trail", None);
    assert_eq!(check(&world, Service::ActionTrail, &stop), Ok(()));
    world.access_keys.get_mut("key").unwrap().policy = Some(allow("oss:*", "*"));
    let error = check(&world, Service::ActionTrail, &stop).unwrap_err();
    assert_eq!(error.denial.unwrap()["PolicyType"], "SessionPolicy");
    let key = world.access_keys.get_mut("key").unwrap();
    (key.policy, key.principal) = (None, Principal::Root);
    let now = time::macros::datetime!(2026-01-15 08:30:00 UTC);
    let mut directory = resource_manager::Directory::new("1000000000000009", now);
    directory.control_policies_enabled = true;
    directory.members.insert(ME.into(), resource_manager::Member::new(&directory.root_folder, now));
    let policy = resource_manager::ControlPolicy {
        name: "keep".into(),
        description: String::new(),
        document: allow("actiontrail:StopLogging", "*").replace("Allow", "Deny"),
        create_time: now,
        update_time: now,
    };
    directory.control_policies.insert("cp-1".into(), policy);
    directory.attachments.insert(directory.root_folder.clone(), vec!["cp-1".into()]);
    world.directories.insert("rd-1".into(), directory);
    world.accounts.get_mut(ME).unwrap().organization_id = Some("rd-1".into());
    let error = check(&world, Service::ActionTrail, &stop).unwrap_err();
    let detail = error.denial.unwrap();
    assert_eq!(
        (&detail["PolicyType"], &detail["NoPermissionType"]),
        (&json!("ControlPolicy"), &json!("ExplicitDeny"))
    );
    assert_eq!(check(&world, Service::ActionTrail, &call("StartLogging", "/?Name=x", None)), Ok(()));
}
