//! What policies say: statements with action, resource and condition, matched against one operation on one resource.

use serde_json::Value;

/// An operation on a resource, to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccessRequest {
    /// `<service>:<action>`.
    pub(crate) action: String,
    /// ARN of what it is done to.
    pub(crate) resource: String,
}

/// What policies say to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A statement allows it and none denies it.
    Allowed,
    /// A statement denies it.
    Denied,
    /// No statement is about it, which refuses it as well.
    Silent,
}

/// Judges by all given documents together: one denial wins over everything. A text that is no policy says nothing.
pub(crate) fn judge<'d>(documents: impl IntoIterator<Item = &'d str>, ask: &AccessRequest) -> Verdict {
    let mut verdict = Verdict::Silent;
    for document in documents {
        let Ok(document) = serde_json::from_str::<Value>(document) else { continue };
        for statement in list(&document["Statement"]) {
            if !applies(statement, ask) {
                continue;
            }
            match statement["Effect"].as_str() {
                Some("Deny") => return Verdict::Denied,
                Some("Allow") => verdict = Verdict::Allowed,
                _ => {}
            }
        }
    }
    verdict
}

/// Whether a text is a policy document: version 1 with statements that have an effect and an action.
pub(crate) fn is_document(text: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(text) else { return false };
    let whole = |statement: &Value| {
        ["Allow", "Deny"].iter().any(|effect| statement["Effect"] == *effect)
            && (statement.get("Action").is_some() || statement.get("NotAction").is_some())
    };
    let statements = list(&document["Statement"]);
    document["Version"] == "1" && !statements.is_empty() && statements.iter().all(whole)
}

/// A list, or one item in place of it.
fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

fn applies(statement: &Value, ask: &AccessRequest) -> bool {
    let any = |patterns: &Value, text: &str, fold: bool| {
        list(patterns).iter().filter_map(Value::as_str).any(|pattern| {
            if fold { matches(&pattern.to_lowercase(), &text.to_lowercase()) } else { matches(pattern, text) }
        })
    };
    let action = match (statement.get("Action"), statement.get("NotAction")) {
        (Some(patterns), _) => any(patterns, &ask.action, true),
        (None, Some(patterns)) => !any(patterns, &ask.action, true),
        (None, None) => false,
    };
    let resource = match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(patterns), _) => any(patterns, &ask.resource, false),
        (None, Some(patterns)) => !any(patterns, &ask.resource, false),
        // Trust policies have none.
        (None, None) => true,
    };
    action && resource && condition_holds(&statement["Condition"])
}

/// Whether a condition holds. Only transport security is known here: a request to the mock stands for one over TLS.
/// A condition on any other key fails, as one on a key that a request does not carry.
fn condition_holds(condition: &Value) -> bool {
    let Value::Object(operators) = condition else { return condition.is_null() };
    operators.iter().all(|(operator, keys)| {
        let Value::Object(keys) = keys else { return false };
        keys.iter().all(|(key, wanted)| {
            let is_true = |value: &Value| {
                value == &Value::Bool(true)
                    || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"))
            };
            operator.eq_ignore_ascii_case("Bool")
                && key.eq_ignore_ascii_case("acs:SecureTransport")
                && list(wanted).iter().any(is_true)
        })
    })
}

/// Whether a text fits a pattern in which `*` stands for any run of characters and `?` for any one.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut from) = (0, 0);
    // Where to go on when what follows the last star does not fit: one character further.
    let mut retry = None;
    while from < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at + 1, from));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == text[from] => {
                at += 1;
                from += 1;
            }
            _ => match retry {
                Some((after, start)) => {
                    (at, from) = (after, start + 1);
                    retry = Some((after, start + 1));
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(action: &str, resource: &str) -> AccessRequest {
        AccessRequest { action: action.to_owned(), resource: resource.to_owned() }
    }

    #[test]
    fn patterns() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("oss:Get*", "oss:GetBucketInfo", true),
            ("oss:Get*Info", "oss:GetBucketAcl", false),
            ("a*b*c", "aXbXbYc", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("abc", "abcd", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
        // A pattern of many stars must not take for ever.
        assert!(!matches(&"*a".repeat(200), &"a".repeat(150)));
    }

    #[test]
    fn a_denial_wins_and_silence_is_no_permission() {
        let allow = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:get*"],"Resource":"acs:oss:*:*:logs/*"}]}"#;
        let deny = r#"{"Version":"1","Statement":{"Effect":"Deny","NotAction":"oss:List*","Resource":"*"}}"#;
        let read = ask("oss:GetObject", "acs:oss:*:1:logs/a");
        assert_eq!(judge([allow], &read), Verdict::Allowed);
        assert_eq!(judge([allow], &ask("oss:GetObject", "acs:oss:*:1:other/a")), Verdict::Silent);
        assert_eq!(judge([allow], &ask("oss:PutObject", "acs:oss:*:1:logs/a")), Verdict::Silent);
        assert_eq!(judge([allow, deny], &read), Verdict::Denied);
        assert_eq!(judge(["not a policy"], &read), Verdict::Silent);
        assert!(is_document(allow) && is_document(deny) && !is_document(r#"{"Statement":[]}"#));
    }

    #[test]
    fn conditions_that_are_not_met_leave_a_statement_out() {
        let with = |condition: &str| {
            format!(
                r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}]}}"#
            )
        };
        let any = ask("oss:GetObject", "acs:oss:*:1:logs/a");
        let secure = with(r#"{"Bool":{"acs:SecureTransport":"true"}}"#);
        assert_eq!(
            judge([with(r#"{"bool":{"acs:SecureTransport":"True"}}"#).as_str()], &any),
            Verdict::Allowed
        );
        let plain = with(r#"{"Bool":{"acs:SecureTransport":["false"]}}"#);
        let address = with(r#"{"IpAddress":{"acs:SourceIp":"203.0.113.0/24"}}"#);
        assert_eq!(judge([secure.as_str()], &any), Verdict::Allowed);
        assert_eq!(judge([plain.as_str()], &any), Verdict::Silent);
        assert_eq!(judge([address.as_str()], &any), Verdict::Silent);
    }
}
