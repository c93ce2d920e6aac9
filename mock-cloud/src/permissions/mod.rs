//! Whether an identity may do what it asks for: the policies of users and roles, what a session was narrowed to, control
//! policies of the resource directory, and what the bucket or project says itself. Runs after authentication and before
//! the service.

mod access_requests;
pub(crate) mod resources;

use serde_json::json;

use self::access_requests::access_requests;
use self::resources::CallerNames;
use crate::cloud::{AccessKey, CloudState, Principal};
use crate::gateway::route::Service;
use crate::http::Call;
use crate::ram::evaluate::{AccessRequest, Verdict, judge};
use crate::rpc::Error;
use crate::switches::Switch;
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
    ask: AccessRequest,
    /// The kind of policy, in the words of `AccessDeniedDetail`.
    policy: &'static str,
    explicit: bool,
}

/// Refuses a call that the caller may not make, in the service's own words. Tells whether a caller of another account, or
/// one without a name, is let in by the bucket or project itself; strangers that are not are left to the service.
pub(crate) fn check(cloud: &CloudState, service: Service, call: &Call) -> Result<bool, Error> {
    let access_requests = access_requests(cloud, service, call);
    let place = resources::place(cloud, service, call);
    let key = cloud.access_keys.get(&call.caller.access_key);
    let who = key.map_or_else(CallerNames::anybody, |key| CallerNames::of(cloud, key));
    let mut let_in =
        place.as_ref().is_some_and(|place| place.owner != call.caller.account) && !access_requests.is_empty();
    for ask in access_requests {
        let said =
            place.as_ref().map_or(Verdict::Silent, |place| place.says(&who, &call.caller.account, &ask));
        let_in &= said == Verdict::Allowed;
        // The account itself is above the policies of what it owns (assumed): somebody must be able to change them.
        let root = key.is_none_or(|key| key.principal == Principal::Root);
        let owner = place.as_ref().is_some_and(|place| place.owner == call.caller.account);
        if said == Verdict::Denied && !(root && owner) {
            return Err(refusal_by_place(service));
        }
        let denied = key.and_then(|key| denial(cloud, key, ask).map(|denial| (key, denial)));
        if let Some((key, denial)) = denied
            && !(said == Verdict::Allowed && denial.policy == IDENTITY && !denial.explicit)
        {
            return Err(refusal(cloud, service, call, key, &denial));
        }
    }
    Ok(let_in)
}

/// Whether the policies of a caller also allow what its call brings about elsewhere.
pub(crate) fn allows(cloud: &CloudState, call: &Call, ask: AccessRequest) -> bool {
    let key = cloud.access_keys.get(&call.caller.access_key);
    key.is_none_or(|key| denial(cloud, key, ask).is_none())
}

/// The policies of a user or role, in the words of `AccessDeniedDetail`.
const IDENTITY: &str = "AccountLevelIdentityBasedPolicy";

fn refusal_by_place(service: Service) -> Error {
    if service == Service::Sls {
        return Error::new(401, "Unauthorized", "Access denied by project policy.");
    }
    Error::new(403, "AccessDenied", "You have no right to access this object because of bucket acl.")
}

fn denial(cloud: &CloudState, key: &AccessKey, ask: AccessRequest) -> Option<Denial> {
    let judge_all = |documents: &[String]| judge(documents.iter().map(String::as_str), &ask);
    let refused = |verdict: Verdict, policy: &'static str| {
        (verdict != Verdict::Allowed).then(|| Denial {
            ask: ask.clone(),
            policy,
            explicit: verdict == Verdict::Denied,
        })
    };
    // Every level of the directory must let an operation through.
    let levels = resource_manager::levels(cloud, &key.account);
    let by_directory = levels.iter().find_map(|level| refused(judge_all(level), "ControlPolicy"));
    if by_directory.is_some() {
        return by_directory;
    }
    let state = cloud.accounts.get(&key.account).map(|account| &account.ram);
    // An identity that is written down nowhere is a key made by hand: nothing says what it may not do.
    let documents = match &key.principal {
        Principal::Root => return None,
        Principal::User { name } => ram::documents(cloud, &key.account, &state?.users.get(name)?.policies),
        Principal::Role { role, .. } => ram::role_documents(cloud, &key.account, state?.roles.get(role)?),
    };
    refused(judge_all(&documents), IDENTITY).or_else(|| {
        let session = key.policy.as_deref()?;
        refused(judge([session], &ask), "SessionPolicy")
    })
}

fn refusal(cloud: &CloudState, service: Service, call: &Call, key: &AccessKey, denial: &Denial) -> Error {
    let AccessRequest { action, resource } = &denial.ask;
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
                cloud.switches.get(&DENIAL_CODE),
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
