//! `alitrail_sls_project`: a project of Simple Log Service, which holds the logstores of audit trails.
//!
//! Names are unique among all customers, and the service's front ends learn of a new project one after another: a
//! project counts as created when it can be described and has its tags.

mod calls;
mod check;
mod logs;
mod losses;
mod model;

use alibaba::actiontrail::Trail;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::place::{self, enter};
use crate::trail::destinations::losses_of_deleting;
use calls::Projects;
pub(crate) use calls::{APPEARING, UNANSWERED, is_appearing, is_listed};
pub use model::ProjectModel;

/// The resource.
#[derive(Debug)]
pub struct ProjectResource;

impl Resource for ProjectResource {
    type Client = Cloud;
    type Model = ProjectModel;
    const TYPE: &'static str = "alitrail_sls_project";
    const DESCRIPTION: &'static str = "A project of Simple Log Service: the container of logstores, such as the one in \
        which ActionTrail makes the events of a trail searchable. Its ARN is what a trail delivers to.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<ProjectModel>) {
        place::plan(cx, plan).await;
        if plan.prior.is_some() {
            return;
        }
        // Known before it exists, so that what refers to it can be planned completely.
        let planned = plan.planned();
        let Some(name) = planned.project_name.get().cloned() else { return };
        let arn = match (planned.region.as_str(), planned.account_id.as_str()) {
            (Some(region), Some(account)) => Some(ProjectModel::arn_of(region, account, &name)),
            _ => None,
        };
        place::set(plan, "id", name);
        if let Some(arn) = arn {
            place::set(plan, "arn", arn);
        }
    }

    fn holding(model: &ProjectModel) -> Option<Holding> {
        Some(Holding {
            // Names are unique everywhere.
            key: model.project_name.get().cloned(),
            label: model.label(),
            protected: model.deletion_protection.get().copied().unwrap_or_default(),
        })
    }

    fn losses(prior: &ProjectModel, planned: Option<&ProjectModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    fn stays(prior: &ProjectModel) -> Option<Diagnostic> {
        (!prior.is_forced()).then(|| logs::foretold(prior))
    }

    async fn plan_destroy(cx: &Cx<Cloud>, prior: &ProjectModel) -> Vec<Loss> {
        let to_this = |trail: &Trail| {
            // Names are unique everywhere, and the service may spell the rest of the ARN in its own way.
            let name = trail.sls_project_arn.as_deref().and_then(|arn| arn.rsplit_once("project/"));
            name.is_some_and(|(_, name)| prior.project_name.as_str() == Some(name))
        };
        losses_of_deleting(cx, prior, &prior.label(), to_this).await
    }

    async fn create(cx: &Cx<Cloud>, planned: ProjectModel) -> Result<ProjectModel, Diagnostics> {
        let projects = Projects { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("create {}", projects.model.label());
        projects.is_free(&doing, Self::TYPE).await?;
        projects.make(&doing).await?;
        cx.keep(&projects.model.just_made(&projects.place));
        let reached = projects.appeared(&doing).await?;
        cx.keep(&reached);
        projects.bring(&doing, reached, is_appearing).await
    }

    async fn read(cx: &Cx<Cloud>, prior: ProjectModel) -> Result<Option<ProjectModel>, Diagnostics> {
        let projects = Projects { cx, place: enter(cx, &prior).await?, model: prior };
        projects.read(&format!("read {}", projects.model.label())).await
    }

    async fn update(
        cx: &Cx<Cloud>,
        prior: ProjectModel,
        planned: ProjectModel,
    ) -> Result<ProjectModel, Diagnostics> {
        let projects = Projects { cx, place: enter(cx, &planned).await?, model: planned };
        if prior.is_as(&projects.model) {
            // What differs lives in the state only.
            return Ok(projects.model.clone().at(&projects.place));
        }
        projects.bring(&format!("update {}", projects.model.label()), prior, |_| false).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: ProjectModel) -> Result<(), Diagnostics> {
        let projects = Projects { cx, place: enter(cx, &prior).await?, model: prior };
        projects.delete(&format!("delete {}", projects.model.label())).await
    }

    fn parse_id(id: &str) -> Result<ProjectModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["project_name"])?;
        let [name] = names;
        Ok(ProjectModel { project_name: name.into(), region, account_id, ..ProjectModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: ProjectModel) -> Result<ProjectModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}
