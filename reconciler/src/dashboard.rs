//! A dashboard of a project of SLS: what people look at, as one document.
//!
//! An update replaces the whole document, so what is wanted is all that is sent. Its charts are anybody's, and the service
//! adds members to them and leaves out those that are null: a dashboard is as wanted when the service's document says all
//! that was sent.

use std::sync::OnceLock;

use alibaba::Error;
use alibaba::retry::Policy;
use alibaba::sls::Sls;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sls::{find_in_project, is_new_to_front_end};
use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};

/// The document of a dashboard, without its name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Document {
    /// Title that people see.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Its charts, and whatever else there is, as it is.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Document {
    /// The document that the service has. Titles that are no texts are none.
    #[must_use]
    pub fn read(mut document: Map<String, Value>) -> Self {
        document.remove("dashboardName");
        let mut text = |member: &str| {
            let text = document.remove(member);
            text.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        Self { display_name: text("displayName"), description: text("description"), rest: document }
    }

    /// Whether another document says all that this one does.
    #[must_use]
    pub fn is_in(&self, other: &Self) -> bool {
        self.display_name == other.display_name
            && self.description == other.description
            && all_in(&self.rest, &other.rest)
    }
}

fn all_in(wanted: &Map<String, Value>, found: &Map<String, Value>) -> bool {
    let is_in = |(name, wanted): (&String, &Value)| {
        found.get(name).map_or(wanted.is_null(), |found| is_in(wanted, found))
    };
    wanted.iter().all(is_in)
}

/// The service may add members to objects and leave out those that are null; lists and values are as they are.
fn is_in(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => all_in(wanted, found),
        (Value::Array(wanted), Value::Array(found)) => {
            wanted.len() == found.len()
                && wanted.iter().zip(found).all(|(wanted, found)| is_in(wanted, found))
        }
        (wanted, found) => wanted == found,
    }
}

/// The settings of a dashboard.
#[derive(Debug, Clone)]
pub enum Settings {
    /// As they are wanted, or were sent.
    Sent(Document),
    /// As the service has them.
    Stored(Document),
}

/// What can be sent for a dashboard: the whole document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WholeDocument;

/// One dashboard, and what is wanted of it.
#[derive(Debug)]
pub struct Dashboard {
    scope: Scope,
    project: String,
    name: String,
    wanted: Document,
    /// What was there before it was replaced.
    before: OnceLock<Document>,
}

impl Dashboard {
    /// The dashboard of this name in a project of this scope.
    #[must_use]
    pub fn new(scope: Scope, project: String, name: String, wanted: Document) -> Self {
        Self { scope, project, name, wanted, before: OnceLock::new() }
    }

    /// The project it is in.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }

    fn sls(&self, scope: &Scope) -> Sls {
        scope.client.sls(&scope.region)
    }

    async fn look(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        let found = self.sls(scope).get_dashboard(&self.project, &self.name).await?;
        Ok(found.map(|document| Settings::Stored(Document::read(document))))
    }

    /// Whether the service still says what was replaced because something of it is no longer wanted.
    fn is_still(&self, stored: &Document) -> bool {
        self.before.get().is_some_and(|before| before.is_in(stored) && !before.is_in(&self.wanted))
    }
}

impl Object for Dashboard {
    type Settings = Settings;
    type Step = WholeDocument;

    const WRITTEN: Policy = Policy::WRITTEN_RECORD;
    const UNANSWERED: Policy = Policy::UNANSWERED_IN_SLS;
    const DELETED: Policy = Policy::WRITTEN_RECORD;

    fn label(&self) -> String {
        format!("dashboard {:?} of project {:?}", self.name, self.project)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    /// A dashboard whose project is gone is gone too.
    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        match self.look(scope).await {
            Err(error) if error.is_code("ProjectNotExist") => Ok(None),
            other => other,
        }
    }

    async fn find(&self) -> Result<Option<Settings>, Failure> {
        let look = || self.look(&self.scope);
        find_in_project(&self.scope, &self.project, is_new_to_front_end, look).await
    }

    async fn create(&self) -> Result<Settings, Error> {
        self.sls(&self.scope).create_dashboard(&self.project, &self.name, &self.wanted).await?;
        Ok(Settings::Sent(self.wanted.clone()))
    }

    fn open(&self, now: &Settings) -> Vec<WholeDocument> {
        let is_as_wanted = match now {
            Settings::Sent(document) => *document == self.wanted,
            Settings::Stored(document) => self.wanted.is_in(document) && !self.is_still(document),
        };
        if is_as_wanted { Vec::new() } else { vec![WholeDocument] }
    }

    async fn send(&self, _step: WholeDocument, now: &Settings) -> Result<(), Error> {
        let (Settings::Sent(before) | Settings::Stored(before)) = now;
        let _ = self.before.set(before.clone());
        self.sls(&self.scope).update_dashboard(&self.project, &self.name, &self.wanted).await
    }

    fn reach(&self, _step: WholeDocument, now: &mut Settings) {
        *now = Settings::Sent(self.wanted.clone());
    }

    fn passes(&self, phase: Phase, _step: Option<WholeDocument>, error: &Error) -> bool {
        phase == Phase::Create && is_new_to_front_end(error)
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        self.sls(&self.scope).delete_dashboard(&self.project, &self.name).await.map(|()| Deletion::Begun)
    }
}

#[cfg(test)]
mod tests {
    use alibaba::credentials::{Chain, Sources};
    use serde_json::json;

    use super::*;

    fn document(rest: Value) -> Document {
        let Value::Object(document) = rest else { unreachable!() };
        Document::read(document)
    }

    fn wanted() -> Document {
        document(
            json!({"charts": [{"title": "a", "action": null, "search": {"query": "*"}}], "attribute": {}}),
        )
    }

    fn dashboard(wanted: Document) -> Dashboard {
        let client = alibaba::Client::new(alibaba::Config::new(Chain::new(Sources::default()))).unwrap();
        let scope = Scope { client, account: "1".into(), region: "cn-hangzhou".into() };
        Dashboard::new(scope, "audit".into(), "overview".into(), wanted)
    }

    #[test]
    fn what_the_service_adds_is_covered_and_what_it_changes_is_not() {
        for (found, covered) in [
            (
                json!({"charts": [{"title": "a", "search": {"query": "*", "topic": ""}}], "attribute": {"x": 1}}),
                true,
            ),
            (json!({"charts": [{"title": "a", "search": {"query": "x"}}], "attribute": {}}), false),
            (
                json!({"charts": [{"title": "a", "search": {"query": "*"}}, {"title": "b"}], "attribute": {}}),
                false,
            ),
            (json!({"charts": [{"title": "a", "search": {"query": "*"}}]}), false),
            (
                json!({"charts": [{"title": "a", "action": {}, "search": {"query": "*"}}], "attribute": {}}),
                false,
            ),
        ] {
            assert_eq!(wanted().is_in(&document(found.clone())), covered, "{found}");
        }
    }

    #[test]
    fn a_document_is_sent_as_it_is_wanted_and_read_without_its_name() {
        let text = json!({"displayName": "D", "description": "", "charts": [{"title": "a"}], "new": 1});
        let mut answered = text.clone();
        answered["dashboardName"] = json!("overview");
        let document = document(answered);
        assert_eq!(document.display_name, "D");
        assert_eq!(serde_json::to_value(&document).unwrap(), text);
        let Value::Object(odd) = json!({"displayName": null, "description": 5}) else { unreachable!() };
        assert_eq!(Document::read(odd), Document::default());
    }

    /// What the service still has of the document before is not taken for something that it adds.
    #[test]
    fn what_is_left_out_has_to_be_gone() {
        let before =
            document(json!({"charts": [{"title": "a", "display": {"xPos": 0}}], "attribute": {"x": 1}}));
        let wanted = document(json!({"charts": [{"title": "a"}]}));
        let one = dashboard(wanted.clone());
        assert_eq!(one.open(&Settings::Sent(before.clone())), [WholeDocument], "it says more than is wanted");
        assert!(one.open(&Settings::Sent(wanted.clone())).is_empty());
        one.before.set(before.clone()).unwrap();
        assert_eq!(one.open(&Settings::Stored(before.clone())), [WholeDocument], "not to be seen yet");
        let mut filled = wanted;
        filled.rest["charts"][0]["version"] = json!("1");
        assert!(one.open(&Settings::Stored(filled)).is_empty(), "the service adds to it");
    }
}
