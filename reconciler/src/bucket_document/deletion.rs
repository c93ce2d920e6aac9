//! Whom a policy lets delete evidence: objects, or what keeps and protects them.

use std::collections::BTreeSet;

use super::policy::{Document, Statement, fits};
use crate::evidence::{Weakening, writing_calls};

/// The permissions for calls that can lose evidence, in lower case. Those of OSS are named after the call, except that
/// deleting many objects takes the permissions for deleting each (OSS developer guide, "RAM policy").
fn permissions() -> BTreeSet<String> {
    let calls = writing_calls().filter(|call| {
        let is_oss = call.function.starts_with("Oss::") && call.action != "DeleteMultipleObjects";
        is_oss && matches!(call.weakens, Weakening::When(_))
    });
    let named = calls.map(|call| format!("oss:{}", call.action.to_ascii_lowercase()));
    named.chain(["oss:deleteobject".to_owned(), "oss:deleteobjectversion".to_owned()]).collect()
}

/// What one statement newly allows to somebody outside of the account.
#[derive(Debug)]
pub struct Allowed<'d> {
    /// The statement.
    pub statement: &'d Statement,
    /// Such as `oss:deleteobject`.
    pub permissions: BTreeSet<String>,
}

/// The statements of `after` that let others than `account` delete evidence in ways that `before` does not. A statement
/// that is only written in another way, or that is limited more than before, allows nothing new.
#[must_use]
pub fn newly_allowed<'d>(account: Option<&str>, before: &Document, after: &'d Document) -> Vec<Allowed<'d>> {
    let permissions = permissions();
    let allowing = |policy: &'d Document| policy.statements.iter().filter(|statement| statement.allows);
    let found = allowing(after).filter_map(|statement| {
        let new: BTreeSet<String> = permissions
            .iter()
            .filter(|permission| allows(statement, permission))
            .filter(|permission| {
                others(statement, account).any(|principal| {
                    let was = |old: &Statement| {
                        old.allows
                            && allows(old, permission)
                            && stands_for(old, principal, statement)
                            && statement.is_limited_like(old)
                    };
                    !before.statements.iter().any(was)
                })
            })
            .cloned()
            .collect();
        (!new.is_empty()).then_some(Allowed { statement, permissions: new })
    });
    found.collect()
}

fn allows(statement: &Statement, permission: &str) -> bool {
    statement.actions.covers(|pattern| fits(pattern, permission))
}

/// The principals of a statement that are not the account itself, nor a user or role of it as far as they say so.
fn others<'s>(statement: &'s Statement, account: Option<&'s str>) -> impl Iterator<Item = &'s str> {
    let is_own = move |principal: &str| {
        account.is_some_and(|account| {
            principal == account || principal.split(':').nth(3).is_some_and(|owner| owner == account)
        })
    };
    let patterns = statement.principals.patterns.iter().map(String::as_str);
    // "All but these" stands for everybody else, whoever is named.
    patterns.filter(move |principal| statement.principals.is_exception || !is_own(principal))
}

/// Whether an older statement is for this principal of a newer one.
fn stands_for(old: &Statement, principal: &str, new: &Statement) -> bool {
    if new.principals.is_exception || old.principals.is_exception {
        return old.principals == new.principals;
    }
    old.principals.patterns.iter().any(|pattern| fits(pattern, principal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(statements: &[(&str, &str, &str, &str)]) -> Document {
        let statements: Vec<String> = statements
            .iter()
            .map(|(effect, action, principal, condition)| {
                format!(
                    r#"{{"Effect":"{effect}","Action":{action},"Principal":["{principal}"],"Resource":"acs:oss:*:1:audit/*"{condition}}}"#
                )
            })
            .collect();
        Document::parse(&format!(r#"{{"Version":"1","Statement":[{}]}}"#, statements.join(","))).unwrap()
    }

    const FROM: &str = r#","Condition":{"StringEquals":{"acs:SourceVpc":["vpc-1"]}}"#;

    fn new(before: &Document, after: &Document) -> Vec<String> {
        newly_allowed(Some("1"), before, after)
            .into_iter()
            .map(|allowed| allowed.permissions.into_iter().collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn calls_that_can_lose_evidence_are_looked_for() {
        let all = permissions();
        for one in
            ["deleteobject", "deletebucket", "putbucketlifecycle", "putbucketpolicy", "abortbucketworm"]
        {
            assert!(all.contains(&format!("oss:{one}")), "{one}");
        }
        for harmless in
            ["putbuckettags", "getobject", "putobject", "deletebucketlifecycle", "deletemultipleobjects"]
        {
            assert!(!all.contains(&format!("oss:{harmless}")), "{harmless}");
        }
    }

    #[test]
    fn others_that_may_delete_are_found_and_the_own_account_is_not() {
        let none = Document::default();
        let one = |action: &str, principal: &str| policy(&[("Allow", action, principal, "")]);
        assert_eq!(new(&none, &one(r#""oss:DeleteObject""#, "2")), ["oss:deleteobject"]);
        assert_eq!(
            new(&none, &one(r#"["oss:GetObject","oss:delete*Version","oss:PutBucketLifecycle"]"#, "2")),
            ["oss:deleteobjectversion oss:putbucketlifecycle"]
        );
        assert!(
            new(&none, &one(r#""oss:*""#, "arn:sts::2:assumed-role/x/*"))[0].contains("oss:deletebucket")
        );
        for fine in [
            one(r#""oss:*""#, "1"),
            one(r#""oss:DeleteObject""#, "arn:sts::1:assumed-role/x/*"),
            one(r#"["oss:GetObject","oss:PutObject","oss:ListObjects"]"#, "2"),
            policy(&[("Deny", r#""oss:*""#, "2", "")]),
        ] {
            assert_eq!(new(&none, &fine), [""; 0], "{fine:?}");
        }
    }

    #[test]
    fn what_was_allowed_before_is_not_new() {
        let wide = policy(&[("Allow", r#"["oss:GetObject","oss:Delete*"]"#, "2", "")]);
        let narrow = policy(&[("Allow", r#"["oss:DeleteObject"]"#, "2", "")]);
        let limited = policy(&[("Allow", r#"["oss:DeleteObject"]"#, "2", FROM)]);
        for (before, after) in
            [(&wide, &narrow), (&narrow, &limited), (&limited, &limited), (&wide, &Document::default())]
        {
            assert_eq!(new(before, after), [""; 0], "{after:?}");
        }
        assert_eq!(new(&limited, &narrow), ["oss:deleteobject"], "the limit goes");
        assert!(!new(&narrow, &wide).is_empty());
        let another = policy(&[("Allow", r#"["oss:DeleteObject"]"#, "3", "")]);
        assert_eq!(new(&narrow, &another), ["oss:deleteobject"]);
        let everybody = policy(&[("Allow", r#"["oss:DeleteObject"]"#, "*", FROM)]);
        assert_eq!(new(&narrow, &everybody), ["oss:deleteobject"]);
        assert_eq!(new(&everybody, &limited), [""; 0]);
    }
}
