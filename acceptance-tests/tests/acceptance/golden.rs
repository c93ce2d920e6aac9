//! What users depend on and must not change by accident: the schema that Terraform sees, and the id, import id, identity and
//! state of the documentation's example of every resource and data source. The files are in `golden/`; a wanted change is
//! written there with `INSTA_UPDATE=always cargo test --test acceptance golden`, to be read in the diff.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance_tests::{Cloud, Fixture, for_each_resource, newest};
use serde_json::{Value, json};

/// Attributes whose values are made up by the service, another one every time.
const VOLATILE: [&str; 11] = [
    "create_date",
    "create_time",
    "creation_date",
    "end_time",
    "event_id",
    "event_time",
    "join_time",
    "json",
    "role_id",
    "start_logging_time",
    "worm_id",
];

/// Attributes that are there or not, depending on how much time has passed.
const PASSING: [&str; 4] = [
    "latest_delivery_age_seconds",
    "latest_delivery_log_service_age_seconds",
    "latest_delivery_log_service_time",
    "latest_delivery_time",
];

fn check(name: &str, document: &Value) {
    insta::with_settings!({
        snapshot_path => "../../golden",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, format!("{document:#}"));
    });
}

/// Takes out texts for people, which the pages of the documentation hold.
fn without_descriptions(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let described = members.contains_key("description_kind");
            members.retain(|name, value| {
                name != "description_kind" && !(described && name == "description" && value.is_string())
            });
            members.values_mut().for_each(without_descriptions);
        }
        Value::Array(items) => items.iter_mut().for_each(without_descriptions),
        _ => {}
    }
}

#[test]
fn schema() {
    let fixture = Fixture::new(&newest());
    let schema = fixture.workspace.json(&["providers", "schema", "-json"]).unwrap();
    let mut provider = schema["provider_schemas"].as_object().unwrap().values().next().unwrap().clone();
    without_descriptions(&mut provider);
    check("schema", &provider);
}

fn example(kind: &str, name: &str, file: &str) -> String {
    let examples: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    fs::read_to_string(examples.join(kind).join(name).join(file)).unwrap()
}

/// Replaces what is another text every time, wherever it stands, by the name of the attribute that it is the value of.
fn masked(document: &Value) -> Value {
    fn collect(value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    if let (true, Some(text)) = (VOLATILE.contains(&name.as_str()), value.as_str()) {
                        found.push((text.to_owned(), format!("({name})")));
                    }
                    collect(value, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut document = document.clone();
    for name in PASSING {
        if let Some(value) = document.get_mut(name) {
            *value = json!(format!("({name})"));
        }
    }
    let mut found = Vec::new();
    collect(&document, &mut found);
    found.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    let text = found.iter().fold(document.to_string(), |text, (value, name)| {
        let quoted = json!(value).to_string();
        text.replace(&quoted[1..quoted.len() - 1], name)
    });
    serde_json::from_str(&text).unwrap()
}

/// The example's resource as the state file has it: attributes, and the identity.
fn stored(fixture: &Fixture, resource: &str) -> Value {
    let state: Value =
        serde_json::from_slice(&fs::read(fixture.path().join("terraform.tfstate")).unwrap()).unwrap();
    let of_type = |one: &&Value| one["type"] == resource && one["name"] == "example";
    let found = state["resources"].as_array().unwrap().iter().find(of_type).expect("the example");
    let instance = &found["instances"][0];
    json!({
        "id": instance["attributes"]["id"],
        "identity": instance["identity"],
        "schema_version": instance["schema_version"],
        "state": instance["attributes"],
    })
}

fn holds(resource: &str) {
    let fixture = Fixture::new(&newest());
    fixture.configure(&example("resources", resource, "resource.tf"));
    fixture.while_time_flies(20, || fixture.apply());
    let mut document = stored(&fixture, resource);
    // The import ids of the documentation, but for those of other objects than the example.
    let commands = example("resources", resource, "import.sh");
    let documented = commands.lines().find(|line| line.starts_with("terraform import ")).expect("a command");
    let documented = documented.rsplit(' ').next().unwrap();
    let account = fixture.cloud.account_id.clone();
    let import_id = match resource {
        "alitrail_history_delivery_job" => document["id"].as_str().unwrap().to_owned(),
        "alitrail_oss_account_public_access_block" => account,
        _ => documented.to_owned(),
    };
    let before = document["state"].clone();
    let address = format!("{resource}.example");
    fixture.workspace.succeed(&["state", "rm", &address]).unwrap_or_else(|error| panic!("{error}"));
    fixture
        .workspace
        .succeed(&["import", "-no-color", "-input=false", &address, &import_id])
        .unwrap_or_else(|error| panic!("{error}"));
    let imported = stored(&fixture, resource);
    assert_eq!(imported["identity"], document["identity"], "the identity of the imported object");
    let differs: serde_json::Map<String, Value> = imported["state"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, value)| before[*name] != **value)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    document["import"] = json!({ "id": import_id, "differs": differs });
    check(resource, &masked(&document));
}

for_each_resource!(holds);

const WORLD: &str = r#"
resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-archive"
}

resource "alitrail_sls_project" "events" {
  project_name = "audit-trail-events"
  description  = "events"
}

resource "alitrail_sls_logstore" "cases" {
  project_name  = alitrail_sls_project.events.project_name
  logstore_name = "actiontrail_cases"
}

resource "alitrail_trail" "this" {
  trail_name      = "audit-trail"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
}
"#;

#[test]
fn data_sources() {
    let fixture = Fixture::with_cloud(&newest(), Cloud::with(&["--accounts", "2"]));
    fixture.configure(WORLD);
    fixture.apply();
    let mut text = WORLD.to_owned();
    let mut sources: Vec<&str> = Vec::new();
    for source in <provider::Alitrail as plugin::Provider>::data_sources() {
        let name = source.name();
        sources.push(name);
        let folder = fixture.cloud.get("directories").unwrap();
        let folder = folder.as_object().unwrap().values().next().unwrap()["root_folder_id"].clone();
        let own = match name {
            "alitrail_baseline_findings" => "  rules = [\"AT-0[2-6]\", \"OS-0[1-5]\"]\n".to_owned(),
            "alitrail_events" => "  lookup_attributes = { EventName = \"CreateTrail\" }\n".to_owned(),
            "alitrail_organization_accounts" => format!("  folder_id = {folder}\n"),
            "alitrail_oss_buckets" => "  prefix = \"audit-\"\n".to_owned(),
            "alitrail_sls_logstores" => "  project_name = \"audit-trail-events\"\n".to_owned(),
            "alitrail_trail_status" => "  trail_name = \"audit-trail\"\n".to_owned(),
            _ => String::new(),
        };
        text.push_str(&format!("\ndata {name:?} \"this\" {{\n{own}}}\n"));
    }
    fixture.configure(&text);
    fixture.apply();
    let state = fixture.workspace.state().unwrap();
    for source in sources {
        let document = &state[&format!("data.{source}.this")];
        check(&format!("data.{source}"), &masked(document));
    }
}
