//! `alitrail_sls_logstores`: the logstores of a project.

use std::collections::BTreeSet;

use plugin::{Attr, Context, DataSource, Diagnostics, Model};

use crate::check;
use crate::config::Cloud;
use crate::failed_call::{failed_call, named};
use crate::resource_scope::resolve;
use crate::scope::{Location, RegionalQuery};

/// The data source.
#[derive(Debug)]
pub struct LogstoresSource;

/// Attributes of `alitrail_sls_logstores`.
#[derive(Debug, Clone, Default, Model)]
pub struct LogstoresModel {
    /// Project to list.
    #[attr(required, check = check::sls_project_name)]
    pub project_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(
        flatten,
        describe(id = "Same as `project_name`.", region = "Region of the project. Default: the provider's.")
    )]
    pub scope: RegionalQuery,
    /// Only logstores whose name contains it, such as `"actiontrail_"`. Default: all.
    #[attr(optional, check = check::part_of_sls_name)]
    pub name_contains: Attr<String>,
    /// Names of the logstores.
    #[attr(computed)]
    pub names: Attr<BTreeSet<String>>,
}

impl DataSource for LogstoresSource {
    type Client = Cloud;
    type Model = LogstoresModel;
    const TYPE: &'static str = "alitrail_sls_logstores";
    const DESCRIPTION: &'static str = "The names of the logstores of a project, such as those that ActionTrail made: one call for every five hundred.";

    async fn read(context: &Context<Cloud>, config: LogstoresModel) -> Result<LogstoresModel, Diagnostics> {
        let scope = resolve(context, &config).await?;
        let project = config.project_name.as_str().unwrap_or_default();
        let part = config.name_contains.as_str().unwrap_or_default();
        let listed = scope.client.sls(&scope.region).list_logstores(project, part).await;
        let listed = listed.map_err(|error| {
            named(failed_call(format!("list the logstores of project {project:?}"), &error), &scope)
        })?;
        Ok(LogstoresModel {
            scope: RegionalQuery::located(config.project_name.clone(), &scope),
            names: listed.into_iter().collect::<BTreeSet<_>>().into(),
            ..config
        })
    }
}
