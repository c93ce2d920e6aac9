//! Dashboards and saved searches: named JSON documents of a project that the service keeps with few questions.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::error::Error;
use super::request::{Answer, Request, answer, done};
use super::switches::DASHBOARD_ANSWER;
use crate::switches::QUOTAS;

/// Dashboards, saved searches per project and charts per dashboard (SLS developer guide, "Basic resource limits").
const QUOTA: usize = 100;

/// A text member of a document, empty when it is missing.
fn text<'d>(document: &'d Map<String, Value>, member: &str) -> &'d str {
    document.get(member).and_then(Value::as_str).unwrap_or("")
}

fn full(request: &Request<'_>, count: usize) -> bool {
    request.cloud.switches.is(&QUOTAS, "on") && count >= QUOTA
}

/// Reads and checks a dashboard. Charts are opaque but for their titles (SLS API reference, CreateDashboard).
fn dashboard(request: &Request<'_>) -> Result<Map<String, Value>, Error> {
    let document: Map<String, Value> = request.json()?;
    let charts = match document.get("charts") {
        None | Some(Value::Null) => &[],
        Some(Value::Array(charts)) => charts.as_slice(),
        Some(_) => return Err(Error::body("charts must be an array")),
    };
    let mut titles = BTreeSet::new();
    for chart in charts {
        let title = chart.get("title").and_then(Value::as_str).unwrap_or("");
        if !titles.insert(title) {
            return Err(Error::body(format!("Duplicate chart title: {title}")));
        }
    }
    if full(request, charts.len().saturating_sub(1)) {
        return Err(Error::bad("ExceedQuota", "You have too many charts in your dashboard"));
    }
    Ok(document)
}

fn no_dashboard() -> Error {
    Error::missing("DashboardNotExist", "specified dashboard does not exist")
}

/// CreateDashboard. A name of one character counts as too short (assumed bound).
pub(super) fn create_dashboard(request: &mut Request<'_>) -> Answer {
    let document = dashboard(request)?;
    let name = text(&document, "dashboardName").to_owned();
    if name.len() < 2 {
        return Err(Error::bad("InvalidDashboardName", format!("The dashboard name is invalid: {name}")));
    }
    if name.len() > 128 {
        let message = "The length of dashboard name must be less than or equal to 128";
        return Err(Error::bad("InvalidDashboardName", message));
    }
    let count = request.project()?.dashboards.len();
    if full(request, count) {
        return Err(Error::bad("ExceedQuota", "dashboard quota exceed"));
    }
    let project = request.project()?;
    if project.dashboards.contains_key(&name) {
        return Err(Error::parameter("specified dashboard already exists"));
    }
    project.dashboards.insert(name, Value::Object(document));
    done()
}

/// GetDashboard.
pub(super) fn get_dashboard(request: &mut Request<'_>) -> Answer {
    let name = request.name(0);
    let mut shown = request.project()?.dashboards.get(name).cloned().ok_or_else(no_dashboard)?;
    shown["dashboardName"] = json!(name);
    if request.cloud.switches.is(&DASHBOARD_ANSWER, "filled") {
        fill(&mut shown);
    }
    answer(&shown)
}

/// Takes null members out of charts and puts members of the service's own in; which ones is assumed.
fn fill(dashboard: &mut Value) {
    if dashboard["attribute"].is_null() {
        dashboard["attribute"] = json!({});
    }
    for chart in dashboard["charts"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        chart.retain(|_, member| !member.is_null());
        chart.entry("version").or_insert_with(|| json!("1"));
    }
}

/// UpdateDashboard: replaces it.
pub(super) fn update_dashboard(request: &mut Request<'_>) -> Answer {
    let (document, name) = (dashboard(request)?, request.name(0));
    *request.project()?.dashboards.get_mut(name).ok_or_else(no_dashboard)? = Value::Object(document);
    done()
}

/// DeleteDashboard.
pub(super) fn delete_dashboard(request: &mut Request<'_>) -> Answer {
    let name = request.name(0);
    let project = request.project()?;
    project.dashboards.remove(name).ok_or_else(no_dashboard)?;
    project.dashboard_tags.remove(name);
    done()
}

/// ListDashboard: names and what a list shows of each.
pub(super) fn list_dashboards(request: &mut Request<'_>) -> Answer {
    let wanted = request.call.param("dashboardName").unwrap_or("").to_owned();
    let members = ["dashboardName", "displayName", "description"];
    let found = items(&request.project()?.dashboards, &wanted, &members);
    let (page, total) = request.page(found, 100, 500)?;
    let names: Vec<&Value> = page.iter().map(|item| &item["dashboardName"]).collect();
    answer(&json!({ "count": page.len(), "total": total, "dashboards": names, "dashboardItems": page }))
}

/// What a list shows of the documents whose name contains `wanted`; the first member is the name.
fn items(
    documents: &std::collections::BTreeMap<String, Value>,
    wanted: &str,
    members: &[&str],
) -> Vec<Map<String, Value>> {
    let found = documents.iter().filter(|(name, _)| name.contains(wanted));
    found
        .map(|(name, document)| {
            let value = |(index, member): (usize, &&str)| match index {
                0 => ((*member).to_owned(), json!(name)),
                _ => ((*member).to_owned(), document.get(*member).cloned().unwrap_or_else(|| json!(""))),
            };
            members.iter().enumerate().map(value).collect()
        })
        .collect()
}

/// Reads and checks a saved search (SLS API reference, CreateSavedSearch; bounds of the name as documented).
fn saved_search(request: &Request<'_>) -> Result<Map<String, Value>, Error> {
    let document: Map<String, Value> = request.json()?;
    let name = text(&document, "savedsearchName");
    if !(3..=63).contains(&name.len()) {
        return Err(Error::body(format!("savedsearch name {name} is invalid")));
    }
    for member in ["logstore", "displayName"] {
        if text(&document, member).is_empty() {
            return Err(Error::body(format!("{member} is missing")));
        }
    }
    Ok(document)
}

fn no_saved_search() -> Error {
    Error::missing("SavedSearchNotExist", "specified savedsearch does not exist")
}

/// CreateSavedSearch.
pub(super) fn create_saved_search(request: &mut Request<'_>) -> Answer {
    let document = saved_search(request)?;
    let name = text(&document, "savedsearchName").to_owned();
    let count = request.project()?.saved_searches.len();
    if full(request, count) {
        return Err(Error::bad("ExceedQuota", "savedsearch quota exceed"));
    }
    let project = request.project()?;
    if project.saved_searches.contains_key(&name) {
        // Wording assumed after that of dashboards.
        return Err(Error::parameter("specified savedsearch already exists"));
    }
    project.saved_searches.insert(name, Value::Object(document));
    done()
}

/// GetSavedSearch.
pub(super) fn get_saved_search(request: &mut Request<'_>) -> Answer {
    let name = request.name(0);
    let mut shown = request.project()?.saved_searches.get(name).cloned().ok_or_else(no_saved_search)?;
    shown["savedsearchName"] = json!(name);
    answer(&shown)
}

/// UpdateSavedSearch: replaces it.
pub(super) fn update_saved_search(request: &mut Request<'_>) -> Answer {
    let (document, name) = (saved_search(request)?, request.name(0));
    *request.project()?.saved_searches.get_mut(name).ok_or_else(no_saved_search)? = Value::Object(document);
    done()
}

/// DeleteSavedSearch.
pub(super) fn delete_saved_search(request: &mut Request<'_>) -> Answer {
    let name = request.name(0);
    request.project()?.saved_searches.remove(name).ok_or_else(no_saved_search)?;
    done()
}

/// ListSavedSearch.
pub(super) fn list_saved_searches(request: &mut Request<'_>) -> Answer {
    let wanted = request.call.param("savedsearchName").unwrap_or("").to_owned();
    let found = items(&request.project()?.saved_searches, &wanted, &["savedsearchName", "displayName"]);
    let (page, total) = request.page(found, 100, 500)?;
    let names: Vec<&Value> = page.iter().map(|item| &item["savedsearchName"]).collect();
    answer(&json!({ "count": page.len(), "total": total, "savedsearches": names, "savedsearchItems": page }))
}
