//! One object in two places of the state, under another name than the configuration has, or under a name that is not known
//! yet: no plan deletes it.

use acceptance_tests::{Fixture, full};
use serde_json::{Value, json};

const APPLY: [&str; 3] = ["apply", "-no-color", "-auto-approve"];

const BUCKET: &str = "two-places-archive";

/// Every resource that holds evidence, as `this`, with what it needs.
const HOLDERS: &str = r#"
resource "alitrail_oss_bucket" "this" {
  bucket = "two-places-archive"
}

resource "alitrail_sls_project" "this" {
  project_name = "two-places-events"
}

resource "alitrail_sls_logstore" "this" {
  project_name  = alitrail_sls_project.this.project_name
  logstore_name = "two-places-store"
}

resource "alitrail_trail" "this" {
  trail_name      = "two-places-trail"
  oss_bucket_name = alitrail_oss_bucket.this.bucket
}
"#;

const ONE: &str = "resource \"alitrail_oss_bucket\" \"one\" {\n  bucket = \"two-places-archive\"\n}\n";
const OTHER: &str = "resource \"alitrail_oss_bucket\" \"other\" {\n  bucket = \"two-places-archive\"\n}\n";

fn succeed(fixture: &Fixture, arguments: &[&str]) -> String {
    let output = fixture.workspace.succeed(arguments).unwrap_or_else(|error| panic!("{error}"));
    output.combined().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn exists(fixture: &Fixture) -> bool {
    fixture.cloud.find(&fixture.cloud.bucket(BUCKET)).unwrap().is_some()
}

fn addresses(fixture: &Fixture) -> Vec<String> {
    fixture.workspace.state().unwrap().into_keys().collect()
}

/// A bucket that was created at one address and imported at the other.
fn at_two_addresses() -> Fixture {
    let fixture = Fixture::new(&full());
    fixture.configure(ONE);
    fixture.apply();
    let import = format!("import {{\n  to = alitrail_oss_bucket.other\n  id = \"{BUCKET}\"\n}}\n");
    fixture.configure(&format!("{ONE}{OTHER}{import}"));
    fixture.apply();
    let state = fixture.meaning();
    assert_eq!(
        state["alitrail_oss_bucket.one"], state["alitrail_oss_bucket.other"],
        "both states mean the same"
    );
    fixture
}

#[test]
fn a_bucket_at_two_addresses_stays_when_one_of_them_goes() {
    for (kept, removed) in [(ONE, "alitrail_oss_bucket.other"), (OTHER, "alitrail_oss_bucket.one")] {
        let fixture = at_two_addresses();
        fixture.configure(kept);
        // Terraform plans the addresses in any order: planned second, the one that stays says how the other one goes.
        let output = fixture.workspace.run(&APPLY).unwrap_or_else(|error| panic!("{error}"));
        let said = output.combined().split_whitespace().collect::<Vec<_>>().join(" ");
        if output.success() {
            assert!(said.contains("is forgotten, not deleted"), "{said}");
        } else {
            assert!(said.contains("is at two addresses, and deleted at one"), "{said}");
            fixture.workspace.succeed(&["state", "rm", removed]).unwrap_or_else(|error| panic!("{error}"));
        }
        assert!(exists(&fixture), "{removed} is removed");
        assert_eq!(addresses(&fixture).len(), 1);
        fixture.assert_empty("after one address is gone");
        fixture.destroy();
        assert!(!exists(&fixture), "the last one deletes it");
    }
}

#[test]
fn a_bucket_at_two_addresses_goes_when_both_of_them_go() {
    let fixture = at_two_addresses();
    fixture.destroy();
    assert!(!exists(&fixture) && addresses(&fixture).is_empty());
}

/// What an apply that ends between the halves of a replacement leaves: the old object deposed, beside the new one.
fn depose(fixture: &Fixture, address: &str) {
    let path = fixture.path().join("terraform.tfstate");
    let mut state: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    state["serial"] = json!(state["serial"].as_u64().unwrap() + 1);
    let (kind, name) = address.split_once('.').unwrap();
    let resource = state["resources"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|resource| resource["type"] == kind && resource["name"] == name)
        .unwrap();
    let mut old = resource["instances"][0].clone();
    old["deposed"] = json!("0badcafe");
    // An object of long ago: states of older versions have no instance.
    old.as_object_mut().unwrap().remove("private");
    resource["instances"].as_array_mut().unwrap().push(old);
    std::fs::write(&path, state.to_string()).unwrap();
}

#[test]
fn a_deposed_object_that_has_a_successor_is_not_deleted() {
    let fixture = Fixture::new(&full());
    // Events may have been delivered by the time of the destroy.
    let bucket = format!("bucket = {BUCKET:?}");
    fixture.configure(&HOLDERS.replacen(&bucket, &format!("{bucket}\n  force_destroy = true"), 1));
    fixture.apply();
    let before = fixture.cloud.remains();
    for kind in ["oss_bucket", "sls_project", "sls_logstore", "trail"] {
        depose(&fixture, &format!("alitrail_{kind}.this"));
    }
    // A deposed object is looked at as soon as can be: planned before its successor, the plan has to be made again. What
    // depends on something that was refused is not looked at then, so that its turn comes with the next plan.
    let mut refusals = 0;
    let said = loop {
        let output = fixture.workspace.run(&APPLY).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(fixture.cloud.remains(), before, "nothing is gone");
        let said = output.combined().split_whitespace().collect::<Vec<_>>().join(" ");
        if output.success() {
            break said;
        }
        refusals += 1;
        assert!(refusals <= 3 && said.contains("is in the state twice, and deleted once"), "{said}");
    };
    assert!(said.contains("is forgotten, not deleted") && !said.contains("with its logs"), "{said}");
    assert_eq!(fixture.cloud.remains(), before, "nothing is gone");
    let state = std::fs::read_to_string(fixture.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains("deposed"), "{state}");
    fixture.assert_empty("after the deposed objects are forgotten");
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn an_imported_object_that_the_configuration_names_differently_is_not_replaced() {
    let fixture = Fixture::new(&full());
    fixture.configure(HOLDERS);
    fixture.apply();
    let before = fixture.cloud.remains();
    for (kind, attribute, name, id) in [
        ("oss_bucket", "bucket", BUCKET, BUCKET),
        ("sls_project", "project_name", "two-places-events", "two-places-events"),
        ("sls_logstore", "logstore_name", "two-places-store", "two-places-events:two-places-store"),
        ("trail", "trail_name", "two-places-trail", "two-places-trail"),
    ] {
        let address = format!("alitrail_{kind}.this");
        fixture.workspace.succeed(&["state", "rm", &address]).unwrap_or_else(|error| panic!("{error}"));
        let named = HOLDERS
            .replace(&format!("{attribute} = {name:?}"), &format!("{attribute} = \"{name}-2\""))
            .replace(&format!("{attribute}  = {name:?}"), &format!("{attribute} = \"{name}-2\""))
            .replace(&format!("{attribute}      = {name:?}"), &format!("{attribute} = \"{name}-2\""));
        assert_ne!(named, HOLDERS, "{kind}");
        fixture.configure(&format!("{named}\nimport {{\n  to = {address}\n  id = {id:?}\n}}\n"));
        let refused = fixture.fail(&APPLY);
        assert!(
            refused.contains("was imported, but the configuration describes another object"),
            "{kind}:\n{refused}"
        );
        assert_eq!(fixture.cloud.remains(), before, "{kind}");
        fixture.configure(&format!("{HOLDERS}\nimport {{\n  to = {address}\n  id = {id:?}\n}}\n"));
        // A protection that is only in the configuration does not hold yet.
        fixture.workspace.apply(&[]).unwrap_or_else(|error| panic!("{error}"));
        fixture.configure(HOLDERS);
        let warned = succeed(&fixture, &["plan", "-no-color", "-destroy"]);
        assert!(warned.contains("was imported and has not been applied since"), "{kind}: {warned}");
        // The first apply ends that.
        let protected = HOLDERS.replacen(
            &format!("\"alitrail_{kind}\" \"this\" {{"),
            &format!("\"alitrail_{kind}\" \"this\" {{\n  deletion_protection = true"),
            1,
        );
        for configuration in [protected.as_str(), HOLDERS] {
            fixture.configure(configuration);
            fixture.apply();
        }
        let warned = succeed(&fixture, &["plan", "-no-color", "-destroy"]);
        assert!(!warned.contains("has not been applied since"), "{kind}: {warned}");
    }
}

/// The holders with names from an output that changes whenever `input` does; of the trail alone, or of all others.
fn named_by_output(input: &str, trail: bool) -> String {
    let output = |text: &str, name: &str| {
        text.replace(
            &format!("= \"two-places-{name}\""),
            &format!("= \"${{terraform_data.prefix.output}}-{name}\""),
        )
    };
    let named = if trail {
        output(HOLDERS, "trail")
    } else {
        let named = ["archive", "events", "store"]
            .into_iter()
            .fold(HOLDERS.to_owned(), |text, name| output(&text, name));
        // Without the reference, only `depends_on` makes the project before its logstore. Later, it would keep the plan
        // from going on to the logstore.
        let project = "\"${terraform_data.prefix.output}-events\"";
        let first = format!("{project}\n  depends_on    = [alitrail_sls_project.this]");
        named.replace(
            "alitrail_sls_project.this.project_name",
            if input == "a" { first.as_str() } else { project },
        )
    };
    format!(
        "resource \"terraform_data\" \"other\" {{\n  input = {input:?}\n}}\n\nresource \"terraform_data\" \"prefix\" {{\n  \
         input            = \"two-places\"\n  triggers_replace = terraform_data.other.output\n}}\n{named}"
    )
}

fn names_not_known(trail: bool, said: &[&str]) {
    let fixture = Fixture::new(&full());
    fixture.configure(&named_by_output("a", trail));
    fixture.apply();
    let before = fixture.cloud.remains();
    for argument in ["", "  evidence_changes = \"deny\"\n"] {
        fixture.write(
            "provider.tf",
            &format!(
                "terraform {{\n  required_providers {{\n    alitrail = {{\n      source = \"alitrail/alitrail\"\n    }}\n  \
                 }}\n}}\n\nprovider \"alitrail\" {{\n{argument}}}\n"
            ),
        );
        fixture.configure(&named_by_output("b", trail));
        let refused = fixture.fail(&APPLY);
        for said in said.iter().chain(&["terraform apply -target=ADDRESS"]) {
            assert!(refused.contains(said), "{said}:\n{refused}");
        }
        assert_eq!(fixture.cloud.remains(), before);
    }
    // The way out that the message names.
    fixture
        .workspace
        .succeed(&["apply", "-no-color", "-auto-approve", "-target=terraform_data.prefix"])
        .unwrap_or_else(|error| panic!("{error}"));
    fixture.apply();
    assert_eq!(fixture.cloud.remains(), before);
    fixture.assert_empty("once the names are known");
}

#[test]
fn a_name_that_is_not_known_yet_deletes_nothing() {
    names_not_known(
        false,
        &[
            "bucket of bucket \"two-places-archive\" is not known yet",
            "project_name of project \"two-places-events\" is not known yet",
            "logstore_name of logstore \"two-places-events:two-places-store\" is not known yet",
        ],
    );
    names_not_known(true, &["trail_name of trail \"two-places-trail\" is not known yet"]);
}

/// A module that waits for something that changes does not know what its data sources read.
#[test]
fn a_module_that_depends_on_a_change_deletes_nothing() {
    let fixture = Fixture::new(&full());
    std::fs::create_dir(fixture.path().join("archive")).unwrap();
    fixture.write(
        "archive/main.tf",
        "terraform {\n  required_providers {\n    alitrail = {\n      source = \"alitrail/alitrail\"\n    }\n  }\n}\n\n\
         data \"alitrail_caller_identity\" \"this\" {}\n\nresource \"alitrail_oss_bucket\" \"this\" {\n  \
         bucket              = \"archive-${data.alitrail_caller_identity.this.account_id}\"\n  \
         deletion_protection = true\n}\n",
    );
    let configuration = |input: &str| {
        format!(
            "resource \"terraform_data\" \"other\" {{\n  input = {input:?}\n}}\n\nmodule \"archive\" {{\n  \
             source     = \"./archive\"\n  depends_on = [terraform_data.other]\n}}\n"
        )
    };
    fixture.configure(&configuration("a"));
    fixture.workspace.get().unwrap_or_else(|error| panic!("{error}"));
    fixture.apply();
    let before = fixture.cloud.remains();
    fixture.configure(&configuration("b"));
    let refused = fixture.fail(&APPLY);
    assert!(refused.contains("is not known yet") && !refused.contains("is protected"), "{refused}");
    assert_eq!(fixture.cloud.remains(), before);
}
