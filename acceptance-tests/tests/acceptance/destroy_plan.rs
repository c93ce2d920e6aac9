//! What a destroy leaves in the cloud is said by its plan, where it can still be thought over.

use acceptance_tests::{Cloud, Fixture, full};
use serde_json::json;

/// The text of a plan that destroys, in one line.
fn destroy_plan(fixture: &Fixture) -> String {
    let said = fixture.workspace.succeed(&["plan", "-no-color", "-destroy"]).unwrap().combined();
    said.split(['│', '╷', '╵']).flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// Applies a configuration; its destroy plan has these words, and its destroy leaves what is at the pointer in the node as it is.
fn leaves(
    configuration: &str,
    prepare: impl Fn(&Cloud),
    words: &[&str],
    node: impl Fn(&Cloud) -> (String, &'static str),
) {
    let fixture = Fixture::new(&full());
    fixture.configure(configuration);
    fixture.apply();
    prepare(&fixture.cloud);
    let planned = destroy_plan(&fixture);
    for word in words {
        assert!(planned.contains(word), "{word:?} is not in the plan:\n{planned}");
    }
    let (node, pointer) = node(&fixture.cloud);
    let left = || fixture.cloud.find(&node).unwrap().and_then(|node| node.pointer(pointer).cloned());
    let before = left();
    assert!(before.as_ref().is_some_and(|before| !before.is_null()), "{node}{pointer} is there");
    fixture.destroy();
    assert_eq!(left(), before, "{node}{pointer}");
}

fn account(cloud: &Cloud, path: &str) -> String {
    format!("accounts/{}/{path}", cloud.account_id)
}

const PROJECT: &str = "
resource \"alitrail_sls_project\" \"audit\" {
  project_name  = \"leftovers-audit\"
  force_destroy = true
}
resource \"alitrail_trail\" \"this\" {
  trail_name      = \"leftovers-trail\"
  sls_project_arn = alitrail_sls_project.audit.arn
}
";

/// An adopted logstore and its adopted index. The project would take them with it, so it is not destroyed.
#[test]
fn an_adopted_logstore_and_index_stay() {
    let fixture = Fixture::new(&full());
    fixture.configure(&format!(
        "{PROJECT}
resource \"alitrail_sls_logstore\" \"events\" {{
  project_name   = alitrail_sls_project.audit.project_name
  logstore_name  = \"actiontrail_${{alitrail_trail.this.trail_name}}\"
  adopt_existing = true
}}
resource \"alitrail_sls_index\" \"events\" {{
  project_name  = alitrail_sls_logstore.events.project_name
  logstore_name = alitrail_sls_logstore.events.logstore_name
  field_search  = {{ owner = {{ type = \"text\" }} }}
}}
"
    ));
    fixture.apply();
    let planned = destroy_plan(&fixture);
    for words in
        ["It was there before this resource took it over", "The logstore had an index before this resource"]
    {
        assert!(planned.contains(words), "{words:?} is not in the plan:\n{planned}");
    }
    let targets = ["-target=alitrail_sls_index.events", "-target=alitrail_sls_logstore.events"];
    fixture.workspace.destroy(&targets).unwrap();
    let path =
        format!("{}/logstores/actiontrail_leftovers-trail/index", fixture.cloud.project("leftovers-audit"));
    assert!(fixture.cloud.get(&path).unwrap().is_object(), "the store is there, with its index");
}

#[test]
fn the_role_of_a_service_stays() {
    leaves(
        "resource \"alitrail_service_linked_role\" \"this\" {\n}\n",
        |_| {},
        &[
            "the service-linked role of actiontrail.aliyuncs.com stays in the account",
            "delete_on_destroy = true",
        ],
        |cloud| (account(cloud, "ram/roles/AliyunServiceRoleForActionTrail"), ""),
    );
}

#[test]
fn the_storage_region_of_global_events_stays() {
    leaves(
        "resource \"alitrail_global_events_storage_region\" \"this\" {\n  storage_region = \"cn-hangzhou\"\n}\n",
        |_| {},
        &["The storage region of global events stays as it is", "goes on storing them in cn-hangzhou"],
        |cloud| (account(cloud, "actiontrail"), "/global_events_storage_region"),
    );
}

const ROLE: &str = "
resource \"alitrail_delivery_role\" \"this\" {
  role_name          = \"leftovers\"
  trusted_account_id = \"1000000000000002\"
  oss_bucket_name    = \"audit-archive\"
}
";

#[test]
fn policies_that_are_not_a_delivery_roles_own_stay() {
    let foreign = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    leaves(
        ROLE,
        |cloud| {
            let policy = account(cloud, "ram/policies/leftovers");
            cloud.patch(&policy, &json!({ "document": foreign })).unwrap();
        },
        &["Policies of delivery role \"leftovers\" stay in the account", "Custom/leftovers is detached"],
        |cloud| (account(cloud, "ram/policies/leftovers"), "/document"),
    );
    // A policy of the vendor is nobody's to delete: it is detached, and that is said.
    let fixture = Fixture::new(&full());
    fixture.configure(ROLE);
    fixture.apply();
    let role = account(&fixture.cloud, "ram/roles/leftovers");
    fixture.cloud.patch(&role, &json!({"policies": ["leftovers", "AdministratorAccess"]})).unwrap();
    let planned = destroy_plan(&fixture);
    assert!(
        planned.contains("System/AdministratorAccess is detached from the role and not deleted"),
        "{planned}"
    );
    let mark = fixture.cloud.mark();
    fixture.destroy();
    let removals = fixture.cloud.removals_since(mark);
    assert_eq!(
        removals.iter().filter(|action| *action == "DeletePolicy").count(),
        1,
        "its own: {removals:?}"
    );
}

#[test]
fn a_bucket_stays_with_what_is_in_it_and_a_project_with_its_logs() {
    let fixture = Fixture::new(&full());
    fixture.configure(
        "resource \"alitrail_oss_bucket\" \"archive\" {\n  bucket = \"leftovers-archive\"\n}\n
resource \"alitrail_sls_project\" \"audit\" {\n  project_name = \"leftovers-audit\"\n  recycle_bin_enabled = true\n}\n",
    );
    fixture.apply();
    let planned = destroy_plan(&fixture);
    for words in [
        "bucket \"leftovers-archive\" is deleted only if it is empty",
        "project \"leftovers-audit\" is deleted only if it holds no logs",
        "stays in the recycle bin for a time",
    ] {
        assert!(planned.contains(words), "{words:?} is not in the plan:\n{planned}");
    }
    fixture.destroy();
}
