//! What a policy lets happen: everybody reaches the bucket, or the caller no longer does (OSS developer guide, "Bucket
//! policy" and "Block Public Access").

use alibaba::sts::CallerIdentity;
use plugin::value::Value;
use plugin::{Attr, Diagnostic, Diagnostics, Path};
use reconciler::bucket_document::policy::{self, Document, Statement, fits};

use super::model::PolicyModel;
use crate::json;

/// The permissions without which nobody could take the policy back.
const NEEDED: [&str; 3] = ["oss:getbucketpolicy", "oss:putbucketpolicy", "oss:deletebucketpolicy"];

/// The permission with which a trail writes its events.
const WRITE: &str = "oss:putobject";

/// A policy that the service would take.
pub(super) fn policy(text: &str) -> Result<(), String> {
    json::object(text)?;
    Document::parse(text).map(drop)
}

/// Whether two texts are the same policy.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    one.as_str().zip(other.as_str()).is_some_and(|(one, other)| policy::same(one, other))
}

/// Refuses a policy that lets everybody in, unless that is asked for.
pub(super) fn check(config: &PolicyModel, found: &mut Diagnostics) {
    if config.allow_public_access.is_unknown() || PolicyModel::is_set(&config.allow_public_access) {
        return;
    }
    for statement in config.document().iter().flat_map(|policy| &policy.statements) {
        if is_public(statement) {
            found.push(
                Diagnostic::error(
                    "The policy opens the bucket to the world",
                    format!(
                        "This statement lets everybody in: {}. Name the accounts, users or roles that are meant, or limit it \
                         to fixed VPCs (acs:SourceVpc) or addresses (acs:SourceIp). If the world is really meant, set \
                         allow_public_access = true; public access must not be blocked on the bucket then.",
                        statement.describe()
                    ),
                )
                .at(Path::attribute("policy")),
            );
        }
    }
}

/// Whether a statement counts as public.
pub(super) fn is_public(statement: &Statement) -> bool {
    let everybody = statement.principals.is_exception || statement.principals.patterns.contains("*");
    statement.allows && everybody && !is_limited(statement)
}

fn is_limited(statement: &Statement) -> bool {
    let conditions = statement.conditions.iter();
    let mut conditions = conditions.flat_map(|(operator, keys)| keys.iter().map(move |key| (operator, key)));
    conditions.any(|(operator, (key, values))| match key.to_ascii_lowercase().as_str() {
        "acs:sourcevpc" | "acs:sourcevpcid" | "acs:accessid" => {
            operator.starts_with("StringEquals") && values.iter().all(|value| !value.contains(['*', '?']))
        }
        "acs:sourceip" => operator == "IpAddress" && values.iter().all(|value| is_narrow(value)),
        _ => false,
    })
}

/// Whether a range of addresses is small enough not to count as the whole internet.
fn is_narrow(range: &str) -> bool {
    let least = if range.contains(':') { 32 } else { 8 };
    match range.split_once('/') {
        None => true,
        Some((_, mask)) => mask.parse::<u8>().is_ok_and(|mask| mask >= least),
    }
}

/// Whether the policy refuses every new object, those of a trail included.
pub(super) fn takes_nothing(policy: &Document, bucket: &str) -> bool {
    policy.statements.iter().any(|statement| {
        !statement.allows
            && statement.conditions.is_empty()
            && (statement.principals.is_exception || statement.principals.patterns.contains("*"))
            && statement.actions.covers(|pattern| fits(pattern, WRITE))
            && statement.resources.covers(|pattern| names(pattern, &format!("{bucket}/x")))
    })
}

/// Refuses a policy after which the caller could not change it any more, and warns where that depends.
pub(super) fn lock_out(planned: &PolicyModel, caller: Option<&CallerIdentity>) -> Option<Diagnostic> {
    if planned.allow_lockout.is_unknown() || PolicyModel::is_set(&planned.allow_lockout) {
        return None;
    }
    let bucket = planned.bucket.as_str()?;
    let policy = planned.document()?;
    let locking = |statement: &&Statement| {
        !statement.allows
            && statement.principals.covers(|pattern| is_caller(pattern, caller))
            && NEEDED.iter().any(|needed| statement.actions.covers(|pattern| fits(pattern, needed)))
            && statement.resources.covers(|pattern| names(pattern, bucket))
            && !is_about_plain_http(statement)
    };
    let locking: Vec<&Statement> = policy.statements.iter().filter(locking).collect();
    let (always, depends): (Vec<&Statement>, Vec<&Statement>) =
        locking.into_iter().partition(|statement| statement.conditions.is_empty());
    let message = if let Some(statement) = always.first() {
        Diagnostic::error(
            "The policy locks out the caller",
            format!(
                "With this statement these credentials can no longer read, change or remove the policy: {}. Deny fewer \
                 actions or fewer principals, or except this identity. If somebody else is to hold the bucket from then \
                 on, set allow_lockout = true.",
                statement.describe()
            ),
        )
    } else {
        Diagnostic::warning(
            "The policy may lock out the caller",
            format!(
                "Whether these credentials can still read, change and remove the policy depends on where Terraform runs: \
                 {}. If that is meant, set allow_lockout = true.",
                depends.first()?.describe()
            ),
        )
    };
    Some(message.at(Path::attribute("policy")))
}

/// This provider speaks TLS, so a refusal of plain HTTP does not concern it.
fn is_about_plain_http(statement: &Statement) -> bool {
    statement.conditions.iter().flat_map(|(operator, keys)| keys.iter().map(move |key| (operator, key))).any(
        |(operator, (key, values))| {
            operator == "Bool"
                && key.eq_ignore_ascii_case("acs:SecureTransport")
                && values.iter().all(|value| value == "false")
        },
    )
}

/// Whether a principal stands for the caller; of a caller that could not be asked, only `*` does.
fn is_caller(pattern: &str, caller: Option<&CallerIdentity>) -> bool {
    let Some(caller) = caller else { return pattern == "*" };
    // Policies spell the ARN of a session with another first word.
    let arn = caller.arn.replacen("acs:", "arn:", 1);
    let ids = [Some(&caller.account_id), Some(&arn), caller.user_id.as_ref(), caller.role_id.as_ref()];
    ids.into_iter().flatten().any(|id| fits(pattern, id))
}

/// Whether a pattern of resources names a bucket or something in it.
fn names(pattern: &str, resource: &str) -> bool {
    pattern == "*" || pattern.splitn(5, ':').nth(4).is_some_and(|pattern| fits(pattern, resource))
}

impl PolicyModel {
    /// The policy's meaning, when it is known and one.
    pub(super) fn document(&self) -> Option<Document> {
        Document::parse(self.policy.get()?).ok()
    }

    pub(super) fn is_set(flag: &Attr<bool>) -> bool {
        flag.get().copied().unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
