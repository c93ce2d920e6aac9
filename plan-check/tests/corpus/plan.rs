//! Hand-made plans in the documented form of `terraform show -json`, from values as short as a configuration.

use std::collections::BTreeMap;

use baseline::{Finding, Profile, Selection, Verdict};
use plan_check::{Checked, Options};
use serde_json::{Map, Value, json};
use time::macros::datetime;

/// The resources of a configuration: address and values.
pub(crate) type Planned = BTreeMap<String, Value>;

/// A plan from one planned to another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) before: Planned,
    pub(crate) after: Planned,
    /// What of a resource is not known before the apply.
    pub(crate) unknown: Planned,
    /// Expressions of the configuration.
    pub(crate) expressions: Planned,
    /// What is marked as sensitive.
    pub(crate) sensitive: Planned,
    /// Addresses of what is made again.
    pub(crate) replaced: Vec<String>,
    /// Addresses of what is forgotten.
    pub(crate) forgotten: Vec<String>,
}

/// Type, name and key of an address in the root module.
fn parts(address: &str) -> (String, String, Value) {
    let (r#type, rest) = address.split_once('.').unwrap();
    match rest.split_once('[') {
        Some((name, key)) => {
            let key = serde_json::from_str(key.strip_suffix(']').unwrap()).unwrap();
            (r#type.to_owned(), name.to_owned(), key)
        }
        None => (r#type.to_owned(), rest.to_owned(), Value::Null),
    }
}

impl Plan {
    /// Everything is made.
    pub(crate) fn create(planned: &Planned) -> Self {
        Self { after: planned.clone(), ..Self::default() }
    }

    /// One planned becomes the other.
    pub(crate) fn change(before: &Planned, after: &Planned) -> Self {
        Self { before: before.clone(), after: after.clone(), ..Self::default() }
    }

    pub(crate) fn json(&self) -> Value {
        let mut addresses: Vec<&String> = self.before.keys().chain(self.after.keys()).collect();
        addresses.sort();
        addresses.dedup();
        let mut changes = Vec::new();
        let mut planned = Vec::new();
        let mut configured: BTreeMap<(String, String), Value> = BTreeMap::new();
        for address in addresses {
            let (r#type, name, index) = parts(address);
            let (before, after) = (self.before.get(address), self.after.get(address));
            let actions: &[&str] = match (before, after) {
                _ if self.forgotten.contains(address) => &["forget"],
                (None, _) => &["create"],
                (_, None) => &["delete"],
                _ if self.replaced.contains(address) => &["delete", "create"],
                (Some(before), Some(after)) if before == after && !self.unknown.contains_key(address) => {
                    &["no-op"]
                }
                _ => &["update"],
            };
            let provider = format!(
                "registry.terraform.io/{}",
                match r#type.split('_').next().unwrap() {
                    "alicloud" => "aliyun/alicloud",
                    _ => "alitrail/alitrail",
                }
            );
            let mut change = json!({
                "address": address, "mode": "managed", "type": r#type, "name": name, "provider_name": provider,
                "change": {
                    "actions": actions, "before": before, "after": after,
                    "after_unknown": self.unknown.get(address).cloned().unwrap_or_else(|| json!({})),
                    "before_sensitive": self.sensitive.get(address).cloned().unwrap_or(json!(false)),
                    "after_sensitive": self.sensitive.get(address).cloned().unwrap_or(json!({})),
                },
            });
            if !index.is_null() {
                change["index"] = index.clone();
            }
            changes.push(change);
            if let Some(values) = after {
                let mut resource = json!({
                    "address": address, "mode": "managed", "type": r#type, "name": name, "provider_name": provider,
                    "schema_version": 0, "values": values, "sensitive_values": {},
                });
                if !index.is_null() {
                    resource["index"] = index;
                }
                planned.push(resource);
                configured.insert((r#type.clone(), name.clone()), self.expressions_of(address, values));
            }
        }
        let configured: Vec<Value> = configured
            .into_iter()
            .map(|((r#type, name), expressions)| {
                json!({
                    "address": format!("{}.{name}", r#type), "mode": "managed", "type": r#type, "name": name,
                    "provider_config_key": r#type.split('_').next().unwrap(), "expressions": expressions, "schema_version": 0,
                })
            })
            .collect();
        json!({
            "format_version": "1.2", "terraform_version": "1.13.0",
            "planned_values": { "root_module": { "resources": planned } },
            "resource_changes": changes,
            "prior_state": {},
            "configuration": {
                "provider_config": {
                    "alicloud": { "name": "alicloud", "expressions": { "region": { "constant_value": "cn-hangzhou" } } },
                    "alitrail": { "name": "alitrail", "expressions": { "region": { "constant_value": "cn-hangzhou" } } },
                },
                "root_module": { "resources": configured },
            },
            "complete": true, "errored": false, "timestamp": "2026-12-01T12:00:00Z",
        })
    }

    /// What is written for a resource: what has a value, and what refers to others.
    fn expressions_of(&self, address: &str, values: &Value) -> Value {
        let mut expressions = Map::new();
        for (name, value) in values.as_object().unwrap() {
            if !value.is_null() {
                expressions.insert(name.clone(), json!({ "constant_value": value }));
            }
        }
        if let Some(Value::Object(written)) = self.expressions.get(address) {
            expressions.extend(written.clone());
        }
        Value::Object(expressions)
    }

    pub(crate) fn check(&self) -> Vec<Finding> {
        check(&self.json(), false)
    }
}

pub(crate) fn options(expect_baseline: bool) -> Options {
    Options { file: "plan.json".into(), expect_baseline, now: datetime!(2026-12-01 12:00 UTC) }
}

pub(crate) fn checked(plan: &Value, expect_baseline: bool) -> Checked {
    plan_check::check(&plan.to_string(), &Selection::new(Profile::Baseline), &options(expect_baseline))
        .unwrap()
}

pub(crate) fn check(plan: &Value, expect_baseline: bool) -> Vec<Finding> {
    checked(plan, expect_baseline).report.findings
}

/// `RULE verdict`, of all findings with one of these verdicts.
pub(crate) fn with(findings: &[Finding], verdicts: &[Verdict]) -> Vec<String> {
    let mut all: Vec<String> = findings
        .iter()
        .filter(|finding| verdicts.contains(&finding.verdict))
        .map(|finding| finding.rule.to_owned())
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Sets a member by its JSON pointer; the address comes first. None takes the resource away.
pub(crate) fn set(planned: &mut Planned, address: &str, pointer: &str, value: Value) {
    let resource = planned.get_mut(address).unwrap_or_else(|| panic!("there is no {address}"));
    match pointer.rsplit_once('/') {
        Some((parent, name)) => {
            let parent = resource.pointer_mut(parent).unwrap_or_else(|| panic!("{address} has no {parent}"));
            match parent {
                Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
                parent => parent[name] = value,
            }
        }
        None => *resource = value,
    }
}
