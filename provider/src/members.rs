//! Clients for the accounts of an organization: one for each account that a resource names, made when it is first needed and
//! acting as the member role there.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use alibaba::sts::{AssumeRole, MEMBER_ROLE};
use alibaba::{Client, Error};
use plugin::{Diagnostic, Diagnostics, Path};

use crate::advice;
use crate::config::Cloud;

/// The name of sessions in other accounts, by which their events are recognised.
const SESSION: &str = "terraform-provider-alitrail";

/// Roles and clients of other accounts. Clones share the clients.
#[derive(Debug, Clone, Default)]
pub struct Members {
    role_name: Option<String>,
    roles: BTreeMap<String, String>,
    keeps_unreachable: bool,
    clients: Arc<Mutex<HashMap<String, Client>>>,
    /// Accounts whose role could not be taken on.
    unreachable: Arc<Mutex<HashMap<String, String>>>,
}

impl Members {
    /// With the arguments `member_role_name`, `member_roles` and `unreachable_accounts`.
    pub(crate) fn new(
        role_name: Option<String>,
        roles: BTreeMap<String, String>,
        keeps_unreachable: bool,
    ) -> Self {
        Self { role_name, roles, keeps_unreachable, ..Self::default() }
    }

    /// Whether resources of accounts that cannot be reached stay in the state as they are.
    pub(crate) const fn keeps_unreachable(&self) -> bool {
        self.keeps_unreachable
    }

    /// The role to assume in an account.
    fn role(&self, account: &str) -> AssumeRole {
        let role = self.roles.get(account).or(self.role_name.as_ref());
        AssumeRole::of(account, role.map_or(MEMBER_ROLE, String::as_str), SESSION)
    }

    /// The client of an account; `home` is that of the caller.
    fn client(&self, home: &Client, account: &str) -> Result<Client, Error> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(account) {
            return Ok(client.clone());
        }
        let client = home.detached().assuming(self.role(account))?;
        clients.insert(account.to_owned(), client.clone());
        Ok(client)
    }

    fn note(&self, account: &str, reason: Option<String>) {
        let mut unreachable = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        match reason {
            Some(reason) => unreachable.insert(account.to_owned(), reason),
            None => unreachable.remove(account),
        };
    }

    /// Why an account could not be reached the last time, in this process.
    pub(crate) fn unreachable(&self, account: &str) -> Option<String> {
        self.unreachable.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }
}

/// The client to act in an account with, within the limits of `client`, which is the caller's. The role of the account is
/// taken on if need be, so that an account which cannot be entered is told as that.
///
/// # Errors
/// When the role cannot be taken on.
pub(crate) async fn client_of(
    cloud: &Cloud,
    client: &Client,
    account: &str,
    caller: &str,
) -> Result<Client, Diagnostics> {
    let members = &cloud.members;
    let entered = async {
        let member = members.client(client, account)?.with_cancel(client.cancel().clone());
        let member = match client.deadline() {
            Some(deadline) => member.with_deadline(deadline),
            None => member,
        };
        member.authenticate().await.map(|()| member)
    };
    match entered.await {
        Ok(member) => {
            members.note(account, None);
            Ok(member)
        }
        Err(error) => {
            if !error.is_cancelled() {
                members.note(account, Some(error.to_string()));
            }
            Err(unreachable(account, caller, &members.role(account).role_arn, &error).into())
        }
    }
}

fn unreachable(account: &str, caller: &str, role_arn: &str, error: &Error) -> Diagnostic {
    let mut detail = format!(
        "The resource belongs to account {account}, and the provider's credentials belong to account {caller}, so the provider \
         assumes the role {role_arn} there. That failed.\n{}\nIf that role is not the right one, set member_role_name, or \
         member_roles for this account, in the provider block. If the resource does not belong to account {account}, correct \
         account_id.",
        advice::notified(error)
    );
    if error.is_cancelled() {
        detail.push_str("\nTerraform was interrupted.");
    }
    Diagnostic::error(format!("Account {account} cannot be reached"), detail)
        .at(Path::attribute("account_id"))
}

/// What to say where a resource of such an account stays in the state as it is.
pub(crate) fn kept(account: &str, why: &Diagnostics) -> Diagnostic {
    let why = why.0.first().map_or("", |diagnostic| diagnostic.detail.as_str());
    Diagnostic::warning(
        format!("Account {account} cannot be reached; its resources are kept as the state has them"),
        format!(
            "{why}\nThe provider block has unreachable_accounts = \"keep\". Changes in this account are refused."
        ),
    )
}

/// The error for a change that is planned in such an account.
pub(crate) fn refused_change(account: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Account {account} cannot be reached, so nothing there can be changed"),
        format!(
            "The state is kept as it is (unreachable_accounts = \"keep\"), but the plan changes this resource. Undo the change, \
             or make the account reachable first.\n{why}"
        ),
    )
    .at(Path::attribute("account_id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_is_that_of_the_account_else_the_one_of_all() {
        let roles = BTreeMap::from([
            ("2".to_owned(), "audit".to_owned()),
            ("3".to_owned(), "acs:ram::3:role/other".to_owned()),
        ]);
        let members = Members::new(Some("rollout".to_owned()), roles.clone(), false);
        assert_eq!(members.role("1").role_arn, "acs:ram::1:role/rollout");
        assert_eq!(members.role("2").role_arn, "acs:ram::2:role/audit");
        assert_eq!(members.role("3").role_arn, "acs:ram::3:role/other");
        let members = Members::new(None, roles, false);
        assert_eq!(members.role("1").role_arn, "acs:ram::1:role/ResourceDirectoryAccountAccessRole");
    }
}
