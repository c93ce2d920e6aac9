//! What depends on more than the rules (OSS developer guide, "Lifecycle rules"): the bucket's own storage class, in which
//! objects are stored unless a request names another one, and approvals that the vendor gives an account.

use std::collections::BTreeMap;

use plugin::{Attr, Diagnostic, Diagnostics, Path};

use reconciler::bucket_document::lifecycle::CLASSES;

use super::model::{RuleModel, is_true};

/// Warns of moves to a class that is not colder than the bucket's. The service takes them, because single objects can be of
/// a warmer class than their bucket.
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
                found.push(
                    Diagnostic::warning(
                        format!("Lifecycle rule {id:?} moves to a class that is not colder"),
                        format!(
                            "{attribute} moves objects to {class}, and bucket {bucket:?} is of class {born}: the rule does \
                             nothing to objects of that class, which is what a trail delivers. It concerns only objects that \
                             were written with a warmer class of their own."
                        ),
                    )
                    .at(Path::attribute("rules").key(id).child(attribute).key(class)),
                );
            }
        }
    }
}

/// Tells what the service takes only from accounts that the vendor has approved for it.
pub(super) fn approvals(rules: &BTreeMap<String, RuleModel>) -> Option<Diagnostic> {
    let mut needed = Vec::new();
    for (id, rule) in rules {
        let moves =
            rule.transitions.get().into_iter().flatten().map(|(class, one)| (class, &one.is_access_time));
        let old = rule.noncurrent_version_transitions.get().into_iter().flatten();
        let old = old.map(|(class, one)| (class, &one.is_access_time));
        let cold = moves.chain(old).find(|(class, by_access)| *class != CLASSES[0] && is_true(by_access));
        if let Some((class, _)) = cold {
            needed.push(format!("{id:?} moves to {class} by the time of the last access"));
        }
        let exclusions = rule.filter.get().and_then(|filter| filter.not.get()).map_or(0, Vec::len);
        if exclusions > 1 {
            needed.push(format!("{id:?} has {exclusions} exclusions"));
        }
    }
    if needed.is_empty() {
        return None;
    }
    let detail = format!(
        "Rule {}. The service takes that only after the vendor's support has approved it for the account; until then the \
         apply is refused. Without an approval, move to IA by access time and to colder classes by age, and exclude one \
         prefix per rule.",
        needed.join("; rule ")
    );
    Some(Diagnostic::warning("Lifecycle rules that need an approval", detail).at(Path::attribute("rules")))
}

fn classes<T>(moves: &Attr<BTreeMap<String, T>>) -> Vec<&str> {
    moves.get().into_iter().flat_map(BTreeMap::keys).map(String::as_str).collect()
}
