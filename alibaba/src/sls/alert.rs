//! Alert rules of a project, by the alert API. Kept as the service's own documents, because an update replaces a rule,
//! and what is left out is lost (SLS API reference, CreateAlert, version 2020-12-30).

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::{Call, Sls};
use crate::core::answer::{Answer, Unexpected, is_last, names, there};
use crate::core::lenient;
use crate::error::Error;

/// A rule, which is kept as it is.
#[derive(Deserialize)]
#[serde(transparent)]
struct Rule(Value);

impl Answer for Rule {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("name", self.0["name"].as_str().unwrap_or_default(), asked)?;
        there("configuration", self.0.get("configuration").filter(|inside| inside.is_object()))?;
        there("schedule", self.0.get("schedule").filter(|inside| inside.is_object()))
    }
}

#[derive(Deserialize)]
struct RulePage {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    results: Option<Vec<Value>>,
    /// How many there are on all pages.
    #[serde(default, deserialize_with = "lenient::number_or_unset")]
    total: Option<i64>,
}

impl Answer for RulePage {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        let results = there("results", self.results.as_ref());
        let nameless = |rule: &Value| rule["name"].as_str().is_none_or(str::is_empty);
        if self.results.iter().flatten().any(nameless) {
            return Err(Unexpected::Missing("results.name"));
        }
        results
    }
}

/// How many rules a page may hold.
const PAGE: usize = 200;

fn object(project: &str, alert: &str) -> String {
    format!("alert/{project}/{alert}")
}

/// The path of a rule. Other characters than those of a name could lead to another object.
fn path(alert: &str) -> Result<String, Error> {
    let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if alert.is_empty() || !alert.bytes().all(fine) {
        return Err(Error::Internal(format!("{alert:?} is not the name of an alert rule")));
    }
    Ok(format!("/alerts/{alert}"))
}

impl Sls {
    /// Makes an alert rule, which is enabled then. [`Error::LostAnswer`] means that it may be there.
    pub async fn create_alert(
        &self,
        project: &str,
        name: &str,
        rule: &(impl Serialize + Sync),
    ) -> Result<(), Error> {
        let call = Call::new("CreateAlert", Method::POST, Some(project), "/alerts").once().json(rule)?;
        self.write(&object(project, name), call).await
    }

    /// An alert rule, with its `status`; none if there is none.
    pub async fn get_alert(&self, project: &str, name: &str) -> Result<Option<Value>, Error> {
        let call = Call::new("GetAlert", Method::GET, Some(project), &path(name)?);
        match self.read(call, name).await {
            Err(error) if error.is_code("JobNotExist") => Ok(None),
            answer => answer.map(|Rule(rule)| Some(rule)),
        }
    }

    /// All alert rules of a project, each with its `status`.
    pub async fn list_alerts(&self, project: &str) -> Result<Vec<Value>, Error> {
        let mut rules: Vec<Value> = Vec::new();
        loop {
            let call = Call::new("ListAlerts", Method::GET, Some(project), "/alerts")
                .query("offset", rules.len())
                .query("size", PAGE);
            let page: RulePage = self.read(call, project).await?;
            let found = page.results.unwrap_or_default();
            let got = found.len();
            rules.extend(found);
            if is_last(got, PAGE, rules.len(), page.total) {
                return Ok(rules);
            }
        }
    }

    /// Replaces an alert rule. Whether it is enabled stays as it is.
    pub async fn update_alert(
        &self,
        project: &str,
        name: &str,
        rule: &(impl Serialize + Sync),
    ) -> Result<(), Error> {
        let call = Call::new("UpdateAlert", Method::PUT, Some(project), &path(name)?).json(rule)?;
        self.write(&object(project, name), call).await
    }

    /// Enables or disables an alert rule. One that is so already is refused by the service, and no error here.
    pub async fn switch_alert(&self, project: &str, name: &str, on: bool) -> Result<(), Error> {
        let (call, action) = if on { ("EnableAlert", "enable") } else { ("DisableAlert", "disable") };
        let call = Call::new(call, Method::PUT, Some(project), &path(name)?).query("action", action);
        match self.write(&object(project, name), call).await {
            Err(error) if is_already(&error) => Ok(()),
            other => other,
        }
    }

    /// Deletes an alert rule.
    pub async fn delete_alert(&self, project: &str, name: &str) -> Result<(), Error> {
        let call = Call::new("DeleteAlert", Method::DELETE, Some(project), &path(name)?);
        self.write(&object(project, name), call).await
    }
}

fn is_already(error: &Error) -> bool {
    error.is_code("ParameterInvalid")
        && error.service_error().is_some_and(|error| error.message.contains("already"))
}
