//! STS (API version 2015-04-01): who the caller is, and temporary keys for roles.

mod oidc;

use rand::Rng;
use rand::distr::Alphanumeric;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::cloud::{AccessKey, CloudState, Principal, Secret};
use crate::http::{Call, Reply};
use crate::ram::{self, trust};
use crate::rpc::{self, Error, Outcome};

/// The actions it has; none else is let through to the code behind them.
pub(crate) const ACTIONS: &[&str] = &["GetCallerIdentity", "AssumeRole", UNSIGNED];

/// Answers an STS call.
pub fn handle(cloud: &mut CloudState, call: &Call) -> Reply {
    let outcome = match call.action.as_str() {
        action if !ACTIONS.contains(&action) => Err(rpc::unknown_action()),
        "GetCallerIdentity" => caller_identity(cloud, call),
        "AssumeRole" => assume_role(cloud, call, OffsetDateTime::now_utc()),
        UNSIGNED => oidc::assume(cloud, call, OffsetDateTime::now_utc()),
        _ => Err(rpc::unknown_action()),
    };
    rpc::reply(call, outcome)
}

/// The one action that needs no signature.
pub(crate) const UNSIGNED: &str = "AssumeRoleWithOIDC";

fn caller_identity(cloud: &mut CloudState, call: &Call) -> Outcome {
    let account = &call.caller.account;
    let key = cloud.access_keys.get(&call.caller.access_key).ok_or_else(gone)?;
    let roles = |name: &str| cloud.accounts.get(account).and_then(|account| account.ram.roles.get(name));
    let users = |name: &str| cloud.accounts.get(account).and_then(|account| account.ram.users.get(name));
    let mut answer = match &key.principal {
        Principal::Root => json!({ "IdentityType": "Account", "PrincipalId": account, "UserId": account }),
        Principal::User { name } => {
            let id = users(name).map_or_else(|| ram::numeric_id(account, name), |user| user.user_id.clone());
            json!({ "IdentityType": "RAMUser", "PrincipalId": id, "UserId": id })
        }
        Principal::Role { role, session } => {
            let id = roles(role).map_or_else(|| ram::numeric_id(account, role), |role| role.role_id.clone());
            let principal = format!("{id}:{session}");
            json!({ "IdentityType": "AssumedRoleUser", "PrincipalId": principal, "RoleId": id })
        }
    };
    answer["AccountId"] = json!(account);
    answer["Arn"] = json!(call.caller.arn);
    Ok(answer)
}

/// The key signed this very request, but is gone by now.
fn gone() -> Error {
    Error::new(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
}

/// Temporary keys lapse by the wall clock, which `wall` is.
fn assume_role(cloud: &mut CloudState, call: &Call, wall: OffsetDateTime) -> Outcome {
    let arn = rpc::required(call, "RoleArn")?;
    let session = rpc::required(call, "RoleSessionName")?;
    check_parameters(call, arn, session)?;
    let key = cloud.access_keys.get(&call.caller.access_key).ok_or_else(gone)?;
    if key.principal == Principal::Root {
        return Err(Error::new(403, "NoPermission", "Roles may not be assumed by root accounts."));
    }
    let ram::Named { account, name, role } = ram::role_by_arn(cloud, arn).ok_or_else(|| {
        Error::new(404, "EntityNotExist.Role", format!("The specified role not exists: {arn}."))
    })?;
    let (document, external_id) = (&role.assume_role_policy_document, rpc::text(call, "ExternalId"));
    if !trust::allows_identity(document, &call.caller.account, &trusted_arn(key), external_id) {
        let message =
            "You are not authorized to do this action. The trust policy of the role does not name you.";
        return Err(Error::new(403, "NoPermission", message));
    }
    let seconds = duration(call, role.max_session_duration)?;
    let session = Session {
        account: account.to_owned(),
        role: name.to_owned(),
        role_id: role.role_id.clone(),
        arn: arn.to_owned(),
        name: session.to_owned(),
        seconds,
    };
    Ok(grant(cloud, call, session, wall))
}

/// A session that is granted.
struct Session {
    account: String,
    role: String,
    role_id: String,
    /// The role as the caller named it.
    arn: String,
    name: String,
    seconds: i64,
}

/// Makes the temporary key of a session.
fn grant(cloud: &mut CloudState, call: &Call, session: Session, wall: OffsetDateTime) -> Value {
    let Session { account, role, role_id, arn, name, seconds } = session;
    let policy = rpc::text(call, "Policy").map(str::to_owned);
    let key = temporary_key(cloud, [&account, &role, &name], seconds, policy, wall);
    let parts = [&key.id, key.secret.expose(), key.token.expose()];
    answer(call, &arn, &name, &role_id, parts, key.expires)
}

/// A key that was made for a session.
pub(crate) struct TemporaryKey {
    pub(crate) id: String,
    pub(crate) secret: Secret,
    pub(crate) token: Secret,
    pub(crate) expires: OffsetDateTime,
}

/// Makes a temporary key of a role, which holds for these seconds.
pub(crate) fn temporary_key(
    cloud: &mut CloudState,
    [account, role, session]: [&str; 3],
    seconds: i64,
    policy: Option<String>,
    wall: OffsetDateTime,
) -> TemporaryKey {
    let id = format!("STS.{}", random(24));
    let (secret, token) = (Secret::new(random(44)), Secret::new(format!("CAIS{}", random(480))));
    let expires = wall.replace_nanosecond(0).unwrap_or(wall) + Duration::seconds(seconds);
    cloud.access_keys.retain(|_, key| key.expires.is_none_or(|end| end + Duration::hours(1) > wall));
    let key = AccessKey {
        account: account.to_owned(),
        secret: secret.clone(),
        principal: Principal::Role { role: role.to_owned(), session: session.to_owned() },
        active: true,
        token: Some(token.clone()),
        policy,
        created: None,
        expires: Some(expires),
    };
    cloud.access_keys.insert(id.clone(), key);
    TemporaryKey { id, secret, token, expires }
}

fn answer(
    call: &Call,
    arn: &str,
    session: &str,
    role_id: &str,
    [id, secret, token]: [&str; 3],
    expires: OffsetDateTime,
) -> Value {
    let mut answer = json!({
        "AssumedRoleUser": { "Arn": format!("{arn}/{session}"), "AssumedRoleId": format!("{role_id}:{session}") },
        "Credentials": {
            "AccessKeyId": id,
            "AccessKeySecret": secret,
            "SecurityToken": token,
            "Expiration": rpc::timestamp(expires),
        },
    });
    if let Some(source) = rpc::text(call, "SourceIdentity") {
        answer["SourceIdentity"] = json!(source);
    }
    answer
}

/// How a trust policy names the holder of a key: sessions by their role.
fn trusted_arn(key: &AccessKey) -> String {
    match &key.principal {
        Principal::Role { role, .. } => format!("acs:ram::{}:role/{}", key.account, role.to_lowercase()),
        Principal::Root | Principal::User { .. } => key.arn(),
    }
}

fn check_parameters(call: &Call, arn: &str, session: &str) -> Result<(), Error> {
    let bad = |name: &str, message: &str| Error::new(400, format!("InvalidParameter.{name}"), message);
    let well_formed = arn.strip_prefix("acs:ram::").and_then(|rest| rest.split_once(":role/"));
    if !well_formed.is_some_and(|(account, name)| !account.is_empty() && !name.is_empty()) {
        return Err(bad("RoleArn", "The parameter RoleArn is wrongly formed."));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".@_-".contains(&byte);
    if !(2..=64).contains(&session.len()) || !session.bytes().all(allowed) {
        return Err(bad("RoleSessionName", "The parameter RoleSessionName is wrongly formed."));
    }
    if let Some(id) = rpc::text(call, "ExternalId") {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
        if !(2..=1224).contains(&id.len()) || !id.bytes().all(allowed) {
            return Err(bad("ExternalId", "The parameter ExternalId is wrongly formed."));
        }
    }
    if let Some(policy) = rpc::text(call, "Policy") {
        if policy.len() > 2048 {
            return Err(bad("PolicySize", "The parameter Policy is longer than 2048 characters."));
        }
        if !serde_json::from_str::<Value>(policy).is_ok_and(|policy| policy["Statement"].is_array()) {
            return Err(bad("PolicyGrammar", "The parameter Policy is not a policy document."));
        }
    }
    Ok(())
}

fn duration(call: &Call, longest: i64) -> Result<i64, Error> {
    let Some(text) = rpc::text(call, "DurationSeconds") else { return Ok(3600) };
    let seconds = text.parse().ok().filter(|seconds| (900..=longest).contains(seconds));
    seconds.ok_or_else(|| {
        let message = format!("The parameter DurationSeconds must be between 900 and {longest}.");
        Error::new(400, "InvalidParameter.DurationSeconds", message)
    })
}

fn random(length: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect()
}

#[cfg(test)]
mod tests;
