//! A bucket policy as far as its meaning goes: in which order, letter case or list form it is written says nothing.

use std::collections::{BTreeMap, BTreeSet};

use plugin::value::Value;
use serde_json::{Map, Value as Json};

use crate::json;

/// The only version of the policy language.
const VERSION: &str = "1";

/// A policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) statements: BTreeSet<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Statement {
    pub(super) allows: bool,
    pub(super) actions: Scope,
    pub(super) principals: Scope,
    pub(super) resources: Scope,
    /// Operator, key, values.
    pub(super) conditions: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Members that have no meaning here, such as a statement's id.
    others: BTreeMap<String, String>,
}

/// What a statement is for: what matches one of the patterns, or everything else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Scope {
    pub(super) is_exception: bool,
    pub(super) patterns: BTreeSet<String>,
}

impl Scope {
    /// Whether one of these falls under it, by a pattern's `matches`.
    pub(super) fn covers(&self, matches: impl Fn(&str) -> bool) -> bool {
        self.patterns.iter().any(|pattern| matches(pattern)) != self.is_exception
    }

    /// Whether all that falls under the other falls under it, as far as the patterns show.
    fn includes(&self, other: &Self) -> bool {
        if self.is_exception || other.is_exception {
            return self == other;
        }
        other.patterns.iter().all(|narrow| self.patterns.iter().any(|wide| fits(wide, narrow)))
    }
}

impl Document {
    /// Reads a policy; the error says what the service would refuse and how to write it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        json::object(text)?;
        let document: Map<String, Json> =
            serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}."))?;
        if document.get("Version").and_then(Json::as_str) != Some(VERSION) {
            return Err(format!("The policy has to say Version = {VERSION:?}, as a string."));
        }
        let statements = match document.get("Statement") {
            Some(Json::Array(statements)) if !statements.is_empty() => statements.as_slice(),
            Some(one @ Json::Object(_)) => std::slice::from_ref(one),
            _ => return Err("The policy has no Statement. Write a list with at least one.".to_owned()),
        };
        let read = |(at, statement)| {
            Statement::read(statement).map_err(|why| format!("Statement {at} of the policy {why}"))
        };
        Ok(Self { statements: (1..).zip(statements).map(read).collect::<Result<_, _>>()? })
    }
}

impl Statement {
    fn read(statement: &Json) -> Result<Self, String> {
        let Json::Object(members) = statement else {
            return Err("is not an object.".to_owned());
        };
        let mut members = members.clone();
        let allows = match members.remove("Effect").as_ref().and_then(Json::as_str) {
            Some("Allow") => true,
            Some("Deny") => false,
            _ => return Err("needs Effect, \"Allow\" or \"Deny\".".to_owned()),
        };
        // Names of actions are the same in any letter case (RAM user guide, policy elements).
        let lower = |scope: Scope| Scope {
            patterns: scope.patterns.iter().map(|name| name.to_ascii_lowercase()).collect(),
            ..scope
        };
        Ok(Self {
            allows,
            actions: lower(scope(&mut members, "Action")?),
            principals: scope(&mut members, "Principal")?,
            resources: scope(&mut members, "Resource")?,
            conditions: conditions(members.remove("Condition").unwrap_or(Json::Null))?,
            others: members.into_iter().map(|(name, value)| (name, value.to_string())).collect(),
        })
    }

    /// Whether it is for all that the other is for, whenever that one is.
    pub(super) fn includes(&self, other: &Self) -> bool {
        self.actions.includes(&other.actions)
            && self.principals.includes(&other.principals)
            && self.resources.includes(&other.resources)
            && other.is_limited_like(self)
    }

    /// Whether its conditions ask for all that those of the other do.
    pub(super) fn is_limited_like(&self, other: &Self) -> bool {
        other.conditions.iter().all(|(operator, keys)| {
            let now = self.conditions.get(operator);
            keys.iter().all(|(key, values)| {
                now.and_then(|keys| keys.get(key)).is_some_and(|now| {
                    // More values let more through, except where they say what must not be.
                    if operator.contains("Not") { now.is_superset(values) } else { now.is_subset(values) }
                })
            })
        })
    }

    /// One line about the statement.
    pub(super) fn describe(&self) -> String {
        let list = |scope: &Scope| {
            let names: Vec<&str> = scope.patterns.iter().map(String::as_str).collect();
            format!("{}{}", if scope.is_exception { "all but " } else { "" }, names.join(", "))
        };
        let effect = if self.allows { "Allow" } else { "Deny" };
        let mut text = format!(
            "{effect} {} to {} on {}",
            list(&self.actions),
            list(&self.principals),
            list(&self.resources)
        );
        for (operator, keys) in &self.conditions {
            for (key, values) in keys {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                text.push_str(&format!(" if {operator} {key} = {}", values.join(" or ")));
            }
        }
        text
    }
}

/// The member, or its opposite with `Not` in front.
fn scope(members: &mut Map<String, Json>, name: &str) -> Result<Scope, String> {
    let wrong = || format!("needs {name}, a string or a list of strings.");
    let (value, is_exception) = match (members.remove(name), members.remove(&format!("Not{name}"))) {
        (Some(value), None) => (value, false),
        (None, Some(value)) => (value, true),
        (Some(_), Some(_)) => return Err(format!("has {name} and Not{name}; only one of them is possible.")),
        (None, None) => return Err(wrong()),
    };
    let patterns = texts(&value).filter(|patterns| !patterns.is_empty()).ok_or_else(wrong)?;
    Ok(Scope { is_exception, patterns })
}

fn conditions(value: Json) -> Result<BTreeMap<String, BTreeMap<String, BTreeSet<String>>>, String> {
    let wrong = || "has a Condition that is not { operator = { key = values } }.".to_owned();
    let operators = match value {
        Json::Null => return Ok(BTreeMap::new()),
        Json::Object(operators) => operators,
        _ => return Err(wrong()),
    };
    let read = |(operator, keys): (String, Json)| {
        let Json::Object(keys) = keys else { return Err(wrong()) };
        let keys = keys.into_iter().map(|(key, values)| Ok((key, texts(&values).ok_or_else(wrong)?)));
        Ok((operator, keys.collect::<Result<_, String>>()?))
    };
    operators.into_iter().map(read).collect()
}

/// One value, or a list of them; truth values and numbers may be written with or without quotes.
fn texts(value: &Json) -> Option<BTreeSet<String>> {
    fn text(value: &Json) -> Option<String> {
        match value {
            Json::String(text) => Some(text.clone()),
            Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
            _ => None,
        }
    }
    match value {
        Json::Array(values) => values.iter().map(text).collect(),
        one => text(one).map(|text| BTreeSet::from([text])),
    }
}

/// Whether two texts are the same policy.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    let parse = |value: &Value| Document::parse(value.as_str()?).ok();
    match (parse(one), parse(other)) {
        (Some(one), Some(other)) => one == other,
        _ => json::same(one, other),
    }
}

/// Whether a text fits a pattern, in which `*` stands for anything and `?` for one character.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let mut reached = BTreeSet::from([0]);
    let pattern: Vec<char> = pattern.chars().collect();
    let through_stars = |reached: BTreeSet<usize>| {
        let mut all = BTreeSet::new();
        for mut at in reached {
            all.insert(at);
            while pattern.get(at) == Some(&'*') {
                at += 1;
                all.insert(at);
            }
        }
        all
    };
    reached = through_stars(reached);
    for character in text.chars() {
        let next = reached.iter().filter_map(|at| match pattern.get(*at) {
            Some('*') => Some(*at),
            Some('?') => Some(at + 1),
            Some(expected) if *expected == character => Some(at + 1),
            _ => None,
        });
        reached = through_stars(next.collect());
    }
    reached.contains(&pattern.len())
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
