//! Lifecycle rules, in the two forms in which resources declare them.

use baseline::Fact;
use baseline::facts::{LifecycleRule, Transition, When};
use time::Date;
use time::macros::format_description;

use crate::node::{Node, not_yet};

/// The rules of `alitrail_oss_bucket_lifecycle`: a map by id.
pub(super) fn separate(node: Node<'_>) -> Fact<Vec<LifecycleRule>> {
    let rules = node.get("rules");
    if rules.is_unknown() {
        return not_yet("rules");
    }
    all(rules.members().into_iter().map(|(id, node)| {
        let enabled = node.text("status");
        rule(node, id.to_owned(), enabled.map(|status| status == "Enabled"), "transitions")
    }))
}

/// The blocks `lifecycle_rule` of `alicloud_oss_bucket`.
pub(super) fn inline(node: Node<'_>) -> Fact<Vec<LifecycleRule>> {
    if node.is_unknown() {
        return not_yet("lifecycle_rule");
    }
    all(node.items().into_iter().enumerate().map(|(at, node)| {
        // An id that is left out is given by the service.
        let id = node.text("id").known().cloned().unwrap_or_else(|| format!("rule {}", at + 1));
        rule(node, id, node.flag("enabled"), "transitions")
    }))
}

fn all(rules: impl Iterator<Item = Fact<LifecycleRule>>) -> Fact<Vec<LifecycleRule>> {
    let mut found = Vec::new();
    for rule in rules {
        match rule {
            Fact::Known(rule) => found.push(rule),
            Fact::Unknown(why) => return Fact::Unknown(why),
            _ => {}
        }
    }
    if found.is_empty() { Fact::Absent } else { Fact::Known(found) }
}

fn rule(node: Node<'_>, id: String, enabled: Fact<bool>, transitions: &str) -> Fact<LifecycleRule> {
    let enabled = match enabled {
        Fact::Unknown(why) => return Fact::Unknown(why),
        enabled => enabled.known().copied().unwrap_or(true),
    };
    let prefix = match node.text("prefix") {
        Fact::Unknown(why) => return Fact::Unknown(why),
        prefix => prefix.known().cloned().unwrap_or_default(),
    };
    let expiration = match part(node, "expiration") {
        Ok(part) => part,
        Err(why) => return Fact::Unknown(why),
    };
    let noncurrent = match node.get("noncurrent_version_expiration").first() {
        None => None,
        Some(part) => match part.number("days") {
            Fact::Unknown(why) => return Fact::Unknown(why),
            days => Some(days.known().copied().unwrap_or(0)),
        },
    };
    let nots = node.get("filter").first().map(|filter| filter.get("not").items()).unwrap_or_default();
    Fact::Known(LifecycleRule {
        id,
        enabled,
        prefix,
        has_tags: !node.get("tags").members().is_empty(),
        except_prefixes: nots
            .into_iter()
            .filter(|not| not.get("tag").items().is_empty())
            .filter_map(|not| not.text("prefix").known().cloned())
            .collect(),
        expiration,
        noncurrent_expiration_days: noncurrent,
        transitions: steps(node.get(transitions)),
        aborts_uploads: !node.get("abort_multipart_upload").items().is_empty(),
    })
}

/// When an action takes place, if it is there.
fn part(node: Node<'_>, name: &str) -> Result<Option<When>, String> {
    let Some(part) = node.get(name).first() else { return Ok(None) };
    if part.is_unknown() {
        return Err(format!("{name} is known after the apply only"));
    }
    // Removing delete markers deletes nothing that was written.
    if part.flag("expired_object_delete_marker").known() == Some(&true) {
        return Ok(None);
    }
    for member in ["days", "created_before_date", "date"] {
        if part.get(member).is_unknown() {
            return Err(format!("{name}.{member} is known after the apply only"));
        }
    }
    // One that cannot be read deletes at once, so that it is not overlooked.
    Ok(Some(when(part).unwrap_or(When::Days(0))))
}

fn when(node: Node<'_>) -> Option<When> {
    // An unset number is 0 in the states of older plugins, which no action has.
    if let Some(days) = node.number("days").known().filter(|days| **days > 0) {
        return Some(When::Days(*days));
    }
    let text =
        ["created_before_date", "date"].into_iter().find_map(|name| node.text(name).known().cloned())?;
    let form = format_description!("[year]-[month]-[day]");
    Some(When::Before(Date::parse(text.get(..10)?, form).ok()?))
}

fn steps(node: Node<'_>) -> Vec<Transition> {
    if node.value().is_object() {
        let step =
            |(class, node): (&str, Node<'_>)| Some(Transition { class: class.to_owned(), when: when(node)? });
        return node.members().into_iter().filter_map(step).collect();
    }
    let step = |node: Node<'_>| {
        Some(Transition { class: node.text("storage_class").known()?.clone(), when: when(node)? })
    };
    node.items().into_iter().filter_map(step).collect()
}

/// What rules delete earlier than other rules did: the id of the rule, what it deletes, and when.
pub(crate) fn ends_early(
    before: &[LifecycleRule],
    after: &[LifecycleRule],
) -> Vec<(String, &'static str, When, Option<When>)> {
    let mut found: Vec<(String, &'static str, When, Option<When>)> = Vec::new();
    for (things, end) in KINDS {
        for probe in after.iter().chain(before) {
            let Some((rule, new)) = decides(after, probe, end) else { continue };
            let old = decides(before, probe, end).map(|(_, old)| old);
            let is_no_earlier = old.is_some_and(|old| !earlier(new, old));
            if !is_no_earlier && !found.iter().any(|(id, known, ..)| *id == rule.id && *known == things) {
                found.push((rule.id.clone(), things, new, old));
            }
        }
    }
    found
}

type End = fn(&LifecycleRule) -> Option<When>;

const KINDS: [(&str, End); 2] = [
    ("objects", |rule| rule.expiration),
    ("old versions", |rule| rule.noncurrent_expiration_days.map(When::Days)),
];

/// The rule that decides when objects like those of `probe` are deleted: of those that are for all of them the one with the
/// longest prefix, and of several such the one that deletes first.
fn decides<'r>(
    rules: &'r [LifecycleRule],
    probe: &LifecycleRule,
    end: End,
) -> Option<(&'r LifecycleRule, When)> {
    let covering: Vec<(&LifecycleRule, When)> = rules
        .iter()
        .filter(|rule| rule.enabled && covers(rule, probe))
        .filter_map(|rule| Some((rule, end(rule)?)))
        .collect();
    let longest = covering.iter().map(|(rule, _)| rule.prefix.len()).max()?;
    covering
        .into_iter()
        .filter(|(rule, _)| rule.prefix.len() == longest)
        .reduce(|one, other| if earlier(other.1, one.1) { other } else { one })
}

/// Whether `rule` is for all objects that `probe` is for.
fn covers(rule: &LifecycleRule, probe: &LifecycleRule) -> bool {
    probe.prefix.starts_with(&rule.prefix)
        && (!rule.has_tags || (probe.has_tags && probe.id == rule.id))
        && (rule.except_prefixes.is_empty() || rule.except_prefixes == probe.except_prefixes)
}

fn earlier(new: When, old: When) -> bool {
    match (new, old) {
        (When::Days(new), When::Days(old)) => new < old,
        // A later day deletes more.
        (When::Before(new), When::Before(old)) => new > old,
        _ => true,
    }
}
