//! What Terraform manages, from state files: a run leaves it to Terraform.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::failure::Failure;

/// Addresses of resources by the objects that they manage, in the words of steps.
#[derive(Debug, Default)]
pub(super) struct Managed(BTreeMap<String, String>);

impl Managed {
    /// Reads state files: those that Terraform keeps, or what `terraform show -json` prints.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut managed = Self::default();
        for path in paths {
            let wrong = |what: String| Failure::usage(format!("{}: {what}", path.display()));
            let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
            let state: Value =
                serde_json::from_str(&text).map_err(|error| wrong(format!("no Terraform state: {error}")))?;
            if state["resources"].is_array() {
                managed.state(&state);
            } else if state["values"]["root_module"].is_object() {
                managed.module(&state["values"]["root_module"]);
            } else {
                return Err(wrong("no Terraform state".to_owned()));
            }
        }
        Ok(managed)
    }

    /// The address of the resource that manages an object.
    pub(super) fn address(&self, object: &str) -> Option<&str> {
        self.0.get(object).map(String::as_str)
    }

    fn state(&mut self, state: &Value) {
        for resource in state["resources"].as_array().into_iter().flatten() {
            if resource["mode"] != "managed" {
                continue;
            }
            let text = |name: &str| resource[name].as_str().unwrap_or_default();
            let module = resource["module"].as_str().map(|module| format!("{module}.")).unwrap_or_default();
            for instance in resource["instances"].as_array().into_iter().flatten() {
                let key = match &instance["index_key"] {
                    Value::Null => String::new(),
                    key => format!("[{key}]"),
                };
                let address = format!("{module}{}.{}{key}", text("type"), text("name"));
                self.add(text("type"), &instance["attributes"], address);
            }
        }
    }

    fn module(&mut self, module: &Value) {
        for resource in module["resources"].as_array().into_iter().flatten() {
            if resource["mode"] == "managed" {
                let kind = resource["type"].as_str().unwrap_or_default();
                let address = resource["address"].as_str().unwrap_or_default().to_owned();
                self.add(kind, &resource["values"], address);
            }
        }
        for child in module["child_modules"].as_array().into_iter().flatten() {
            self.module(child);
        }
    }

    fn add(&mut self, kind: &str, attributes: &Value, address: String) {
        let first = |names: &[&str]| {
            names.iter().find_map(|name| attributes[*name].as_str()).filter(|text| !text.is_empty())
        };
        let project = first(&["project_name", "project"]);
        let store = first(&["logstore_name", "logstore", "name"]);
        let object = if kind.ends_with("_trail") || kind.ends_with("_actiontrail") {
            first(&["trail_name", "name"]).map(|name| format!("trail {name}"))
        } else if kind.contains("oss_bucket") {
            first(&["bucket", "bucket_name"]).map(|name| format!("bucket {name}"))
        } else if kind.ends_with("_alert") {
            project
                .zip(first(&["alert_name", "name"]))
                .map(|(project, name)| format!("alert {project}/{name}"))
        } else if kind.contains("logstore") || kind.contains("log_store") || kind.ends_with("sls_index") {
            project.zip(store).map(|(project, store)| format!("logstore {project}/{store}"))
        } else {
            None
        };
        if let Some(object) = object {
            self.0.entry(object).or_insert(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_forms_of_a_state_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let (kept, shown) = (directory.path().join("kept"), directory.path().join("shown"));
        let state = json!({"version": 4, "resources": [
            {"mode": "managed", "module": "module.a", "type": "alitrail_trail", "name": "this",
             "instances": [{"index_key": "x", "attributes": {"trail_name": "audit"}}]},
            {"mode": "data", "type": "alitrail_trail", "name": "other",
             "instances": [{"attributes": {"trail_name": "seen"}}]},
        ]});
        std::fs::write(&kept, state.to_string()).unwrap();
        let show = json!({"format_version": "1.0", "values": {"root_module": {"child_modules": [{"resources": [
            {"mode": "managed", "address": "module.b.alicloud_oss_bucket.a", "type": "alicloud_oss_bucket",
             "values": {"bucket": "archive"}}]}]}}});
        std::fs::write(&shown, show.to_string()).unwrap();
        let managed = Managed::read(&[kept, shown]).unwrap();
        assert_eq!(managed.address("trail audit"), Some("module.a.alitrail_trail.this[\"x\"]"));
        assert_eq!(managed.address("bucket archive"), Some("module.b.alicloud_oss_bucket.a"));
        assert_eq!(managed.address("trail seen"), None);
        let none = directory.path().join("none");
        std::fs::write(&none, "{}").unwrap();
        assert_eq!(Managed::read(&[none]).unwrap_err().exit_code(), 64);
    }
}
