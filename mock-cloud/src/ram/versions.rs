//! The versions that a policy of the account has had: at most five, one of which holds (RAM API reference,
//! CreatePolicyVersion).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::policies::{Kind, missing, policy_document, policy_name, state};
use super::{Policy, system};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::QUOTAS;

/// How many versions a policy can have.
const MOST: usize = 5;

/// A version that does not hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Its number.
    pub number: u32,
    /// What it says, as the text that was given.
    pub document: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub create_date: OffsetDateTime,
}

pub(super) fn first() -> u32 {
    1
}

fn find<'w>(cloud: &'w mut CloudState, call: &Call) -> Result<&'w mut Policy, Error> {
    let name = policy_name(call)?;
    state(cloud, call).policies.get_mut(name).ok_or_else(|| missing(name))
}

fn unknown() -> Error {
    Error::new(404, "EntityNotExist.Policy.Version", "The policy version does not exist.")
}

fn number(call: &Call) -> Result<u32, Error> {
    let digits = rpc::required(call, "VersionId")?.strip_prefix('v');
    let bad = || Error::new(400, "InvalidParameter.VersionId.Format", "VersionId is a v with a number.");
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(bad)
}

/// The policy that a call reads, with its versions: one of the account or, with a single version, one of the vendor.
fn read(cloud: &mut CloudState, call: &Call) -> Result<Policy, Error> {
    // Assumed: a type that is left out is the account's own.
    if rpc::text(call, "PolicyType").is_none() || Kind::read(call)? == Kind::Custom {
        return find(cloud, call).cloned();
    }
    let name = policy_name(call)?;
    let document = system::document(name).ok_or_else(|| missing(name))?;
    Ok(Policy::new(document, "", system::CREATED))
}

fn describe(version: &Version, holds: bool) -> Value {
    json!({
        "VersionId": format!("v{}", version.number),
        "IsDefaultVersion": holds,
        "PolicyDocument": version.document,
        "CreateDate": rpc::timestamp(version.create_date),
    })
}

/// The version of a policy that holds.
fn current(policy: &Policy) -> Version {
    Version {
        number: policy.version,
        document: policy.document.clone(),
        create_date: policy.update_date.unwrap_or(policy.create_date),
    }
}

/// Makes a version the one that holds.
fn establish(policy: &mut Policy, version: Version) {
    let before = current(policy);
    policy.older.push(before);
    policy.older.sort_by_key(|older| older.number);
    (policy.version, policy.document) = (version.number, version.document);
    policy.update_date = Some(version.create_date);
}

pub(super) fn create(cloud: &mut CloudState, call: &Call) -> Outcome {
    let document = policy_document(call)?;
    let default = rpc::text(call, "SetAsDefault").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let rotates = match rpc::text(call, "RotateStrategy") {
        None | Some("None") => false,
        Some("DeleteOldestNonDefaultVersionWhenLimitExceeded") => true,
        Some(_) => {
            return Err(Error::new(400, "InvalidParameter.RotateStrategy", "RotateStrategy is not valid."));
        }
    };
    let limited = cloud.switches.is(&QUOTAS, "on");
    let policy = find(cloud, call)?;
    if limited && policy.older.len() + 1 >= MOST {
        if !rotates {
            let message = format!("A policy has at most {MOST} versions.");
            return Err(Error::new(409, "LimitExceeded.Policy.Version", message));
        }
        policy.older.remove(0);
    }
    let newest = policy.older.iter().map(|older| older.number).max().unwrap_or(0).max(policy.version);
    let version = Version { number: newest + 1, document: document.to_owned(), create_date: call.now };
    let answer = json!({ "PolicyVersion": describe(&version, default) });
    if default {
        establish(policy, version);
    } else {
        policy.older.push(version);
    }
    Ok(answer)
}

pub(super) fn list(cloud: &mut CloudState, call: &Call) -> Outcome {
    let policy = read(cloud, call)?;
    let others = policy.older.iter().map(|version| describe(version, false));
    let mut all: Vec<Value> = others.chain([describe(&current(&policy), true)]).collect();
    all.sort_by(|one, other| one["VersionId"].as_str().cmp(&other["VersionId"].as_str()));
    for version in &mut all {
        // As the service: the list is without documents.
        if let Some(map) = version.as_object_mut() {
            map.remove("PolicyDocument");
        }
    }
    Ok(json!({ "PolicyVersions": { "PolicyVersion": all } }))
}

pub(super) fn get(cloud: &mut CloudState, call: &Call) -> Outcome {
    let wanted = number(call)?;
    let policy = read(cloud, call)?;
    let version = if policy.version == wanted {
        describe(&current(&policy), true)
    } else {
        let older = policy.older.iter().find(|version| version.number == wanted);
        describe(older.ok_or_else(unknown)?, false)
    };
    Ok(json!({ "PolicyVersion": version }))
}

pub(super) fn set_default(cloud: &mut CloudState, call: &Call) -> Outcome {
    let wanted = number(call)?;
    let policy = find(cloud, call)?;
    if policy.version != wanted {
        let at = policy.older.iter().position(|version| version.number == wanted).ok_or_else(unknown)?;
        let version = policy.older.remove(at);
        establish(policy, version);
    }
    Ok(json!({}))
}

pub(super) fn delete(cloud: &mut CloudState, call: &Call) -> Outcome {
    let wanted = number(call)?;
    let policy = find(cloud, call)?;
    if policy.version == wanted {
        let message = "The version that holds cannot be deleted.";
        return Err(Error::new(409, "DeleteConflict.Policy.Version.Default", message));
    }
    let at = policy.older.iter().position(|version| version.number == wanted).ok_or_else(unknown)?;
    policy.older.remove(at);
    Ok(json!({}))
}
