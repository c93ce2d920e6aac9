//! Checks between rules: the service takes no two rules for the same objects, and no two with nested prefixes and the
//! same action, unless that is asked for.

use std::collections::BTreeMap;

use plugin::{Attr, Diagnostic, Diagnostics, Path};

use super::model::{LifecycleModel, RuleModel};

const ABORT: &str = "abort_multipart_upload";

pub(super) fn check(config: &LifecycleModel, rules: &BTreeMap<String, RuleModel>, found: &mut Diagnostics) {
    if config.allow_same_action_overlap.is_unknown() {
        return;
    }
    let allowed = config.allows_overlap();
    let rules: Vec<(&String, &RuleModel)> = rules.iter().collect();
    for (at, (id, rule)) in rules.iter().enumerate() {
        for (other_id, other) in &rules[at + 1..] {
            let (Some(prefix), Some(other_prefix)) = (rule.known_prefix(), other.known_prefix()) else {
                continue;
            };
            if !prefix.starts_with(other_prefix) && !other_prefix.starts_with(prefix) {
                continue;
            }
            let path = Path::attribute("rules").key(*other_id);
            let same_tags = match (&rule.tags, &other.tags) {
                (Attr::Unknown(_), _) | (_, Attr::Unknown(_)) => false,
                (one, two) => one.get().into_iter().flatten().eq(two.get().into_iter().flatten()),
            };
            if !allowed && prefix == other_prefix && same_tags {
                found.push(same_objects(id, other_id, prefix).at(path));
                continue;
            }
            let common = actions(rule).into_iter().filter(|action| actions(other).contains(action));
            for action in common.filter(|action| !allowed || *action == ABORT) {
                found.push(
                    same_action(action, id, prefix, other_id, other_prefix).at(path.clone().child(action)),
                );
            }
        }
    }
}

fn same_objects(id: &str, other: &str, prefix: &str) -> Diagnostic {
    let scope =
        if prefix.is_empty() { "the whole bucket".to_owned() } else { format!("the prefix {prefix:?}") };
    Diagnostic::error(
        format!("Lifecycle rules {id:?} and {other:?} are for the same objects"),
        format!(
            "Both are for {scope}, with the same tags. Put their actions into one rule, give one of them another prefix, or \
             set allow_same_action_overlap = true."
        ),
    )
}

fn same_action(action: &str, id: &str, prefix: &str, other: &str, other_prefix: &str) -> Diagnostic {
    let scope = |prefix: &str| {
        if prefix.is_empty() { "the whole bucket".to_owned() } else { format!("prefix {prefix:?}") }
    };
    let way_out = if action == ABORT {
        "Unfinished uploads may be covered by one rule only, whatever allow_same_action_overlap says: keep one of them."
    } else {
        "Choose prefixes that are not nested, or set allow_same_action_overlap = true: then the longer prefix wins."
    };
    Diagnostic::error(
        format!("Lifecycle rules {id:?} and {other:?} overlap"),
        format!(
            "Both have {action}, and an object can fall under both: {id:?} is for {}, {other:?} for {}. {way_out}",
            scope(prefix),
            scope(other_prefix)
        ),
    )
}

fn actions(rule: &RuleModel) -> Vec<&'static str> {
    fn moves<T>(map: &Attr<BTreeMap<String, T>>) -> bool {
        map.get().is_some_and(|map| !map.is_empty())
    }
    let present = [
        (rule.expiration.get().is_some(), "expiration"),
        (moves(&rule.transitions), "transitions"),
        (rule.noncurrent_version_expiration.get().is_some(), "noncurrent_version_expiration"),
        (moves(&rule.noncurrent_version_transitions), "noncurrent_version_transitions"),
        (rule.abort_multipart_upload.get().is_some(), ABORT),
    ];
    present.into_iter().filter_map(|(is_there, action)| is_there.then_some(action)).collect()
}
