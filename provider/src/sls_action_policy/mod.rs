//! `alitrail_sls_action_policy`: who is notified of an alert, how, and who next when nobody reacts.

mod check;
mod duration;
mod losses;
mod model;
mod script;

use std::collections::BTreeSet;

use plugin::{Attr, Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::place;
use crate::sls_record::{self, GROUPS, Records, Row, USERS, warn_of_missing};
pub use model::ActionPolicyModel;

/// The resource.
#[derive(Debug)]
pub struct ActionPolicyResource;

impl Resource for ActionPolicyResource {
    type Client = Cloud;
    type Model = ActionPolicyModel;
    const TYPE: &'static str = "alitrail_sls_action_policy";
    const INCOMPARABLE: &'static [&'static str] = &["primary_policy_script", "secondary_policy_script"];
    const DESCRIPTION: &'static str = "An action policy of the alerts of Simple Log Service: whom an alert notifies and how. \
        Alerts name it by its id. Policies belong to the account, not to a project. The service takes a policy that \
        notifies nobody and says so only when an alert fires; here the plan says it. Users and groups that do not exist are \
        warned of when the policy is applied.";

    fn validate(config: &ActionPolicyModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<ActionPolicyModel>) {
        sls_record::plan(cx, plan).await;
    }

    fn holding(model: &ActionPolicyModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.action_policy_id, &model.region]))
    }

    fn losses(prior: &ActionPolicyModel, planned: Option<&ActionPolicyModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(cx: &Cx<Cloud>, planned: ActionPolicyModel) -> Result<ActionPolicyModel, Diagnostics> {
        warn(cx, Records::enter(cx, planned).await?.create().await?).await
    }

    async fn read(
        cx: &Cx<Cloud>,
        prior: ActionPolicyModel,
    ) -> Result<Option<ActionPolicyModel>, Diagnostics> {
        Records::enter(cx, prior).await?.read().await
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: ActionPolicyModel,
        planned: ActionPolicyModel,
    ) -> Result<ActionPolicyModel, Diagnostics> {
        warn(cx, Records::enter(cx, planned).await?.update().await?).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: ActionPolicyModel) -> Result<(), Diagnostics> {
        Records::enter(cx, prior).await?.delete().await
    }

    fn parse_id(id: &str) -> Result<ActionPolicyModel, Diagnostic> {
        let ([policy], region, account_id) = place::parse_id(id, ["action_policy_id"])?;
        Ok(ActionPolicyModel {
            action_policy_id: policy.into(),
            region,
            account_id,
            ..ActionPolicyModel::default()
        })
    }

    async fn import(cx: &Cx<Cloud>, target: ActionPolicyModel) -> Result<ActionPolicyModel, Diagnostics> {
        let place = sls_record::enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

/// Warns of users and groups that do not exist.
async fn warn(cx: &Cx<Cloud>, policy: ActionPolicyModel) -> Result<ActionPolicyModel, Diagnostics> {
    let scripts: [(&str, &Attr<String>); 2] = [
        ("primary_policy_script", &policy.primary_policy_script),
        ("secondary_policy_script", &policy.secondary_policy_script),
    ];
    for (attribute, text) in scripts {
        let fires = text.as_str().and_then(|text| script::parse(text).ok()).unwrap_or_default();
        for (argument, table, kind) in [("users", USERS, "user"), ("groups", GROUPS, "user group")] {
            let named: BTreeSet<String> =
                fires.iter().flat_map(|fire| fire.list(argument)).cloned().collect();
            if !named.is_empty() {
                warn_of_missing(cx, &policy, attribute, table, kind, &named).await;
            }
        }
    }
    Ok(policy)
}
