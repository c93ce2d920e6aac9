//! Identities with policies, service by service.

use bytes::Bytes;
use http::Method;
use serde_json::Value;

use super::*;
use crate::cloud::{Account, Secret};
use crate::http::Caller;
use crate::ram::{Policy, User};

const ME: &str = "1000000000000001";

/// An account with a user to whom one document applies.
fn cloud(document: &str) -> CloudState {
    let mut cloud = CloudState::default();
    let mut account = Account::default();
    let now = time::macros::datetime!(2026-01-15 08:30:00 UTC);
    let policy = Policy::new(document, "", now);
    account.ram.policies.insert("own".into(), policy);
    let user = User { policies: vec!["own".into()], ..User::new("200000000000000001".into()) };
    account.ram.users.insert("ci".into(), user);
    cloud.accounts.insert(ME.into(), account);
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
    cloud.access_keys.insert("key".into(), key);
    cloud
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
    let cloud = cloud(&allow("oss:GetObject", "*"));
    let denied = |service, call: &Call| check(&cloud, service, call).unwrap_err();
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
    assert!(check(&cloud, Service::Sts, &call("GetCallerIdentity", "/", None)).is_ok());
    assert!(check(&cloud, Service::Oss, &call("HeadObject", "/key", Some("logs"))).is_ok());
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
            "log:MergeShards",
            "acs:log:cn-hangzhou:1000000000000001:project/p1/logstore/audit",
            call("MergeShard", "/logstores/audit/shards/0?action=merge", Some("p1")),
        ),
        (
            Service::Sls,
            "log:GetProject",
            "acs:log:cn-hangzhou:1000000000000001:project/p1",
            call("GetProject", "/", Some("p1")),
        ),
    ] {
        let exact = cloud(&allow(action, resource));
        assert_eq!(check(&exact, service, &call), Ok(false), "{action} {resource}");
        let other = cloud(&allow(action, "acs:none"));
        assert!(check(&other, service, &call).is_err(), "{action} {resource}");
    }
}

#[test]
fn sessions_and_directories_narrow() {
    let mut cloud = cloud(&allow("*", "*"));
    let stop = call("StopLogging", "/?Name=audit-trail", None);
    assert_eq!(check(&cloud, Service::ActionTrail, &stop), Ok(false));
    cloud.access_keys.get_mut("key").unwrap().policy = Some(allow("oss:*", "*"));
    let error = check(&cloud, Service::ActionTrail, &stop).unwrap_err();
    assert_eq!(error.denial.unwrap()["PolicyType"], "SessionPolicy");
    let key = cloud.access_keys.get_mut("key").unwrap();
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
    cloud.directories.insert("rd-1".into(), directory);
    cloud.accounts.get_mut(ME).unwrap().organization_id = Some("rd-1".into());
    let error = check(&cloud, Service::ActionTrail, &stop).unwrap_err();
    let detail = error.denial.unwrap();
    assert_eq!(
        (&detail["PolicyType"], &detail["NoPermissionType"]),
        (&json!("ControlPolicy"), &json!("ExplicitDeny"))
    );
    assert_eq!(check(&cloud, Service::ActionTrail, &call("StartLogging", "/?Name=x", None)), Ok(false));
}

const OTHER: &str = "1000000000000002";

/// The world of a user who may do nothing, with a bucket of the given account and policy.
fn with_bucket(owner: &str, policy: Value) -> CloudState {
    let mut cloud = cloud(&allow("none:None", "*"));
    let mut bucket =
        crate::oss::Bucket::new(owner, "cn-hangzhou", time::macros::datetime!(2026-01-15 08:30 UTC));
    bucket.policy = Some(policy.to_string());
    bucket.block_public_access = false;
    cloud.oss.buckets.insert("logs".into(), bucket);
    cloud
}

fn statement(effect: &str, principal: &str, action: &str) -> Value {
    json!({ "Version": "1", "Statement": [
        { "Effect": effect, "Principal": [principal], "Action": [action], "Resource": ["acs:oss:*:*:logs/*"] }] })
}

#[test]
fn a_bucket_lets_in_whom_its_policy_names() {
    let get = call("GetObject", "/key", Some("logs"));
    let delete = call("DeleteObject", "/key", Some("logs"));
    for principal in [ME, "200000000000000001", "*"] {
        let cloud = with_bucket(OTHER, statement("Allow", principal, "oss:GetObject"));
        assert_eq!(check(&cloud, Service::Oss, &get), Ok(true), "{principal}");
        assert_eq!(check(&cloud, Service::Oss, &delete).unwrap_err().code, "AccessDenied");
    }
    let cloud = with_bucket(OTHER, statement("Allow", "200000000000000002", "oss:GetObject"));
    assert!(check(&cloud, Service::Oss, &get).is_err());
    // An explicit denial by the caller's own account holds all the same.
    let mut cloud = with_bucket(OTHER, statement("Allow", ME, "oss:GetObject"));
    let own = cloud.accounts.get_mut(ME).unwrap().ram.policies.get_mut("own").unwrap();
    own.document = allow("oss:*", "*").replace("Allow", "Deny");
    assert!(check(&cloud, Service::Oss, &get).is_err());
    // A session of a role.
    let mut cloud = with_bucket(
        OTHER,
        statement("Allow", "arn:sts::1000000000000001:assumed-role/reader/*", "oss:GetObject"),
    );
    cloud.access_keys.get_mut("key").unwrap().principal =
        Principal::Role { role: "Reader".into(), session: "s".into() };
    assert_eq!(check(&cloud, Service::Oss, &get), Ok(true));
}

#[test]
fn strangers_without_a_name_need_an_open_bucket() {
    let mut get = call("GetObject", "/key", Some("logs"));
    get.caller = Caller { account: String::new(), access_key: String::new(), arn: String::new() };
    let mut cloud = with_bucket(OTHER, statement("Allow", "*", "oss:GetObject"));
    assert_eq!(check(&cloud, Service::Oss, &get), Ok(true));
    cloud.oss.buckets.get_mut("logs").unwrap().block_public_access = true;
    assert_eq!(check(&cloud, Service::Oss, &get), Ok(false));
    let bucket = cloud.oss.buckets.get_mut("logs").unwrap();
    (bucket.policy, bucket.block_public_access, bucket.acl) = (None, false, "public-read".into());
    assert_eq!(check(&cloud, Service::Oss, &get), Ok(true));
    let mut put = get.clone();
    put.action = "PutObject".into();
    assert_eq!(check(&cloud, Service::Oss, &put), Ok(false));
    cloud.oss.account_public_access_block.insert(OTHER.into(), true);
    assert_eq!(check(&cloud, Service::Oss, &get), Ok(false));
}

#[test]
fn a_bucket_refuses_and_admits_its_own() {
    let get = call("GetObject", "/key", Some("logs"));
    let admitted = with_bucket(ME, statement("Allow", "200000000000000001", "oss:GetObject"));
    assert_eq!(check(&admitted, Service::Oss, &get), Ok(false), "allowed, and no stranger");
    let mut cloud = with_bucket(ME, statement("Deny", "*", "oss:*"));
    cloud.accounts.get_mut(ME).unwrap().ram.policies.get_mut("own").unwrap().document = allow("*", "*");
    assert_eq!(check(&cloud, Service::Oss, &get).unwrap_err().code, "AccessDenied");
    cloud.switches.set("oss_policy_denies_own", "false").unwrap();
    assert_eq!(check(&cloud, Service::Oss, &get), Ok(false));
    cloud.switches.set("oss_policy_denies_own", "true").unwrap();
    cloud.access_keys.get_mut("key").unwrap().principal = Principal::Root;
    assert_eq!(check(&cloud, Service::Oss, &get), Ok(false), "the account itself can always undo it");
}

#[test]
fn a_project_has_a_policy_too() {
    let mut cloud = cloud(&allow("none:None", "*"));
    let project =
        |policy: Value| crate::sls::Project { policy: Some(policy.to_string()), ..Default::default() };
    let policy = json!({ "Version": "1", "Statement": [
        { "Effect": "Allow", "Principal": [ME], "Action": ["log:GetLogStore"], "Resource": "*" },
        { "Effect": "Deny", "Principal": ["*"], "Action": ["log:DeleteLogStore"], "Resource": "*" }] });
    cloud.region_mut(OTHER, "cn-hangzhou").sls.projects.insert("p1".into(), project(policy));
    let get = call("GetLogStore", "/logstores/audit", Some("p1"));
    assert_eq!(check(&cloud, Service::Sls, &get), Ok(true));
    let delete = call("DeleteLogStore", "/logstores/audit", Some("p1"));
    let error = check(&cloud, Service::Sls, &delete).unwrap_err();
    assert_eq!((error.status, error.message.as_str()), (401, "Access denied by project policy."));
    // What it lets in works on the owner's project.
    let mut get = get;
    (get.let_in, get.method) = (true, Method::GET);
    assert!(crate::sls::ensure_logstore(&mut cloud, OTHER, "cn-hangzhou", "p1", "audit"));
    assert_eq!(crate::sls::handle(&mut cloud, &get).status, 200);
    get.let_in = false;
    assert_eq!(crate::sls::handle(&mut cloud, &get).status, 401);
}

#[test]
fn the_acl_of_an_object_goes_before_that_of_its_bucket() {
    let mut get = call("GetObject", "/key", Some("logs"));
    get.caller = Caller { account: String::new(), access_key: String::new(), arn: String::new() };
    for (bucket_acl, object_acl, let_in) in [
        ("private", Some("public-read"), true),
        ("public-read", Some("private"), false),
        ("public-read", None, true),
        ("private", None, false),
    ] {
        let mut cloud = with_bucket(OTHER, json!({ "Version": "1", "Statement": [] }));
        cloud.oss.store("logs", "key", "x".into(), Default::default(), get.now);
        cloud.oss.buckets.get_mut("logs").unwrap().acl = bucket_acl.into();
        let versions = cloud.oss.objects.get_mut("logs").unwrap().get_mut("key").unwrap();
        versions[0].acl = object_acl.map(str::to_owned);
        assert_eq!(check(&cloud, Service::Oss, &get), Ok(let_in), "{bucket_acl}, {object_acl:?}");
        cloud.oss.buckets.get_mut("logs").unwrap().block_public_access = true;
        assert_eq!(check(&cloud, Service::Oss, &get), Ok(false), "{bucket_acl}, {object_acl:?}, blocked");
    }
}

#[test]
fn a_copy_needs_to_read_its_source() {
    let mut copy = call("CopyObject", "/copy", Some("logs"));
    copy.headers.insert("x-oss-copy-source", http::HeaderValue::from_static("/secrets/a%20key"));
    let write = |resource: &str| {
        json!({ "Version": "1", "Statement": [
            { "Effect": "Allow", "Action": ["oss:PutObject"], "Resource": ["*"] },
            { "Effect": "Allow", "Action": ["oss:GetObject"], "Resource": [resource] }] })
        .to_string()
    };
    for (resource, allowed) in
        [("acs:oss:*:*:secrets/a key", true), ("acs:oss:*:*:logs/*", false), ("acs:oss:*:*:secrets/b", false)]
    {
        // An open bucket says nothing of what is copied into it.
        let mut cloud = with_bucket(ME, json!({ "Version": "1", "Statement": [] }));
        cloud.oss.buckets.get_mut("logs").unwrap().acl = "public-read-write".into();
        cloud.accounts.get_mut(ME).unwrap().ram.policies.get_mut("own").unwrap().document = write(resource);
        assert_eq!(check(&cloud, Service::Oss, &copy).is_ok(), allowed, "{resource}");
    }
}
