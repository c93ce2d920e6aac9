//! The attributes of `alitrail_sls_dashboard`, and what the service makes of them.

use plugin::value::{Object, Value};
use plugin::{Attr, Model};
use reconciler::dashboard::{Document, Settings};
use serde_json::{Map, Value as Json};

use super::check::{name, said};
use super::detail;
use crate::scope::Regional;
use crate::{check, json};

/// Attributes of `alitrail_sls_dashboard`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(
    remote = "accounts/{account_id}/regions/{region}/sls/projects/{project_name}/dashboards/{dashboard_name}"
)]
pub struct DashboardModel {
    /// Project the dashboard is in.
    #[attr(required, replace, identity, check = check::sls_project_name)]
    pub project_name: Attr<String>,
    /// Name in the project: 2 to 128 letters, digits, hyphens, underscores and dots.
    #[attr(required, replace, identity, check = name)]
    pub dashboard_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
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

    /// The document that the configuration says.
    pub(super) fn document(&self) -> Document {
        Document {
            display_name: self.title().to_owned(),
            description: self.description.as_str().unwrap_or_default().to_owned(),
            rest: parsed(&self.detail).unwrap_or_default(),
        }
    }

    /// The model of a dashboard with these settings, of which `self` is what the state or the plan has.
    pub(super) fn read_from(&self, seen: &Settings) -> Self {
        let document = match seen {
            Settings::Sent(_) => return Self { stored_detail: Attr::Null, ..self.clone() },
            Settings::Stored(document) => document,
        };
        // Until somebody changes what was stored, the state keeps the user's way to say it. Once it was written, what is in
        // the document beyond that was added by the service.
        let is_own = match &self.stored_detail {
            Attr::Known(_) => parsed(&self.stored_detail).as_ref() == Some(&document.rest),
            Attr::Null | Attr::Unknown(_) => !self.detail.is_null() && self.document().is_in(document),
        };
        let stored: Attr<String> = Json::Object(document.rest.clone()).to_string().into();
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let is_name = document.display_name == self.name();
        Self {
            display_name: said(&document.display_name).filter(|_| !is_name).into(),
            description: said(&document.description).into(),
            detail: if is_own { self.detail.clone() } else { stored.clone() },
            stored_detail: stored,
            ..self.clone()
        }
    }
}

/// The members of a text that is a document.
fn parsed(text: &Attr<String>) -> Option<Map<String, Json>> {
    serde_json::from_str(text.as_str()?).ok()
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
