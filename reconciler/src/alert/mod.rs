//! An alert rule of SLS: searches logs again and again and tells somebody what it finds.
//!
//! Rules are enabled when they are created. An update replaces the whole [`document`], apart from whether the rule is
//! enabled, which has calls of its own.

pub mod document;
mod keep_unknown;

use alibaba::Error;
use alibaba::retry::Policy;
use alibaba::sls::Sls;
use serde_json::Value;

use crate::sls::{find_in_project, is_new_to_front_end};
use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};
use document::Rule;

/// The settings of a rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The rule. An empty project or region of a query is the rule's own.
    pub rule: Rule,
    /// Whether it runs.
    pub is_enabled: bool,
}

impl Settings {
    /// What the service says of a rule.
    fn read(document: Value) -> Self {
        let is_enabled = document["status"] != "DISABLED";
        Self { rule: Rule::read(document), is_enabled }
    }
}

/// What can be sent for a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The whole document.
    Rule,
    /// Enables or disables it.
    Status,
}

/// One rule, and what is wanted of it.
#[derive(Debug)]
pub struct Alert {
    scope: Scope,
    project: String,
    wanted: Settings,
}

impl Alert {
    /// The rule of `wanted.rule.name` in a project of this scope.
    #[must_use]
    pub fn new(scope: Scope, project: String, wanted: Settings) -> Self {
        let mut alert = Self { scope, project, wanted: Settings::default() };
        alert.wanted = Settings { rule: alert.spelled_out(&wanted.rule), ..wanted };
        alert
    }

    /// The project it is in.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }

    fn name(&self) -> &str {
        &self.wanted.rule.name
    }

    fn sls(&self, scope: &Scope) -> Sls {
        scope.client.sls(&scope.region)
    }

    /// The rule with the project and region of each query and all defaults in it.
    fn spelled_out(&self, rule: &Rule) -> Rule {
        let mut rule = rule.clone();
        for query in &mut rule.configuration.query_list {
            for (place, own) in [(&mut query.project, &self.project), (&mut query.region, &self.scope.region)]
            {
                if place.is_empty() {
                    place.clone_from(own);
                }
            }
        }
        rule.complete()
    }

    async fn look(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        let found = self.sls(scope).get_alert(&self.project, self.name()).await?;
        Ok(found.map(Settings::read))
    }
}

impl Object for Alert {
    type Settings = Settings;
    type Step = Step;

    const UNANSWERED: Policy = Policy::UNANSWERED_IN_SLS;

    fn label(&self) -> String {
        format!("alert {:?}", format!("{}:{}", self.project, self.name()))
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    /// A rule whose project is gone is gone too.
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
        self.sls(&self.scope).create_alert(&self.project, self.name(), &self.wanted.rule).await?;
        Ok(Settings { is_enabled: true, ..self.wanted.clone() })
    }

    fn open(&self, now: &Settings) -> Vec<Step> {
        let rule = (self.spelled_out(&now.rule) != self.wanted.rule).then_some(Step::Rule);
        let status = (now.is_enabled != self.wanted.is_enabled).then_some(Step::Status);
        rule.into_iter().chain(status).collect()
    }

    async fn send(&self, step: Step, _now: &Settings) -> Result<(), Error> {
        let (sls, project, name) = (self.sls(&self.scope), &self.project, self.name());
        match step {
            Step::Rule => {
                let existing = self.look(&self.scope).await?.unwrap_or_default();
                let rule = self.wanted.rule.clone().update_of(existing.rule);
                sls.update_alert(project, name, &rule).await
            }
            Step::Status => sls.switch_alert(project, name, self.wanted.is_enabled).await,
        }
    }

    fn reach(&self, step: Step, now: &mut Settings) {
        match step {
            Step::Rule => now.rule.clone_from(&self.wanted.rule),
            Step::Status => now.is_enabled = self.wanted.is_enabled,
        }
    }

    fn setting(step: Step) -> Option<&'static str> {
        (step == Step::Status).then_some("status")
    }

    fn passes(&self, phase: Phase, _step: Option<Step>, error: &Error) -> bool {
        phase == Phase::Create && is_new_to_front_end(error)
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        self.sls(&self.scope).delete_alert(&self.project, self.name()).await.map(|()| Deletion::Done)
    }
}
