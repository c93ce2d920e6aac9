//! What a saved plan says, read from `show -json`.

use std::collections::BTreeMap;

use serde_json::Value;

/// A plan, reduced to what will change and what was found changed.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Resources with something to do; those without are left out.
    pub changes: Vec<Change>,
    /// Resources that are no longer as Terraform left them.
    pub drift: Vec<Change>,
    /// Names of outputs that will change.
    pub outputs: Vec<String>,
    /// The whole document, for everything else.
    pub json: Value,
}

/// One resource in a plan.
#[derive(Debug, Clone)]
pub struct Change {
    /// Address in the configuration, such as `module.baseline.alitrail_trail.this`.
    pub address: String,
    /// Resource type.
    pub resource_type: String,
    /// `create`, `update`, `delete`, or two of them for a replacement.
    pub actions: Vec<String>,
    /// The object before; `null` when it is created.
    pub before: Value,
    /// The object after; unknown values are missing.
    pub after: Value,
    /// `true` at each place that is known only after apply.
    pub after_unknown: Value,
    /// Whether this imports the object.
    pub importing: bool,
}

/// One attribute that differs between the two sides of a [`Change`].
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeChange {
    /// Dotted path, such as `rules.archive.expiration.days`.
    pub path: String,
    /// Value before; `null` when it was not there.
    pub before: Value,
    /// Value after; `null` when it will not be there.
    pub after: Value,
}

impl Plan {
    /// Reads the document that `show -json` prints.
    pub fn from_json(json: Value) -> Self {
        let changes = list(&json["resource_changes"]).filter(|change| !change.is_no_op()).collect();
        let drift = list(&json["resource_drift"]).collect();
        let outputs = json["output_changes"].as_object().map(|outputs| {
            let changed =
                outputs.iter().filter(|(_, change)| change["actions"] != serde_json::json!(["no-op"]));
            changed.map(|(name, _)| name.clone()).collect()
        });
        Plan { changes, drift, outputs: outputs.unwrap_or_default(), json }
    }

    /// Whether applying it would do nothing.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.outputs.is_empty()
    }

    /// The change of one address.
    pub fn change(&self, address: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.address == address)
    }

    /// A line per change, for messages.
    pub fn summary(&self) -> String {
        let mut lines: Vec<String> = self.changes.iter().map(Change::summary).collect();
        lines.extend(self.outputs.iter().map(|name| format!("output {name} changes")));
        lines.join("\n")
    }
}

impl Change {
    fn from_json(json: &Value) -> Self {
        let change = &json["change"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Change {
            address: text(&json["address"]),
            resource_type: text(&json["type"]),
            actions: change["actions"].as_array().into_iter().flatten().map(text).collect(),
            before: change["before"].clone(),
            after: change["after"].clone(),
            after_unknown: change["after_unknown"].clone(),
            importing: change["importing"].is_object(),
        }
    }

    fn is_no_op(&self) -> bool {
        !self.importing && (self.actions == ["no-op"] || self.actions == ["read"])
    }

    /// The attributes that differ, unknown ones left out.
    pub fn attributes(&self) -> Vec<AttributeChange> {
        let before = flatten(&self.before);
        let after = flatten(&self.after);
        let unknown = flatten(&self.after_unknown);
        let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
        paths.sort();
        paths.dedup();
        let value = |map: &BTreeMap<String, Value>, path: &str| map.get(path).cloned().unwrap_or(Value::Null);
        paths
            .into_iter()
            .filter(|path| !covers(&unknown, path))
            .map(|path| AttributeChange {
                path: path.clone(),
                before: value(&before, path),
                after: value(&after, path),
            })
            .filter(|change| change.before != change.after)
            .collect()
    }

    /// One line: address, actions, attributes.
    pub fn summary(&self) -> String {
        let attributes: Vec<String> = if self.actions == ["update"] {
            let changes = self.attributes();
            changes
                .iter()
                .map(|change| format!("{}: {} -> {}", change.path, change.before, change.after))
                .collect()
        } else {
            Vec::new()
        };
        let mut line = format!("{} {}", self.address, self.actions.join("+"));
        if self.importing {
            line.push_str(" (import)");
        }
        if !attributes.is_empty() {
            line.push_str(&format!(" ({})", attributes.join(", ")));
        }
        line
    }
}

/// Every leaf of a JSON value by its dotted path; empty containers and nulls count as absent.
pub fn flatten(value: &Value) -> BTreeMap<String, Value> {
    fn walk(prefix: &str, value: &Value, into: &mut BTreeMap<String, Value>) {
        let below = |key: &str| if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| walk(&below(key), value, into)),
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| walk(&below(&index.to_string()), item, into));
            }
            Value::Null => {}
            leaf => {
                into.insert(prefix.to_owned(), leaf.clone());
            }
        }
    }
    let mut into = BTreeMap::new();
    walk("", value, &mut into);
    into
}

/// Whether a path, or something above it, is marked `true`.
fn covers(marks: &BTreeMap<String, Value>, path: &str) -> bool {
    marks.iter().any(|(mark, value)| {
        *value == Value::Bool(true)
            && (path == mark || path.strip_prefix(mark.as_str()).is_some_and(|rest| rest.starts_with('.')))
    })
}

fn list(json: &Value) -> impl Iterator<Item = Change> {
    json.as_array().into_iter().flatten().map(Change::from_json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn update(before: Value, after: Value, unknown: Value) -> Value {
        json!({"address": "alitrail_trail.this", "type": "alitrail_trail", "change":
            {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown}})
    }

    #[test]
    fn changed_attributes_are_named_by_path() {
        let change = update(
            json!({"status": "Disable", "rules": {"a": {"days": 30}}, "arn": "x", "same": 1}),
            json!({"status": "Enable", "rules": {}, "same": 1}),
            json!({"arn": true}),
        );
        let plan = Plan::from_json(json!({ "resource_changes": [change] }));
        let attributes = plan.changes[0].attributes();
        let paths: Vec<&str> = attributes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["rules.a.days", "status"]);
        assert_eq!((&attributes[1].before, &attributes[1].after), (&json!("Disable"), &json!("Enable")));
        assert_eq!(
            plan.summary(),
            "alitrail_trail.this update (rules.a.days: 30 -> null, status: \"Disable\" -> \"Enable\")"
        );
    }

    #[test]
    fn resources_without_anything_to_do_leave_the_plan_empty() {
        let plan = Plan::from_json(json!({
            "resource_changes": [{"address": "a.b", "type": "a", "change": {"actions": ["no-op"]}},
                                 {"address": "data.a.b", "type": "a", "change": {"actions": ["read"]}}],
            "output_changes": {"o": {"actions": ["no-op"]}}
        }));
        assert!(plan.is_empty(), "{}", plan.summary());
        let plan = Plan::from_json(json!({"output_changes": {"o": {"actions": ["update"]}}}));
        assert!(!plan.is_empty());
        let import = json!({"address": "a.b", "type": "a", "change": {"actions": ["no-op"], "importing": {"id": "x"}}});
        assert!(!Plan::from_json(json!({ "resource_changes": [import] })).is_empty());
    }
}
