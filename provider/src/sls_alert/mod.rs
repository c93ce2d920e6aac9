//! `alitrail_sls_alert`: a rule that searches logs again and again and tells somebody what it finds.
//!
//! Rules of the new alerting only (version 2.0). Every setting that decides whether somebody is told has a default here
//! and is put back when somebody changes it; a rule that was switched off shows in the next plan.

mod check;
mod condition;
mod configuration;
mod destructive_changes;
mod mapping;
mod model;
mod query;
mod schedule;

use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostics, Path, Plan, Step};
use reconciler::Scope;
use reconciler::alert::{Alert, Settings};

use crate::config::Cloud;
use crate::reconciled::{Reconcile, Reconciled};
use crate::sls_logstore::registry::missing;
pub use configuration::{
    ConditionModel, ConfigurationModel, EventStoreModel, GroupModel, JoinModel, PolicyModel, QueryModel,
    SeverityModel, TemplateModel,
};
pub use model::{AlertModel, ScheduleModel};

/// What becomes of a rule whose logstore is not there: the service takes it.
const SILENT: &str = "The service takes the rule, which finds nothing until there is one.";

/// The resource.
pub type AlertResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = AlertModel;
    type Object = Alert;
    const TYPE: &'static str = "alitrail_sls_alert";
    const INCOMPARABLE: &'static [&'static str] = &["schedule", "configuration"];
    const DESCRIPTION: &'static str = "An alert rule of Simple Log Service: searches logs again and again, and tells somebody \
        when there is something to find. Rules of the new alerting (version 2.0). Whom it tells is said by an action policy \
        (`alitrail_sls_action_policy`); without one, alerts are recorded and nobody is told.";

    fn validate(config: &AlertModel, found: &mut Diagnostics) {
        check::configuration(config, found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<AlertModel>) {
        if plan.replacing {
            return;
        }
        let planned = plan.planned().clone();
        let before = plan.prior.as_ref().map(|prior| prior.own_logstores()).unwrap_or_default();
        let project = planned.project().to_owned();
        for (at, logstore) in
            planned.own_logstores().into_iter().filter(|(_, name)| before.values().all(|was| was != name))
        {
            let path =
                Path::attribute("configuration").child("query_list").then(Step::Index(at)).child("store");
            plan.diagnostics.0.extend(missing(context, &planned, &project, &logstore, path, SILENT).await);
        }
    }

    fn deletion_guard(model: &AlertModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(prior: &AlertModel, planned: Option<&AlertModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn object(model: &AlertModel, scope: Scope) -> Alert {
        Alert::new(scope, model.project().to_owned(), mapping::settings(model))
    }

    fn settings(model: &AlertModel) -> Settings {
        mapping::settings(model)
    }

    fn read_from(model: &AlertModel, seen: &Settings, scope: &Scope) -> AlertModel {
        mapping::read(model, seen, scope)
    }
}
