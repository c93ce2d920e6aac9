//! Projects.

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Sls};
use crate::core::answer::{Answer, Unexpected, is_last, listed, names};
use crate::core::lenient;
use crate::endpoint::Service;
use crate::error::Error;

/// A project to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewProject {
    /// The name, unique among all customers.
    pub project_name: String,
    /// At most 512 bytes; the service wants one, if only an empty one.
    pub description: String,
    /// `LRS` (default) or `ZRS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_redundancy_type: Option<String>,
    /// Resource group; the account's default group if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_group_id: Option<String>,
    /// Keep deleted projects for a while.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recycle_bin_enabled: Option<bool>,
}

/// What can be changed about a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectChange {
    /// At most 512 bytes.
    pub description: String,
    /// Keep the project for a while when it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recycle_bin_enabled: Option<bool>,
}

/// A project as described by the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Project {
    /// The name.
    #[serde(deserialize_with = "lenient::text")]
    pub project_name: String,
    /// The description.
    #[serde(deserialize_with = "lenient::text")]
    pub description: String,
    /// `Normal` or `Disable`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub status: Option<String>,
    /// The account that owns it.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub owner: Option<String>,
    /// The region it is in.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub region: Option<String>,
    /// When it was made: local time in a description, seconds since 1970 in a list.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub create_time: Option<String>,
    /// When it last changed, in the same form.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub last_modify_time: Option<String>,
    /// `LRS` or `ZRS`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub data_redundancy_type: Option<String>,
    /// Resource group.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub resource_group_id: Option<String>,
    /// Whether a deleted project is kept for a while.
    #[serde(deserialize_with = "lenient::truth_or_unset")]
    pub recycle_bin_enabled: Option<bool>,
}

#[derive(Deserialize)]
struct ProjectPage {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    projects: Option<Vec<Project>>,
    /// How many there are on all pages.
    #[serde(default, deserialize_with = "lenient::number_or_unset")]
    total: Option<i64>,
}

impl Answer for Project {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("projectName", &self.project_name, asked)
    }
}

impl Answer for ProjectPage {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        listed("projects", self.projects.as_ref(), "projectName", |project| &project.project_name)
    }
}

/// How many projects a page may hold.
const PAGE: usize = 500;

fn object(project: &str) -> String {
    format!("project/{project}")
}

impl Sls {
    /// Makes a project in the region.
    ///
    /// Must not happen twice: [`Error::LostAnswer`] means that the project may be there.
    pub async fn create_project(&self, project: &NewProject) -> Result<(), Error> {
        let call = Call::new("CreateProject", Method::POST, None, "/").once().json(project)?;
        self.session.creates(Service::Sls, &project.project_name);
        self.write(&object(&project.project_name), call).await
    }

    /// Describes a project.
    pub async fn get_project(&self, project: &str) -> Result<Project, Error> {
        self.read(Call::new("GetProject", Method::GET, Some(project), "/"), project).await
    }

    /// Changes what can be changed about a project.
    pub async fn update_project(&self, project: &str, change: &ProjectChange) -> Result<(), Error> {
        let call = Call::new("UpdateProject", Method::PUT, Some(project), "/").json(change)?;
        self.write(&object(project), call).await
    }

    /// Deletes a project with everything in it. `force` goes past the recycle bin.
    pub async fn delete_project(&self, project: &str, force: bool) -> Result<(), Error> {
        let mut call = Call::new("DeleteProject", Method::DELETE, Some(project), "/");
        if force {
            call = call.query("forceDelete", true);
        }
        self.write(&object(project), call).await
    }

    /// All projects of the region whose name contains `name`.
    pub async fn list_projects(&self, name: &str) -> Result<Vec<Project>, Error> {
        let mut projects: Vec<Project> = Vec::new();
        loop {
            let call = Call::new("ListProject", Method::GET, None, "/")
                .query("projectName", name)
                .query("offset", projects.len())
                .query("size", PAGE);
            let page: ProjectPage = self.read(call, name).await?;
            let found = page.projects.unwrap_or_default();
            let got = found.len();
            projects.extend(found);
            if is_last(got, PAGE, projects.len(), page.total) {
                return Ok(projects);
            }
        }
    }

    /// Moves a project into another resource group.
    pub async fn change_resource_group(&self, project: &str, resource_group_id: &str) -> Result<(), Error> {
        let body =
            json!({ "resourceId": project, "resourceGroupId": resource_group_id, "resourceType": "PROJECT" });
        let call =
            Call::new("ChangeResourceGroup", Method::PUT, Some(project), "/resourcegroup").json(&body)?;
        self.write(&object(project), call).await
    }
}
