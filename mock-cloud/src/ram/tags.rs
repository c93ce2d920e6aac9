//! Tags of roles and of the account's own policies: TagResources, UntagResources and ListTagResources (RAM API reference,
//! version 2015-05-01), and the `Tag` parameter of CreateRole and CreatePolicy. SDKs write lists as JSON texts
//! (`ResourceNames=["a"]`) or as numbered parameters (`ResourceNames.1=a`): both are read. Codes of the refusals are assumed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{State, policies, roles};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};

/// Tags that one resource may have, and that one call may name (RAM API reference, TagResources).
const TAGS: usize = 20;
/// Resources that one call may name.
const RESOURCES: usize = 50;
/// Characters of a tag's key and value.
const LENGTHS: (usize, usize) = (128, 256);

/// Tags by key.
pub(crate) type Tags = BTreeMap<String, String>;

/// What can have tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Role,
    Policy,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Policy => "policy",
        }
    }

    fn read(call: &Call) -> Result<Self, Error> {
        match rpc::required(call, "ResourceType")? {
            "role" => Ok(Self::Role),
            "policy" => Ok(Self::Policy),
            _ => Err(invalid("ResourceType", "ResourceType must be role or policy.")),
        }
    }

    /// The tags of a resource, whose name counts in any letter case if it is a role's.
    fn tags<'w>(self, state: &'w mut State, name: &str) -> Result<&'w mut Tags, Error> {
        match self {
            Self::Role => {
                let mut all = state.roles.iter_mut();
                let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
                found.map(|(_, role)| &mut role.tags).ok_or_else(|| roles::missing(name))
            }
            Self::Policy => {
                let found = state.policies.get_mut(name);
                found.map(|policy| &mut policy.tags).ok_or_else(|| policies::missing(name))
            }
        }
    }

    /// All resources of the kind with their tags.
    fn all(self, state: &State) -> Vec<(&String, &Tags)> {
        match self {
            Self::Role => state.roles.iter().map(|(name, role)| (name, &role.tags)).collect(),
            Self::Policy => state.policies.iter().map(|(name, policy)| (name, &policy.tags)).collect(),
        }
    }
}

fn invalid(name: &str, message: &str) -> Error {
    Error::new(400, format!("InvalidParameter.{name}"), message)
}

/// A list parameter: a JSON text, or its items as `NAME.1`, `NAME.2` and so on.
fn list(call: &Call, name: &str) -> Result<Vec<String>, Error> {
    if let Some(text) = rpc::text(call, name) {
        return serde_json::from_str(text).map_err(|_| invalid(name, "The text is no JSON list of texts."));
    }
    let numbered = (1..).map_while(|number| rpc::text(call, &format!("{name}.{number}")).map(str::to_owned));
    Ok(numbered.collect())
}

/// A tag as parameters write it. A tag without a value has an empty one.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pair {
    key: String,
    value: Option<String>,
}

/// The tags that a call gives, in either way; empty when it gives none.
pub(super) fn given(call: &Call) -> Result<Vec<(String, Option<String>)>, Error> {
    let pairs: Vec<(String, Option<String>)> = match rpc::text(call, "Tag") {
        Some(text) => {
            let pairs: Vec<Pair> = serde_json::from_str(text)
                .map_err(|_| invalid("Tag", "The text is no JSON list of tags."))?;
            pairs.into_iter().map(|pair| (pair.key, pair.value)).collect()
        }
        None => (1..)
            .map_while(|number| {
                let key = rpc::text(call, &format!("Tag.{number}.Key"))?.to_owned();
                Some((key, call.param(&format!("Tag.{number}.Value")).map(str::to_owned)))
            })
            .collect(),
    };
    let fits = |(key, value): &(String, Option<String>)| {
        let reserved = ["aliyun", "acs:"].iter().any(|start| key.starts_with(start));
        let long = key.chars().count() > LENGTHS.0
            || value.as_deref().is_some_and(|value| value.chars().count() > LENGTHS.1);
        !(key.is_empty() || reserved || long || key.contains("://"))
    };
    if pairs.len() > TAGS || !pairs.iter().all(fits) {
        return Err(invalid("Tag", "The tags are too many, or a key or value is not valid."));
    }
    Ok(pairs)
}

/// The tags of something that is being made.
pub(super) fn of_new(call: &Call) -> Result<Tags, Error> {
    Ok(given(call)?.into_iter().map(|(key, value)| (key, value.unwrap_or_default())).collect())
}

/// Whether there are all the tags that a list asks for: by key, or by key and value.
pub(super) fn match_all(tags: &Tags, wanted: &[(String, Option<String>)]) -> bool {
    wanted.iter().all(|(key, value)| {
        tags.get(key).is_some_and(|found| value.as_ref().is_none_or(|value| value == found))
    })
}

/// Tags as lists of roles and policies show them.
pub(super) fn describe(tags: &Tags) -> Value {
    let all: Vec<Value> =
        tags.iter().map(|(key, value)| json!({ "TagKey": key, "TagValue": value })).collect();
    json!({ "Tag": all })
}

/// The resources that a call names.
fn names(call: &Call) -> Result<Vec<String>, Error> {
    let names = list(call, "ResourceNames")?;
    if names.len() > RESOURCES {
        return Err(invalid("ResourceNames", "The call names too many resources."));
    }
    Ok(names)
}

/// The resources that a call changes, one at least.
fn named(call: &Call) -> Result<Vec<String>, Error> {
    let names = names(call)?;
    if names.is_empty() { Err(Error::missing("ResourceNames")) } else { Ok(names) }
}

/// Adds tags to all the resources, or to none when one of them is missing.
pub(super) fn tag(cloud: &mut CloudState, call: &Call) -> Outcome {
    let (kind, names) = (Kind::read(call)?, named(call)?);
    let added = of_new(call)?;
    if added.is_empty() {
        return Err(Error::missing("Tag"));
    }
    let state = policies::state(cloud, call);
    for name in &names {
        let mut together = kind.tags(state, name)?.clone();
        together.extend(added.clone());
        if together.len() > TAGS {
            let message = format!("A resource has at most {TAGS} tags.");
            return Err(Error::new(409, "LimitExceeded.Tag", message));
        }
    }
    for name in &names {
        kind.tags(state, name)?.extend(added.clone());
    }
    Ok(json!({}))
}

/// Takes tags away by key, or all of them; a key that is not there is passed over.
pub(super) fn untag(cloud: &mut CloudState, call: &Call) -> Outcome {
    let (kind, names) = (Kind::read(call)?, named(call)?);
    let keys = list(call, "TagKeys")?;
    let all = rpc::flag(call, "All", "InvalidParameter.All")?;
    if keys.is_empty() && !all {
        return Err(Error::missing("TagKeys"));
    }
    let state = policies::state(cloud, call);
    for name in &names {
        kind.tags(state, name)?;
    }
    for name in &names {
        kind.tags(state, name)?.retain(|key, _| !all && !keys.contains(key));
    }
    Ok(json!({}))
}

/// One element for each tag of the resources, by name or tag, in pages by `NextToken`.
pub(super) fn list_tags(cloud: &mut CloudState, call: &Call) -> Outcome {
    let kind = Kind::read(call)?;
    let (names, wanted) = (names(call)?, given(call)?);
    let size = match rpc::text(call, "PageSize") {
        None => 100,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|size| (1..=100).contains(size))
            .ok_or_else(|| invalid("PageSize", "PageSize must be between 1 and 100."))?,
    };
    let start: usize = rpc::text(call, "NextToken")
        .map_or(Ok(0), str::parse)
        .map_err(|_| invalid("NextToken", "NextToken is not one that was given out."))?;
    let state = policies::state(cloud, call);
    let same = |known: &str, name: &str| match kind {
        Kind::Role => known.eq_ignore_ascii_case(name),
        Kind::Policy => known == name,
    };
    let asked = |name: &str| names.is_empty() || names.iter().any(|known| same(known, name));
    let found = kind.all(state).into_iter().filter(|(name, tags)| asked(name) && match_all(tags, &wanted));
    let all: Vec<Value> = found
        .flat_map(|(name, tags)| {
            tags.iter().map(move |(key, value)| {
                json!({
                    "ResourceType": kind.name(),
                    "ResourceName": name,
                    "TagKey": key,
                    "TagValue": value,
                })
            })
        })
        .collect();
    let page: Vec<&Value> = all.iter().skip(start).take(size).collect();
    let next = start.saturating_add(page.len());
    let mut answer = json!({ "TagResources": page });
    if next < all.len() {
        answer["NextToken"] = json!(next.to_string());
    }
    Ok(answer)
}
