//! `alitrail_sls_dashboard`: what people look at, as one JSON document.
//!
//! The charts are anybody's, and the service adds to them. So the state keeps the document twice: as the user wrote it and
//! as the service stored it. As long as the latter stays, nothing has changed.

mod calls;
mod check;
mod detail;
mod model;

use plugin::{Cx, Diagnostic, Diagnostics, Holding, Plan, Resource};

use crate::config::Cloud;
use crate::place::{self, enter};
use calls::Dashboards;
pub use model::DashboardModel;

/// The resource.
#[derive(Debug)]
pub struct DashboardResource;

impl Resource for DashboardResource {
    type Client = Cloud;
    type Model = DashboardModel;
    const TYPE: &'static str = "alitrail_sls_dashboard";
    const DESCRIPTION: &'static str = "A dashboard of a project of Simple Log Service. What the service adds to its document \
        is no difference, while any later change of it is shown.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<DashboardModel>) {
        place::plan(cx, plan).await;
        let planned = plan.planned();
        if let (None, Some(project), Some(name)) =
            (&plan.prior, planned.project_name.as_str(), planned.dashboard_name.as_str())
        {
            let id = format!("{project}:{name}");
            place::set(plan, "id", id);
        }
    }

    fn holding(model: &DashboardModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.project_name, &model.dashboard_name]))
    }

    async fn create(cx: &Cx<Cloud>, planned: DashboardModel) -> Result<DashboardModel, Diagnostics> {
        Dashboards::enter(cx, planned).await?.create(Self::TYPE).await
    }

    async fn read(cx: &Cx<Cloud>, prior: DashboardModel) -> Result<Option<DashboardModel>, Diagnostics> {
        Dashboards::enter(cx, prior).await?.read().await
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: DashboardModel,
        planned: DashboardModel,
    ) -> Result<DashboardModel, Diagnostics> {
        Dashboards::enter(cx, planned).await?.update().await
    }

    async fn delete(cx: &Cx<Cloud>, prior: DashboardModel) -> Result<(), Diagnostics> {
        Dashboards::enter(cx, prior).await?.delete().await
    }

    fn parse_id(id: &str) -> Result<DashboardModel, Diagnostic> {
        let ([project, name], region, account_id) = place::parse_id(id, ["project_name", "dashboard_name"])?;
        Ok(DashboardModel {
            project_name: project.into(),
            dashboard_name: name.into(),
            region,
            account_id,
            ..DashboardModel::default()
        })
    }

    async fn import(cx: &Cx<Cloud>, target: DashboardModel) -> Result<DashboardModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}
