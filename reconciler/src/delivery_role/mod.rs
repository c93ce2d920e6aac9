//! The RAM role with which trails of another account deliver to a bucket and a project of this one: a role, a policy of the
//! same name, and the one attached to the other.

pub mod policy;

use alibaba::Error;
use alibaba::ram::{AttachedPolicy, Ram, Role};
use alibaba::retry::Policy as Retry;

use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};
use policy::{Grants, means};

/// A role with everything that belongs to it.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Who may assume it: a policy document.
    pub trust: String,
    /// What it is for.
    pub description: String,
    /// The document of the policy that has the role's name, if there is one.
    pub policy: Option<String>,
    /// The policies it has.
    pub attached: Vec<AttachedPolicy>,
    /// The role as the service describes it, where it has been seen.
    pub role: Option<Role>,
}

impl Settings {
    /// A role that trusts the trails of one account and may do nothing but deliver.
    #[must_use]
    pub fn of(name: &str, account: &str, grants: &Grants, description: &str) -> Self {
        Self {
            trust: policy::trust(account),
            description: description.to_owned(),
            policy: Some(grants.document()),
            attached: vec![AttachedPolicy::custom(name)],
            role: None,
        }
    }
}

/// What can be sent for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Trust and description.
    Role,
    /// The document of its policy.
    Policy,
    /// Its policy attached, and every other one detached.
    Attachments,
}

/// One role, and what is wanted of it.
#[derive(Debug)]
pub struct DeliveryRole {
    scope: Scope,
    name: String,
    wanted: Settings,
}

/// Nothing, where the service says that there is none.
fn unless_missing<T>(outcome: Result<T, Error>) -> Result<Option<T>, Error> {
    match outcome {
        Err(error) if error.is_not_found() => Ok(None),
        other => other.map(Some),
    }
}

/// Whether something is still attached that a deletion has just detached.
fn is_attached(error: &Error) -> bool {
    ["Role.Policy", "Policy.Role", "Policy.User", "Policy.Group"]
        .iter()
        .any(|conflict| error.is_code(&format!("DeleteConflict.{conflict}")))
}

impl DeliveryRole {
    /// The role of this name.
    #[must_use]
    pub fn new(scope: Scope, name: String, wanted: Settings) -> Self {
        Self { scope, name, wanted }
    }

    fn ram(&self) -> Ram {
        self.scope.client.ram()
    }

    fn own_policy(&self) -> AttachedPolicy {
        AttachedPolicy::custom(&self.name)
    }

    async fn send_policy(&self, now: &Settings) -> Result<(), Error> {
        let (ram, name) = (self.ram(), &self.name);
        let document = self.wanted.policy.as_deref().unwrap_or_default();
        if now.policy.is_some() {
            return ram.set_policy_document(name, document).await;
        }
        match ram.create_policy(name, document, &format!("What the role {name} may do")).await {
            // By an earlier attempt whose answer was lost, or by somebody else, whose policy stays.
            Err(error) if error.is_already_exists() => {
                match unless_missing(ram.get_policy_document(name).await)? {
                    Some(there) if Grants::read(&there).is_some() => {
                        ram.set_policy_document(name, document).await
                    }
                    _ => Err(error),
                }
            }
            other => other,
        }
    }

    async fn send_attachments(&self, now: &Settings) -> Result<(), Error> {
        let (ram, name, own) = (self.ram(), &self.name, self.own_policy());
        if !now.attached.contains(&own) {
            match ram.attach_policy_to_role(name, &own).await {
                // The answer to an earlier attempt was lost.
                Err(error) if error.is_already_exists() => {}
                other => other?,
            }
        }
        for other in now.attached.iter().filter(|policy| **policy != own) {
            unless_missing(ram.detach_policy_from_role(name, other).await)?;
        }
        Ok(())
    }
}

impl Object for DeliveryRole {
    type Settings = Settings;
    type Step = Step;

    const NEW: Retry = Retry::NEW_IN_RAM;
    const UNANSWERED: Retry = Retry::NEW_IN_RAM;
    const DELETED: Retry = Retry::NEW_IN_RAM;

    fn label(&self) -> String {
        format!("delivery role {:?}", self.name)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        let (ram, name) = (scope.client.ram(), &self.name);
        let (role, attached, policy) =
            tokio::join!(ram.get_role(name), ram.list_policies_for_role(name), ram.get_policy_document(name));
        let Some(role) = unless_missing(role)? else { return Ok(None) };
        let mut attached = unless_missing(attached)?.unwrap_or_default();
        attached.sort();
        Ok(Some(Settings {
            trust: role.assume_role_policy_document.clone(),
            description: role.description.clone().unwrap_or_default(),
            policy: unless_missing(policy)?,
            attached,
            role: Some(role),
        }))
    }

    async fn find(&self) -> Result<Option<Settings>, Failure> {
        let found = unless_missing(self.ram().get_role(&self.name).await)?;
        Ok(found.map(|role| Settings { role: Some(role), ..Settings::default() }))
    }

    /// A role does not take over a policy that has its name and is not what an earlier role of this kind left behind.
    fn accept_reached(&self, seen: &Settings) -> Result<(), Failure> {
        if seen.policy.as_deref().is_none_or(|document| Grants::read(document).is_some()) {
            return Ok(());
        }
        let name = &self.name;
        Err(Failure::Refused {
            summary: format!("There is a policy {name:?} already"),
            detail: format!(
                "A delivery role keeps what it may do in a policy of its own name, and the account has a policy {name:?} that \
                 says something else. Choose another name for the role, or delete the policy if nobody needs it."
            ),
        })
    }

    /// It can do nothing yet.
    async fn create(&self) -> Result<Settings, Error> {
        let role = self.ram().create_role(&self.name, &self.wanted.trust, &self.wanted.description).await?;
        Ok(Settings { policy: None, attached: Vec::new(), role: Some(role), ..self.wanted.clone() })
    }

    /// One that trusts whom this one is to trust is this one.
    async fn find_unanswered(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        let found = self.describe(scope, Freshness::Now).await?;
        Ok(found.filter(|found| means(&found.trust, &self.wanted.trust)))
    }

    fn open(&self, now: &Settings) -> Vec<Step> {
        let wanted = &self.wanted;
        let says = |document: &Option<String>| document.as_deref().and_then(Grants::read);
        let role = means(&now.trust, &wanted.trust) && now.description == wanted.description;
        let policy = now.policy.is_some() && says(&now.policy) == says(&wanted.policy);
        let attachments = now.attached == [self.own_policy()];
        [(Step::Role, role), (Step::Policy, policy), (Step::Attachments, attachments)]
            .into_iter()
            .filter_map(|(step, is_met)| (!is_met).then_some(step))
            .collect()
    }

    async fn send(&self, step: Step, now: &Settings) -> Result<(), Error> {
        match step {
            Step::Role => {
                self.ram().update_role(&self.name, &self.wanted.trust, &self.wanted.description).await
            }
            Step::Policy => self.send_policy(now).await,
            Step::Attachments => self.send_attachments(now).await,
        }
    }

    fn reach(&self, step: Step, now: &mut Settings) {
        match step {
            Step::Role => {
                now.trust.clone_from(&self.wanted.trust);
                now.description.clone_from(&self.wanted.description);
            }
            Step::Policy => now.policy.clone_from(&self.wanted.policy),
            Step::Attachments => now.attached.clone_from(&self.wanted.attached),
        }
    }

    fn passes(&self, phase: Phase, step: Option<Step>, error: &Error) -> bool {
        match step {
            // A policy that was just made is not known to all at once.
            Some(Step::Attachments) => error.is_not_found(),
            // Asked again, the service says that it exists.
            Some(Step::Policy) => error.may_have_been_applied() && !error.is_cancelled(),
            Some(Step::Role) => false,
            None => phase == Phase::Delete && is_attached(error),
        }
    }

    /// What a list does not show yet may be there, so nothing is taken for gone because it is not seen.
    async fn delete(&self) -> Result<Deletion, Error> {
        let (ram, name) = (self.ram(), &self.name);
        let document = unless_missing(ram.get_policy_document(name).await)?;
        let is_own = document.is_none_or(|document| Grants::read(&document).is_some());
        let mut policies = unless_missing(ram.list_policies_for_role(name).await)?.unwrap_or_default();
        policies.push(self.own_policy());
        for policy in &policies {
            unless_missing(ram.detach_policy_from_role(name, policy).await)?;
        }
        unless_missing(ram.delete_role(name).await)?;
        if is_own {
            // Attached to others by somebody else, it stays with them.
            match ram.delete_policy(name).await {
                Err(error) if error.is_not_found() => {}
                Err(error) if is_attached(&error) => return Ok(Deletion::DoneInPart),
                other => other?,
            }
        }
        Ok(Deletion::Done)
    }
}
