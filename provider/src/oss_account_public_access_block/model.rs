//! The attributes of `alitrail_oss_account_public_access_block`.

use plugin::{Attr, Model};

use crate::scope::Global;

/// Attributes of `alitrail_oss_account_public_access_block`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "oss/account_public_access_block")]
pub struct AccountBlockModel {
    /// `id` and `account_id`.
    #[attr(flatten, identity(account_id), describe(id = "Same as `account_id`."))]
    pub scope: Global,
    /// Refuse public ACLs and public policies on every bucket of the account, and ignore those that exist, whatever the
    /// buckets say themselves.
    #[attr(default = true, samples(true, false), remote = "/{account_id}")]
    pub block_public_access: Attr<bool>,
}

impl AccountBlockModel {
    /// How messages name the setting.
    pub(super) fn label(&self) -> String {
        match self.scope.account_id.as_str() {
            Some(account) => format!("public access block of account {account}"),
            None => "public access block of the account".to_owned(),
        }
    }

    /// Whether public access is to be blocked.
    pub(super) fn blocks(&self) -> bool {
        self.block_public_access.get().copied().unwrap_or_default()
    }
}
