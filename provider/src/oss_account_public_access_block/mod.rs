//! `alitrail_oss_account_public_access_block`: one switch that closes every bucket of an account to the world.
//!
//! The service cannot tell "never set" from "off": reading either is a block that is lifted, which the next apply puts
//! right, and never an object that is gone.

mod destructive_changes;
mod model;

use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Plan};
use reconciler::oss_account_public_access_block::AccountBlock;
use reconciler::{Freshness, Object, Scope};

use crate::config::Cloud;
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope::{self, any_region, resolve};
pub use model::AccountBlockModel;

/// The resource.
pub type AccountBlockResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = AccountBlockModel;
    type Object = AccountBlock;
    const TYPE: &'static str = "alitrail_oss_account_public_access_block";
    const DESCRIPTION: &'static str = "Blocks public access to all OSS buckets of the account, those of today and those to \
        come. There is one such setting per account, so use one such resource per account. Destroying it lifts the block.";

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<AccountBlockModel>) {
        let planned = plan.planned().clone();
        let lifts = planned.block_public_access.get() == Some(&false);
        if plan.prior.is_none() && !plan.replacing && lifts && blocks(context, &planned).await {
            plan.destructive_changes.push(destructive_changes::lifted(&planned, false));
        }
    }

    fn deletion_guard(model: &AccountBlockModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(
        prior: &AccountBlockModel,
        planned: Option<&AccountBlockModel>,
    ) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    async fn scope(context: &Context<Cloud>, model: &AccountBlockModel) -> Result<Scope, Diagnostics> {
        Ok(any_region(resolve(context, model).await?, context.client()?))
    }

    fn object(model: &AccountBlockModel, scope: Scope) -> AccountBlock {
        AccountBlock::new(scope, model.blocks())
    }

    fn settings(model: &AccountBlockModel) -> bool {
        model.blocks()
    }

    fn read_from(model: &AccountBlockModel, blocked: &bool, _scope: &Scope) -> AccountBlockModel {
        AccountBlockModel { block_public_access: (*blocked).into(), ..model.clone() }
    }

    fn parse_id(id: &str) -> Result<AccountBlockModel, Diagnostic> {
        if id.contains('@') {
            return Err(Diagnostic::error(
                "Invalid import id",
                format!(
                    "{id:?} is more than an account id. The setting holds for all regions: give the account alone."
                ),
            ));
        }
        resource_scope::model_of_id(id)
    }
}

/// Whether the account blocks public access now, as far as that can be learned.
async fn blocks(context: &Context<Cloud>, planned: &AccountBlockModel) -> bool {
    let Ok(cloud) = context.client() else { return false };
    let look = |scope| async move {
        let object = Declaration::object(planned, resource_scope::any_region(scope, cloud));
        object.describe(object.scope(), Freshness::Now).await.ok()?
    };
    resource_scope::while_planning(context, planned, look).await == Some(true)
}
