//! What a run must not lose: the objects of the cloud, what they hold, and how they are set.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::{Cloud, REGION};

/// Everything the cloud is set to, without what they hold and without the times at which they were made.
pub(super) fn settings(cloud: &Cloud) -> Value {
    let mut tree = whole(cloud);
    for volatile in ["clock", "access_keys"] {
        tree.as_object_mut().map(|members| members.remove(volatile));
    }
    for held in ["objects", "uploads", "lifecycle_ran", "held_names"] {
        tree["oss"].as_object_mut().map(|members| members.remove(held));
    }
    let accounts = tree["accounts"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for region in
        accounts.flat_map(|account| account["regions"].as_object_mut().into_iter().flat_map(Map::values_mut))
    {
        region["sls"].as_object_mut().map(|members| members.remove("logs"));
    }
    forget(&mut tree);
    tree
}

fn whole(cloud: &Cloud) -> Value {
    cloud.get("").expect("the mock's state")
}

/// Takes out times, and the ids that the service invents.
fn forget(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, value| {
                let name = name.to_lowercase();
                let invented = name == "role_id" || name == "default_version_id";
                let time = (name.ends_with("time") || name.ends_with("date")) && !value.is_object();
                !invented && !time
            });
            members.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

/// The places at which two documents differ.
pub(super) fn differences(wanted: &Value, found: &Value) -> Vec<String> {
    fn walk(path: &str, wanted: &Value, found: &Value, into: &mut Vec<String>) {
        match (wanted, found) {
            (Value::Object(wanted), Value::Object(found)) => {
                let names: BTreeSet<&String> = wanted.keys().chain(found.keys()).collect();
                for name in names {
                    let of = |map: &Map<String, Value>| map.get(name).cloned().unwrap_or_default();
                    walk(&format!("{path}/{name}"), &of(wanted), &of(found), into);
                }
            }
            (wanted, found) if wanted != found => into.push(format!("{path}: {found} instead of {wanted}")),
            _ => {}
        }
    }
    let mut into = Vec::new();
    walk("", wanted, found, &mut into);
    into
}

/// What exists, by what it is called, with what tells it from one that was made again under the same name.
#[derive(Debug, Clone, Default)]
pub(super) struct Existing {
    objects: BTreeMap<String, Value>,
    /// Object keys and log lines that were put there by the sweep.
    evidence: BTreeSet<String>,
}

impl Existing {
    /// Puts an object into every bucket and a line into every logstore, and remembers all there is.
    pub(super) fn with_evidence(cloud: &Cloud, mark: &str) -> Self {
        let tree = whole(cloud);
        // New enough that no retention has ended.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        for bucket in names(&tree["oss"]["buckets"]) {
            put_object(cloud, &bucket, mark);
        }
        let region = format!("accounts/{}/regions/{REGION}", cloud.account_id);
        let sls = &tree["accounts"][&cloud.account_id]["regions"][REGION]["sls"];
        for project in names(&sls["projects"]) {
            for store in names(&sls["projects"][&project]["logstores"]) {
                let mut lines = sls["logs"][&project][&store].as_array().cloned().unwrap_or_default();
                lines.push(json!({"__time__": now, "mark": mark}));
                cloud
                    .patch(&format!("{region}/sls/logs"), &json!({ &project: { &store: lines } }))
                    .expect("log lines");
            }
        }
        Self::now(cloud)
    }

    /// All there is.
    pub(super) fn now(cloud: &Cloud) -> Self {
        let tree = whole(cloud);
        let mut objects = BTreeMap::new();
        let mut evidence = BTreeSet::new();
        for (name, bucket) in members(&tree["oss"]["buckets"]) {
            objects.insert(format!("bucket {name}"), bucket["CreationDate"].clone());
            for (rule, _) in members(&bucket["Lifecycle"]["Rules"]) {
                objects.insert(format!("rule {rule} of bucket {name}"), Value::Null);
            }
            for (key, versions) in members(&tree["oss"]["objects"][name]) {
                if key.starts_with("sweep/") && versions[0]["DeleteMarker"] != true {
                    evidence.insert(format!("object {key} of bucket {name}"));
                }
            }
        }
        let account = &tree["accounts"][&cloud.account_id];
        for (name, role) in members(&account["ram"]["roles"]) {
            objects.insert(format!("role {name}"), role["create_date"].clone());
        }
        for (_, region) in members(&account["regions"]) {
            for (name, trail) in members(&region["actiontrail"]["trails"]) {
                objects.insert(format!("trail {name}"), trail["CreateTime"].clone());
            }
            for (name, project) in members(&region["sls"]["projects"]) {
                objects.insert(format!("project {name}"), project["createTime"].clone());
                for (store, document) in members(&project["logstores"]) {
                    objects.insert(format!("logstore {store} of {name}"), document["createTime"].clone());
                    if !document["index"].is_null() {
                        objects.insert(format!("index of {store} of {name}"), Value::Null);
                    }
                    for line in region["sls"]["logs"][name][store].as_array().into_iter().flatten() {
                        if let Some(mark) = line["mark"].as_str() {
                            evidence.insert(format!("line {mark} of logstore {store} of {name}"));
                        }
                    }
                }
            }
        }
        Self { objects, evidence }
    }

    /// What was there and is not any more, but for what may go.
    pub(super) fn lost(&self, now: &Self, may_go: &BTreeSet<String>) -> Vec<String> {
        let gone = self.objects.iter().filter(|(name, identity)| now.objects.get(*name) != Some(identity));
        let gone = gone.map(|(name, _)| name).chain(self.evidence.difference(&now.evidence));
        gone.filter(|name| !may_go.contains(*name)).map(|name| format!("lost: {name}")).collect()
    }

    /// Whether there is some of everything that a baseline has, and so all of it is watched.
    pub(super) fn is_whole(&self) -> bool {
        let kinds = ["bucket ", "rule ", "project ", "logstore ", "index ", "trail ", "role "];
        kinds.iter().all(|kind| self.objects.keys().any(|name| name.starts_with(kind)))
    }

    /// Whether objects and log lines of this mark are there.
    pub(super) fn has_evidence(&self, mark: &str) -> bool {
        let has = |kind: &str| self.evidence.iter().any(|name| name.starts_with(kind) && name.contains(mark));
        has("object ") && has("line ")
    }

    /// The names of what is there.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.objects.keys().cloned().collect()
    }
}

fn put_object(cloud: &Cloud, bucket: &str, mark: &str) {
    let now = cloud.get("clock").expect("the clock")["now"].clone();
    let version = json!({"VersionId": "null", "LastModified": now, "ETag": "00",
        "type": "Normal", "StorageClass": "Standard", "Body": "ZXZpZGVuY2U="});
    let key = format!("sweep/{mark}");
    cloud.patch("oss/objects", &json!({ bucket: { key: [version] } })).expect("an object");
}

fn members(map: &Value) -> impl Iterator<Item = (&String, &Value)> {
    map.as_object().into_iter().flatten()
}

fn names(map: &Value) -> Vec<String> {
    members(map).map(|(name, _)| name.clone()).collect()
}

/// The calls since a mark that took something away.
pub(super) fn removals(cloud: &Cloud, mark: u64) -> Vec<String> {
    let taking = ["Delete", "Abort", "Detach", "Stop", "Disable", "Untag"];
    let writes = cloud.writes_since(mark).into_iter().filter(|request| request.accepted || request.lost);
    writes
        .map(|request| request.action)
        .filter(|action| taking.iter().any(|verb| action.starts_with(verb)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named() {
        let wanted = json!({"a": {"b": 1, "c": [1]}, "d": true});
        assert!(differences(&wanted, &wanted).is_empty());
        let found = json!({"a": {"b": 2, "c": [1]}, "e": 1});
        assert_eq!(
            differences(&wanted, &found),
            ["/a/b: 2 instead of 1", "/d: null instead of true", "/e: 1 instead of null"]
        );
    }

    #[test]
    fn what_is_made_again_is_lost() {
        let at = |time: i64| Existing {
            objects: BTreeMap::from([("bucket a".to_owned(), json!(time)), ("trail t".to_owned(), json!(1))]),
            evidence: BTreeSet::new(),
        };
        assert!(at(1).lost(&at(1), &BTreeSet::new()).is_empty());
        assert_eq!(at(1).lost(&at(2), &BTreeSet::new()), ["lost: bucket a"]);
        assert_eq!(
            at(1).lost(&Existing::default(), &BTreeSet::from(["trail t".to_owned()])),
            ["lost: bucket a"]
        );
    }
}
