//! Nodes of a JSON tree by path: object members by name, list items by index.

use serde_json::{Map, Value};

/// The node at a path.
pub(super) fn find<'t>(tree: &'t Value, path: &[&str]) -> Option<&'t Value> {
    path.iter().try_fold(tree, |node, name| match node {
        Value::Object(members) => members.get(*name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The same, to be changed.
pub(super) fn find_mut<'t>(tree: &'t mut Value, path: &[&str]) -> Option<&'t mut Value> {
    path.iter().try_fold(tree, |node, name| match node {
        Value::Object(members) => members.get_mut(*name),
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Puts a value at a path, making the objects on the way to it. False when something else is in the way.
pub(super) fn put(tree: &mut Value, path: &[&str], value: Value) -> bool {
    let Some((last, way)) = path.split_last() else {
        *tree = value;
        return true;
    };
    let mut node = tree;
    for name in way {
        let next = match node {
            Value::Object(members) => {
                Some(members.entry((*name).to_owned()).or_insert_with(|| Value::Object(Map::new())))
            }
            Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
            _ => None,
        };
        let Some(next) = next else { return false };
        node = next;
    }
    match node {
        Value::Object(members) => {
            members.insert((*last).to_owned(), value);
            true
        }
        Value::Array(items) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items[index] = value;
                true
            }
            Ok(index) if index == items.len() => {
                items.push(value);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// Removes the node at a path. False when there is none.
pub(super) fn remove(tree: &mut Value, path: &[&str]) -> bool {
    let Some((last, way)) = path.split_last() else { return false };
    match find_mut(tree, way) {
        Some(Value::Object(members)) => members.remove(*last).is_some(),
        Some(Value::Array(items)) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// Applies a JSON merge patch (RFC 7396): members are merged, `null` removes, anything else replaces.
pub(super) fn merge(node: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *node = patch;
        return;
    };
    if !node.is_object() {
        *node = Value::Object(Map::new());
    }
    let Value::Object(members) = node else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// The paths at which a merge patch removes what is not there. The merged document does not show whether there can be
/// such members.
pub(super) fn absent(node: Option<&Value>, patch: &Value) -> Vec<Vec<String>> {
    let Value::Object(patch) = patch else { return Vec::new() };
    let mut paths = Vec::new();
    for (name, value) in patch {
        let member = node.and_then(|node| node.get(name));
        if value.is_null() && member.is_none() {
            paths.push(vec![name.clone()]);
        }
        let below = absent(member, value).into_iter();
        paths.extend(below.map(|path| [vec![name.clone()], path].concat()));
    }
    paths
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_puts_and_removes() {
        let mut tree = json!({ "a": { "b": [1, { "c": 2 }] } });
        assert_eq!(find(&tree, &["a", "b", "1", "c"]), Some(&json!(2)));
        assert_eq!(find(&tree, &["a", "x"]), None);
        assert!(put(&mut tree, &["a", "new", "deep"], json!(true)));
        assert!(put(&mut tree, &["a", "b", "2"], json!(3)));
        assert!(!put(&mut tree, &["a", "b", "9"], json!(3)));
        assert!(!put(&mut tree, &["a", "b", "0", "x"], json!(3)));
        assert!(remove(&mut tree, &["a", "b", "0"]));
        assert!(!remove(&mut tree, &["a", "none"]));
        assert_eq!(tree, json!({ "a": { "b": [{ "c": 2 }, 3], "new": { "deep": true } } }));
    }

    #[test]
    fn finds_what_a_patch_removes_in_vain() {
        let node = json!({ "there": 1, "in": { "x": 1 }, "list": [1] });
        let patch = json!({ "there": null, "gone": null, "in": { "x": null, "y": null }, "new": { "z": null }, "list": [null] });
        assert_eq!(absent(Some(&node), &patch), [vec!["gone"], vec!["in", "y"], vec!["new", "z"]]);
    }

    #[test]
    fn merges() {
        let mut node = json!({ "keep": 1, "drop": 2, "in": { "x": 1, "y": 2 }, "list": [1, 2] });
        merge(
            &mut node,
            json!({ "drop": null, "in": { "y": 3 }, "list": [9], "made": { "z": null, "w": 1 } }),
        );
        assert_eq!(node, json!({ "keep": 1, "in": { "x": 1, "y": 3 }, "list": [9], "made": { "w": 1 } }));
    }
}
