//! The role that a trail delivers with.

use alibaba::Client;
use futures_util::future::join_all;

use super::error::not_looked;
use crate::facts::{Fact, Role, RolePolicy};

pub(super) async fn role(client: &Client, name: &str) -> Fact<Role> {
    let ram = client.ram();
    let (role, policies) = tokio::join!(ram.get_role(name), ram.list_policies_for_role(name));
    let role = match role {
        Ok(role) => role,
        Err(error) if error.is_not_found() => return Fact::Absent,
        Err(error) => return not_looked(&error, "ram:GetRole"),
    };
    let policies = match policies {
        Ok(policies) => policies,
        Err(error) => return not_looked(&error, "ram:ListPoliciesForRole"),
    };
    let documents = join_all(policies.into_iter().map(|policy| async move {
        let document = match policy.policy_type.as_str() {
            "Custom" => Some(client.ram().get_policy_document(&policy.policy_name).await?),
            _ => None,
        };
        Ok(RolePolicy { name: policy.policy_name, document })
    }))
    .await;
    match documents.into_iter().collect::<Result<Vec<_>, alibaba::Error>>() {
        Ok(policies) => Fact::Known(Role { trust: role.assume_role_policy_document, policies }),
        Err(error) => not_looked(&error, "ram:GetPolicy"),
    }
}
