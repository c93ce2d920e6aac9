//! `alitrail_sls_project`: a project of Simple Log Service, which holds the logstores of audit trails.

mod check;
mod destructive_changes;
mod failed;
mod model;

use alibaba::Arn;
use alibaba::actiontrail::Trail;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Plan};
use reconciler::failure::Operation;
use reconciler::sls_project::{Project, Settings, arn_of};
use reconciler::{Problem, Scope};

use crate::config::Cloud;
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope;
use crate::scope::Scoped;
use crate::trail::destinations::destructive_changes_of_deleting;
pub use model::ProjectModel;

/// The resource.
pub type ProjectResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = ProjectModel;
    type Object = Project;
    const TYPE: &'static str = "alitrail_sls_project";
    const DESCRIPTION: &'static str = "A project of Simple Log Service: the container of logstores, such as the one in \
        which ActionTrail makes the events of a trail searchable. Its ARN is what a trail delivers to.";

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<ProjectModel>) {
        if plan.prior.is_some() {
            return;
        }
        if let Ok(cloud) = context.client() {
            cloud.logstores.enter_new_project(&plan.planned().project_name);
        }
        // Known before it exists, so that what refers to it can be planned completely.
        let planned = plan.planned();
        let parts =
            (planned.scope.region.as_str(), planned.account_id().as_str(), planned.project_name.as_str());
        if let (Some(region), Some(account), Some(name)) = parts {
            let arn = arn_of(region, account, name);
            resource_scope::set(plan, "arn", arn);
        }
    }

    fn deletion_guard(model: &ProjectModel) -> Option<DeletionGuard> {
        Some(DeletionGuard {
            label: model.label(),
            protected: model.deletion_protection.get().copied().unwrap_or_default(),
        })
    }

    fn destructive_changes(prior: &ProjectModel, planned: Option<&ProjectModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn stays(prior: &ProjectModel) -> Option<Diagnostic> {
        (!prior.is_forced()).then(|| failed::foretold(prior))
    }

    async fn plan_destroy(context: &Context<Cloud>, prior: &ProjectModel) -> Vec<DestructiveChange> {
        let to_this = |trail: &Trail| {
            // Names are unique everywhere, and the service may spell the rest of the ARN in its own way.
            let project =
                trail.sls_project_arn.as_deref().and_then(|arn| Arn::parse(arn).ok()?.name_of("project"));
            project.is_some() && project == prior.project_name.as_str()
        };
        destructive_changes_of_deleting(context, prior, &prior.label(), to_this).await
    }

    fn object(model: &ProjectModel, scope: Scope) -> Project {
        Project::new(scope, model.name().to_owned(), model.settings())
    }

    fn settings(model: &ProjectModel) -> Settings {
        model.settings()
    }

    fn read_from(model: &ProjectModel, seen: &Settings, scope: &Scope) -> ProjectModel {
        let arn = arn_of(&scope.region, &scope.account, model.name()).into();
        ProjectModel { arn, ..model.read_from(seen) }
    }

    fn explain(object: &Project, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        failed::explain(object, doing, problem)
    }
}
