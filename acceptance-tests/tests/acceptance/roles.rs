//! The roles around trails on a real Terraform: the one that delivers to an archive in another account, and the one
//! that a service has for itself; and the organization that both are for.

use std::fs;

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Cloud, Fixture, REGION, full, others};
use serde_json::{Value, json};

const ROLE: &str = "audit-delivery";
const SERVICE_ROLE: &str = "AliyunServiceRoleForActionTrail";

fn role_path(cloud: &Cloud, role: &str) -> String {
    format!("accounts/{}/ram/roles/{role}", cloud.account_id)
}

fn policy_path(cloud: &Cloud, policy: &str) -> String {
    format!("accounts/{}/ram/policies/{policy}", cloud.account_id)
}

fn delivery_role() -> Scenario {
    let text = |value: &str| format!("{value:?}");
    let project = "acs:log:cn-hangzhou:1000000000000001:project/audit";
    Scenario {
        resource: "alitrail_delivery_role",
        around: String::new(),
        base: vec![
            ("role_name", text(ROLE)),
            ("trusted_account_id", text("1000000000000002")),
            ("oss_bucket_name", text("audit-archive")),
        ],
        changes: vec![
            ("trusted_account_id", text("1000000000000003")),
            ("oss_bucket_name", text("other-archive")),
            ("sls_project_arn", text(project)),
            ("kms_key_arn", text("acs:kms:cn-hangzhou:1000000000000001:key/one")),
            ("description", text("Delivers to the archive")),
        ],
        node: |cloud| role_path(cloud, ROLE),
        drift: (json!({"policies": [ROLE, "AdministratorAccess"]}), "attached_policies"),
        import_id: ROLE.to_owned(),
        identity: vec![("role_name", ROLE.to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn a_delivery_role_lives_through_everything() {
    delivery_role().full(&full());
}

#[test]
fn a_delivery_role_lives_on_the_other_versions() {
    for terraform in others() {
        delivery_role().short(&terraform);
    }
}

/// Whatever is added to a delivery role is taken back, and no policy of somebody else's is taken over or deleted.
#[test]
fn a_delivery_role_stays_narrow() {
    let fixture = Fixture::new(&full());
    let configuration = format!(
        "resource \"alitrail_delivery_role\" \"this\" {{\n  role_name = {ROLE:?}\n  trusted_account_id = \
         \"1000000000000002\"\n  oss_bucket_name = \"audit-archive\"\n}}\n"
    );
    let foreign = json!({"document": r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        "create_date": "2026-01-01T00:00:00Z"});
    fixture.cloud.put(&policy_path(&fixture.cloud, ROLE), &foreign).unwrap();
    fixture.configure(&configuration);
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("There is a policy \"audit-delivery\" already"), "{refused}");
    fixture.destroy();
    assert!(
        fixture.cloud.find(&policy_path(&fixture.cloud, ROLE)).unwrap().is_some(),
        "it is not ours to delete"
    );
    fixture.cloud.delete(&policy_path(&fixture.cloud, ROLE)).unwrap();

    fixture.apply();
    let drifts: [(&str, String, Value); 3] = [
        ("policy_document", policy_path(&fixture.cloud, ROLE), foreign),
        (
            "assume_role_policy_document",
            role_path(&fixture.cloud, ROLE),
            json!({"assume_role_policy_document": r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":
                "sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000009:root"]}}]}"#}),
        ),
        ("attached_policies", role_path(&fixture.cloud, ROLE), json!({"policies": []})),
    ];
    for (attribute, node, patch) in drifts {
        let before = fixture.cloud.get(&node).unwrap();
        fixture.cloud.patch(&node, &patch).unwrap();
        let plan = fixture.plan(&[]);
        let change = plan.change("alitrail_delivery_role.this").unwrap_or_else(|| panic!("{attribute}"));
        assert!(change.attributes().iter().any(|one| one.path.starts_with(attribute)), "{}", plan.summary());
        fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
        let after = fixture.cloud.get(&node).unwrap();
        for key in ["document", "assume_role_policy_document", "policies"] {
            assert_eq!(after[key], before[key], "{attribute}: {key} is back");
        }
        fixture.assert_empty(attribute);
    }
}

#[test]
fn the_role_of_a_service_is_made_or_taken_over_and_left_unless_told_otherwise() {
    let fixture = Fixture::new(&full());
    let configuration =
        |more: &str| format!("resource \"alitrail_service_linked_role\" \"this\" {{\n{more}\n}}\n");
    let role = role_path(&fixture.cloud, SERVICE_ROLE);
    let exists = || fixture.cloud.find(&role).unwrap().is_some_and(|role| !role.is_null());

    fixture.configure(&configuration(""));
    fixture.apply();
    assert!(exists());
    fixture.assert_empty("after create");
    fixture.cloud.delete(&role).unwrap();
    let plan = fixture.plan(&[]);
    assert_eq!(plan.changes[0].actions, ["create"], "{}", plan.summary());
    fixture.apply();
    fixture.destroy();
    assert!(exists(), "left for whoever else needs it");

    fixture.configure(&configuration("delete_on_destroy = true"));
    fixture.apply();
    fixture.assert_empty("after it was taken over");
    let address = "alitrail_service_linked_role.this";
    let before = fixture.meaning()[address].clone();
    for target in [
        format!("id = \"actiontrail.aliyuncs.com:{SERVICE_ROLE}\""),
        "identity = { service_name = \"actiontrail.aliyuncs.com\" }".to_owned(),
    ] {
        fixture.workspace.succeed(&["state", "rm", address]).unwrap_or_else(|error| panic!("{error}"));
        if target.starts_with("identity")
            && fixture.workspace.terraform().version() < test_kit::terraform::Version::new(12, 0)
        {
            fixture.apply();
            continue;
        }
        fixture.write("import.tf", &format!("import {{\n  to = {address}\n  {target}\n}}\n"));
        fixture.apply();
        fixture.remove("import.tf");
        assert_eq!(fixture.meaning()[address], before, "{target}");
        fixture.assert_empty(&target);
    }

    // A trail uses it: the service refuses, and says which one.
    let trail = json!({"TrailArn": "acs:actiontrail:cn-hangzhou:1:trail/audit-trail", "OssBucketName": "b"});
    let path = fixture.cloud.trail("audit-trail");
    if fixture.cloud.put(&path, &trail).is_ok() {
        let refused = fixture.fail(&["destroy", "-no-color", "-auto-approve"]);
        assert!(
            refused.contains("The service keeps it") && refused.contains("trail/audit-trail"),
            "{refused}"
        );
        fixture.cloud.delete(&path).unwrap();
    }
    fixture.destroy();
    assert!(!exists(), "deleted as it was told");
}

/// A key of another account, as a profile file; gives the file's path.
fn profiles(fixture: &Fixture, archive: &str) -> String {
    let cloud = &fixture.cloud;
    let key = json!({"account": archive, "secret": "archive-secret", "principal": {"type": "root"}});
    cloud.put("access_keys/archive-key", &key).unwrap();
    let profile = |name: &str, id: &str, secret: &str| json!({"name": name, "mode": "AK", "access_key_id": id, "access_key_secret": secret});
    let file = json!({"profiles": [
        profile("management", &cloud.access_key, &cloud.secret_key),
        profile("log-archive", "archive-key", "archive-secret"),
    ]});
    let path = fixture.path().join("../profiles.json");
    fs::write(&path, file.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The organization example: a trail of the management account that delivers to the archive of another account.
#[test]
fn a_trail_of_an_organization_delivers_to_the_archive_account() {
    let cloud = Cloud::with(&["--accounts", "3"]);
    let members = cloud.get("accounts").unwrap();
    let archive = members.as_object().unwrap().keys().find(|id| **id != cloud.account_id).unwrap().clone();
    let mut fixture = Fixture::with_cloud(&full(), cloud);
    let file = profiles(&fixture, &archive);
    for name in ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"] {
        fixture.workspace.unset(name);
    }
    fixture.workspace.set("ALIBABA_CLOUD_CREDENTIALS_FILE", &file);
    fixture.take_example("organization");
    let account = fixture.cloud.account_id.clone();
    let variables = json!({"region": REGION, "management_account_id": account, "management_profile": "management",
        "archive_account_id": archive, "archive_profile": "log-archive"});
    fixture.write("terraform.tfvars.json", &variables.to_string());
    // Both profiles are there, but the wrong way round: nothing is called in a wrong account.
    let refused = fixture.fail(&["plan", "-no-color", "-var=archive_profile=management"]);
    assert!(refused.contains("is not to be touched"), "{refused}");

    fixture.apply();
    fixture.assert_empty("after the first apply");
    let trail = fixture.cloud.get(&fixture.cloud.trail("organization-trail")).unwrap();
    assert_eq!(
        (&trail["Status"], &trail["IsOrganizationTrail"]),
        (&json!("Enable"), &json!(true)),
        "{trail}"
    );
    let role = fixture.cloud.get(&format!("accounts/{archive}/ram/roles/{ROLE}")).unwrap();
    assert_eq!(role["policies"], json!([ROLE]));
    let bucket = format!("organization-trail-{archive}");
    fixture.cloud.advance_clock(600);
    assert_eq!(fixture.cloud.get(&format!("oss/buckets/{bucket}")).unwrap()["Owner"], json!(archive));
    let objects = fixture.cloud.get(&format!("oss/objects/{bucket}")).unwrap();
    assert!(objects.to_string().contains("AliyunLogs/"), "events arrive in the archive account: {objects}");

    let lifted = ["-var=deletion_protection=false", "-var=force_destroy=true"];
    fixture.workspace.apply(&lifted).unwrap_or_else(|error| panic!("{error}"));
    fixture.workspace.destroy(&lifted).unwrap_or_else(|error| panic!("{error}"));
    assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
}

#[test]
fn the_accounts_of_an_organization_are_listed() {
    let fixture = Fixture::with_cloud(&full(), Cloud::with(&["--accounts", "120"]));
    fixture.configure(
        "data \"alitrail_organization_accounts\" \"all\" {}\n\noutput \"all\" {\n  value = \
         data.alitrail_organization_accounts.all\n}\n\ndata \"alitrail_organization_accounts\" \"top\" {\n  folder_id = \
         data.alitrail_organization_accounts.all.root_folder_id\n  include_subfolders = false\n}\n\noutput \"top\" {\n  \
         value = length(data.alitrail_organization_accounts.top.ids)\n}\n\ndata \"alitrail_organization_accounts\" \
         \"none\" {\n  folder_id = \"fd-empty\"\n}\n\noutput \"none\" {\n  value = \
         data.alitrail_organization_accounts.none.ids\n}\n\ndata \"alitrail_organization_folders\" \
         \"all\" {\n  name_regex = \"^emp\"\n}\n\noutput \"folders\" {\n  value = \
         data.alitrail_organization_folders.all.folders\n}\n",
    );
    // A folder that is not there is an error, and none that has no accounts.
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("EntityNotExists.Folder") && refused.contains("folder_id"), "{refused}");
    assert!(refused.contains(&format!("Account: {}.", fixture.cloud.account_id)), "{refused}");
    let directories = fixture.cloud.get("directories").unwrap();
    let (id, directory) = directories.as_object().unwrap().iter().next().unwrap();
    let folder =
        json!({"name": "empty", "parent": directory["root_folder"], "create_time": "2026-01-01T00:00:00Z"});
    fixture.cloud.put(&format!("directories/{id}/folders/fd-empty"), &folder).unwrap();
    fixture.apply();
    let output = fixture.workspace.succeed(&["output", "-json"]).unwrap();
    let outputs: Value = serde_json::from_str(&output.stdout).unwrap();
    let all = &outputs["all"]["value"];
    assert_eq!(all["ids"].as_array().unwrap().len(), 120, "all pages");
    assert_eq!(all["management_account_id"], json!(fixture.cloud.account_id));
    let first = all["ids"][0].as_str().unwrap();
    assert_eq!(all["accounts"][first]["type"], "ResourceAccount");
    assert_eq!((&outputs["top"]["value"], &outputs["none"]["value"]), (&json!(120), &json!([])));
    let folder = &outputs["folders"]["value"]["fd-empty"];
    assert_eq!(
        (&folder["folder_name"], &folder["parent_folder_id"]),
        (&json!("empty"), &directory["root_folder"])
    );
}
