//! RAM users and their access keys (RAM API reference, version 2015-05-01): how an identity with few permissions is made
//! through the API. A new user may do nothing until a policy is attached.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{User, limited, numeric_id};
use crate::cloud::{AccessKey, CloudState, Principal, Secret};
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::QUOTAS;

/// Users that an account may have (RAM documentation, "Limits").
const USERS: usize = 1000;
/// Access keys that a user may have (RAM documentation, "Limits").
const KEYS: usize = 2;

pub(super) fn create(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = user_name(call)?.to_owned();
    let text = |name: &str| limited(call, name, 128).map(|text| text.unwrap_or_default().to_owned());
    let user = User {
        policies: Vec::new(),
        display_name: text("DisplayName")?,
        comments: text("Comments")?,
        email: formed(call, "Email", '@')?,
        mobile_phone: formed(call, "MobilePhone", '-')?,
        create_date: Some(call.now),
        ..User::new(numeric_id(&call.caller.account, &name))
    };
    let limited = cloud.switches.is(&QUOTAS, "on");
    let account = &call.caller.account;
    let users = &mut cloud.accounts.entry(account.clone()).or_default().ram.users;
    if users.contains_key(&name) {
        let message = format!("The user already exists: {name}.");
        return Err(Error::new(409, "EntityAlreadyExists.User", message));
    }
    if limited && users.len() >= USERS {
        return Err(Error::new(409, "LimitExceeded.User", "The number of users has reached its limit."));
    }
    let answer = json!({ "User": describe(&name, &user) });
    users.insert(name, user);
    Ok(answer)
}

/// A mail address, or a phone number with a country code, as far as there is something on both sides of the mark.
fn formed(call: &Call, name: &str, mark: char) -> Result<String, Error> {
    let text = rpc::text(call, name).unwrap_or_default();
    let halves = text.split_once(mark).is_some_and(|(one, other)| !one.is_empty() && !other.is_empty());
    let digits = mark == '@' || text.chars().all(|letter| letter.is_ascii_digit() || letter == mark);
    if text.is_empty() || (halves && digits) {
        return Ok(text.to_owned());
    }
    let message = format!("{name} is not of the right form.");
    Err(Error::new(400, format!("InvalidParameter.{name}.Format"), message))
}

pub(super) fn get(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = user_name(call)?;
    Ok(json!({ "User": describe(name, find(cloud, call, name)?) }))
}

pub(super) fn delete(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = user_name(call)?;
    if !find(cloud, call, name)?.policies.is_empty() {
        let message = "The user has policies attached; detach them first.";
        return Err(Error::new(409, "DeleteConflict.User.Policy", message));
    }
    if keys(cloud, call, name).next().is_some() {
        let message = "The user has access keys; delete them first.";
        return Err(Error::new(409, "DeleteConflict.User.AccessKey", message));
    }
    let account = cloud.accounts.get_mut(&call.caller.account);
    account.and_then(|account| account.ram.users.remove(name));
    Ok(json!({}))
}

pub(super) fn list(cloud: &mut CloudState, call: &Call) -> Outcome {
    let account = cloud.accounts.get(&call.caller.account);
    let users = account.into_iter().flat_map(|account| &account.ram.users);
    let all = users.map(|(name, user)| describe(name, user)).collect();
    super::page(call, all, |items| json!({ "Users": { "User": items } }))
}

/// The only answer that shows the secret.
pub(super) fn create_key(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = user_or_caller(cloud, call)?;
    find(cloud, call, &name)?;
    if cloud.switches.is(&QUOTAS, "on") && keys(cloud, call, &name).count() >= KEYS {
        let message = "The number of access keys of the user has reached its limit.";
        return Err(Error::new(409, "LimitExceeded.User.AccessKey", message));
    }
    let random = || uuid::Uuid::new_v4().simple().to_string();
    let id = format!("LTAI{}", &random()[..20]);
    let secret = random()[..30].to_owned();
    let key = AccessKey {
        account: call.caller.account.clone(),
        secret: Secret::new(secret.clone()),
        principal: Principal::User { name },
        active: true,
        token: None,
        policy: None,
        created: Some(call.now),
        expires: None,
    };
    let mut answer = describe_key(&id, &key);
    answer["AccessKeySecret"] = json!(secret);
    cloud.access_keys.insert(id, key);
    Ok(json!({ "AccessKey": answer }))
}

pub(super) fn list_keys(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = user_or_caller(cloud, call)?;
    find(cloud, call, &name)?;
    let all: Vec<Value> = keys(cloud, call, &name).map(|(id, key)| describe_key(id, key)).collect();
    Ok(json!({ "AccessKeys": { "AccessKey": all } }))
}

pub(super) fn update_key(cloud: &mut CloudState, call: &Call) -> Outcome {
    let active = match rpc::required(call, "Status")? {
        "Active" => true,
        "Inactive" => false,
        _ => {
            return Err(Error::new(400, "InvalidParameter.Status", "Status must be Active or Inactive."));
        }
    };
    let id = key_id(cloud, call)?;
    if let Some(key) = cloud.access_keys.get_mut(&id) {
        key.active = active;
    }
    Ok(json!({}))
}

pub(super) fn delete_key(cloud: &mut CloudState, call: &Call) -> Outcome {
    let id = key_id(cloud, call)?;
    cloud.access_keys.remove(&id);
    Ok(json!({}))
}

/// The keys of a user. Temporary ones are of roles and sessions.
fn keys<'w>(
    cloud: &'w CloudState,
    call: &'w Call,
    user: &'w str,
) -> impl Iterator<Item = (&'w str, &'w AccessKey)> {
    let own = move |key: &AccessKey| {
        let of_user = matches!(&key.principal, Principal::User { name } if name == user);
        key.account == call.caller.account && of_user && key.token.is_none()
    };
    cloud.access_keys.iter().filter(move |(_, key)| own(key)).map(|(id, key)| (id.as_str(), key))
}

/// The key that a call names, which must be one of the user's.
fn key_id(cloud: &CloudState, call: &Call) -> Result<String, Error> {
    let name = user_or_caller(cloud, call)?;
    find(cloud, call, &name)?;
    let wanted = rpc::required(call, "UserAccessKeyId")?;
    if keys(cloud, call, &name).any(|(id, _)| id == wanted) {
        return Ok(wanted.to_owned());
    }
    let message = format!("The access key does not exist: {wanted}.");
    Err(Error::new(404, "EntityNotExist.User.AccessKey", message))
}

/// The user that a call about keys is for: its own, when it names none.
fn user_or_caller(cloud: &CloudState, call: &Call) -> Result<String, Error> {
    if rpc::text(call, "UserName").is_some() {
        return user_name(call).map(str::to_owned);
    }
    match cloud.access_keys.get(&call.caller.access_key).map(|key| &key.principal) {
        Some(Principal::User { name }) => Ok(name.clone()),
        _ => Err(Error::missing("UserName")),
    }
}

pub(super) fn missing(name: &str) -> Error {
    Error::new(404, "EntityNotExist.User", format!("The user does not exist: {name}."))
}

fn find<'w>(cloud: &'w CloudState, call: &Call, name: &str) -> Result<&'w User, Error> {
    let account = cloud.accounts.get(&call.caller.account);
    account.and_then(|account| account.ram.users.get(name)).ok_or_else(|| missing(name))
}

/// 1 to 64 letters, digits, dots, hyphens and underscores.
pub(super) fn user_name(call: &Call) -> Result<&str, Error> {
    let name = rpc::required(call, "UserName")?;
    if name.len() > 64 {
        return Err(Error::new(400, "InvalidParameter.UserName.Length", "UserName is longer than 64."));
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)) {
        let message = "UserName may contain letters, digits, dots, hyphens and underscores.";
        return Err(Error::new(400, "InvalidParameter.UserName.InvalidChars", message));
    }
    Ok(name)
}

fn describe(name: &str, user: &User) -> Value {
    let created = rpc::timestamp(user.create_date.unwrap_or(OffsetDateTime::UNIX_EPOCH));
    json!({
        "UserId": user.user_id,
        "UserName": name,
        "DisplayName": user.display_name,
        "Comments": user.comments,
        "Email": user.email,
        "MobilePhone": user.mobile_phone,
        "CreateDate": created,
        "UpdateDate": created,
    })
}

fn describe_key(id: &str, key: &AccessKey) -> Value {
    json!({
        "AccessKeyId": id,
        "Status": if key.active { "Active" } else { "Inactive" },
        "CreateDate": rpc::timestamp(key.created.unwrap_or(OffsetDateTime::UNIX_EPOCH)),
    })
}
