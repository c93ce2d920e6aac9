//! Every account and region from one provider block: the member role is assumed where a resource names another account.

use acceptance_tests::{Cloud, Fixture, full};
use serde_json::{Value, json};

const FIRST: &str = "1000000000000002";
const SECOND: &str = "1000000000000003";

/// Projects of two member accounts in two regions, and one of the caller's own.
const PROJECTS: &str = r#"
locals {
  places = merge([for account in ["1000000000000002", "1000000000000003"] : {
    for region in ["cn-hangzhou", "ap-southeast-1"] : "${account}-${region}" => { account = account, region = region }
  }]...)
}

resource "alitrail_sls_project" "member" {
  for_each     = local.places
  account_id   = each.value.account
  region       = each.value.region
  project_name = "audit-${each.key}"
}

resource "alitrail_sls_project" "own" {
  project_name = "audit-of-the-caller"
}
"#;

fn fixture() -> Fixture {
    Fixture::with_cloud(&full(), Cloud::with(&["--accounts", "3"]))
}

fn project(account: &str, region: &str) -> String {
    format!("accounts/{account}/regions/{region}/sls/projects/audit-{account}-{region}")
}

/// A provider block with these arguments.
fn provider(arguments: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    alitrail = {{\n      source = \"alitrail/alitrail\"\n    }}\n  }}\n}}\n\n\
         provider \"alitrail\" {{\n{arguments}\n}}\n"
    )
}

fn assumed(fixture: &Fixture, mark: u64) -> usize {
    fixture.cloud.requests_since(mark).iter().filter(|request| request.action == "AssumeRole").count()
}

#[test]
fn one_provider_block_serves_all_accounts_and_regions() {
    let fixture = fixture();
    fixture.configure(PROJECTS);
    let mark = fixture.cloud.mark();
    fixture.apply();
    // Once for each account and process: the plan and the apply are two.
    assert!(assumed(&fixture, mark) <= 4, "{}", assumed(&fixture, mark));
    for account in [FIRST, SECOND] {
        for region in ["cn-hangzhou", "ap-southeast-1"] {
            fixture.cloud.get(&project(account, region)).unwrap();
        }
    }
    fixture.assert_empty("after the apply");
    let state = fixture.workspace.state().unwrap();
    let member = &state[&format!("alitrail_sls_project.member[\"{SECOND}-ap-southeast-1\"]")];
    let text = |name: &str| member[name].as_str().map(str::to_owned);
    assert_eq!(
        (text("account_id").as_deref(), text("region").as_deref()),
        (Some(SECOND), Some("ap-southeast-1"))
    );

    // Drift in another account is shown and mended there.
    fixture.cloud.patch(&project(SECOND, "ap-southeast-1"), &json!({ "description": "changed" })).unwrap();
    let plan = fixture.plan(&[]);
    assert!(!plan.is_empty());
    fixture.apply();
    let mended: Value = fixture.cloud.get(&project(SECOND, "ap-southeast-1")).unwrap();
    assert_eq!(mended["description"], "");

    // A destroy reaches all of them.
    fixture.destroy();
    for account in [FIRST, SECOND] {
        let regions = fixture.cloud.get(&format!("accounts/{account}/regions")).unwrap();
        for (region, held) in regions.as_object().unwrap() {
            assert_eq!(held["sls"]["projects"], json!({}), "{account} {region}");
        }
    }
}

#[test]
fn an_account_that_cannot_be_reached_is_named_and_does_not_hide_the_others() {
    let fixture = fixture();
    fixture.configure(PROJECTS);
    let role = format!("accounts/{FIRST}/ram/roles/ResourceDirectoryAccountAccessRole");
    let kept = fixture.cloud.get(&role).unwrap();
    fixture.cloud.delete(&role).unwrap();
    let said = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    for part in [
        format!("Account {FIRST} cannot be reached"),
        format!("acs:ram::{FIRST}:role/ResourceDirectoryAccountAccessRole"),
        "member_role_name".to_owned(),
        "EntityNotExist.Role".to_owned(),
    ] {
        assert!(said.contains(&part), "{part} is missing:\n{said}");
    }
    fixture.cloud.get(&project(SECOND, "cn-hangzhou")).unwrap();

    fixture.cloud.put(&role, &kept).unwrap();
    fixture.apply();
    fixture.assert_empty("with the role");

    // Closed accounts can be kept as they are; what changes there is refused.
    fixture.cloud.delete(&role).unwrap();
    let said = fixture.fail(&["plan", "-no-color"]);
    assert!(said.contains(&format!("Account {FIRST} cannot be reached")), "{said}");
    fixture.write("provider.tf", &provider("  unreachable_accounts = \"keep\""));
    let output = fixture.workspace.succeed(&["plan", "-no-color", "-detailed-exitcode"]).unwrap();
    assert!(output.combined().contains("kept as the state has them"), "{}", output.combined());
    fixture.configure(
        &PROJECTS.replace("\"audit-${each.key}\"", "\"audit-${each.key}\"\n  description = \"new\""),
    );
    let said = fixture.fail(&["plan", "-no-color"]);
    assert!(said.contains("so nothing there can be changed") && said.contains("account_id"), "{said}");
}

#[test]
fn only_accounts_that_the_provider_block_allows_are_entered() {
    let fixture = fixture();
    fixture.configure(PROJECTS);
    fixture.write("provider.tf", &provider(&format!("  forbidden_account_ids = [\"{FIRST}\"]")));
    let mark = fixture.cloud.mark();
    let said = fixture.fail(&["plan", "-no-color"]);
    assert!(said.contains(&format!("Account {FIRST} is not to be touched")), "{said}");
    // A forbidden account is known before its role is assumed; the plan looks into the other one.
    assert!(assumed(&fixture, mark) <= 1, "{}", assumed(&fixture, mark));
    // The caller's own account is none that anything is done in here.
    let member = format!(
        "resource \"alitrail_sls_project\" \"this\" {{\n  account_id   = \"{SECOND}\"\n  project_name = \"audit-allowed\"\n}}\n"
    );
    fixture.configure(&member);
    fixture.write("provider.tf", &provider(&format!("  allowed_account_ids = [\"{SECOND}\"]")));
    fixture.apply();
    fixture.assert_empty("with the one account");

    // The same configuration without account_id, and credentials of another account: an error, and nothing moves.
    fixture.configure(&member.replace(&format!("  account_id   = \"{SECOND}\"\n"), ""));
    fixture.write("provider.tf", &provider(""));
    for command in ["plan", "destroy"] {
        let arguments = [command, "-no-color", "-input=false"];
        let arguments: Vec<&str> = if command == "destroy" {
            arguments.into_iter().chain(["-auto-approve"]).collect()
        } else {
            arguments.into()
        };
        let said = fixture.fail(&arguments);
        assert!(said.contains("Another account") && said.contains("account_id = "), "{command}: {said}");
    }
    fixture.cloud.get(&format!("accounts/{SECOND}/regions/cn-hangzhou/sls/projects/audit-allowed")).unwrap();
}

#[test]
fn roles_of_their_own_and_an_import_from_another_account() {
    let fixture = fixture();
    let roles = format!("accounts/{FIRST}/ram/roles");
    let role = fixture.cloud.get(&format!("{roles}/ResourceDirectoryAccountAccessRole")).unwrap();
    fixture.cloud.put(&format!("{roles}/rollout"), &role).unwrap();
    fixture.cloud.delete(&format!("{roles}/ResourceDirectoryAccountAccessRole")).unwrap();
    fixture.write(
        "provider.tf",
        &provider(&format!("  member_roles = {{\n    \"{FIRST}\" = \"rollout\"\n  }}")),
    );
    fixture.configure(PROJECTS);
    fixture.apply();
    fixture.assert_empty("with a role of its own");
    let address = format!("alitrail_sls_project.member[\"{FIRST}-ap-southeast-1\"]");
    fixture.workspace.succeed(&["state", "rm", &address]).unwrap();
    let id = format!("audit-{FIRST}-ap-southeast-1@ap-southeast-1@{FIRST}");
    fixture.workspace.succeed(&["import", "-input=false", &address, &id]).unwrap();
    fixture.assert_empty("after the import");
    // The session is recognisable in the account's own audit trail.
    let sessions = fixture.cloud.get("requests?since=0").unwrap();
    assert!(sessions["requests"].as_array().unwrap().iter().any(|entry| entry["account"] == FIRST));
}

#[test]
fn the_rollout_reaches_the_accounts_of_its_waves() {
    let fixture = Fixture::with_cloud(&full(), Cloud::with(&["--accounts", "6"]));
    fixture.take_example("org-rollout");
    let archive = "1000000000000007";
    let mut variables = json!({"region": "cn-hangzhou", "archive_account_id": archive,
        "canaries": [FIRST], "excluded_account_ids": [archive], "waves": 2, "wave": 0});
    let reached = |fixture: &Fixture| {
        let all = fixture.cloud.get("oss/account_public_access_block").unwrap();
        let blocked = |account: &u64| all[account.to_string()] == json!(true);
        (1_000_000_000_000_002..=1_000_000_000_000_007_u64).filter(blocked).collect::<Vec<u64>>()
    };
    let apply = |fixture: &Fixture, variables: &Value| {
        fixture.write("terraform.tfvars.json", &variables.to_string());
        fixture.apply();
        fixture.assert_empty("after a wave");
    };
    apply(&fixture, &variables);
    assert_eq!(reached(&fixture), [1_000_000_000_000_002]);
    let trail = fixture.cloud.get(&fixture.cloud.trail("organization-trail")).unwrap();
    assert_eq!((&trail["Status"], &trail["IsOrganizationTrail"]), (&json!("Enable"), &json!(true)));
    variables["wave"] = json!(2);
    apply(&fixture, &variables);
    assert_eq!(reached(&fixture).len(), 5, "all but the archive account, which is excluded");

    variables["deletion_protection"] = json!(false);
    variables["force_destroy"] = json!(true);
    apply(&fixture, &variables);
    fixture.destroy();
    assert!(reached(&fixture).is_empty());
}

/// Trails and roles have names of their account: two accounts may have the same.
#[test]
fn two_accounts_have_objects_of_the_same_name() {
    let fixture = fixture();
    let configuration = r#"
locals {
  accounts = toset(["1000000000000002", "1000000000000003"])
}

resource "alitrail_oss_bucket" "archive" {
  for_each   = local.accounts
  account_id = each.key
  bucket     = "archive-${each.key}"
}

resource "alitrail_service_linked_role" "this" {
  for_each     = local.accounts
  account_id   = each.key
  service_name = "actiontrail.aliyuncs.com"
}

resource "alitrail_trail" "this" {
  for_each        = local.accounts
  account_id      = each.key
  trail_name      = "audit-trail"
  oss_bucket_name = alitrail_oss_bucket.archive[each.key].bucket
  depends_on      = [alitrail_service_linked_role.this]
}
"#;
    fixture.configure(configuration);
    fixture.apply();
    fixture.assert_empty("after the apply");
    for account in [FIRST, SECOND] {
        let trail = format!("accounts/{account}/regions/cn-hangzhou/actiontrail/trails/audit-trail");
        assert_eq!(fixture.cloud.get(&trail).unwrap()["Status"], "Enable");
        fixture.cloud.patch(&trail, &json!({"Status": "Disable"})).unwrap();
    }
    fixture.apply();
    fixture.assert_empty("after the repair");
    // One goes, the other stays.
    fixture.configure(
        &configuration.replace("[\"1000000000000002\", \"1000000000000003\"]", "[\"1000000000000003\"]"),
    );
    fixture.apply();
    let gone = format!("accounts/{FIRST}/regions/cn-hangzhou/actiontrail/trails/audit-trail");
    assert_eq!(fixture.cloud.find(&gone).unwrap(), None);
    fixture.destroy();
}
