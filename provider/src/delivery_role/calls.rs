//! The calls of `alitrail_delivery_role`: a role, a policy of the same name, and the one attached to the other.

use std::time::Duration;

use alibaba::Error;
use alibaba::ram::Ram;
use plugin::{Cx, Diagnostic, Diagnostics};

use super::losses::still_attached;
use super::model::{DeliveryRoleModel, Found, names};
use super::policy::{Grants, means};
use crate::config::Cloud;
use crate::fault::{exists, fault};
use crate::patience::{make, patiently, settled};
use crate::place::Place;

/// How long a role or policy that was just made may be unknown to the next call.
const APPEARING: Duration = Duration::from_secs(60);

/// One role, where it is. `model` is what is wanted of it.
pub(super) struct Roles<'c> {
    pub(super) cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: DeliveryRoleModel,
}

/// Nothing, where the service says that there is none.
fn unless_missing<T>(outcome: Result<T, Error>) -> Result<Option<T>, Error> {
    match outcome {
        Err(error) if error.is_not_found() => Ok(None),
        other => other.map(Some),
    }
}

impl Roles<'_> {
    fn ram(&self) -> Ram {
        self.place.client.ram()
    }

    /// The role with its policies, if it is there.
    pub(super) async fn find(&self) -> Result<Option<Found>, Error> {
        let (ram, name) = (self.ram(), self.model.name());
        let (role, attached, policy) =
            tokio::join!(ram.get_role(name), ram.list_policies_for_role(name), ram.get_policy_document(name));
        let Some(role) = unless_missing(role)? else { return Ok(None) };
        let attached = unless_missing(attached)?.unwrap_or_default();
        Ok(Some(Found { role, attached, policy: unless_missing(policy)? }))
    }

    /// Makes the role, which can do nothing yet. One that trusts whom this one is to trust, after an answer was lost, is
    /// this one.
    pub(super) async fn make(&self, doing: &str, resource: &str) -> Result<(), Diagnostics> {
        let (ram, name, label) = (self.ram(), self.model.name(), self.model.label());
        if unless_missing(ram.get_role(name).await).map_err(|error| fault(doing, &error))?.is_some() {
            return Err(exists(&label, resource, name));
        }
        let trust = self.model.trust().unwrap_or_default();
        let description = self.model.description.as_str().unwrap_or_default();
        let create = || async { ram.create_role(name, &trust, description).await.map(drop) };
        let trust = &trust;
        let find = |place: Place| async move {
            let role = unless_missing(place.client.ram().get_role(name).await)?;
            Ok(role.is_some_and(|role| means(&role.assume_role_policy_document, trust)))
        };
        make(self.cx, &self.place, APPEARING, create, find).await.map_err(|error| {
            if error.is_already_exists() { exists(&label, resource, name) } else { fault(doing, &error) }
        })
    }

    /// Brings trust, description, policy and attachments to what is wanted; only what differs is written.
    pub(super) async fn bring(&self, doing: &str, found: &Found) -> Result<(), Diagnostics> {
        let (ram, name) = (self.ram(), self.model.name());
        let trust = self.model.trust().unwrap_or_default();
        let description = self.model.description.as_str().unwrap_or_default();
        let fails = |error: Error| fault(doing, &error);
        if !means(&found.role.assume_role_policy_document, &trust)
            || found.role.description.as_deref().unwrap_or_default() != description
        {
            ram.update_role(name, &trust, description).await.map_err(fails)?;
        }
        self.grant(doing, found.policy.as_deref()).await?;
        let own = self.model.own_policy();
        if !found.attached.contains(&own) {
            let attach = || async {
                match ram.attach_policy_to_role(name, &own).await {
                    // The answer to an earlier try was lost.
                    Err(error) if error.is_already_exists() => Ok(()),
                    other => other,
                }
            };
            patiently(self.cx, APPEARING, Error::is_not_found, attach).await.map_err(fails)?;
        }
        for other in found.attached.iter().filter(|policy| **policy != own) {
            unless_missing(ram.detach_policy_from_role(name, other).await).map_err(fails)?;
        }
        Ok(())
    }

    /// Gives the role's policy the document it is to have.
    async fn grant(&self, doing: &str, current: Option<&str>) -> Result<(), Diagnostics> {
        let (ram, name) = (self.ram(), self.model.name());
        let wanted = self.model.grants().unwrap_or_default().document();
        let written = match current {
            Some(current) if means(current, &wanted) => Ok(()),
            Some(_) => ram.set_policy_document(name, &wanted).await,
            None => {
                let about = format!("What the role {name} may do");
                let wanted = &wanted;
                let find = |place: Place| async move {
                    let document = unless_missing(place.client.ram().get_policy_document(name).await)?;
                    Ok(document.is_some_and(|document| means(&document, wanted)))
                };
                make(self.cx, &self.place, APPEARING, || ram.create_policy(name, wanted, &about), find).await
            }
        };
        written.map_err(|error| fault(doing, &error))
    }

    /// Fails when a new role would take over a policy that has its name and is not what an earlier role of this kind
    /// left behind.
    pub(super) fn may_take_over(&self, found: &Found) -> Result<(), Diagnostics> {
        let foreign = found.policy.as_deref().filter(|document| Grants::read(document).is_none());
        if foreign.is_none() {
            return Ok(());
        }
        let name = self.model.name();
        Err(Diagnostic::error(
            format!("There is a policy {name:?} already"),
            format!(
                "A delivery role keeps what it may do in a policy of its own name, and the account has a policy {name:?} \
                 that says something else. Choose another role_name, or delete the policy if nobody needs it."
            ),
        )
        .into())
    }

    /// The role, once the service shows it.
    pub(super) async fn look(&self, doing: &str) -> Result<Found, Diagnostics> {
        self.look_until(doing, |_| true).await
    }

    /// The role as it is after a write: when the service shows what was written, or as it last showed it.
    pub(super) async fn brought(&self, doing: &str) -> Result<DeliveryRoleModel, Diagnostics> {
        let own = names(&[self.model.own_policy()]);
        let as_wanted = |found: &Found| {
            let seen = self.model.read_from(found, &self.place);
            names(&found.attached) == own
                && seen.description == self.model.description
                && found.policy.as_deref().is_some_and(|policy| Grants::read(policy) == self.model.grants())
                && self
                    .model
                    .trust()
                    .is_some_and(|trust| means(&found.role.assume_role_policy_document, &trust))
        };
        let found = self.look_until(doing, as_wanted).await?;
        Ok(self.model.read_from(&found, &self.place))
    }

    async fn look_until(&self, doing: &str, done: impl Fn(&Found) -> bool) -> Result<Found, Diagnostics> {
        let what = format!("{} to be found", self.model.label());
        let found = settled(self.cx, &what, APPEARING, done, || self.find()).await;
        found.map_err(|error| fault(doing, &error))
    }

    /// Takes the role down, with its policy. What a list does not show yet may be there, so nothing is taken for gone
    /// because it is not seen.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        let (ram, name) = (self.ram(), self.model.name());
        let document = unless_missing(ram.get_policy_document(name).await)?;
        let ours = document.is_none_or(|document| Grants::read(&document).is_some());
        let attached = |error: &Error| {
            ["Role.Policy", "Policy.Role", "Policy.User", "Policy.Group"]
                .iter()
                .any(|conflict| error.is_code(&format!("DeleteConflict.{conflict}")))
        };
        let delete = || async {
            let mut policies = unless_missing(ram.list_policies_for_role(name).await)?.unwrap_or_default();
            policies.push(self.model.own_policy());
            for policy in &policies {
                unless_missing(ram.detach_policy_from_role(name, policy).await)?;
            }
            unless_missing(ram.delete_role(name).await)
        };
        patiently(self.cx, APPEARING, attached, delete).await?;
        if ours {
            // Attached to others by somebody else, it stays with them.
            match ram.delete_policy(name).await {
                Err(error) if error.is_not_found() => {}
                Err(error) if attached(&error) => self.cx.warn(still_attached(&self.model)),
                other => other?,
            }
        }
        Ok(())
    }
}
