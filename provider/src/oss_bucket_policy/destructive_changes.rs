//! What a change of policy opens to others or stops keeping.

use plugin::{DestructiveChange, Path};
use reconciler::bucket_document::deletion::newly_allowed;
use reconciler::bucket_document::exposure::{is_public, takes_nothing};
use reconciler::bucket_document::policy::{Document, Statement};

use super::model::PolicyModel;
use crate::scope::Scoped;

/// What is no longer closed once `prior` becomes `planned`, or is removed.
pub(super) fn destructive_changes(
    prior: &PolicyModel,
    planned: Option<&PolicyModel>,
) -> Vec<DestructiveChange> {
    let before = prior.document();
    let after = match planned {
        None => Some(Document::default()),
        Some(planned) => planned.document(),
    };
    match (before, after) {
        (Some(before), Some(after)) => changes(prior.name(), prior.account_id().as_str(), &before, &after),
        // What is not known yet is told when it is.
        _ => Vec::new(),
    }
}

/// What is no longer closed once one policy becomes the other. No policy is an empty one. `account` owns the bucket.
pub(super) fn changes(
    bucket: &str,
    account: Option<&str>,
    before: &Document,
    after: &Document,
) -> Vec<DestructiveChange> {
    let mut destructive_changes = Vec::new();
    let mut lose = |summary: String, detail: String| {
        destructive_changes.push(DestructiveChange { path: Path::attribute("policy"), summary, detail });
    };
    for statement in after.statements.difference(&before.statements).filter(|statement| is_public(statement))
    {
        lose(
            format!("bucket {bucket:?} is opened to the world"),
            format!("From the apply on, its policy lets everybody in: {}.", statement.describe()),
        );
    }
    for allowed in newly_allowed(account, before, after) {
        // That one is told already, with all that it allows.
        if is_public(allowed.statement) {
            continue;
        }
        let permissions: Vec<&str> = allowed.permissions.iter().map(String::as_str).collect();
        lose(
            format!("bucket {bucket:?} lets others delete evidence"),
            format!(
                "From the apply on, its policy allows {} to somebody outside of the account that owns the bucket: {}.",
                permissions.join(", "),
                allowed.statement.describe()
            ),
        );
    }
    let is_kept =
        |denial: &Statement| after.statements.iter().any(|kept| !kept.allows && kept.includes(denial));
    for statement in before.statements.iter().filter(|statement| !statement.allows && !is_kept(statement)) {
        lose(
            format!("bucket {bucket:?} refuses less"),
            format!("From the apply on, its policy no longer says: {}.", statement.describe()),
        );
    }
    if takes_nothing(after, bucket) && !takes_nothing(before, bucket) {
        lose(
            format!("bucket {bucket:?} takes no new objects"),
            "From the apply on, its policy refuses every write, also those of trails that deliver to it: their events \
             no longer arrive."
                .to_owned(),
        );
    }
    destructive_changes
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    fn statement(effect: &str, action: &str, principal: &str) -> String {
        format!(
            r#"{{"Effect":"{effect}","Action":"{action}","Principal":"{principal}","Resource":"acs:oss:*:1:audit/*"}}"#
        )
    }

    fn policy(statements: &[String]) -> PolicyModel {
        PolicyModel {
            bucket: "audit".into(),
            policy: format!(r#"{{"Version":"1","Statement":[{}]}}"#, statements.join(",")).into(),
            ..PolicyModel::default()
        }
    }

    fn summaries(prior: &PolicyModel, planned: Option<&PolicyModel>) -> Vec<String> {
        destructive_changes(prior, planned)
            .into_iter()
            .map(|destructive_change| destructive_change.summary)
            .collect()
    }

    #[test]
    fn opening_and_refusing_less_are_losses() {
        let guard = statement("Deny", "oss:DeleteObject", "*");
        let open = statement("Allow", "oss:GetObject", "*");
        let closed = policy(&[guard.clone(), statement("Allow", "oss:GetObject", "1")]);
        assert_eq!(summaries(&closed, None), ["bucket \"audit\" refuses less"]);
        assert_eq!(
            summaries(&closed, Some(&policy(&[guard.clone(), open.clone()]))),
            ["bucket \"audit\" is opened to the world"]
        );
        assert_eq!(summaries(&closed, Some(&policy(from_ref(&open)))).len(), 2);
        // What is written in another way and refuses as much is no loss.
        let more = statement("Deny", "oss:Delete*", "*");
        assert!(summaries(&policy(from_ref(&guard)), Some(&policy(from_ref(&more)))).is_empty());
        assert_eq!(
            summaries(&policy(&[more]), Some(&policy(from_ref(&guard)))),
            ["bucket \"audit\" refuses less"]
        );
        // Allowing less and refusing more lose nothing, and neither does what was so before.
        assert!(
            summaries(&policy(&[guard.clone(), open.clone()]), Some(&policy(from_ref(&guard)))).is_empty()
        );
        assert!(summaries(&policy(from_ref(&open)), Some(&policy(&[open.clone(), guard]))).is_empty());
    }

    #[test]
    fn a_bucket_that_takes_nothing_gets_no_more_events() {
        let read = policy(&[statement("Allow", "oss:GetObject", "1")]);
        let shut = policy(&[statement("Deny", "oss:Put*", "*")]);
        assert_eq!(summaries(&read, Some(&shut)), ["bucket \"audit\" takes no new objects"]);
        assert!(summaries(&shut, Some(&shut)).is_empty());
        assert!(summaries(&read, Some(&policy(&[statement("Deny", "oss:Put*", "1")]))).is_empty());
    }
}
