//! The roles around trails on a real Terraform: the one that delivers to an archive in another account, and the one
//! that a service has for itself; and the organization that both are for.

use std::fs;

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Cloud, REGION, Stage, full, others};
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
    let stage = Stage::new(&full());
    let configuration = format!(
        "resource \"alitrail_delivery_role\" \"this\" {{\n  role_name = {ROLE:?}\n  trusted_account_id = \
         \"1000000000000002\"\n  oss_bucket_name = \"audit-archive\"\n}}\n"
    );
    let foreign = json!({"document": r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        "create_date": "2026-01-01T00:00:00Z"});
    stage.cloud.put(&policy_path(&stage.cloud, ROLE), &foreign).unwrap();
    stage.configure(&configuration);
    let refused = stage.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("There is a policy \"audit-delivery\" already"), "{refused}");
    stage.destroy();
    assert!(
        stage.cloud.find(&policy_path(&stage.cloud, ROLE)).unwrap().is_some(),
        "it is not ours to delete"
    );
    stage.cloud.delete(&policy_path(&stage.cloud, ROLE)).unwrap();

    stage.apply();
    let drifts: [(&str, String, Value); 3] = [
        ("policy_document", policy_path(&stage.cloud, ROLE), foreign),
        (
            "assume_role_policy_document",
            role_path(&stage.cloud, ROLE),
            json!({"assume_role_policy_document": r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":
                "sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000009:root"]}}]}"#}),
        ),
        ("attached_policies", role_path(&stage.cloud, ROLE), json!({"policies": []})),
    ];
    for (attribute, node, patch) in drifts {
        let before = stage.cloud.get(&node).unwrap();
        stage.cloud.patch(&node, &patch).unwrap();
        let plan = stage.plan(&[]);
        let change = plan.change("alitrail_delivery_role.this").unwrap_or_else(|| panic!("{attribute}"));
        assert!(change.attributes().iter().any(|one| one.path.starts_with(attribute)), "{}", plan.summary());
        stage.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
        let after = stage.cloud.get(&node).unwrap();
        for key in ["document", "assume_role_policy_document", "policies"] {
            assert_eq!(after[key], before[key], "{attribute}: {key} is back");
        }
        stage.assert_empty(attribute);
    }
}

#[test]
fn the_role_of_a_service_is_made_or_taken_over_and_left_unless_told_otherwise() {
    let stage = Stage::new(&full());
    let configuration =
        |more: &str| format!("resource \"alitrail_service_linked_role\" \"this\" {{\n{more}\n}}\n");
    let role = role_path(&stage.cloud, SERVICE_ROLE);
    let exists = || stage.cloud.find(&role).unwrap().is_some_and(|role| !role.is_null());

    stage.configure(&configuration(""));
    stage.apply();
    assert!(exists());
    stage.assert_empty("after create");
    stage.cloud.delete(&role).unwrap();
    let plan = stage.plan(&[]);
    assert_eq!(plan.changes[0].actions, ["create"], "{}", plan.summary());
    stage.apply();
    stage.destroy();
    assert!(exists(), "left for whoever else needs it");

    stage.configure(&configuration("delete_on_destroy = true"));
    stage.apply();
    stage.assert_empty("after it was taken over");
    let address = "alitrail_service_linked_role.this";
    let before = stage.meaning()[address].clone();
    for target in [
        format!("id = \"actiontrail.aliyuncs.com:{SERVICE_ROLE}\""),
        "identity = { service_name = \"actiontrail.aliyuncs.com\" }".to_owned(),
    ] {
        stage.workspace.succeed(&["state", "rm", address]).unwrap_or_else(|error| panic!("{error}"));
        if target.starts_with("identity")
            && stage.workspace.terraform().version() < cli::terraform::Version::new(12, 0)
        {
            stage.apply();
            continue;
        }
        stage.write("import.tf", &format!("import {{\n  to = {address}\n  {target}\n}}\n"));
        stage.apply();
        stage.remove("import.tf");
        assert_eq!(stage.meaning()[address], before, "{target}");
        stage.assert_empty(&target);
    }

    // A trail uses it: the service refuses, and says which one.
    let trail = json!({"TrailArn": "acs:actiontrail:cn-hangzhou:1:trail/audit-trail", "OssBucketName": "b"});
    let path = stage.cloud.trail("audit-trail");
    if stage.cloud.put(&path, &trail).is_ok() {
        let refused = stage.fail(&["destroy", "-no-color", "-auto-approve"]);
        assert!(
            refused.contains("The service keeps it") && refused.contains("trail/audit-trail"),
            "{refused}"
        );
        stage.cloud.delete(&path).unwrap();
    }
    stage.destroy();
    assert!(!exists(), "deleted as it was told");
}

/// A key of another account, as a profile file; gives the file's path.
fn profiles(stage: &Stage, archive: &str) -> String {
    let cloud = &stage.cloud;
    let key = json!({"account": archive, "secret": "archive-secret", "principal": {"type": "root"}});
    cloud.put("access_keys/archive-key", &key).unwrap();
    let profile = |name: &str, id: &str, secret: &str| json!({"name": name, "mode": "AK", "access_key_id": id, "access_key_secret": secret});
    let file = json!({"profiles": [
        profile("management", &cloud.access_key, &cloud.secret_key),
        profile("log-archive", "archive-key", "archive-secret"),
    ]});
    let path = stage.path().join("../profiles.json");
    fs::write(&path, file.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The organization example: a trail of the management account that delivers to the archive of another account.
#[test]
fn a_trail_of_an_organization_delivers_to_the_archive_account() {
    let cloud = Cloud::with(&["--accounts", "3"]);
    let members = cloud.get("accounts").unwrap();
    let archive = members.as_object().unwrap().keys().find(|id| **id != cloud.account_id).unwrap().clone();
    let mut stage = Stage::with_cloud(&full(), cloud);
    let file = profiles(&stage, &archive);
    for name in ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"] {
        stage.workspace.unset(name);
    }
    stage.workspace.set("ALIBABA_CLOUD_CREDENTIALS_FILE", &file);
    stage.take_example("organization");
    let account = stage.cloud.account_id.clone();
    let variables = json!({"region": REGION, "management_account_id": account, "management_profile": "management",
        "archive_account_id": archive, "archive_profile": "log-archive"});
    stage.write("terraform.tfvars.json", &variables.to_string());
    // Both profiles are there, but the wrong way round: nothing is called in a wrong account.
    let refused = stage.fail(&["plan", "-no-color", "-var=archive_profile=management"]);
    assert!(refused.contains("is not to be touched"), "{refused}");

    stage.apply();
    stage.assert_empty("after the first apply");
    let trail = stage.cloud.get(&stage.cloud.trail("organization-trail")).unwrap();
    assert_eq!(
        (&trail["Status"], &trail["IsOrganizationTrail"]),
        (&json!("Enable"), &json!(true)),
        "{trail}"
    );
    let role = stage.cloud.get(&format!("accounts/{archive}/ram/roles/{ROLE}")).unwrap();
    assert_eq!(role["policies"], json!([ROLE]));
    let bucket = format!("organization-trail-{archive}");
    stage.cloud.advance_clock(600);
    assert_eq!(stage.cloud.get(&format!("oss/buckets/{bucket}")).unwrap()["Owner"], json!(archive));
    let objects = stage.cloud.get(&format!("oss/objects/{bucket}")).unwrap();
    assert!(objects.to_string().contains("AliyunLogs/"), "events arrive in the archive account: {objects}");

    let lifted = ["-var=deletion_protection=false", "-var=force_destroy=true"];
    stage.workspace.apply(&lifted).unwrap_or_else(|error| panic!("{error}"));
    stage.workspace.destroy(&lifted).unwrap_or_else(|error| panic!("{error}"));
    assert!(stage.cloud.remains().is_empty(), "{:?}", stage.cloud.remains());
}

#[test]
fn the_accounts_of_an_organization_are_listed() {
    let stage = Stage::with_cloud(&full(), Cloud::with(&["--accounts", "120"]));
    stage.configure(
        "data \"alitrail_organization_accounts\" \"all\" {}\n\noutput \"all\" {\n  value = \
         data.alitrail_organization_accounts.all\n}\n\ndata \"alitrail_organization_accounts\" \"top\" {\n  folder_id = \
         data.alitrail_organization_accounts.all.root_folder_id\n  include_subfolders = false\n}\n\noutput \"top\" {\n  \
         value = length(data.alitrail_organization_accounts.top.ids)\n}\n\ndata \"alitrail_organization_accounts\" \
         \"none\" {\n  folder_id = \"fd-empty\"\n}\n\noutput \"none\" {\n  value = \
         data.alitrail_organization_accounts.none.ids\n}\n",
    );
    // A folder that is not there is an error, and none that has no accounts.
    let refused = stage.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("EntityNotExists.Folder") && refused.contains("folder_id"), "{refused}");
    let directories = stage.cloud.get("directories").unwrap();
    let (id, directory) = directories.as_object().unwrap().iter().next().unwrap();
    let folder =
        json!({"name": "empty", "parent": directory["root_folder"], "create_time": "2026-01-01T00:00:00Z"});
    stage.cloud.put(&format!("directories/{id}/folders/fd-empty"), &folder).unwrap();
    stage.apply();
    let output = stage.workspace.succeed(&["output", "-json"]).unwrap();
    let outputs: Value = serde_json::from_str(&output.stdout).unwrap();
    let all = &outputs["all"]["value"];
    assert_eq!(all["ids"].as_array().unwrap().len(), 120, "all pages");
    assert_eq!(all["management_account_id"], json!(stage.cloud.account_id));
    let first = all["ids"][0].as_str().unwrap();
    assert_eq!(all["accounts"][first]["type"], "ResourceAccount");
    assert_eq!((&outputs["top"]["value"], &outputs["none"]["value"]), (&json!(120), &json!([])));
}
