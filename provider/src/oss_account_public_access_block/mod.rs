//! `alitrail_oss_account_public_access_block`: one switch that closes every bucket of an account to the world.
//!
//! The service cannot tell "never set" from "off": reading either is a block that is lifted, which the next apply puts
//! right, and never an object that is gone.

mod calls;
mod losses;
mod model;

use plugin::{Attr, Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::place::{self, enter};
use calls::AccountBlocks;
pub use model::AccountBlockModel;

/// The resource.
#[derive(Debug)]
pub struct AccountBlockResource;

impl Resource for AccountBlockResource {
    type Client = Cloud;
    type Model = AccountBlockModel;
    const TYPE: &'static str = "alitrail_oss_account_public_access_block";
    const DESCRIPTION: &'static str = "Blocks public access to all OSS buckets of the account, those of today and those to \
        come. There is one such setting per account, so use one such resource per account. Destroying it lifts the block.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<AccountBlockModel>) {
        place::plan(cx, plan).await;
        let planned = plan.planned().clone();
        let lifts = planned.block_public_access.get() == Some(&false);
        if plan.prior.is_none() && !plan.replacing && lifts && blocks(cx, &planned).await {
            plan.losses.push(losses::lifted(&planned, false));
        }
    }

    fn holding(model: &AccountBlockModel) -> Option<Holding> {
        // There is one in the account of the provider.
        Some(Holding { key: Some(String::new()), label: model.label(), protected: false })
    }

    fn losses(prior: &AccountBlockModel, planned: Option<&AccountBlockModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(cx: &Cx<Cloud>, planned: AccountBlockModel) -> Result<AccountBlockModel, Diagnostics> {
        AccountBlocks::enter(cx, planned).await?.put("create").await
    }

    async fn read(
        cx: &Cx<Cloud>,
        prior: AccountBlockModel,
    ) -> Result<Option<AccountBlockModel>, Diagnostics> {
        AccountBlocks::enter(cx, prior).await?.read().await.map(Some)
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: AccountBlockModel,
        planned: AccountBlockModel,
    ) -> Result<AccountBlockModel, Diagnostics> {
        AccountBlocks::enter(cx, planned).await?.put("update").await
    }

    async fn delete(cx: &Cx<Cloud>, prior: AccountBlockModel) -> Result<(), Diagnostics> {
        AccountBlocks::enter(cx, prior).await?.delete().await
    }

    fn parse_id(id: &str) -> Result<AccountBlockModel, Diagnostic> {
        let ([account], region, again) = place::parse_id(id, ["account_id"])?;
        if !region.is_null() || !again.is_null() {
            return Err(Diagnostic::error(
                "Invalid import id",
                format!(
                    "{id:?} is more than an account id. The setting holds for all regions: give the account alone."
                ),
            ));
        }
        Ok(AccountBlockModel { account_id: Attr::Known(account), ..AccountBlockModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: AccountBlockModel) -> Result<AccountBlockModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

/// Whether the account blocks public access now, as far as that can be learned.
async fn blocks(cx: &Cx<Cloud>, planned: &AccountBlockModel) -> bool {
    let read = async { AccountBlocks::enter(cx, planned.clone()).await.ok()?.read().await.ok() };
    let seen = tokio::time::timeout(place::PLANNING, read).await.ok().flatten();
    seen.is_some_and(|seen| seen.blocks())
}
