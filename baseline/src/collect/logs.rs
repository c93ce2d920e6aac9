//! The logstore that a trail delivers to, the alert rules of its project, and the alert centre.

use alibaba::{Client, Error};
use serde_json::Value;

use super::error::{fact, fact_if_there, not_looked};
use crate::facts::{Alert, AlertQuery, Fact, Index, Logstore};

pub(super) async fn logstore(client: &Client, region: &str, project: &str, name: &str) -> Fact<Logstore> {
    let sls = client.sls(region);
    let (described, index) = tokio::join!(sls.get_logstore(project, name), sls.get_index(project, name));
    let described = match described {
        Ok(described) => described,
        Err(error) if error.is_not_found() => return Fact::Absent,
        Err(error) => return not_looked(&error, "log:GetLogStore"),
    };
    Fact::Known(Logstore {
        project: project.to_owned(),
        name: name.to_owned(),
        region: Some(region.to_owned()),
        ttl: described.ttl.into(),
        hot_ttl: described.hot_ttl.into(),
        infrequent_access_ttl: described.infrequent_access_ttl.into(),
        encrypted: described.encrypt_conf.map(|conf| conf.enable).into(),
        modifiable: described.enable_modify.into(),
        // No call of the clients lists them.
        soft_deletions: Fact::Absent,
        index: fact_if_there(index, "log:GetIndex").map(|index| Index {
            full_text: index.line.is_some(),
            keys: index.keys.map_or(0, |keys| keys.len()),
        }),
        location: None,
    })
}

pub(super) async fn alerts(client: &Client, region: &str, project: &str) -> Fact<Vec<Alert>> {
    match client.sls(region).list_alerts(project).await {
        // A project that is gone has no alerts, which other rules tell.
        Err(error) if error.is_not_found() => Fact::Absent,
        answer => fact(answer, "log:ListJobs").map(|rules| rules.iter().map(alert).collect()),
    }
}

/// An alert rule from its document (SLS API reference, CreateAlert).
fn alert(rule: &Value) -> Alert {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let configuration = &rule["configuration"];
    let query = |query: &Value| AlertQuery {
        // The two versions of alerts spell it differently.
        logstore: ["store", "logStore", "logstore"]
            .iter()
            .map(|name| text(&query[*name]))
            .find(|name| !name.is_empty())
            .unwrap_or_default(),
        query: text(&query["query"]),
    };
    let template = text(&configuration["templateConfiguration"]["id"]);
    Alert {
        name: text(&rule["name"]),
        enabled: !text(&rule["status"]).eq_ignore_ascii_case("disabled")
            && !text(&rule["state"]).eq_ignore_ascii_case("disabled"),
        queries: configuration["queryList"].as_array().into_iter().flatten().map(query).collect(),
        template: Some(template).filter(|template| !template.is_empty()),
    }
}

/// Whether the alert centre was initialised: for the account, which makes a project of its own, or for the project of the
/// trail, which makes a logstore in it.
pub(super) async fn alert_center(client: &Client, account: &str, region: &str, project: &str) -> Fact<bool> {
    let sls = client.sls(region);
    let (center, history) = (format!("sls-alert-{account}"), "internal-alert-history");
    let (projects, stores) = tokio::join!(sls.list_projects(&center), sls.list_logstores(project, history));
    let of_account = |projects: &Vec<alibaba::sls::Project>| {
        projects.iter().any(|project| project.project_name.starts_with(&center))
    };
    let of_project = |stores: &Vec<String>| stores.iter().any(|store| store == history);
    let found = projects.as_ref().is_ok_and(of_account) || stores.as_ref().is_ok_and(of_project);
    match (found, projects.err(), stores.err().filter(|error: &Error| !error.is_not_found())) {
        (true, ..) => Fact::Known(true),
        (false, Some(error), _) => not_looked(&error, "log:ListProject"),
        (false, None, Some(error)) => not_looked(&error, "log:ListLogStores"),
        (false, None, None) => Fact::Known(false),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn alert_rules_of_both_versions_are_read() {
        let rule = json!({"name": "a", "status": "ENABLED", "configuration": {"queryList": [{"store": "s", "query": "q"}]}});
        let read = alert(&rule);
        assert_eq!((read.enabled, read.queries[0].logstore.as_str(), read.template), (true, "s", None));
        let old = json!({"name": "a", "state": "Disabled", "configuration": {"queryList": [{"logStore": "s", "query": "q"}],
            "templateConfiguration": {"id": "sls.app.actiontrail.cis.at.root_login"}}});
        let read = alert(&old);
        assert_eq!((read.enabled, read.queries[0].logstore.as_str()), (false, "s"));
        assert_eq!(read.template.as_deref(), Some("sls.app.actiontrail.cis.at.root_login"));
    }
}
