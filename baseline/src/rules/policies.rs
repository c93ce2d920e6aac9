//! What policies let happen, and what they prevent.
//!
//! A policy is read by its meaning, not by its words: a condition that lets everybody through narrows nothing, and an `Allow`
//! prevents nothing.

use std::collections::{BTreeMap, BTreeSet};

use reconciler::bucket_document::policy::{Document, Patterns, Statement, fits};
use serde_json::Value as Json;

use crate::judgement::Judgement;

/// Reads the policy of a bucket.
pub(super) fn of_bucket(text: &str) -> Result<Document, Judgement> {
    Document::parse(text)
        .map_err(|why| Judgement::unknown(format!("the policy of the bucket cannot be read: {why}")))
}

/// Reads a control policy, which is for everybody and says so nowhere.
pub(super) fn of_control(text: &str) -> Result<Document, Judgement> {
    let wrong = |why: String| Judgement::unknown(format!("a control policy cannot be read: {why}"));
    let mut document: Json = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let statements = match &mut document["Statement"] {
        Json::Array(statements) => statements.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    for statement in statements.iter_mut().filter_map(Json::as_object_mut) {
        if !statement.contains_key("NotPrincipal") {
            statement.entry("Principal").or_insert_with(|| Json::from("*"));
        }
    }
    Document::parse(&document.to_string()).map_err(wrong)
}

/// Statements that let everybody in. A condition only counts if it narrows who that is to fixed networks or identities (OSS
/// developer guide, "GetBucketPolicyStatus").
pub(super) fn public_statements(document: &Document) -> impl Iterator<Item = &Statement> {
    document.statements.iter().filter(|statement| {
        let principals = &statement.principals;
        // Everybody but somebody is everybody.
        let everybody = principals.is_exception || principals.patterns.iter().any(|pattern| is_all(pattern));
        statement.allows && everybody && !is_narrowed(&statement.conditions)
    })
}

fn is_all(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.chars().all(|c| c == '*')
}

fn is_narrowed(conditions: &BTreeMap<String, BTreeMap<String, BTreeSet<String>>>) -> bool {
    // All conditions of a statement have to hold, so one that narrows is enough.
    conditions.iter().any(|(operator, keys)| {
        keys.iter().any(|(key, values)| {
            let fixed = |value: &String| !value.is_empty() && !value.contains(['*', '?']);
            let key = key.to_ascii_lowercase();
            match operator.as_str() {
                "StringEquals" | "StringEqualsIgnoreCase" | "StringLike" => {
                    matches!(key.as_str(), "acs:sourcevpc" | "acs:sourcevpcid" | "acs:accessid")
                        && values.iter().all(fixed)
                }
                "IpAddress" => key == "acs:sourceip" && values.iter().all(|value| is_small_network(value)),
                _ => false,
            }
        })
    })
}

/// A network of at least /8, or /32 in IPv6.
fn is_small_network(text: &str) -> bool {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, mask.parse::<u8>().ok()),
        None => (text, Some(128)),
    };
    match (address.parse::<std::net::IpAddr>(), mask) {
        (Ok(std::net::IpAddr::V4(_)), Some(mask)) => mask >= 8,
        (Ok(std::net::IpAddr::V6(_)), Some(mask)) => mask >= 32,
        _ => false,
    }
}

/// Something that a policy is to prevent: an action, or all of a service, on a resource, or all within one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Act<'a> {
    /// Such as `oss:DeleteBucket`, or `oss:*` for all.
    pub(super) action: &'a str,
    /// Ways to write the resource, any of which may be meant. A `*` in it is all there is.
    pub(super) resources: &'a [String],
}

/// Who a `Deny` may spare.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spared<'a> {
    /// The account that the identities belong to.
    pub(super) account: &'a str,
    /// Patterns of ARNs that may be spared; empty for any that is not everybody.
    pub(super) allowed: &'a [String],
}

impl Spared<'_> {
    fn accepts(&self, spared: &str) -> bool {
        if !self.allowed.is_empty() {
            return self.allowed.iter().any(|allowed| fits(&allowed.to_lowercase(), &spared.to_lowercase()));
        }
        // An exception that an identity nobody thought of falls under is one for everybody.
        let account = self.account;
        let anybody = ["user/7f1b", "role/7f1b", "assumed-role/7f1b/7f1b"];
        anybody.iter().all(|name| {
            [format!("acs:ram::{account}:{name}"), format!("acs:ram:*:{account}:{name}")]
                .iter()
                .all(|arn| !fits(spared, arn))
        })
    }
}

/// Whether a statement prevents this for everybody, or everybody but those that may be spared.
fn prevents(statement: &Statement, act: Act<'_>, spared: Spared<'_>) -> bool {
    let action = act.action.to_ascii_lowercase();
    let covers = |patterns: &Patterns, texts: &[&str]| {
        // All but something is not all of it, as far as patterns show.
        let whole = !patterns.is_exception || texts.iter().all(|text| !text.contains('*'));
        whole && texts.iter().any(|text| patterns.covers(|pattern| fits(pattern, text)))
    };
    let resources: Vec<&str> = act.resources.iter().map(String::as_str).collect();
    let principals = &statement.principals;
    let everybody = if principals.is_exception {
        principals.patterns.iter().all(|pattern| spared.accepts(pattern))
    } else {
        principals.patterns.iter().any(|pattern| is_all(pattern))
    };
    !statement.allows
        && covers(&statement.actions, &[&action])
        && covers(&statement.resources, &resources)
        && everybody
        && statement.conditions.iter().all(|(operator, keys)| {
            operator.starts_with("StringNot")
                && keys.iter().all(|(key, values)| {
                    key.eq_ignore_ascii_case("acs:PrincipalARN")
                        && values.iter().all(|value| spared.accepts(value))
                })
        })
}

/// Whether policies prevent this together.
pub(super) fn prevent(documents: &[Document], act: Act<'_>, spared: Spared<'_>) -> bool {
    documents
        .iter()
        .flat_map(|document| &document.statements)
        .any(|statement| prevents(statement, act, spared))
}

/// Whether a policy refuses plain HTTP for everything that may be done with one of these resources.
pub(super) fn refuses_plain_http(document: &Document, resources: &[String]) -> bool {
    document.statements.iter().any(|statement| {
        let only_condition = statement.conditions.len() == 1
            && statement.conditions.get("Bool").is_some_and(|keys| {
                keys.len() == 1
                    && keys.iter().all(|(key, values)| {
                        key.eq_ignore_ascii_case("acs:SecureTransport")
                            && values.iter().map(String::as_str).eq(["false"])
                    })
            });
        let mut unconditional = statement.clone();
        unconditional.conditions.clear();
        let nobody = Spared { account: "", allowed: &["\0".to_owned()] };
        only_condition && prevents(&unconditional, Act { action: "oss:*", resources }, nobody)
    })
}

/// Ways to write a bucket, or what is in it, as a resource.
pub(super) fn resources_of(
    bucket: &str,
    region: Option<&str>,
    owner: Option<&str>,
    objects: bool,
) -> Vec<String> {
    let suffix = if objects { "/*" } else { "" };
    let regions = ["*".to_owned()]
        .into_iter()
        .chain(region.into_iter().flat_map(|region| [region.to_owned(), format!("oss-{region}")]));
    regions
        .flat_map(|region| {
            ["*"]
                .into_iter()
                .chain(owner)
                .map(move |owner| format!("acs:oss:{region}:{owner}:{bucket}{suffix}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(statement: &str) -> Document {
        of_bucket(&format!(r#"{{"Version":"1","Statement":[{statement}]}}"#)).unwrap()
    }

    fn is_public(rest: &str) -> bool {
        let document = document(&format!(
            r#"{{"Effect":"Allow","Action":["oss:GetObject"],"Resource":["acs:oss:*:*:archive/*"],{rest}}}"#
        ));
        public_statements(&document).next().is_some()
    }

    #[test]
    fn everybody_is_everybody_unless_a_condition_narrows_it() {
        for public in [
            r#""Principal":["*"]"#,
            r#""Principal":"*""#,
            r#""NotPrincipal":["1234567890123456"]"#,
            r#""Principal":["*"],"Condition":{"Bool":{"acs:SecureTransport":["true"]}}"#,
            r#""Principal":["*"],"Condition":{"StringLike":{"acs:UserAgent":["*"]}}"#,
            r#""Principal":["*"],"Condition":{"StringEquals":{"acs:Referer":["https://example.com"]}}"#,
            r#""Principal":["*"],"Condition":{"IpAddress":{"acs:SourceIp":["0.0.0.0/0"]}}"#,
            r#""Principal":["*"],"Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","0.0.0.0/1"]}}"#,
            r#""Principal":["*"],"Condition":{"NotIpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}"#,
            r#""Principal":["*"],"Condition":{"StringLike":{"acs:SourceVpc":["vpc-*"]}}"#,
            r#""Principal":["*"],"Condition":{"StringNotEquals":{"acs:SourceVpc":["vpc-1"]}}"#,
        ] {
            assert!(is_public(public), "{public}");
        }
        for narrow in [
            r#""Principal":["1234567890123456"]"#,
            r#""Principal":["*"],"Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}"#,
            r#""Principal":["*"],"Condition":{"IpAddress":{"acs:SourceIp":"192.0.2.1"}}"#,
            r#""Principal":["*"],"Condition":{"StringEquals":{"acs:SourceVpc":["vpc-1"]},"Bool":{"acs:SecureTransport":"true"}}"#,
        ] {
            assert!(!is_public(narrow), "{narrow}");
        }
    }

    fn spares(rest: &str, allowed: &[String]) -> bool {
        let document = document(&format!(
            r#"{{"Effect":"Deny","Action":["oss:DeleteBucket"],"Resource":["acs:oss:*:*:archive"],{rest}}}"#
        ));
        let resources = resources_of("archive", None, Some("1234567890123456"), false);
        let act = Act { action: "oss:DeleteBucket", resources: &resources };
        prevent(&[document], act, Spared { account: "1234567890123456", allowed })
    }

    #[test]
    fn a_denial_counts_if_it_spares_nobody_but_a_few() {
        let sparing = |arn: &str| {
            format!(r#""Principal":["*"],"Condition":{{"StringNotLike":{{"acs:PrincipalARN":["{arn}"]}}}}"#)
        };
        assert!(spares(r#""Principal":["*"]"#, &[]));
        assert!(spares(&sparing("acs:ram::1234567890123456:role/break-glass"), &[]));
        assert!(spares(&sparing("acs:ram:*:*:role/break-glass*"), &[]));
        for all in ["*", "acs:ram::*:*", "acs:ram:*:*:role/*", "acs:ram::1234567890123456:user/*"] {
            assert!(!spares(&sparing(all), &[]), "{all}");
        }
        assert!(!spares(r#""Principal":["1234567890123456"]"#, &[]), "others may");
        let condition = r#""Principal":["*"],"Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}"#;
        assert!(!spares(condition, &[]), "who is elsewhere may");
        let allowed = ["acs:ram::*:role/break-glass".to_owned()];
        assert!(spares(&sparing("acs:ram::1234567890123456:role/break-glass"), &allowed));
        assert!(!spares(&sparing("acs:ram::1234567890123456:role/other"), &allowed));
    }

    #[test]
    fn a_control_policy_is_for_everybody() {
        let policy = of_control(crate::fixtures::GUARD).unwrap();
        let everything = ["acs:oss:*:*:*".to_owned()];
        let spared = Spared { account: "1000000000000002", allowed: &[] };
        assert!(prevent(
            std::slice::from_ref(&policy),
            Act { action: "oss:DeleteBucket", resources: &everything },
            spared
        ));
        assert!(!prevent(&[policy], Act { action: "oss:DeleteObject", resources: &everything }, spared));
        assert!(of_control("no").is_err());
    }
}
