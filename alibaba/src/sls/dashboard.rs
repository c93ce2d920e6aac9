//! Dashboards of a project: documents whose charts are anybody's, so they are handled as JSON.

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::call::{Call, Sls, safe};
use crate::core::answer::{Answer, Unexpected, names, there};
use crate::error::Error;

/// A document, which is kept as it is.
#[derive(Deserialize)]
#[serde(transparent)]
struct Document(Map<String, Value>);

impl Answer for Document {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        let name = self.0.get("dashboardName").and_then(Value::as_str);
        names("dashboardName", name.unwrap_or_default(), asked)?;
        there("charts", self.0.get("charts").filter(|charts| charts.is_array()))
    }
}

fn object(project: &str, dashboard: &str) -> String {
    format!("dashboard/{project}/{dashboard}")
}

fn path(dashboard: &str) -> Result<String, Error> {
    Ok(format!("/dashboards/{}", safe("dashboard name", dashboard)?))
}

/// The document with its name in it, as every call wants it.
#[derive(Serialize)]
struct Named<'d, D> {
    #[serde(rename = "dashboardName")]
    name: &'d str,
    #[serde(flatten)]
    document: &'d D,
}

impl Sls {
    /// Makes a dashboard. The document says everything but the name.
    ///
    /// Must not happen twice: [`Error::LostAnswer`] means that the dashboard may be there.
    pub async fn create_dashboard(
        &self,
        project: &str,
        dashboard: &str,
        document: &(impl Serialize + Sync),
    ) -> Result<(), Error> {
        let call = Call::new("CreateDashboard", Method::POST, Some(project), "/dashboards").once();
        self.write(&object(project, dashboard), call.json(&Named { name: dashboard, document })?).await
    }

    /// A dashboard's document; none if there is no such dashboard.
    pub async fn get_dashboard(
        &self,
        project: &str,
        dashboard: &str,
    ) -> Result<Option<Map<String, Value>>, Error> {
        let call = Call::new("GetDashboard", Method::GET, Some(project), &path(dashboard)?);
        match self.read(call, dashboard).await {
            Err(error) if error.is_code("DashboardNotExist") => Ok(None),
            answer => answer.map(|Document(document)| Some(document)),
        }
    }

    /// Replaces a dashboard's document.
    pub async fn update_dashboard(
        &self,
        project: &str,
        dashboard: &str,
        document: &(impl Serialize + Sync),
    ) -> Result<(), Error> {
        let call = Call::new("UpdateDashboard", Method::PUT, Some(project), &path(dashboard)?);
        self.write(&object(project, dashboard), call.json(&Named { name: dashboard, document })?).await
    }

    /// Deletes a dashboard.
    pub async fn delete_dashboard(&self, project: &str, dashboard: &str) -> Result<(), Error> {
        let call = Call::new("DeleteDashboard", Method::DELETE, Some(project), &path(dashboard)?);
        self.write(&object(project, dashboard), call).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_sent_with_its_name() {
        let document = json!({"displayName": "D", "charts": []});
        let sent = serde_json::to_value(Named { name: "audit", document: &document }).unwrap();
        assert_eq!(sent, json!({"dashboardName": "audit", "displayName": "D", "charts": []}));
        assert_eq!(
            path("actiontrail_a_audit_center_en").unwrap(),
            "/dashboards/actiontrail_a_audit_center_en"
        );
        assert!(path("a/b").unwrap_err().to_string().contains("not a valid dashboard name"));
    }
}
