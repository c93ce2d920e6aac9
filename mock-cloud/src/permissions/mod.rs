//! Whether an identity may do what it asks for: the policies of users and roles, what a session was narrowed to, and
//! control policies of the resource directory. Runs after authentication and before the service. What a bucket's or
//! project's own policy says about strangers is the service's business.

mod asks;

use serde_json::json;

use self::asks::asks;
use crate::edge::route::Service;
use crate::http::Call;
use crate::ram::evaluate::{Ask, Verdict, judge};
use crate::rpc::Error;
use crate::switches::Switch;
use crate::world::{AccessKey, Principal, World};
use crate::{ram, resource_manager};

/// The code with which RPC services refuse.
pub(crate) const DENIAL_CODE: Switch = Switch {
    name: "denial_code",
    values: &["NoPermission", "Forbidden.RAM"],
    doc: "Error code with which ActionTrail, RAM, STS and ResourceManager refuse what no policy allows.",
    source: "ActionTrail's error list names NoPermission; the gateway's list has Forbidden.RAM for every product.",
};

/// What refused an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Denial {
    ask: Ask,
    /// The kind of policy, in the words of `AccessDeniedDetail`.
    policy: &'static str,
    explicit: bool,
}

/// Refuses a call that the caller may not make, in the service's own words.
pub(crate) fn check(world: &World, service: Service, call: &Call) -> Result<(), Error> {
    let Some(key) = world.access_keys.get(&call.caller.access_key) else { return Ok(()) };
    let denied = asks(world, service, call).into_iter().find_map(|ask| denial(world, key, ask));
    denied.map_or(Ok(()), |denial| Err(refusal(world, service, call, key, &denial)))
}

fn denial(world: &World, key: &AccessKey, ask: Ask) -> Option<Denial> {
    let judge_all = |documents: &[String]| judge(documents.iter().map(String::as_str), &ask);
    let refused = |verdict: Verdict, policy: &'static str| {
        (verdict != Verdict::Allowed).then(|| Denial {
            ask: ask.clone(),
            policy,
            explicit: verdict == Verdict::Denied,
        })
    };
    // Every level of the directory must let an operation through.
    let levels = resource_manager::levels(world, &key.account);
    let by_directory = levels.iter().find_map(|level| refused(judge_all(level), "ControlPolicy"));
    if by_directory.is_some() {
        return by_directory;
    }
    let state = world.accounts.get(&key.account).map(|account| &account.ram);
    let names = match &key.principal {
        Principal::Root => return None,
        Principal::User { name } => state.and_then(|state| state.users.get(name)).map(|user| &user.policies),
        Principal::Role { role, .. } => {
            state.and_then(|state| state.roles.get(role)).map(|role| &role.policies)
        }
    };
    // An identity that is written down nowhere is a key made by hand: nothing says what it may not do.
    let documents = ram::documents(world, &key.account, names?);
    refused(judge_all(&documents), "AccountLevelIdentityBasedPolicy").or_else(|| {
        let session = key.policy.as_deref()?;
        refused(judge([session], &ask), "SessionPolicy")
    })
}

fn refusal(world: &World, service: Service, call: &Call, key: &AccessKey, denial: &Denial) -> Error {
    let Ask { action, resource } = &denial.ask;
    match service {
        Service::Oss => {
            Error::new(403, "AccessDenied", "You have no right to access this object because of bucket acl.")
        }
        Service::Sls => {
            let message = format!("denied by sts or ram, action: {action}, resource: {resource}");
            Error::new(401, "Unauthorized", message)
        }
        _ => {
            let (kind, name) = match &key.principal {
                Principal::Root => ("RootUser", key.account.clone()),
                Principal::User { name } => ("SubUser", name.clone()),
                Principal::Role { role, session } => ("AssumedRoleUser", format!("{role}:{session}")),
            };
            let mut error = Error::new(
                403,
                world.switches.get(&DENIAL_CODE),
                "You are not authorized to perform this operation.",
            );
            error.denial = Some(Box::new(json!({
                "AuthAction": action,
                "AuthPrincipalType": kind,
                "AuthPrincipalOwnerId": key.account,
                "AuthPrincipalDisplayName": name,
                "NoPermissionType": if denial.explicit { "ExplicitDeny" } else { "ImplicitDeny" },
                "PolicyType": denial.policy,
                "EncodedDiagnosticMessage": format!("mock-{}", call.request_id),
            })));
            error
        }
    }
}

#[cfg(test)]
mod tests;
