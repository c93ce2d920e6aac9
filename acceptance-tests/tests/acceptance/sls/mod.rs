//! `alitrail_sls_project` and `alitrail_sls_logstore` through their whole life on a real Terraform.

mod from_alicloud;
mod kept_logs;
mod taken;

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Cloud, Fixture, full, others};
use serde_json::json;

const PROJECT: &str = "acceptance-events";
const STORE: &str = "investigations";

fn text(value: &str) -> String {
    format!("{value:?}")
}

fn project() -> Scenario {
    Scenario {
        resource: "alitrail_sls_project",
        around: String::new(),
        base: vec![("project_name", text(PROJECT)), ("description", text("events of a test"))],
        changes: vec![
            ("description", text("changed")),
            ("tags", "{ owner = \"security\" }".to_owned()),
            ("tags", "{ owner = \"audit\", stage = \"test\" }".to_owned()),
            ("force_destroy", "true".to_owned()),
            ("force_destroy", "false".to_owned()),
            ("deletion_protection", "true".to_owned()),
            ("deletion_protection", "false".to_owned()),
        ],
        node: |cloud| cloud.project(PROJECT),
        drift: (json!({"description": "somebody was here"}), "description"),
        import_id: PROJECT.to_owned(),
        identity: vec![("project_name", PROJECT.to_owned())],
        before_recreate: |_| {},
    }
}

fn store_path(cloud: &Cloud, store: &str) -> String {
    format!("{}/logstores/{store}", cloud.project(PROJECT))
}

fn around() -> String {
    format!("resource \"alitrail_sls_project\" \"audit\" {{\n  project_name = {PROJECT:?}\n}}\n")
}

fn logstore() -> Scenario {
    Scenario {
        resource: "alitrail_sls_logstore",
        around: around(),
        base: vec![
            ("project_name", "alitrail_sls_project.audit.project_name".to_owned()),
            ("logstore_name", text(STORE)),
            ("retention_period", "365".to_owned()),
        ],
        changes: vec![
            ("retention_period", "400".to_owned()),
            ("hot_ttl", "60".to_owned()),
            ("max_split_shard_count", "32".to_owned()),
            ("append_meta", "false".to_owned()),
            ("enable_web_tracking", "true".to_owned()),
            ("enable_web_tracking", "false".to_owned()),
            ("deletion_protection", "true".to_owned()),
            ("deletion_protection", "false".to_owned()),
        ],
        node: |cloud| store_path(cloud, STORE),
        drift: (json!({"ttl": 30}), "retention_period"),
        import_id: format!("{PROJECT}:{STORE}"),
        identity: vec![("project_name", PROJECT.to_owned()), ("logstore_name", STORE.to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn a_project_lives_through_everything() {
    project().full(&full());
}

#[test]
fn a_logstore_lives_through_everything() {
    logstore().full(&full());
}

#[test]
fn both_live_on_the_other_versions() {
    for terraform in others() {
        project().short(&terraform);
        logstore().short(&terraform);
    }
}

/// A trail's own logstore, taken over.
fn adopted(retention: u32, extra: &str) -> String {
    format!(
        r#"{}
resource "alitrail_trail" "this" {{
  trail_name      = "acceptance-trail"
  sls_project_arn = alitrail_sls_project.audit.arn
}}

resource "alitrail_sls_logstore" "events" {{
  project_name     = alitrail_sls_project.audit.project_name
  logstore_name    = "actiontrail_${{alitrail_trail.this.trail_name}}"
  retention_period = {retention}
  adopt_existing   = true
  {extra}
}}
"#,
        around()
    )
}

#[test]
fn the_logstore_of_a_trail_is_taken_over_and_only_forgotten_by_destroy() {
    let fixture = Fixture::new(&full());
    fixture.configure(&adopted(3650, ""));
    fixture.apply();
    fixture.assert_empty("after adopting");
    let path = store_path(&fixture.cloud, "actiontrail_acceptance-trail");
    assert_eq!(fixture.cloud.get(&path).unwrap()["ttl"], 3650);
    fixture.workspace.destroy(&["-target=alitrail_sls_logstore.events"]).unwrap();
    fixture.cloud.get(&path).expect("the store is still there");
}

#[test]
fn shortening_what_is_kept_warns() {
    let fixture = Fixture::new(&full());
    fixture.configure(&adopted(3650, ""));
    fixture.apply();
    fixture.configure(&adopted(400, ""));
    let output = fixture.workspace.run(&["plan", "-no-color"]).unwrap();
    assert!(output.success(), "{}", output.combined());
    let said = output.combined();
    assert!(said.contains("Warning:") && said.contains("retention_period"), "{said}");
    fixture.apply();
    fixture.assert_empty("after shortening");
}

#[test]
fn an_adopted_logstore_is_deleted_when_that_is_asked_for() {
    let fixture = Fixture::new(&full());
    fixture.configure(&adopted(3650, "force_destroy = true"));
    fixture.apply();
    let path = store_path(&fixture.cloud, "actiontrail_acceptance-trail");
    fixture.workspace.destroy(&["-target=alitrail_sls_logstore.events"]).unwrap();
    assert!(fixture.cloud.find(&path).unwrap().is_none());
}

/// A logstore in the project, with these attributes besides its names.
fn store(attributes: &str) -> String {
    format!(
        "{}\nresource \"alitrail_sls_logstore\" \"this\" {{\n  project_name = alitrail_sls_project.audit.project_name\n  \
         logstore_name = {STORE:?}\n{attributes}\n}}\n",
        around()
    )
}

#[test]
fn what_the_service_cannot_change_is_an_error_of_the_plan() {
    let fixture = Fixture::new(&full());
    let hot = "  hot_ttl = 30\n";
    let tier = "  infrequent_access_ttl = 30\n";
    let encryption = "  encrypt_conf = { encrypt_type = \"aes_gcm\" }\n";
    let all = format!("{hot}{tier}{encryption}");
    fixture.configure(&store(&all));
    fixture.apply();
    fixture.assert_empty("after create");
    let mark = fixture.cloud.mark();
    for (attributes, said) in [
        (format!("{hot}{tier}"), "encrypt_conf of logstore"),
        (all.replace("aes_gcm", "aes_cbc"), "encrypt_conf.encrypt_type of logstore"),
        (format!("{all}  telemetry_type = \"Event\"\n"), "telemetry_type of logstore"),
        (format!("{all}  mode = \"lite\"\n"), "cannot become lite"),
    ] {
        fixture.configure(&store(&attributes));
        let errors = fixture.fail(&["plan", "-no-color", "-input=false"]);
        assert!(errors.contains(said) && errors.matches("Error:").count() == 1, "{attributes}:\n{errors}");
    }
    assert!(fixture.cloud.writes_since(mark).is_empty());
    // What it can change is no replacement either.
    fixture.configure(&store(&all.replace("{ enc", "{ enable = false, enc").replace("ttl = 30", "ttl = 60")));
    let plan = fixture.plan(&[]);
    assert_eq!(plan.changes[0].actions, ["update"], "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    fixture.assert_empty("after the tiers were extended and the encryption switched off");
}

#[test]
fn shards_that_split_by_themselves_do_not_differ() {
    let fixture = Fixture::new(&full());
    fixture.configure(&store("  shard_count = 2"));
    fixture.apply();
    fixture.cloud.patch(&store_path(&fixture.cloud, STORE), &json!({"shardCount": 5})).unwrap();
    fixture.assert_empty("after the service split shards");
    fixture.configure(&store("  shard_count = 2\n  auto_split = false"));
    fixture.apply();
    let errors = fixture.fail(&["plan", "-no-color", "-input=false"]);
    assert!(errors.contains("shard_count of logstore"), "{errors}");
    fixture.configure(&store("  shard_count = 5\n  auto_split = false"));
    let mark = fixture.cloud.mark();
    fixture.apply();
    assert!(fixture.cloud.writes_since(mark).is_empty());
    fixture.assert_empty("with the number that there is");
}

#[test]
fn a_name_that_somebody_else_has_is_explained() {
    let fixture = Fixture::new(&full());
    fixture.configure(&around());
    // In this region the service will not even say so; in another it says that the name is taken.
    for (region, said) in [("cn-hangzhou", "customer"), ("cn-beijing", "is taken")] {
        let foreign = "accounts/1999999999999999";
        let project = json!({"regions": {region: {"sls": {"projects": {PROJECT: {}}}}}});
        fixture.cloud.put(foreign, &project).unwrap();
        let mark = fixture.cloud.mark();
        let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
        assert!(errors.contains(said) && errors.contains("choose another"), "{errors}");
        assert!(fixture.cloud.writes_since(mark).iter().all(|write| !write.accepted));
        fixture.cloud.delete(foreign).unwrap();
    }
}

#[test]
fn an_object_that_exists_is_an_error_with_an_import_block() {
    let fixture = Fixture::new(&full());
    fixture.cloud.put(&fixture.cloud.project(PROJECT), &json!({"logstores": {STORE: {}}})).unwrap();
    fixture.configure(&store(""));
    let mark = fixture.cloud.mark();
    let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains(&format!("id = \"{PROJECT}@cn-hangzhou\"")), "{errors}");
    assert!(fixture.cloud.writes_since(mark).is_empty());
    let import = format!("import {{\n  to = alitrail_sls_project.audit\n  id = {PROJECT:?}\n}}\n");
    fixture.configure(&format!("{}{import}", store("")));
    let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    let id = format!("id = \"{PROJECT}:{STORE}@cn-hangzhou\"");
    assert!(errors.contains(&id) && errors.contains("adopt_existing"), "{errors}");
}

#[test]
fn what_the_front_ends_do_not_know_yet_is_waited_for() {
    let fixture = Fixture::new(&full());
    fixture.cloud.put("switches", &json!({"sls_project_lag": "5s"})).unwrap();
    fixture.configure(&store(""));
    fixture.apply();
    fixture.assert_empty("after create");
}

#[test]
fn lost_answers_leave_nothing_behind() {
    let fixture = Fixture::new(&full());
    let lost = |action: &str| json!({"action": action, "kind": "lost_answer", "times": 1});
    // The service's own fault comes first, and the answer to the second attempt gets lost.
    let failed = json!({"action": "CreateLogStore", "kind": "server_error", "status": 500,
        "code": "InternalServerError", "times": 1});
    let second = json!({"action": "CreateLogStore", "kind": "lost_answer", "from": 2, "times": 1});
    fixture.cloud.set_faults(&json!([lost("CreateProject"), failed, second, lost("TagResources")]));
    fixture.configure(&store("").replace(
        &format!("project_name = {PROJECT:?}"),
        &format!("project_name = {PROJECT:?}\n  tags = {{ owner = \"security\" }}"),
    ));
    let mark = fixture.cloud.mark();
    fixture.apply();
    assert_eq!(fixture.cloud.requests_since(mark).iter().filter(|request| request.lost).count(), 3);
    fixture.assert_empty("after answers were lost");
}

#[test]
fn a_project_that_goes_takes_its_logstore_along() {
    let fixture = Fixture::new(&full());
    fixture.configure(&store(""));
    fixture.apply();
    fixture.cloud.delete(&fixture.cloud.project(PROJECT)).unwrap();
    let plan = fixture.plan(&[]);
    assert!(plan.changes.iter().all(|change| change.actions == ["create"]), "{}", plan.summary());
    assert_eq!(plan.changes.len(), 2, "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    fixture.assert_empty("after both were made again");
}

#[test]
fn a_store_that_a_service_is_about_to_make_is_waited_for() {
    let fixture = Fixture::new(&full());
    fixture.configure(&around());
    fixture.apply();
    fixture.configure(&store("  adopt_existing = true").replace(STORE, "actiontrail_elsewhere"));
    let path = store_path(&fixture.cloud, "actiontrail_elsewhere");
    let mark = fixture.cloud.mark();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(std::time::Duration::from_secs(4));
            let made =
                json!({"ttl": 3650, "autoSplit": true, "maxSplitShard": 64, "productType": "actiontrail"});
            fixture.cloud.put(&path, &made).expect("the store is made");
        });
        fixture.apply();
    });
    let writes = fixture.cloud.writes_since(mark);
    let writes: Vec<&str> = writes.iter().map(|write| write.action.as_str()).collect();
    assert_eq!(writes, ["UpdateLogStore"], "appendMeta is what the store lacks");
    assert_eq!(fixture.cloud.get(&path).unwrap()["appendMeta"], true);
    fixture.assert_empty("after the store was taken over");
}

#[test]
fn taking_over_a_store_says_what_it_cuts() {
    let fixture = Fixture::new(&full());
    fixture
        .cloud
        .put(&fixture.cloud.project(PROJECT), &json!({"logstores": {STORE: {"ttl": 3650}}}))
        .unwrap();
    let adopted = "  adopt_existing = true\n  retention_period = 200";
    let import = format!("import {{\n  to = alitrail_sls_project.audit\n  id = {PROJECT:?}\n}}\n");
    fixture.configure(&format!("{}{import}", store(adopted)));
    let output = fixture.workspace.run(&["plan", "-no-color"]).unwrap().combined();
    assert!(output.contains("keeps logs for 200 days only"), "{output}");
    // Where such losses are denied, nothing is taken over.
    fixture.write("provider.tf", &format!("{DENYING}\n"));
    let errors = fixture.fail(&["plan", "-no-color", "-input=false"]);
    assert!(errors.contains("evidence_changes is \"deny\""), "{errors}");
}

const DENYING: &str = r#"terraform {
  required_providers {
    alitrail = {
      source = "alitrail/alitrail"
    }
  }
}

provider "alitrail" {
  evidence_changes = "deny"
}
"#;

#[test]
fn every_endpoint_gets_a_signature_that_it_accepts() {
    let fixture = Fixture::new(&full());
    let provider = |arguments: &str| DENYING.replace("  evidence_changes = \"deny\"\n", arguments);
    let dedicated = "  endpoints {\n    log = \"cn-hangzhou-acdr-ut-3.log.aliyuncs.com\"\n  }\n";
    let v1 = "  sign_version {\n    sls = \"v1\"\n  }\n";
    let v4 = v1.replace("v1", "v4");
    fixture.configure(&store(""));
    // The refusal of the older version by a dedicated endpoint shows that the newer one is used without being asked for.
    fixture.write("provider.tf", &provider(&format!("{dedicated}{v1}")));
    let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains("SignatureVersionNotSupported") && errors.contains("sign_version"), "{errors}");
    fixture.write("provider.tf", &provider(dedicated));
    fixture.apply();
    for arguments in [format!("{dedicated}{v4}"), v4, v1.to_owned(), String::new()] {
        fixture.write("provider.tf", &provider(&arguments));
        fixture.assert_unchanged(&arguments);
    }
}

#[test]
fn a_refusal_says_which_action_on_which_resource_is_missing() {
    let fixture = Fixture::new(&full());
    fixture.configure(&around());
    fixture.apply();
    let users = format!("accounts/{}/ram/users", fixture.cloud.account_id);
    fixture.cloud.patch(&users, &json!({"terraform": {"policies": ["ReadOnlyAccess"]}})).unwrap();
    fixture.configure(&store(""));
    let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    let resource = format!("acs:log:cn-hangzhou:{}:project/{PROJECT}/logstore/", fixture.cloud.account_id);
    assert!(errors.contains("log:CreateLogStore") && errors.contains(&resource), "{errors}");
    fixture.configure(&around().replace(PROJECT, "another-project").replace("audit", "another"));
    let errors = fixture.fail(&[
        "apply",
        "-no-color",
        "-input=false",
        "-auto-approve",
        "-target=alitrail_sls_project.another",
    ]);
    assert!(errors.contains("log:CreateProject") && errors.contains("project/another-project"), "{errors}");
}
