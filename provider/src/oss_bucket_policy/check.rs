//! What a policy lets happen: everybody reaches the bucket, or the caller no longer does (OSS developer guide, "Bucket
//! policy" and "Block Public Access").

use std::collections::BTreeMap;

use alibaba::sts::CallerIdentity;
use plugin::value::Value;
use plugin::{Attr, Diagnostic, Diagnostics, Path};
use reconciler::bucket_document::exposure::{is_public, names};
use reconciler::bucket_document::policy::{self, Document, Statement, fits};

use serde_json::Value as Json;

use super::model::PolicyModel;
use crate::check::{arn_spelling, misspelt};
use crate::json;

/// The permissions without which nobody could take the policy back.
const NEEDED: [&str; 3] = ["oss:getbucketpolicy", "oss:putbucketpolicy", "oss:deletebucketpolicy"];

/// Most bytes of a policy (16 KB is the figure in use; no page of the vendor states it, so that more is a warning).
const MOST_BYTES: usize = 16 * 1024;

/// A policy that the service would take. What a bucket has already may be written more freely (see [`Document::parse`]).
pub(super) fn policy(text: &str) -> Result<(), String> {
    json::object(text)?;
    let policy: Json = serde_json::from_str(text).unwrap_or_default();
    let statements = match policy.get("Statement") {
        Some(Json::Object(_)) => {
            return Err("Statement has to be a list, also around a single statement: write \
                        Statement = [{ … }]."
                .to_owned());
        }
        Some(Json::Array(statements)) => statements.as_slice(),
        _ => &[],
    };
    for (at, statement) in (1..).zip(statements) {
        if let Some(name) = ELEMENTS.into_iter().find(|name| statement.get(format!("Not{name}")).is_some()) {
            return Err(format!(
                "Statement {at} of the policy has Not{name}. The grammar of bucket policies has no such element (RAM \
                 policies do): every statement needs {name}. Name what is meant; to except something, write a second \
                 statement with the other Effect, or a Condition."
            ));
        }
    }
    let document = Document::parse(text)?;
    for statement in &document.statements {
        for principal in &statement.principals.patterns {
            let right = arn_spelling(principal);
            let right = right.trim_end_matches('/');
            if right != principal {
                return Err(format!("Principal {}", misspelt(principal, right)));
            }
        }
        for resource in &statement.resources.patterns {
            // A name of objects may end with a slash, and have any letters.
            let right = arn_spelling(resource);
            let right = if resource.trim_end().ends_with('/') { format!("{right}/") } else { right };
            if !right.eq_ignore_ascii_case(resource) || !starts_like(resource, &right) {
                return Err(format!("Resource {}", misspelt(resource, &right)));
            }
        }
    }
    Ok(())
}

/// Whether two ARNs are spelt alike up to the service.
fn starts_like(one: &str, other: &str) -> bool {
    one.split(':').take(2).eq(other.split(':').take(2))
}

/// The elements of a statement that have an opposite in policies of RAM, and none in those of buckets (OSS developer
/// guide, "Policy syntax and elements").
const ELEMENTS: [&str; 3] = ["Action", "Principal", "Resource"];

/// Refuses conditions that the service refuses in every new policy, also where an old one had them: an address alone, which
/// private networks may share (OSS developer guide, error 0030-00000008).
pub(super) fn addresses(planned: &PolicyModel) -> Option<Diagnostic> {
    let policy = planned.document()?;
    let names = |statement: &Statement, name: &str| {
        statement.conditions.values().flat_map(BTreeMap::keys).any(|key| key.eq_ignore_ascii_case(name))
    };
    let alone = policy
        .statements
        .iter()
        .find(|statement| names(statement, "acs:SourceIp") && !names(statement, "acs:SourceVpc"))?;
    let detail = format!(
        "This statement has a condition on acs:SourceIp and none on acs:SourceVpc: {}. Since 2026 the service refuses that \
         in every policy that is put (0030-00000008). For addresses of the internet, add \
         StringNotLike = {{ \"acs:SourceVpc\" = [\"vpc-*\"] }} to its Condition; for addresses in a VPC, add \
         StringEquals = {{ \"acs:SourceVpc\" = [\"<id of the VPC>\"] }}.",
        alone.describe()
    );
    let summary = "The policy limits addresses without a network";
    Some(Diagnostic::error(summary, detail).at(Path::attribute("policy")))
}

/// Warns of a policy that is probably too large.
pub(super) fn size(planned: &PolicyModel) -> Option<Diagnostic> {
    let length = planned.policy.get()?.len();
    (length > MOST_BYTES).then(|| {
        let detail = format!(
            "It has {length} bytes, and the service takes at most {MOST_BYTES} (16 KB) as far as is known. Merge statements \
             that differ in one element only, or use patterns such as acs:oss:*:*:BUCKET/prefix/*."
        );
        Diagnostic::warning("The policy may be too large", detail).at(Path::attribute("policy"))
    })
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
                         to fixed VPCs (StringEquals on acs:SourceVpc) or to addresses (IpAddress on acs:SourceIp, which the \
                         service takes only together with a condition on acs:SourceVpc). If the world is really meant, set \
                         allow_public_access = true; public access must not be blocked on the bucket then.",
                        statement.describe()
                    ),
                )
                .at(Path::attribute("policy")),
            );
        }
    }
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
