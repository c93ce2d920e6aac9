//! `alitrail_sls_projects`: the log projects of a region.

use std::collections::BTreeMap;

use alibaba::sls::Project;
use plugin::{Attr, Context, DataSource, Diagnostics, Model};

use crate::check;
use crate::config::Cloud;
use crate::failed_call::{failed_call, named};
use crate::resource_scope::resolve;
use crate::scope::{Location, RegionalQuery};
use reconciler::sls_project::arn_of;

/// The data source.
#[derive(Debug)]
pub struct ProjectsSource;

/// Attributes of `alitrail_sls_projects`.
#[derive(Debug, Clone, Default, Model)]
pub struct ProjectsModel {
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: RegionalQuery,
    /// Only projects whose name contains it. Default: all.
    #[attr(optional, check = check::part_of_sls_name)]
    pub name_contains: Attr<String>,
    /// The projects by name.
    #[attr(computed)]
    pub projects: Attr<BTreeMap<String, ProjectEntry>>,
}

/// One project of `alitrail_sls_projects`.
#[derive(Debug, Clone, Default, Model)]
pub struct ProjectEntry {
    /// Name.
    #[attr(computed)]
    pub project_name: Attr<String>,
    /// ARN, as trails take it.
    #[attr(computed)]
    pub arn: Attr<String>,
    /// What it is for.
    #[attr(computed)]
    pub description: Attr<String>,
    /// `Normal`, or `Disable` when it is out of use.
    #[attr(computed)]
    pub status: Attr<String>,
    /// Account that owns it.
    #[attr(computed)]
    pub owner: Attr<String>,
    /// Region.
    #[attr(computed)]
    pub region: Attr<String>,
    /// Whether logs are stored in one zone (`LRS`) or across several (`ZRS`).
    #[attr(computed)]
    pub data_redundancy_type: Attr<String>,
    /// Resource group.
    #[attr(computed)]
    pub resource_group_id: Attr<String>,
    /// Whether it is kept for a while when it is deleted.
    #[attr(computed)]
    pub recycle_bin_enabled: Attr<bool>,
    /// When it was made, in seconds since 1970.
    #[attr(computed)]
    pub create_time: Attr<String>,
    /// When it last changed, in seconds since 1970.
    #[attr(computed)]
    pub last_modify_time: Attr<String>,
}

impl DataSource for ProjectsSource {
    type Client = Cloud;
    type Model = ProjectsModel;
    const TYPE: &'static str = "alitrail_sls_projects";
    const DESCRIPTION: &'static str =
        "The projects of Simple Log Service in a region: one call for every five hundred of them.";

    async fn read(context: &Context<Cloud>, config: ProjectsModel) -> Result<ProjectsModel, Diagnostics> {
        let scope = resolve(context, &config).await?;
        let part = config.name_contains.as_str().unwrap_or_default();
        let listed = scope.client.sls(&scope.region).list_projects(part).await;
        let listed = listed.map_err(|error| {
            named(failed_call(format!("list the projects of {}", scope.region), &error), &scope)
        })?;
        let projects: BTreeMap<_, _> = listed
            .into_iter()
            // What the service takes for alike is for it to say.
            .filter(|project| project.project_name.contains(part))
            .map(|project| (project.project_name.clone(), entry(project, &scope.region, &scope.account)))
            .collect();
        Ok(ProjectsModel {
            scope: RegionalQuery::located(scope.region.clone().into(), &scope),
            projects: projects.into(),
            ..config
        })
    }
}

fn entry(project: Project, region: &str, account: &str) -> ProjectEntry {
    ProjectEntry {
        arn: arn_of(region, account, &project.project_name).into(),
        project_name: project.project_name.into(),
        description: Some(project.description).filter(|text| !text.is_empty()).into(),
        status: project.status.into(),
        owner: project.owner.into(),
        region: project.region.unwrap_or_else(|| region.to_owned()).into(),
        data_redundancy_type: project.data_redundancy_type.into(),
        resource_group_id: project.resource_group_id.into(),
        recycle_bin_enabled: project.recycle_bin_enabled.into(),
        create_time: project.create_time.into(),
        last_modify_time: project.last_modify_time.into(),
    }
}
