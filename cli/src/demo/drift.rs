//! The five changes that somebody makes in the cloud behind Terraform's back, and how a plan is judged to name them.

use serde_json::{Value, json};

use test_kit::admin::{self, Admin};
use test_kit::terraform::{AttributeChange, Plan};

/// The names and places of what the example made.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) account_id: String,
    pub(super) region: String,
    pub(super) trail: String,
    pub(super) bucket: String,
    pub(super) project: String,
    pub(super) logstore: String,
}

impl Made {
    pub(super) fn trail_path(&self) -> String {
        format!("accounts/{}/regions/{}/actiontrail/trails/{}", self.account_id, self.region, self.trail)
    }

    fn bucket_path(&self) -> String {
        format!("oss/buckets/{}", self.bucket)
    }

    fn logstore_path(&self) -> String {
        let Made { account_id, region, project, logstore, .. } = self;
        format!("accounts/{account_id}/regions/{region}/sls/projects/{project}/logstores/{logstore}")
    }
}

/// One such change.
#[derive(Debug)]
pub(super) struct Drift {
    /// What happens, in a few words.
    pub(super) what: &'static str,
    /// The resource that has to notice.
    pub(super) address: &'static str,
    /// The attributes that have to show it.
    pub(super) attributes: &'static [&'static str],
    apply: fn(&Admin, &Made) -> Result<(), admin::Error>,
}

/// All five.
pub(super) const DRIFTS: [Drift; 5] = [
    Drift {
        what: "logging is stopped",
        address: "module.baseline.alitrail_trail.this",
        attributes: &["status"],
        apply: |admin, made| admin.patch(&made.trail_path(), &json!({"Status": "Disable"})).map(drop),
    },
    Drift {
        what: "the trail is narrowed to one region",
        address: "module.baseline.alitrail_trail.this",
        attributes: &["trail_region"],
        apply: |admin, made| admin.patch(&made.trail_path(), &json!({"TrailRegion": made.region})).map(drop),
    },
    Drift {
        what: "the logstore keeps a month only",
        address: "module.baseline.alitrail_sls_logstore.events[\"1\"]",
        attributes: &["retention_period"],
        apply: |admin, made| admin.patch(&made.logstore_path(), &json!({"ttl": 30})).map(drop),
    },
    Drift {
        what: "a lifecycle rule is removed",
        address: "module.baseline.alitrail_oss_bucket_lifecycle.archive[\"1\"]",
        attributes: &["rules.archive"],
        apply: |admin, made| {
            let gone = json!({"Lifecycle": {"Rules": {"archive": null}}});
            admin.patch(&made.bucket_path(), &gone).map(drop)
        },
    },
    Drift {
        what: "the archive is opened to the public",
        address: "module.baseline.alitrail_oss_bucket.archive[\"1\"]",
        attributes: &["acl", "block_public_access"],
        apply: |admin, made| {
            let open = json!({"ACL": "public-read", "BlockPublicAccess": false});
            admin.patch(&made.bucket_path(), &open).map(drop)
        },
    },
];

impl Drift {
    /// Makes the change.
    pub(super) fn inject(&self, admin: &Admin, made: &Made) -> Result<(), admin::Error> {
        (self.apply)(admin, made)
    }
}

/// One attribute in the plan after the drift.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Address of the resource.
    pub(super) address: String,
    /// Path of the attribute.
    pub(super) attribute: String,
    /// What Terraform had left.
    pub(super) was: Value,
    /// What it found.
    pub(super) is: Value,
    /// What apply will make of it.
    pub(super) will_be: Value,
}

/// What a plan says about the drifts, or why it does not name exactly them.
pub(super) fn read(plan: &Plan) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let mut foreign = Vec::new();
    for change in &plan.changes {
        let drifted = plan.drift.iter().find(|drift| drift.address == change.address);
        let drifted = drifted.map(test_kit::terraform::Change::attributes).unwrap_or_default();
        if change.actions != ["update"] {
            foreign.push(format!("{} is planned as {}", change.address, change.actions.join(" and ")));
            continue;
        }
        for attribute in change.attributes() {
            let expected = DRIFTS.iter().filter(|drift| drift.address == change.address);
            if !expected.flat_map(|drift| drift.attributes).any(|path| is_below(&attribute.path, path)) {
                foreign.push(format!("{} {} changes and nobody touched it", change.address, attribute.path));
                continue;
            }
            if is_noise(&attribute) {
                continue;
            }
            let was =
                drifted.iter().find(|drift| drift.path == attribute.path).map(|drift| drift.before.clone());
            rows.push(Row {
                address: change.address.clone(),
                attribute: attribute.path,
                was: was.unwrap_or(Value::Null),
                is: attribute.before,
                will_be: attribute.after,
            });
        }
    }
    let missing = DRIFTS
        .iter()
        .flat_map(|drift| drift.attributes.iter().map(move |path| (drift, path)))
        .filter(|(drift, path)| {
            !rows.iter().any(|row| {
                row.address == drift.address && is_below(&row.attribute, path) && row.was == row.will_be
            })
        });
    let mut problems: Vec<String> = missing
        .map(|(drift, path)| format!("{}: no repair of {path} in {}", drift.what, drift.address))
        .collect();
    problems.extend(foreign);
    if problems.is_empty() { Ok(rows) } else { Err(problems.join("\n")) }
}

/// Whether a row would say nothing: a switch inside a lost object that was off.
fn is_noise(attribute: &AttributeChange) -> bool {
    attribute.before.is_null() && attribute.after == Value::Bool(false)
}

fn is_below(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAIL: &str = "module.baseline.alitrail_trail.this";

    fn change(address: &str, before: Value, after: Value) -> Value {
        json!({"address": address, "type": "t", "change": {"actions": ["update"], "before": before, "after": after}})
    }

    fn complete() -> Value {
        let pairs = [
            (
                TRAIL,
                json!({"status": "Enable", "trail_region": "All"}),
                json!({"status": "Disable", "trail_region": "x"}),
            ),
            (
                "module.baseline.alitrail_sls_logstore.events[\"1\"]",
                json!({"retention_period": 3650}),
                json!({"retention_period": 30}),
            ),
            (
                "module.baseline.alitrail_oss_bucket_lifecycle.archive[\"1\"]",
                json!({"rules": {"archive": {"expiration": {"days": 365}}, "b": {"x": 1}}}),
                json!({"rules": {"b": {"x": 1}}}),
            ),
            (
                "module.baseline.alitrail_oss_bucket.archive[\"1\"]",
                json!({"acl": "private", "block_public_access": true}),
                json!({"acl": "public-read", "block_public_access": false}),
            ),
        ];
        let drift: Vec<Value> = pairs.iter().map(|(a, was, is)| change(a, was.clone(), is.clone())).collect();
        let repair: Vec<Value> =
            pairs.iter().map(|(a, was, is)| change(a, is.clone(), was.clone())).collect();
        json!({"resource_drift": drift, "resource_changes": repair})
    }

    #[test]
    fn a_plan_that_repairs_all_five_is_read_as_a_table() {
        let rows = read(&Plan::from_json(complete())).unwrap();
        let row = rows.iter().find(|row| row.attribute == "retention_period").unwrap();
        assert_eq!((&row.was, &row.is, &row.will_be), (&json!(3650), &json!(30), &json!(3650)));
        assert_eq!(row.address, "module.baseline.alitrail_sls_logstore.events[\"1\"]");
        assert_eq!(rows.len(), 6);
    }

    #[test]
    fn a_drift_that_the_plan_misses_is_named() {
        let mut json = complete();
        json["resource_changes"][0]["change"]["after"]["status"] = json!("Disable");
        let problem = read(&Plan::from_json(json)).unwrap_err();
        assert_eq!(problem, format!("logging is stopped: no repair of status in {TRAIL}"));
    }

    #[test]
    fn a_change_that_nobody_made_is_named() {
        let mut json = complete();
        json["resource_changes"][0]["change"]["after"]["event_rw"] = json!("Write");
        let problem = read(&Plan::from_json(json)).unwrap_err();
        assert_eq!(problem, format!("{TRAIL} event_rw changes and nobody touched it"));
    }
}
