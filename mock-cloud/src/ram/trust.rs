//! Trust policies: who may assume a role.

use serde_json::{Value, json};

/// Whether a service principal may assume a role with this trust policy.
pub(crate) fn allows_service(document: &str, service: &str) -> bool {
    decide(document, |principal| names(&principal["Service"], |known| known == service))
}

/// Whether an identity of an account may: the policy names the account's root, the identity itself, or everybody.
/// Conditions compare `sts:ExternalId`; one of another kind fails.
pub(crate) fn allows_identity(document: &str, account: &str, arn: &str, external_id: Option<&str>) -> bool {
    let root = format!("acs:ram::{account}:root");
    let context = json!({ "sts": { "ExternalId": external_id } });
    decide_statements(document, |statement| {
        names(&statement["Principal"]["RAM"], |known| known == "*" || known == root || known == arn)
            && holds(&statement["Condition"], &context)
    })
}

/// Whether the holder of a token with these claims may, whom an identity provider vouches for. Conditions compare the
/// claims `oidc:iss`, `oidc:sub` and `oidc:aud`; one of another kind fails.
pub(crate) fn allows_federated(document: &str, provider: &str, claims: &Value) -> bool {
    let context = json!({ "oidc": claims });
    decide_statements(document, |statement| {
        names(&statement["Principal"]["Federated"], |known| known == provider)
            && holds(&statement["Condition"], &context)
    })
}

/// Whether a condition holds in a context, where the value of the key `oidc:iss` is `iss` of `oidc`.
fn holds(condition: &Value, context: &Value) -> bool {
    let Value::Object(operators) = condition else { return condition.is_null() };
    operators.iter().all(|(operator, keys)| {
        let fits: fn(&str, &str) -> bool = match operator.as_str() {
            "StringEquals" => |wanted, value| wanted == value,
            "StringLike" => super::evaluate::matches,
            _ => return false,
        };
        keys.as_object().is_some_and(|keys| {
            keys.iter().all(|(key, wanted)| {
                let value = key.split_once(':').map_or(&Value::Null, |(kind, name)| &context[kind][name]);
                names(wanted, |wanted| names(value, |value| fits(wanted, value)))
            })
        })
    })
}

/// Goes through the statements: one that denies wins over any that allows.
fn decide(document: &str, matches: impl Fn(&Value) -> bool) -> bool {
    decide_statements(document, |statement| matches(&statement["Principal"]))
}

fn decide_statements(document: &str, matches: impl Fn(&Value) -> bool) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(document) else { return false };
    let statements = match &document["Statement"] {
        Value::Array(statements) => statements.as_slice(),
        one => std::slice::from_ref(one),
    };
    let applies = |effect: &str| {
        statements.iter().any(|statement| {
            statement["Effect"] == effect
                && names(&statement["Action"], |action| ["sts:AssumeRole", "sts:*", "*"].contains(&action))
                && matches(statement)
        })
    };
    applies("Allow") && !applies("Deny")
}

/// Whether a text or any of a list of texts satisfies a condition.
fn names(value: &Value, wanted: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => wanted(text),
        Value::Array(items) => items.iter().filter_map(Value::as_str).any(wanted),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
        "Principal":{"Service":["1000000000000001@actiontrail.aliyuncs.com"]}}]}"#;
    const ACCOUNT: &str = r#"{"Version":"1","Statement":{"Effect":"Allow","Action":["sts:AssumeRole"],
        "Principal":{"RAM":"acs:ram::1000000000000001:root"}}}"#;

    #[test]
    fn reads_principals() {
        assert!(allows_service(SERVICE, "1000000000000001@actiontrail.aliyuncs.com"));
        assert!(!allows_service(SERVICE, "actiontrail.aliyuncs.com"));
        assert!(allows_identity(ACCOUNT, "1000000000000001", "acs:ram::1000000000000001:user/ci", None));
        assert!(!allows_identity(ACCOUNT, "1000000000000002", "acs:ram::1000000000000002:user/ci", None));
        assert!(!allows_identity("not json", "1000000000000001", "", None));
        assert!(!allows_identity(SERVICE, "1000000000000001", "acs:ram::1000000000000001:root", None));
    }

    #[test]
    fn an_external_id_is_asked_for() {
        let guarded =
            ACCOUNT.replace("}}}", r#"},"Condition":{"StringEquals":{"sts:ExternalId":["audit-7"]}}}}"#);
        let allows =
            |id| allows_identity(&guarded, "1000000000000001", "acs:ram::1000000000000001:user/ci", id);
        assert!(allows(Some("audit-7")));
        assert!(!allows(Some("audit-8")) && !allows(None));
    }

    #[test]
    fn a_denial_wins() {
        let denied = ACCOUNT.replace(
            "\"Statement\":{",
            "\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"RAM\":\"*\"}},{",
        );
        let denied = format!("{}]}}", denied.trim_end_matches('}').to_owned() + "}}");
        assert!(serde_json::from_str::<Value>(&denied).is_ok(), "{denied}");
        assert!(!allows_identity(&denied, "1000000000000001", "acs:ram::1000000000000001:user/ci", None));
    }
}
