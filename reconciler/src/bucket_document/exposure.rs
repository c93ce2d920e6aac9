//! What a policy opens to everybody, or closes to everybody (OSS developer guide, "Bucket policy" and "Block Public Access").

use super::policy::{Document, Statement, fits};

/// The permission with which a trail writes its events.
const WRITE: &str = "oss:putobject";

/// Whether a statement counts as public.
#[must_use]
pub fn is_public(statement: &Statement) -> bool {
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
#[must_use]
pub fn takes_nothing(policy: &Document, bucket: &str) -> bool {
    policy.statements.iter().any(|statement| {
        !statement.allows
            && statement.conditions.is_empty()
            && (statement.principals.is_exception || statement.principals.patterns.contains("*"))
            && statement.actions.covers(|pattern| fits(pattern, WRITE))
            && statement.resources.covers(|pattern| names(pattern, &format!("{bucket}/x")))
    })
}

/// Whether a pattern of resources names a bucket or something in it.
#[must_use]
pub fn names(pattern: &str, resource: &str) -> bool {
    pattern == "*" || pattern.splitn(5, ':').nth(4).is_some_and(|pattern| fits(pattern, resource))
}
