//! The policy of a bucket, and its meaning: in which order, letter case or list form it is written says nothing.

use std::collections::{BTreeMap, BTreeSet};

use alibaba::Error;
use alibaba::oss::Oss;
use serde_json::{Map, Value as Json};

/// The only version of the policy language.
const VERSION: &str = "1";

/// A policy as it is written.
#[derive(Debug, Clone, Default)]
pub struct PolicyText(pub String);

impl super::Document for PolicyText {
    const NAME: &'static str = "policy";

    async fn get(&self, oss: &Oss, bucket: &str) -> Result<Option<Self>, Error> {
        Ok(oss.get_bucket_policy(bucket).await?.map(Self))
    }

    async fn put(&self, oss: &Oss, bucket: &str) -> Result<(), Error> {
        oss.put_bucket_policy(bucket, &self.0).await
    }

    async fn delete(oss: &Oss, bucket: &str) -> Result<(), Error> {
        oss.delete_bucket_policy(bucket).await
    }

    fn is_as(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

/// The meaning of a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// What it says, in any order.
    pub statements: BTreeSet<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    /// Whether it allows; otherwise it denies.
    pub allows: bool,
    /// Names of actions, in lower case.
    pub actions: Patterns,
    /// Accounts, users and roles.
    pub principals: Patterns,
    /// Buckets and objects.
    pub resources: Patterns,
    /// Operator, key, values.
    pub conditions: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Members that have no meaning here, such as a statement's id.
    others: BTreeMap<String, String>,
}

/// What a statement is for: what matches one of the patterns, or everything else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Patterns {
    /// Whether it is for everything else.
    pub is_exception: bool,
    /// With `*` and `?`; see [`fits`].
    pub patterns: BTreeSet<String>,
}

impl Patterns {
    /// Whether one of these falls under it, by a pattern's `matches`.
    #[must_use]
    pub fn covers(&self, matches: impl Fn(&str) -> bool) -> bool {
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
    /// Reads a policy.
    ///
    /// # Errors
    /// What the service would refuse, and how to write it.
    pub fn parse(text: &str) -> Result<Self, String> {
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
        let lower = |scope: Patterns| Patterns {
            patterns: scope.patterns.iter().map(|name| name.to_ascii_lowercase()).collect(),
            ..scope
        };
        // A list of no principals is everybody (OSS developer guide, "Policy syntax and elements").
        if members.get("Principal").and_then(Json::as_array).is_some_and(Vec::is_empty) {
            members.insert("Principal".to_owned(), Json::from("*"));
        }
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
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.actions.includes(&other.actions)
            && self.principals.includes(&other.principals)
            && self.resources.includes(&other.resources)
            && other.is_limited_like(self)
    }

    /// Whether its conditions ask for all that those of the other do.
    #[must_use]
    pub fn is_limited_like(&self, other: &Self) -> bool {
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
    #[must_use]
    pub fn describe(&self) -> String {
        let list = |scope: &Patterns| {
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
fn scope(members: &mut Map<String, Json>, name: &str) -> Result<Patterns, String> {
    let wrong = || format!("needs {name}, a string or a list of strings.");
    let (value, is_exception) = match (members.remove(name), members.remove(&format!("Not{name}"))) {
        (Some(value), None) => (value, false),
        (None, Some(value)) => (value, true),
        (Some(_), Some(_)) => return Err(format!("has {name} and Not{name}; only one of them is possible.")),
        (None, None) => return Err(wrong()),
    };
    let patterns = texts(&value).filter(|patterns| !patterns.is_empty()).ok_or_else(wrong)?;
    Ok(Patterns { is_exception, patterns })
}

fn conditions(value: Json) -> Result<BTreeMap<String, BTreeMap<String, BTreeSet<String>>>, String> {
    let wrong = || "has a Condition that is not { operator = { key = values } }.".to_owned();
    let operators = match value {
        Json::Null => return Ok(BTreeMap::new()),
        Json::Object(operators) => operators,
        _ => return Err(wrong()),
    };
    let mut read: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (operator, keys) in operators {
        let Json::Object(keys) = keys else { return Err(wrong()) };
        let operator = canonical_operator(&operator);
        let of_operator = read.entry(operator.clone()).or_default();
        for (key, values) in keys {
            let mut values = texts(&values).ok_or_else(wrong)?;
            if operator == "Bool" {
                values = values.iter().map(|value| value.to_ascii_lowercase()).collect();
            }
            of_operator.entry(key).or_default().extend(values);
        }
    }
    Ok(read)
}

/// The operators of conditions (RAM user guide, "Policy elements").
const OPERATORS: [&str; 19] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateGreaterThan",
    "Bool",
    "IpAddress",
    "NotIpAddress",
];

/// An operator in the vendor's spelling, in whatever letter case it is written; an unknown one as it is.
fn canonical_operator(operator: &str) -> String {
    let known = OPERATORS.into_iter().find(|known| known.eq_ignore_ascii_case(operator));
    known.unwrap_or(operator).to_owned()
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

/// Whether two texts are the same policy. What is not a policy has no other meaning than its JSON.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let json = |text: &str| serde_json::from_str::<Json>(text).ok();
    match (Document::parse(one), Document::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => json(one).is_some_and(|one| json(other) == Some(one)),
    }
}

/// Whether a text fits a pattern, in which `*` stands for anything and `?` for one character.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
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
#[path = "policy_tests.rs"]
mod tests;
