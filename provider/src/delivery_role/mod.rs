//! `alitrail_delivery_role`: the RAM role in the account of a log archive that lets trails of another account deliver
//! there.
//!
//! One resource for what takes a role, a policy and an attachment elsewhere: it trusts ActionTrail on behalf of one
//! account, may write to one bucket and one project, and has no other policy. Whatever else somebody adds is drift.

mod calls;
mod check;
mod losses;
mod model;
mod policy;

use plugin::value::Value;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::fault::fault;
use crate::place::{self, enter};
use calls::Roles;
pub use model::DeliveryRoleModel;

/// The resource.
#[derive(Debug)]
pub struct DeliveryRoleResource;

impl Resource for DeliveryRoleResource {
    type Client = Cloud;
    type Model = DeliveryRoleModel;
    const TYPE: &'static str = "alitrail_delivery_role";
    const INCOMPARABLE: &'static [&'static str] =
        &["trusted_account_id", "oss_bucket_name", "sls_project_arn", "kms_key_arn"];
    const DESCRIPTION: &'static str = "The RAM role with which trails of another account deliver to a bucket and a project of \
        this one: it trusts ActionTrail on behalf of that account only, and may do nothing but deliver. Made in the \
        account of the log archive; the trail names its ARN.";

    fn validate(config: &DeliveryRoleModel, found: &mut Diagnostics) {
        check::configuration(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<DeliveryRoleModel>) {
        place::plan(cx, plan).await;
        check::account(&plan.planned().clone(), &mut plan.diagnostics);
        let planned = plan.planned().clone();
        let documents = [
            ("assume_role_policy_document", planned.trust()),
            ("policy_document", planned.grants().map(|grants| grants.document())),
        ];
        for (attribute, document) in documents {
            plan_document(plan, attribute, document);
        }
        if let Some(name) = planned.role_name.as_str() {
            place::set(plan, "id", name.to_owned());
            let own = model::names(&[planned.own_policy()]);
            let own = own.into_iter().map(Value::from).collect();
            place::set(plan, "attached_policies", Value::List(own));
            // As the service spells it.
            if let (None, Some(account)) = (&plan.prior, planned.account_id.as_str()) {
                place::set(plan, "arn", format!("acs:ram::{account}:role/{}", name.to_lowercase()));
            }
        }
    }

    fn holding(model: &DeliveryRoleModel) -> Option<Holding> {
        // Deleted to be made again, it would leave trails without a role for a while.
        let key = match (model.account_id.as_str(), model.role_name.as_str()) {
            (Some(account), Some(name)) => Some(format!("{account}/{}", name.to_lowercase())),
            _ => None,
        };
        Some(Holding { key, label: model.label(), protected: false })
    }

    fn losses(prior: &DeliveryRoleModel, planned: Option<&DeliveryRoleModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    fn stays(prior: &DeliveryRoleModel) -> Option<Diagnostic> {
        losses::stays(prior)
    }

    async fn create(cx: &Cx<Cloud>, planned: DeliveryRoleModel) -> Result<DeliveryRoleModel, Diagnostics> {
        let roles = Roles { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("create {}", roles.model.label());
        roles.make(&doing, Self::TYPE).await?;
        let found = roles.look(&doing).await?;
        cx.keep(&roles.model.read_from(&found, &roles.place));
        roles.may_take_over(&found)?;
        roles.bring(&doing, &found).await?;
        roles.brought(&doing).await
    }

    async fn read(
        cx: &Cx<Cloud>,
        prior: DeliveryRoleModel,
    ) -> Result<Option<DeliveryRoleModel>, Diagnostics> {
        let roles = Roles { cx, place: enter(cx, &prior).await?, model: prior };
        let found =
            roles.find().await.map_err(|error| fault(format!("read {}", roles.model.label()), &error))?;
        Ok(found.map(|found| roles.model.read_from(&found, &roles.place)))
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: DeliveryRoleModel,
        planned: DeliveryRoleModel,
    ) -> Result<DeliveryRoleModel, Diagnostics> {
        let roles = Roles { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("update {}", roles.model.label());
        let found = roles.look(&doing).await?;
        roles.bring(&doing, &found).await?;
        roles.brought(&doing).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: DeliveryRoleModel) -> Result<(), Diagnostics> {
        let roles = Roles { cx, place: enter(cx, &prior).await?, model: prior };
        roles.delete().await.map_err(|error| fault(format!("delete {}", roles.model.label()), &error))
    }

    fn parse_id(id: &str) -> Result<DeliveryRoleModel, Diagnostic> {
        let (name, account_id) = place::parse_global_id(id, "role_name")?;
        Ok(DeliveryRoleModel { role_name: name.into(), account_id, ..DeliveryRoleModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: DeliveryRoleModel) -> Result<DeliveryRoleModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

/// Plans a document that follows from other attributes: as the state spells it where that says the same.
fn plan_document(plan: &mut Plan<DeliveryRoleModel>, attribute: &'static str, document: Option<String>) {
    let prior = plan.prior.as_ref().and_then(|prior| match attribute {
        "policy_document" => prior.policy_document.get(),
        _ => prior.assume_role_policy_document.get(),
    });
    let value = match (document, prior) {
        (None, _) => Value::UNKNOWN,
        (Some(wanted), Some(prior)) if policy::means(&wanted, prior) => return,
        (Some(wanted), _) => Value::from(wanted),
    };
    place::set(plan, attribute, value);
}
