//! The life of a resource, told once for all of them: a resource's scenario is its configuration, the list of its
//! in-place changes and the place of its document in the mock; the steps are the same for every resource.

use std::collections::BTreeMap;

use serde_json::Value;
use test_kit::terraform::{Terraform, Version};

use crate::{Cloud, Fixture};

/// One resource.
pub struct Scenario {
    /// The resource type.
    pub resource: &'static str,
    /// Configuration of what it needs.
    pub around: String,
    /// Its own attributes: name and expression.
    pub base: Vec<(&'static str, String)>,
    /// Attributes changed in place one after another: name and expression.
    pub changes: Vec<(&'static str, String)>,
    /// The path of its document in the admin interface.
    pub node: fn(&Cloud) -> String,
    /// A change of that document, and the attribute that must show it.
    pub drift: (Value, &'static str),
    /// What `terraform import` takes.
    pub import_id: String,
    /// What an import block with an identity takes.
    pub identity: Vec<(&'static str, String)>,
    /// What has to happen in the cloud before a deleted object can be made again.
    pub before_recreate: fn(&Cloud),
}

impl Scenario {
    /// The name under which the resource is declared.
    pub fn address(&self) -> String {
        format!("{}.this", self.resource)
    }

    /// The configuration with some attributes replaced or added.
    pub fn configuration(&self, overrides: &BTreeMap<&str, String>) -> String {
        let mut attributes: BTreeMap<&str, &str> =
            self.base.iter().map(|(name, value)| (*name, value.as_str())).collect();
        attributes.extend(overrides.iter().map(|(name, value)| (*name, value.as_str())));
        let lines: Vec<String> =
            attributes.iter().map(|(name, value)| format!("  {name} = {value}")).collect();
        format!("{}\n\nresource \"{}\" \"this\" {{\n{}\n}}\n", self.around, self.resource, lines.join("\n"))
    }

    /// The whole list: create, change, drift, loss, import, destroy.
    pub fn full(&self, terraform: &Terraform) {
        let fixture = self.create(terraform);
        self.second_apply_writes_nothing(&fixture);
        self.change(&fixture);
        self.drift(&fixture);
        self.lose(&fixture);
        self.import_by_id(&fixture);
        if terraform.version() >= Version::new(12, 0) && !terraform.is_open_tofu() {
            self.import_by_identity(&fixture);
        }
        self.destroy(&fixture);
    }

    /// Create, drift, import and destroy: what runs on every other Terraform.
    pub fn short(&self, terraform: &Terraform) {
        let fixture = self.create(terraform);
        self.drift(&fixture);
        self.import_by_id(&fixture);
        if terraform.version() >= Version::new(12, 0) && !terraform.is_open_tofu() {
            self.import_by_identity(&fixture);
        }
        self.destroy(&fixture);
    }

    fn create(&self, terraform: &Terraform) -> Fixture {
        let fixture = Fixture::new(terraform);
        fixture.configure(&self.configuration(&BTreeMap::new()));
        if !self.around.is_empty() {
            // What it needs comes first, so that the plan under test is about the resource alone.
            fixture.configure(&self.around);
            fixture.apply();
            fixture.configure(&self.configuration(&BTreeMap::new()));
        }
        let plan = fixture.plan(&[]);
        assert_eq!(plan.changes.len(), 1, "only the resource is planned:\n{}", plan.summary());
        assert_eq!(plan.changes[0].actions, ["create"], "{}", plan.summary());
        fixture.apply();
        assert!(self.exists(&fixture), "the object exists");
        fixture.assert_empty("after create");
        fixture
    }

    fn exists(&self, fixture: &Fixture) -> bool {
        let found = fixture.cloud.find(&(self.node)(&fixture.cloud)).expect("an answer");
        found.is_some_and(|document| !document.is_null())
    }

    fn second_apply_writes_nothing(&self, fixture: &Fixture) {
        let mark = fixture.cloud.mark();
        fixture.apply();
        let writes = fixture.cloud.writes_since(mark);
        assert!(writes.is_empty(), "a second apply wrote: {writes:?}");
        assert!(!fixture.cloud.requests_since(mark).is_empty(), "a second apply read nothing");
    }

    fn change(&self, fixture: &Fixture) {
        let mut overrides = BTreeMap::new();
        for (name, value) in &self.changes {
            overrides.insert(*name, value.clone());
            fixture.configure(&self.configuration(&overrides));
            let plan = fixture.plan(&[]);
            let what = format!("{name} = {value}");
            assert_eq!(plan.changes.len(), 1, "{what} changes one resource:\n{}", plan.summary());
            assert_eq!(plan.changes[0].actions, ["update"], "{what} is an update:\n{}", plan.summary());
            let planned = plan.changes[0].attributes();
            assert!(
                planned.iter().any(|change| change.path.split('.').next() == Some(name)),
                "{what} is not what the plan says:\n{}",
                plan.summary()
            );
            fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{what}: {error}"));
            fixture.assert_unchanged(&format!("after {what}"));
        }
    }

    fn drift(&self, fixture: &Fixture) {
        let (patch, attribute) = &self.drift;
        let node = (self.node)(&fixture.cloud);
        let before = fixture.cloud.get(&node).expect("document");
        fixture.cloud.patch(&node, patch).expect("drift");
        assert_ne!(before, fixture.cloud.get(&node).expect("document"), "the patch changes something");
        let plan = fixture.plan(&[]);
        let change = plan.change(&self.address()).unwrap_or_else(|| panic!("{patch} is not noticed"));
        assert_eq!(change.actions, ["update"], "{}", plan.summary());
        assert!(
            change.attributes().iter().any(|change| change.path.starts_with(attribute)),
            "{attribute} is not named:\n{}",
            plan.summary()
        );
        fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
        fixture.assert_empty("after the drift was repaired");
    }

    fn lose(&self, fixture: &Fixture) {
        let node = (self.node)(&fixture.cloud);
        fixture.cloud.delete(&node).expect("delete behind Terraform's back");
        let plan = fixture.plan(&[]);
        let change = plan.change(&self.address()).unwrap_or_else(|| panic!("the loss is not noticed"));
        assert_eq!(change.actions, ["create"], "{}", plan.summary());
        (self.before_recreate)(&fixture.cloud);
        fixture.apply();
        assert!(self.exists(fixture), "the object exists again");
        fixture.assert_empty("after the object was made again");
    }

    fn import_by_id(&self, fixture: &Fixture) {
        let import = format!("import {{\n  to = {}\n  id = {:?}\n}}\n", self.address(), self.import_id);
        self.import(fixture, &import);
    }

    fn import_by_identity(&self, fixture: &Fixture) {
        let lines: Vec<String> =
            self.identity.iter().map(|(name, value)| format!("    {name} = {value:?}")).collect();
        let import = format!(
            "import {{\n  to = {}\n  identity = {{\n{}\n  }}\n}}\n",
            self.address(),
            lines.join("\n")
        );
        self.import(fixture, &import);
    }

    /// Forgets the resource and imports it: nothing else may be planned, and the state must be what it was.
    fn import(&self, fixture: &Fixture, block: &str) {
        let address = self.address();
        let before = fixture.meaning()[&address].clone();
        fixture.workspace.succeed(&["state", "rm", &address]).unwrap_or_else(|error| panic!("{error}"));
        fixture.write("import.tf", block);
        let plan = fixture.plan(&[]);
        assert_eq!(plan.changes.len(), 1, "{}", plan.summary());
        let change = &plan.changes[0];
        assert!(
            change.importing && change.actions == ["no-op"],
            "imports and nothing else:\n{}",
            plan.summary()
        );
        fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
        fixture.remove("import.tf");
        let after = fixture.meaning()[&address].clone();
        assert_eq!(after, before, "the imported state");
        fixture.assert_empty("after import");
    }

    fn destroy(&self, fixture: &Fixture) {
        fixture.destroy();
        let left = fixture.cloud.remains();
        assert!(left.is_empty(), "left behind: {left:?}");
        let mark = fixture.cloud.mark();
        fixture.destroy();
        assert!(fixture.cloud.writes_since(mark).is_empty(), "a second destroy does nothing");
    }
}
