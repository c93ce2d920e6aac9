//! The directory as its management account sees and changes it.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::*;
use crate::cloud::Account;
use crate::ram::evaluate::{AccessRequest, Verdict, judge};

const MASTER: &str = "1000000000000001";
const MEMBER: &str = "1000000000000003";

fn cloud(members: u64) -> CloudState {
    let mut cloud = CloudState::default();
    for number in 0..=members {
        let account = Account {
            name: format!("account-{number}"),
            organization_admin: number == 0,
            organization_id: Some("rd-test01".to_owned()),
            ..Account::default()
        };
        cloud.accounts.insert((1_000_000_000_000_001 + number).to_string(), account);
    }
    cloud
}

fn ask(cloud: &mut CloudState, account: &str, action: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
    let mut call = Call::test(account, Method::POST, "/?Format=JSON");
    call.action = action.to_owned();
    let pairs = parameters.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
    call.query.extend(pairs);
    let reply = handle(cloud, &call);
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
}

fn ok(cloud: &mut CloudState, action: &str, parameters: &[(&str, &str)]) -> Value {
    let (status, body) = ask(cloud, MASTER, action, parameters);
    assert_eq!(status, StatusCode::OK.as_u16(), "{action} {parameters:?}: {body}");
    body
}

fn err(cloud: &mut CloudState, action: &str, parameters: &[(&str, &str)]) -> (u16, String) {
    let (status, body) = ask(cloud, MASTER, action, parameters);
    (status, body["Code"].as_str().unwrap_or("it succeeded").to_owned())
}

fn refusal(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn accounts_come_in_pages() {
    let mut cloud = cloud(25);
    let directory = ok(&mut cloud, "GetResourceDirectory", &[]);
    assert_eq!(directory["ResourceDirectory"]["MasterAccountId"], MASTER);
    let first = ok(&mut cloud, "ListAccounts", &[]);
    assert_eq!(first["Accounts"]["Account"].as_array().unwrap().len(), 10);
    assert_eq!((&first["TotalCount"], &first["PageSize"]), (&json!(25), &json!(10)));
    let last = ok(&mut cloud, "ListAccounts", &[("PageNumber", "3"), ("PageSize", "10")]);
    assert_eq!(last["Accounts"]["Account"].as_array().unwrap().len(), 5);
    assert_eq!(last["Accounts"]["Account"][0]["JoinMethod"], "created");
    let token = ok(&mut cloud, "ListAccounts", &[("MaxResults", "20")])["NextToken"].clone();
    let rest =
        ok(&mut cloud, "ListAccounts", &[("MaxResults", "20"), ("NextToken", token.as_str().unwrap())]);
    assert_eq!(rest["Accounts"]["Account"].as_array().unwrap().len(), 5);
    assert!(rest.get("NextToken").is_none());
    cloud.switches.set("list_management_account", "true").unwrap();
    assert_eq!(ok(&mut cloud, "ListAccounts", &[])["TotalCount"], 26);
    for (parameters, code) in [
        (&[("PageSize", "101")][..], "InvalidParameter.PageSize"),
        (&[("MaxResults", "0")], "InvalidParameter.MaxResults"),
        (&[("NextToken", "x")], "InvalidParameter.NextToken"),
    ] {
        assert_eq!(err(&mut cloud, "ListAccounts", parameters), refusal(400, code));
    }
    let unknown = err(&mut cloud, "GetAccount", &[("AccountId", "1")]);
    assert_eq!(unknown, refusal(404, "EntityNotExists.Account"));
    assert_eq!(ask(&mut cloud, MEMBER, "ListAccounts", &[]).0, 403);
    cloud.accounts.get_mut(MASTER).unwrap().organization_id = None;
    assert_eq!(err(&mut cloud, "GetResourceDirectory", &[]), refusal(404, "ResourceDirectoryNotInUse"));
    assert_eq!(err(&mut cloud, "ListAccounts", &[]), refusal(404, "EntityNotExists.ResourceDirectory"));
}

#[test]
fn accounts_live_in_folders() {
    let mut cloud = cloud(3);
    let folder = ok(&mut cloud, "CreateFolder", &[("FolderName", "prod")])["Folder"].clone();
    let id = folder["FolderId"].as_str().unwrap();
    ok(&mut cloud, "MoveAccount", &[("AccountId", MEMBER), ("DestinationFolderId", id)]);
    let inside = ok(&mut cloud, "ListAccountsForParent", &[("ParentFolderId", id)]);
    assert_eq!(inside["Accounts"]["Account"][0]["AccountId"], MEMBER);
    let path =
        ok(&mut cloud, "GetAccount", &[("AccountId", MEMBER)])["Account"]["ResourceDirectoryPath"].clone();
    assert!(path.as_str().unwrap().ends_with(&format!("/{id}/{MEMBER}")), "{path}");
    assert_eq!(
        ok(&mut cloud, "ListAncestors", &[("ChildId", MEMBER)])["Folders"]["Folder"][1]["FolderName"],
        "prod"
    );
    let full = err(&mut cloud, "DeleteFolder", &[("FolderId", id)]);
    assert_eq!(full, refusal(409, "DeleteConflict.Folder.Account"));
    let twice = err(&mut cloud, "CreateFolder", &[("FolderName", "prod")]);
    assert_eq!(twice, refusal(400, "InvalidParameter.Folder.Name.AlreadyUsed"));
    let made = ok(&mut cloud, "CreateResourceAccount", &[("DisplayName", "new"), ("ParentFolderId", id)]);
    let made = made["Account"]["AccountId"].as_str().unwrap();
    assert!(cloud.accounts[made].ram.roles.contains_key("ResourceDirectoryAccountAccessRole"));
}

#[test]
fn delegated_administrators_may_make_organization_trails() {
    let mut cloud = cloud(3);
    let pair = [("AccountId", MEMBER), ("ServicePrincipal", "actiontrail.aliyuncs.com")];
    ok(&mut cloud, "RegisterDelegatedAdministrator", &pair);
    assert!(cloud.accounts[MEMBER].organization_admin);
    assert_eq!(ask(&mut cloud, MEMBER, "ListAccounts", &[]).0, 200);
    let list = ok(&mut cloud, "ListDelegatedAdministrators", &[pair[1]]);
    assert_eq!(list["Accounts"]["Account"][0]["AccountId"], MEMBER);
    let services = ok(&mut cloud, "ListDelegatedServicesForAccount", &[pair[0]]);
    assert_eq!(services["DelegatedServices"]["DelegatedService"][0]["Status"], "ENABLED");
    assert_eq!(
        err(&mut cloud, "RegisterDelegatedAdministrator", &pair),
        refusal(409, "AccountAlreadyRegistered")
    );
    let master = err(&mut cloud, "RegisterDelegatedAdministrator", &[("AccountId", MASTER), pair[1]]);
    assert_eq!(master, refusal(409, "CannotRegisterMasterAsDelegatedAdministrator"));
    ok(&mut cloud, "DeregisterDelegatedAdministrator", &pair);
    assert!(!cloud.accounts[MEMBER].organization_admin);
    assert_eq!(
        err(&mut cloud, "DeregisterDelegatedAdministrator", &pair),
        refusal(409, "AccountNotRegistered")
    );
}

#[test]
fn control_policies_reach_members_through_their_folders() {
    let mut cloud = cloud(3);
    let document = r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"actiontrail:StopLogging","Resource":"*"}]}"#;
    let made = ok(
        &mut cloud,
        "CreateControlPolicy",
        &[("PolicyName", "keep-logging"), ("EffectScope", "RAM"), ("PolicyDocument", document)],
    );
    let id = made["ControlPolicy"]["PolicyId"].as_str().unwrap();
    let root = ok(&mut cloud, "GetResourceDirectory", &[])["ResourceDirectory"]["RootFolderId"].clone();
    let pair = [("PolicyId", id), ("TargetId", root.as_str().unwrap())];
    ok(&mut cloud, "AttachControlPolicy", &pair);
    assert!(levels(&cloud, MEMBER).is_empty());
    ok(&mut cloud, "EnableControlPolicy", &[]);
    let stop = AccessRequest { action: "actiontrail:StopLogging".into(), resource: "*".into() };
    let verdicts: Vec<Verdict> =
        levels(&cloud, MEMBER).iter().map(|level| judge(level.iter().map(String::as_str), &stop)).collect();
    assert_eq!(verdicts, [Verdict::Denied, Verdict::Allowed]);
    assert!(levels(&cloud, MASTER).is_empty());
    let attached = ok(&mut cloud, "ListControlPolicyAttachmentsForTarget", &[pair[1]]);
    assert_eq!(attached["ControlPolicyAttachments"]["ControlPolicyAttachment"].as_array().unwrap().len(), 2);
    let targets = ok(&mut cloud, "ListTargetAttachmentsForControlPolicy", &[pair[0]]);
    assert_eq!(targets["TargetAttachments"]["TargetAttachment"][0]["TargetType"], "Root");
    assert_eq!(
        err(&mut cloud, "DeleteControlPolicy", &[pair[0]]),
        refusal(409, "DeleteConflict.ControlPolicy.Attached")
    );
    ok(&mut cloud, "DetachControlPolicy", &pair);
    let last = err(&mut cloud, "DetachControlPolicy", &[("PolicyId", "cp-FullAliyunAccess"), pair[1]]);
    assert_eq!(last, refusal(400, "NotSupport.DetachLastControlPolicy"));
    ok(&mut cloud, "DeleteControlPolicy", &[pair[0]]);
    assert_eq!(ok(&mut cloud, "ListControlPolicies", &[])["TotalCount"], 1);
}

#[test]
fn service_linked_roles_come_and_go() {
    let mut cloud = cloud(0);
    let service = [("ServiceName", "actiontrail.aliyuncs.com")];
    let role = ok(&mut cloud, "CreateServiceLinkedRole", &service)["Role"].clone();
    assert_eq!(role["Arn"], format!("acs:ram::{MASTER}:role/aliyunserviceroleforactiontrail"));
    assert_eq!(role["IsServiceLinkedRole"], true);
    assert_eq!(
        err(&mut cloud, "CreateServiceLinkedRole", &service),
        refusal(409, "EntityAlreadyExists.Role")
    );
    let name = [("RoleName", "AliyunServiceRoleForActionTrail")];
    assert_eq!(ok(&mut cloud, "GetRole", &name)["Role"]["MaxSessionDuration"], 3600);
    let task = ok(&mut cloud, "DeleteServiceLinkedRole", &name)["DeletionTaskId"].clone();
    let status = [("DeletionTaskId", task.as_str().unwrap())];
    assert_eq!(ok(&mut cloud, "GetServiceLinkedRoleDeletionStatus", &status)["Status"], "SUCCEEDED");
    assert_eq!(err(&mut cloud, "GetRole", &name), refusal(404, "EntityNotExist.Role"));
    for (action, parameters, expected) in [
        (
            "CreateServiceLinkedRole",
            [("ServiceName", "none.aliyuncs.com")],
            refusal(404, "EntityNotExist.Service"),
        ),
        (
            "GetServiceLinkedRoleDeletionStatus",
            [("DeletionTaskId", "task")],
            refusal(400, "InvalidParameter.DeletionTaskId.Length"),
        ),
        ("GetRole", [("RoleName", "a b")], refusal(400, "InvalidParameter.RoleName.InvalidChars")),
    ] {
        assert_eq!(err(&mut cloud, action, &parameters), expected, "{action}");
    }
    let long = "x".repeat(2000);
    for (parameter, code) in [
        (("CustomSuffix", "a_b"), "CustomSuffix.InvalidChars"),
        (("CustomSuffix", &*long), "CustomSuffix.Length"),
        (("CustomSuffix", "second"), "CustomSuffix.NotAllowed"),
        (("Description", &*long), "Description.Length"),
        (("Description", "mine"), "Description.NotAllowed"),
    ] {
        let refused = err(&mut cloud, "CreateServiceLinkedRole", &[service[0], parameter]);
        assert_eq!(refused, refusal(400, &format!("InvalidParameter.{code}")));
    }
}

#[test]
fn names_of_folders_are_longer_than_the_pages_say() {
    let mut cloud = cloud(2);
    let name = "f".repeat(33);
    let made = ok(&mut cloud, "CreateFolder", &[("FolderName", &name)])["Folder"].clone();
    let id = made["FolderId"].as_str().unwrap();
    let longer = "g".repeat(34);
    let renamed = ok(&mut cloud, "UpdateFolder", &[("FolderId", id), ("NewFolderName", &longer)]);
    assert_eq!(renamed["Folder"]["FolderName"], longer);
    cloud.switches.set("folder_name_length", "24").unwrap();
    let refused = err(&mut cloud, "CreateFolder", &[("FolderName", &name)]);
    assert_eq!(refused, refusal(400, "InvalidParameter.Folder.Name.Length"));
}

#[test]
fn administrators_are_registered_for_any_trusted_service() {
    let mut cloud = cloud(2);
    let of = |service| [("AccountId", MEMBER), ("ServicePrincipal", service)];
    for service in ["cloudfw.aliyuncs.com", "audit.log.aliyuncs.com", "not-known-here.aliyuncs.com"] {
        ok(&mut cloud, "RegisterDelegatedAdministrator", &of(service));
    }
    let trusted = ok(&mut cloud, "ListTrustedServiceStatus", &[])["EnabledServicePrincipals"].clone();
    assert_eq!(trusted["EnabledServicePrincipal"].as_array().unwrap().len(), 4, "{trusted}");
    for service in ["none", ".aliyuncs.com", "a..aliyuncs.com", "cloudfw.example.com", "CloudFW.aliyuncs.com"]
    {
        let refused = err(&mut cloud, "RegisterDelegatedAdministrator", &of(service));
        assert_eq!(refused, refusal(409, "InvalidParameter.ServicePrincipal"), "{service}");
    }
    cloud.switches.set("trusted_services", "known").unwrap();
    let refused = err(&mut cloud, "RegisterDelegatedAdministrator", &of("other.aliyuncs.com"));
    assert_eq!(refused, refusal(409, "InvalidParameter.ServicePrincipal"));
    ok(&mut cloud, "RegisterDelegatedAdministrator", &of("sas.aliyuncs.com"));
}

#[test]
fn the_directory_has_errors_of_its_own() {
    let mut cloud = cloud(2);
    let root = ok(&mut cloud, "GetResourceDirectory", &[])["ResourceDirectory"]["RootFolderId"].clone();
    let root = root.as_str().unwrap();
    let outer = ok(&mut cloud, "CreateFolder", &[("FolderName", "outer")])["Folder"]["FolderId"].clone();
    let outer = outer.as_str().unwrap();
    ok(&mut cloud, "CreateFolder", &[("FolderName", "inner"), ("ParentFolderId", outer)]);
    let long = "x".repeat(5000);
    let policy = [("PolicyName", "deny"), ("EffectScope", "RAM"), ("PolicyDocument", long.as_str())];
    for (action, parameters, status, code) in [
        ("CreateFolder", &[][..], 400, "MissingParameter.Folder.Name"),
        ("CreateFolder", &[("FolderName", "a/b")], 400, "InvalidParameter.Folder.Name"),
        ("CreateFolder", &[("FolderName", &*long)], 400, "InvalidParameter.Folder.Name.Length"),
        (
            "CreateFolder",
            &[("FolderName", "a"), ("ParentFolderId", "a b")],
            400,
            "InvalidParameter.ParentFolderId",
        ),
        ("GetFolder", &[], 400, "MissingParameter.FolderId"),
        ("GetFolder", &[("FolderId", "fd-")], 400, "InvalidParameter.FolderId"),
        ("DeleteFolder", &[("FolderId", outer)], 409, "DeleteConflict.Folder.SubFolder"),
        ("DeleteFolder", &[("FolderId", root)], 400, "InvalidParameter.FolderId"),
        ("ListAncestors", &[("ChildId", "nobody")], 400, "InvalidParameter.ChildId"),
        ("GetAccount", &[("AccountId", "me")], 400, "InvalidParameter.AccountId"),
        (
            "MoveAccount",
            &[("AccountId", MASTER), ("DestinationFolderId", outer)],
            409,
            "AccountTypeOrStatusMismatch",
        ),
        ("CreateResourceAccount", &[], 400, "MissingParameter.Account.DisplayName"),
        ("CreateResourceAccount", &[("DisplayName", "x")], 400, "InvalidParameter.Account.DisplayName"),
        (
            "CreateResourceAccount",
            &[("DisplayName", &long)],
            400,
            "InvalidParameter.Account.DisplayName.Length",
        ),
        (
            "CreateResourceAccount",
            &[("DisplayName", "account-1")],
            409,
            "InvalidParameter.Account.DisplayName.AlreadyUsed",
        ),
        ("CreateControlPolicy", &policy, 409, "InvalidParameter.PolicyDocument.Length"),
        ("ListAccounts", &[("NextToken", &long)], 400, "InvalidParameter.NextToken.Length"),
    ] {
        assert_eq!(err(&mut cloud, action, parameters), refusal(status, code), "{action} {parameters:?}");
    }
}

#[test]
fn a_directory_is_full_until_quotas_are_off() {
    let document = r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"ram:*","Resource":"*"}]}"#;
    for (action, name, more, room, code) in [
        ("CreateFolder", "FolderName", &[][..], 100, "QuotaExceeded.Folder.Count"),
        ("CreateResourceAccount", "DisplayName", &[], 18, "LimitExceeded.Account"),
        (
            "CreateControlPolicy",
            "PolicyName",
            &[("EffectScope", "RAM"), ("PolicyDocument", document)],
            1500,
            "LimitExceeded.ControlPolicy",
        ),
    ] {
        let mut cloud = cloud(2);
        let create = |cloud: &mut CloudState, number: usize| {
            let text = format!("number-{number}");
            err(cloud, action, &[&[(name, text.as_str())], more].concat())
        };
        for number in 0..room {
            assert_eq!(create(&mut cloud, number).0, 200, "{action} {number}");
        }
        assert_eq!(create(&mut cloud, room), refusal(409, code));
        cloud.switches.set("quotas", "off").unwrap();
        assert_eq!(create(&mut cloud, room).0, 200, "{action} without quotas");
    }
}

#[test]
fn control_policies_are_attached_nowhere_once_they_are_off() {
    let mut cloud = cloud(1);
    let document = r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"ram:*","Resource":"*"}]}"#;
    let made = ok(
        &mut cloud,
        "CreateControlPolicy",
        &[("PolicyName", "deny"), ("EffectScope", "RAM"), ("PolicyDocument", document)],
    );
    let id = [("PolicyId", made["ControlPolicy"]["PolicyId"].as_str().unwrap())];
    ok(&mut cloud, "EnableControlPolicy", &[]);
    ok(&mut cloud, "AttachControlPolicy", &[id[0], ("TargetId", "1000000000000002")]);
    ok(&mut cloud, "DisableControlPolicy", &[]);
    assert_eq!(ok(&mut cloud, "ListTargetAttachmentsForControlPolicy", &id)["TotalCount"], 0);
    assert_eq!(ok(&mut cloud, "GetControlPolicy", &id)["ControlPolicy"]["PolicyName"], "deny");
}
