//! `alitrail_delivery_role`: the RAM role in the account of a log archive that lets trails of another account deliver
//! there.
//!
//! One resource for what takes a role, a policy and an attachment elsewhere: it trusts ActionTrail on behalf of one
//! account, may write to one bucket and one project, and has no other policy. Whatever else somebody adds is drift.

mod check;
mod destructive_changes;
mod model;

use alibaba::Arn;
use alibaba::ram::AttachedPolicy;
use plugin::value::Value;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Plan};
use reconciler::Scope;
use reconciler::delivery_role::{DeliveryRole, Settings, policy};

use crate::config::Cloud;
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope;
pub use model::DeliveryRoleModel;

/// The resource.
pub type DeliveryRoleResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = DeliveryRoleModel;
    type Object = DeliveryRole;
    const TYPE: &'static str = "alitrail_delivery_role";
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &["account_id"];
    const INCOMPARABLE: &'static [&'static str] =
        &["trusted_account_id", "oss_bucket_name", "sls_project_arn", "kms_key_arn"];
    const NAMES_IGNORE_CASE: bool = true;
    const DESCRIPTION: &'static str = "The RAM role with which trails of another account deliver to a bucket and a project of \
        this one: it trusts ActionTrail on behalf of that account only, and may do nothing but deliver. Made in the \
        account of the log archive; the trail names its ARN.";

    fn validate(config: &DeliveryRoleModel, found: &mut Diagnostics) {
        check::configuration(config, found);
    }

    async fn plan(_cx: &Context<Cloud>, plan: &mut Plan<DeliveryRoleModel>) {
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
            let own = model::names(&[AttachedPolicy::custom(name)]);
            let own = own.into_iter().map(Value::from).collect();
            resource_scope::set(plan, "attached_policies", Value::List(own));
            // As the service spells it.
            if let (None, Some(account)) = (&plan.prior, planned.scope.account_id.as_str()) {
                let role = format!("role/{}", name.to_lowercase());
                resource_scope::set(plan, "arn", Arn::global("ram", account, &role).to_string());
            }
        }
    }

    fn deletion_guard(model: &DeliveryRoleModel) -> Option<DeletionGuard> {
        // Deleted to be made again, it would leave trails without a role for a while.
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(
        prior: &DeliveryRoleModel,
        planned: Option<&DeliveryRoleModel>,
    ) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn stays(prior: &DeliveryRoleModel) -> Option<Diagnostic> {
        destructive_changes::stays(prior)
    }

    fn left_in_part(prior: &DeliveryRoleModel) -> Option<Diagnostic> {
        Some(destructive_changes::still_attached(prior))
    }

    fn object(model: &DeliveryRoleModel, scope: Scope) -> DeliveryRole {
        DeliveryRole::new(scope, model.name().to_owned(), model.wanted())
    }

    fn settings(model: &DeliveryRoleModel) -> Settings {
        model.settings()
    }

    fn read_from(model: &DeliveryRoleModel, seen: &Settings, _scope: &Scope) -> DeliveryRoleModel {
        model.read_from(seen)
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
    resource_scope::set(plan, attribute, value);
}
