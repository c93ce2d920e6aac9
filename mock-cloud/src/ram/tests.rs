//! Roles and policies through the API.

use http::Method;

use super::*;

const ME: &str = "1000000000000001";
const TRUST: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
    "Principal":{"Service":["actiontrail.aliyuncs.com"]}}]}"#;
const POLICY: &str =
    r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:PutObject","Resource":"*"}]}"#;

fn ask(cloud: &mut CloudState, action: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
    let mut call = Call::test(ME, Method::POST, "/?Format=JSON");
    call.action = action.to_owned();
    let pairs = parameters.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
    call.query.extend(pairs);
    let reply = handle(cloud, &call);
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
}

fn ok(cloud: &mut CloudState, action: &str, parameters: &[(&str, &str)]) -> Value {
    let (status, body) = ask(cloud, action, parameters);
    assert_eq!(status, 200, "{action} {parameters:?}: {body}");
    body
}

fn err(cloud: &mut CloudState, action: &str, parameters: &[(&str, &str)]) -> (u16, String) {
    let (status, body) = ask(cloud, action, parameters);
    (status, body["Code"].as_str().unwrap_or("it succeeded").to_owned())
}

fn refusal(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn a_role_from_creation_to_deletion() {
    let mut cloud = CloudState::default();
    let name = ("RoleName", "Audit-Delivery");
    let made = ok(&mut cloud, "CreateRole", &[name, ("AssumeRolePolicyDocument", TRUST)])["Role"].clone();
    assert_eq!(made["Arn"], format!("acs:ram::{ME}:role/audit-delivery"));
    assert_eq!((&made["MaxSessionDuration"], &made["RoleName"]), (&json!(3600), &json!("Audit-Delivery")));
    let twice = [("RoleName", "audit-delivery"), ("AssumeRolePolicyDocument", TRUST)];
    assert_eq!(err(&mut cloud, "CreateRole", &twice), refusal(409, "EntityAlreadyExists.Role"));
    ok(
        &mut cloud,
        "UpdateRole",
        &[name, ("NewMaxSessionDuration", "7200"), ("NewDescription", "deliveries")],
    );
    let seen = ok(&mut cloud, "GetRole", &[name])["Role"].clone();
    assert_eq!((&seen["MaxSessionDuration"], &seen["Description"]), (&json!(7200), &json!("deliveries")));
    assert_eq!(seen["AssumeRolePolicyDocument"], TRUST);
    assert_eq!(ok(&mut cloud, "ListRoles", &[])["Roles"]["Role"][0]["RoleName"], "Audit-Delivery");
    ok(&mut cloud, "DeleteRole", &[name]);
    assert_eq!(err(&mut cloud, "GetRole", &[name]), refusal(404, "EntityNotExist.Role"));
}

#[test]
fn roles_and_policies_have_tags() {
    let mut cloud = CloudState::default();
    let trust = ("AssumeRolePolicyDocument", TRUST);
    let tag = |key| [("Tag.1.Key", key), ("Tag.1.Value", "of-create")];
    ok(&mut cloud, "CreateRole", &[&[("RoleName", "Tagged"), trust][..], &tag("made")].concat());
    ok(&mut cloud, "CreateRole", &[("RoleName", "bare"), trust]);
    let policy = [("PolicyName", "own"), ("PolicyDocument", POLICY)];
    ok(&mut cloud, "CreatePolicy", &[&policy[..], &tag("made")].concat());

    // Both spellings of lists, in any letter case of a role's name.
    let texts = [("ResourceType", "role"), ("ResourceNames", r#"["tagged","bare"]"#)];
    ok(
        &mut cloud,
        "TagResources",
        &[&texts[..], &[("Tag", r#"[{"Key":"team","Value":"audit"},{"Key":"empty"}]"#)]].concat(),
    );
    let numbered = [("ResourceType", "policy"), ("ResourceNames.1", "own")];
    ok(
        &mut cloud,
        "TagResources",
        &[&numbered[..], &[("Tag.1.Key", "made"), ("Tag.1.Value", "anew")]].concat(),
    );

    let seen = |cloud: &mut CloudState, parameters: &[(&str, &str)]| -> Vec<String> {
        let listed = ok(cloud, "ListTagResources", parameters)["TagResources"].clone();
        let text = |tag: &Value, member: &str| tag[member].as_str().unwrap().to_owned();
        let line = |tag: &Value| {
            let members = ["ResourceName", "TagKey", "TagValue"].map(|member| text(tag, member));
            members.join(" ")
        };
        listed.as_array().unwrap().iter().map(line).collect()
    };
    let of_role = [("ResourceType", "role"), ("ResourceNames", r#"["Tagged"]"#)];
    assert_eq!(seen(&mut cloud, &of_role), ["Tagged empty ", "Tagged made of-create", "Tagged team audit"]);
    assert_eq!(seen(&mut cloud, &numbered), ["own made anew"]);
    let by_tag = [("ResourceType", "role"), ("Tag.1.Key", "team"), ("Tag.1.Value", "audit")];
    assert_eq!(seen(&mut cloud, &by_tag).len(), 5);
    let page = [of_role[0], of_role[1], ("PageSize", "2")];
    let first = ok(&mut cloud, "ListTagResources", &page);
    assert_eq!(first["NextToken"], "2");
    assert_eq!(seen(&mut cloud, &[&page[..], &[("NextToken", "2")]].concat()), ["Tagged team audit"]);

    let roles = ok(&mut cloud, "ListRoles", &[("Tag.1.Key", "made")])["Roles"]["Role"].clone();
    assert_eq!((roles.as_array().unwrap().len(), &roles[0]["RoleName"]), (1, &json!("Tagged")));
    assert_eq!(roles[0]["Tags"]["Tag"][1], json!({ "TagKey": "made", "TagValue": "of-create" }));
    let policies = ok(&mut cloud, "ListPolicies", &[("Tag.1.Key", "made")])["Policies"]["Policy"].clone();
    assert_eq!((policies.as_array().unwrap().len(), &policies[0]["PolicyName"]), (1, &json!("own")));

    ok(&mut cloud, "UntagResources", &[of_role[0], of_role[1], ("TagKeys", r#"["team","none"]"#)]);
    assert_eq!(seen(&mut cloud, &of_role), ["Tagged empty ", "Tagged made of-create"]);
    ok(&mut cloud, "UntagResources", &[of_role[0], of_role[1], ("All", "true")]);
    assert_eq!(seen(&mut cloud, &of_role), [""; 0]);

    // All or none.
    let half = [("ResourceType", "role"), ("ResourceNames", r#"["bare","nobody"]"#), ("Tag.1.Key", "half")];
    assert_eq!(err(&mut cloud, "TagResources", &half), refusal(404, "EntityNotExist.Role"));
    assert_eq!(seen(&mut cloud, &[("ResourceType", "role"), ("Tag.1.Key", "half")]), [""; 0]);
    for (action, parameters, code) in [
        ("TagResources", &[][..], "MissingResourceType"),
        ("TagResources", &[("ResourceType", "user")], "InvalidParameter.ResourceType"),
        ("TagResources", &[("ResourceType", "role")], "MissingResourceNames"),
        ("TagResources", &texts, "MissingTag"),
        ("TagResources", &[texts[0], texts[1], ("Tag.1.Key", "acs:x")], "InvalidParameter.Tag"),
        ("TagResources", &[texts[0], texts[1], ("Tag", "[]]")], "InvalidParameter.Tag"),
        ("UntagResources", &texts, "MissingTagKeys"),
        ("ListTagResources", &[texts[0], ("NextToken", "x")], "InvalidParameter.NextToken"),
        ("ListTagResources", &[texts[0], ("PageSize", "101")], "InvalidParameter.PageSize"),
    ] {
        assert_eq!(err(&mut cloud, action, parameters), refusal(400, code), "{action} {parameters:?}");
    }
}

#[test]
fn a_policy_of_the_vendor_that_is_not_known_here_is_attached_and_read() {
    let mut cloud = CloudState::default();
    let role = ("RoleName", "delivery");
    ok(&mut cloud, "CreateRole", &[role, ("AssumeRolePolicyDocument", TRUST)]);
    let policy = [("PolicyType", "System"), ("PolicyName", "AliyunECSFullAccess")];
    ok(&mut cloud, "AttachPolicyToRole", &[policy[0], policy[1], role]);
    assert_eq!(ok(&mut cloud, "GetPolicy", &policy)["Policy"]["PolicyType"], "System");
    let listed = ok(&mut cloud, "ListPolicies", &[policy[0], ("MaxItems", "1000")]);
    let names = listed["Policies"]["Policy"].as_array().unwrap();
    assert!(names.iter().any(|listed| listed["PolicyName"] == policy[1].1), "what is attached is listed");
    // Nobody takes the place of what is attached.
    let own = [policy[1], ("PolicyDocument", POLICY)];
    assert_eq!(err(&mut cloud, "CreatePolicy", &own), refusal(409, "EntityAlreadyExists.Policy"));
    ok(&mut cloud, "DetachPolicyFromRole", &[policy[0], policy[1], role]);
    let none = [policy[0], ("PolicyName", "ECSFullAccess"), role];
    assert_eq!(err(&mut cloud, "AttachPolicyToRole", &none), refusal(404, "EntityNotExist.Policy"));
    // Whether the account may have a policy of its own with such a name is not known: it may.
    ok(&mut cloud, "CreatePolicy", &own);
    let attach = [policy[0], policy[1], role];
    assert_eq!(err(&mut cloud, "AttachPolicyToRole", &attach), refusal(404, "EntityNotExist.Policy"));
}

#[test]
fn roles_are_validated() {
    let mut cloud = CloudState::default();
    let trust = ("AssumeRolePolicyDocument", TRUST);
    for (parameters, code) in [
        (&[trust][..], "MissingRoleName"),
        (&[("RoleName", "a b"), trust], "InvalidParameter.RoleName.InvalidChars"),
        (&[("RoleName", &"a".repeat(65)), trust], "InvalidParameter.RoleName.Length"),
        (&[("RoleName", "a"), ("AssumeRolePolicyDocument", POLICY)], "MalformedPolicyDocument"),
        (&[("RoleName", "a"), trust, ("MaxSessionDuration", "60")], "InvalidParameter.MaxSessionDuration"),
    ] {
        assert_eq!(err(&mut cloud, "CreateRole", parameters), refusal(400, code), "{parameters:?}");
    }
    ensure_service_linked_role(
        &mut cloud,
        ME,
        "AliyunServiceRoleForX",
        "x.aliyuncs.com",
        OffsetDateTime::UNIX_EPOCH,
    );
    assert_eq!(ask(&mut cloud, "DeleteRole", &[("RoleName", "AliyunServiceRoleForX")]).0, 403);
}

#[test]
fn policies_are_attached_and_detached() {
    let mut cloud = CloudState::default();
    let role = ("RoleName", "delivery");
    ok(&mut cloud, "CreateRole", &[role, ("AssumeRolePolicyDocument", TRUST)]);
    ok(&mut cloud, "CreatePolicy", &[("PolicyName", "write"), ("PolicyDocument", POLICY)]);
    let own = [("PolicyType", "Custom"), ("PolicyName", "write"), role];
    ok(&mut cloud, "AttachPolicyToRole", &own);
    ok(&mut cloud, "AttachPolicyToRole", &[("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess"), role]);
    let listed = ok(&mut cloud, "ListPoliciesForRole", &[role])["Policies"]["Policy"].clone();
    let kinds: Vec<&str> =
        listed.as_array().unwrap().iter().map(|policy| policy["PolicyType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Custom", "System"]);
    let policy = ok(&mut cloud, "GetPolicy", &own[..2]);
    assert_eq!(
        (&policy["Policy"]["AttachmentCount"], &policy["DefaultPolicyVersion"]["PolicyDocument"]),
        (&json!(1), &json!(POLICY))
    );
    let again = err(&mut cloud, "AttachPolicyToRole", &own);
    assert_eq!(again, refusal(409, "EntityAlreadyExists.Role.Policy"));
    assert_eq!(err(&mut cloud, "DeleteRole", &[role]), refusal(409, "DeleteConflict.Role.Policy"));
    assert_eq!(err(&mut cloud, "DeletePolicy", &own[1..2]), refusal(409, "DeleteConflict.Policy.Role"));
    ok(&mut cloud, "DetachPolicyFromRole", &own);
    assert_eq!(err(&mut cloud, "DetachPolicyFromRole", &own), refusal(404, "EntityNotExist.Role.Policy"));
    ok(&mut cloud, "DeletePolicy", &own[1..2]);
    assert_eq!(err(&mut cloud, "AttachPolicyToRole", &own), refusal(404, "EntityNotExist.Policy"));
    let broken = [("PolicyName", "broken"), ("PolicyDocument", "{}")];
    assert_eq!(err(&mut cloud, "CreatePolicy", &broken), refusal(400, "MalformedPolicyDocument"));
}

#[test]
fn lists_come_in_pages_and_limits_hold() {
    let mut cloud = CloudState::default();
    let role = ("RoleName", "delivery");
    ok(&mut cloud, "CreateRole", &[role, ("AssumeRolePolicyDocument", TRUST)]);
    for number in 0..6 {
        let name = format!("own-{number}");
        let policy = ("PolicyName", name.as_str());
        ok(&mut cloud, "CreatePolicy", &[policy, ("PolicyDocument", POLICY)]);
        let attached = ask(&mut cloud, "AttachPolicyToRole", &[("PolicyType", "Custom"), policy, role]);
        assert_eq!(attached.0, if number < 5 { 200 } else { 409 });
    }
    cloud.switches.set("quotas", "off").unwrap();
    let sixth = [("PolicyType", "Custom"), ("PolicyName", "own-5"), role];
    ok(&mut cloud, "AttachPolicyToRole", &sixth);
    let first = ok(&mut cloud, "ListPolicies", &[("PolicyType", "Custom"), ("MaxItems", "4")]);
    assert_eq!((&first["IsTruncated"], &first["Marker"]), (&json!(true), &json!("4")));
    let rest =
        ok(&mut cloud, "ListPolicies", &[("PolicyType", "Custom"), ("MaxItems", "4"), ("Marker", "4")]);
    assert_eq!(rest["Policies"]["Policy"].as_array().unwrap().len(), 2);
    assert_eq!(rest["IsTruncated"], false);
    assert_eq!(
        err(&mut cloud, "ListPolicies", &[("MaxItems", "0")]),
        refusal(400, "InvalidParameter.MaxItems")
    );
}

#[test]
fn a_policy_keeps_five_versions_and_one_holds() {
    let mut cloud = CloudState::default();
    let (policy, custom) = (("PolicyName", "write"), ("PolicyType", "Custom"));
    let other = POLICY.replace("PutObject", "GetObject");
    ok(&mut cloud, "CreatePolicy", &[policy, ("PolicyDocument", POLICY)]);
    ok(&mut cloud, "CreatePolicyVersion", &[policy, ("PolicyDocument", &other)]);
    let seen =
        |cloud: &mut CloudState| ok(cloud, "GetPolicy", &[policy, custom])["DefaultPolicyVersion"].clone();
    assert_eq!(seen(&mut cloud)["PolicyDocument"], POLICY, "a version does not hold by itself");
    ok(&mut cloud, "SetDefaultPolicyVersion", &[policy, ("VersionId", "v2")]);
    assert_eq!(
        (&seen(&mut cloud)["VersionId"], &seen(&mut cloud)["PolicyDocument"]),
        (&json!("v2"), &json!(other))
    );
    assert_eq!(
        ok(&mut cloud, "GetPolicyVersion", &[policy, ("VersionId", "v1")])["PolicyVersion"]["PolicyDocument"],
        POLICY
    );
    let holding = [policy, ("VersionId", "v2")];
    assert_eq!(
        err(&mut cloud, "DeletePolicyVersion", &holding),
        refusal(409, "DeleteConflict.Policy.Version.Default")
    );
    assert_eq!(err(&mut cloud, "DeletePolicy", &[policy]), refusal(409, "DeleteConflict.Policy.Version"));
    let more = [policy, ("PolicyDocument", POLICY), ("SetAsDefault", "true")];
    for _ in 0..3 {
        ok(&mut cloud, "CreatePolicyVersion", &more);
    }
    assert_eq!(err(&mut cloud, "CreatePolicyVersion", &more), refusal(409, "LimitExceeded.Policy.Version"));
    cloud.switches.set("quotas", "off").unwrap();
    ok(&mut cloud, "CreatePolicyVersion", &more);
    ok(&mut cloud, "DeletePolicyVersion", &[policy, ("VersionId", "v1")]);
    cloud.switches.set("quotas", "on").unwrap();
    let rotating =
        [&more[..], &[("RotateStrategy", "DeleteOldestNonDefaultVersionWhenLimitExceeded")]].concat();
    ok(&mut cloud, "CreatePolicyVersion", &rotating);
    let versions = ok(&mut cloud, "ListPolicyVersions", &[policy])["PolicyVersions"]["PolicyVersion"].clone();
    let ids: Vec<&str> =
        versions.as_array().unwrap().iter().map(|one| one["VersionId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["v3", "v4", "v5", "v6", "v7"]);
    assert_eq!(versions[4]["IsDefaultVersion"], true);
    ok(&mut cloud, "DeletePolicyVersion", &[policy, ("VersionId", "v4")]);
    assert_eq!(
        err(&mut cloud, "GetPolicyVersion", &[policy, ("VersionId", "v4")]),
        refusal(404, "EntityNotExist.Policy.Version")
    );
    ok(&mut cloud, "DeletePolicy", &[policy, ("CascadingDelete", "true")]);
    assert_eq!(err(&mut cloud, "GetPolicy", &[policy, custom]), refusal(404, "EntityNotExist.Policy"));
}

#[test]
fn users_get_keys_and_lose_them() {
    let mut cloud = CloudState::default();
    let user = ("UserName", "auditor");
    let made = ok(&mut cloud, "CreateUser", &[user, ("DisplayName", "Auditor")]);
    assert_eq!(
        (&made["User"]["UserName"], &made["User"]["DisplayName"]),
        (&json!("auditor"), &json!("Auditor"))
    );
    assert_eq!(err(&mut cloud, "CreateUser", &[user]), refusal(409, "EntityAlreadyExists.User"));
    assert_eq!(
        err(&mut cloud, "CreateUser", &[("UserName", "a b")]),
        refusal(400, "InvalidParameter.UserName.InvalidChars")
    );
    assert_eq!(ok(&mut cloud, "GetUser", &[user])["User"]["UserId"], made["User"]["UserId"]);
    assert_eq!(ok(&mut cloud, "ListUsers", &[])["Users"]["User"].as_array().unwrap().len(), 1);
    let key = ok(&mut cloud, "CreateAccessKey", &[user])["AccessKey"].clone();
    let id = key["AccessKeyId"].as_str().unwrap();
    assert_eq!(cloud.access_keys[id].secret.expose(), key["AccessKeySecret"]);
    ok(&mut cloud, "CreateAccessKey", &[user]);
    assert_eq!(err(&mut cloud, "CreateAccessKey", &[user]), refusal(409, "LimitExceeded.User.AccessKey"));
    cloud.switches.set("quotas", "off").unwrap();
    ok(&mut cloud, "CreateAccessKey", &[user]);
    let listed = ok(&mut cloud, "ListAccessKeys", &[user])["AccessKeys"]["AccessKey"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert!(!listed.to_string().contains("Secret"), "{listed}");
    ok(&mut cloud, "UpdateAccessKey", &[user, ("UserAccessKeyId", id), ("Status", "Inactive")]);
    assert!(!cloud.access_keys[id].active);
    assert_eq!(err(&mut cloud, "DeleteUser", &[user]), refusal(409, "DeleteConflict.User.AccessKey"));
    for key in listed.as_array().unwrap() {
        ok(&mut cloud, "DeleteAccessKey", &[user, ("UserAccessKeyId", key["AccessKeyId"].as_str().unwrap())]);
    }
    assert_eq!(
        err(&mut cloud, "DeleteAccessKey", &[user, ("UserAccessKeyId", id)]),
        refusal(404, "EntityNotExist.User.AccessKey")
    );
    let reader = [("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess"), user];
    ok(&mut cloud, "AttachPolicyToUser", &reader);
    assert_eq!(err(&mut cloud, "DeleteUser", &[user]), refusal(409, "DeleteConflict.User.Policy"));
    ok(&mut cloud, "DetachPolicyFromUser", &reader);
    ok(&mut cloud, "DeleteUser", &[user]);
    assert_eq!(err(&mut cloud, "GetUser", &[user]), refusal(404, "EntityNotExist.User"));
}

#[test]
fn what_is_too_long_or_malformed_is_refused() {
    let mut cloud = CloudState::default();
    let (long, name) = ("x".repeat(7000), ("PolicyName", "write"));
    let (user, trust) = (("UserName", "reader"), ("AssumeRolePolicyDocument", TRUST));
    for (action, parameters, code) in [
        ("CreateUser", &[user, ("DisplayName", &*long)][..], "InvalidParameter.DisplayName.Length"),
        ("CreateUser", &[user, ("Comments", &long)], "InvalidParameter.Comments.Length"),
        ("CreateUser", &[user, ("Email", "nobody")], "InvalidParameter.Email.Format"),
        ("CreateUser", &[user, ("MobilePhone", "86-none")], "InvalidParameter.MobilePhone.Format"),
        ("CreatePolicy", &[("PolicyName", &*long)], "InvalidParameter.PolicyName.Length"),
        ("CreatePolicy", &[("PolicyName", "a b")], "InvalidParameter.PolicyName.InvalidChars"),
        ("CreatePolicy", &[name, ("PolicyDocument", &long)], "InvalidParameter.PolicyDocument.Length"),
        (
            "CreatePolicy",
            &[name, ("PolicyDocument", POLICY), ("Description", &long)],
            "InvalidParameter.Description.Length",
        ),
        ("GetPolicy", &[name, ("PolicyType", "Mine")], "InvalidParameter.PolicyType"),
        ("GetPolicyVersion", &[name, ("VersionId", "1")], "InvalidParameter.VersionId.Format"),
        (
            "CreateRole",
            &[("RoleName", "delivery"), ("AssumeRolePolicyDocument", &long)],
            "InvalidParameter.AssumeRolePolicyDocument.Length",
        ),
        (
            "CreateRole",
            &[("RoleName", "delivery"), trust, ("Description", &long)],
            "InvalidParameter.Description.Length",
        ),
    ] {
        assert_eq!(err(&mut cloud, action, parameters), refusal(400, code), "{action}");
    }
    let whole = [user, ("Email", "reader@example.com"), ("MobilePhone", "86-18600008888")];
    let made = ok(&mut cloud, "CreateUser", &whole)["User"].clone();
    assert_eq!((&made["Email"], &made["MobilePhone"]), (&json!(whole[1].1), &json!(whole[2].1)));
}

#[test]
fn a_policy_of_the_vendor_has_one_version() {
    let mut cloud = CloudState::default();
    let policy = [("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess")];
    let versions = ok(&mut cloud, "ListPolicyVersions", &policy)["PolicyVersions"]["PolicyVersion"].clone();
    assert_eq!((versions.as_array().unwrap().len(), &versions[0]["VersionId"]), (1, &json!("v1")));
    let read = ok(&mut cloud, "GetPolicyVersion", &[policy[0], policy[1], ("VersionId", "v1")]);
    assert!(read["PolicyVersion"]["PolicyDocument"].as_str().unwrap().contains("*:Get*"));
    assert_eq!(
        err(&mut cloud, "GetPolicyVersion", &[policy[1], ("VersionId", "v1")]),
        refusal(404, "EntityNotExist.Policy")
    );
}

#[test]
fn an_account_is_full_until_quotas_are_off() {
    for (thing, most, more) in [
        ("Role", 1000, &[("AssumeRolePolicyDocument", TRUST)][..]),
        ("User", 1000, &[]),
        ("Policy", 1500, &[("PolicyDocument", POLICY)]),
    ] {
        let mut cloud = CloudState::default();
        let (action, name) = (format!("Create{thing}"), format!("{thing}Name"));
        let create = |cloud: &mut CloudState, number: usize| {
            let text = format!("number-{number}");
            let parameters = [&[(name.as_str(), text.as_str())], more].concat();
            err(cloud, &action, &parameters)
        };
        for number in 0..most {
            assert_eq!(create(&mut cloud, number).0, 200, "{thing} {number}");
        }
        assert_eq!(create(&mut cloud, most), refusal(409, &format!("LimitExceeded.{thing}")));
        cloud.switches.set("quotas", "off").unwrap();
        assert_eq!(create(&mut cloud, most).0, 200, "{thing} without quotas");
    }
}
