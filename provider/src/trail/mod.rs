//! `alitrail_trail`: an ActionTrail trail that logs.
//!
//! The service makes trails that do not log and forgets to mention it; here a trail counts as created when the
//! service says that it is logging, and one that was stopped or narrowed shows in the next plan.

mod check;
mod delivery;
pub(crate) mod destinations;
mod destructive_changes;
mod model;
mod retention;

use alibaba::actiontrail::Trail as Described;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan};
use reconciler::failure::Operation;
use reconciler::trail::{self, Trail};
use reconciler::{Failure, Object, Problem, Scope};

use crate::config::Cloud;
use crate::failed_call::failed_call;
use crate::reconciled::{Reconcile, Reconciled};
pub use model::TrailModel;

/// The resource.
pub type TrailResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = TrailModel;
    type Object = Trail;
    const TYPE: &'static str = "alitrail_trail";
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &["account_id"];
    const INCOMPARABLE: &'static [&'static str] =
        &["oss_bucket_name", "sls_project_arn", "max_compute_project_arn"];
    const DESCRIPTION: &'static str = "An ActionTrail trail: records the events of an account and delivers them to an \
        OSS bucket, an SLS project or a MaxCompute project. Created trails log: the resource is only done when the \
        service says so, and a trail that somebody stops or narrows is put right by the next apply. A refresh also looks at \
        the lifecycle rules of the bucket, if it may, and warns of those that delete delivered events within 180 days, unless \
        the rules are declared with `alitrail_oss_bucket_lifecycle`, or watched by `minimum_retention_days` of \
        `alitrail_oss_bucket`, in a resource of the same provider block that does not depend on the trail.";

    fn validate(config: &TrailModel, found: &mut Diagnostics) {
        check::config(config, found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<TrailModel>) {
        let planned = plan.planned();
        let mut found = Diagnostics::new();
        if let Some(prior) = &plan.prior {
            found.extend(check::replacement(prior, planned));
        }
        // What works in the cloud as it is stays as it is.
        if plan.prior.as_ref().is_none_or(|prior| !planned.is_set_as(prior)) {
            found.extend(check::reach(planned));
        }
        plan.diagnostics.extend(found);
        retention::plan(context, plan).await;
    }

    fn deletion_guard(model: &TrailModel) -> Option<DeletionGuard> {
        Some(DeletionGuard {
            label: model.label(),
            protected: model.deletion_protection.get().copied().unwrap_or_default(),
        })
    }

    fn destructive_changes(prior: &TrailModel, planned: Option<&TrailModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn object(model: &TrailModel, scope: Scope) -> Trail {
        Trail::new(scope, model.settings())
    }

    fn settings(model: &TrailModel) -> trail::Settings {
        model.settings()
    }

    fn read_from(model: &TrailModel, seen: &trail::Settings, scope: &Scope) -> TrailModel {
        model.read_from(seen, scope)
    }

    async fn refreshed(context: &Context<Cloud>, object: &Trail, seen: &trail::Settings, model: &TrailModel) {
        let ((), warning) = tokio::join!(
            async {
                match &seen.described {
                    Some(described) if seen.is_logging => warn_of_delivery(context, object, described).await,
                    Some(described) if object.wants_logging() => context.warn(delivery::stopped(described)),
                    _ => {}
                }
            },
            retention::warning_of_early_deletions(context, object.scope(), model),
        );
        warning.into_iter().for_each(|warning| context.warn(warning));
    }

    fn explain(object: &Trail, _doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        let label = object.label();
        match &problem.failure {
            Failure::Elsewhere { region: home } => Some(
                Diagnostic::error(
                    format!("{label} is at home in {home}"),
                    format!(
                        "In {} there is only a shadow of it, which cannot be managed. Set region = {home:?} on the \
                         resource, or import it with the id \"{}@{home}\".",
                        object.scope().region,
                        object.name()
                    ),
                )
                .at(Path::attribute("region"))
                .into(),
            ),
            Failure::Call(error) if problem.setting.is_some() => {
                let doing = if object.wants_logging() { "start" } else { "stop" };
                Some(failed_call(format!("{doing} logging of {label}"), error))
            }
            _ => None,
        }
    }
}

/// Tells the user of an enabled trail that delivers nothing. A look that fails is no reason to fail the refresh.
async fn warn_of_delivery(context: &Context<Cloud>, object: &Trail, trail: &Described) {
    match object.status(trail).await {
        Ok(status) => {
            delivery::warnings(trail, &status).into_iter().for_each(|warning| context.warn(warning))
        }
        Err(error) => tracing::warn!(%error, trail = trail.name, "its deliveries cannot be looked at"),
    }
}
