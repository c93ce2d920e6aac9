//! Delegated administrators and trusted services.

use serde_json::{Value, json};

use super::{accounts, directory_mut, page, required};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::Switch;

/// Which services are trusted.
pub(super) const TRUSTED_SERVICES: Switch = Switch {
    name: "trusted_services",
    values: &["any", "known"],
    doc: "Delegated administrators can be registered for any principal of the form NAME.aliyuncs.com (any), or for those \
          of the trusted services that the mock knows by name (known).",
    source: "The vendor's page lists about forty services; public modules register administrators for half of them.",
};

/// Trusted services that are known by name: those for which acceptance tests and modules of the vendor, or public modules,
/// register delegated administrators.
const SERVICES: &[&str] = &[
    "actiontrail.aliyuncs.com",
    "audit.log.aliyuncs.com",
    "bastionhost.aliyuncs.com",
    "cloudfw.aliyuncs.com",
    "cloudmonitor.aliyuncs.com",
    "cloudsso.aliyuncs.com",
    "config.aliyuncs.com",
    "ddosbgp.aliyuncs.com",
    "energy.aliyuncs.com",
    "log.aliyuncs.com",
    "prometheus.aliyuncs.com",
    "resourcecenter.aliyuncs.com",
    "resourcesharing.aliyuncs.com",
    "ros.aliyuncs.com",
    "sas.aliyuncs.com",
    "sddp.aliyuncs.com",
    "servicecatalog.aliyuncs.com",
    "tag.aliyuncs.com",
    "waf.aliyuncs.com",
];
/// Delegated administrators that a service may have (vendor documentation, "Trusted services": 5 for ActionTrail; assumed
/// for the others).
const ADMINISTRATORS: usize = 5;
/// The service whose administrators may create organization trails.
const ACTIONTRAIL: &str = "actiontrail.aliyuncs.com";

fn service<'c>(cloud: &CloudState, call: &'c Call) -> Result<&'c str, Error> {
    let name = required(call, "ServicePrincipal")?;
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let formed = name
        .strip_suffix(".aliyuncs.com")
        .is_some_and(|label| label.bytes().all(letter) && label.split('.').all(|part| !part.is_empty()));
    if SERVICES.contains(&name) || (formed && cloud.switches.is(&TRUSTED_SERVICES, "any")) {
        return Ok(name);
    }
    let message = format!("{name} is not a trusted service.");
    Err(Error::new(409, "InvalidParameter.ServicePrincipal", message))
}

pub(super) fn register(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let account = accounts::account_id(call)?;
    let service = service(cloud, call)?;
    let directory = directory_mut(cloud, rd);
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
    set_admin(cloud, account, service, true);
    Ok(json!({}))
}

pub(super) fn deregister(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let account = accounts::account_id(call)?;
    let service = service(cloud, call)?;
    let directory = directory_mut(cloud, rd);
    accounts::check(directory, account)?;
    let known = directory.delegated.get_mut(service).and_then(|known| known.remove(account));
    if known.is_none() {
        let message = "The account is no delegated administrator of the service.";
        return Err(Error::new(409, "AccountNotRegistered", message));
    }
    set_admin(cloud, account, service, false);
    Ok(json!({}))
}

fn set_admin(cloud: &mut CloudState, account: &str, service: &str, admin: bool) {
    if service == ACTIONTRAIL
        && let Some(account) = cloud.accounts.get_mut(account)
    {
        account.organization_admin = admin;
    }
}

pub(super) fn administrators(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let wanted = rpc::text(call, "ServicePrincipal").map(|_| service(cloud, call)).transpose()?;
    let directory = directory_mut(cloud, rd).clone();
    let mut all: Vec<Value> = Vec::new();
    for (service, administrators) in &directory.delegated {
        if wanted.is_some_and(|wanted| wanted != service) {
            continue;
        }
        for (account, since) in administrators {
            let element = accounts::describe(cloud, &directory, rd, account);
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

pub(super) fn services(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let account = accounts::account_id(call)?;
    let directory = directory_mut(cloud, rd);
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
pub(super) fn trusted(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let directory = directory_mut(cloud, rd);
    let since = directory.create_time.map(rpc::timestamp).unwrap_or_default();
    let delegated = directory.delegated.keys().map(String::as_str).filter(|service| *service != ACTIONTRAIL);
    let all = std::iter::once(ACTIONTRAIL).chain(delegated);
    let all = all.map(|service| json!({ "ServicePrincipal": service, "EnableTime": since })).collect();
    page(call, all, |items| json!({ "EnabledServicePrincipals": { "EnabledServicePrincipal": items } }))
}
