//! Log projects, logstores and their indexes.

use std::collections::{BTreeMap, BTreeSet};

use baseline::facts::{Index, Logstore};
use baseline::{Fact, Location};
use serde_json::Value;

use super::source::{LOGSTORES, PROJECTS, Source};
use crate::node::{Node, or};
use crate::resource::Resource;

/// The types of resources that are an index.
pub(super) const INDEXES: &[&str] = &["alitrail_sls_index", "alicloud_log_store_index", "alicloud_sls_index"];

/// A log project.
#[derive(Debug, Clone)]
pub(crate) struct ProjectView {
    pub(crate) account: String,
    pub(crate) region: Option<String>,
    /// Whether it may be deleted with what is in it.
    pub(crate) takes_everything: bool,
    /// Whether the plan makes it, be it anew.
    pub(crate) is_created: bool,
    pub(crate) recycle_bin: Fact<bool>,
    pub(crate) location: Location,
}

/// A logstore.
#[derive(Debug, Clone)]
pub(crate) struct LogstoreView {
    pub(crate) store: Logstore,
    pub(crate) account: String,
    /// Whether the plan makes it, be it anew.
    pub(crate) is_created: bool,
    pub(crate) web_tracking: Fact<bool>,
    pub(crate) append_meta: Fact<bool>,
    pub(crate) mode: Fact<String>,
    /// Destroying its resource leaves it where it is.
    pub(crate) is_only_forgotten: bool,
}

/// An index.
#[derive(Debug, Clone)]
pub(crate) struct IndexView {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) region: Option<String>,
    /// Whether the plan makes it, be it anew.
    pub(crate) is_created: bool,
    pub(crate) full_text: Fact<bool>,
    /// What each field can do, by name.
    pub(crate) fields: Fact<BTreeMap<String, Field>>,
    pub(crate) is_only_forgotten: bool,
    pub(crate) location: Location,
}

/// A field of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) r#type: String,
    pub(crate) can_be_analysed: bool,
    /// Whether all leaves of it can be searched.
    pub(crate) all_leaves: bool,
    /// Leaves that can be analysed, as name and type.
    pub(crate) leaves: BTreeSet<(String, String)>,
}

pub(super) fn projects(source: Source<'_, '_>) -> BTreeMap<String, ProjectView> {
    let views = source.of(PROJECTS).map(|(resource, node)| {
        let view = ProjectView {
            account: source.account(resource),
            region: source.region(resource, node),
            // The service deletes what is in a project with it, and alicloud does not ask.
            takes_everything: resource.is_of_alicloud() || node.flag("force_destroy").known() == Some(&true),
            is_created: resource.is_created(),
            recycle_bin: node.flag("recycle_bin_enabled"),
            location: source.location(resource),
        };
        (source.name(resource, node, &["project_name", "name"]), view)
    });
    views.collect()
}

/// The name of the project that something is in.
pub(super) fn project_of(source: Source<'_, '_>, resource: &Resource, node: Node<'_>) -> Fact<String> {
    let named = |argument| source.reference(resource, node, argument, PROJECTS, &["project_name", "name"]);
    match named("project_name") {
        Fact::Known(name) => Fact::Known(name),
        other => match named("project") {
            Fact::Absent => other,
            name => name,
        },
    }
}

pub(super) fn logstores(source: Source<'_, '_>) -> BTreeMap<String, LogstoreView> {
    let views = source.of(LOGSTORES).map(|(resource, node)| {
        let project = project_of(source, resource, node);
        let project = project.known().cloned().unwrap_or_else(|| format!("project of {}", resource.address));
        let name = source.name(resource, node, &["logstore_name", "name"]);
        let is_of_alicloud = resource.is_of_alicloud();
        let id = format!("{project}/{name}");
        let flag = |name: &str| node.flag(name).known() == Some(&true);
        let view = LogstoreView {
            store: Logstore {
                project,
                name,
                region: source.region(resource, node),
                ttl: or(node.number("retention_period"), || {
                    Fact::Known(if is_of_alicloud { 30 } else { 3650 })
                }),
                hot_ttl: node.number("hot_ttl"),
                infrequent_access_ttl: node.number("infrequent_access_ttl"),
                encrypted: match (node.get("encrypt_conf").is_unknown(), node.get("encrypt_conf").first()) {
                    // What is left out is not encrypted.
                    (true, _) if resource.gives("encrypt_conf") == Some(false) => Fact::Absent,
                    (true, _) => crate::node::not_yet("encrypt_conf"),
                    (false, None) => Fact::Absent,
                    (false, Some(conf)) => conf.flag("enable"),
                },
                modifiable: Fact::default(),
                soft_deletions: Fact::default(),
                index: Fact::default(),
                location: Some(source.location(resource)),
            },
            account: source.account(resource),
            is_created: resource.is_created(),
            web_tracking: node.flag("enable_web_tracking"),
            append_meta: node.flag("append_meta"),
            mode: node.text("mode"),
            is_only_forgotten: flag("adopted") && !flag("force_destroy"),
        };
        (id, view)
    });
    views.collect()
}

pub(super) fn indexes(source: Source<'_, '_>) -> BTreeMap<String, IndexView> {
    let views = source.of(INDEXES).filter_map(|(resource, node)| {
        let project = project_of(source, resource, node).known()?.clone();
        let logstore = ["logstore_name", "logstore"].into_iter().find_map(|argument| {
            let name = source.reference(resource, node, argument, LOGSTORES, &["logstore_name", "name"]);
            name.known().cloned()
        })?;
        let id = format!("{project}/{logstore}");
        let full_text = if resource.r#type == "alicloud_sls_index" { "line" } else { "full_text" };
        let text = node.get(full_text);
        let view = IndexView {
            id: id.clone(),
            account: source.account(resource),
            region: source.region(resource, node),
            is_created: resource.is_created(),
            full_text: if text.is_unknown() {
                crate::node::not_yet(full_text)
            } else {
                Fact::Known(text.first().is_some())
            },
            fields: fields(&resource.r#type, node),
            is_only_forgotten: node.flag("adopted").known() == Some(&true),
            location: source.location(resource),
        };
        Some((id, view))
    });
    views.collect()
}

impl IndexView {
    /// The index as rules see it.
    pub(crate) fn index(&self) -> Fact<Index> {
        let full_text = self.full_text.known().copied().unwrap_or_default();
        self.fields.clone().map(|fields| Index { full_text, keys: fields.len() })
    }
}

fn fields(r#type: &str, node: Node<'_>) -> Fact<BTreeMap<String, Field>> {
    // The plain form of the service, as text.
    if r#type == "alicloud_sls_index" {
        return match node.text("keys") {
            Fact::Known(text) => match serde_json::from_str::<Value>(&text) {
                Ok(Value::Object(keys)) => {
                    Fact::Known(keys.iter().map(|(name, key)| (name.clone(), plain(key))).collect())
                }
                _ => Fact::Unknown("keys is no JSON object".to_owned()),
            },
            Fact::Absent => Fact::Known(BTreeMap::new()),
            other => other.map(|_| BTreeMap::new()),
        };
    }
    let search = node.get("field_search");
    if search.is_unknown() {
        return crate::node::not_yet("field_search");
    }
    let by_name = |node: Node<'_>| Some((node.text("name").known()?.clone(), field(node)));
    Fact::Known(if search.value().is_object() {
        search.members().into_iter().map(|(name, node)| (name.to_owned(), field(node))).collect()
    } else {
        search.items().into_iter().filter_map(by_name).collect()
    })
}

fn field(node: Node<'_>) -> Field {
    let flag = |node: Node<'_>, name: &str| node.flag(name).known().copied().unwrap_or(true);
    let text = |node: Node<'_>, name: &str| node.text(name).known().cloned().unwrap_or_default();
    let keys = node.get("json_keys");
    let leaves: Vec<(String, Node<'_>)> = if keys.value().is_object() {
        keys.members().into_iter().map(|(name, node)| (name.to_owned(), node)).collect()
    } else {
        keys.items().into_iter().map(|node| (text(node, "name"), node)).collect()
    };
    Field {
        r#type: text(node, "type"),
        can_be_analysed: flag(node, "enable_analytics"),
        all_leaves: flag(node, "index_all"),
        leaves: leaves
            .into_iter()
            .filter(|(_, node)| flag(*node, "doc_value"))
            .map(|(name, node)| (name, text(node, "type")))
            .collect(),
    }
}

fn plain(key: &Value) -> Field {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let leaves = key["json_keys"].as_object().into_iter().flatten();
    Field {
        r#type: text(&key["type"]),
        can_be_analysed: key["doc_value"].as_bool().unwrap_or_default(),
        all_leaves: key["index_all"].as_bool().unwrap_or(true),
        leaves: leaves
            .filter(|(_, leaf)| leaf["doc_value"].as_bool().unwrap_or_default())
            .map(|(name, leaf)| (name.clone(), text(&leaf["type"])))
            .collect(),
    }
}
