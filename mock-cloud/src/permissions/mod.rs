//! Whether an identity may do what it asks for: the policies of users and roles, what a session was narrowed to, control
//! policies of the resource directory, and what the bucket or project says itself. Runs after authentication and before
//! the service.

mod asks;
pub(crate) mod resources;

use serde_json::json;

use self::asks::asks;
use self::resources::Who;
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

/// Refuses a call that the caller may not make, in the service's own words. Tells whether a caller of another account, or
/// one without a name, is let in by the bucket or project itself; strangers that are not are left to the service.
pub(crate) fn check(world: &World, service: Service, call: &Call) -> Result<bool, Error> {
    let asks = asks(world, service, call);
    let place = resources::place(world, service, call);
    let key = world.access_keys.get(&call.caller.access_key);
    let who = key.map_or_else(Who::anybody, |key| Who::of(world, key));
    let mut let_in =
        place.as_ref().is_some_and(|place| place.owner != call.caller.account) && !asks.is_empty();
    for ask in asks {
        let said =
            place.as_ref().map_or(Verdict::Silent, |place| place.says(&who, &call.caller.account, &ask));
        let_in &= said == Verdict::Allowed;
        // The account itself is above the policies of what it owns (assumed): somebody must be able to change them.
        let root = key.is_none_or(|key| key.principal == Principal::Root);
        let owner = place.as_ref().is_some_and(|place| place.owner == call.caller.account);
        if said == Verdict::Denied && !(root && owner) {
            return Err(refusal_by_place(service));
        }
        let denied = key.and_then(|key| denial(world, key, ask).map(|denial| (key, denial)));
        if let Some((key, denial)) = denied
            && !(said == Verdict::Allowed && denial.policy == IDENTITY && !denial.explicit)
        {
            return Err(refusal(world, service, call, key, &denial));
        }
    }
    Ok(let_in)
}

/// Whether the policies of a caller also allow what its call brings about elsewhere.
pub(crate) fn allows(world: &World, call: &Call, ask: Ask) -> bool {
    let key = world.access_keys.get(&call.caller.access_key);
    key.is_none_or(|key| denial(world, key, ask).is_none())
}

/// The policies of a user or role, in the words of `AccessDeniedDetail`.
const IDENTITY: &str = "AccountLevelIdentityBasedPolicy";

fn refusal_by_place(service: Service) -> Error {
    if service == Service::Sls {
        return Error::new(401, "Unauthorized", "Access denied by project policy.");
    }
    Error::new(403, "AccessDenied", "You have no right to access this object because of bucket acl.")
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
    // An identity that is written down nowhere is a key made by hand: nothing says what it may not do.
    let documents = match &key.principal {
        Principal::Root => return None,
        Principal::User { name } => ram::documents(world, &key.account, &state?.users.get(name)?.policies),
        Principal::Role { role, .. } => ram::role_documents(world, &key.account, state?.roles.get(role)?),
    };
    refused(judge_all(&documents), IDENTITY).or_else(|| {
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
