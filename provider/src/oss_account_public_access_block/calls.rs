//! The calls of `alitrail_oss_account_public_access_block`. Any region answers for the account as a whole.

use alibaba::Error;
use alibaba::oss::Oss;
use plugin::{Cx, Diagnostics};

use super::model::AccountBlockModel;
use crate::config::Cloud;
use crate::fault::fault;
use crate::oss_bucket::SETTLING;
use crate::patience::settled;
use crate::place::{Place, enter, somewhere};

/// The setting of one account. `model` is what is wanted.
pub(super) struct AccountBlocks<'c> {
    cx: &'c Cx<Cloud>,
    place: Place,
    model: AccountBlockModel,
}

impl<'c> AccountBlocks<'c> {
    pub(super) async fn enter(cx: &'c Cx<Cloud>, model: AccountBlockModel) -> Result<Self, Diagnostics> {
        let place = somewhere(enter(cx, &model).await?, cx.client()?);
        Ok(Self { cx, place, model })
    }

    fn oss(&self) -> Oss {
        self.place.client.oss(&self.place.region)
    }

    fn fault(&self, doing: &str, error: &Error) -> Diagnostics {
        fault(format!("{doing} {}", self.model.clone().at(&self.place).label()), error)
    }

    /// The setting as it is; an account that never set it does not block.
    pub(super) async fn read(&self) -> Result<AccountBlockModel, Diagnostics> {
        let block = self.oss().get_public_access_block().await;
        block.map(|block| self.model.seen(block, &self.place)).map_err(|error| self.fault("read", &error))
    }

    /// Sets it and waits until the service shows it.
    pub(super) async fn put(&self, doing: &str) -> Result<AccountBlockModel, Diagnostics> {
        let wanted = self.model.blocks();
        let put = async {
            self.oss().put_public_access_block(wanted).await?;
            self.cx.keep(&self.model.clone().at(&self.place));
            self.shown(wanted).await
        };
        put.await.map(|block| self.model.seen(block, &self.place)).map_err(|error| self.fault(doing, &error))
    }

    async fn shown(&self, wanted: bool) -> Result<bool, Error> {
        let oss = self.oss();
        let look = || async { oss.get_public_access_block().await.map(Some) };
        settled(self.cx, "the public access block to be shown", SETTLING, |now| *now == wanted, look).await
    }

    /// Forgets the setting, which lifts the block.
    pub(super) async fn delete(&self) -> Result<(), Diagnostics> {
        let delete = async {
            self.oss().delete_public_access_block().await?;
            self.shown(false).await.map(drop)
        };
        delete.await.map_err(|error| self.fault("delete", &error))
    }
}
