//! `alitrail_sls_alert`: a rule that searches logs again and again and tells somebody what it finds.
//!
//! Rules of the new alerting only (version 2.0). Every setting that decides whether somebody is told has a default here
//! and is put back when somebody changes it; a rule that was switched off shows in the next plan.

mod calls;
mod check;
mod configuration;
mod losses;
mod model;
mod wire;

use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::fault::fault;
use crate::place::{self, enter};
use calls::Alerts;
pub use configuration::{
    ConditionModel, ConfigurationModel, EventStoreModel, GroupModel, JoinModel, PolicyModel, QueryModel,
    SeverityModel, TemplateModel,
};
pub use model::{AlertModel, ScheduleModel};

/// The resource.
#[derive(Debug)]
pub struct AlertResource;

impl Resource for AlertResource {
    type Client = Cloud;
    type Model = AlertModel;
    const TYPE: &'static str = "alitrail_sls_alert";
    const INCOMPARABLE: &'static [&'static str] = &["schedule", "configuration"];
    const DESCRIPTION: &'static str = "An alert rule of Simple Log Service: searches logs again and again, and tells somebody \
        when there is something to find. Rules of the new alerting (version 2.0). Whom it tells is said by an action policy \
        (`alitrail_sls_action_policy`); without one, alerts are recorded and nobody is told.";

    fn validate(config: &AlertModel, found: &mut Diagnostics) {
        check::configuration(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<AlertModel>) {
        place::plan(cx, plan).await;
        let planned = plan.planned();
        if plan.prior.is_none() && planned.project_name.get().is_some() && planned.alert_name.get().is_some()
        {
            let key = planned.key();
            place::set(plan, "id", key);
        }
    }

    fn holding(model: &AlertModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.project_name, &model.alert_name]))
    }

    fn losses(prior: &AlertModel, planned: Option<&AlertModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(cx: &Cx<Cloud>, planned: AlertModel) -> Result<AlertModel, Diagnostics> {
        let alerts = Alerts { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("create {}", alerts.model.label());
        alerts.make(&doing, Self::TYPE).await?;
        if !alerts.model.is_on() {
            cx.keep(&AlertModel { status: "ENABLED".into(), ..alerts.model.clone().at(&alerts.place) });
            alerts
                .switch()
                .await
                .map_err(|error| fault(format!("disable {}", alerts.model.label()), &error))?;
        }
        cx.keep(&alerts.model.clone().at(&alerts.place));
        alerts.brought(&doing).await
    }

    async fn read(cx: &Cx<Cloud>, prior: AlertModel) -> Result<Option<AlertModel>, Diagnostics> {
        let alerts = Alerts { cx, place: enter(cx, &prior).await?, model: prior };
        let seen = alerts.read().await;
        seen.map_err(|error| fault(format!("read {}", alerts.model.label()), &error))
    }

    async fn update(
        cx: &Cx<Cloud>,
        prior: AlertModel,
        planned: AlertModel,
    ) -> Result<AlertModel, Diagnostics> {
        let alerts = Alerts { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("update {}", alerts.model.label());
        if !prior.is_as(&alerts.model) {
            alerts.change().await.map_err(|error| fault(&doing, &error))?;
            cx.keep(&AlertModel { status: prior.status.clone(), ..alerts.model.clone().at(&alerts.place) });
        }
        if prior.is_on() != alerts.model.is_on() {
            alerts.switch().await.map_err(|error| fault(&doing, &error))?;
        }
        alerts.brought(&doing).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: AlertModel) -> Result<(), Diagnostics> {
        let alerts = Alerts { cx, place: enter(cx, &prior).await?, model: prior };
        alerts.delete().await.map_err(|error| fault(format!("delete {}", alerts.model.label()), &error))
    }

    fn parse_id(id: &str) -> Result<AlertModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["project_name", "alert_name"])?;
        let [project, name] = names;
        Ok(AlertModel {
            project_name: project.into(),
            alert_name: name.into(),
            region,
            account_id,
            ..AlertModel::default()
        })
    }

    async fn import(cx: &Cx<Cloud>, target: AlertModel) -> Result<AlertModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}
