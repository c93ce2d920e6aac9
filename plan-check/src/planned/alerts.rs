//! Alert rules.

use std::collections::BTreeMap;

use baseline::facts::{Alert, AlertQuery};
use baseline::{Fact, Location};

use super::logs;
use super::source::{LOGSTORES, Source};
use crate::node::Node;

/// The types of resources that are an alert rule.
pub(super) const ALERTS: &[&str] = &["alitrail_sls_alert", "alicloud_log_alert", "alicloud_sls_alert"];

/// An alert rule.
#[derive(Debug, Clone)]
pub(crate) struct AlertView {
    pub(crate) alert: Alert,
    pub(crate) project: String,
    pub(crate) account: String,
    pub(crate) region: Option<String>,
    pub(crate) location: Location,
    /// When it runs: its members as texts.
    pub(crate) schedule: BTreeMap<String, String>,
    /// Until when it is silenced, in seconds since 1970.
    pub(crate) mute_until: i64,
    /// What it looks for: store, query, and how long it looks back.
    pub(crate) queries: Vec<Query>,
    /// Joins and template, as text.
    pub(crate) around: String,
    /// The severities with their conditions, in order.
    pub(crate) severities: Vec<String>,
    /// The condition of groups, as text.
    pub(crate) condition: String,
    /// How many finds in a row it takes.
    pub(crate) threshold: i64,
    pub(crate) no_data_fire: bool,
    /// Alert policy and action policy, and how often it repeats.
    pub(crate) policies: BTreeMap<String, String>,
    /// Where else it is sent.
    pub(crate) sinks: Vec<String>,
    /// Whether something of it is not known yet, so that it cannot be compared.
    pub(crate) is_unknown: bool,
}

/// A query of an alert rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// Store and query, without differences in white space.
    pub(crate) text: String,
    /// For how many seconds it looks back.
    pub(crate) span: Option<i64>,
}

pub(super) fn read(source: Source<'_, '_>) -> BTreeMap<String, AlertView> {
    let views = source.of(ALERTS).map(|(resource, node)| {
        let project = logs::project_of(source, resource, node);
        let project = project.known().cloned().unwrap_or_else(|| format!("project of {}", resource.address));
        let name = source.name(resource, node, &["alert_name"]);
        let is_flat = resource.r#type == "alicloud_log_alert";
        let configuration = if is_flat { Some(node) } else { node.get("configuration").first() };
        let configuration = configuration.unwrap_or(node);
        let queries = configuration.get("query_list");
        let template = configuration.get("template_configuration").first();
        let id = ["template_id", "id"].into_iter().find_map(|name| template?.text(name).known().cloned());
        let query = |node: Node<'_>| {
            let store = ["store", "logstore"].into_iter().find_map(|name| node.text(name).known().cloned());
            // The only logstore of the plan that the queries refer to.
            let resolved = || {
                let argument = if is_flat { "query_list" } else { "configuration" };
                let found = source.references.resolve(resource, argument, LOGSTORES, source.resources)?;
                Some(source.name(found, found.side(source.side)?, &["logstore_name", "name"]))
            };
            AlertQuery {
                logstore: store.or_else(resolved).unwrap_or_default(),
                query: node.text("query").known().cloned().unwrap_or_default(),
            }
        };
        let alert_queries: Vec<AlertQuery> = queries.items().into_iter().map(query).collect();
        let compared = queries.items().into_iter().zip(&alert_queries).map(|(node, query)| {
            let words = query.query.split_whitespace().collect::<Vec<_>>().join(" ");
            Query { text: format!("{}: {words}", query.logstore), span: span(node) }
        });
        let view = AlertView {
            queries: compared.collect(),
            // alicloud_log_alert switches every alert on.
            alert: Alert {
                name: name.clone(),
                enabled: !node
                    .text("status")
                    .known()
                    .is_some_and(|status| status.eq_ignore_ascii_case("disabled")),
                queries: alert_queries,
                template: id,
            },
            account: source.account(resource),
            region: source.region(resource, node),
            location: source.location(resource),
            schedule: texts(node.get("schedule").first()),
            mute_until: number(configuration, "mute_until"),
            around: plain(&[
                configuration.get("join_configurations"),
                configuration.get("template_configuration"),
            ]),
            severities: configuration
                .get("severity_configurations")
                .items()
                .iter()
                .map(|node| plain(&[*node]))
                .collect(),
            condition: plain(&[configuration.get("condition_configuration"), configuration.get("condition")]),
            threshold: number(configuration, "threshold"),
            no_data_fire: configuration.flag("no_data_fire").known() == Some(&true),
            policies: texts(configuration.get("policy_configuration").first()),
            sinks: sinks(configuration),
            is_unknown: queries.is_unknown()
                || queries.items().iter().any(|node| node.get("query").is_unknown()),
            project: project.clone(),
        };
        (format!("{project}/{name}"), view)
    });
    views.collect()
}

fn sinks(configuration: Node<'_>) -> Vec<String> {
    let flags = ["sink_alerthub_enabled", "sink_cms_enabled"]
        .into_iter()
        .filter(|name| configuration.flag(name).known() == Some(&true));
    let blocks = ["sink_alerthub", "sink_cms", "sink_event_store"].into_iter().filter_map(|name| {
        let block = configuration.get(name).first()?;
        // A sink that does not say is on.
        let is_on = block.flag("enabled").known() != Some(&false);
        let store = block.text("event_store").known().cloned().unwrap_or_default();
        is_on.then(|| format!("{name} {store}").trim().to_owned())
    });
    flags.map(|name| name.trim_end_matches("_enabled").to_owned()).chain(blocks).collect()
}

/// Members that are set, as texts.
fn texts(node: Option<Node<'_>>) -> BTreeMap<String, String> {
    let members = node.map(Node::members).unwrap_or_default();
    let text = |(name, node): (&str, Node<'_>)| {
        let text = plain(&[node]);
        (!text.is_empty()).then(|| (name.to_owned(), text))
    };
    members.into_iter().filter_map(text).collect()
}

/// A value as text, without what is unset.
fn plain(nodes: &[Node<'_>]) -> String {
    fn write(value: &serde_json::Value, text: &mut String) {
        use serde_json::Value::{Array, Null, Object, String};
        match value {
            Null => {}
            String(part) => text.push_str(&part.split_whitespace().collect::<Vec<_>>().join(" ")),
            Array(items) => items.iter().for_each(|item| {
                write(item, text);
                text.push(' ');
            }),
            Object(members) => members.iter().for_each(|(name, member)| {
                let mut inner = std::string::String::new();
                write(member, &mut inner);
                if !inner.trim().is_empty() {
                    text.push_str(&format!("{name}={} ", inner.trim()));
                }
            }),
            other => text.push_str(&other.to_string()),
        }
    }
    let mut text = String::new();
    for node in nodes {
        write(node.value(), &mut text);
        text.push(' ');
    }
    text.trim().to_owned()
}

fn number(node: Node<'_>, name: &str) -> i64 {
    node.number(name).known().copied().unwrap_or_default()
}

/// How long a query looks back, in seconds, where start and end are relative.
fn span(node: Node<'_>) -> Option<i64> {
    let text = |name: &str| match node.text(name) {
        Fact::Known(text) => Some(text),
        _ => None,
    };
    let end = text("end").map_or(Some(0), |end| relative(&end));
    Some(relative(&text("start")?)? - end?)
}

/// Seconds of `-15m` or `now`; those of `15m` as well.
pub(crate) fn relative(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches('-');
    if text == "now" || text == "absolute" || text.is_empty() {
        return Some(0);
    }
    let (number, unit) = text.split_at(text.len().checked_sub(1).filter(|at| text.is_char_boundary(*at))?);
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    Some(number.parse::<i64>().ok()? * unit)
}
