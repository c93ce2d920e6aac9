//! Moves that the bucket's own storage class rules out: objects are born in it, and only move to colder ones (OSS
//! developer guide, "Lifecycle rules").

use std::collections::BTreeMap;

use plugin::{Attr, Diagnostic, Diagnostics, Path};

use super::check::CLASSES;
use super::model::RuleModel;

/// Refuses moves to a class that is not colder than the bucket's.
pub(super) fn check(bucket: &str, born: &str, rules: &BTreeMap<String, RuleModel>, found: &mut Diagnostics) {
    // Everything is colder than a class that is not in the list, which is Standard.
    let Some(warmest) = CLASSES.iter().position(|class| *class == born) else { return };
    for (id, rule) in rules {
        let moves = [
            ("transitions", classes(&rule.transitions)),
            ("noncurrent_version_transitions", classes(&rule.noncurrent_version_transitions)),
        ];
        let moves = moves.into_iter().flat_map(|(name, all)| all.into_iter().map(move |one| (name, one)));
        for (attribute, class) in moves {
            if CLASSES.iter().position(|known| *known == class).is_some_and(|rank| rank <= warmest) {
                let colder = CLASSES[warmest + 1..].join(", ");
                let colder = if colder.is_empty() { "nothing".to_owned() } else { colder };
                found.push(
                    Diagnostic::error(
                        format!("Lifecycle rule {id:?} moves to a class that is not colder"),
                        format!(
                            "{attribute} moves objects to {class}, and bucket {bucket:?} is of class {born}: its objects can \
                             move to {colder} only. Remove the move, or keep the evidence in a bucket of class Standard."
                        ),
                    )
                    .at(Path::attribute("rules").key(id).child(attribute).key(class)),
                );
            }
        }
    }
}

fn classes<T>(moves: &Attr<BTreeMap<String, T>>) -> Vec<&str> {
    moves.get().into_iter().flat_map(BTreeMap::keys).map(String::as_str).collect()
}
