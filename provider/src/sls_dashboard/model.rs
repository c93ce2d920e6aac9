//! The attributes of `alitrail_sls_dashboard`, and what the service makes of them.

use plugin::value::{Object, Value};
use plugin::{Attr, Model};
use serde_json::{Map, Value as Json, json};

use super::check::{name, said};
use super::detail::{self, parsed, stripped};
use crate::place::{Place, Placed};
use crate::{check, json};

/// Attributes of `alitrail_sls_dashboard`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(
    remote = "accounts/{account_id}/regions/{region}/sls/projects/{project_name}/dashboards/{dashboard_name}"
)]
pub struct DashboardModel {
    /// Project and dashboard: `<project_name>:<dashboard_name>`.
    #[attr(computed)]
    pub id: Attr<String>,
    /// Project the dashboard is in.
    #[attr(required, replace, identity, check = check::sls_project_name)]
    pub project_name: Attr<String>,
    /// Name in the project: 2 to 128 letters, digits, hyphens, underscores and dots.
    #[attr(required, replace, identity, check = name)]
    pub dashboard_name: Attr<String>,
    /// Region of the project. Default: the provider's.
    #[attr(keeps = "a dashboard stays where it was made", replace, identity_optional, check = check::region)]
    pub region: Attr<String>,
    /// Account the project is in. Default: the account of the provider's credentials.
    #[attr(keeps = "a dashboard stays where it was made", replace, identity_optional, check = check::account_id)]
    pub account_id: Attr<String>,
    /// Title that people see. Default: the name.
    #[attr(
        optional,
        check = said,
        unset_is = own_name,
        samples("What happened", "Something else"),
        remote = "/displayName"
    )]
    pub display_name: Attr<String>,
    /// What the dashboard is for.
    #[attr(optional, check = said, samples("Events of the trail", "Something else"), remote = "/description")]
    pub description: Attr<String>,
    /// Everything else as JSON, best written with `jsonencode`: `charts`, a list of objects each with a `title` of its own,
    /// and optionally `attribute`, as the console shows them in its JSON editor. Compared by meaning: neither the order of
    /// members nor what the service adds to them is a difference.
    #[attr(
        required,
        check = detail::check,
        same = json::same,
        samples(
            "{\"charts\":[{\"title\":\"one\",\"type\":\"table\",\"search\":{\"query\":\"*\"}}]}",
            "{\"charts\":[{\"title\":\"two\",\"type\":\"table\",\"search\":{\"query\":\"*\"}}]}"
        ),
        remote = "/charts",
        wire(
            [{"title": "one", "type": "table", "search": {"query": "*"}}],
            [{"title": "two", "type": "table", "search": {"query": "*"}}]
        )
    )]
    pub detail: Attr<String>,
    /// The same as the service has it, with what it adds. Any later change of it counts as one of `detail`.
    #[attr(computed, volatile, same = json::same)]
    pub stored_detail: Attr<String>,
}

/// The title of a dashboard that has none.
fn own_name(dashboard: &Object) -> Value {
    dashboard.get("dashboard_name").cloned().unwrap_or_default()
}

impl DashboardModel {
    /// How messages name the dashboard.
    pub(super) fn label(&self) -> String {
        format!("dashboard {:?} of project {:?}", self.name(), self.project())
    }

    pub(super) fn project(&self) -> &str {
        self.project_name.as_str().unwrap_or_default()
    }

    pub(super) fn name(&self) -> &str {
        self.dashboard_name.as_str().unwrap_or_default()
    }

    /// The title: the service wants one.
    fn title(&self) -> &str {
        self.display_name.as_str().unwrap_or_else(|| self.name())
    }

    /// What the service is told.
    pub(super) fn document(&self) -> Map<String, Json> {
        let mut document = match parsed(&self.detail) {
            Some(Json::Object(document)) => document,
            _ => Map::new(),
        };
        document.insert("displayName".to_owned(), json!(self.title()));
        document.insert("description".to_owned(), json!(self.description.as_str().unwrap_or_default()));
        document
    }

    /// The model as the service has it, of which `self` is what the state has. Until somebody changes what was stored, the
    /// state keeps the user's way to say it.
    pub(super) fn read_from(&self, document: Map<String, Json>, place: &Place) -> Self {
        let stored = Json::Object(stripped(document.clone()));
        let untouched = parsed(&self.stored_detail).as_ref() == Some(&stored);
        let text: Attr<String> = stored.to_string().into();
        let detail = if untouched { self.detail.clone() } else { text.clone() };
        Self { detail, stored_detail: text, ..self.titled(&document) }.at(place)
    }

    /// The model once the service has what was just sent: what is in the document beyond that was added by the service.
    pub(super) fn written(&self, document: Map<String, Json>, place: &Place) -> Self {
        let sent = Json::Object(self.document());
        if !detail::covers(&sent, &Json::Object(document.clone())) {
            return self.read_from(document, place);
        }
        let stored = Json::Object(stripped(document.clone())).to_string();
        Self { stored_detail: stored.into(), ..self.titled(&document) }.at(place)
    }

    fn titled(&self, document: &Map<String, Json>) -> Self {
        let text = |member: &str| document.get(member).and_then(Json::as_str).unwrap_or_default();
        let own = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let is_name = text("displayName") == self.name();
        Self {
            display_name: own(text("displayName")).filter(|_| !is_name).into(),
            description: own(text("description")).into(),
            ..self.clone()
        }
    }

    /// The model with what follows from where the dashboard is.
    pub(super) fn at(self, place: &Place) -> Self {
        Self {
            id: format!("{}:{}", self.project(), self.name()).into(),
            region: place.region.clone().into(),
            account_id: place.account.clone().into(),
            ..self
        }
    }
}

impl Placed for DashboardModel {
    fn account_id(&self) -> &Attr<String> {
        &self.account_id
    }

    fn region(&self) -> Option<&Attr<String>> {
        Some(&self.region)
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
