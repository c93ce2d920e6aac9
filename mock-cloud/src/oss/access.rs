//! Who may reach a bucket: ACL, bucket policy and Block Public Access on bucket and account.
//! Whom they let in is decided before a call comes here, in `permissions`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use http::StatusCode;

use super::documents::PUBLIC_ACCESS_BLOCK;
use super::error::Error;
use super::info::{Grant, Owner};
use super::request::{Answer, Request, done, gone};
use super::state::Bucket;
use super::{address, switches, xml};
use crate::http::Reply;

/// Largest bucket policy that is taken (assumed: 16 KB is the figure in use, no page states it).
const MAX_POLICY: usize = 16 * 1024;

/// Refuses an ACL that does not exist (OSS API reference, PutBucketAcl).
pub(super) fn check_acl(acl: &str) -> Result<(), Error> {
    if matches!(acl, "private" | "public-read" | "public-read-write") {
        return Ok(());
    }
    Err(Error::argument("x-oss-acl", acl, "no such bucket access control exists"))
}

/// PutBucketAcl: the ACL is a header, there is no body (OSS API reference, PutBucketAcl).
pub(super) fn put_acl(request: &mut Request<'_>) -> Answer {
    let acl = request.call.header("x-oss-acl").unwrap_or("").to_owned();
    check_acl(&acl)?;
    let missing = !request.state.buckets.contains_key(request.bucket);
    if missing && request.switches.on(&switches::PUT_ACL_CREATES) {
        address::check_bucket_name(request.bucket)?;
        let bucket = Bucket::new(request.account(), &request.call.region, request.call.now);
        request.state.buckets.insert(request.bucket.to_owned(), bucket);
    }
    let bucket = request.owned()?.clone();
    if acl != "private" && request.public_access_blocked(&bucket) {
        return Err(Error::denied("Put public bucket acl is not allowed"));
    }
    request.owned()?.acl = acl;
    done()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccessControlPolicy {
    owner: Owner,
    access_control_list: Grant,
}

/// GetBucketAcl (OSS API reference, GetBucketAcl).
pub(super) fn get_acl(request: &mut Request<'_>) -> Answer {
    let bucket = request.owned()?;
    let policy = AccessControlPolicy {
        owner: Owner::new(&bucket.owner),
        access_control_list: Grant { grant: bucket.acl.clone() },
    };
    xml::reply("AccessControlPolicy", &policy)
}

#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct PublicAccessBlock {
    block_public_access: bool,
}

/// PutBucketPublicAccessBlock (OSS API reference); a missing element counts as false.
pub(super) fn put_block(request: &mut Request<'_>) -> Answer {
    let config: PublicAccessBlock = request.document(&PUBLIC_ACCESS_BLOCK)?;
    request.owned()?.block_public_access = config.block_public_access;
    done()
}

/// GetBucketPublicAccessBlock: always answers, with the bucket's own value (assumed: not the account's).
pub(super) fn get_block(request: &mut Request<'_>) -> Answer {
    let block_public_access = request.owned()?.block_public_access;
    xml::reply(PUBLIC_ACCESS_BLOCK.root, &PublicAccessBlock { block_public_access })
}

/// DeleteBucketPublicAccessBlock: afterwards the bucket may be opened.
pub(super) fn delete_block(request: &mut Request<'_>) -> Answer {
    request.owned()?.block_public_access = false;
    gone()
}

/// PutPublicAccessBlock for the account of the caller (OSS API reference, PutPublicAccessBlock).
pub(super) fn put_account_block(request: &mut Request<'_>) -> Answer {
    let config: PublicAccessBlock = request.document(&PUBLIC_ACCESS_BLOCK)?;
    let account = request.account().to_owned();
    request.state.account_public_access_block.insert(account, config.block_public_access);
    done()
}

/// GetPublicAccessBlock; an account that never set it reads false (assumed).
pub(super) fn get_account_block(request: &mut Request<'_>) -> Answer {
    let set = request.state.account_public_access_block.get(request.account()).copied();
    xml::reply(PUBLIC_ACCESS_BLOCK.root, &PublicAccessBlock { block_public_access: set.unwrap_or(false) })
}

/// DeletePublicAccessBlock.
pub(super) fn delete_account_block(request: &mut Request<'_>) -> Answer {
    let account = request.account().to_owned();
    request.state.account_public_access_block.remove(&account);
    gone()
}

/// PutBucketPolicy: the text is stored as it came (OSS API reference, PutBucketPolicy; whether the service normalises it
/// is not documented).
pub(super) fn put_policy(request: &mut Request<'_>) -> Answer {
    let text = std::str::from_utf8(&request.call.body).map_err(|_| bad_policy("The policy is not UTF-8."))?;
    let public = is_public(&check_policy(text)?);
    let bucket = request.owned()?.clone();
    if public && request.public_access_blocked(&bucket) {
        return Err(Error::denied("Put public bucket policy is not allowed"));
    }
    let kept = request.switches.is(&switches::POLICY_TEXT, "kept");
    let normalised = serde_json::from_str::<Value>(text).unwrap_or_default().to_string();
    request.owned()?.policy = Some(if kept { text.to_owned() } else { normalised });
    done()
}

/// GetBucketPolicy: the stored text.
pub(super) fn get_policy(request: &mut Request<'_>) -> Answer {
    match &request.owned()?.policy {
        Some(text) => Ok(Reply::new(StatusCode::OK, "application/json", text.clone())),
        None => Err(Error::new(
            StatusCode::NOT_FOUND,
            "NoSuchBucketPolicy",
            "The specified bucket policy does not exist",
        )),
    }
}

/// DeleteBucketPolicy: also succeeds without a policy.
pub(super) fn delete_policy(request: &mut Request<'_>) -> Answer {
    request.owned()?.policy = None;
    gone()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyStatus {
    is_public: bool,
}

/// GetBucketPolicyStatus (OSS API reference); false without a policy.
pub(super) fn policy_status(request: &mut Request<'_>) -> Answer {
    let policy = request.owned()?.policy.clone();
    let parsed = policy.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    xml::reply("PolicyStatus", &PolicyStatus { is_public: parsed.as_ref().is_some_and(is_public) })
}

/// Reads a policy far enough to know that the service would take it (assumed: code and texts of the refusals).
fn check_policy(text: &str) -> Result<Value, Error> {
    if text.len() > MAX_POLICY {
        return Err(bad_policy("The policy is larger than 16 KB."));
    }
    let policy: Value =
        serde_json::from_str(text).map_err(|_| bad_policy("The policy is not valid JSON."))?;
    if policy.get("Version").and_then(Value::as_str) != Some("1") {
        return Err(bad_policy("The policy must have Version \"1\"."));
    }
    let statements = policy.get("Statement").and_then(Value::as_array).filter(|list| !list.is_empty());
    let Some(statements) = statements else {
        return Err(bad_policy("Statement must be a list of at least one statement."));
    };
    for statement in statements {
        if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
            return Err(bad_policy("Effect must be Allow or Deny."));
        }
        for member in ["Action", "Principal", "Resource"] {
            if !statement.get(member).is_some_and(|value| value.is_string() || value.is_array()) {
                return Err(bad_policy(&format!("A statement lacks {member}.")));
            }
            // The grammar has no opposites (OSS developer guide, "Policy syntax and elements").
            if statement.get(format!("Not{member}")).is_some() {
                return Err(bad_policy(&format!("A statement has the unknown element Not{member}.")));
            }
        }
        check_addresses(&statement["Condition"])?;
    }
    Ok(policy)
}

/// Addresses alone are refused in every new policy since 2026 (OSS developer guide, error 0030-00000008; the code beside
/// that number is assumed).
fn check_addresses(condition: &Value) -> Result<(), Error> {
    let has = |name: &str| {
        let keys = condition.as_object().into_iter().flat_map(|operators| operators.values());
        let mut keys = keys.filter_map(Value::as_object).flat_map(|keys| keys.keys());
        keys.any(|key| key.eq_ignore_ascii_case(name))
    };
    if has("acs:SourceIp") && !has("acs:SourceVpc") {
        let message = "acs:SourceVpc must be specified when acs:SourceIp is specified in the condition.";
        return Err(bad_policy(message).ec("0030-00000008"));
    }
    Ok(())
}

fn bad_policy(message: &str) -> Error {
    Error::new(StatusCode::BAD_REQUEST, "InvalidPolicyDocument", message)
}

/// Whether a policy opens the bucket: an Allow for everybody that no fixed VPC, key or address range limits
/// (OSS developer guide, "Block Public Access": what counts as public).
fn is_public(policy: &Value) -> bool {
    let statements = policy.get("Statement").and_then(Value::as_array);
    statements.into_iter().flatten().any(|statement| {
        statement.get("Effect").and_then(Value::as_str) == Some("Allow")
            && is_everybody(statement.get("Principal"))
            && !is_limited(statement.get("Condition"))
    })
}

/// An empty list is everybody as well (OSS developer guide, "Policy syntax and elements").
fn is_everybody(principal: Option<&Value>) -> bool {
    principal.and_then(Value::as_array).is_some_and(Vec::is_empty)
        || strings(principal).any(|principal| principal == "*")
}

fn is_limited(condition: Option<&Value>) -> bool {
    let operators = condition.and_then(Value::as_object);
    operators.into_iter().flatten().any(|(operator, keys)| {
        let operator = operator.to_ascii_lowercase();
        keys.as_object().into_iter().flatten().any(|(key, values)| match key.to_ascii_lowercase().as_str() {
            "acs:sourcevpc" | "acs:sourcevpcid" | "acs:accessid" => {
                operator.starts_with("stringequals")
                    && strings(Some(values)).all(|value| !value.contains(['*', '?']))
            }
            "acs:sourceip" => operator == "ipaddress" && strings(Some(values)).all(is_narrow),
            _ => false,
        })
    })
}

/// Whether an address range is narrower than half the internet: mask of at least 8 bits, 32 for IPv6.
fn is_narrow(range: &str) -> bool {
    let least = if range.contains(':') { 32 } else { 8 };
    range.split_once('/').is_none_or(|(_, mask)| mask.parse::<u32>().is_ok_and(|mask| mask >= least))
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, many) = match value {
        Some(Value::String(text)) => (Some(text.as_str()), None),
        Some(Value::Array(list)) => (None, Some(list)),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten().filter_map(Value::as_str))
}
