//! Delegated administrators and trusted services.

use serde_json::{Value, json};

use super::{accounts, directory_mut, page, required};
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::world::World;

/// The trusted services of the mock and how many delegated administrators each may have (vendor documentation, "Trusted
/// services": 5 for ActionTrail; assumed for the others).
const SERVICES: &[&str] =
    &["actiontrail.aliyuncs.com", "config.aliyuncs.com", "log.aliyuncs.com", "audit.log.aliyuncs.com"];
const ADMINISTRATORS: usize = 5;
/// The service whose administrators may create organization trails.
const ACTIONTRAIL: &str = "actiontrail.aliyuncs.com";

fn service(call: &Call) -> Result<&str, Error> {
    let name = required(call, "ServicePrincipal")?;
    if SERVICES.contains(&name) {
        return Ok(name);
    }
    let message = format!("{name} is not a trusted service.");
    Err(Error::new(409, "InvalidParameter.ServicePrincipal", message))
}

pub(super) fn register(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let account = accounts::account_id(call)?;
    let service = service(call)?;
    let directory = directory_mut(world, rd);
    accounts::check(directory, account)?;
    let conflict = |code: &str, message: &str| Err(Error::new(409, code, message));
    if account == directory.master {
        let message = "The management account needs no delegation.";
        return conflict("CannotRegisterMasterAsDelegatedAdministrator", message);
    }
    let administrators = directory.delegated.entry(service.to_owned()).or_default();
    if administrators.contains_key(account) {
        return conflict("AccountAlreadyRegistered", "The account is a delegated administrator already.");
    }
    if administrators.len() >= ADMINISTRATORS {
        let message = "The service has as many delegated administrators as it may have.";
        return conflict("DelegatedAccountNumberExceeded", message);
    }
    administrators.insert(account.to_owned(), call.now.unix_timestamp() * 1000);
    set_admin(world, account, service, true);
    Ok(json!({}))
}

pub(super) fn deregister(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let account = accounts::account_id(call)?;
    let service = service(call)?;
    let directory = directory_mut(world, rd);
    accounts::check(directory, account)?;
    let known = directory.delegated.get_mut(service).and_then(|known| known.remove(account));
    if known.is_none() {
        let message = "The account is no delegated administrator of the service.";
        return Err(Error::new(409, "AccountNotRegistered", message));
    }
    set_admin(world, account, service, false);
    Ok(json!({}))
}

fn set_admin(world: &mut World, account: &str, service: &str, admin: bool) {
    if service == ACTIONTRAIL
        && let Some(account) = world.accounts.get_mut(account)
    {
        account.organization_admin = admin;
    }
}

pub(super) fn administrators(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let wanted = rpc::text(call, "ServicePrincipal").map(|_| service(call)).transpose()?;
    let directory = directory_mut(world, rd).clone();
    let mut all: Vec<Value> = Vec::new();
    for (service, administrators) in &directory.delegated {
        if wanted.is_some_and(|wanted| wanted != service) {
            continue;
        }
        for (account, since) in administrators {
            let element = accounts::describe(world, &directory, rd, account);
            all.push(json!({
                "AccountId": account,
                "DisplayName": element["DisplayName"],
                "JoinMethod": element["JoinMethod"],
                "ServicePrincipal": service,
                "DelegationEnabledTime": since.to_string(),
            }));
        }
    }
    page(call, all, |items| json!({ "Accounts": { "Account": items } }))
}

pub(super) fn services(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let account = accounts::account_id(call)?;
    let directory = directory_mut(world, rd);
    accounts::check(directory, account)?;
    let all = directory.delegated.iter().filter_map(|(service, administrators)| {
        administrators.get(account).map(|since| {
            json!({
                "ServicePrincipal": service,
                "Status": "ENABLED",
                "DelegationEnabledTime": since.to_string(),
            })
        })
    });
    let all: Vec<Value> = all.collect();
    Ok(json!({ "DelegatedServices": { "DelegatedService": all } }))
}

/// The services that were given a delegated administrator, and ActionTrail, which is enabled with the directory (assumed).
pub(super) fn trusted(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let directory = directory_mut(world, rd);
    let enabled = |service: &&&str| **service == ACTIONTRAIL || directory.delegated.contains_key(**service);
    let since = directory.create_time.map(rpc::timestamp).unwrap_or_default();
    let all = SERVICES.iter().filter(enabled);
    let all = all.map(|service| json!({ "ServicePrincipal": service, "EnableTime": since })).collect();
    page(call, all, |items| json!({ "EnabledServicePrincipals": { "EnabledServicePrincipal": items } }))
}
