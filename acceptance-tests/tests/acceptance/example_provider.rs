//! The example of the crate plugin, a provider of files, under real Terraform: the whole life of a file, and state that
//! was written by hand as earlier versions of the provider would have written it.

use std::fs;
use std::path::PathBuf;

use acceptance_tests::{example_provider, full, newest, oldest};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_kit::terraform::{Installation, Plan, Terraform, Version, Workspace};

const FILE: &str = "files_file.notes";

/// A directory of files, and a configuration beside it.
struct CloudState {
    workspace: Workspace,
    directory: TempDir,
}

impl CloudState {
    fn new(terraform: &Terraform) -> Self {
        let directory = tempfile::Builder::new().prefix("alitrail-test-").tempdir().unwrap();
        for name in ["configuration", "files"] {
            fs::create_dir(directory.path().join(name)).unwrap();
        }
        let plugins = example_provider("terraform-provider-files");
        let installation = Installation::DevOverride { directory: &plugins };
        let configuration = directory.path().join("configuration");
        let mut workspace =
            Workspace::new(terraform, &configuration, directory.path(), installation).unwrap();
        let rc = directory.path().join("files.tfrc");
        let overrides = format!(
            "disable_checkpoint = true\nprovider_installation {{\n  dev_overrides {{\n    \"examples/files\" = {}\n  }}\n  \
             direct {{}}\n}}\n",
            json!(plugins)
        );
        fs::write(&rc, overrides).unwrap();
        workspace.set("TF_CLI_CONFIG_FILE", rc);
        let cloud_state = Self { workspace, directory };
        let provider = format!(
            "terraform {{\n  required_providers {{\n    files = {{\n      source = \"examples/files\"\n    }}\n  }}\n}}\n\n\
             provider \"files\" {{\n  directory = {}\n}}\n",
            json!(cloud_state.files())
        );
        cloud_state.write("provider.tf", &provider);
        cloud_state
    }

    fn files(&self) -> PathBuf {
        self.directory.path().join("files")
    }

    /// Makes a file that nobody manages.
    fn put_file(&self) {
        let path = self.files().join("notes.txt");
        fs::write(&path, "old").unwrap();
        set_mode(&path, 0o644);
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.workspace.directory().join(name), text).unwrap();
    }

    fn configure(&self, arguments: &str) {
        self.write("main.tf", &format!("resource \"files_file\" \"notes\" {{\n{arguments}}}\n"));
    }

    fn plan(&self) -> Plan {
        self.workspace.plan(&[]).unwrap_or_else(|error| panic!("{error}"))
    }

    fn apply(&self) {
        self.workspace.apply(&[]).unwrap_or_else(|error| panic!("{error}"));
    }

    fn assert_empty(&self, when: &str) {
        for arguments in [&[][..], &["-refresh=false"]] {
            let plan = self.workspace.plan_if_any(arguments).unwrap_or_else(|error| panic!("{error}"));
            let summary =
                plan.filter(|plan| !plan.is_empty() || !plan.drift.is_empty()).map(|plan| plan.summary());
            assert_eq!(summary, None, "{when}, {arguments:?}");
        }
    }

    /// What a command that has to fail says, on one line.
    fn fail(&self, arguments: &[&str]) -> String {
        let output = self.workspace.run(arguments).unwrap();
        assert!(!output.success(), "should have failed: {}", output.combined());
        output.stderr.replace(['╷', '│', '╵'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn state(&self) -> Value {
        self.workspace.state().unwrap()[FILE].clone()
    }
}

fn has_identities(terraform: &Terraform) -> bool {
    terraform.version() >= Version::new(12, 0) && !terraform.is_open_tofu()
}

/// The actions of the only change, and its attributes.
fn only(plan: &Plan) -> (Vec<String>, Vec<String>) {
    let [change] = plan.changes.as_slice() else { panic!("{}", plan.summary()) };
    (change.actions.clone(), change.attributes().into_iter().map(|attribute| attribute.path).collect())
}

fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_is_created_repaired_changed_and_deleted() {
    let cloud_state = CloudState::new(&full());
    let path = cloud_state.files().join("a/notes.txt");
    cloud_state.write(
        "data.tf",
        "data \"files_directory\" \"a\" {\n  path = \"a\"\n  depends_on = [files_file.notes]\n}\n\noutput \"files\" {\n  \
         value = data.files_directory.a.files\n}\n",
    );
    cloud_state.configure("  path = \"a/notes.txt\"\n  content = \"one\"\n");
    cloud_state.apply();
    assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    assert_eq!((&cloud_state.state()["mode"], &cloud_state.state()["size"]), (&json!("0644"), &json!(3)));
    let listed = cloud_state.workspace.json(&["output", "-json", "files"]).unwrap();
    assert_eq!(listed, json!([{"name": "notes.txt", "size": 3}]));
    cloud_state.assert_empty("after the create");

    fs::write(&path, "somebody else's").unwrap();
    set_mode(&path, 0o666);
    let (actions, attributes) = only(&cloud_state.plan());
    assert_eq!(actions, ["update"]);
    assert!(
        ["content", "mode"].iter().all(|name| attributes.contains(&(*name).to_owned())),
        "{attributes:?}"
    );
    cloud_state.apply();
    assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    cloud_state.assert_empty("after the repair");

    cloud_state.configure(
        "  path = \"a/notes.txt\"\n  content = \"two!\"\n  mode = \"0600\"\n  deletion_protection = true\n",
    );
    cloud_state.apply();
    assert_eq!(
        (fs::read_to_string(&path).unwrap().as_str(), &cloud_state.state()["size"]),
        ("two!", &json!(4))
    );
    cloud_state.assert_empty("after the update");
    let refused = cloud_state.fail(&["destroy", "-auto-approve", "-no-color"]);
    assert!(refused.contains("file \"a/notes.txt\" is protected against deletion"), "{refused}");

    fs::remove_file(&path).unwrap();
    assert_eq!(only(&cloud_state.plan()).0, ["create"], "a file that is gone is made again");
    cloud_state.configure("  path = \"a/notes.txt\"\n  content = \"three\"\n");
    cloud_state.apply();
    cloud_state.workspace.destroy(&[]).unwrap_or_else(|error| panic!("{error}"));
    assert!(!path.exists());
}

#[test]
fn a_file_that_exists_is_imported_by_id_and_by_identity() {
    let terraform = full();
    let cloud_state = CloudState::new(&terraform);
    cloud_state.put_file();
    cloud_state.configure("  path = \"notes.txt\"\n  content = \"old\"\n");
    let refused = cloud_state.fail(&["apply", "-auto-approve", "-no-color"]);
    assert!(refused.contains("File exists") && refused.contains("id = \"notes.txt\""), "{refused}");
    let mut blocks = vec!["  id = \"notes.txt\"\n"];
    if has_identities(&terraform) {
        blocks.push("  identity = {\n    path = \"notes.txt\"\n  }\n");
    }
    for block in blocks {
        cloud_state.write("import.tf", &format!("import {{\n  to = {FILE}\n{block}}}\n"));
        let plan = cloud_state.plan();
        assert!(plan.changes.len() == 1 && plan.changes[0].importing, "{block}: {}", plan.summary());
        assert_eq!(plan.changes[0].actions, ["no-op"], "{block}");
        cloud_state.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
        fs::remove_file(cloud_state.workspace.directory().join("import.tf")).unwrap();
        cloud_state.assert_empty(block);
        cloud_state.workspace.succeed(&["state", "rm", FILE]).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn paths_and_modes_that_cannot_be_are_refused_before_anything_happens() {
    let cloud_state = CloudState::new(&full());
    for (arguments, said) in [
        ("  path = \"../notes.txt\"\n  content = \"\"\n", "is not a relative path without dots"),
        ("  path = \"notes.txt\"\n  content = \"\"\n  mode = \"rw\"\n", "Write four octal digits"),
    ] {
        cloud_state.configure(arguments);
        let refused = cloud_state.fail(&["validate", "-no-color"]);
        assert!(refused.contains(said), "{refused}");
    }
}

/// A state file as a provider of an earlier version would have written it.
fn stored(version: u64, attributes: &Value, identity: Option<(u64, Value)>) -> String {
    let mut instance =
        json!({"schema_version": version, "attributes": attributes, "sensitive_attributes": []});
    if let Some((version, identity)) = identity {
        instance["identity_schema_version"] = json!(version);
        instance["identity"] = identity;
    }
    let resource = json!({
        "mode": "managed", "type": "files_file", "name": "notes",
        "provider": "provider[\"registry.terraform.io/examples/files\"]", "instances": [instance],
    });
    json!({
        "version": 4, "terraform_version": "1.6.6", "serial": 1, "lineage": "3f1c1e9a-6f5a-4a53-9a6c-0c8f2a1d7b10",
        "outputs": {}, "resources": [resource],
    })
    .to_string()
}

fn upgrades(terraform: &Terraform) {
    let identity =
        |version: u64, name: &str| has_identities(terraform).then(|| (version, json!({name: "notes.txt"})));
    let cases = [
        (
            0,
            json!({"id": "notes.txt", "filename": "notes.txt", "text": "old", "permissions": 0o644, "size": 3,
                "deletion_protection": true, "owner": "an attribute of long ago"}),
            identity(0, "filename"),
        ),
        (
            1,
            json!({"id": "notes.txt", "path": "notes.txt", "text": "old", "permissions": 0o644, "size": 3,
                "deletion_protection": true, "timeouts": null}),
            identity(0, "filename"),
        ),
        (
            2,
            json!({"id": "notes.txt", "path": "notes.txt", "content": "old", "mode": "0644", "size": 3,
                "deletion_protection": true, "timeouts": null}),
            identity(1, "path"),
        ),
    ];
    for (version, attributes, identity) in cases {
        let cloud_state = CloudState::new(terraform);
        cloud_state.put_file();
        cloud_state.configure("  path = \"notes.txt\"\n  content = \"old\"\n  deletion_protection = true\n");
        cloud_state.write("terraform.tfstate", &stored(version, &attributes, identity));
        cloud_state.assert_empty(&format!("state of version {version}"));
        // A change makes Terraform write the state anew, in the current version.
        cloud_state.configure("  path = \"notes.txt\"\n  content = \"new\"\n  deletion_protection = true\n");
        let (actions, attributes) = only(&cloud_state.plan());
        assert!(
            actions == ["update"] && attributes.contains(&"content".to_owned()),
            "{actions:?} {attributes:?}"
        );
        cloud_state.apply();
        cloud_state.assert_empty(&format!("changed from version {version}"));
        let expected = json!({"id": "notes.txt", "path": "notes.txt", "content": "new", "mode": "0644", "size": 3,
            "deletion_protection": true, "timeouts": null});
        assert_eq!(cloud_state.state(), expected, "from version {version}");
        let text = fs::read_to_string(cloud_state.workspace.directory().join("terraform.tfstate")).unwrap();
        let written: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(written["resources"][0]["instances"][0]["schema_version"], json!(2));
    }
}

#[test]
fn state_of_earlier_versions_is_upgraded_and_plans_nothing() {
    upgrades(&full());
}

#[test]
fn state_of_earlier_versions_is_upgraded_by_the_oldest_and_the_newest_terraform() {
    upgrades(&oldest());
    upgrades(&newest());
}

#[test]
fn state_of_a_newer_version_is_refused() {
    let cloud_state = CloudState::new(&full());
    cloud_state.configure("  path = \"notes.txt\"\n  content = \"old\"\n");
    cloud_state.write("terraform.tfstate", &stored(3, &json!({"path": "notes.txt"}), None));
    let refused = cloud_state.fail(&["plan", "-no-color"]);
    assert!(refused.contains("newer provider version"), "{refused}");
}
