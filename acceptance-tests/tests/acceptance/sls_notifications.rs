//! Whom alerts notify and what people look at, through its whole life on a real Terraform: `alitrail_sls_user`,
//! `alitrail_sls_user_group`, `alitrail_sls_action_policy` and `alitrail_sls_dashboard`; and the lists of projects and
//! logstores.

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Cloud, Fixture, full, others};
use serde_json::{Value, json};

/// The region that keeps the records of the account.
const HOME: &str = "cn-heyuan";

fn text(value: &str) -> String {
    format!("{value:?}")
}

fn record(cloud: &Cloud, table: &str, id: &str) -> String {
    format!("{}/sls/resources/{table}/records/{id}", cloud.region(HOME))
}

/// What the value of a record says.
fn value(cloud: &Cloud, table: &str, id: &str) -> Value {
    let record = cloud.get(&record(cloud, table, id)).unwrap();
    serde_json::from_str(record["value"].as_str().unwrap()).unwrap()
}

fn user() -> Scenario {
    Scenario {
        resource: "alitrail_sls_user",
        around: String::new(),
        base: vec![
            ("user_id", text("alex")),
            ("user_name", text("Alex")),
            ("email", "[\"alex@example.com\"]".to_owned()),
        ],
        changes: vec![
            ("user_name", text("Alex (nights)")),
            ("email", "[\"nights@example.com\", \"alex@example.com\"]".to_owned()),
            ("phone", "\"13800000000\"\n  country_code = \"86\"".to_owned()),
            ("sms_enabled", "true".to_owned()),
            ("voice_enabled", "true".to_owned()),
            ("enabled", "false".to_owned()),
        ],
        node: |cloud| record(cloud, "sls.common.user", "alex"),
        drift: (json!({"tag": "Somebody else"}), "user_name"),
        import_id: "alex".to_owned(),
        identity: vec![("user_id", "alex".to_owned())],
        before_recreate: |_| {},
    }
}

const MEMBER: &str = r#"resource "alitrail_sls_user" "member" {
  user_id   = "billie"
  user_name = "Billie"
  email     = ["billie@example.com"]
}
"#;

fn group() -> Scenario {
    Scenario {
        resource: "alitrail_sls_user_group",
        around: MEMBER.to_owned(),
        base: vec![
            ("user_group_id", text("security-team")),
            ("user_group_name", text("Security team")),
            ("members", "[alitrail_sls_user.member.user_id]".to_owned()),
        ],
        changes: vec![
            ("user_group_name", text("Everybody")),
            ("members", "[alitrail_sls_user.member.user_id, \"not-here-yet\"]".to_owned()),
            ("enabled", "false".to_owned()),
        ],
        node: |cloud| record(cloud, "sls.common.user_group", "security-team"),
        drift: (json!({"value": "{\"members\": [\"intruder\"], \"enabled\": true}"}), "members"),
        import_id: format!("security-team@{HOME}"),
        identity: vec![("user_group_id", "security-team".to_owned()), ("region", HOME.to_owned())],
        before_recreate: |_| {},
    }
}

fn script(kind: &str) -> String {
    text(&format!(
        "fire(type=\"{kind}\", users=[\"billie\"], template_id=\"sls.builtin.en\", period=\"any\")"
    ))
}

fn action_policy() -> Scenario {
    Scenario {
        resource: "alitrail_sls_action_policy",
        around: MEMBER.to_owned(),
        base: vec![
            ("action_policy_id", text("cis.actions")),
            ("action_policy_name", text("CIS actions")),
            ("primary_policy_script", script("email")),
            ("depends_on", "[alitrail_sls_user.member]".to_owned()),
        ],
        changes: vec![
            ("action_policy_name", text("Changed")),
            ("primary_policy_script", script("sms")),
            ("labels", "{ team = \"security\" }".to_owned()),
            ("secondary_policy_script", script("voice")),
            ("escalation_timeout", text("4h")),
            ("escalation_enabled", "true".to_owned()),
            ("escalation_start_timeout", "\"10m\"\n  escalation_start_enabled = true".to_owned()),
        ],
        node: |cloud| record(cloud, "sls.alert.action_policy", "cis.actions"),
        drift: (json!({"value": "{\"primary_policy_script\": \"stop()\"}"}), "primary_policy_script"),
        import_id: "cis.actions".to_owned(),
        identity: vec![("action_policy_id", "cis.actions".to_owned())],
        before_recreate: |_| {},
    }
}

const PROJECT: &str = "acceptance-events";

fn around() -> String {
    format!("resource \"alitrail_sls_project\" \"audit\" {{\n  project_name = {PROJECT:?}\n}}\n")
}

/// The document of a dashboard with one chart, and with a member that the service may leave out.
fn detail(query: &str) -> String {
    format!(
        "jsonencode({{ charts = [{{ title = \"events\", type = \"table\", action = null, search = {{ query = {query:?} }} }}] }})"
    )
}

fn dashboard() -> Scenario {
    Scenario {
        resource: "alitrail_sls_dashboard",
        around: around(),
        base: vec![
            ("project_name", "alitrail_sls_project.audit.project_name".to_owned()),
            ("dashboard_name", text("overview")),
            ("detail", detail("*")),
        ],
        changes: vec![
            ("display_name", text("What happened")),
            ("description", text("Events of a test")),
            ("detail", detail("event.eventName: StopLogging")),
        ],
        node: |cloud| format!("{}/dashboards/overview", cloud.project(PROJECT)),
        drift: (json!({"charts": []}), "detail"),
        import_id: format!("{PROJECT}:overview"),
        identity: vec![("project_name", PROJECT.to_owned()), ("dashboard_name", "overview".to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn a_dashboard_lives_through_everything() {
    dashboard().full(&full());
}

#[test]
fn what_the_service_adds_to_a_dashboard_is_no_difference_and_what_somebody_hides_is() {
    let fixture = Fixture::new(&full());
    fixture
        .cloud
        .put("switches", &json!({"sls_dashboard_answer": "filled", "sls_project_lag": "5s"}))
        .unwrap();
    fixture.cloud.set_faults(&json!([{"action": "CreateDashboard", "kind": "lost_answer", "times": 1}]));
    let whole = dashboard().configuration(&std::collections::BTreeMap::new());
    fixture.configure(&whole);
    fixture.apply();
    fixture.assert_empty("after the service added to the dashboard");
    let node = (dashboard().node)(&fixture.cloud);
    let mut document = fixture.cloud.get(&node).unwrap();
    document["charts"][0]["search"]["filters"] = json!(["not event.userName: intruder"]);
    fixture.cloud.put(&node, &document).unwrap();
    let plan = fixture.plan(&[]);
    let change = plan.change("alitrail_sls_dashboard.this").expect("a filter that somebody added is noticed");
    assert!(change.attributes().iter().any(|change| change.path == "detail"), "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    fixture.assert_empty("after the filter was removed");
    fixture
        .workspace
        .succeed(&["state", "rm", "alitrail_sls_dashboard.this"])
        .unwrap_or_else(|error| panic!("{error}"));
    let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains(&format!("id = \"{PROJECT}:overview@cn-hangzhou\"")), "{errors}");
}

#[test]
fn projects_and_logstores_are_listed_over_all_pages_and_by_name() {
    let fixture = Fixture::new(&full());
    let store = |count: usize| {
        (0..count).map(|at| (format!("store-{at}"), json!({}))).collect::<serde_json::Map<_, _>>()
    };
    let mut projects: serde_json::Map<_, _> = (0..501).map(|at| (format!("other-{at}"), json!({}))).collect();
    projects.insert("audit-one".to_owned(), json!({"logstores": store(501), "description": "events"}));
    projects["audit-one"]["logstores"]["actiontrail_audit"] = json!({});
    projects.insert("my-audit-two".to_owned(), json!({}));
    fixture.cloud.put(&fixture.cloud.region("cn-hangzhou"), &json!({"sls": {"projects": projects}})).unwrap();
    fixture.configure(
        r#"data "alitrail_sls_projects" "all" {}
data "alitrail_sls_projects" "audit" {
  name_contains = "audit"
}
data "alitrail_sls_logstores" "all" {
  project_name = "audit-one"
}
data "alitrail_sls_logstores" "trails" {
  project_name  = "audit-one"
  name_contains = "actiontrail_"
}
output "all" {
  value = length(data.alitrail_sls_projects.all.projects)
}
output "audit" {
  value = [for project in data.alitrail_sls_projects.audit.projects : "${project.arn} ${coalesce(project.description, "-")}"]
}
output "stores" {
  value = length(data.alitrail_sls_logstores.all.names)
}
output "trails" {
  value = data.alitrail_sls_logstores.trails.names
}
"#,
    );
    let mark = fixture.cloud.mark();
    fixture.apply();
    let outputs: Value =
        serde_json::from_str(&fixture.workspace.run(&["output", "-json"]).unwrap().stdout).unwrap();
    let value = |name: &str| outputs[name]["value"].clone();
    let arn = |name: &str| format!("acs:log:cn-hangzhou:{}:project/{name}", fixture.cloud.account_id);
    assert_eq!((value("all"), value("stores")), (json!(503), json!(502)));
    assert_eq!(
        value("audit"),
        json!([format!("{} events", arn("audit-one")), format!("{} -", arn("my-audit-two"))])
    );
    assert_eq!(value("trails"), json!(["actiontrail_audit"]));
    let calls = fixture.cloud.requests_since(mark);
    let count = |action: &str| calls.iter().filter(|call| call.action == action).count();
    assert_eq!((count("ListProject"), count("ListLogStores")), (3, 3), "two pages, and one of each by name");
    fixture
        .configure("data \"alitrail_sls_logstores\" \"none\" {\n  project_name = \"no-such-project\"\n}\n");
    let errors = fixture.fail(&["plan", "-no-color", "-input=false"]);
    assert!(errors.contains("does not exist in this region"), "{errors}");
}

#[test]
fn a_user_lives_through_everything() {
    user().full(&full());
}

#[test]
fn a_group_lives_through_everything() {
    group().full(&full());
}

#[test]
fn an_action_policy_lives_through_everything() {
    action_policy().full(&full());
}

#[test]
fn they_live_on_the_other_versions() {
    for terraform in others() {
        user().short(&terraform);
        group().short(&terraform);
        action_policy().short(&terraform);
        dashboard().short(&terraform);
    }
}

const ALL: &str = r#"
resource "alitrail_sls_user" "this" {
  user_id   = "alex"
  user_name = "Alex"
  email     = ["alex@example.com"]
}

resource "alitrail_sls_user_group" "this" {
  user_group_id   = "security-team"
  user_group_name = "Security team"
  members         = [alitrail_sls_user.this.user_id]
}

resource "alitrail_sls_action_policy" "this" {
  action_policy_id      = "cis.actions"
  action_policy_name    = "CIS actions"
  primary_policy_script = <<-EOT
    if alert.severity >= 8:
        fire(type="sms", groups=["${alitrail_sls_user_group.this.user_group_id}"], template_id="sls.builtin.en", period="any")
        stop()
    fire(type="email", groups=["${alitrail_sls_user_group.this.user_group_id}"], template_id="sls.builtin.en", period="any")
  EOT
}
"#;

#[test]
fn what_somebody_else_wrote_stays_and_lost_answers_leave_nothing_behind() {
    let fixture = Fixture::new(&full());
    fixture.configure(ALL);
    let lost = json!({"action": "CreateResourceRecord", "kind": "lost_answer", "times": 3});
    fixture.cloud.set_faults(&json!([lost]));
    let mark = fixture.cloud.mark();
    let said = fixture.apply().combined();
    assert!(!said.contains("does not exist"), "all of them exist when they are named: {said}");
    let requests = fixture.cloud.requests_since(mark);
    assert_eq!(requests.iter().filter(|request| request.lost).count(), 3);
    assert_eq!(requests.iter().filter(|request| request.write).count(), 3, "none is made twice");
    fixture.assert_empty("after answers were lost");

    // Members that the provider does not know.
    let path = record(&fixture.cloud, "sls.common.user", "alex");
    let mut known = value(&fixture.cloud, "sls.common.user", "alex");
    known["calendar"] = json!("nights");
    fixture.cloud.patch(&path, &json!({"value": known.to_string()})).unwrap();
    fixture.assert_unchanged("after the console added something of its own");
    fixture.configure(&ALL.replace("\"Alex\"", "\"Alexandra\""));
    fixture.apply();
    let after = value(&fixture.cloud, "sls.common.user", "alex");
    assert_eq!((&after["calendar"], &after["user_name"]), (&json!("nights"), &json!("Alexandra")));
}

#[test]
fn an_object_that_exists_and_one_that_does_not_are_told() {
    let fixture = Fixture::new(&full());
    fixture.configure(
        &ALL.replace(
            "groups=[\"${alitrail_sls_user_group.this.user_group_id}\"]",
            "groups=[\"night-shift\"]",
        ),
    );
    let said = fixture.apply().combined().replace(['\n', '│', '╷', '╵'], " ");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("has no user group \"night-shift\"") && said.contains("reach nobody"), "{said}");
    fixture
        .workspace
        .succeed(&["state", "rm", "alitrail_sls_user.this"])
        .unwrap_or_else(|error| panic!("{error}"));
    let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains("exists already") && errors.contains("id = \"alex@cn-heyuan\""), "{errors}");
}

#[test]
fn another_region_keeps_them_where_the_service_lets_it() {
    let fixture = Fixture::new(&full());
    let elsewhere = ALL.replace("user_name = \"Alex\"", "user_name = \"Alex\"\n  region = \"cn-shanghai\"");
    fixture.configure(&elsewhere);
    let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains("cn-shanghai does not keep notification objects"), "{errors}");
    fixture.cloud.put("switches", &json!({"sls_records_region": "every"})).unwrap();
    fixture.apply();
    fixture.assert_unchanged("where every region serves them");
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
}

/// One resource `this` of a type with these attributes, in whatever is around it.
fn resource(kind: &str, around: &str, attributes: &Value) -> String {
    let line = |(name, value): (&String, &Value)| match name.as_str() {
        "detail" => format!("  {name} = jsonencode({value})"),
        _ => format!("  {name} = {value}"),
    };
    let lines: Vec<String> = attributes.as_object().unwrap().iter().map(line).collect();
    format!("{around}\nresource {kind:?} \"this\" {{\n{}\n}}\n", lines.join("\n"))
}

/// Takes one part of the configuration away after the other: each with one call of this action, and with nothing left to do.
fn take_away(
    fixture: &Fixture,
    kind: &str,
    around: &str,
    mut attributes: Value,
    pointers: &[&str],
    action: &str,
) {
    for pointer in pointers {
        let (holder, member) = pointer.rsplit_once('/').unwrap();
        let removed = attributes.pointer_mut(holder).unwrap().as_object_mut().unwrap().remove(member);
        assert!(removed.is_some(), "{pointer}");
        fixture.configure(&resource(kind, around, &attributes));
        let mark = fixture.cloud.mark();
        fixture.apply();
        let writes: Vec<String> =
            fixture.cloud.writes_since(mark).into_iter().map(|call| call.action).collect();
        assert_eq!(writes, [action], "without {pointer}");
        fixture.assert_empty(&format!("without {pointer}"));
    }
}

#[test]
fn whatever_a_dashboard_no_longer_has_is_gone() {
    let fixture = Fixture::new(&full());
    fixture.cloud.put("switches", &json!({"sls_dashboard_answer": "filled"})).unwrap();
    let kind = "alitrail_sls_dashboard";
    let around = around();
    let attributes = json!({
        "project_name": PROJECT, "dashboard_name": "overview", "display_name": "What happened", "description": "Events",
        "detail": {
            "charts": [{ "title": "a", "type": "table", "search": { "query": "*", "topic": "t" }, "display": { "xPos": 1 } }],
            "attribute": { "type": "grid", "refresh": "5m" },
            "tags": ["audit"],
        },
    });
    fixture.configure(&around);
    fixture.apply();
    fixture.configure(&resource(kind, &around, &attributes));
    fixture.apply();
    fixture.assert_empty("with everything");
    let pointers = [
        "/display_name",
        "/description",
        "/detail/charts/0/search/topic",
        "/detail/charts/0/display",
        "/detail/attribute/refresh",
        "/detail/attribute",
        "/detail/tags",
    ];
    take_away(&fixture, kind, &around, attributes, &pointers, "UpdateDashboard");
    let left = fixture.cloud.get(&(dashboard().node)(&fixture.cloud)).unwrap();
    let charts = json!([{ "title": "a", "type": "table", "search": { "query": "*" } }]);
    assert_eq!((&left["charts"], &left["description"]), (&charts, &json!("")), "{left}");
    assert!(left.get("attribute").is_none() && left.get("tags").is_none(), "{left}");
}

#[test]
fn whatever_a_record_no_longer_has_is_gone_and_what_is_not_known_stays() {
    let fixture = Fixture::new(&full());
    let script = "fire(type=\"email\", users=[\"alex\"], template_id=\"sls.builtin.en\", period=\"any\")";
    let user = json!({
        "user_id": "alex", "user_name": "Alex", "email": ["a@example.com", "b@example.com"], "phone": "13800000000",
        "country_code": "86", "enabled": false, "sms_enabled": true, "voice_enabled": true,
    });
    let policy = json!({
        "action_policy_id": "cis.actions", "action_policy_name": "CIS", "primary_policy_script": script,
        "secondary_policy_script": script, "labels": { "team": "security", "tier": "1" },
        "escalation_enabled": true, "escalation_timeout": "4h", "escalation_start_enabled": true,
        "escalation_start_timeout": "10m", "escalation_inprogress_enabled": true, "escalation_inprogress_timeout": "1h",
    });
    let user_parts = ["/sms_enabled", "/voice_enabled", "/enabled"];
    let policy_parts = [
        "/labels/tier",
        "/labels",
        "/escalation_start_enabled",
        "/escalation_start_timeout",
        "/escalation_inprogress_enabled",
        "/escalation_inprogress_timeout",
        "/escalation_enabled",
        "/escalation_timeout",
        "/secondary_policy_script",
    ];
    for (kind, table, id, whole, pointers) in [
        ("alitrail_sls_user", "sls.common.user", "alex", &user, &user_parts[..]),
        ("alitrail_sls_action_policy", "sls.alert.action_policy", "cis.actions", &policy, &policy_parts[..]),
    ] {
        fixture.configure(&resource(kind, "", whole));
        fixture.apply();
        fixture.assert_empty("with everything");
        let mut known = value(&fixture.cloud, table, id);
        known["of_the_console"] = json!({ "kept": true });
        fixture
            .cloud
            .patch(&record(&fixture.cloud, table, id), &json!({"value": known.to_string()}))
            .unwrap();
        take_away(&fixture, kind, "", whole.clone(), pointers, "UpdateResourceRecord");
        assert_eq!(value(&fixture.cloud, table, id)["of_the_console"], json!({ "kept": true }), "{kind}");
    }
    let left = value(&fixture.cloud, "sls.alert.action_policy", "cis.actions");
    let members: Vec<&String> = left.as_object().unwrap().keys().collect();
    assert!(
        !members.iter().any(|name| name.ends_with("timeout") || name.starts_with("secondary")),
        "{members:?}"
    );
    assert_eq!(left["labels"], json!({}));
    fixture.configure(&resource("alitrail_sls_user", "", &user));
    fixture.apply();
    let mut without_phone = user;
    for member in ["sms_enabled", "voice_enabled", "phone", "country_code"] {
        without_phone.as_object_mut().unwrap().remove(member);
    }
    fixture.configure(&resource("alitrail_sls_user", "", &without_phone));
    fixture.apply();
    fixture.assert_empty("without a phone");
    let left = value(&fixture.cloud, "sls.common.user", "alex");
    assert!(left.get("phone").is_none() && left.get("country_code").is_none(), "{left}");
}
