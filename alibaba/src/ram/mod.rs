//! RAM: the roles of an account, its own policies, and which role has which (RAM API reference, version 2015-05-01).
//!
//! The service spreads changes slowly: a role or attachment that was just made may be unknown to other services for
//! seconds. Names of roles compare without case.

pub(crate) mod errors;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::core::answer::{Answer, Unexpected, listed, named};
use crate::core::lenient;
use crate::core::request::Idempotency;
use crate::core::rpc::{Action, Api, Verb};
use crate::core::session::Session;
use crate::endpoint::Service;
use crate::error::Error;
use crate::sign::Pairs;

const API: Api = Api { service: Service::Ram, version: "2015-05-01" };

const fn action(name: &'static str, idempotency: Idempotency) -> Action {
    Action { name, method: Verb::Post, idempotency, per_second: Some(20) }
}

const CREATE_ROLE: Action = action("CreateRole", Idempotency::Once);
const GET_ROLE: Action = action("GetRole", Idempotency::Read);
const UPDATE_ROLE: Action = action("UpdateRole", Idempotency::Repeatable);
const DELETE_ROLE: Action = action("DeleteRole", Idempotency::Repeatable);
const CREATE_POLICY: Action = action("CreatePolicy", Idempotency::Once);
const GET_POLICY: Action = action("GetPolicy", Idempotency::Read);
// A version more does no harm: the oldest ones are rotated out.
const CREATE_POLICY_VERSION: Action = action("CreatePolicyVersion", Idempotency::Repeatable);
const DELETE_POLICY: Action = action("DeletePolicy", Idempotency::Repeatable);
const ATTACH: Action = action("AttachPolicyToRole", Idempotency::Repeatable);
const DETACH: Action = action("DetachPolicyFromRole", Idempotency::Repeatable);
const LIST_POLICIES_FOR_ROLE: Action = action("ListPoliciesForRole", Idempotency::Read);

/// RAM of one account.
#[derive(Debug, Clone)]
pub struct Ram {
    session: Session,
}

/// A role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Role {
    /// Name, in the spelling of its creation.
    #[serde(deserialize_with = "lenient::text")]
    pub role_name: String,
    /// Numeric id.
    #[serde(deserialize_with = "lenient::text")]
    pub role_id: String,
    /// `acs:ram::<account>:role/<name>`, in lower case.
    #[serde(deserialize_with = "lenient::text")]
    pub arn: String,
    /// What it is for.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub description: Option<String>,
    /// Who may assume it: a policy document.
    #[serde(deserialize_with = "lenient::text")]
    pub assume_role_policy_document: String,
    /// When it was made, as `YYYY-MM-DDThh:mm:ssZ`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub create_date: Option<String>,
}

/// A policy that a role has.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AttachedPolicy {
    /// `System` for policies of the vendor, `Custom` for those of the account.
    #[serde(deserialize_with = "lenient::text")]
    pub policy_type: String,
    /// Name.
    #[serde(deserialize_with = "lenient::text")]
    pub policy_name: String,
}

impl AttachedPolicy {
    /// A policy of the account.
    pub fn custom(name: &str) -> Self {
        Self { policy_type: "Custom".to_owned(), policy_name: name.to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleAnswer {
    pub(crate) role: Role,
}

impl Answer for RoleAnswer {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names_role("Role.RoleName", &self.role.role_name, asked)?;
        named("Role.Arn", &self.role.arn)?;
        named("Role.AssumeRolePolicyDocument", &self.role.assume_role_policy_document)
    }
}

/// Names of roles and policies compare without case. A new service-linked role is named by the service.
fn names_role(member: &'static str, found: &str, asked: &str) -> Result<(), Unexpected> {
    named(member, found)?;
    let same = asked.is_empty() || found.eq_ignore_ascii_case(asked);
    if same { Ok(()) } else { Err(Unexpected::Another(member)) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyAnswer {
    policy: Policy,
    default_policy_version: PolicyVersion,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    policy_name: String,
}

impl Answer for PolicyAnswer {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names_role("Policy.PolicyName", &self.policy.policy_name, asked)?;
        named("DefaultPolicyVersion.PolicyDocument", &self.default_policy_version.policy_document)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyVersion {
    policy_document: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PoliciesAnswer {
    policies: Policies,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policies {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    policy: Option<Vec<AttachedPolicy>>,
}

impl Answer for PoliciesAnswer {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        listed("Policies.Policy", self.policies.policy.as_ref(), "PolicyName", |policy| &policy.policy_name)
    }
}

impl Ram {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }

    /// Makes a role that `trust`, a policy document, lets somebody assume. [`Error::LostAnswer`] means that it may be
    /// there.
    pub async fn create_role(&self, name: &str, trust: &str, description: &str) -> Result<Role, Error> {
        let parameters =
            pairs([("RoleName", name), ("AssumeRolePolicyDocument", trust), ("Description", description)]);
        self.write(CREATE_ROLE, &format!("role/{name}"), parameters, name)
            .await
            .map(|RoleAnswer { role }| role)
    }

    /// A role.
    pub async fn get_role(&self, name: &str) -> Result<Role, Error> {
        self.call(GET_ROLE, pairs([("RoleName", name)]), name).await.map(|RoleAnswer { role }| role)
    }

    /// Sets who may assume a role, and its description.
    pub async fn update_role(&self, name: &str, trust: &str, description: &str) -> Result<(), Error> {
        let parameters = pairs([
            ("RoleName", name),
            ("NewAssumeRolePolicyDocument", trust),
            ("NewDescription", description),
        ]);
        self.change(UPDATE_ROLE, &format!("role/{name}"), parameters).await
    }

    /// Deletes a role, from which every policy has to be detached.
    pub async fn delete_role(&self, name: &str) -> Result<(), Error> {
        self.change(DELETE_ROLE, &format!("role/{name}"), pairs([("RoleName", name)])).await
    }

    /// The policies that a role has.
    pub async fn list_policies_for_role(&self, role: &str) -> Result<Vec<AttachedPolicy>, Error> {
        let answer: PoliciesAnswer =
            self.call(LIST_POLICIES_FOR_ROLE, pairs([("RoleName", role)]), role).await?;
        Ok(answer.policies.policy.unwrap_or_default())
    }

    /// Gives a role a policy.
    pub async fn attach_policy_to_role(&self, role: &str, policy: &AttachedPolicy) -> Result<(), Error> {
        self.change(ATTACH, &format!("role/{role}"), attachment(role, policy)).await
    }

    /// Takes a policy from a role.
    pub async fn detach_policy_from_role(&self, role: &str, policy: &AttachedPolicy) -> Result<(), Error> {
        self.change(DETACH, &format!("role/{role}"), attachment(role, policy)).await
    }

    /// Makes a policy of the account. [`Error::LostAnswer`] means that it may be there.
    pub async fn create_policy(&self, name: &str, document: &str, description: &str) -> Result<(), Error> {
        let parameters =
            pairs([("PolicyName", name), ("PolicyDocument", document), ("Description", description)]);
        self.change(CREATE_POLICY, &format!("policy/{name}"), parameters).await
    }

    /// The document that holds of a policy of the account.
    pub async fn get_policy_document(&self, name: &str) -> Result<String, Error> {
        let parameters = pairs([("PolicyName", name), ("PolicyType", "Custom")]);
        let answer: PolicyAnswer = self.call(GET_POLICY, parameters, name).await?;
        Ok(answer.default_policy_version.policy_document)
    }

    /// Gives a policy of the account another document. A policy keeps five versions; the oldest makes room.
    pub async fn set_policy_document(&self, name: &str, document: &str) -> Result<(), Error> {
        let parameters = pairs([
            ("PolicyName", name),
            ("PolicyDocument", document),
            ("SetAsDefault", "true"),
            ("RotateStrategy", "DeleteOldestNonDefaultVersionWhenLimitExceeded"),
        ]);
        self.change(CREATE_POLICY_VERSION, &format!("policy/{name}"), parameters).await
    }

    /// Deletes a policy of the account with all its versions. It must be attached to nobody.
    pub async fn delete_policy(&self, name: &str) -> Result<(), Error> {
        let parameters = pairs([("PolicyName", name), ("CascadingDelete", "true")]);
        self.change(DELETE_POLICY, &format!("policy/{name}"), parameters).await
    }

    async fn call<T: Answer>(&self, action: Action, parameters: Pairs, asked: &str) -> Result<T, Error> {
        let answer = API.call(&self.session, None, action, parameters).await?;
        self.session.read_json(answer, asked).await
    }

    async fn change(&self, action: Action, object: &str, parameters: Pairs) -> Result<(), Error> {
        self.write::<IgnoredAny>(action, object, parameters, object).await.map(drop)
    }

    async fn write<T: Answer>(
        &self,
        action: Action,
        object: &str,
        parameters: Pairs,
        asked: &str,
    ) -> Result<T, Error> {
        let _lock = self.session.write_lock(API.service, action.name, object.to_ascii_lowercase()).await?;
        self.call(action, parameters, asked).await
    }
}

fn pairs<const N: usize>(parameters: [(&str, &str); N]) -> Pairs {
    parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn attachment(role: &str, policy: &AttachedPolicy) -> Pairs {
    pairs([
        ("RoleName", role),
        ("PolicyType", policy.policy_type.as_str()),
        ("PolicyName", policy.policy_name.as_str()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let RoleAnswer { role } = serde_json::from_str(
            r#"{"RequestId":"R","Role":{"RoleId":301234567890123456,"RoleName":"Audit","Arn":"acs:ram::1:role/audit",
                "Description":"","AssumeRolePolicyDocument":"{}","MaxSessionDuration":3600,"CreateDate":"2026-01-02T03:04:05Z"}}"#,
        )
        .unwrap();
        assert_eq!((role.role_id.as_str(), role.description), ("301234567890123456", None));
        let answer: PoliciesAnswer = serde_json::from_str(
            r#"{"Policies":{"Policy":[{"PolicyName":"p","PolicyType":"Custom","DefaultVersion":"v1"}]}}"#,
        )
        .unwrap();
        answer.check("Audit").unwrap();
        assert_eq!(answer.policies.policy.unwrap(), [AttachedPolicy::custom("p")]);
        let none: PoliciesAnswer = serde_json::from_str(r#"{"Policies":{}}"#).unwrap();
        assert_eq!(none.check(""), Err(Unexpected::Missing("Policies.Policy")));
    }
}
